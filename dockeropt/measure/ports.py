"""Which TCP ports the processes of a container listen on, from the tables of Linux.

Invariant: with the network of the machine, only the sockets of the container's own processes count,
so what else runs there is never taken for the container's.
"""

import os

LISTEN = "0A"
"""State of a listening socket in /proc/net/tcp (proc(5))."""


def listening(table: str, inodes: frozenset[str] | None = None) -> frozenset[int]:
    """Return the ports of the listening sockets of a table in the form of /proc/net/tcp.

    Args:
        table: One table or several, with their headings.
        inodes: Only sockets with these inodes; all when it is ``None``.

    >>> listening("  0: 0100007F:1F90 00000000:0000 0A 0:0 00:0 0 0 0 77 1 0 100 0\\n")
    frozenset({8080})
    """
    ports: set[int] = set()
    for line in table.splitlines():
        cells = line.split()
        if len(cells) < 10 or cells[3] != LISTEN or (inodes is not None and cells[9] not in inodes):
            continue
        ports.add(int(cells[1].rpartition(":")[2], 16))
    return frozenset(ports)


def ports_of(first: int, identity: str) -> frozenset[int] | None:
    """Return the ports that the processes of a container listen on.

    Args:
        first: Number of its first process, as the engine says it.
        identity: Of the container; its processes must carry it in their control group, or else they
            are processes of this machine that only have the same number.

    Returns:
        ``None`` when the engine is on another machine, or its processes are not ours to look at.
    """
    group = _read(f"/proc/{first}/cgroup")
    if identity not in group:
        return None
    inodes: set[str] = set()
    for entry in os.listdir("/proc"):
        if not entry.isdigit() or identity not in _read(f"/proc/{entry}/cgroup"):
            continue
        try:
            for handle in os.listdir(f"/proc/{entry}/fd"):
                target = _link(f"/proc/{entry}/fd/{handle}")
                if target.startswith("socket:["):
                    inodes.add(target[8:-1])
        except FileNotFoundError:  # it ended meanwhile
            continue
        except PermissionError:
            return None
    tables = _read(f"/proc/{first}/net/tcp") + _read(f"/proc/{first}/net/tcp6")
    return listening(tables, frozenset(inodes))


def _read(path: str) -> str:
    try:
        with open(path, encoding="ascii", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _link(path: str) -> str:
    try:
        return os.readlink(path)
    except FileNotFoundError:
        return ""
