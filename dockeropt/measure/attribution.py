"""Put differences down to packages that came or went, and to another base image.

Invariant: a path is put down to a package only where the package's own manager says so, or where
it leads to a file of the package; owner and permissions only where the package is in another version.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from dockeropt.measure.noise import Known, Made
from dockeropt.measure.packages import DPKG_INFO, Package, joined, packages_of
from dockeropt.measure.tree import Node, Tree

ACCOUNTS = frozenset(
    f"/etc/{name}" for name in ("passwd", "group", "shadow", "gshadow", "subuid", "subgid", "shells")
)
_DOCUMENTATION = "/usr/share/doc/"
LEFT_OUT = "left out by the base image's settings of dpkg"
_LINKS_FOLLOWED = 5


class PackageChanges:
    """What packages that differ between two images explain.

    Args:
        before: The original.
        after: The other one.
        known: What is made from the packages that are installed.
    """

    def __init__(self, before: Tree, after: Tree, known: Known) -> None:
        self.trees = (before, after)
        self.packages = (packages_of(before), packages_of(after))
        self.known = known
        self.made = Made()
        old, new = self.packages
        unknown = old.unknown | new.unknown
        self.changed = frozenset(
            package
            for package in old.versions.keys() | new.versions.keys()
            if old.versions.get(package) != new.versions.get(package) and package.manager not in unknown
        )
        """Packages that are in only one image, or in another version."""

    def why(self, path: str, what: str) -> str:
        """Return which package a difference is put down to, ``""`` for none."""
        if not self.changed:
            return ""
        package = self._owner(path, what)
        if package is not None:
            return f"package {package.name}"
        maker = self.made.maker(path, what)
        if maker is not None and (maker == "*" or Package("dpkg", maker) in self.changed):
            return "accounts of packages" if maker == "*" else f"made by package {maker}"
        if what == "owner" and self._same_names(path):
            return "number of a system account"
        if what in {"mode", "owner"}:
            return ""
        if path in ACCOUNTS and what == "content":
            names = {_account(line) for line in _differing_lines(path, *self.trees)}
            return "accounts of packages" if names and names <= self._mentioned else ""
        if what in {"added", "removed"} and path in self._mentioned:
            return "made by a package's script"
        return self.known.why(path, what)

    def _owner(self, path: str, what: str) -> Package | None:
        sides = {"removed": (0,), "added": (1,)}.get(what, (0, 1))
        if what in {"mode", "owner"}:
            # A folder has many owners, and a file of a package in one version has one mode.
            kinds = {tree.nodes[path].kind for tree in self.trees}
            return self._first(path, sides) if kinds == {"file"} else None
        for name in _names_in(path):
            if name in self.changed:
                return name
        return self._first(path, sides) or next(
            (found for side in sides if (found := self._behind_link(path, side)) is not None), None
        )

    def _same_names(self, path: str) -> bool:
        """Tell whether a path has the same owners by name: packages take the next free number."""
        names = []
        for tree in self.trees:
            users, groups = (account_names(tree, name) for name in ("passwd", "group"))
            user, _, group = tree.nodes[path].owner.partition(":")
            names.append((users.get(user, user), groups.get(group, group)))
        return names[0] == names[1]

    def _first(self, path: str, sides: Iterable[int]) -> Package | None:
        owners = {owner for side in sides for owner in self.packages[side].owners_of(path)}
        return min(owners & self.changed, default=None)

    def _behind_link(self, path: str, side: int) -> Package | None:
        """Return the changed package whose file a link leads to in the end."""
        for _ in range(_LINKS_FOLLOWED):
            node = self.trees[side].nodes.get(path)
            if node is None or node.kind != "link":
                return None
            path = self.packages[side].real(joined(path, node.content))
            found = self._first(path, (side,))
            if found is not None:
                return found
        return None

    @cached_property
    def _mentioned(self) -> frozenset[str]:
        """All words in the scripts of packages that changed: they make the accounts they need."""
        found: set[str] = set()
        for package in self.changed:
            for tree in self.trees:
                for kind in ("preinst", "postinst", "config"):
                    text = tree.texts.get(f"{DPKG_INFO}{package.name}.{kind}", b"").decode("utf-8", "replace")
                    found.update(re.findall(r"[\w/][\w./-]*", text))
        return frozenset(found)


class BaseChanges:
    """What another base image explains.

    Args:
        before: The original.
        after: The other image.
        bases: The images that the two are built on.
    """

    def __init__(self, before: Tree, after: Tree, bases: tuple[Tree, Tree]) -> None:
        self.trees = (before, after)
        self.bases = bases
        self._excluded = [_dpkg_excludes(tree) for tree in bases]

    def why(self, path: str, what: str, value: Callable[[Node | None], object]) -> str:
        """Return how the base image explains a difference, ``""`` if it does not.

        Args:
            path: The path.
            what: What is different.
            value: Gives of a node what is different.
        """
        old, new = (value(tree.nodes.get(path)) for tree in self.bases)
        found = tuple(value(tree.nodes.get(path)) for tree in self.trees)
        if old != new and found == (old, new):
            return "base image"
        if path in ACCOUNTS and what == "content":
            lines = _differing_lines(path, *self.trees)
            return "base image" if lines and lines <= _differing_lines(path, *self.bases) else ""
        return LEFT_OUT if self._left_out(path, what) else ""

    def _left_out(self, path: str, what: str) -> bool:
        """Tell whether only one of the base images lets dpkg install a path, or what a link leads to."""
        if path.startswith(DPKG_INFO) and path.endswith(".list") and what == "content":
            lines = _differing_lines(path, *self.trees)
            return bool(lines) and all(self._excluded_by_one(line) for line in lines)
        side = {"removed": 1, "added": 0}.get(what)
        if side is None:
            return False
        there = self.trees[1 - side]
        for _ in range(_LINKS_FOLLOWED):
            if self._excluded[side](path) and not self._excluded[1 - side](path):
                return True
            node = there.nodes.get(path)
            if node is None or node.kind != "link":
                return False
            path = joined(path, node.content)
        return False

    def _excluded_by_one(self, path: str) -> bool:
        return self._excluded[0](path) != self._excluded[1](path)


def _names_in(path: str) -> Iterator[Package]:
    """Yield the dpkg package whose name is part of a path that is dpkg's own, or documentation."""
    if path.startswith(DPKG_INFO):
        yield Package("dpkg", path.removeprefix(DPKG_INFO).rpartition(".")[0].partition(":")[0])
    elif path.startswith(_DOCUMENTATION):
        yield Package("dpkg", path.removeprefix(_DOCUMENTATION).partition("/")[0])


def account_names(tree: Tree, kind: str) -> dict[str, str]:
    """Return the names of an image's system accounts by number: those that packages create.

    Source: Debian Policy 9.2.2: numbers from 100 to 999 are given to system accounts as they come.
    """
    found: dict[str, str] = {}
    for line in tree.texts.get(f"/etc/{kind}", b"").decode("utf-8", "replace").splitlines():
        name, _, number, *_ = [*line.split(":"), "", ""]
        if number.isdigit() and 100 <= int(number) <= 999:
            found[number] = name
    return found


def _account(line: str) -> str:
    return line.partition(":")[0]


def _differing_lines(path: str, one: Tree, two: Tree) -> frozenset[str]:
    texts = [tree.texts.get(path, b"").decode("utf-8", "replace") for tree in (one, two)]
    return frozenset(texts[0].splitlines()) ^ frozenset(texts[1].splitlines())


def _dpkg_excludes(tree: Tree) -> Callable[[str], bool]:
    """Return whether dpkg leaves out a path when it installs a package, by its configuration.

    Source: dpkg(1), ``--path-exclude``: of the patterns that match, the last one decides.
    """
    from fnmatch import translate

    rules: list[tuple[bool, re.Pattern[str]]] = []
    for path in sorted(tree.texts):
        if path.startswith("/etc/dpkg/dpkg.cfg"):
            for line in tree.texts[path].decode("utf-8", "replace").splitlines():
                match = re.match(r"\s*path-(exclude|include)(?:\s*=\s*|\s+)(\S+)", line)
                if match:
                    rules.append((match[1] == "exclude", re.compile(translate(match[2]))))

    def excluded(path: str) -> bool:
        return next((out for out, pattern in reversed(rules) if pattern.match(path)), False)

    return excluded
