"""Write what Debian packages recommend, from the package index that apt keeps on disk.

For every package asked for: the recommendations in its whole dependency closure that nothing of
the closure and of the minimal base satisfies, so that the table says exactly when
``--no-install-recommends`` changes nothing.

    python -m tools.refresh_recommends --suite bookworm --date 2026-11-24 \\
        --packages most-used.txt /var/lib/apt/lists/*bookworm*_Packages*

``most-used.txt`` names a package a line, the most used first; what the suite lacks is skipped.
"""

import argparse
import os
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tools import tables
from tools.debian import Group, Index, read_index

NAMED = 12
"""Alternatives of one group that are written down; apt takes the first in any case."""

ABOUT = (
    "What the packages used most recommend, their dependencies included, on Debian {suite} (amd64).",
    "Columns: package, recommended packages that neither the minimal base nor its dependencies bring (| between",
    "alternatives, the first is what apt takes; ? before a group: apt picks among several that provide it),",
    "packages that it certainly brings (only those that some package here recommends), how many packages come",
    "because of recommendations, KiB that these take installed. ? as the only recommendation: not known.",
)


class Row(NamedTuple):
    """Hold what one package recommends; ``brings`` is the certain part of its closure."""

    groups: tuple[str, ...]
    brings: frozenset[str]
    extra: int
    size: int


def row_of(index: Index, package: str, base: frozenset[str]) -> Row:
    """Return what installing ``package`` on the minimal base brings as recommended.

    Raises:
        LookupError: A dependency is not in the index.
    """
    closure = _widest(index, package, base) if package not in base else set()
    if any(_is_open(index, group, base) for name in closure for group in index.records[name].depends):
        return Row(("?",), frozenset(), 0, 0)
    sure = _certain(index, package, base) if closure else set()
    groups: dict[str, None] = {}
    for name in sorted(closure, key=lambda name: (name != package, name)):
        for group in index.records[name].recommends:
            names, is_open = index.choices(group)
            if (
                not names
                or package in names
                or base.intersection(names)
                or (not is_open and names[0] in sure)
            ):
                continue
            groups["?" * is_open + "|".join(names[:NAMED])] = None
    extra: set[str] = set()
    if closure:
        extra = index.closure([package], base, recommends=True) - index.closure([package], base)
    return Row(tuple(groups), frozenset(sure), len(extra), sum(index.records[name].size for name in extra))


def _widest(index: Index, package: str, base: frozenset[str]) -> set[str]:
    """Return all that may come: the preferred alternative even where another one comes, too."""
    closure = {package}
    queue = [package]
    while queue:
        for group in index.records[queue.pop()].depends:
            names, _ = index.choices(group)
            if not names:
                raise LookupError(group[0].name)
            if names[0] not in closure and not base.intersection(names) and package not in names:
                closure.add(names[0])
                queue.append(names[0])
    return closure


def _is_open(index: Index, group: Group, base: frozenset[str]) -> bool:
    names, is_open = index.choices(group)
    return is_open and not base.intersection(names)


def _certain(index: Index, package: str, base: frozenset[str]) -> set[str]:
    """Return the part of the closure that hangs on no choice."""
    sure: set[str] = set()
    queue = [package]
    while queue:
        name = queue.pop()
        if name in sure or name in base:
            continue
        sure.add(name)
        found = [index.choices(group)[0] for group in index.records[name].depends]
        queue += [names[0] for names in found if len(names) == 1]
    return sure


def rows_of(index: Index, packages: Iterable[str], base: frozenset[str], most: int) -> dict[str, Row]:
    """Return the rows of the first ``most`` packages that the index has and that can be installed."""
    rows: dict[str, Row] = {}
    for package in packages:
        if len(rows) < most and package in index.records and package not in rows:
            try:
                rows[package] = row_of(index, package, base)
            except LookupError:
                continue
    return rows


def lines_of(rows: dict[str, Row]) -> list[Sequence[str]]:
    """Return the records of the table, names of ``brings`` left off that nobody asks for."""
    asked = {group.partition("|")[0] for row in rows.values() for group in row.groups}
    return [
        (
            package,
            " ".join(row.groups),
            " ".join(sorted((row.brings & asked) - {package})),
            *((str(row.extra), str(row.size)) if row.extra else ()),
        )
        for package, row in sorted(rows.items())
    ]


def minimal_base(index: Index) -> frozenset[str]:
    """Return what every Debian root holds: essential and required packages, apt, their dependencies."""
    return frozenset(
        index.closure(sorted(n for n, r in index.records.items() if r.is_required or n == "apt"))
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the indexes, write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("indexes", nargs="+", help="Packages files of the suite, of its updates and security")
    parser.add_argument("--suite", required=True)
    parser.add_argument("--date", required=True, help="day of apt-get update")
    parser.add_argument("--packages", required=True, help="file with a package a line")
    parser.add_argument("--base", help="file with the base's packages, one a line; default: computed")
    parser.add_argument("--most", type=int, default=800)
    parser.add_argument("--output", default=os.path.join(tables.DATA, "recommends"))
    given = parser.parse_args(arguments)
    index = read_index(given.indexes)
    with open(given.packages, encoding="utf-8") as file:
        wanted = [word for line in file if (word := re.split(r"\s", line, maxsplit=1)[0])]
    base = minimal_base(index)
    if given.base:
        with open(given.base, encoding="utf-8") as file:
            base = frozenset(file.read().split())
    rows = rows_of(index, wanted, base, given.most)
    source = f"package index of Debian {given.suite}, {given.suite}-updates and {given.suite}-security"
    head = tables.heading([line.format(suite=given.suite) for line in ABOUT], source, given.date)
    tables.write(os.path.join(given.output, f"{given.suite}.tsv"), tables.table(head, lines_of(rows)))
    print(
        f"{given.suite}: {len(rows)} packages, {sum(not row.groups for row in rows.values())} recommend nothing"
    )


if __name__ == "__main__":
    main()
