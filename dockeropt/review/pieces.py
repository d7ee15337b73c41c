"""Cut what a result changes into pieces, each of which may be applied or left alone.

Invariants: the pieces of a file lie on different lines; making the changes of all of them gives
exactly the fixed text; every fix is in exactly one piece, whole. No piece needs another one: the
engine itself makes the fixes of each when all others are refused.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from dockeropt.render.diff import lines_of
from dockeropt.results import FixResult
from dockeropt.rewrite.blame import fingerprint
from dockeropt.rewrite.result import Applied, Result, Step
from dockeropt.text import Edit, Source, Span

Again = Callable[[Collection[object]], Result]
"""Runs the engine on the original again, with some fixes refused (by their fingerprints)."""

MAX_PAIRS = 12
"""In a file with more pieces nobody asks which one a piece needs: it is joined with all."""

_ROUNDS = 6


class Made(NamedTuple):
    """One fix of a result.

    Args:
        pass_id: Its pass.
        fix: What was done.
        line: 1-based line of the original that it concerns.
        mark: What recognises it when the engine runs again.
    """

    pass_id: str
    fix: Applied
    line: int
    mark: object


class Piece(NamedTuple):
    """Lines of a file and what they become.

    Args:
        first: The first line, 1-based.
        last: The last line; ``first - 1`` when lines are only put before ``first``.
        text: What stands there afterwards, line ends included.
        fixes: The fixes that do it; those that change only other files come as a piece of no lines.
    """

    first: int
    last: int
    text: str
    fixes: tuple[Made, ...]


class Cut(NamedTuple):
    """A place of the original that changed: ``edit``, and the numbers of the fixes that did it."""

    edit: Edit
    fixes: frozenset[int]


class _Part(NamedTuple):
    """A part of the text on its way: a slice of the original, or text that fixes wrote."""

    text: str
    start: int  # in the original; -1 for written text
    fixes: frozenset[int]


class _Block(NamedTuple):
    first: int  # 0-based line
    stop: int
    cuts: tuple[Cut, ...]
    extra: frozenset[int] = frozenset()  # fixes that only change other files, and are needed

    @property
    def fixes(self) -> frozenset[int]:
        return self.extra.union(*(cut.fixes for cut in self.cuts))

    def touches(self, later: "_Block") -> bool:
        """Tell whether a block that starts no earlier cannot be told apart from this one.

        Putting lines somewhere needs a line to hold on to; two that may want the same are one.
        """
        if later.first < self.stop:
            return True
        if self.first == self.stop and later.first == later.stop:
            return later.first <= self.stop + 1
        return later.first == self.stop and (self.first == self.stop or later.first == later.stop)


def pieces_of(result: FixResult, again: Again | None) -> list[Piece]:
    """Return the pieces of a result, in the order of their places.

    Args:
        result: What was done to a file.
        again: Runs the engine on it again; ``None`` when nobody can: then all is one piece.
    """
    fixes = made_in(result.outcome)
    if not fixes:
        return []
    lines = Source(result.original)
    blocks = _joined(_blocks(result.original, lines, cuts_of(result.outcome)))
    elsewhere = frozenset(range(len(fixes))).difference(*(block.fixes for block in blocks))
    if again is None and blocks:
        blocks = [_hull(blocks)._replace(extra=elsewhere)]
    elif again is not None and len(blocks) + bool(elsewhere) > 1:
        blocks = _independent(result, blocks, fixes, elsewhere, again)
    found = [_piece(result.original, lines, block, fixes) for block in blocks]
    left = elsewhere.difference(*(block.fixes for block in blocks))
    if left:
        found.append(Piece(1, 0, "", tuple([fixes[number] for number in sorted(left)])))
    return found


def made_in(outcome: Result) -> list[Made]:
    """Return all fixes of a result, numbered in the order in which they were made."""
    return [
        Made(
            step.pass_id,
            fix,
            outcome.origin_line(number, fix.at.start),
            fingerprint(step.before, step.pass_id, fix.edits, fix.files),
        )
        for number, step in enumerate(outcome.steps)
        for fix in step.fixes
    ]


def with_cuts(text: str, cuts: Iterable[Cut]) -> str:
    """Return the text after some of the changes."""
    out: list[str] = []
    at = 0
    for edit, _ in sorted(cuts, key=lambda cut: cut.edit):
        out += (text[at : edit.span.start], edit.text)
        at = edit.span.end
    return "".join([*out, text[at:]])


# --- from steps to places of the original ----------------------------------------------


def cuts_of(outcome: Result) -> list[Cut]:
    """Return the places of the original where it changed, in order, with who changed them.

    No two of them touch: what several steps did to one place is one change.
    """
    parts = [_Part(outcome.original, 0, frozenset())]
    first = 0
    for step in outcome.steps:
        parts = list(_after(parts, _owned(step, first)))
        first += len(step.fixes)
    return list(_gaps(parts, len(outcome.original)))


def _owned(step: Step, first: int) -> list[tuple[Edit, frozenset[int]]]:
    owners: dict[Edit, set[int]] = {}
    for number, fix in enumerate(step.fixes, first):
        for edit in fix.edits:
            owners.setdefault(edit, set()).add(number)
    return [(edit, frozenset(owners[edit])) for edit in sorted(owners)]


def _after(parts: list[_Part], edits: list[tuple[Edit, frozenset[int]]]) -> Iterator[_Part]:
    """Yield the parts of the text after the edits of one step."""
    waiting = list(reversed(parts))
    at = 0

    def upto(offset: int) -> Iterator[_Part]:
        nonlocal at
        while waiting and at + len(waiting[-1].text) <= offset:
            part = waiting.pop()
            at += len(part.text)
            yield part
        if waiting and at < offset:
            part = waiting.pop()
            size = offset - at
            waiting.append(
                part._replace(text=part.text[size:], start=part.start + size if part.start >= 0 else -1)
            )
            at = offset
            yield part._replace(text=part.text[:size])

    for edit, owners in edits:
        yield from upto(edit.span.start)
        gone = list(upto(edit.span.end))
        yield _Part(edit.text, -1, owners.union(*(part.fixes for part in gone)))
    yield from reversed(waiting)


def _gaps(parts: list[_Part], size: int) -> Iterator[Cut]:
    """Yield what stands between the parts of the original that are still there."""
    at = 0
    written: list[_Part] = []
    for part in (*parts, _Part("", size, frozenset())):
        if part.start < 0:
            written.append(part)
            continue
        if not part.text and part.start < size:
            continue
        if written or part.start != at:
            edit = Edit.insert(at, "".join([one.text for one in written]))
            edit = edit._replace(span=edit.span._replace(end=part.start))
            yield Cut(edit, frozenset().union(*(one.fixes for one in written)))
        written = []
        at = part.start + len(part.text)


# --- from places to lines --------------------------------------------------------------


def _blocks(text: str, lines: Source, cuts: list[Cut]) -> list[_Block]:
    """Return the whole lines that changes concern, and no line more; shared lines come once."""
    starts = lines.line_starts
    found: list[tuple[int, int, list[Cut]]] = []
    for cut in cuts:
        start, end = cut.edit.span
        first, stop = bisect_right(starts, start) - 1, bisect_right(starts, end)
        new = text[starts[first] : start] + cut.edit.text
        if starts[stop - 1] == end and (not new or new.endswith("\n")):
            stop -= 1
        if found and first < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], stop), [*found[-1][2], cut])
        else:
            found.append((first, stop, [cut]))
    return [_trimmed(text, starts, *one) for one in found]


def _trimmed(text: str, starts: list[int], first: int, stop: int, cuts: list[Cut]) -> _Block:
    """Return the change of some lines without those at both ends that stay as they are."""
    start = _offset(text, starts, first)
    old = lines_of(text[start : _offset(text, starts, stop)])
    new = lines_of(_slice_with(text, start, _offset(text, starts, stop), cuts))
    same = tail = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    while tail < min(len(old), len(new)) - same and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    first, stop = first + same, first + len(old) - tail
    span = Span(_offset(text, starts, first), _offset(text, starts, stop))
    edit = Edit(span, "".join(new[same : len(new) - tail]))
    return _Block(first, stop, (Cut(edit, frozenset().union(*(cut.fixes for cut in cuts))),))


def _offset(text: str, starts: list[int], line: int) -> int:
    return starts[line] if line < len(starts) else len(text)


def _joined(blocks: list[_Block]) -> list[_Block]:
    """Join blocks that share lines or a fix, until none do; return them in order."""
    while True:
        merged: list[_Block] = []
        for block in sorted(blocks, key=lambda one: (one.first, one.stop)):
            if merged and merged[-1].touches(block):
                merged[-1] = _hull([merged[-1], block])
            else:
                merged.append(block)
        owner: dict[int, int] = {}
        for at, block in enumerate(merged):
            shared = [owner[number] for number in block.fixes if number in owner]
            if shared:
                earlier = min(shared)
                blocks = [*merged[:earlier], _hull(merged[earlier : at + 1]), *merged[at + 1 :]]
                break
            owner.update(dict.fromkeys(block.fixes, at))
        else:
            return merged


def _hull(blocks: list[_Block]) -> _Block:
    cuts = tuple(sorted((cut for block in blocks for cut in block.cuts), key=lambda cut: cut.edit))
    extra: frozenset[int] = frozenset().union(*(block.extra for block in blocks))
    return _Block(min(block.first for block in blocks), max(block.stop for block in blocks), cuts, extra)


def _piece(text: str, lines: Source, block: _Block, fixes: list[Made]) -> Piece:
    starts = lines.line_starts
    start, stop = _offset(text, starts, block.first), _offset(text, starts, block.stop)
    made = tuple([fixes[number] for number in sorted(block.fixes)])
    return Piece(block.first + 1, block.stop, _slice_with(text, start, stop, block.cuts), made)


def _slice_with(text: str, start: int, stop: int, cuts: Iterable[Cut]) -> str:
    moved = [cut._replace(edit=cut.edit._replace(span=cut.edit.span.shift(-start))) for cut in cuts]
    return with_cuts(text[start:stop], moved)


# --- what needs what -------------------------------------------------------------------


def _independent(
    result: FixResult, blocks: list[_Block], fixes: list[Made], elsewhere: frozenset[int], again: Again
) -> list[_Block]:
    """Join the blocks that need each other, and what needs a change of another file with that."""
    proven: set[frozenset[int]] = set()

    def marks(block: _Block) -> frozenset[object]:
        return frozenset(fixes[number].mark for number in block.fixes)

    def stands(block: _Block) -> bool:
        if block.fixes not in proven:
            # Equal fixes of equal lines have one mark: they can only be refused together.
            twins = [one for one in blocks if one.fixes != block.fixes and marks(one) == marks(block)]
            if not _stands_alone(result, [block, *twins], fixes, again):
                return False
            proven.add(block.fixes)
        return True

    while True:
        at = next((k for k, block in enumerate(blocks) if not stands(block)), None)
        if at is None:
            return blocks
        block = blocks[at]
        with_files = block._replace(extra=block.extra | elsewhere)
        others = [other for other in blocks if other is not block]
        if elsewhere and not elsewhere <= block.extra and stands(with_files):
            blocks = _joined([*others, with_files])
        elif not others:
            return [with_files]
        else:
            few = others if len(others) < MAX_PAIRS else []
            partner = next((other for other in few if stands(_hull([block, other]))), None)
            rest = [other for other in others if other is not partner] if partner else []
            blocks = _joined([*rest, _hull([block, partner] if partner else blocks)])


def _stands_alone(result: FixResult, blocks: list[_Block], fixes: list[Made], again: Again) -> bool:
    """Tell whether the engine makes the fixes of these blocks when all others are refused.

    Refusing a fix may let another one appear: that is refused as well.
    """
    wanted = with_cuts(result.original, [cut for block in blocks for cut in block.cuts])
    own = {fixes[number].mark for block in blocks for number in block.fixes}
    refused = {fix.mark for fix in fixes} - own
    for _ in range(_ROUNDS):
        found = again(frozenset(refused))
        others = [made for made in made_in(found) if made.mark not in own]
        if found.text == wanted and not any(made.fix.files for made in others):
            return True
        if not others:
            return False
        refused |= {made.mark for made in others}
    return False
