"""Choose, among the fixes of one pass, those that can be made together.

Overlaps exist only inside one pass, since every pass sees the text that the one before it
left. What loses here is found again, with fresh spans, when the pass is called next.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable

from dockeropt.rewrite.fix import Applicability, Finding, Fix
from dockeropt.text import Edit


def choose(findings: Iterable[Finding], lowest: Applicability) -> tuple[list[Finding], bool]:
    """Return the findings to fix now, and whether any other had to wait.

    Safer fixes go first, then the place decides. A fix is taken whole or not at all.
    Equal edits of two fixes count as one edit.

    Args:
        findings: What the pass found; those without a fix are passed over.
        lowest: The least level that may be applied; suggestions never are.
    """
    lowest = max(lowest, Applicability.UNSAFE)
    able = [(f, f.fix) for f in findings if f.fix is not None and f.fix.applicability >= lowest]
    able.sort(
        key=lambda pair: (
            -pair[1].applicability,
            min((edit.span for edit in pair[1].edits), default=pair[0].at),
        )
    )
    taken: list[Edit] = []
    files: set[str] = set()
    chosen: list[Finding] = []
    waiting = False
    for finding, fix in able:
        new = [edit for edit in set(fix.edits) if not _has(taken, edit)]
        if any(_clashes(taken, edit) for edit in new) or any(c.path in files for c in fix.files):
            waiting = True
            continue
        files.update([change.path for change in fix.files])
        for edit in new:
            insort(taken, edit)
        chosen.append(finding)
    return chosen, waiting


def own_conflict(fix: Fix) -> bool:
    """Tell whether the edits of one fix contradict each other: a mistake in its pass."""
    if len({change.path for change in fix.files}) < len(fix.files):
        return True
    taken: list[Edit] = []
    for edit in sorted(set(fix.edits)):
        if _clashes(taken, edit):
            return True
        taken.append(edit)
    return False


def _has(taken: list[Edit], edit: Edit) -> bool:
    at = bisect_left(taken, edit)
    return at < len(taken) and taken[at] == edit


def _clashes(taken: list[Edit], edit: Edit) -> bool:
    """Look at the two neighbours: since ``taken`` has no clash, no other can be in the way."""
    at = bisect_left(taken, edit)
    return (at > 0 and taken[at - 1].conflicts(edit)) or (at < len(taken) and taken[at].conflicts(edit))
