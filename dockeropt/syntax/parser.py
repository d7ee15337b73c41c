"""Parse a Dockerfile into the lossless tree.

Invariant: never raises; for any input the nodes tile the source. What BuildKit rejects
becomes an :class:`Error` node or a :class:`Problem`, with BuildKit's own reason.
"""

import re
from functools import cache

from dockeropt.syntax.arguments import Maker
from dockeropt.syntax.gotext import SPACES
from dockeropt.syntax.heredocs import BadName, openers
from dockeropt.syntax.jsonform import NotOnlyStrings, parse_json
from dockeropt.syntax.lexer import DEFAULT_ESCAPE, MAX_LINE, Lines, Logical
from dockeropt.syntax.nodes import (
    Arg,
    Blank,
    Comment,
    Directive,
    Dockerfile,
    Error,
    From,
    Heredoc,
    Instruction,
    Node,
    Parts,
    Problem,
)
from dockeropt.syntax.rules import instruction_name
from dockeropt.syntax.words import split_keyword
from dockeropt.text import Source, Span, TextMap
from dockeropt.text.source import BOM

_DIRECTIVES = ("syntax", "escape", "check")
_HEREDOC_KEYWORDS = ("RUN", "COPY", "ADD")


@cache
def _directive() -> re.Pattern[str]:
    return re.compile(rf"#[{SPACES}]*([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*\Z")


def parse(source: Source | str | bytes) -> Dockerfile:
    """Return the tree of a Dockerfile.

    Args:
        source: The text, or its bytes (UTF-8; invalid bytes are kept).
    """
    if isinstance(source, bytes):
        source = Source.from_bytes(source)
    elif isinstance(source, str):
        source = Source(source)
    return _Parser(source).parse()


class _Parser:
    """Hold what is known while walking down the lines."""

    __slots__ = ("body", "escape", "lead", "lines", "maker", "problems", "source")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.lines = Lines(source)
        self.body: list[Node] = []
        self.problems: list[Problem] = []
        self.lead: list[Comment] = []
        self.escape = DEFAULT_ESCAPE
        self.maker = Maker(source, self.escape)

    def parse(self) -> Dockerfile:
        self._directives()
        lines = self.lines
        while lines.at < lines.count:
            content, start = self._visible()
            if not content:
                self.body.append(Blank(lines.span(lines.at)))
                self.lead = []
                lines.at += 1
            elif content.startswith("#"):
                comment = Comment(lines.span(lines.at), content)
                self.body.append(comment)
                self.lead.append(comment)
                lines.at += 1
            else:
                self._instruction(lines.logical(self.escape, content, start))
        self._check_lines()
        self._check_stages()
        self.problems.sort(key=lambda problem: problem.span.start)
        return Dockerfile(self.source, tuple(self.body), self.escape, tuple(self.problems))

    def _visible(self) -> tuple[str, int]:
        """Return the current line from its first visible character on, and where that stands."""
        lines = self.lines
        content = lines.content(lines.at)
        if lines.at == 0:
            content = content.removeprefix(BOM)
        visible = content.lstrip(SPACES)
        return visible, lines.starts[lines.at] + len(lines.content(lines.at)) - len(visible)

    def _directives(self) -> None:
        """Take the directives at the top; the first line that is none closes the zone."""
        lines = self.lines
        seen: set[str] = set()
        while lines.at < lines.count:
            content, start = self._visible()
            match = _directive().match(content) if content.startswith("#") else None
            if match is None or match[1].lower() not in _DIRECTIVES:
                return
            name, span = match[1].lower(), lines.span(lines.at)
            value_span = Span(start + match.start(2), start + match.end(2))
            if name in seen:
                self._problem(f"only one {name} parser directive can be used", span, "remove one of them")
            elif name == "escape":
                if match[2] in ("\\", "`"):
                    self.escape = match[2]
                    self.maker = Maker(self.source, self.escape)
                else:
                    message = f"invalid escape token '{match[2]}' does not match ` or \\"
                    self._problem(message, value_span, "use a backslash or a backtick")
            seen.add(name)
            self.body.append(Directive(span, name, match[2], value_span))
            lines.at += 1

    def _instruction(self, logical: Logical) -> None:
        keyword, flags, rest = split_keyword(logical.text, self.escape)
        heredocs = self._heredocs(logical, keyword, rest) if "<<" in logical.text.text else ()
        parts = Parts(
            Span(logical.start, self.lines.offset(self.lines.at)),
            logical.text.span(0, len(keyword)),
            instruction_name(keyword),
            flags,
            rest,
            logical.text,
            logical.comments,
            logical.blanks,
            heredocs,
            tuple(self.lead),
        )
        self.lead = []
        node = self.maker.make(parts)
        self.body.append(node)
        if isinstance(node, Error):
            self.problems.append(Problem(node.message, node.at, node.kind, node.hint))

    def _heredocs(self, logical: Logical, keyword: str, rest: TextMap) -> tuple[Heredoc, ...]:
        name = instruction_name(keyword)
        if name == "ONBUILD":
            inner, _, rest = split_keyword(rest, self.escape)
            name = instruction_name(inner)
        if name not in _HEREDOC_KEYWORDS:
            return ()
        try:
            if parse_json(rest) is not None:
                return ()
        except NotOnlyStrings:
            return ()
        found: list[Heredoc] = []
        line = logical.text
        try:
            opened = openers(line.text + logical.tail)
        except BadName as why:
            self._problem(str(why), line.span(0, len(line.text)), "name it with a plain word")
            return ()
        for opener in opened:
            word = line.slice(opener.start, opener.end)
            heredoc = self.lines.heredoc(word, opener)
            if heredoc is None:
                at = word.span(0, len(word.text))
                self._problem("unterminated heredoc", at, f"close it with a line {opener.name}")
                self.lines.at = self.lines.count
                break
            found.append(heredoc)
        return tuple(found)

    # --- what concerns no single instruction -------------------------------------------

    def _problem(self, message: str, span: Span, hint: str, kind: str = "parse") -> None:
        self.problems.append(Problem(message, span, kind, hint))

    def _check_lines(self) -> None:
        text = self.source.text
        if len(text) <= MAX_LINE // 4:
            return
        for match in re.finditer(rf"[^\n]{{{MAX_LINE // 4},}}", text):
            if len(match.group().encode("utf-8", "surrogateescape")) > MAX_LINE:
                message = f"dockerfile line greater than max allowed size of {MAX_LINE}"
                at = Span(match.start(), match.start())
                self._problem(message, at, "break the line with continuations")
                return

    def _check_stages(self) -> None:
        """Say what is missing: instructions at all, or a FROM before the first that needs one."""
        instructions = [node for node in self.body if isinstance(node, Instruction)]
        end = Span(len(self.source.text), len(self.source.text))
        if not instructions:
            self._problem("file with no instructions", end, "begin with FROM image")
            return
        for node in instructions:
            if isinstance(node, From):
                return
            if isinstance(node, Error) and node.name == "FROM":
                return
            if not isinstance(node, Arg | Error):
                message = "no build stage in current context"
                self._problem(message, node.keyword, "begin with FROM image", "instruction")
                return
        if not any(isinstance(node, Error) for node in instructions):
            self._problem("dockerfile contains no stages to build", end, "add FROM image", "instruction")
