"""A range of a text. Every position of the project is one of these or an offset."""

from typing import NamedTuple


class Span(NamedTuple):
    """Hold a half-open range of code-point offsets into a text.

    A named tuple rather than a dataclass: spans are created by the thousand and
    a tuple costs a third of the time.
    """

    start: int
    end: int

    @property
    def is_empty(self) -> bool:
        """Tell whether the span covers no character."""
        return self.start == self.end

    def contains(self, other: "Span") -> bool:
        """Tell whether ``other`` lies wholly inside this span.

        >>> Span(2, 8).contains(Span(3, 8))
        True
        """
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two spans share at least one character.

        >>> Span(0, 3).overlaps(Span(3, 5))
        False
        """
        return self.start < other.end and other.start < self.end

    def shift(self, by: int) -> "Span":
        """Return the span moved by ``by`` code points."""
        return Span(self.start + by, self.end + by)

    def of(self, text: str) -> str:
        """Return the characters of ``text`` that the span covers."""
        return text[self.start : self.end]
