"""A build context that is a folder on disk.

Invariant: nothing is read before it is asked for, nothing is read twice, and nothing outside the
folder is read at all. Version control's own folder is listed by name only.
"""

import os
import stat
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockeropt.project.context import Entry

if TYPE_CHECKING:
    from dockeropt.project.dockerignore import DockerIgnore

MAX_ENTRIES = 100_000
"""Entries that are listed; a context with more of them is not :attr:`Directory.complete`."""

MAX_TEXT = 2 * 1024 * 1024
"""Bytes of the largest file that is read. The lock files of large projects have less."""

CLOSED = frozenset((".git", ".hg", ".svn"))
"""Folders that are listed without what they hold: it is never needed, and there is much of it."""


class Directory:
    """Read a folder as build context.

    Args:
        root: The folder.
        dockerfile: Path of the Dockerfile on disk, or ``""``; an ignore file beside it that
            carries its name counts instead of the one of the context.
    """

    def __init__(self, root: str, *, dockerfile: str = "") -> None:
        self.name = root or "."
        self._root = os.path.realpath(root or ".")
        self._dockerfile = dockerfile
        self._entries: dict[str, Entry | None] = {}
        self._folders: dict[str, tuple[Entry, ...]] = {}
        self._texts: dict[str, str | None] = {}
        self._ignore: tuple[str, DockerIgnore] | None = None
        self._listed = 0
        self._known: bool | None = None

    @property
    def known(self) -> bool:
        """Tell whether the folder is there."""
        if self._known is None:
            self._known = os.path.isdir(self._root)
        return self._known

    @property
    def complete(self) -> bool:
        """Tell whether everything is listed."""
        return self._listed < MAX_ENTRIES

    def entry(self, path: str) -> Entry | None:
        """Return what lies at ``path``."""
        if path not in self._entries:
            self._entries[path] = self._look(path)
        return self._entries[path]

    def _look(self, path: str) -> Entry | None:
        full = os.path.join(self._root, path)
        try:
            if not self._inside(os.path.dirname(full)):
                return None
            facts = os.lstat(full)
            if stat.S_ISLNK(facts.st_mode):
                return Entry(path, "link", 0, 0o777, os.readlink(full))
        except (OSError, ValueError):
            return None
        mode = stat.S_IMODE(facts.st_mode)
        if stat.S_ISDIR(facts.st_mode):
            return Entry(path, "folder", 0, mode)
        if stat.S_ISREG(facts.st_mode):
            return Entry(path, "file", facts.st_size, mode)
        return Entry(path, "other", 0, mode)

    def _inside(self, full: str) -> bool:
        real = os.path.realpath(full)
        return real == self._root or real.startswith(self._root.rstrip(os.sep) + os.sep)

    def entries(self, folder: str = "") -> Iterator[Entry]:
        """Yield everything below ``folder``, folders before what they hold."""
        for entry in self._children(folder):
            yield entry
            if entry.kind == "folder" and entry.path.rpartition("/")[2] not in CLOSED:
                yield from self.entries(entry.path)

    def _children(self, folder: str) -> tuple[Entry, ...]:
        if folder not in self._folders:
            found: list[Entry] = []
            above = self.entry(folder) if folder else None
            if (not folder or (above is not None and above.kind == "folder")) and self.complete:
                try:
                    names = sorted(os.listdir(os.path.join(self._root, folder)))
                except OSError:
                    names = []
                for name in names:
                    entry = self.entry(f"{folder}/{name}" if folder else name)
                    if entry is not None:
                        found.append(entry)
                self._listed += len(names)
            self._folders[folder] = tuple(found)
        return self._folders[folder]

    def children(self, folder: str = "") -> Iterator[Entry]:
        """Yield what lies in ``folder`` itself."""
        return iter(self._children(folder))

    def head(self, path: str, count: int) -> bytes | None:
        """Return the first bytes of a file."""
        full = os.path.join(self._root, path)
        try:
            if not self._inside(full) or not stat.S_ISREG(os.stat(full).st_mode):
                return None
            with open(full, "rb") as file:
                return file.read(count)
        except (OSError, ValueError):
            return None

    def read(self, path: str) -> str | None:
        """Return the text of a file, without a byte order mark; ``None`` if it is none."""
        if path not in self._texts:
            self._texts[path] = self._text(os.path.join(self._root, path))
        return self._texts[path]

    def _text(self, full: str) -> str | None:
        try:
            if not self._inside(full):
                return None
            return _read_text(full)
        except (OSError, ValueError):
            return None

    @property
    def ignore_name(self) -> str:
        """Return the path of the ignore file that counts, ``""`` when there is none."""
        return self._rules()[0]

    @property
    def ignore(self) -> "DockerIgnore":
        """Return the rules of the ignore file that counts."""
        return self._rules()[1]

    def _rules(self) -> "tuple[str, DockerIgnore]":
        if self._ignore is None:
            from dockeropt.project.dockerignore import DockerIgnore, ignore_files

            name, text = "", ""
            for path, in_context in ignore_files(self._dockerfile or "Dockerfile"):
                if not in_context and not self._dockerfile:
                    continue
                full = os.path.join(self._root, path) if in_context else path
                try:
                    content = _read_text(full)
                except (OSError, ValueError):
                    continue
                if content is not None:
                    name = path if in_context else os.path.relpath(os.path.realpath(path), self._root)
                    text = content
                    break
            self._ignore = name.replace(os.sep, "/"), DockerIgnore.parse(text)
        return self._ignore


def _read_text(full: str) -> str | None:
    if not stat.S_ISREG(os.stat(full).st_mode):
        return None
    with open(full, "rb") as file:
        data = file.read(MAX_TEXT + 1)
    if len(data) > MAX_TEXT or b"\0" in data:
        return None
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
