"""Small file systems for the tests, written as the tar archives that engines give."""

import io
import tarfile
from collections.abc import Mapping
from typing import NamedTuple

from dockeropt.measure.tree import Tree, read_tree


class Entry(NamedTuple):
    """One member of an archive; ``target`` is for links."""

    content: bytes = b""
    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    type: bytes = tarfile.REGTYPE
    target: str = ""
    device: tuple[int, int] = (0, 0)
    pax: Mapping[str, str] = {}


def folder(mode: int = 0o755, uid: int = 0) -> Entry:
    return Entry(mode=mode, uid=uid, type=tarfile.DIRTYPE)


def link(target: str, uid: int = 0) -> Entry:
    return Entry(mode=0o777, uid=uid, type=tarfile.SYMTYPE, target=target)


def hard(target: str) -> Entry:
    return Entry(type=tarfile.LNKTYPE, target=target)


Files = Mapping[str, Entry | str | bytes]


def archive(files: Files) -> bytes:
    """Return a tar archive of files by absolute path, in the given order."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for path, given in files.items():
            entry = given if isinstance(given, Entry) else Entry(_bytes(given))
            member = tarfile.TarInfo(path.lstrip("/"))
            member.type, member.linkname = entry.type, entry.target
            member.mode, member.uid, member.gid = entry.mode, entry.uid, entry.gid
            member.devmajor, member.devminor = entry.device
            member.pax_headers = dict(entry.pax)
            member.size = len(entry.content)
            tar.addfile(member, io.BytesIO(entry.content))
    return stream.getvalue()


def tree(files: Files) -> Tree:
    """Return what is read of an archive of these files."""
    return read_tree(io.BytesIO(archive(files)))


def _bytes(given: str | bytes) -> bytes:
    return given.encode() if isinstance(given, str) else given


def dpkg(*packages: tuple[str, str]) -> str:
    """Return the status file of dpkg."""
    return "\n".join(
        f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n"
        f"Description: a package\n with Package: other in its text\n"
        for name, version in packages
    )


def vim(version: str = "2:9.0", *, files: Mapping[str, str] | None = None) -> dict[str, Entry | str | bytes]:
    """Return an image of Debian with vim in it."""
    own = files if files is not None else {"/usr/bin/vim.basic": "program"}
    listed = "".join(f"{path}\n" for path in ("/.", "/usr", "/usr/bin", *own))
    return {
        "/usr": folder(),
        "/usr/bin": folder(),
        **own,
        "/var/lib/dpkg/status": dpkg(("vim", version)),
        "/var/lib/dpkg/info/vim.list": listed,
    }


PLAIN: dict[str, Entry | str | bytes] = {
    "/usr": folder(),
    "/usr/bin": folder(),
    "/var/lib/dpkg/status": "",
}
"""The same image without vim."""
