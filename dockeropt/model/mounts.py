"""The ``--mount`` flags of RUN, read as BuildKit reads them.

Invariant: a field whose value is only known at build time is ``None``, never a guess.
The value of the flag is one CSV record (``parseMount``): a field in double quotes may hold
commas, a doubled quote inside stands for one.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from dockeropt.syntax.nodes import Flag, Run

_NAMES = {"src": "source", "dst": "target", "destination": "target", "ro": "readonly", "rw": "readwrite"}


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


def csv_fields(text: str) -> tuple[str, ...] | None:
    """Split one CSV record; ``None`` when its quotes do not match.

    >>> csv_fields('type=bind,"source=a,b"')
    ('type=bind', 'source=a,b')
    """
    if '"' not in text:
        return tuple(text.split(","))
    fields: list[str] = []
    at = 0
    while True:
        if text.startswith('"', at):
            field, at = [], at + 1
            while True:
                stop = text.find('"', at)
                if stop < 0:
                    return None
                field.append(text[at:stop])
                if not text.startswith('""', stop):
                    at = stop + 1
                    break
                field.append('"')
                at = stop + 2
            if at < len(text) and text[at] != ",":
                return None
            fields.append("".join(field))
        else:
            stop = text.find(",", at)
            stop = len(text) if stop < 0 else stop
            if '"' in text[at:stop]:
                return None
            fields.append(text[at:stop])
            at = stop
        if at >= len(text):
            return tuple(fields)
        at += 1


def parse_mount(flag: Flag, expand: Callable[[str], str | None], workdir: str | None) -> Mount | None:
    """Return the mount that ``flag`` asks for; ``None`` when BuildKit cannot read it.

    Args:
        flag: A ``--mount`` flag.
        expand: Replaces variables in a value; ``None`` when the result is unknown.
        workdir: Directory that a relative target starts from, if known.
    """
    fields = csv_fields(flag.value or "")
    if fields is None:
        return None
    options: list[tuple[str, str | None]] = []
    values: dict[str, str | None] = {}
    for field in fields:
        key, equals, raw = field.partition("=")
        key = key.lower()
        value = expand(raw) if equals else None
        options.append((key, value))
        values[_NAMES.get(key, key)] = value if equals else ""
    kind = values.get("type", "bind")
    kind = kind.lower() if kind is not None else None
    read_only = kind in ("bind", "secret", "ssh")
    if "readonly" in values:
        read_only = values["readonly"] in ("", "true", "1", "t", "T", "TRUE", "True")
    if "readwrite" in values:
        read_only = values["readwrite"] not in ("", "true", "1", "t", "T", "TRUE", "True")
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
        if flag.name == "mount" and flag.value and "from" in flag.value.lower():
            for field in csv_fields(flag.value) or ():
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


def mount_problem(flag: Flag, expand: Callable[[str], str | None]) -> str | None:
    """Return why BuildKit rejects a ``--mount``, ``None`` if it does not (``parseMount``)."""
    fields = csv_fields(flag.value or "")
    if fields is None:
        return "failed to parse csv mounts"
    kind: str | None = "bind"
    values: dict[str, str | None] = {}
    for field in fields:
        key, equals, raw = field.partition("=")
        key = key.lower()
        if not equals:
            if key not in ("readonly", "ro", "readwrite", "rw", "required"):
                return f"invalid field '{field}' must be a key=value pair"
            if key == "required" and kind not in ("secret", "ssh", None):
                return f"unexpected key 'required' for mount type '{kind}'"
            continue
        if key == "from" and "$" in raw[:-1]:
            return "'from' doesn't support variable expansion, define alias stage instead"
        value = expand(raw)
        name = _NAMES.get(key, key)
        if name not in _KEYS:
            return f"unexpected key '{key}' in '{field}'"
        values[name] = value
        if name == "type":
            kind = value.lower() if value is not None else None
            if kind is not None and kind not in _TYPES:
                return f'unsupported mount type "{value}"'
        elif name == "sharing" and value is not None and value.lower() not in _SHARING:
            return f'unsupported sharing value "{value}"'
        elif name in ("uid", "gid") and value is not None and not (value.isascii() and value.isdigit()):
            return f"invalid value {value} for {name}"
        elif name == "mode" and value is not None and (not value or value.strip("01234567")):
            return f"invalid value {value} for mode"
        elif name == "size" and kind not in ("tmpfs", None):
            return f"unexpected key 'size' for mount type '{kind}'"
    if kind in ("bind", "tmpfs"):
        for name in ("mode", "uid", "gid"):
            if name in values:
                return f'{name} not allowed for "{kind}" type mounts'
    if kind == "secret":
        if values.get("from"):
            return "secret mount should not have a from"
        if not any(values.get(name, "") != "" for name in ("source", "target", "id")):
            return "invalid secret mount. one of source, target required"
        if values.get("source") and values.get("id"):
            return "both source and id can't be set"
    if values.get("sharing") and kind not in ("cache", None):
        return f"invalid cache sharing set for {kind} mount"
    if kind in ("bind", "cache", "tmpfs") and values.get("target") == "/":
        return 'invalid mount target "/"'
    return None


_TYPES = frozenset(("bind", "cache", "tmpfs", "secret", "ssh"))
_SHARING = frozenset(("shared", "private", "locked"))
_KEYS = frozenset(
    "type from source target readonly readwrite required size id sharing mode uid gid env".split()
)
