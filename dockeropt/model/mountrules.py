"""Which ``--mount`` flags BuildKit refuses when it knows the variables, and in which words.

Invariant: an unknown value is never refused. Sources: BuildKit ``commands_runmount.go``
(``parseMount``), ``convert_runmount.go`` (``dispatchRunMounts``), Go ``strconv.ParseBool``,
github.com/docker/go-units (``RAMInBytes``).
"""

import re
from collections.abc import Callable, Mapping
from posixpath import join

from dockeropt.model.mounts import NAMES, TRUE
from dockeropt.model.state import clean_path
from dockeropt.syntax.nodes import Flag
from dockeropt.syntax.rules import csv_fields

_BOOLEANS = frozenset((*TRUE, "0", "f", "F", "FALSE", "false", "False"))
_TYPES = frozenset(("bind", "cache", "tmpfs", "secret", "ssh"))
_SHARING = frozenset(("shared", "private", "locked"))
_KEYS = frozenset(
    "type from source target readonly readwrite required size id sharing mode uid gid env".split()
)
_SWITCHES = frozenset(("readonly", "readwrite", "required"))


def mount_problem(flag: Flag, expand: Callable[[str], str | None], workdir: str | None) -> str | None:
    """Return why BuildKit refuses a ``--mount``, ``None`` if it does not.

    Args:
        flag: The flag.
        expand: Replaces variables in a value; ``None`` when the result is unknown.
        workdir: Directory that a relative target starts from, if known.
    """
    fields, wrong = csv_fields(flag.unquoted or "")
    if wrong is not None:
        return f"failed to parse csv mounts: {wrong}"
    kind: str | None = "bind"
    values: dict[str, str | None] = {}
    for field in fields:
        key, equals, raw = field.partition("=")
        key = key.lower()
        name = NAMES.get(key, key)
        value = expand(raw) if equals else ""
        if not equals and name not in _SWITCHES:
            return f"invalid field '{field}' must be a key=value pair"
        if name not in _KEYS:
            return f"unexpected key '{key}' in '{field}'"
        if name == "type" and value is not None:
            value = value.lower()
        if (name == "required" and kind not in ("secret", "ssh", None)) or (
            name == "size" and kind not in ("tmpfs", None)
        ):
            return f"unexpected key '{key}' for mount type '{kind}'"
        reason = _value_problem(name, key, value) if equals and value is not None else None
        if reason:
            return reason
        values[name] = value
        kind = values.get("type", kind)
    return _combination_problem(kind, values) or _target_problem(kind, values, workdir)


def _value_problem(name: str, key: str, value: str) -> str | None:
    """Return what is wrong with one value."""
    if name == "type" and value not in _TYPES:
        return f'unsupported mount type "{value}"'
    if name == "sharing" and value.lower() not in _SHARING:
        return f'unsupported sharing value "{value}"'
    if name in _SWITCHES and value not in _BOOLEANS:
        return f"invalid value for {key}: {value}"
    if name == "size" and not re.fullmatch(r"[0-9]+(\.[0-9]+)* ?([kmgtpe]?i?b?)", value, re.IGNORECASE):
        return f"invalid value for {key}: {value}"
    if name in ("uid", "gid") and not _is_number(value, 10):
        return f"invalid value {value} for {name}"
    if name == "mode" and not _is_number(value, 8):
        return f"invalid value {value} for mode"
    return None


def _is_number(text: str, base: int) -> bool:
    """Tell whether ``text`` is an unsigned number of 32 bits."""
    digits = "01234567" if base == 8 else "0123456789"
    return bool(text) and not text.strip(digits) and int(text.lstrip("0")[:20] or "0", base) < 1 << 32


def _combination_problem(kind: str | None, values: Mapping[str, str | None]) -> str | None:
    """Return what of the mount does not go with its type."""
    if kind in ("bind", "tmpfs"):
        for name in ("mode", "uid", "gid"):
            if name in values:
                return f'{name} not allowed for "{kind}" type mounts'
    if kind == "secret":
        if values.get("from"):
            return "secret mount should not have a from"
        if values.get("sharing"):
            return "secret mount should not define sharing"
        if not any(values.get(name, "") != "" for name in ("source", "target", "id")):
            return "invalid secret mount. one of source, target required"
        if values.get("source") and values.get("id"):
            return "both source and id can't be set"
    if values.get("sharing") and kind not in ("cache", None):
        return f"invalid cache sharing set for {kind} mount"
    return None


def _target_problem(kind: str | None, values: Mapping[str, str | None], workdir: str | None) -> str | None:
    """Return that the mount would hide everything, if it would."""
    target = values.get("target", "")
    if kind not in ("bind", "cache", "tmpfs") or target is None:
        return None
    if not target.startswith("/"):
        if workdir is None:
            return None
        target = clean_path(join("/", workdir, target))
    return 'invalid mount target "/"' if target == "/" else None
