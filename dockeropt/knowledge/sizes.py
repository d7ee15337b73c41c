"""How large images are, where that was read somewhere."""

from functools import cache
from typing import NamedTuple

from dockeropt.knowledge.load import Source, read_rows
from dockeropt.knowledge.tags import Ref


class Size(NamedTuple):
    """Hold the size of an image for linux/amd64.

    Args:
        compressed: Bytes to download; ``None`` if not known.
        unpacked: Bytes on disk; ``None`` if not known.
        date: Day that the figure is of; ``None`` when the copy it was read from is undated:
            an order of magnitude, not to be compared with another.
        source: Where the figure comes from.
    """

    compressed: int | None
    unpacked: int | None
    date: str | None
    source: Source


def size_of(ref: Ref) -> Size | None:
    """Return the size of an official image's tag, ``None`` if it was not read anywhere."""
    name = ref.official
    if name is None or (ref.digest is not None and ref.tag is None):
        return None
    return _table().get(f"{name}:{ref.tag or 'latest'}")


@cache
def _table() -> dict[str, Size]:
    table: dict[str, Size] = {}
    for (ref, compressed, unpacked, date, where), source in read_rows("sizes.tsv"):
        table[ref] = Size(
            None if compressed == "-" else int(compressed),
            None if unpacked == "-" else int(unpacked),
            None if date == "-" else date,
            Source(where, "" if date == "-" else date, source.verified and date != "-"),
        )
    return table
