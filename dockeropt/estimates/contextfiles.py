"""Which files of the build context COPY, ADD and bind mounts take, and where COPY puts them.

Facts: BuildKit ``dispatchCopy`` cleans a source and makes it absolute in the context; ``fsutil``'s
copier matches patterns name by name with Go's ``filepath.Match``, and copies the *contents* of a
folder that a source names. Here-documents and addresses come from elsewhere.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from posixpath import basename, join
from typing import TYPE_CHECKING, NamedTuple

from dockeropt.knowledge.filenames import Kind, kind_of
from dockeropt.model.mounts import Mount
from dockeropt.model.paths import resolve
from dockeropt.model.state import State, clean_path
from dockeropt.project.sources import glob, has_wildcard
from dockeropt.syntax.nodes import Add, FileInstruction

if TYPE_CHECKING:
    from dockeropt.project.context import BuildContext, Entry
    from dockeropt.project.dockerignore import DockerIgnore

MAX_FILES = 20_000
"""Files of a context that are looked at; of a larger one nothing is said."""


class Side(NamedTuple):
    """Hold the build context before or after the changes.

    Args:
        build: The context; perhaps unknown.
        ignore: The rules that count.
        absent: Paths that are in the folder but not on this side.
    """

    build: "BuildContext"
    ignore: "DockerIgnore"
    absent: frozenset[str] = frozenset()


def files_of(side: Side) -> list["Entry"] | None:
    """Return the files that a build can see, ``None`` when they are not all known.

    A folder of version control is listed too when nothing ignores it.
    """
    if not side.build.known:
        return None
    found: list[Entry] = []
    for number, entry in enumerate(_all(side)):
        if number > MAX_FILES:
            return None
        if entry.kind != "file" or entry.path in side.absent or side.ignore.ignores(entry.path):
            continue
        found.append(entry)
    return found if side.build.complete else None


def _all(side: Side) -> Iterator["Entry"]:
    for entry in side.build.entries():
        yield entry
        if entry.kind == "folder" and basename(entry.path) == ".git" and not side.ignore.ignores(entry.path):
            yield from (inner for inner in side.build.entries(entry.path) if inner.kind == "file")


def sources_of(node: FileInstruction, state: State) -> list[str | None]:
    """Return the paths and patterns that ``node`` takes from the context, cleaned, ``.`` for all of it.

    ``None`` stands for one that only the build knows. Nothing with ``--from``.
    """
    if node.flag("from") is not None:
        return []
    found: list[str | None] = []
    for word in node.sources:
        if word.text.startswith("<<"):
            continue
        text = state.expand(word.text)
        if text is None:
            found.append(None)
        elif not (isinstance(node, Add) and _is_remote(text)):
            found.append(_relative(text))
    return found


def mounted(mount: Mount) -> str | None:
    """Return what a bind mount takes from the context, ``None`` when it takes nothing of it."""
    if mount.type not in ("bind", None) or mount.from_:
        return None
    return _relative(mount.source or ".")


def _is_remote(text: str) -> bool:
    return text.startswith(("http://", "https://", "git@", "git://", "ssh://", "s3://"))


def _relative(text: str) -> str:
    return clean_path("/" + text)[1:] or "."


@lru_cache(maxsize=4096)
def covers(source: str, path: str) -> bool:
    """Tell whether ``source`` takes the file ``path``: it, or a folder above it, matches.

    >>> covers("package*.json", "package.json"), covers("src", "src/a/b.py"), covers("*.py", "src/b.py")
    (True, True, False)
    """
    return taken_as(source, path) is not None


def taken_as(source: str, path: str) -> str | None:
    """Return where below the destination ``source`` puts ``path``: ``""`` for the file itself.

    ``None`` when it does not take it at all.
    """
    if source == ".":
        return path
    names, pattern = path.split("/"), source.split("/")
    if len(pattern) > len(names):
        return None
    for wanted, name in zip(pattern, names, strict=False):
        if not _test(wanted)(name):
            return None
    return "/".join(names[len(pattern) :])


@lru_cache(maxsize=256)
def _test(name: str) -> Callable[[str], bool]:
    """Return a test for one name of a source; a malformed pattern matches nothing."""
    if not has_wildcard(name) and "\\" not in name:
        return name.__eq__
    try:
        return glob(name)
    except ValueError:
        return lambda _: False


class Stored(NamedTuple):
    """Hold a file that an instruction stores: where it ends up (``None``: unknown), and its bytes."""

    path: str | None
    size: int


def stored_by(node: FileInstruction, state: State, files: list["Entry"]) -> tuple[list[Stored], bool]:
    """Return what ``node`` stores of the context, and whether that is sure.

    It is not when a source is not known, when something is excluded by a flag, or when ADD unpacks.

    Args:
        node: COPY or ADD.
        state: What is in force there.
        files: The files that the build can see.
    """
    sources = sources_of(node, state)
    sure = not any(flag.name in ("exclude", "parents") for flag in node.flags)
    written = state.expand(node.destination.text)
    target = resolve(written, state.workdir) if written else None
    into = bool(written) and (
        str(written).endswith(("/", "/.")) or written in (".", "..") or len(node.sources) > 1
    )
    stored: list[Stored] = []
    for source in sources:
        if source is None:
            sure = False
            continue
        if isinstance(node, Add) and kind_of(source) is Kind.ARCHIVE:
            sure = False
        for entry in files:
            below = taken_as(source, entry.path)
            if below is None:
                continue
            place = None
            if target is not None:
                single = basename(entry.path) if into else ""
                place = clean_path(join(target, below or single)) if below or single else target
            stored.append(Stored(place, entry.size))
    return stored, sure
