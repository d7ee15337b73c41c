"""What apt adds to an installation because a package recommends it.

Invariant: "nothing" is only said of packages whose whole closure of dependencies the table was
made from, on the Debian release asked for. What the table does not have is unknown, not nothing.

The table holds, for a package, the recommendations in its closure that neither the minimal base
nor the closure itself satisfies. A larger base or a further package of the same command can only
make the list shorter: dependencies that are there are not installed, and bring nothing.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from dockeropt.knowledge.load import Source, has_table, read_text, source_of


class Recommended(NamedTuple):
    """Say what one package recommends, its dependencies included, on the minimal Debian base.

    Args:
        packages: What apt would take, without what comes along with it. Empty: recommending is
            without effect.
        suite: The Debian release; others may differ.
        source: Where the record comes from.
        groups: The alternatives of each, the first is what apt takes.
        brings: Packages that certainly come with it, as far as others recommend them.
        extra: About how many packages come in the end because of recommendations: where apt picks
            among several that provide one, another choice may bring more or less.
        size: About what these take installed, in KiB.
    """

    packages: frozenset[str]
    suite: str
    source: Source
    groups: tuple[tuple[str, ...], ...] = ()
    brings: frozenset[str] = frozenset()
    extra: int = 0
    size: int = 0


class Extras(NamedTuple):
    """Say what an installation brings only because it is recommended.

    Args:
        left: For each package, the recommended packages that nothing else brings.
        unknown: Packages that the table does not know; anything may come with them.
        size: About how many KiB the known ones take installed; what several bring counts once.
        source: Where the table comes from.
    """

    left: tuple[tuple[str, tuple[str, ...]], ...]
    unknown: tuple[str, ...]
    size: int
    source: Source

    @property
    def is_nothing(self) -> bool:
        """Tell whether it is certain that nothing comes."""
        return not self.left and not self.unknown


def recommended(
    suite: str, packages: Iterable[str], installed: frozenset[str] = frozenset()
) -> Extras | None:
    """Return what installing ``packages`` in one command brings as recommended.

    Args:
        suite: Code name of the Debian release.
        packages: The packages named in the command.
        installed: Packages that are there for certain, beside those of the minimal base.

    Returns:
        ``None`` when there is no table for the release.
    """
    if not has_table(f"recommends/{suite}.tsv"):
        return None
    named = [name for name in dict.fromkeys(packages) if name not in installed]
    records = {name: recommended_with(name, suite) for name in named}
    there = installed.union(named)
    brought = frozenset().union(*(record.brings for record in records.values() if record is not None))
    left: list[tuple[str, tuple[str, ...]]] = []
    size = 0
    for name, record in records.items():
        missing = [
            group[0].lstrip("?")
            for group in (record.groups if record is not None else ())
            # Of alternatives, one that comes later as a dependency may come too late for apt to see it.
            if group[0] not in brought and there.isdisjoint(group) and group[0].lstrip("?") not in there
        ]
        if missing and record is not None:
            left.append((name, tuple(missing)))
            size = max(size, record.size)
    unknown = tuple(name for name, record in records.items() if record is None)
    return Extras(tuple(left), unknown, size, source_of(f"recommends/{suite}.tsv"))


def recommends_nothing(suite: str, packages: Iterable[str], installed: frozenset[str] = frozenset()) -> bool:
    """Tell whether it is certain that ``packages`` bring nothing as recommended (see :func:`recommended`)."""
    extras = recommended(suite, packages, installed)
    return extras is not None and extras.is_nothing


@lru_cache(maxsize=4096)
def recommended_with(package: str, suite: str = "bookworm") -> Recommended | None:
    """Return what comes with a Debian package as recommended, ``None`` if not in the table."""
    if not package or not has_table(f"recommends/{suite}.tsv"):
        return None
    # PERF: a file asks for a few of many hundred long lines; none of the others is split.
    text = _text(suite)
    start = text.find(f"\n{package}\t")
    if start < 0:
        start = text.find(f"\n{package}\n")
    if start < 0:
        return None
    fields = [*text[start + 1 : text.index("\n", start + 1)].split("\t"), "", "", "0", "0"]
    if fields[1] == "?":
        return None
    groups = tuple(tuple(group.split("|")) for group in fields[1].split())
    count, size = (int(fields[3]), int(fields[4])) if groups else (0, 0)
    names = frozenset(group[0].lstrip("?") for group in groups)
    source = source_of(f"recommends/{suite}.tsv")
    return Recommended(names, suite, source, groups, frozenset(fields[2].split()), count, size)


@cache
def _text(suite: str) -> str:
    return read_text(f"recommends/{suite}.tsv") + "\n"
