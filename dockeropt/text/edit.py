"""Changes as data: a span and the text that takes its place."""

from collections.abc import Iterable
from typing import NamedTuple

from dockeropt.text.span import Span


class EditConflict(ValueError):
    """Two edits claim the same characters, or insert at the same place."""


class Edit(NamedTuple):
    """Replace ``span`` by ``text``; an empty span inserts, an empty text deletes."""

    span: Span
    text: str

    @classmethod
    def insert(cls, at: int, text: str) -> "Edit":
        """Return the edit that puts ``text`` in front of the character at ``at``."""
        return cls(Span(at, at), text)

    @classmethod
    def delete(cls, span: Span) -> "Edit":
        """Return the edit that takes the characters of ``span`` away."""
        return cls(span, "")

    def conflicts(self, other: "Edit") -> bool:
        """Tell whether the two cannot be applied together in a defined order.

        They conflict when they share characters, when one inserts strictly inside the
        other, or when both insert at one place. Touching spans are no conflict.
        """
        a, b = self.span, other.span
        if a.is_empty and b.is_empty:
            return a.start == b.start
        if a.is_empty or b.is_empty:
            point, span = (a.start, b) if a.is_empty else (b.start, a)
            return span.start < point < span.end
        return a.overlaps(b)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return ``text`` with all ``edits`` made.

    Args:
        text: The text that the spans refer to.
        edits: In any order. A replacement and an insertion that touch are applied in
            the order of their spans, the insertion first.

    Raises:
        EditConflict: Two of the edits overlap or insert at the same place.
    """
    pieces: list[str] = []
    at = 0
    last: Edit | None = None
    for edit in sorted(set(edits)):
        if edit.span.start < at or (last is not None and edit.conflicts(last)):
            raise EditConflict(f"edits overlap at offset {edit.span.start}")
        pieces += (text[at : edit.span.start], edit.text)
        at = edit.span.end
        last = edit
    pieces.append(text[at:])
    return "".join(pieces)
