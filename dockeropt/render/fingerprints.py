"""Recognise a finding again: in a later run, in a review, in a baseline.

Invariant: a finding keeps its fingerprint while the lines that it points at keep their words,
wherever they move in the file; no two findings of one file share one. Line numbers and the
wording of messages are no part of it, so neither an edit above nor a new version changes it.
"""

from collections.abc import Iterable, Sequence

from dockeropt.render.rows import Row
from dockeropt.text import Source

LENGTH = 32
"""How many hexadecimal digits a fingerprint has."""


def fingerprints(path: str, text: str, rows: Sequence[Row]) -> list[str]:
    """Return a fingerprint for each of ``rows``, in their order.

    It is made of the path, the pass, the words on the lines that the finding points at, and how
    many equal findings stand before it in the file.

    Args:
        path: The name of the file, relative, with slashes; ``""`` for a fingerprint that the file
            keeps when it is renamed.
        text: The text that the places of the rows refer to.
        rows: All findings of the file; leaving some out may change those of equal ones.
    """
    source = Source(text)
    return numbered([(path, row.pass_id, words_at(source, row)) for row in rows])


def words_at(source: Source, row: Row) -> str:
    """Return the words on the lines that a finding points at, one blank between any two."""
    start, end = row.span
    last = max(start, end - 1)
    first_line = source.position(min(start, len(source.text))).line
    last_line = source.position(min(last, len(source.text))).line
    return " ".join(source.text[source.line_span(first_line)[0] : source.line_span(last_line)[1]].split())


def numbered(parts: Iterable[tuple[str, ...]]) -> list[str]:
    """Return a hash of each tuple of texts; equal ones are told apart by their order.

    >>> first, second = numbered([("a", "b"), ("a", "b")])
    >>> first == second
    False
    """
    from hashlib import sha256

    seen: dict[tuple[str, ...], int] = {}
    found: list[str] = []
    for part in parts:
        number = seen[part] = seen.get(part, -1) + 1
        data = "\0".join((*part, str(number))).encode("utf-8", "surrogateescape")
        found.append(sha256(data).hexdigest()[:LENGTH])
    return found
