"""A derived text that remembers where each of its characters came from.

One type for every layer: the logical line of an instruction (continuations joined,
comments dropped) over the file, the script of a RUN over that, a Dockerfile over the
Python literal that holds it. Decisions are made on the derived text; edits are made
at the places this map leads back to.
"""

from bisect import bisect_right
from collections.abc import Iterable

from dockeropt.text.span import Span


class TextMap:
    """Hold a text made of runs copied from a source, with the offset of each run.

    Args:
        text: The derived text.
        starts: Offset in ``text`` where each run begins, ascending, first one 0.
        origins: Offset in the source of the first character of each run.
        anchor: Source offset that an empty text stands at.
    """

    __slots__ = ("anchor", "origins", "starts", "text")

    def __init__(self, text: str, starts: tuple[int, ...], origins: tuple[int, ...], anchor: int = 0) -> None:
        self.text = text
        self.starts = starts
        self.origins = origins
        self.anchor = anchor

    @classmethod
    def identity(cls, text: str, at: int = 0) -> "TextMap":
        """Return the map of a text that stands in the source as it is, from ``at`` on."""
        return cls(text, (0,) if text else (), (at,) if text else (), at)

    @classmethod
    def from_runs(cls, runs: Iterable[tuple[int, str]], anchor: int = 0) -> "TextMap":
        """Build a map from ``(source offset, characters)`` runs; empty ones are dropped.

        Neighbouring runs that are contiguous in the source become one.
        """
        pieces: list[str] = []
        starts: list[int] = []
        origins: list[int] = []
        length = 0
        for origin, piece in runs:
            if not piece:
                continue
            if not starts or origins[-1] + (length - starts[-1]) != origin:
                starts.append(length)
                origins.append(origin)
            pieces.append(piece)
            length += len(piece)
        return cls("".join(pieces), tuple(starts), tuple(origins), origins[0] if origins else anchor)

    def __len__(self) -> int:
        return len(self.text)

    def offset(self, index: int) -> int:
        """Return the source offset of the character at ``index``.

        ``len(text)`` is allowed and means the place just after the last character.
        """
        if index >= len(self.text):
            return self.end(index)
        run = bisect_right(self.starts, index) - 1
        return self.origins[run] + index - self.starts[run]

    def end(self, index: int) -> int:
        """Return the source offset just after the character before ``index``.

        This is where text goes that must follow a token ending at ``index``: the next
        character's own offset may lie behind a continuation and comment lines.
        """
        return self.offset(index - 1) + 1 if index > 0 and self.text else self.anchor

    def span(self, start: int, end: int) -> Span:
        """Return the source span that holds the characters ``start`` to ``end``.

        It may also hold continuations and comments: see :meth:`is_contiguous`.
        """
        if start >= end:
            at = self.offset(start)
            return Span(at, at)
        if len(self.starts) == 1:  # PERF: most texts stand in one piece
            origin = self.origins[0]
            return Span(origin + start, origin + end)
        return Span(self.offset(start), self.end(end))

    def is_contiguous(self, start: int, end: int) -> bool:
        """Tell whether the source holds the characters with nothing between them."""
        if end - start <= 1:
            return True
        first = bisect_right(self.starts, start) - 1
        return first + 1 >= len(self.starts) or self.starts[first + 1] >= end

    def slice(self, start: int, end: int) -> "TextMap":
        """Return the map of ``text[start:end]``."""
        end = min(end, len(self.text))
        if start >= end:
            return TextMap("", (), (), self.offset(start))
        if len(self.starts) == 1:
            origin = self.origins[0] + start
            return TextMap(self.text[start:end], (0,), (origin,), origin)
        first = bisect_right(self.starts, start) - 1
        stop = bisect_right(self.starts, end - 1)
        starts = (0, *(s - start for s in self.starts[first + 1 : stop]))
        origins = (self.origins[first] + start - self.starts[first], *self.origins[first + 1 : stop])
        return TextMap(self.text[start:end], starts, origins, origins[0])

    def runs(self) -> Iterable[tuple[int, str]]:
        """Yield ``(source offset, characters)`` for each run, in order."""
        for run, start in enumerate(self.starts):
            stop = self.starts[run + 1] if run + 1 < len(self.starts) else len(self.text)
            yield self.origins[run], self.text[start:stop]

    def compose(self, outer: "TextMap") -> "TextMap":
        """Return this map with its source replaced by what ``outer`` was made from.

        ``outer.text`` must be the source that this map points into.
        """
        return TextMap.from_runs(
            (
                piece
                for origin, text in self.runs()
                for piece in outer.slice(origin, origin + len(text)).runs()
            ),
            outer.offset(self.anchor) if self.anchor <= len(outer.text) else 0,
        )
