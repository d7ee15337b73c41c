"""Reading and writing one file: nothing half written, nothing read that is no text.

Invariant: after any failure the file on disk is the one that was there before, and no
temporary file is left beside it.
"""

import os
import stat
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from dockeropt.errors import FileProblem
from dockeropt.text import Source

MAX_BYTES = 5 * 1024 * 1024
"""Largest file that is read. The largest Dockerfile of 10,000 public ones has 60 kB."""

_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read(path: str) -> Source:
    """Read the file at ``path``.

    Args:
        path: A regular file, or a link to one.

    Raises:
        FileProblem: Missing, a directory, a pipe, unreadable, larger than
            :data:`MAX_BYTES`, or not text (a NUL byte tells).
    """
    try:
        # Not blocking, so that a named pipe called Dockerfile cannot hang the run.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(descriptor, "rb") as file:
            facts = os.fstat(descriptor)
            _check_kind(path, facts)
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise _explain(path, error) from None
    except ValueError:
        raise FileProblem("not a path: it holds a NUL character", path=path) from None
    return decode(data, path)


def decode(data: bytes, path: str) -> Source:
    """Return ``data`` as text; ``path`` is for messages only.

    Raises:
        FileProblem: Larger than :data:`MAX_BYTES`, or not text.
    """
    if len(data) > MAX_BYTES:
        raise _too_large(path, len(data))
    if data.startswith(_UTF16):
        raise FileProblem("UTF-16 text, which Docker cannot read", path=path, hint="save the file as UTF-8")
    if b"\0" in data:
        line = data.count(b"\n", 0, data.index(b"\0")) + 1
        raise FileProblem("binary file: it holds a NUL byte", path=path, line=line, hint="pass a Dockerfile")
    return Source.from_bytes(data)


class Replacement(NamedTuple):
    """A file and what shall stand in it.

    Args:
        path: The file.
        text: Its new text; lone surrogates become the bytes they stand for.
        before: What the caller believes to stand in it, ``None`` not to check.
        new: Whether there must be no such file yet.
    """

    path: str
    text: str
    before: str | None = None
    new: bool = False


def write(path: str, text: str, *, before: str | None = None) -> None:
    """Replace the content of the file at ``path`` in one step; see :func:`write_all`."""
    write_all([Replacement(path, text, before)])


def put(path: str, text: str, *, hint: str) -> None:
    """Write what the file at ``path`` shall hold from now on, whether or not there is one.

    A pipe or a device is written to; everything else is replaced in one step.

    Args:
        path: The file.
        text: Its text; lone surrogates become the bytes they stand for.
        hint: What to do when it cannot be written.

    Raises:
        FileProblem: It cannot be written.
    """
    there = os.path.exists(path)
    if there and not os.path.isfile(path) and not os.path.isdir(path):
        try:
            with open(path, "wb") as file:
                file.write(text.encode("utf-8", "surrogateescape"))
        except OSError as error:
            raise FileProblem.of(error, path, hint=hint) from None
    else:
        try:
            write_all([Replacement(path, text, new=not there)])
        except FileProblem as problem:
            raise FileProblem(problem.message, path=path, hint=hint) from None


def write_all(replacements: Sequence[Replacement]) -> None:
    """Replace the contents of files: of all of them or of none.

    Each text goes to a new file in the same folder; when all are there, each takes the place of
    the old one. A link stays a link: its target is replaced. Mode, and owner where the system
    allows it, are kept. If one cannot take its place, those before it are put back.

    Raises:
        FileProblem: A file cannot be written, or does not hold ``before`` any more.
    """
    prepared: list[tuple[str, str]] = []
    undo: list[tuple[str, str]] = []
    at = ""
    try:
        for item in replacements:
            at = item.path
            prepared.append(_prepare(item))
        for item, (temporary, target) in zip(replacements, tuple(prepared), strict=True):
            at = item.path
            old = "" if item.new or len(replacements) == 1 else _beside(target)
            if old:
                os.link(target, old)
                undo.append((old, target))
            os.replace(temporary, target)
            prepared.remove((temporary, target))
            if item.new and len(replacements) > 1:
                undo.append(("", target))
        for folder in {os.path.dirname(os.path.realpath(item.path)) for item in replacements}:
            _sync_folder(folder)
        undo = [(old, "") for old, _ in undo]
    except OSError as error:
        raise _explain(at, error) from None
    finally:
        for old, target in reversed(undo):
            with suppress(OSError):
                if target and old:
                    os.replace(old, target)
                    # Two names of one file: nothing was replaced yet, and rename(2) keeps both.
                    os.unlink(old)
                elif target:
                    os.unlink(target)
                elif old:
                    os.unlink(old)
        for temporary, _ in prepared:
            if os.path.lexists(temporary):
                os.unlink(temporary)


def _beside(target: str) -> str:
    folder, name = os.path.split(target)
    return os.path.join(folder, f".{name[:100]}.{os.urandom(6).hex()}.tmp")


def _prepare(item: Replacement) -> tuple[str, str]:
    """Write the new text beside its file; return the name it has there and the one it shall have."""
    target = os.path.realpath(item.path)
    facts = None if item.new and not os.path.lexists(target) else os.stat(target)
    if facts is not None:
        if item.new:
            raise FileProblem("the file was made by somebody else", path=item.path, hint="run again")
        _check_kind(item.path, facts)
        if not os.access(target, os.W_OK):
            hint = "make it writable, or leave --write away"
            raise FileProblem("read-only file", path=item.path, hint=hint)
        if item.before is not None and read(target).text != item.before:
            raise FileProblem("the file changed while it was being fixed", path=item.path, hint="run again")
    temporary = _beside(target)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        mode = 0o600 if facts is not None else 0o666
        with os.fdopen(os.open(temporary, flags, mode), "wb") as file:
            file.write(item.text.encode("utf-8", "surrogateescape"))
            file.flush()
            if facts is not None:
                _keep_owner_and_mode(file.fileno(), temporary, facts)
            os.fsync(file.fileno())
    except BaseException:  # an interrupt, too, leaves nothing behind
        if os.path.lexists(temporary):
            os.unlink(temporary)
        raise
    return temporary, target


def conflict_line(text: str) -> int:
    r"""Return the 1-based line of the first unresolved merge conflict, 0 when there is none.

    >>> conflict_line("FROM a\n<<<<<<< ours\n")
    2
    """
    for marker in ("<<<<<<< ", ">>>>>>> "):
        at = 0 if text.startswith(marker) else text.find("\n" + marker) + 1
        if at or text.startswith(marker):
            return text.count("\n", 0, at) + 1
    return 0


def _check_kind(path: str, facts: os.stat_result) -> None:
    if stat.S_ISDIR(facts.st_mode):
        raise FileProblem("a directory, not a file", path=path, hint="name the Dockerfile in it")
    if not stat.S_ISREG(facts.st_mode):
        raise FileProblem("not a regular file", path=path, hint="use - to read standard input")
    if facts.st_size > MAX_BYTES:
        raise _too_large(path, facts.st_size)


def _too_large(path: str, size: int) -> FileProblem:
    return FileProblem(
        f"too large: {size / 1048576:.1f} MiB, the limit is {MAX_BYTES // 1048576} MiB",
        path=path,
        hint="this is hardly a Dockerfile",
    )


def _explain(path: str, error: OSError) -> FileProblem:
    """Return what ``error`` means to the person who named ``path``."""
    if isinstance(error, FileNotFoundError):
        if os.path.islink(path):
            return FileProblem(
                "a link to a file that does not exist", path=path, hint=f"mend it: {_target(path)}"
            )
        return FileProblem("no such file", path=path, hint=_nearby(path))
    if isinstance(error, PermissionError):
        return FileProblem(
            "permission denied", path=path, hint="check owner and mode of the file and its folder"
        )
    if isinstance(error, IsADirectoryError):
        return FileProblem("a directory, not a file", path=path, hint="name the Dockerfile in it")
    return FileProblem.of(error, path)


def _target(path: str) -> str:
    try:
        return f"it points to {os.readlink(path)}"
    except OSError:
        return "it cannot be read"


def _nearby(path: str) -> str:
    """Return a hint that names a file of the same folder that was perhaps meant."""
    folder, name = os.path.split(path)
    try:
        names = os.listdir(folder or ".")
    except OSError:
        return "check the path"
    same = [n for n in names if n.lower() == name.lower()] or [n for n in names if n.lower() == "dockerfile"]
    return f"did you mean {os.path.join(folder, same[0])}?" if same else "check the path"


def _keep_owner_and_mode(descriptor: int, temporary: str, facts: os.stat_result) -> None:
    if hasattr(os, "fchown"):
        ours = os.fstat(descriptor)
        if (ours.st_uid, ours.st_gid) != (facts.st_uid, facts.st_gid):
            # Only root may give files away; the content matters more.
            with suppress(OSError):
                os.fchown(descriptor, facts.st_uid, facts.st_gid)
    os.chmod(temporary, stat.S_IMODE(facts.st_mode))


def _sync_folder(folder: str) -> None:
    """Make the new name survive a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError:
        return
    with suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)
