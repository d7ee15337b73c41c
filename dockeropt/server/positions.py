"""Offsets of ours and positions of editors, which count lines and characters in another way.

The language server protocol ends a line at ``\\n``, ``\\r\\n`` or a lone ``\\r``, counts from 0, and
counts characters in the code units that client and server agreed on.

Invariant: ``offset(*at(n)) == n`` for every offset that does not stand between ``\\r`` and ``\\n``.

Source: Language Server Protocol 3.17, sections "Position" and "Text Documents", read 2026-11-24.
"""

import re
from bisect import bisect_right
from functools import cache
from typing import NamedTuple

from dockeropt.text import Edit, Span

ENCODINGS = ("utf-16", "utf-8", "utf-32")
"""The code units that a client may ask for; the first is what every client understands."""


class Place(NamedTuple):
    """A position as the protocol has it: both numbers count from 0."""

    line: int
    character: int


class Positions:
    """Convert between the offsets of one text and the positions of an editor.

    Args:
        text: The text.
        encoding: One of :data:`ENCODINGS`; anything else counts as ``utf-16``.
    """

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text = text
        self.encoding = encoding
        self._starts = [0, *[match.end() for match in _line_end().finditer(text)]]

    def at(self, offset: int) -> Place:
        """Return the position of a code-point offset; what lies outside the text is moved into it."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        return Place(line, self._units(self.text[self._starts[line] : offset]))

    def range(self, span: Span) -> tuple[Place, Place]:
        """Return the positions where a span starts and ends."""
        return self.at(span.start), self.at(span.end)

    def offset(self, line: int, character: int) -> int:
        """Return the code-point offset of a position.

        As the protocol asks, a character beyond the end of its line means that end. A line beyond the
        last one means the end of the text, and a position inside a character that character's start.
        """
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self.text)
        start = self._starts[line]
        stop = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        content = self.text[start:stop].rstrip("\r\n")
        if content.isascii() or self.encoding == "utf-32":
            return start + max(0, min(character, len(content)))
        left = character
        for index, char in enumerate(content):
            left -= self._units(char)
            if left < 0:
                return start + index
        return start + len(content)

    def edit(self, edit: Edit) -> tuple[Place, Place, str]:
        r"""Return where an edit starts and ends, and its text.

        A position between ``\r`` and ``\n`` cannot be named: such an edit is made one character wider.
        """
        (start, end), text = edit.span, edit.text
        if self._inside_line_end(start):
            start -= 1
            text = "\r" + text
        if self._inside_line_end(end):
            end += 1
            text += "\n"
        return self.at(start), self.at(end), text

    def _inside_line_end(self, offset: int) -> bool:
        return 0 < offset < len(self.text) and self.text[offset - 1 : offset + 1] == "\r\n"

    def _units(self, text: str) -> int:
        if self.encoding == "utf-32" or text.isascii():
            return len(text)
        if self.encoding == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2


@cache
def _line_end() -> re.Pattern[str]:
    return re.compile(r"\r\n|\n|\r")
