"""The file system of an image as a table: what each path is, compared and reported on.

Invariant: times are left out; a hard link is the file that it names; what a table says of a path
depends on nothing but the path. Python's byte code counts without the time in its header. A path is
text as Python makes it of a file name: bytes that are not UTF-8 are lone surrogates.
"""

import re
from collections.abc import Mapping
from typing import IO, TYPE_CHECKING, NamedTuple

from dockeropt.measure.archive import archive, members

if TYPE_CHECKING:
    from tarfile import TarFile, TarInfo


class Node(NamedTuple):
    """What stands at one path.

    Args:
        kind: ``file``, ``folder``, ``link`` (symbolic), ``device`` or ``pipe``.
        mode: Permission bits, the sticky, setuid and setgid bits among them; 0o777 for every link.
        owner: ``uid:gid``.
        size: Bytes of a file, 0 for all else.
        content: SHA-256 of a file in hexadecimal, target of a link, numbers of a device.
        capabilities: The file's capabilities (capabilities(7)) as the kernel stores them, in hexadecimal.
    """

    kind: str
    mode: int
    owner: str
    size: int = 0
    content: str = ""
    capabilities: str = ""


class Tree(NamedTuple):
    """The file system of an image.

    Args:
        nodes: By absolute path; what the engine puts into every container is left out.
        texts: Content of the few files in which package managers keep their books, by path; headers
            alone of Python's METADATA and PKG-INFO.
    """

    nodes: Mapping[str, Node]
    texts: Mapping[str, bytes] = {}


CHUNK = 1 << 20
"""Bytes of a file that are in memory at once."""
MAX_BOOK = 64 << 20
"""Bytes of the largest book of a package manager that is kept; what is larger counts as unknown."""

RPM_DATABASES = re.compile(
    r"/(var/lib/rpm|usr/lib/sysimage/rpm)/(rpmdb\.sqlite(-wal)?|Packages(\.db)?)", re.DOTALL
)
_BOOKS = re.compile(
    r"/etc/(passwd|group|shadow|gshadow|subuid|subgid|shells)"
    r"|/etc/dpkg/dpkg\.cfg(\.d/[^/]+)?"
    r"|/var/lib/dpkg/(status|status\.d/[^/]+|info/[^/]+\.(list|postinst|preinst|config))"
    r"|/var/lib/ucf/registry"
    r"|/(usr/)?lib/apk/db/installed"
    r"|/(var/lib/rpm|usr/lib/sysimage/rpm)/rpmdb\.sqlite(-wal)?"
    r"|.*\.dist-info/(METADATA|RECORD)"
    r"|.*\.egg-info(/PKG-INFO|/installed-files\.txt)?"
    r"|.*/node_modules/(@[^/]+/)?[^/@.][^/]*/package\.json",
    re.DOTALL,
)
_HEADERS_ONLY = ("/METADATA", "/PKG-INFO", ".egg-info")

_ENGINES_OWN = re.compile(
    r"/(\.dockerenv|run/\.containerenv|etc/(hostname|hosts|resolv\.conf)|(dev|proc|sys)(/.*)?)", re.DOTALL
)
"""What engines put into every container; ``/etc/hosts`` and its kind are mounted over when it runs."""

_PEP_552 = 3390
"""Magic number from which on CPython's byte code has a field of flags.

Source: cpython ``Lib/importlib/_bootstrap_external.py``, the list at ``MAGIC_NUMBER`` (3.7a).
"""
_CPYTHON = range(3000, 20000)


def read_tree(stream: IO[bytes]) -> Tree:
    """Return what a tar archive holds; it is read once, from front to back.

    Args:
        stream: The archive, uncompressed.

    Raises:
        EngineProblem: It is no archive, or breaks off.
    """
    nodes: dict[str, Node] = {}
    texts: dict[str, bytes] = {}
    links: dict[str, str] = {}
    with archive(stream, "the file system of the image") as tar:
        for member in members(tar):
            path = _path(member.name)
            if _ENGINES_OWN.fullmatch(path):
                continue
            links.pop(path, None)
            if member.islnk():
                links[path] = _path(member.linkname)
                nodes.pop(path, None)
                continue
            nodes[path] = _node(tar, member, path, texts)
    mtab = nodes.get("/etc/mtab")
    if mtab is not None and mtab.content == "/proc/mounts":  # dockerd makes this one as well
        del nodes["/etc/mtab"]
    for path in links:
        target = _named(path, links)
        nodes[path] = nodes.get(
            target, Node("file", 0, "", content=f"hard link to {target}, which is not there")
        )
        if target in texts and _BOOKS.fullmatch(path):
            texts[path] = texts[target]
    return Tree(nodes, texts)


def _path(name: str) -> str:
    return "/" + name.removeprefix("./").strip("/") if name != "." else "/"


def _named(path: str, links: Mapping[str, str]) -> str:
    """Return the path that a hard link leads to in the end."""
    seen = {path}
    while path in links and links[path] not in seen:
        path = links[path]
        seen.add(path)
    return path


def _node(tar: "TarFile", member: "TarInfo", path: str, texts: dict[str, bytes]) -> Node:
    owner = f"{member.uid}:{member.gid}"
    if member.issym():
        return Node("link", 0o777, owner, content=member.linkname)
    mode = member.mode & 0o7777
    if member.isdir():
        return Node("folder", mode, owner)
    if member.isfifo():
        return Node("pipe", mode, owner)
    if member.isdev():
        letter = "c" if member.ischr() else "b"
        return Node("device", mode, owner, content=f"{letter} {member.devmajor}:{member.devminor}")
    digest = _digest(tar, member, path, texts)
    raw = member.pax_headers.get("SCHILY.xattr.security.capability", "")
    capabilities = raw.encode("utf-8", "surrogateescape").hex() if raw else ""
    return Node("file", mode, owner, member.size, digest, capabilities)


def _digest(tar: "TarFile", member: "TarInfo", path: str, texts: dict[str, bytes]) -> str:
    """Return the SHA-256 of a file, and keep its content where it is a book."""
    from hashlib import sha256

    file = tar.extractfile(member)
    assert file is not None
    texts.pop(path, None)
    chunk = file.read(CHUNK)
    if path.endswith(".pyc"):
        chunk = without_time(chunk)
    found = sha256(chunk)
    kept = [chunk] if member.size <= MAX_BOOK and _BOOKS.fullmatch(path) else None
    while len(chunk) == CHUNK or file.tell() < member.size:
        chunk = file.read(CHUNK)
        if not chunk:
            break
        found.update(chunk)
        if kept is not None:
            kept.append(chunk)
    if kept is not None:
        text = b"".join(kept)
        texts[path] = _headers(text) if path.endswith(_HEADERS_ONLY) else text
    return found.hexdigest()


def _headers(text: bytes) -> bytes:
    end = re.search(rb"\r?\n\r?\n", text)
    return text[: end.start()] if end else text


def without_time(code: bytes) -> bytes:
    """Return Python's byte code with the time of its source file left out.

    Byte code that names its source by hash is returned whole (PEP 552).
    """
    magic = int.from_bytes(code[:2], "little")
    if code[2:4] != b"\r\n" or len(code) < 16:
        return code
    if magic not in _CPYTHON or magic < _PEP_552:
        old = magic in _CPYTHON or magic > 50000  # magic numbers of Python 2 are 50428 to 62211
        return code[:4] + code[8:] if old else code
    by_hash = code[4] & 1
    return code if by_hash else code[:8] + code[12:]
