"""The keys of a configuration file: what each may hold.

Only loaded when a file or ``--config`` says something. Invariant: every key is either
turned into an option or refused with a hint; nothing is skipped in silence.
"""

import os
from collections.abc import Callable, Iterator, Mapping

from dockeropt.errors import ConfigError

Reader = Callable[[object], object]


class _Wrong(Exception):
    """A value does not have the form that its key wants."""


def check(table: Mapping[str, object], root: str, where: str) -> Iterator[tuple[str, object]]:
    """Yield field name and value for each key of ``table``; see ``config.read_table``."""
    readers = _readers(root)
    for key, value in table.items():
        if key == "required-version":
            _check_version(value, where)
        elif key not in readers:
            raise ConfigError(
                f"unknown key {key!r}", path=where, line=_line(where, key), hint=_near(key, readers)
            )
        else:
            try:
                yield key.replace("-", "_"), readers[key](value)
            except _Wrong as error:
                raise ConfigError(f"{key} must be {error}", path=where, line=_line(where, key)) from None


def _readers(root: str) -> dict[str, Reader]:
    from dockeropt.config import FAIL_LEVELS, OUTPUT_FORMATS

    def patterns(value: object) -> tuple[str, ...]:
        return tuple([rooted(pattern, root) for pattern in _words(value)])

    def folder(value: object) -> str:
        return os.path.normpath(os.path.join(root, _text(value)))

    def ignores(value: object) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return tuple(
            [(rooted(pattern, root), _selectors(given)) for pattern, given in _mapping(value).items()]
        )

    return {
        "select": _selectors,
        "extend-select": _selectors,
        "ignore": _selectors,
        "fixable": _selectors,
        "unfixable": _selectors,
        "extend-safe-fixes": _selectors,
        "extend-unsafe-fixes": _selectors,
        "unsafe-fixes": _flag,
        "exclude": patterns,
        "extend-exclude": patterns,
        "force-exclude": _flag,
        "respect-gitignore": _flag,
        "per-file-ignores": ignores,
        "output-format": _choice(OUTPUT_FORMATS),
        "fail-level": _choice(FAIL_LEVELS),
        "passes": _pass_options,
        "build-args": _texts,
        "target": _text,
        "context": folder,
    }


# --- readers ---------------------------------------------------------------------------


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Wrong("true or false")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong("a text")
    return value


def _words(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise _Wrong('a list of texts, such as ["one", "two"]')
    return tuple(value)


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise _Wrong("a table")
    return value


def _texts(value: object) -> dict[str, str]:
    return {name: _text(given) for name, given in _mapping(value).items()}


def _choice(choices: tuple[str, ...]) -> Reader:
    def read(value: object) -> str:
        if value not in choices:
            raise _Wrong(f"one of {', '.join(choices)}")
        return str(value)

    return read


def _selectors(value: object) -> tuple[str, ...]:
    """Check that every word means something to the registry (it raises with a hint)."""
    from dockeropt.rewrite.registry import is_foreign_code, load_registry

    words = _words(value)
    for word in words:
        if not is_foreign_code(word):
            load_registry().resolve(word)
    return words


def _pass_options(value: object) -> dict[str, dict[str, object]]:
    from dockeropt.rewrite.registry import load_registry

    found: dict[str, dict[str, object]] = {}
    for name, given in _mapping(value).items():
        one = load_registry().get(name)
        _ = one.function  # imports it: the catalogue does not know the options
        one.info.parse_options(_mapping(given))
        found[one.info.id] = dict(_mapping(given))
    return found


def rooted(pattern: str, root: str) -> str:
    """Return a pattern with a slash as an absolute one; one without matches any part."""
    if "/" not in pattern.rstrip("/") or os.path.isabs(pattern):
        return pattern
    from dockeropt.discovery import escape

    return escape(root.replace(os.sep, "/")) + "/" + pattern.removeprefix("./")


# --- the version -----------------------------------------------------------------------


def _check_version(value: object, where: str) -> None:
    from dockeropt import __version__

    wanted = str(value)
    for part in wanted.split(","):
        if not _satisfies(_numbers(__version__), part.strip(), where):
            raise ConfigError(
                f"this is dockeropt {__version__}, the project requires {wanted}",
                path=where,
                hint=f'pip install "dockeropt{wanted if wanted[:1] in "<>=!~" else "==" + wanted}"',
            )


def _satisfies(ours: tuple[int, ...], part: str, where: str) -> bool:
    operator = part[: len(part) - len(part.lstrip("<>=!~"))] or "=="
    theirs = _numbers(part.lstrip("<>=!~ "))
    if not theirs or operator not in {"==", ">=", "<=", ">", "<", "!=", "~="}:
        raise ConfigError(f"required-version: {part!r} is no version", path=where, hint='">=0.1"')
    width = max(len(ours), len(theirs))
    a, b = ours + (0,) * (width - len(ours)), theirs + (0,) * (width - len(theirs))
    if operator == "~=":
        return a >= b and a[: len(theirs) - 1] == b[: len(theirs) - 1]
    return {"==": a == b, "!=": a != b, ">=": a >= b, "<=": a <= b, ">": a > b, "<": a < b}[operator]


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split(".")
    return tuple(map(int, parts)) if all(p.isdigit() and p.isascii() for p in parts) else ()


# --- messages --------------------------------------------------------------------------


def _near(key: str, readers: Mapping[str, Reader]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key.replace("_", "-").lower(), [*readers, "extend", "required-version"], 1, 0.6)
    return f"did you mean {close[0]!r}?" if close else "docs/configuration.md lists the keys"


def _line(where: str, key: str) -> int:
    """Return the line of a file where ``key`` is set, 0 when that cannot be said."""
    import re

    assignment = re.compile(rf"\s*(?:\[+(?:tool\.dockeropt\.)?)?[\"']?{re.escape(key)}[\"']?\s*[]=.]")
    try:
        with open(where, encoding="utf-8") as file:
            return next((number for number, line in enumerate(file, 1) if assignment.match(line)), 0)
    except (OSError, UnicodeDecodeError):
        return 0
