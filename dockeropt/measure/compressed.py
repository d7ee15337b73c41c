"""How large the layers of an image are when a registry stores them: gzip, level 6.

Reads what ``save`` of the engines prints, in the form of the old docker-archive or as an OCI layout.
Invariant: of a layer only a piece is in memory at once.
"""

from collections.abc import Mapping
from typing import IO, TYPE_CHECKING

from dockeropt.measure.archive import archive, members
from dockeropt.measure.engine import EngineProblem

if TYPE_CHECKING:
    from tarfile import TarFile, TarInfo

LEVEL = 6
PIECE = 1 << 20
MAX_RECORD = 16 << 20
"""Bytes of the largest JSON record of an archive."""
PACKED = (b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
"""How gzip and zstd begin: such a layer is stored as it is."""


def layer_sizes(stream: IO[bytes], known: Mapping[str, int]) -> dict[str, int]:
    """Return the size of each layer of an image as gzip, in bytes, by ``diff_id``.

    Args:
        stream: What ``docker save`` or ``podman save`` prints.
        known: Sizes that are not measured again, where the archive tells the layer by its name.

    Raises:
        EngineProblem: It is no such archive, or breaks off.
    """
    import json

    stored: dict[str, int] = {}
    links: dict[str, str] = {}
    records: dict[str, bytes] = {}
    with archive(stream, "the saved image") as tar:
        for member in members(tar):
            if member.issym() or member.islnk():
                links[member.name] = _target(member)
            elif member.isfile():
                _store(tar, member, known, stored, records)
    try:
        manifest = json.loads(records["manifest.json"])[0]
        diff_ids = json.loads(records[manifest["Config"]])["rootfs"]["diff_ids"]
        names = manifest["Layers"]
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise EngineProblem("the saved image has no list of its layers") from error
    sizes: dict[str, int] = {}
    for diff_id, name in zip(diff_ids, names, strict=False):
        found = stored.get(links.get(name, name))
        if found is not None:
            sizes[diff_id] = found
        elif diff_id in known:
            sizes[diff_id] = known[diff_id]
    return sizes


def _store(
    tar: "TarFile",
    member: "TarInfo",
    known: Mapping[str, int],
    stored: dict[str, int],
    records: dict[str, bytes],
) -> None:
    file = tar.extractfile(member)
    assert file is not None
    name = member.name.rpartition("/")[2].removesuffix(".tar")
    if f"sha256:{name}" in known:
        stored[member.name] = known[f"sha256:{name}"]
        return
    piece = file.read(PIECE)
    if piece[:1] in {b"{", b"["} and member.size <= MAX_RECORD:
        records[member.name] = piece + file.read()
    elif piece.startswith(PACKED):
        stored[member.name] = member.size
    elif not member.name.endswith((".json", "VERSION", "repositories", "oci-layout")):
        stored[member.name] = _packed_size(file, piece)


def _packed_size(file: IO[bytes], piece: bytes) -> int:
    import zlib

    packer = zlib.compressobj(LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    size = 0
    while piece:
        size += len(packer.compress(piece))
        piece = file.read(PIECE)
    return size + len(packer.flush())


def _target(member: "TarInfo") -> str:
    """Return the name in the archive that a link leads to: the old form shares layers in this way."""
    import posixpath

    if member.islnk():
        return member.linkname
    return posixpath.normpath(posixpath.join(posixpath.dirname(member.name), member.linkname))
