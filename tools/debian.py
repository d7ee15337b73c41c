"""Debian's package index, and what ``apt-get install`` takes from it.

Invariant: nothing but files is read: the ``Packages`` lists that apt keeps below
``/var/lib/apt/lists`` (plain, or packed as ``.gz``, ``.xz``; ``.lz4`` with ``lz4cat``). Of a package in several
lists the newest version counts, as for apt.

Source of the rules: Debian Policy 7.1 (relations), deb-version(7) (order of versions).
"""

import os
import re
import subprocess
from collections.abc import Iterable, Iterator
from typing import NamedTuple

_RELATION = re.compile(r"\s*([^\s(\[:]+)(?::\w+)?\s*(?:\(\s*(<<|<=|=|>=|>>)\s*([^)\s]+)\s*\))?")


class Relation(NamedTuple):
    """Hold one alternative of a relation: ``name (operator version)``; empty strings for any version."""

    name: str
    operator: str = ""
    version: str = ""


Group = tuple[Relation, ...]
"""Alternatives, the preferred one first."""


class Record(NamedTuple):
    """Hold what the index says of a package; ``size`` is ``Installed-Size`` in KiB."""

    name: str
    version: str
    size: int
    depends: tuple[Group, ...]
    recommends: tuple[Group, ...]
    provides: tuple[Relation, ...]
    is_required: bool


class Index:
    """Hold the packages of a suite by name, and who provides a virtual name."""

    def __init__(self, records: Iterable[Record]) -> None:
        self.records: dict[str, Record] = {}
        for record in records:
            known = self.records.get(record.name)
            if known is None or compare(record.version, known.version) > 0:
                self.records[record.name] = record
        self.providers: dict[str, list[tuple[str, str]]] = {}
        for record in self.records.values():
            for virtual in record.provides:
                self.providers.setdefault(virtual.name, []).append((record.name, virtual.version))

    def choices(self, group: Group) -> tuple[list[str], bool]:
        """Return the packages that satisfy a group, the one that apt prefers first.

        The second value tells whether the first one is a pick among several that provide a
        virtual name: apt decides by more than the index says.
        """
        names: list[str] = []
        is_open = False
        for relation in group:
            record = self.records.get(relation.name)
            found = [relation.name] if record is not None and satisfies(record.version, relation) else []
            found += sorted(
                name
                for name, version in self.providers.get(relation.name, ())
                if not relation.operator or (version and satisfies(version, relation))
            )
            if not names and found and found[0] != relation.name and len(set(found)) > 1:
                is_open = True
            names += [name for name in dict.fromkeys(found) if name not in names]
        return names, is_open

    def closure(
        self, packages: Iterable[str], base: Iterable[str] = (), *, recommends: bool = False
    ) -> set[str]:
        """Return what is installed after installing ``packages`` on top of ``base``.

        A virtual name that one package provides stands for that package, as for apt.

        Raises:
            LookupError: A package or one that it depends on is not in the index.
        """
        installed = set(base)
        queue: list[str] = []
        for name in packages:
            names, is_open = self.choices((Relation(name),))
            if is_open or not names:
                raise LookupError(name)
            queue += [names[0]] if names[0] not in installed else []
            installed.add(names[0])
        # Depth first, as apt: what a dependency brings may satisfy the next one by another name.
        stack = [iter(self._groups(name, recommends=recommends)) for name in reversed(queue)]
        while stack:
            name, group, needed = next(stack[-1], ("", (), False))
            if not name:
                stack.pop()
                continue
            names, _ = self.choices(group)
            if not names and needed:
                raise LookupError(f"{name} depends on {group[0].name}")
            if names and not installed.intersection(names):
                installed.add(names[0])
                stack.append(iter(self._groups(names[0], recommends=recommends)))
        return installed

    def _groups(self, name: str, *, recommends: bool) -> list[tuple[str, Group, bool]]:
        record = self.records[name]
        groups = [(name, group, True) for group in record.depends]
        return groups + [(name, group, False) for group in record.recommends if recommends]


def read_index(paths: Iterable[str]) -> Index:
    """Return the packages of ``Packages`` files.

    Raises:
        OSError: A file cannot be read.
        ValueError: A file holds no package.
    """
    records: list[Record] = []
    for path in paths:
        found = list(parse(_text(path)))
        if not found and os.path.getsize(path):
            raise ValueError(f"no packages in {path}")
        records += found
    return Index(records)


def _text(path: str) -> str:
    if path.endswith(".lz4"):
        return subprocess.run(["lz4cat", path], check=True, capture_output=True).stdout.decode("utf-8")
    if path.endswith(".gz"):
        import gzip

        with gzip.open(path, "rt", encoding="utf-8") as packed:
            return packed.read()
    if path.endswith(".xz"):
        import lzma

        with lzma.open(path, "rt", encoding="utf-8") as packed:
            return packed.read()
    with open(path, encoding="utf-8") as file:
        return file.read()


def parse(text: str) -> Iterator[Record]:
    """Yield the records of a ``Packages`` file."""
    for paragraph in text.split("\n\n"):
        fields: dict[str, str] = {}
        key = ""
        for line in paragraph.split("\n"):
            if line[:1] in (" ", "\t"):
                fields[key] += line
                continue
            key, colon, value = line.partition(":")
            if colon:
                fields[key] = value.strip()
        if "Package" not in fields:
            continue
        yield Record(
            fields["Package"],
            fields.get("Version", ""),
            int(fields.get("Installed-Size", "0")),
            (*_groups(fields.get("Pre-Depends", "")), *_groups(fields.get("Depends", ""))),
            tuple(_groups(fields.get("Recommends", ""))),
            tuple(group[0] for group in _groups(fields.get("Provides", ""))),
            fields.get("Priority") == "required" or fields.get("Essential") == "yes",
        )


def _groups(field: str) -> Iterator[Group]:
    for part in field.split(","):
        group = [
            Relation(found[1], found[2] or "", found[3] or "")
            for word in part.split("|")
            if (found := _RELATION.match(word))
        ]
        if group:
            yield tuple(group)


def satisfies(version: str, relation: Relation) -> bool:
    """Tell whether a version is one that the relation allows."""
    if not relation.operator:
        return True
    order = compare(version, relation.version)
    return {"<<": order < 0, "<=": order <= 0, "=": order == 0, ">=": order >= 0, ">>": order > 0}[
        relation.operator
    ]


def compare(left: str, right: str) -> int:
    """Return less than, equal to or more than 0 as ``left`` is older, the same or newer (deb-version(7))."""
    if left == right:
        return 0
    one, other = _split(left), _split(right)
    if one[0] != other[0]:
        return one[0] - other[0]
    return _compare_part(one[1], other[1]) or _compare_part(one[2], other[2])


def _split(version: str) -> tuple[int, str, str]:
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, dash, revision = rest.rpartition("-")
    return int(epoch), upstream if dash else rest, revision if dash else "0"


def _compare_part(left: str, right: str) -> int:
    while left or right:
        words = [re.match(r"\D*", part) for part in (left, right)]
        one, other = (word.group() if word else "" for word in words)
        for at in range(max(len(one), len(other))):
            order = _weight(one, at) - _weight(other, at)
            if order:
                return order
        left, right = left[len(one) :], right[len(other) :]
        digits = [re.match(r"\d*", part) for part in (left, right)]
        one, other = (word.group() if word else "" for word in digits)
        if int(one or 0) != int(other or 0):
            return int(one or 0) - int(other or 0)
        left, right = left[len(one) :], right[len(other) :]
    return 0


def _weight(word: str, at: int) -> int:
    """Return the rank of a character: ``~`` before the end, letters before the others."""
    if at >= len(word):
        return 0
    letter = word[at]
    return -1 if letter == "~" else ord(letter) if letter.isalpha() else ord(letter) + 256
