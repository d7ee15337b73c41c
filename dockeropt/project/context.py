"""The build context: the files beside a Dockerfile that a build can see.

Invariant: read-only, lazy, and never a guess. A context that is not known says so; a file
that cannot be read as text is ``None``, not empty. Nothing outside the context is read: a link
that leads out of it is listed, but has no content.

Paths are relative to the context, with slashes and without ``.`` or ``..``.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from dockeropt.project.dockerignore import DockerIgnore


class Entry(NamedTuple):
    """One file, folder or link of a context.

    Args:
        path: Relative to the context.
        kind: ``"file"``, ``"folder"``, ``"link"`` or ``"other"``.
        size: Bytes of a file; 0 for all else.
        mode: Permission bits, such as 0o644.
        target: Where a link leads, as it is written.
    """

    path: str
    kind: str
    size: int = 0
    mode: int = 0o644
    target: str = ""


class BuildContext(Protocol):
    """What a build can see of its context; see the module for the rules."""

    @property
    def known(self) -> bool:
        """Tell whether there is a context at all; of an unknown one every answer is empty."""

    @property
    def name(self) -> str:
        """Return the folder as messages call it, ``""`` when it is not known."""

    def entry(self, path: str) -> Entry | None:
        """Return what lies at ``path``, ignored or not; ``None`` for nothing."""

    def entries(self, folder: str = "") -> Iterator[Entry]:
        """Yield everything below ``folder``, ignored or not, folders before what they hold."""

    def children(self, folder: str = "") -> Iterator[Entry]:
        """Yield what lies in ``folder`` itself, ignored or not."""

    def read(self, path: str) -> str | None:
        """Return the text of a file; ``None`` when there is none, or it is no text."""

    def head(self, path: str, count: int) -> bytes | None:
        """Return the first ``count`` bytes of a file, or all there are; ``None`` when there is none."""

    @property
    def complete(self) -> bool:
        """Tell whether :meth:`entries` lists everything: false where a limit was reached."""

    @property
    def ignore_name(self) -> str:
        """Return the path of the ignore file that counts, ``""`` when there is none."""

    @property
    def ignore(self) -> "DockerIgnore":
        """Return the rules of the ignore file that counts; none when there is no file."""


class Unknown:
    """Stand for a context that nobody knows."""

    known = False
    complete = False
    name = ""
    ignore_name = ""

    def entry(self, path: str) -> Entry | None:
        """Return nothing."""
        _ = path
        return None

    def entries(self, folder: str = "") -> Iterator[Entry]:
        """Yield nothing."""
        _ = folder
        return iter(())

    def children(self, folder: str = "") -> Iterator[Entry]:
        """Yield nothing."""
        _ = folder
        return iter(())

    def read(self, path: str) -> str | None:
        """Return nothing."""
        _ = path
        return None

    def head(self, path: str, count: int) -> bytes | None:
        """Return nothing."""
        _ = path, count
        return None

    @property
    def ignore(self) -> "DockerIgnore":
        """Return no rules."""
        from dockeropt.project.dockerignore import DockerIgnore

        return DockerIgnore(())


UNKNOWN = Unknown()
"""The context of a text that came without one."""


class InMemory:
    """Hold a context as a mapping, for tests and for texts that are not on a disk.

    Args:
        files: Text of each file, by path.
        dockerfile: Path of the Dockerfile, whose own ignore file goes first.
        name: What messages call it.
    """

    known = True
    complete = True

    def __init__(
        self, files: Mapping[str, str], *, dockerfile: str = "Dockerfile", name: str = "context"
    ) -> None:
        self.name = name
        self._files = dict(files)
        self._ignore: DockerIgnore | None = None
        self._entries: dict[str, Entry] = {}
        for path in sorted(self._files):
            parts = path.split("/")
            for depth in range(1, len(parts)):
                above = "/".join(parts[:depth])
                self._entries.setdefault(above, Entry(above, "folder", 0, 0o755))
            size = len(self._files[path].encode("utf-8", "surrogateescape"))
            self._entries[path] = Entry(path, "file", size)
        own = f"{dockerfile}.dockerignore"
        self.ignore_name = next((path for path in (own, ".dockerignore") if path in self._files), "")

    def entry(self, path: str) -> Entry | None:
        """Return what lies at ``path``."""
        return self._entries.get(path)

    def entries(self, folder: str = "") -> Iterator[Entry]:
        """Yield everything below ``folder``."""
        start = f"{folder}/" if folder else ""
        return (entry for path, entry in sorted(self._entries.items()) if path.startswith(start))

    def children(self, folder: str = "") -> Iterator[Entry]:
        """Yield what lies in ``folder`` itself."""
        return (entry for entry in self.entries(folder) if entry.path.rpartition("/")[0] == folder)

    def read(self, path: str) -> str | None:
        """Return the text of a file."""
        return self._files.get(path)

    def head(self, path: str, count: int) -> bytes | None:
        """Return the first bytes of a file."""
        text = self._files.get(path)
        return None if text is None else text.encode("utf-8", "surrogateescape")[:count]

    @property
    def ignore(self) -> "DockerIgnore":
        """Return the rules of the ignore file that counts."""
        if self._ignore is None:
            from dockeropt.project.dockerignore import DockerIgnore

            self._ignore = DockerIgnore.parse(self._files.get(self.ignore_name, ""))
        return self._ignore
