"""Packages of Python, Node and Ruby that have compiled parts, and what they need.

Invariant: these tables were written from general knowledge (``source.verified`` is false).
They may name what to look at; they never prove that nothing is needed.
"""

from functools import cache
from typing import NamedTuple

from dockeropt.knowledge.load import Source, read_rows

_TABLES = {"pypi": "native_pypi.tsv", "npm": "native_npm.tsv", "gems": "native_gems.tsv"}


class Native(NamedTuple):
    """Hold what a package with compiled parts needs where no binary is published for it.

    Args:
        name: The package.
        binaries: Which binaries are published, e.g. ``manylinux,musllinux``; ``sdist-only`` none.
        deb_build: Debian packages to compile it.
        deb_run: Debian packages to run it.
        apk_build: Alpine packages to compile it.
        apk_run: Alpine packages to run it.
        note: What else to know.
        source: Where the record comes from.
    """

    name: str
    binaries: str
    deb_build: tuple[str, ...]
    deb_run: tuple[str, ...]
    apk_build: tuple[str, ...]
    apk_run: tuple[str, ...]
    note: str
    source: Source

    @property
    def has_musl_binary(self) -> bool:
        """Tell whether binaries for Alpine are said to be published, in newer versions at least."""
        return "musl" in self.binaries or self.binaries.startswith(("pure", "static"))


def native(registry: str, name: str) -> Native | None:
    """Return what is known of a package with compiled parts, ``None`` if it is not listed.

    Args:
        registry: ``pypi``, ``npm`` or ``gems``.
        name: The package's name; for ``pypi`` in any spelling.
    """
    if registry == "pypi":
        import re

        name = re.sub("[-_.]+", "-", name).lower()
    return _table(registry).get(name)


@cache
def _table(registry: str) -> dict[str, Native]:
    table: dict[str, Native] = {}
    for (name, binaries, *needs), source in read_rows(_TABLES[registry]):
        lists = [tuple(field.split()) if field != "-" else () for field in needs[:4]]
        note = needs[4] if len(needs) > 4 else ""
        key = name.replace("_", "-").replace(".", "-") if registry == "pypi" else name
        table[key] = Native(name, binaries, lists[0], lists[1], lists[2], lists[3], note, source)
    return table
