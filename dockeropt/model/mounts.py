"""The ``--mount`` flags of RUN, read as BuildKit reads them.

Invariant: a field whose value is only known at build time is ``None``, never a guess.
The value of the flag, its quotes removed, is one CSV record (``parseMount``).
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from dockeropt.syntax.nodes import Flag, Run
from dockeropt.syntax.rules import csv_fields

TRUE = ("1", "t", "T", "TRUE", "true", "True")
NAMES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite"}


class Mount(NamedTuple):
    """Hold one ``--mount``.

    Args:
        type: ``bind`` (the default), ``cache``, ``tmpfs``, ``secret`` or ``ssh``; ``None`` if unknown.
        target: Absolute, cleaned path inside the build; ``None`` when not given or unknown.
        source: As written, variables expanded.
        from_: Stage, image or context that it is taken from.
        id: Cache or secret identifier as written.
        sharing: ``shared``, ``private`` or ``locked`` of a cache; ``None`` when not given.
        read_only: Whether it is mounted read-only.
        uid: Owner of a cache or secret, as written.
        options: All fields as ``(key in lower case, value or None)``, in order.
        flag: The flag in the tree.
    """

    type: str | None
    target: str | None
    source: str | None
    from_: str | None
    id: str | None
    sharing: str | None
    read_only: bool
    uid: str | None
    options: tuple[tuple[str, str | None], ...]
    flag: Flag


def parse_mount(flag: Flag, expand: Callable[[str], str | None], workdir: str | None) -> Mount | None:
    """Return the mount that ``flag`` asks for; ``None`` when BuildKit cannot read it.

    Args:
        flag: A ``--mount`` flag.
        expand: Replaces variables in a value; ``None`` when the result is unknown.
        workdir: Directory that a relative target starts from, if known.
    """
    fields, wrong = csv_fields(flag.unquoted or "")
    if wrong is not None:
        return None
    options: list[tuple[str, str | None]] = []
    values: dict[str, str | None] = {}
    for field in fields:
        key, equals, raw = field.partition("=")
        key = key.lower()
        value = expand(raw) if equals else None
        options.append((key, value))
        values[NAMES.get(key, key)] = value if equals else ""
    kind = values.get("type", "bind")
    kind = kind.lower() if kind is not None else None
    read_only = kind in ("bind", "secret", "ssh")
    if "readonly" in values:
        read_only = values["readonly"] in ("", *TRUE)
    if "readwrite" in values:
        read_only = values["readwrite"] not in ("", *TRUE)
    return Mount(
        type=kind,
        target=_absolute(values.get("target"), workdir),
        source=values.get("source"),
        from_=values.get("from"),
        id=values.get("id"),
        sharing=values.get("sharing"),
        read_only=read_only,
        uid=values.get("uid"),
        options=tuple(options),
        flag=flag,
    )


def mount_sources(node: Run) -> Iterator[str]:
    """Yield what the mounts of ``node`` are taken from: the values of ``from=``."""
    for flag in node.flags:
        if flag.name == "mount" and flag.unquoted and "from" in flag.unquoted.lower():
            for field in csv_fields(flag.unquoted)[0]:
                key, _, value = field.partition("=")
                if key.lower() == "from" and value:
                    yield value


def _absolute(target: str | None, workdir: str | None) -> str | None:
    from posixpath import join, normpath

    if not target:
        return None
    if target.startswith("/"):
        return normpath(target).replace("//", "/", 1) if target.startswith("//") else normpath(target)
    return normpath(join(workdir, target)) if workdir else None
