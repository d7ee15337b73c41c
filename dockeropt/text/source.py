"""A file's text as it was read: nothing normalised, every byte can be written back.

Invariant: ``Source.from_bytes(data).encode() == data`` for any bytes. Text is UTF-8
with ``surrogateescape``, so invalid bytes survive as lone surrogates.
"""

from bisect import bisect_right
from typing import NamedTuple

BOM = "\ufeff"


class Position(NamedTuple):
    """Hold a place as people count: 1-based line, 1-based column in code points."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Source:
    """Hold the text of one file and convert offsets to positions.

    Lines end at ``\\n`` only, as in BuildKit's scanner; a lone ``\\r`` is a character
    of its line, and ``\\r\\n`` ends a line with both characters in it.
    """

    __slots__ = ("_line_starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._line_starts: list[int] | None = None

    @classmethod
    def from_bytes(cls, data: bytes) -> "Source":
        """Decode ``data`` as UTF-8, keeping invalid bytes as lone surrogates."""
        return cls(data.decode("utf-8", "surrogateescape"))

    def encode(self) -> bytes:
        """Return the very bytes that the text was read from."""
        return self.text.encode("utf-8", "surrogateescape")

    @property
    def has_bom(self) -> bool:
        """Tell whether the text begins with a byte order mark (kept in ``text``)."""
        return self.text.startswith(BOM)

    @property
    def newline(self) -> str:
        r"""Return the line end to use in inserted text: ``\r\n`` or ``\n``.

        The first line end of the file decides; a file with none gets ``\n``.
        """
        first = self.text.find("\n")
        return "\r\n" if first > 0 and self.text[first - 1] == "\r" else "\n"

    @property
    def line_starts(self) -> list[int]:
        """Return the offset of the first character of every line, ascending."""
        if self._line_starts is None:
            starts, at = [0], self.text.find("\n") + 1
            while at:
                starts.append(at)
                at = self.text.find("\n", at) + 1
            self._line_starts = starts
        return self._line_starts

    def position(self, offset: int) -> Position:
        """Return the 1-based line and column of ``offset`` (a code-point offset)."""
        starts = self.line_starts
        line = bisect_right(starts, offset)
        return Position(line, offset - starts[line - 1] + 1)

    def line_span(self, line: int) -> tuple[int, int]:
        """Return start and end offset of the 1-based ``line``, its line end included."""
        starts = self.line_starts
        end = starts[line] if line < len(starts) else len(self.text)
        return starts[line - 1], end
