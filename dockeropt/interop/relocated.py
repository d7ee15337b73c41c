"""Fixes of a Dockerfile that stands inside of another file, with their places in that file."""

from collections.abc import Callable, Sequence

from dockeropt.rewrite.result import Applied
from dockeropt.text import Edit, Source, Span


def relocated(
    fixes: Sequence[Applied],
    source: str,
    place: Callable[[Span], Span],
    edits: Callable[[tuple[Edit, ...]], tuple[Edit, ...]],
) -> list[Applied]:
    """Return the fixes with spans, lines and edits of the file around the Dockerfile.

    Args:
        fixes: What was done to the Dockerfile.
        source: The whole file before it.
        place: Gives the span in the file for one in the Dockerfile.
        edits: Gives the edits of the file for those of the Dockerfile.
    """
    lines = Source(source)
    found: list[Applied] = []
    for fix in fixes:
        at = place(fix.at)
        line, end_line = lines.position(at.start).line, lines.position(max(at.start, at.end - 1)).line
        found.append(fix._replace(edits=edits(fix.edits), at=at, line=line, end_line=end_line))
    return found
