"""How much disk the Debian packages of an image take, and apt's own package lists.

Invariant: figures of one day, as Debian's package index and apt gave them; an image of another
day has others, of the same size class. What no table says is ``None``.
"""

from functools import cache
from typing import NamedTuple

from dockeropt.knowledge.load import Source, read_rows
from dockeropt.knowledge.packages import set_of
from dockeropt.knowledge.tags import Ref


class Installed(NamedTuple):
    """Hold what the packages of an image take.

    Args:
        packages: How many there are.
        bytes: The sum of Installed-Size, which dpkg estimates when a package is made.
        source: Where the figures come from.
    """

    packages: int
    bytes: int
    source: Source


def packages_size(ref: Ref) -> Installed | None:
    """Return what the Debian packages of an image take, ``None`` if no table says."""
    name = set_of(ref)
    return _sets().get(name) if name is not None else None


def lists_size(suite: str) -> tuple[int, Source] | None:
    """Return the bytes that ``apt-get update`` leaves on a Debian release, ``None`` if not measured."""
    return _lists().get(suite)


@cache
def _sets() -> dict[str, Installed]:
    return {
        name: Installed(int(number), int(kilobytes) * 1024, source)
        for (name, number, kilobytes), source in read_rows("deb_set_sizes.tsv")
    }


@cache
def _lists() -> dict[str, tuple[int, Source]]:
    return {suite: (int(size), source) for (suite, size), source in read_rows("apt_lists.tsv")}
