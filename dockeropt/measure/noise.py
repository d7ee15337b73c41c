"""Recognise paths that differ without anybody's fault: caches, logs, indexes.

The tables are the project's knowledge (:mod:`dockeropt.knowledge.caches`, :mod:`~.byproducts`).
Invariant: what somebody asked for is never among it, and neither are owners and permissions.
"""

import re
from collections.abc import Iterable, Iterator

from dockeropt.knowledge.byproducts import byproducts
from dockeropt.knowledge.caches import all_cache_paths
from dockeropt.measure.tree import Tree

TABLE_COVERS = {
    "noise": frozenset({"content"}),
    "cache": frozenset({"content", "added", "removed", "type"}),
    "packages": frozenset({"content", "added", "removed", "type"}),
    "install": frozenset({"content", "added", "removed"}),
}
"""Which differences of a path a kind of the table may explain."""


class Known:
    """The known paths of one kind, in an image whose users have homes.

    Args:
        kind: As in the table: ``cache``, ``noise``, ``packages`` or ``install``.
        homes: Home directories.
    """

    def __init__(self, kind: str, homes: Iterable[str]) -> None:
        self._covers = TABLE_COVERS[kind]
        self._whats: list[str] = []
        parts: list[str] = []
        home = "(?:/home/[^/]+|" + "|".join(re.escape(one) for one in sorted({"/root", *homes})) + ")"
        for pattern, what in _patterns(kind):
            parts.append(f"({_expression(pattern, home)})")
            self._whats.append(what)
        self._pattern = re.compile("|".join(parts), re.DOTALL)

    def why(self, path: str, what: str) -> str:
        """Return what is known of a path whose ``what`` differs, ``""`` for nothing."""
        if what not in self._covers:
            return ""
        match = self._pattern.fullmatch(path)
        return self._whats[match.lastindex - 1] if match is not None and match.lastindex else ""


class Made:
    """The known paths that the script of a package makes, or gives an owner and permissions."""

    def __init__(self) -> None:
        self._rows: list[tuple[re.Pattern[str], str]] = []
        for known in byproducts("made"):
            maker = known.what.partition(":")[0]
            self._rows.append((re.compile(_expression(known.pattern, "~"), re.DOTALL), maker))

    def maker(self, path: str, what: str) -> str | None:
        """Return the package that makes a path, ``*`` for any that has accounts; ``None`` for no known one.

        Owner and permissions only where the table names the path itself, without a wildcard.
        """
        for pattern, maker in self._rows:
            exact = "*" not in pattern.pattern
            if pattern.fullmatch(path) and (exact or what not in {"mode", "owner"}):
                return maker
        return None


def homes_of(*trees: Tree) -> frozenset[str]:
    """Return the home directories that the accounts of images have."""
    found: set[str] = set()
    for tree in trees:
        for line in tree.texts.get("/etc/passwd", b"").decode("utf-8", "replace").splitlines():
            fields = line.split(":")
            if len(fields) > 5 and fields[5].count("/") and fields[5] not in {"/", "/nonexistent"}:
                found.add(fields[5].rstrip("/"))
    return frozenset(found - {""})


def _patterns(kind: str) -> Iterator[tuple[str, str]]:
    if kind == "cache":
        for one in all_cache_paths():
            what = f"cache of {one.tool}" if one.what.startswith(("index", "packages")) else one.what
            yield one.path, what
            yield f"{one.path}/**", what
    for known in byproducts(kind):
        yield known.pattern, known.what


def _expression(pattern: str, home: str) -> str:
    """Return the regular expression of a pattern; it has no groups."""
    found: list[str] = []
    for part in re.split(r"(\*\*|\*|\[[^\]]+\])", pattern):
        if part == "**":
            found.append(".*")
        elif part == "*":
            found.append("[^/]*")
        elif part.startswith("["):
            found.append(part)
        else:
            found.append(re.escape(part))
    text = "".join(found)
    return home + text.removeprefix(re.escape("~")) if pattern.startswith("~") else text
