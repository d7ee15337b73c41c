"""Bring what a result says to the disk.

Invariant: all files of one result are written or none; what does not work becomes the result's
``error``.
"""

import os

from dockeropt.errors import FileProblem
from dockeropt.results import FixResult


def without_repeated(result: FixResult, made: dict[str, str]) -> FixResult:
    """Leave out the changes of other files that an earlier result makes in the same way.

    Two Dockerfiles of one context may both ask for the same ``.dockerignore``.

    Args:
        result: The result.
        made: New texts by absolute path, filled here.
    """
    if not result.outcome.files:
        return result
    kept = []
    for change, named in zip(result.outcome.files, result.files, strict=True):
        path = os.path.abspath(named.path)
        if made.get(path) != change.after:
            made[path] = change.after
            kept.append(change)
    return result._replace(outcome=result.outcome._replace(files=tuple(kept)))


def write_result(result: FixResult) -> FixResult:
    """Replace the file by what it became; a failure goes into the result."""
    if not result.changed or result.error is not None:
        return result
    from dockeropt import files

    line = files.conflict_line(result.original)
    if line:
        hint = "resolve it, then run again"
        return result._replace(
            error=FileProblem("unresolved merge conflict", path=result.path, line=line, hint=hint)
        )
    try:
        changes = [files.Replacement(c.path, c.after, c.before, new=c.before is None) for c in result.files]
        if result.fixed != result.original:
            changes.append(files.Replacement(result.path, result.fixed, result.original))
        files.write_all(changes)
    except FileProblem as error:
        return result._replace(error=error)
    return result._replace(written=True)
