"""Findings as rows: what was done and what is left, in the order of their places.

One row has everything that a report can show of one finding. Invariant: all places of one
list refer to one text: the original while nothing is written, the fixed one afterwards.
"""

from typing import NamedTuple

from dockeropt.results import SEVERITIES, FixResult
from dockeropt.rewrite.fix import FileChange
from dockeropt.text import Edit, Source, Span


class Row(NamedTuple):
    """One finding.

    Args:
        line: 1-based line.
        column: 1-based column in code points.
        pass_id: The pass that found it.
        category: The category of the pass.
        severity: ``warning``, ``info`` or ``style``.
        status: ``"fixed"``, or why not: see :class:`dockeropt.Leftover`.
        applicability: ``safe``, ``unsafe``, ``suggestion``; ``""`` without a fix.
        message: What was found.
        title: What the fix does, or ``""``.
        because: Evidence for it.
        effects: What of the image it may change.
        span: The place, in the text that all rows refer to.
        edits: The edits of a fix that can be made on that text as it is, alone; else empty. They are
            known for what was left in an unchanged file and for the first fixes of a preview.
        files: What such a fix changes beside the file, paths joined to that of the context.
    """

    line: int
    column: int
    pass_id: str
    category: str
    severity: str
    status: str
    applicability: str
    message: str
    title: str
    because: tuple[str, ...]
    effects: tuple[str, ...]
    span: Span
    edits: tuple[Edit, ...]
    files: tuple[FileChange, ...] = ()


def rows_of(result: FixResult) -> list[Row]:
    """Return the rows of a result, sorted by place."""
    from dockeropt.rewrite.registry import load_registry

    known = load_registry().passes
    outcome = result.outcome
    text = result.fixed if result.written else result.original
    source = Source(text)
    found: list[Row] = []
    for number, step in enumerate(outcome.steps):
        for fix in step.fixes:
            if result.written:
                at = fix.edits[0].span.start if fix.edits else fix.at.start
                start = end = _after(result, number, at)
            else:
                start = outcome.origin(number, fix.at.start)
                end = max(outcome.origin(number, fix.at.end), start)
            place = source.position(start)
            alone = number == 0 and not result.written  # it was made for the text as it is
            found.append(
                Row(
                    place.line, place.column, step.pass_id, step.category, SEVERITIES.get(step.category, "info"),
                    "fixed", fix.applicability.word, fix.message, fix.title, tuple(map(str, fix.because)),
                    tuple(sorted(effect.value for effect in fix.effects)), Span(start, end),
                    fix.edits if alone else (), _joined(result, fix.files) if alone else (),
                )
            )  # fmt: skip
    untouched = result.written or not outcome.steps
    for left in outcome.leftover:
        finding = left.finding
        span = finding.at
        if not untouched:
            span = Span(*[outcome.origin(len(outcome.steps), offset) for offset in finding.at])
        place = source.position(span.start)
        category = known[finding.pass_id].info.category.value if finding.pass_id in known else "correctness"
        fix_left = finding.fix
        found.append(
            Row(
                place.line, place.column, finding.pass_id, category, SEVERITIES.get(category, "info"), left.reason,
                fix_left.applicability.word if fix_left else "", finding.message,
                fix_left.title if fix_left else "", tuple(map(str, fix_left.because)) if fix_left else (),
                tuple(sorted(effect.value for effect in fix_left.effects)) if fix_left else (), span,
                fix_left.edits if fix_left and untouched else (),
                _joined(result, fix_left.files) if fix_left and untouched else (),
            )
        )  # fmt: skip
    found.sort(key=lambda row: (row.line, row.column, row.pass_id))
    return found


def _joined(result: FixResult, files: tuple[FileChange, ...]) -> tuple[FileChange, ...]:
    if not files:
        return ()
    from posixpath import join, normpath

    return tuple([change._replace(path=normpath(join(result.context, change.path))) for change in files])


def _after(result: FixResult, step: int, offset: int) -> int:
    """Return where a place of the text before ``step`` stands in the fixed text."""
    for later in result.steps[step:]:
        grown = 0
        for edit in sorted({edit for fix in later.fixes for edit in fix.edits}):
            if edit.span.start >= offset:
                break
            if offset < edit.span.end:
                offset = edit.span.start
                break
            grown += len(edit.text) - (edit.span.end - edit.span.start)
        offset += grown
    return min(offset, len(result.fixed))


def can_fix(row: Row, *, unsafe: bool) -> bool:
    """Tell whether a run that applies fixes would make this one."""
    if row.status not in {"pending", "unsafe", "conflict"}:
        return False
    return row.applicability == "safe" or (unsafe and row.applicability == "unsafe")
