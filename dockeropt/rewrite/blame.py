"""Find out which fix is at fault when a change does not hold.

Invariant: an innocent fix is never dropped for the sake of a guilty one, and what was found
guilty once is recognised when the pass proposes it again.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

from dockeropt.rewrite.context import View
from dockeropt.rewrite.fix import Effect, FileChange, Finding
from dockeropt.rewrite.result import Applied, Step
from dockeropt.rewrite.verify import CHECKED, Observer
from dockeropt.text import Edit, apply_edits

MAX_ATTEMPTS = 200
"""Attempts to find the guilty among the fixes of one call; then the rest is given up."""

Attempt = Callable[[list[Finding]], tuple[View | None, str | None]]
Accuse = Callable[[Finding, str], None]


def innocent(chosen: list[Finding], attempt: Attempt, accuse: Accuse) -> tuple[list[Finding], View | None]:
    """Return the fixes that can be made together, and what they give.

    Halves are tried until the guilty ones are found; if those that are fine alone are not
    fine together, they are added one by one.

    Args:
        chosen: Fixes that do not overlap.
        attempt: Makes fixes and returns the result, or why it does not hold.
        accuse: Called with every fix that is dropped, and the reason.
    """
    left = MAX_ATTEMPTS

    def limited(fixes: list[Finding]) -> tuple[View | None, str | None]:
        nonlocal left
        left -= 1
        return attempt(fixes) if left >= 0 else (None, "too many fixes of this pass do not hold")

    return _innocent(chosen, limited, accuse)


def _innocent(chosen: list[Finding], attempt: Attempt, accuse: Accuse) -> tuple[list[Finding], View | None]:
    after, reason = attempt(chosen)
    if reason is None:
        return chosen, after
    if len(chosen) == 1:
        accuse(chosen[0], reason)
        return [], None
    half = len(chosen) // 2
    good = _innocent(chosen[:half], attempt, accuse)[0] + _innocent(chosen[half:], attempt, accuse)[0]
    if not good:
        return [], None
    after, reason = attempt(good)
    if reason is None:
        return good, after
    kept: list[Finding] = []
    result: View | None = None
    for finding in good:
        after, reason = attempt([*kept, finding])
        if reason is None:
            kept.append(finding)
            result = after
        else:
            accuse(finding, reason)
    return kept, result


def fingerprint(text: str, pass_id: str, edits: Sequence[Edit], files: Sequence[FileChange] = ()) -> object:
    """Return what recognises a fix again: what it does, and the lines that it does it to.

    Two equal lines with equal fixes cannot be told apart: banning one bans the other.
    """
    if not edits:
        return pass_id, tuple(files)
    start = text.rfind("\n", 0, min(edit.span.start for edit in edits)) + 1
    stop = text.find("\n", max(edit.span.end for edit in edits))
    lines = text[start : stop if stop >= 0 else len(text)]
    return pass_id, lines, tuple(sorted((e.span.start - start, e.span.end - start, e.text) for e in edits))


# --- the second opinion ----------------------------------------------------------------


def objections(
    observer: Observer, steps: Sequence[Step], view_of: Callable[[str], View]
) -> list[tuple[Step, Applied, str]]:
    """Return the fixes that the observer does not accept, with the reasons.

    PERF: steps that may show the same differences are looked at as one change, so that a file
    usually costs two foreign parses; only a disagreement is taken apart.

    Args:
        observer: Whom to ask.
        steps: What was done, in order.
        view_of: Gives the view of a text of one of the steps.
    """

    def ask(before: str, after: str, effects: frozenset[Effect]) -> str | None:
        try:
            return observer(view_of(before).tree, view_of(after).tree, effects)
        except Exception:  # noqa: BLE001 - an observer that fails has nothing to say
            return None

    found: list[tuple[Step, Applied, str]] = []
    for effects, group in groupby(steps, key=lambda step: step.effects & CHECKED):
        same = list(group)
        if ask(same[0].before, same[-1].after, effects) is None:
            continue
        for step in same:
            reason = ask(step.before, step.after, effects)
            if reason is not None:
                alone = [(fix, apply_edits(step.before, fix.edits)) for fix in step.fixes]
                guilty = [fix for fix, text in alone if ask(step.before, text, fix.effects) is not None]
                found += [(step, fix, reason) for fix in guilty or step.fixes]
    return found
