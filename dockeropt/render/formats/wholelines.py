"""A fix as whole lines that take the place of whole lines, as reviews want it.

Invariant: putting ``text`` and its line end in the place of lines ``first`` to ``last`` makes
exactly the edits; the range is the smallest such one that keeps a line on both sides, and
whose last new line is not blank, unless that is the end of the file: who shows it may cut blanks off.
"""

from collections.abc import Iterable
from typing import NamedTuple

from dockeropt.text import Edit, Source, Span, apply_edits


class LineChange(NamedTuple):
    """New lines for old ones.

    Args:
        first: 1-based first line that is replaced.
        last: The last one, inclusive.
        text: What takes their place, without the line end of its last line; ``""`` for nothing.
    """

    first: int
    last: int
    text: str


def line_change(source: Source, edits: Iterable[Edit]) -> LineChange | None:
    r"""Return the edits as one change of lines.

    Args:
        source: What the edits refer to.
        edits: At least one; none that overlaps another.

    Returns:
        ``None`` when lines cannot say it: the end of the file gets or loses its line end.

    >>> line_change(Source("FROM a\nUSER b\n"), [Edit.insert(7, "RUN c\n")])
    LineChange(first=2, last=2, text='RUN c\nUSER b')
    """
    edits = sorted(set(edits))
    text = source.text
    if not edits or not text:
        return None
    start = min(edit.span.start for edit in edits)
    end = max(edit.span.end for edit in edits)
    first = source.position(start).line
    last = source.position(end - 1 if end > start else end).line
    lines = len(source.line_starts) - (text.endswith("\n"))
    first, last = min(first, lines), min(last, lines)
    while True:
        begin, stop = source.line_span(first)[0], source.line_span(last)[1]
        new = _within(text, edits, Span(begin, stop))
        ends = new is not None and (not new or new.endswith("\n") == (text[stop - 1 : stop] == "\n"))
        if ends and (not new or not _ends_blank(new) or (last == lines and new.strip())):
            break
        if new is not None and not ends and stop == len(text):
            return None
        if last < lines:  # the next line goes along
            last += 1
        elif first > 1:
            first -= 1
        else:
            return None
    if not new:
        if stop == len(text) and not text.endswith("\n"):
            return None
        return LineChange(first, last, "")
    return LineChange(first, last, new.removesuffix("\n").removesuffix("\r"))


def _ends_blank(text: str) -> bool:
    """Tell whether the last line holds nothing but blanks."""
    return not text.removesuffix("\n").rpartition("\n")[2].strip()


def _within(text: str, edits: list[Edit], span: Span) -> str | None:
    """Return what becomes of the characters of ``span``; ``None`` when an edit lies outside."""
    if any(edit.span.start < span.start or edit.span.end > span.end for edit in edits):
        return None
    moved = [Edit(edit.span.shift(-span.start), edit.text) for edit in edits]
    return apply_edits(text[span.start : span.end], moved)
