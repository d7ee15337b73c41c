"""Files that no instruction asks for: caches, logs, indexes, and what else tools write in passing."""

from functools import cache
from typing import NamedTuple

from dockeropt.knowledge.load import Source, read_rows


class Byproduct(NamedTuple):
    """Hold a pattern of paths.

    Args:
        pattern: ``**`` is any depth, ``*`` is within a name, ``[...]`` one of these letters, ``~`` a
            home directory.
        kind: ``cache`` (may come, go and differ), ``noise`` (the content may differ), ``packages`` (comes,
            goes and differs with the packages that are installed), ``install`` (the same, with what a
            package manager of a language installs), ``made`` (by the script of one package).
        what: What lies there; of ``made``, the package and a colon before it, ``*`` for any package.
        source: Who says so.
    """

    pattern: str
    kind: str
    what: str
    source: Source


@cache
def byproducts(kind: str) -> tuple[Byproduct, ...]:
    """Return the patterns of one kind; caches of package managers are in :mod:`.caches`."""
    return tuple(
        Byproduct(pattern, found, what, Source(document, source.date))
        for (pattern, found, what, document), source in read_rows("byproducts.tsv")
        if found == kind
    )
