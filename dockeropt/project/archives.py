"""Whether a file is what ADD would unpack.

Invariant: ``False`` only where the content shows it; what cannot be read is ``None``.

Source: Docker reference, "Adding local tar archives" (gzip, bzip2, xz, by content and not by name);
moby ``archive.Detect``, which knows zstd too, and ``archive/tar``, which reads a header of 512 bytes.
"""

from dockeropt.project.context import BuildContext, Entry
from dockeropt.project.sources import matches

_MAGIC = (b"\x1f\x8b\x08", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd")
_USTAR = slice(257, 262)
_BLOCK = 512


def is_archive(build: BuildContext, path: str) -> bool | None:
    """Tell whether ADD unpacks a file of the context.

    Args:
        build: The context.
        path: The file.

    Returns:
        ``None`` when there is no such file. An old tar without the word ``ustar`` is known by the sum
        of its header.
    """
    head = build.head(path, _BLOCK)
    if head is None:
        return None
    if head.startswith(_MAGIC):
        return True
    if len(head) < _BLOCK:
        return False
    return head[_USTAR] == b"ustar" or _has_sum(head)


def _has_sum(head: bytes) -> bool:
    written = head[148:156].strip(b" \0")
    if not written or not set(written) <= set(b"01234567"):
        return False
    return int(written, 8) == sum(head[:148]) + 8 * 32 + sum(head[156:])


def only_copied(build: BuildContext, source: str) -> bool | None:
    """Tell whether ADD does with all that a source names what COPY does.

    Args:
        build: The context.
        source: The source as written, without variables.

    Returns:
        ``None`` where nothing is known: nothing there, or a link.
    """
    found = matches(build, source)
    if not found:
        return None
    answers = [_copied(build, entry) for entry in found]
    if False in answers:
        return False
    return None if None in answers else True


def _copied(build: BuildContext, entry: Entry) -> bool | None:
    if entry.kind == "folder":  # what lies in it is copied, archives too
        return True
    if entry.kind != "file":
        return None
    archive = is_archive(build, entry.path)
    return None if archive is None else not archive
