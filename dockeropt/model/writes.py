"""What a command may leave behind in the file system: the shape of the answer.

Invariant: errs to the side of "it may". A word that only the shell knows may be any path below
its literal beginning, and a relative path is taken in every directory that the script may be in.
"""

from collections.abc import Iterable, Sequence
from posixpath import dirname
from typing import NamedTuple

from dockeropt.model.accounts import Home
from dockeropt.model.paths import overlap, resolve, text_of
from dockeropt.model.runs import RunFacts
from dockeropt.shell.nodes import Redirect, Word

Places = Sequence[str | None]
"""The directories that a script may be in; ``None`` for an unknown one."""

SYSTEM = (
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/media", "/mnt", "/opt", "/proc",
    "/root", "/run", "/sbin", "/srv", "/sys", "/tmp", "/usr", "/var",  # noqa: S108
)  # fmt: skip
"""Where packages of a distribution may put files (Filesystem Hierarchy Standard; distributions
forbid ``/home`` and directories of their own in the root to packages)."""


class Footprint(NamedTuple):
    """Say what may have been left behind.

    Args:
        directories: Directories that may have been made and left empty, each of them named.
        trees: Paths at and below which anything may have been written.
        packages: Whether package managers may have written to :data:`SYSTEM`.
        users: Whether the user database may have changed.
        homes: Home directories that may have been made, with their owners.
        owned: Paths at and below which owners, groups or special mode bits may have been changed, or
            have been kept for copies elsewhere.
        removed: Paths at and below which files and directories may have been removed.
        anywhere: Whether nothing is known: any path may have been written.
    """

    directories: tuple[str, ...] = ()
    trees: tuple[str, ...] = ()
    packages: bool = False
    users: bool = False
    homes: tuple[Home, ...] = ()
    owned: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    anywhere: bool = False

    def __or__(self, other: "Footprint") -> "Footprint":
        return together((self, other))


def together(marks: Sequence[Footprint]) -> Footprint:
    """Return what several commands leave behind."""
    return Footprint(
        tuple([path for mark in marks for path in mark.directories]),
        tuple([path for mark in marks for path in mark.trees]),
        any(mark.packages for mark in marks),
        any(mark.users for mark in marks),
        tuple([home for mark in marks for home in mark.homes]),
        tuple([path for mark in marks for path in mark.owned]),
        tuple([path for mark in marks for path in mark.removed]),
        any(mark.anywhere for mark in marks),
    )


NOTHING = Footprint()
ANYWHERE = Footprint(packages=True, users=True, anywhere=True)


def mark_of_redirect(node: Redirect, run: RunFacts, places: Places) -> Footprint:
    """Return what a redirection of ``run`` may write."""
    if node.is_heredoc or node.operator in ("<", "<<<", "<&", ">&"):
        return NOTHING if node.operator != ">&" or node.target.text.strip("-").isdigit() else ANYWHERE
    if node.target.literal in ("/dev/null", "/dev/stdout", "/dev/stderr"):
        return NOTHING
    return trees_of([node.target], run, places)


def paths_of(words: Iterable[Word], run: RunFacts, places: Places) -> tuple[str, ...] | None:
    """Return every absolute path that the words may stand for, or one above; ``None`` if unknown."""
    found: list[str] = []
    for word in words:
        path = text_of(word, run)
        if path is None:
            start = word.text.lstrip("\"'")
            known = start[: min([start.find(c) for c in "$`*?[{\\" if c in start], default=len(start))]
            if not known.startswith("/"):
                if known.startswith("~"):
                    found.append("/root")
                    continue
                return None
            path = dirname(known)
        for place in places:
            full = resolve(path, place)
            if full is None:
                return None
            found.append(full)
    return tuple(found)


def trees_of(words: Iterable[Word], run: RunFacts, places: Places) -> Footprint:
    """Return the footprint of a command that may write at and below what the words name."""
    paths = paths_of(words, run, places)
    return ANYWHERE if paths is None else Footprint(trees=paths, users=touches_users(paths))


def touches_users(paths: Iterable[str]) -> bool:
    """Tell whether the user database may lie at or below one of the paths."""
    return any(overlap(path, "/etc/passwd") or overlap(path, "/etc/group") for path in paths)


def here(places: Places) -> Footprint:
    """Return the footprint of a command that may write anything in its directory."""
    known = tuple([place for place in places if place is not None])
    if len(known) < len(places):
        return ANYWHERE
    return Footprint(trees=known, users=touches_users(known))
