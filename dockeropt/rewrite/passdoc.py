"""Read what a pass says about itself: its docstring and the class of its options.

Only loaded when someone asks: to document, to explain, or because options were given.
"""

import re
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from dockeropt.errors import ConfigError

SECTIONS = ("Before", "After", "Safety", "Options", "References")
"""Headings that a pass docstring may have, in order."""


class PassDoc(NamedTuple):
    """The parts of a pass docstring.

    Args:
        summary: The first line.
        why: The paragraphs up to the first heading.
        before: A Dockerfile that the pass changes.
        after: What it becomes; empty when the pass only reports.
        safety: Which level, and why that can be trusted.
        options: What the options mean, as written.
        references: Addresses of sources.
        unknown: Headings that mean nothing (a mistake that a test reports).
    """

    summary: str
    why: str
    before: str
    after: str
    safety: str
    options: str
    references: tuple[str, ...]
    unknown: tuple[str, ...] = ()


class Option(NamedTuple):
    """One option of a pass: its name, its type as text, its default value."""

    name: str
    type: str
    default: object


def parse_doc(docstring: str) -> PassDoc:
    """Split a pass docstring into its parts; what is missing is empty."""
    from inspect import cleandoc

    text = cleandoc(docstring)
    pieces = re.split(r"(?m)^([A-Z][A-Za-z ]*):[ \t]*$\n?", text)
    summary, _, why = pieces[0].partition("\n")
    sections: dict[str, str] = {}
    unknown: list[str] = []
    for heading, body in zip(pieces[1::2], pieces[2::2], strict=True):
        if heading in SECTIONS:
            sections[heading] = _dedent(body)
        else:
            unknown.append(heading)
    references = re.findall(r"(?m)^[-*][ \t]+(.*\S)", sections.get("References", ""))
    return PassDoc(
        summary.strip(),
        why.strip(),
        _code(sections.get("Before", "")),
        _code(sections.get("After", "")),
        sections.get("Safety", "").strip(),
        sections.get("Options", "").strip("\n"),
        tuple(references),
        tuple(unknown),
    )


def _dedent(body: str) -> str:
    from textwrap import dedent

    return dedent(body).strip("\n")


def _code(text: str) -> str:
    return text + "\n" if text else ""


# --- options ---------------------------------------------------------------------------


def options_of(cls: type | None) -> tuple[Option, ...]:
    """Return the options that a NamedTuple or dataclass declares, in order.

    Raises:
        TypeError: An option has no default.
    """
    if cls is None:
        return ()
    defaults = _defaults(cls)
    found: list[Option] = []
    for name, kind in get_type_hints(cls).items():
        if name not in defaults:
            raise TypeError(f"option {name!r} of {cls.__module__} has no default")
        found.append(Option(name, _type_text(kind), defaults[name]))
    return tuple(found)


def parse_options(pass_id: str, cls: type | None, given: Mapping[str, object]) -> dict[str, object]:
    """Return every option with its value: the default, or what is given.

    Dashes in names are as good as underscores; a list is taken for a tuple.

    Raises:
        ConfigError: An option is unknown or its value has the wrong type.
    """
    values = _defaults(cls) if cls is not None else {}
    hints: dict[str, object] = {}
    for written, value in given.items():
        name = written.replace("-", "_")
        if name not in values:
            raise _unknown(pass_id, written, values)
        hints = hints or get_type_hints(cls)
        values[name] = _check(pass_id, written, hints[name], value)
    return values


def _defaults(cls: type) -> dict[str, object]:
    named = getattr(cls, "_field_defaults", None)
    if named is not None:
        return dict(named)
    return {name: getattr(cls, name) for name in cls.__annotations__ if hasattr(cls, name)}


def _unknown(pass_id: str, name: str, known: Mapping[str, object]) -> ConfigError:
    if not known:
        return ConfigError(f"{pass_id} has no options, but {name!r} is given")
    from difflib import get_close_matches

    close = get_close_matches(name.replace("-", "_"), list(known), 1, 0.5)
    hint = f"did you mean {close[0]!r}?" if close else "it has " + ", ".join(map(repr, known))
    return ConfigError(f"{pass_id} has no option {name!r}", hint=hint)


def _check(pass_id: str, name: str, kind: object, value: object) -> object:
    if get_origin(kind) is tuple and isinstance(value, list):
        value = tuple(value)
    if not _fits(kind, value):
        raise ConfigError(f"{pass_id}: option {name!r} must be {_type_text(kind)}, not {value!r}")
    return value


def _fits(kind: object, value: object) -> bool:
    origin = get_origin(kind)
    if origin is Literal:
        return any(value == choice and type(value) is type(choice) for choice in get_args(kind))
    if origin in (Union, UnionType):
        return any(_fits(choice, value) for choice in get_args(kind))
    if origin is tuple:
        item = get_args(kind)[0]
        return isinstance(value, tuple) and all(_fits(item, v) for v in value)
    if kind is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    return (
        isinstance(kind, type) and isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
    )


def _type_text(kind: object) -> str:
    origin = get_origin(kind)
    if origin is Literal:
        return " or ".join(
            f'"{choice}"' if isinstance(choice, str) else str(choice) for choice in get_args(kind)
        )
    if origin in (Union, UnionType):
        return " or ".join(_type_text(choice) for choice in get_args(kind))
    if origin is tuple:
        return f"a list of {_PLURALS.get(get_args(kind)[0], 'values')}"
    if kind is NoneType:
        return "nothing"
    return _WORDS.get(kind, getattr(kind, "__name__", str(kind)))


_WORDS: dict[object, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "text"}
_PLURALS: dict[object, str] = {int: "whole numbers", float: "numbers", str: "texts"}
