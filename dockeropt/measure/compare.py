"""Find every path that differs between two images, and say what each is put down to.

The order of judgement: differs like that between two builds of the original; is known to differ in
every build; is a cache; comes from packages, then from the base image, where a fix declares that it
changes them. Invariant: whatever nothing explains is ``unexpected``; owner and permissions are
explained by nothing but two builds of the original, a package in another version, or the base image.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from dockeropt.measure.attribution import BaseChanges, PackageChanges
from dockeropt.measure.noise import Known, homes_of
from dockeropt.measure.records import Difference, FileComparison
from dockeropt.measure.tree import Node, Tree
from dockeropt.rewrite.fix import Effect

TWO_BUILDS = "differs in two builds of the original"

_VALUES: Mapping[str, Callable[[Node], object]] = {
    "added": lambda node: node,
    "removed": lambda node: node,
    "type": lambda node: (node.kind, node.content),
    "mode": lambda node: (node.mode, node.capabilities),
    "owner": lambda node: node.owner,
    "content": lambda node: (node.kind, node.content),
}
"""What of a node a difference is in."""


class _Found(NamedTuple):
    path: str
    what: str
    old: Node | None
    new: Node | None


def compare(
    before: Tree,
    after: Tree,
    *,
    control: Tree | None = None,
    effects: frozenset[Effect] = frozenset(),
    bases: tuple[Tree, Tree] | None = None,
) -> FileComparison:
    """Return what became of every path.

    Args:
        before: File system of the original.
        after: File system of the other image.
        control: File system of a second build of the original.
        effects: What the fixes declare.
        bases: File systems of the two base images; only asked where a fix declares another base.
    """
    raw = list(_differences(before, after))
    touched = {one.path for one in raw}
    identical = len(before.nodes.keys() | after.nodes.keys()) - len(touched)
    if not raw:
        return FileComparison(identical, ())
    judge = _Judge(before, after, control, effects, bases)
    judged = {(one.path, one.what): judge.judge(one) for one in raw}
    _judge_folders(raw, judged)
    found = [_difference(one, *judged[one.path, one.what]) for one in raw]
    return FileComparison(identical, tuple(found))


def _differences(before: Tree, after: Tree) -> Iterator[_Found]:
    """Yield what differs, sorted by path; a path may differ in more than one way."""
    for path in sorted(before.nodes.keys() | after.nodes.keys()):
        old, new = before.nodes.get(path), after.nodes.get(path)
        if old == new:
            continue
        if old is None or new is None:
            yield _Found(path, "added" if old is None else "removed", old, new)
            continue
        links = "link" in {old.kind, new.kind}
        if old.kind != new.kind:
            yield _Found(path, "type", old, new)
        if not links and _VALUES["mode"](old) != _VALUES["mode"](new):
            yield _Found(path, "mode", old, new)
        if old.owner != new.owner:
            yield _Found(path, "owner", old, new)
        if old.kind == new.kind and old.content != new.content:
            yield _Found(path, "content", old, new)


class _Judge:
    def __init__(
        self,
        before: Tree,
        after: Tree,
        control: Tree | None,
        effects: frozenset[Effect],
        bases: tuple[Tree, Tree] | None,
    ) -> None:
        homes = homes_of(before, after)
        self.noise = Known("noise", homes)
        self.cache = Known("cache", homes)
        self.install = Known("install", homes) if Effect.FILES in effects else None
        self.packages: PackageChanges | None = None
        if effects & {Effect.PACKAGES, Effect.BASE}:
            self.packages = PackageChanges(before, after, Known("packages", homes))
        self.base: BaseChanges | None = None
        if Effect.BASE in effects and bases is not None:
            self.base = BaseChanges(before, after, bases)
        self.mask = _TwoBuilds(before, control) if control is not None else None
        self.trees = (before, after)

    def judge(self, one: _Found) -> tuple[str, str]:
        """Return the kind of a difference, and what it is put down to."""
        path, what = one.path, one.what
        if self.mask is not None and self.mask.covers(one, self.trees):
            return "noise", TWO_BUILDS
        if why := self.noise.why(path, what):
            return "noise", why
        if why := self.cache.why(path, what):
            return "declared", why
        if self.packages is not None and (why := self.packages.why(path, what)):
            return "declared", why
        if self.base is not None:
            of_node = _VALUES[what]
            why = self.base.why(path, what, lambda node: None if node is None else of_node(node))
            if why:
                return "declared", why
        if self.install is not None and (why := self.install.why(path, what)):
            return "declared", why
        return "unexpected", ""


class _TwoBuilds:
    """What differs between two builds of the original, names made at random among it."""

    def __init__(self, before: Tree, control: Tree) -> None:
        self.control = control
        self.differing: set[tuple[str, str]] = set()
        self.random: dict[tuple[str, str, int, str], str] = {}
        for one in _differences(before, control):
            self.differing.add((one.path, one.what))
            if one.new is not None and one.what == "added" and _above(one.path) in before.nodes:
                self.random.setdefault(_shape(one.path, one.new), one.path)

    def covers(self, one: _Found, trees: tuple[Tree, Tree]) -> bool:
        if (one.path, one.what) in self.differing:
            return True
        if one.what != "added" or one.new is None or not self.random:
            return False
        before, after = trees
        top = one.path
        while (above := _above(top)) not in before.nodes and above != "/":
            top = above
        node = after.nodes.get(top)
        like = self.random.get(_shape(top, node)) if node is not None else None
        if like is None:
            return False
        twin = self.control.nodes.get(like + one.path[len(top) :])
        return twin is not None and twin[:3] == one.new[:3]


def _above(path: str) -> str:
    return path.rpartition("/")[0] or "/"


def _shape(path: str, node: Node) -> tuple[str, str, int, str]:
    """Return what names made at random in one place have in common: ``/tmp/tmpx1b2.txt``."""
    folder, _, name = path.rpartition("/")
    return folder, node.kind, len(name), name.rpartition(".")[2] if "." in name else ""


def _judge_folders(raw: list[_Found], judged: dict[tuple[str, str], tuple[str, str]]) -> None:
    """Explain folders that came or went with what is in them, where all of that is explained."""
    # Sorted by path, what lies in a folder comes after it: from the end, the deepest come first.
    inside: dict[str, str] = {}
    blocked: set[str] = set()
    for one in reversed(raw):
        kind, why = judged[one.path, one.what]
        node = one.old or one.new
        gone = one.what in {"added", "removed"} and node is not None and node.kind == "folder"
        if kind == "unexpected" and gone and one.path in inside and one.path not in blocked:
            kind, why = judged[one.path, one.what] = "declared", inside[one.path]
        above = _above(one.path)
        if kind == "unexpected":
            blocked.add(above)
        elif kind == "declared":
            inside.setdefault(above, why)
        if one.path in blocked:
            blocked.add(above)


def _difference(one: _Found, kind: str, why: str) -> Difference:
    sizes = [node.size if node is not None else 0 for node in (one.old, one.new)]
    size = 0 if one.what in {"mode", "owner"} else sizes[1] - sizes[0]
    return Difference(one.path, one.what, kind, why, _shown(one.old), _shown(one.new), size)


def _shown(node: Node | None) -> str:
    if node is None:
        return ""
    text = f"{node.mode:04o} {node.owner}"
    if node.kind == "file":
        text += f" {node.size}"
    else:
        text += f" {node.kind}" + (f" to {node.content}" if node.kind == "link" else "")
    return f"{text} with capabilities" if node.capabilities else text
