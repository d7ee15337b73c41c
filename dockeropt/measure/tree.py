"""The file system of an image as a table: what each path is, compared and reported on.

Invariant: times are left out; a hard link is the file that it names; what a table says of a path
depends on nothing but the path. Python's byte code counts without the header that holds the time.
"""

from typing import NamedTuple


class Node(NamedTuple):
    """What stands at one path.

    Args:
        kind: ``file``, ``folder``, ``link`` (symbolic), ``device`` or ``pipe``.
        mode: Permission bits, the sticky, setuid and setgid bits among them.
        owner: ``uid:gid``.
        size: Bytes of a file, 0 for all else.
        content: SHA-256 of a file in hexadecimal, target of a link, numbers of a device.
    """

    kind: str
    mode: int
    owner: str
    size: int = 0
    content: str = ""
