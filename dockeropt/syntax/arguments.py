"""One small parser per instruction family: from words to typed nodes.

What BuildKit refuses becomes an :class:`Error` node with its reason. ``kind`` says who refuses
it: BuildKit's parser (``line_parsers.go``) or its instruction parser (``instructions/parse.go``).
"""

import re
from collections.abc import Callable

from dockeropt.syntax import nodes
from dockeropt.syntax.heredocs import opens
from dockeropt.syntax.jsonform import NotOnlyStrings, json_words, parse_json
from dockeropt.syntax.nodes import Error, Instruction, KeyValue, Parts, Word
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

STAGE_NAME = re.compile(r"[a-z][a-z0-9_.-]*\Z")
JSON_STRINGS = "when using JSON array syntax, arrays must be comprised of strings only"


class Maker:
    """Make typed nodes for one file.

    Args:
        source: The file.
        escape: The escape character in force.
    """

    __slots__ = ("escape", "refused_by_parser", "source")

    def __init__(self, source: Source, escape: str) -> None:
        self.source = source
        self.escape = escape
        self.refused_by_parser: set[int] = set()

    def make(self, parts: Parts) -> Instruction:
        """Return the node for ``parts``."""
        make = _MAKERS.get(parts.name)
        try:
            if make is None:
                raise unknown(parts.logical.text[: len(parts.name)], parts.rest.text)
            node = make(self, parts)
            check_flags(parts.name, parts.flags)
            if parts.name == "RUN":
                check_run_flags(parts.flags)
        except NotOnlyStrings:
            node = Error(parts, JSON_STRINGS, parts.rest.span(0, len(parts.rest.text)), "quote every element")
            self.refused_by_parser.add(parts.span.start)
        except Refused as why:
            node = Error(parts, why.message, why.at or parts.keyword, why.hint)
            if why.parse:
                self.refused_by_parser.add(parts.span.start)
        return node

    # --- families ----------------------------------------------------------------------

    def from_(self, parts: Parts) -> Instruction:
        words = plain_words(parts.rest)
        if len(words) == 3 and words[1].text.lower() == "as":
            if not STAGE_NAME.match(words[2].text.lower()):
                raise Refused(
                    f'invalid name for build stage: "{words[2].text}", name can\'t start with a number or '
                    "contain symbols",
                    words[2].span,
                )
            return nodes.From(parts, words[0], words[1].span, words[2])
        if len(words) != 1:
            raise Refused("FROM requires either one or three arguments", hint="write FROM image AS name")
        return nodes.From(parts, words[0], None, None)

    def command(self, parts: Parts) -> Instruction:
        exec_form = None if parts.heredocs else parse_json(parts.rest)
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
        match = re.match(r"(\S+)\s*", parts.rest.text)
        if match is None:
            raise Refused("HEALTHCHECK requires at least one argument")
        rest = trim(parts.rest.slice(match.end(), len(parts.rest.text)))
        kind = match[1].upper()
        if kind == "NONE":
            if rest.text:
                raise Refused("HEALTHCHECK NONE takes no arguments")
            return nodes.Healthcheck(parts, None, None, disabled=True)
        if kind != "CMD":
            raise Refused(f'Unknown type "{kind}" in HEALTHCHECK (try CMD)', hint="write HEALTHCHECK CMD …")
        check_flags(parts.name, parts.flags)
        check_health_flags(parts.flags)
        exec_form = parse_json(rest)
        if not rest.text or (exec_form is not None and not exec_form.values):
            raise Refused("Missing command after HEALTHCHECK CMD")
        return nodes.Healthcheck(parts, None if exec_form is not None else rest, exec_form, disabled=False)

    def files(self, parts: Parts) -> Instruction:
        exec_form = None if parts.heredocs else parse_json(parts.rest)
        words = plain_words(parts.rest) if exec_form is None else json_words(parts.rest)
        if len(words) < 2:
            raise Refused(
                f"{parts.name} requires at least two arguments, but only one was provided. "
                "Destination could not be determined",
                hint=f"write {parts.name} source destination",
            )
        kind = nodes.Copy if parts.name == "COPY" else nodes.Add
        return kind(parts, words[:-1], words[-1], exec_form)

    def pairs(self, parts: Parts) -> Instruction:
        words = list(quoted_words(parts.rest, self.escape))
        if not words:
            raise Refused(f"{parts.name} requires at least one argument")
        text = parts.rest.text
        kind = nodes.Env if parts.name == "ENV" else nodes.Label
        start, end = words[0]
        if "=" not in text[start:end]:
            match = re.match(r"([^\t\v\f\r ]+)[\t\v\f\r ]+", text)
            if match is None or match.end() == len(text):
                raise Refused(f"{parts.name} must have two arguments", hint="write name=value", parse=True)
            key = Word(parts.rest.slice(match.start(1), match.end(1)))
            value = Word(parts.rest.slice(match.end(), len(text)))
            return kind(parts, (KeyValue(parts.rest.span(0, len(text)), key, value),), legacy=True)
        return kind(parts, tuple([self._pair(parts, *word) for word in words]), legacy=False)

    def _pair(self, parts: Parts, start: int, end: int) -> KeyValue:
        word = parts.rest.text[start:end]
        name, equals, _ = word.partition("=")
        span = parts.rest.span(start, end)
        if not equals:
            raise Refused(
                f'Syntax error - can\'t find = in "{word}". Must be of the form: name=value',
                span,
                "quote values that contain blanks",
                parse=True,
            )
        if not name:
            raise Refused(f"{parts.name} names can not be blank", span)
        cut = start + len(name)
        return KeyValue(span, Word(parts.rest.slice(start, cut)), Word(parts.rest.slice(cut + 1, end)))

    def arg(self, parts: Parts) -> Instruction:
        found: list[KeyValue] = []
        for start, end in quoted_words(parts.rest, self.escape):
            word = parts.rest.text[start:end]
            name, equals, _ = word.partition("=")
            span = parts.rest.span(start, end)
            if equals and not name:
                raise Refused("ARG names can not be blank", span)
            cut = start + len(name)
            value = Word(parts.rest.slice(cut + 1, end)) if equals else None
            found.append(KeyValue(span, Word(parts.rest.slice(start, cut)), value))
        if not found:
            raise Refused("ARG requires at least one argument")
        return nodes.Arg(parts, tuple(found), legacy=False)

    def expose(self, parts: Parts) -> Instruction:
        words = plain_words(parts.rest)
        if not words:
            raise Refused("EXPOSE requires at least one argument")
        return nodes.Expose(parts, words)

    def volume(self, parts: Parts) -> Instruction:
        exec_form = parse_json(parts.rest)
        words = () if exec_form is not None else plain_words(parts.rest)
        values = exec_form.values if exec_form is not None else tuple([word.text for word in words])
        if not values:
            raise Refused("VOLUME requires at least one argument")
        if "" in values:
            raise Refused("VOLUME specified can not be an empty string")
        return nodes.Volume(parts, words, exec_form)

    def text(self, parts: Parts) -> Instruction:
        if not parts.rest.text:
            raise Refused(f"{parts.name} requires exactly one argument")
        kind = {
            "USER": nodes.User,
            "WORKDIR": nodes.Workdir,
            "STOPSIGNAL": nodes.Stopsignal,
            "MAINTAINER": nodes.Maintainer,
        }[parts.name]
        return kind(parts, Word(parts.rest))

    def shell(self, parts: Parts) -> Instruction:
        exec_form = parse_json(parts.rest)
        if exec_form is None and parts.rest.text:
            raise Refused(
                "SHELL requires the arguments to be in JSON form", hint='write SHELL ["/bin/bash", "-c"]'
            )
        if exec_form is None or not exec_form.values:
            raise Refused("SHELL requires at least one argument")
        return nodes.Shell(parts, exec_form)

    def onbuild(self, parts: Parts) -> Instruction:
        if not parts.rest.text:
            raise Refused("ONBUILD requires at least one argument")
        keyword, flags, rest = split_keyword(parts.rest, self.escape)
        name = instruction_name(keyword)
        at = parts.rest.span(0, len(keyword))
        if name == "ONBUILD":
            raise Refused("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed", at)
        if name in ("MAINTAINER", "FROM"):
            raise Refused(f"{name} isn't allowed as an ONBUILD trigger", at)
        inner_parts = Parts(
            Span(at.start, parts.rest.end(len(parts.rest.text))),
            at,
            name,
            flags,
            rest,
            parts.rest,
            parts.comments,
            parts.blanks,
            parts.heredocs,
        )
        inner = self.make(inner_parts)
        if isinstance(inner, Error):
            raise Refused(inner.message, inner.at, inner.hint)
        return nodes.Onbuild(parts, inner)


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
