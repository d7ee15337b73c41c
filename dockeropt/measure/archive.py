"""Tar archives as engines print them: read once, from front to back, with little memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from tarfile import TarFile, TarInfo

BUFFER = 1 << 15
"""Bytes that are read from the stream at once; tarfile copies what is left of them for every read."""


@contextmanager
def archive(stream: IO[bytes], what: str) -> "Iterator[TarFile]":
    """Open an uncompressed tar stream.

    Args:
        stream: The archive.
        what: What it is, for messages: ``the saved image``.

    Raises:
        EngineProblem: It is no archive, or breaks off; also while its members are read.
    """
    import tarfile

    from dockeropt.measure.engine import EngineProblem

    try:
        with tarfile.open(fileobj=stream, mode="r|", bufsize=BUFFER) as tar:
            yield tar
    except (tarfile.TarError, OSError) as error:
        raise EngineProblem(f"{what} cannot be read: {error}") from error


def members(tar: "TarFile") -> "Iterator[TarInfo]":
    """Yield what an archive holds, and let nothing of it pile up."""
    while (member := tar.next()) is not None:
        tar.members.clear()  # type: ignore[attr-defined]  # it would keep all of them
        yield member
