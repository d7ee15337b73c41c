"""What a run answers: everything that a report needs, and nothing that has to be looked up.

Invariant: plain immutable records of text, numbers and enums. They cross process borders, and
joining the steps leads from the original text to the final one.
"""

from collections.abc import Iterable
from typing import NamedTuple

from dockeropt.rewrite.fix import Applicability, Effect, Evidence, FileChange, Finding
from dockeropt.syntax.nodes import Problem
from dockeropt.text import Edit, Source, Span


class Applied(NamedTuple):
    """One fix that was made.

    Args:
        message: What was found.
        title: What was done about it.
        applicability: The level it was made at.
        because: Evidence for it.
        effects: What of the image it may change.
        edits: The edits, on the text before the step.
        at: The place that the finding points at, in the text before the step.
        line: 1-based line of that place.
        end_line: The last line of it.
        files: What it changed beside the Dockerfile.
    """

    message: str
    title: str
    applicability: Applicability
    because: tuple[Evidence, ...]
    effects: frozenset[Effect]
    edits: tuple[Edit, ...]
    at: Span
    line: int
    end_line: int
    files: tuple[FileChange, ...] = ()


class Step(NamedTuple):
    """What one pass did at one go.

    Args:
        pass_id: The pass.
        category: Its category, as users write it.
        fixes: The fixes that were made together.
        before: The whole text before them.
        after: The whole text after them.
    """

    pass_id: str
    category: str
    fixes: tuple[Applied, ...]
    before: str
    after: str

    @property
    def applicability(self) -> Applicability:
        """Return the level of the least safe fix."""
        return min(fix.applicability for fix in self.fixes)

    @property
    def effects(self) -> frozenset[Effect]:
        """Return what of the image the fixes together may change."""
        return frozenset().union(*(fix.effects for fix in self.fixes))


class Leftover(NamedTuple):
    """A finding that was not acted on, on the final text.

    Args:
        finding: The finding, its pass named.
        reason: ``"unsafe"`` (``--unsafe`` would make the fix), ``"suggestion"`` (it is only
            ever shown), ``"none"`` (there is no fix), ``"unfixable"`` (the configuration forbids
            it), ``"rejected"`` (it broke an invariant), ``"conflict"`` (it had to give way) or
            ``"pending"`` (nothing was to be applied).
        line: 1-based line.
        column: 1-based column in code points.
    """

    finding: Finding
    reason: str
    line: int
    column: int


class Rejection(NamedTuple):
    """A change that was dropped, or a pass that failed.

    Args:
        pass_id: The pass.
        title: The fix, or ``""`` when the pass itself failed.
        reason: Why, a sentence without a full stop.
        line: 1-based line in the text at that time, 0 when there is none.
        plugin: The package that brought the pass, ``""`` for our own.
    """

    pass_id: str
    title: str
    reason: str
    line: int = 0
    plugin: str = ""

    def __str__(self) -> str:
        what = f"{self.pass_id}: {self.title!r} was not applied" if self.title else f"{self.pass_id} failed"
        return f"{what}: {self.reason}; this is a bug in {self.plugin or 'dockeropt'}"


class Result(NamedTuple):
    """The outcome for one text.

    Args:
        original: The text that was given.
        text: The text it became; the original where nothing could or should be done.
        steps: What was done, in order.
        leftover: Findings that remain in ``text``.
        rejected: Changes that were dropped because an invariant did not hold.
        problems: What makes BuildKit reject ``text``; such a file is not changed.
        stable: False when the passes came to no end: then nothing was changed.
        files: What becomes of other files of the build context, one entry for each.
    """

    original: str
    text: str
    steps: tuple[Step, ...] = ()
    leftover: tuple[Leftover, ...] = ()
    rejected: tuple[Rejection, ...] = ()
    problems: tuple[Problem, ...] = ()
    stable: bool = True
    files: tuple[FileChange, ...] = ()

    @property
    def changed(self) -> bool:
        """Tell whether the text is another one, or another file is."""
        return self.text != self.original or bool(self.files)

    @property
    def fixes(self) -> int:
        """Return the number of fixes made."""
        return sum(len(step.fixes) for step in self.steps)

    def origin(self, step: int, offset: int) -> int:
        """Return where a place of the text before ``step`` stands in the original.

        A place inside text that an earlier step wrote leads to where that text was put.
        """
        for earlier in reversed(self.steps[:step]):
            offset = place_before([edit for fix in earlier.fixes for edit in fix.edits], offset)
        return offset

    def origin_line(self, step: int, offset: int) -> int:
        """Return the 1-based line of the original that :meth:`origin` leads to."""
        return Source(self.original).position(self.origin(step, offset)).line


def place_before(edits: Iterable[Edit], offset: int) -> int:
    """Return the offset in the old text of what stands at ``offset`` once the edits are made."""
    grown = 0
    for edit in sorted(set(edits)):
        start = edit.span.start + grown
        if offset < start:
            break
        if offset < start + len(edit.text):
            return edit.span.start
        grown += len(edit.text) - (edit.span.end - edit.span.start)
    return offset - grown
