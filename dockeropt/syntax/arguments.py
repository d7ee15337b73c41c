"""One small parser per instruction family: from words to typed nodes.

What BuildKit refuses becomes an :class:`Error` node with its reason. ``kind`` says who refuses
it: BuildKit's parser (``line_parsers.go``) or its instruction parser (``instructions/parse.go``).
"""

import re
from collections.abc import Callable
from functools import cache

from dockeropt.syntax import nodes
from dockeropt.syntax.gotext import BLANKS, SPACES, quoted
from dockeropt.syntax.heredocs import opens
from dockeropt.syntax.jsonform import NotOnlyStrings, json_words, parse_json
from dockeropt.syntax.nodes import Error, Instruction, JsonArray, KeyValue, Parts, Word
from dockeropt.syntax.rules import (
    Refused,
    check_flags,
    check_health_flags,
    check_run_flags,
    instruction_name,
    unknown,
)
from dockeropt.syntax.words import plain_words, quoted_words, split_keyword, trim
from dockeropt.text import Source, Span, TextMap

MAX_CHAIN = 100
"""Nested ONBUILDs that are looked through; BuildKit refuses every one of them."""


class Maker:
    """Make typed nodes for one file.

    The methods of the families do things in BuildKit's order: first what its parser refuses, then
    the rest, so that the first reason is BuildKit's too.

    Args:
        source: The file.
        escape: The escape character in force.
    """

    __slots__ = ("escape", "source")

    def __init__(self, source: Source, escape: str) -> None:
        self.source = source
        self.escape = escape

    def make(self, parts: Parts) -> Instruction:
        """Return the node for ``parts``."""
        make = _MAKERS.get(parts.name, Maker.unknown)
        try:
            return make(self, parts)
        except Refused as why:
            kind = "parse" if why.parse else "instruction"
            return Error(parts, why.message, why.at or parts.keyword, why.hint, kind)

    def unknown(self, parts: Parts) -> Instruction:
        match = _first_word().match(parts.logical.text)
        word = match[1] if match else ""
        raise unknown(word, parts.logical.text[len(word) :].strip(SPACES))

    # --- families ----------------------------------------------------------------------

    def from_(self, parts: Parts) -> Instruction:
        words = plain_words(parts.rest)
        named = len(words) == 3 and words[1].text.casefold() == "as"
        if not named and len(words) != 1:
            raise Refused("FROM requires either one or three arguments", hint="write FROM image AS name")
        if named and not _stage_name().match(words[2].text.lower()):
            message = f"invalid name for build stage: {quoted(words[2].text)}"
            message += ", name can't start with a number or contain symbols"
            raise Refused(message, words[2].span, "begin with a letter; use letters, digits, - _ .")
        check_flags(parts.name, parts.flags)
        return nodes.From(parts, words[0], *((words[1].span, words[2]) if named else (None, None)))

    def command(self, parts: Parts) -> Instruction:
        exec_form = None if parts.heredocs else _json(parts.rest)
        check_flags(parts.name, parts.flags)
        if parts.name == "RUN":
            check_run_flags(parts.flags)
        script = None if exec_form is not None or not parts.rest.text else self._script(parts)
        kind = {"RUN": nodes.Run, "CMD": nodes.Cmd, "ENTRYPOINT": nodes.Entrypoint}[parts.name]
        return kind(parts, script, exec_form)

    def _script(self, parts: Parts) -> TextMap | None:
        """Return the text that BuildKit hands to the shell (``dispatchRun``)."""
        rest = parts.rest
        if not parts.heredocs:
            return rest
        first = parts.heredocs[0]
        if opens(rest.text):
            return None if first.body.text.startswith("#!") else first.body
        runs = list(rest.runs())
        for heredoc in parts.heredocs:
            start = heredoc.span.start
            line_start = self.source.text.rfind("\n", 0, heredoc.terminator.start) + 1
            runs.append((start - 1, "\n"))
            runs.append((start, self.source.text[start:line_start]))
            runs.append((heredoc.terminator.start, heredoc.name))
        return TextMap.from_runs(runs)

    def healthcheck(self, parts: Parts) -> Instruction:
        text = parts.rest.text
        match = _first_word().match(text)
        rest = parts.rest.slice(match.end() if match else 0, len(text))
        exec_form = _json(trim(rest))
        if match is None:
            raise Refused("HEALTHCHECK requires at least one argument", hint="write HEALTHCHECK CMD …")
        kind = match[1].upper()
        empty = not rest.text if exec_form is None else not exec_form.values
        if kind == "NONE":
            if not empty:
                raise Refused("HEALTHCHECK NONE takes no arguments")
            return nodes.Healthcheck(parts, None, None, disabled=True)
        check_flags(parts.name, parts.flags)
        if kind != "CMD":
            message = f"Unknown type {quoted(kind)} in HEALTHCHECK (try CMD)"
            raise Refused(message, parts.rest.span(0, match.end(1)), "write HEALTHCHECK CMD …")
        if empty:
            raise Refused("Missing command after HEALTHCHECK CMD")
        check_health_flags(parts.flags)
        return nodes.Healthcheck(parts, None if exec_form is not None else rest, exec_form, disabled=False)

    def files(self, parts: Parts) -> Instruction:
        exec_form = None if parts.heredocs else _json(parts.rest)
        words = plain_words(parts.rest) if exec_form is None else json_words(parts.rest)
        name = parts.name
        if len(words) < 2:
            message = f"{name} requires at least two arguments, but only one was provided. "
            message += "Destination could not be determined"
            raise Refused(message, hint=f"write {name} source destination")
        check_flags(name, parts.flags)
        if opens(words[-1].text):
            message = f"{name} cannot accept a heredoc as a destination"
            raise Refused(message, words[-1].span, f"write {name} {words[-1].text} destination")
        kind = nodes.Copy if name == "COPY" else nodes.Add
        return kind(parts, words[:-1], words[-1], exec_form)

    def pairs(self, parts: Parts) -> Instruction:
        rest, name = parts.rest, parts.name
        words = list(quoted_words(rest, self.escape))
        kind = nodes.Env if name == "ENV" else nodes.Label
        if words and "=" not in rest.text[slice(*words[0])]:
            pair = _legacy_pair(rest)
            if pair is None:
                raise Refused(f"{name} must have two arguments", hint=f"write {name} name=value", parse=True)
            check_flags(name, parts.flags)
            return kind(parts, (pair,), legacy=True)
        found = [_pair(rest, start, end) for start, end in words]
        for pair in found:
            if pair.value is None:
                message = f"Syntax error - can't find = in {quoted(pair.key.text)}"
                message += ". Must be of the form: name=value"
                raise Refused(message, pair.span, "quote values that contain blanks", parse=True)
        check_flags(name, parts.flags)
        _check_names(name, found)
        return kind(parts, tuple(found), legacy=False)

    def arg(self, parts: Parts) -> Instruction:
        # BuildKit looks at no flags here.
        found = [_pair(parts.rest, start, end) for start, end in quoted_words(parts.rest, self.escape)]
        _check_names("ARG", found)
        return nodes.Arg(parts, tuple(found), legacy=False)

    def expose(self, parts: Parts) -> Instruction:
        words = plain_words(parts.rest)
        if not words:
            raise Refused("EXPOSE requires at least one argument", hint="write EXPOSE port")
        check_flags(parts.name, parts.flags)
        return nodes.Expose(parts, words)

    def volume(self, parts: Parts) -> Instruction:
        exec_form = _json(parts.rest)
        words = plain_words(parts.rest) if exec_form is None else json_words(parts.rest)
        if not words:
            raise Refused("VOLUME requires at least one argument", hint="write VOLUME path")
        check_flags(parts.name, parts.flags)
        for word in words:
            if not word.text.strip(SPACES):
                raise Refused("VOLUME specified can not be an empty string", word.span)
        return nodes.Volume(parts, words if exec_form is None else (), exec_form)

    def text(self, parts: Parts) -> Instruction:
        if not parts.rest.text:
            raise Refused(f"{parts.name} requires exactly one argument")
        if parts.name != "STOPSIGNAL":  # BuildKit looks at no flags there
            check_flags(parts.name, parts.flags)
        kind = {
            "USER": nodes.User,
            "WORKDIR": nodes.Workdir,
            "STOPSIGNAL": nodes.Stopsignal,
            "MAINTAINER": nodes.Maintainer,
        }[parts.name]
        return kind(parts, Word(parts.rest))

    def shell(self, parts: Parts) -> Instruction:
        exec_form = _json(parts.rest)
        check_flags(parts.name, parts.flags)
        hint = 'write SHELL ["/bin/bash", "-c"]'
        if exec_form is None and parts.rest.text:
            raise Refused("SHELL requires the arguments to be in JSON form", hint=hint)
        if exec_form is None or not exec_form.values:
            raise Refused("SHELL requires at least one argument", hint=hint)
        return nodes.Shell(parts, exec_form)

    def onbuild(self, parts: Parts) -> Instruction:
        trigger = self._trigger(parts, parts.rest)
        chain = 0
        innermost = trigger
        while innermost is not None and innermost.name == "ONBUILD" and chain < MAX_CHAIN:
            deeper = self._trigger(parts, innermost.rest)
            if deeper is None:
                break
            innermost, chain = deeper, chain + 1
        inner = None if innermost is None or innermost.name == "ONBUILD" else self.make(innermost)
        if isinstance(inner, Error) and inner.kind == "parse":
            raise Refused(inner.message, inner.at, inner.hint, parse=True)
        if trigger is None:
            raise Refused("ONBUILD requires at least one argument", hint="write ONBUILD instruction")
        check_flags(parts.name, parts.flags)
        name = trigger.name.strip(SPACES)
        if name == "ONBUILD":
            message = "Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"
            raise Refused(message, trigger.keyword, "write ONBUILD once")
        if name in ("MAINTAINER", "FROM"):
            raise Refused(f"{name} isn't allowed as an ONBUILD trigger", trigger.keyword)
        return nodes.Onbuild(parts, inner or self.make(trigger))

    def _trigger(self, outer: Parts, text: TextMap) -> Parts | None:
        """Return the parts of the instruction that ``text`` is, ``None`` if it is empty."""
        if not text.text:
            return None
        keyword, flags, rest = split_keyword(text, self.escape)
        at = text.span(0, len(keyword))
        return Parts(
            Span(at.start, text.end(len(text.text))),
            at,
            instruction_name(keyword),
            flags,
            rest,
            text,
            outer.comments,
            outer.blanks,
            outer.heredocs,
        )


# --- pieces ------------------------------------------------------------------------------


def _json(text: TextMap) -> JsonArray | None:
    try:
        return parse_json(text)
    except NotOnlyStrings:
        message = "when using JSON array syntax, arrays must be comprised of strings only"
        raise Refused(message, text.span(0, len(text.text)), "quote every element", parse=True) from None


def _legacy_pair(rest: TextMap) -> KeyValue | None:
    """Return the one pair of ``ENV key value with blanks``, ``None`` if there is no value."""
    match = _first_word().match(rest.text)
    if match is None or match.end() == len(rest.text):
        return None
    key = Word(rest.slice(0, match.end(1)))
    return KeyValue(rest.span(0, len(rest.text)), key, Word(rest.slice(match.end(), len(rest.text))))


def _pair(rest: TextMap, start: int, end: int) -> KeyValue:
    """Return one ``key=value``; without ``=`` the word is the key, and there is no value."""
    cut = rest.text.find("=", start, end)
    key = Word(rest.slice(start, end if cut < 0 else cut))
    return KeyValue(rest.span(start, end), key, None if cut < 0 else Word(rest.slice(cut + 1, end)))


def _check_names(name: str, pairs: list[KeyValue]) -> None:
    if not pairs:
        raise Refused(f"{name} requires at least one argument", hint=f"write {name} name=value")
    for pair in pairs:
        if not pair.key.text:
            raise Refused(f"{name} names can not be blank", pair.span, "write a name before the =")


@cache
def _stage_name() -> re.Pattern[str]:
    return re.compile(r"[a-z][a-z0-9_.-]*\Z")


@cache
def _first_word() -> re.Pattern[str]:
    return re.compile(rf"([^{BLANKS}]+)[{BLANKS}]*")


_MAKERS: dict[str, Callable[[Maker, Parts], Instruction]] = {
    "FROM": Maker.from_,
    "RUN": Maker.command,
    "CMD": Maker.command,
    "ENTRYPOINT": Maker.command,
    "HEALTHCHECK": Maker.healthcheck,
    "COPY": Maker.files,
    "ADD": Maker.files,
    "ENV": Maker.pairs,
    "LABEL": Maker.pairs,
    "ARG": Maker.arg,
    "EXPOSE": Maker.expose,
    "VOLUME": Maker.volume,
    "USER": Maker.text,
    "WORKDIR": Maker.text,
    "STOPSIGNAL": Maker.text,
    "MAINTAINER": Maker.text,
    "SHELL": Maker.shell,
    "ONBUILD": Maker.onbuild,
}
