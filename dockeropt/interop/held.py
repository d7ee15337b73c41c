"""A Dockerfile that another file holds: reading it out piece by piece, writing changes back in.

It stands in a Python literal, or in a fence of a Markdown file; who reads it says from where to where each
character of it stands there. Invariant: a change is only answered when the holder, read
again, holds exactly the text that was wanted, and nothing outside of it is another than before.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby
from typing import NamedTuple

from dockeropt.interop.relocated import relocated
from dockeropt.rewrite.fix import Finding, Fix
from dockeropt.rewrite.result import Applied, Leftover, Step
from dockeropt.text import Edit, EditConflict, Source, Span, apply_edits


class Piece(NamedTuple):
    """What one character of the text, or one hole in it, stands as in the holder.

    Args:
        text: The character; for a hole the word that stands in for it.
        start: Where that begins in the file.
        stop: Where it ends.
        part: The number of the part of the holder that it stands in, such as one of several literals.
        hole: What is written in the hole, ``""`` for a character.
    """

    text: str
    start: int
    stop: int
    part: int = 0
    hole: str = ""


class Part(NamedTuple):
    """A stretch of the holder that is written in one way.

    Args:
        outer: All of it, quotes included.
        body: What is between them.
        write: Gives what has to be written there for a text.
        closing: What must not be the last character in front of the end, unless escaped.
    """

    outer: Span
    body: Span
    write: Callable[[str], str]
    closing: str = ""

    def closed(self, written: str, stop: int) -> str:
        """Return what is written up to ``stop`` so that it does not close the part too early."""
        if self.closing and stop == self.body.end and written.endswith(self.closing):
            return f"{written[:-1]}\\{self.closing}"
        return written


class Held(NamedTuple):
    """The text that a stretch of a file holds.

    Args:
        text: The text, with a word for each hole.
        starts: Where each of its characters begins in the file; all of a hole's begin where it does.
        stops: Where each ends.
        parts: The parts that it stands in.
        owners: The part of each character.
        holes: What is written in the holes, by the word that stands in for it.
        span: The holder in the file.
        margin: The blanks in front of every line that are no part of it.
        between: What stands between two parts when each holds one line, else ``""``.
        forbidden: Characters whose meaning in the holder is not known, so none may be added.
    """

    text: str
    starts: tuple[int, ...]
    stops: tuple[int, ...]
    owners: tuple[int, ...]
    parts: tuple[Part, ...]
    holes: dict[str, str]
    span: Span
    margin: str = ""
    between: str = ""
    forbidden: str = ""

    @classmethod
    def of(
        cls,
        pieces: Sequence[Piece],
        parts: Sequence[Part],
        span: Span,
        *,
        margin: str = "",
        between: str = "",
        forbidden: str = "",
    ) -> "Held":
        """Join pieces to a text."""
        starts: list[int] = []
        stops: list[int] = []
        owners: list[int] = []
        for piece in pieces:
            count = len(piece.text)
            starts += [piece.start] * count
            stops += [piece.stop] * count
            owners += [piece.part] * count
        holes = {piece.text: piece.hole for piece in pieces if piece.hole}
        text = "".join([piece.text for piece in pieces])
        return cls(
            text, tuple(starts), tuple(stops), tuple(owners), tuple(parts), holes, span, margin, between, forbidden
        )  # fmt: skip

    # --- places ------------------------------------------------------------------------

    def place(self, span: Span) -> Span:
        """Return where a place of the text stands in the file."""
        if not self.text:
            return Span(self.parts[0].body.start, self.parts[0].body.start)
        if span.is_empty:
            at = self._line_start(span.start) or self.stops[min(span.start, len(self.text)) - 1]
            at = self.starts[0] if span.start == 0 else at
            return Span(at, at)
        return Span(self.starts[span.start], max(self.starts[span.start], self.stops[span.end - 1]))

    def _line_start(self, at: int) -> int:
        """Return where a line of the text with something on it begins, 0 for any other place."""
        if 0 < at < len(self.text) and self.text[at - 1] == "\n" and self.text[at] != "\n":
            return self.starts[at]
        return 0

    def edits(self, edits: tuple[Edit, ...], *, split: bool = False) -> tuple[Edit, ...]:
        """Return edits of the text as edits of the file.

        Args:
            edits: On the text.
            split: Whether new lines get parts of their own, where every part holds one line.
        """
        return tuple([made for edit in edits for made in self._edits(edit, split=split)])

    def _edits(self, edit: Edit, *, split: bool) -> list[Edit]:
        (start, end), new = edit
        if not self.text or start == end:
            return [self._insertion(start, new, split=split)]
        groups = [list(group) for _, group in groupby(range(start, end), key=self.owners.__getitem__)]
        shares = [new, *[""] * (len(groups) - 1)]
        last = groups[-1][0]
        if len(groups) > 1 and self.text[last - 1] == "\n" and "\n" in new:
            head, _, tail = new.rpartition("\n")
            shares[0], shares[-1] = head + "\n", tail
        return [
            self._change(group[0], group[-1] + 1, share, split=split)
            for group, share in zip(groups, shares, strict=True)
        ]

    def _change(self, start: int, end: int, new: str, *, split: bool) -> Edit:
        """Return the edit for characters of one part."""
        part = self.parts[self.owners[start]]
        begin, stop = self.starts[start], self.stops[end - 1]
        if self._are_lines(start, end) and (not new or new[-1] == "\n"):
            # From margin to line end, so that the margin of the next line has no part in it.
            written = self._written(self._marked(new), part, len(self.text), split=split)
            return Edit(Span(self.stops[start - 1], stop), written)
        following = self.text[end : end + 1]
        if self.margin and self.text[end - 1] == "\n" and following not in {"", "\n"} and self._same(end):
            stop = self.starts[end]
        if self.margin and new and self.text[start] == "\n" and (start == 0 or self.text[start - 1] == "\n"):
            begin = self.stops[start - 1] if start else begin
            new = self._marked(new)
        if not new and self._is_whole(part, start, end):
            return Edit.delete(Span(self.parts[self.owners[start] - 1].outer.end, part.outer.end))
        written = self._written(new, part, end, split=split)
        return Edit(Span(begin, max(begin, stop)), part.closed(written, stop))

    def _insertion(self, at: int, new: str, *, split: bool) -> Edit:
        if not self.text:
            body = self.parts[0].body
            return Edit(Span(body.start, body.start), self._written(new, self.parts[0], 0, split=split))
        begun = at == 0 or bool(self._line_start(at))
        owner = self.owners[at] if begun else self.owners[at - 1]
        place = self.starts[at] if begun else self.stops[at - 1]
        if self.margin and not begun and self.text[at - 1] == "\n":
            new = self._marked(new)
        part = self.parts[owner]
        return Edit(Span(place, place), part.closed(self._written(new, part, at, split=split), place))

    def _same(self, end: int) -> bool:
        return self.owners[end] == self.owners[end - 1]

    def _are_lines(self, start: int, end: int) -> bool:
        """Tell whether the characters are whole lines behind a margin, not the first one."""
        if not self.margin or not start or not self.text[start - 1] == self.text[end - 1] == "\n":
            return False
        return self.owners[start - 1] == self.owners[start]

    def _marked(self, new: str) -> str:
        """Return ``new`` with a sign that the margin is to be written in front of it."""
        return new if new[:1] in {"", "\n"} else f"\0{new}"

    def _is_whole(self, part: Part, start: int, end: int) -> bool:
        """Tell whether the characters are all of a part that another one stands in front of."""
        owner = self.owners[start]
        if not owner or not self.between:
            return False
        alone = (start == 0 or self.owners[start - 1] != owner) and (
            end == len(self.text) or self.owners[end] != owner
        )
        return alone and (self.starts[start], self.stops[end - 1]) == part.body

    def _written(self, new: str, part: Part, end: int, *, split: bool) -> str:
        """Return what has to be written for ``new`` in front of the character at ``end``."""
        following = self.text[end : end + 1]
        own = bool(following) and end < len(self.owners) and self.parts[self.owners[end]] is part
        lines = new.split("\n")
        written = [part.write(line.removeprefix("\0")) for line in lines]
        newline = part.write("\n")
        made = self.margin if new.startswith("\0") else ""
        for number, line in enumerate(lines):
            if number:
                is_last = number == len(lines) - 1
                follows = line or (is_last and own and following != "\n")
                if split and self.between and (line or (is_last and own)):
                    made += newline + self.between
                else:
                    made += newline + (self.margin if follows else "")
            made += written[number]
        return made

    # --- steps -------------------------------------------------------------------------

    def step(
        self, source: str, step: Step, reread: "Callable[[str, Span], Held | None]"
    ) -> "tuple[Step, Held] | None":
        """Return a step on the text as one on the file, and what is held after it.

        ``None`` when the holder cannot hold the new text as it is written.

        Args:
            source: The file before the step.
            step: The step on the text.
            reread: Reads what stands at a span of another state of the file.
        """
        added = "".join([edit.text for fix in step.fixes for edit in fix.edits])
        if any(char in added for char in self.forbidden):
            return None
        lines = tuple(_by_lines(self.text, step.after))
        for attempt in range(4):
            split = attempt in {0, 2} and bool(self.between)
            if attempt in {0, 2} and not self.between:
                continue
            fixes = relocated(step.fixes, source, self.place, partial(self.edits, split=split))
            if attempt >= 2:
                whole = self.edits(lines, split=split)
                fixes = [fix._replace(edits=() if number else whole) for number, fix in enumerate(fixes)]
            made = self._attempt(source, fixes, step, reread)
            if made is not None:
                return made
        return None

    def _attempt(
        self,
        source: str,
        fixes: Sequence[Applied],
        step: Step,
        reread: "Callable[[str, Span], Held | None]",
    ) -> "tuple[Step, Held] | None":
        edits = [edit for fix in fixes for edit in fix.edits]
        if any(not self.span.contains(edit.span) for edit in edits):
            return None
        try:
            after = apply_edits(source, edits)
        except EditConflict:
            return None
        span = Span(self.span.start, self.span.end + len(after) - len(source))
        again = reread(after, span)
        if again is None or again.text != step.after or again.holes != self.holes:
            return None
        return Step(step.pass_id, step.category, tuple(fixes), source, after), again

    # --- findings ----------------------------------------------------------------------

    def left(self, source: str, left: Leftover) -> Leftover:
        """Return a finding that remains in the text with its places in the file."""
        finding = left.finding
        at = self.place(finding.at)
        fix = finding.fix
        if fix is not None:
            edits = tuple([edit._replace(text=self.shown(edit.text)) for edit in self.edits(fix.edits)])
            because = [proof._replace(claim=self.shown(proof.claim)) for proof in fix.because]
            fix = Fix(self.shown(fix.title), edits, fix.applicability, because, fix.effects)
        place = Source(source).position(at.start)
        finding = finding._replace(message=self.shown(finding.message), at=at, fix=fix)
        return Leftover(finding, left.reason, place.line, place.column)

    def refused(self, source: str, fix: Applied, pass_id: str) -> Leftover:
        """Return a fix that the holder cannot hold as a finding without one."""
        at = self.place(fix.at)
        message = f"{self.shown(fix.message)}; this literal cannot hold the fix"
        place = Source(source).position(at.start)
        return Leftover(Finding(message, at, None, pass_id), "none", place.line, place.column)

    def shown(self, text: str) -> str:
        """Return a text with what is written in the holes instead of what stands in for it."""
        for word, hole in self.holes.items():
            text = text.replace(word, hole)
        return text


def _by_lines(before: str, after: str) -> list[Edit]:
    """Return the difference of two texts as edits of whole lines."""
    from difflib import SequenceMatcher

    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    offsets = [0]
    for line in old:
        offsets.append(offsets[-1] + len(line))
    return [
        Edit(Span(offsets[i1], offsets[i2]), "".join(new[j1:j2]))
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if tag != "equal"
    ]
