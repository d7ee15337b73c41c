"""npm workspaces: the packages of a repository that one install links into ``node_modules``.

``npm ci`` finds them by the patterns of the root's ``package.json``, reads the ``package.json`` of each, and
links their folders; nothing else of them is read, as long as they have no scripts and no programs.

Invariant: the answer holds for npm 7 and later, which a lock file of version 3 shows, as no older one reads it.
Sources, seen 2026-11-24: npm documentation, "workspaces", "package-lock.json" and "scripts"; the sources of
map-workspaces (patterns: no hidden folders, no node_modules) and of bin-links (no link to a program
that is not there).
"""

import re
from collections.abc import Mapping
from posixpath import normpath

from dockeropt.project.manifests.look import Folder, Refused, Request, strings, table

_PATTERN = re.compile(r"(?:\./)?(?:[\w@-][\w.@-]*/)*(?:[\w@-][\w.@-]*|\*)/?")
"""Patterns that are understood: a folder, or all folders in one."""


def npm_workspaces(package: Mapping[str, object], folder: Folder, request: Request) -> tuple[str, ...]:
    """Return the folders of the workspaces, relative to ``folder``, each with a ``package.json``.

    Raises:
        Refused: something else than their manifests may be read, or it is not known which they are.
    """
    if request.has("-ws", "--workspaces", "--include-workspace-root", "--no-workspaces"):
        raise Refused("it installs for some of the workspaces")
    lock = folder.json("package-lock.json") if folder.has("package-lock.json") else {}
    if lock.get("lockfileVersion") != 3:
        raise Refused("the package has workspaces, and no package-lock.json of version 3")
    listed = package.get("workspaces")
    patterns = strings(table(listed).get("packages") if isinstance(listed, dict) else listed)
    found = tuple(dict.fromkeys([path for pattern in patterns for path in _folders(pattern, folder)]))
    linked = {
        str(entry.get("resolved"))
        for entry in map(table, table(lock.get("packages")).values())
        if entry.get("link")
    }
    if not found:
        raise Refused("the package has workspaces, and none of them is copied")
    if linked != set(found):
        raise Refused("package-lock.json names other workspaces than package.json")
    return found


def _folders(pattern: str, folder: Folder) -> tuple[str, ...]:
    """Return the folders that a pattern means and that hold a ``package.json``."""
    if not _PATTERN.fullmatch(pattern):
        raise Refused(f"the workspaces {pattern} are not understood")
    pattern = normpath(pattern)
    if not pattern.endswith("*"):
        folder.need(f"{pattern}/package.json")
        return (pattern,)
    parent = pattern.rstrip("*").rstrip("/")
    names: list[str] = []
    for entry in folder.build.entries(folder.path(parent or ".")):
        path = entry.path.removeprefix(f"{folder.place}/" if folder.place else "")
        above, _, name = path.rpartition("/")
        if above != parent or name.startswith(".") or name == "node_modules":
            continue
        if entry.kind == "link":
            raise Refused(f"{entry.path} is a link")
        if entry.kind == "folder" and folder.has(f"{path}/package.json"):
            names.append(path)
    return tuple(sorted(names))


def refuse_more_than_manifest(package: Mapping[str, object], folder: Folder) -> None:
    """Raise Refused if npm reads more of a workspace than its ``package.json``."""
    if package.get("bin") or table(package.get("directories")).get("bin"):
        raise Refused(f"{folder.place} has programs, which the install links")
    if package.get("man") or table(package.get("directories")).get("man"):
        raise Refused(f"{folder.place} has manuals, which the install links")
    if package.get("workspaces") or folder.has("npm-shrinkwrap.json"):
        raise Refused(f"{folder.place} may have dependencies of its own")
