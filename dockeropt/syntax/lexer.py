"""Physical lines to logical ones: directives, comments, continuations, here-documents.

Everything here follows BuildKit's ``parser.Parse``: a comment or a blank line inside a
continuation vanishes, even inside quotes; only the first line loses its leading white space;
a doubled escape character at the end of a line continues nothing; the body of a here-document
is taken as it stands.

Invariant: the spans of all items tile the source.
"""

import re
from bisect import bisect_left
from typing import NamedTuple

from dockeropt.syntax.gotext import SPACES
from dockeropt.syntax.heredocs import Opener
from dockeropt.syntax.nodes import Comment, Heredoc
from dockeropt.text import Source, Span, TextMap

DEFAULT_ESCAPE = "\\"
MAX_LINE = 65_535
"""Bytes of one physical line that BuildKit's scanner takes."""


class Logical(NamedTuple):
    """One instruction's lines, joined.

    Args:
        start: Source offset of the first line.
        text: The joined line, outer white space trimmed.
        comments: Comment lines inside the continuation.
        blanks: Blank lines inside the continuation.
        tail: White space that was trimmed at the end. Here-document names see it.
    """

    start: int
    text: TextMap
    comments: tuple[Comment, ...]
    blanks: tuple[Span, ...]
    tail: str


class Lines:
    """Walk over the physical lines of a source.

    Args:
        source: The text.

    ``at`` is the index of the next line.
    """

    __slots__ = ("at", "count", "source", "starts", "text")

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.starts = source.line_starts
        self.count = len(self.starts) - (self.starts[-1] == len(self.text))
        self.at = 0

    def offset(self, line: int) -> int:
        """Return where ``line`` starts; the end of the text behind the last one."""
        return self.starts[line] if line < len(self.starts) else len(self.text)

    def span(self, line: int) -> Span:
        """Return the span of ``line``, its line end included."""
        return Span(self.starts[line], self.offset(line + 1))

    def content(self, line: int) -> str:
        """Return ``line`` without its line end (BuildKit ``trimNewline``)."""
        return self.text[self.starts[line] : self.offset(line + 1)].rstrip("\r\n")

    def logical(self, escape: str, first: str, start: int) -> Logical:
        """Take the instruction that begins on the current line.

        Args:
            escape: The escape character in force.
            first: The current line's content from its first visible character on.
            start: Source offset of that character.
        """
        begin = self.starts[self.at]
        comments: list[Comment] = []
        blanks: list[Span] = []
        runs: list[tuple[int, str]] = []
        content, at = first, start
        while True:
            self.at += 1
            end = _continued(content, escape)
            if end is None:
                runs.append((at, content))
                break
            runs.append((at, content[:end]))
            if not self._skip_trivia(comments, blanks):
                break
            content, at = self.content(self.at), self.starts[self.at]
        joined = TextMap.from_runs(runs, start)
        text = joined.text
        left, right = len(text) - len(text.lstrip(SPACES)), len(text.rstrip(SPACES))
        trimmed = joined.slice(left, max(left, right))
        return Logical(begin, trimmed, tuple(comments), tuple(blanks), text[max(left, right) :])

    def _skip_trivia(self, comments: list[Comment], blanks: list[Span]) -> bool:
        """Collect comment and blank lines; tell whether another line follows them."""
        while self.at < self.count:
            content = self.content(self.at).lstrip(SPACES)
            if content.startswith("#"):
                comments.append(Comment(self.span(self.at), content))
            elif not content:
                blanks.append(self.span(self.at))
            else:
                return True
            self.at += 1
        return False

    def heredoc(self, word: TextMap, opener: Opener) -> Heredoc | None:
        """Take the body that follows the current instruction; ``None`` if it never ends."""
        text, begin, name = self.text, self.offset(self.at), opener.name
        if name.endswith("\r") or (opener.chomp and name.startswith("\t")):
            return None  # BuildKit compares with lines that end and begin otherwise
        tabs = "\t*" if opener.chomp else ""
        last = re.compile(rf"^{tabs}({re.escape(name)})\r*$", re.MULTILINE).search(text, begin)
        if last is None:
            return None
        self.at = bisect_left(self.starts, last.end())
        body = TextMap.identity(text[begin : last.start()], begin)
        if opener.chomp:
            lines = re.compile(r"^\t*+([^\n]*\n)", re.MULTILINE).finditer(text, begin, last.start())
            body = TextMap.from_runs([(line.start(1), line[1]) for line in lines], begin)
        return Heredoc(
            Span(begin, self.offset(self.at)),
            word.span(0, len(word.text)),
            name,
            expand=opener.expand,
            chomp=opener.chomp,
            fd=opener.fd,
            body=body,
            terminator=Span(*last.span(1)),
        )


def _continued(content: str, escape: str) -> int | None:
    """Return where a continued line ends, without its escape character; ``None`` if it is not."""
    trimmed = content.rstrip(" \t")
    if not trimmed.endswith(escape) or trimmed[-2:-1] == escape:
        return None
    return len(trimmed) - 1
