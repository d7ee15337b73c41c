"""Look at the manifests of one folder of a build context.

Invariant: only files that a build can see count: what is ignored does not exist, and a link is
not followed. Whatever cannot be read, parsed or followed raises :class:`Refused` with a reason
in plain words; the package's entry points turn that into an answer.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from dockeropt.project.context import BuildContext

MAX_FILES = 40
"""Files of one install. Nobody copies more of them one by one."""


class Refused(Exception):
    """The files that an install reads are not known, and why."""


class Request(NamedTuple):
    """Say which install is looked at.

    Args:
        tool: ``pip``, ``npm``, … as :class:`~dockeropt.model.tools.Tool` names them; ``dotnet``, ``mix``,
            ``pdm``, ``bun``.
        verb: The verb as typed, ``ci``, ``pip install``; may be empty.
        folder: Where it runs, relative to the context.
        options: Options given, by name.
        operands: The words that are neither options nor their values.
        requirements: Files that the command line names for ``-r``, relative to the context.
        constraints: The same for ``-c``.
        top: The folder that is copied: nothing above it reaches the image.
        frozen: Whether the environment forbids changes of the lock file.
    """

    tool: str
    verb: str = ""
    folder: str = ""
    options: frozenset[str] = frozenset()
    operands: tuple[str, ...] = ()
    requirements: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    top: str = ""
    frozen: bool = False

    def has(self, *names: str) -> bool:
        """Tell whether one of the options is given."""
        return not self.options.isdisjoint(names)


class Reads(NamedTuple):
    """Say what an install reads and what it leaves beside it.

    Args:
        files: Every file that it reads, relative to the context, manifests first. All exist
            and none is ignored, unless the context is not known.
        writes: Paths that it makes in the copied tree, relative to the context.
        doubts: What keeps the answer from being certain, as clauses.
    """

    files: tuple[str, ...]
    writes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


class NotKnown(NamedTuple):
    """Say why it is not known what an install reads, or that it needs the source."""

    reason: str


class Folder:
    """Look at one folder of a context.

    Args:
        build: The context.
        path: The folder, ``""`` for the context itself.
        top: Where looking upwards ends.
    """

    def __init__(self, build: BuildContext, path: str, top: str = "") -> None:
        self.build = build
        self.place = path
        self.top = top

    def path(self, name: str) -> str:
        """Return the path of ``name`` relative to the context."""
        from posixpath import join, normpath

        if name.startswith("/"):
            raise Refused(f"{name} is outside of the build context")
        path = normpath(join(self.place, name))
        if path == ".." or path.startswith("../") or not _within(path, self.top):
            raise Refused(f"{name} is outside of what is copied")
        return "" if path == "." else path

    def has(self, name: str) -> bool:
        """Tell whether a file is there that the build can see."""
        path = self.path(name)
        entry = self.build.entry(path)
        if entry is None or self.build.ignore.ignores(path):
            return False
        if entry.kind == "link":
            raise Refused(f"{path} is a link")
        return entry.kind == "file"

    def present(self, *names: str) -> tuple[str, ...]:
        """Return the paths of those files that are there."""
        return tuple([self.path(name) for name in names if self.has(name)])

    def need(self, name: str) -> str:
        """Return the path of a file that has to be there."""
        if not self.has(name):
            path = self.path(name)
            ignored = self.build.entry(path) is not None
            raise Refused(f"{path} is ignored" if ignored else f"there is no {path}")
        return self.path(name)

    def holds(self, name: str) -> bool:
        """Tell whether the build can see a file or anything in a folder of this name."""
        path = self.path(name)
        entry = self.build.entry(path)
        if entry is None:
            return False
        ignore = self.build.ignore
        if entry.kind != "folder":
            return not ignore.ignores(path)
        if not ignore.ignores(path):
            return True
        return ignore.has_exceptions and any(
            not ignore.ignores(below.path) for below in self.build.entries(path)
        )

    def text(self, name: str) -> str:
        """Return the text of a file that has to be there."""
        path = self.need(name)
        text = self.build.read(path)
        if text is None:
            raise Refused(f"{path} cannot be read")
        return text

    def json(self, name: str) -> Mapping[str, object]:
        """Return a JSON object."""
        import json

        return _object(self._parsed(name, json.loads), self.path(name))

    def toml(self, name: str) -> Mapping[str, object]:
        """Return a TOML document."""
        import tomllib

        return _object(self._parsed(name, tomllib.loads), self.path(name))

    def _parsed(self, name: str, parse: Callable[[str], object]) -> object:
        text = self.text(name)
        try:
            return parse(text)
        except (ValueError, RecursionError) as error:
            raise Refused(f"{self.path(name)} is malformed") from error

    def above(self) -> "Iterator[Folder]":
        """Yield the folders above, up to what is copied, the nearest first."""
        place = self.place
        while place not in ("", self.top):
            place = place.rpartition("/")[0]
            yield Folder(self.build, place, self.top)


def _within(path: str, top: str) -> bool:
    return not top or path == top or path.startswith(top + "/")


def _object(value: object, path: str) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise Refused(f"{path} is malformed")
    return value


def table(value: object) -> Mapping[str, object]:
    """Return ``value`` if it is a table, else an empty one."""
    return value if isinstance(value, dict) else {}


def strings(value: object) -> tuple[str, ...]:
    """Return the strings of a list, nothing if it is none."""
    return tuple([item for item in value if isinstance(item, str)]) if isinstance(value, list) else ()


def unique(*groups: tuple[str, ...]) -> tuple[str, ...]:
    """Return the strings of all groups in order, each once."""
    return tuple(dict.fromkeys([item for group in groups for item in group]))


def below(folder: str, *names: str) -> tuple[str, ...]:
    """Return the paths of ``names`` in ``folder``."""
    return tuple([f"{folder}/{name}" if folder else name for name in names])
