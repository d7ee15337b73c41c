"""A build context with some files changed, as fixes would leave it.

Invariant: what was not changed is answered by the context below; the disk is never touched.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from dockeropt.project.context import BuildContext, Entry

if TYPE_CHECKING:
    from dockeropt.project.dockerignore import DockerIgnore


class Overlay:
    """Lay new texts over a context.

    Args:
        below: The context as it is.
        texts: New text of each changed or new file, by path.
    """

    def __init__(self, below: BuildContext, texts: Mapping[str, str]) -> None:
        self._below = below
        self._texts = texts
        self._ignore: DockerIgnore | None = None

    @property
    def known(self) -> bool:
        """Tell whether there is a context at all."""
        return self._below.known

    @property
    def complete(self) -> bool:
        """Tell whether everything is listed."""
        return self._below.complete

    @property
    def name(self) -> str:
        """Return the folder as messages call it."""
        return self._below.name

    def entry(self, path: str) -> Entry | None:
        """Return what lies at ``path``."""
        text = self._texts.get(path)
        if text is None:
            return self._below.entry(path)
        old = self._below.entry(path)
        mode = old.mode if old is not None else 0o644
        return Entry(path, "file", len(text.encode("utf-8", "surrogateescape")), mode)

    def entries(self, folder: str = "") -> Iterator[Entry]:
        """Yield everything below ``folder``, new files last."""
        seen: set[str] = set()
        for entry in self._below.entries(folder):
            seen.add(entry.path)
            yield self.entry(entry.path) or entry
        start = f"{folder}/" if folder else ""
        for path in self._texts:
            if path not in seen and path.startswith(start):
                made = self.entry(path)
                assert made is not None
                yield made

    def children(self, folder: str = "") -> Iterator[Entry]:
        """Yield what lies in ``folder`` itself, new files last."""
        seen: set[str] = set()
        for entry in self._below.children(folder):
            seen.add(entry.path)
            yield self.entry(entry.path) or entry
        for path in self._texts:
            new = self.entry(path) if path.rpartition("/")[0] == folder else None
            if new is not None and path not in seen:
                yield new

    def head(self, path: str, count: int) -> bytes | None:
        """Return the first bytes of a file."""
        text = self._texts.get(path)
        if text is None:
            return self._below.head(path, count)
        return text.encode("utf-8", "surrogateescape")[:count]

    def read(self, path: str) -> str | None:
        """Return the text of a file."""
        text = self._texts.get(path)
        return self._below.read(path) if text is None else text

    @property
    def ignore_name(self) -> str:
        """Return the path of the ignore file that counts."""
        name = self._below.ignore_name
        return name or (".dockerignore" if ".dockerignore" in self._texts else "")

    @property
    def ignore(self) -> "DockerIgnore":
        """Return the rules of the ignore file that counts."""
        name = self.ignore_name
        if name not in self._texts:
            return self._below.ignore
        if self._ignore is None:
            from dockeropt.project.dockerignore import DockerIgnore

            self._ignore = DockerIgnore.parse(self._texts[name])
        return self._ignore
