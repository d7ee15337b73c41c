"""The ``${VARIABLE:-default}`` of compose files.

Invariant: the value that compose would use, or ``None`` when that depends on the environment
of whoever runs it. Source: Compose file reference, "Interpolation".
"""

import re
from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_DEEP = 20


def interpolate(text: str, variables: Mapping[str, str] | None = None, depth: int = 0) -> str | None:
    """Return ``text`` with its variables replaced.

    Args:
        text: What the file says.
        variables: Those that are known, such as the ones of the ``.env`` file.
        depth: How many defaults it stands in.

    >>> interpolate("a-${TAG:-1.2}-$$x"), interpolate("$HOME/a"), interpolate("$A", {"A": "b"})
    ('a-1.2-$x', None, 'b')
    """
    if "$" not in text:
        return text
    known = variables or {}
    out: list[str] = []
    at = 0
    while (dollar := text.find("$", at)) >= 0:
        out.append(text[at:dollar])
        following = text[dollar + 1 : dollar + 2]
        if following == "$":
            out.append("$")
            at = dollar + 2
            continue
        if following == "{":
            end = _closing(text, dollar + 2)
            value = _braced(text[dollar + 2 : end], known, depth) if end >= 0 else None
            at = end + 1
        else:
            name = _NAME.match(text, dollar + 1)
            value = known.get(name.group()) if name else None
            at = name.end() if name else dollar + 1
        if value is None:
            return None
        out.append(value)
    out.append(text[at:])
    return "".join(out)


def _closing(text: str, at: int) -> int:
    depth = 1
    for place in range(at, len(text)):
        if text[place] == "{":
            depth += 1
        elif text[place] == "}":
            depth -= 1
            if not depth:
                return place
    return -1


def _braced(inside: str, known: Mapping[str, str], depth: int) -> str | None:
    name = _NAME.match(inside)
    if name is None or depth > _DEEP:
        return None
    value = known.get(name.group())
    operator = inside[name.end() :]
    colon = operator.startswith(":")
    kind, word = operator[colon : colon + 1], operator[colon + 1 :]
    is_set = value is not None and not (colon and not value)
    if kind == "-":
        return value if is_set else interpolate(word, known, depth + 1)
    if kind == "+":  # not set here may still be set where it runs
        return interpolate(word, known, depth + 1) if is_set else None
    if kind == "?" or not operator:
        return value
    return None


def read_env(text: str) -> dict[str, str]:
    """Return the plain assignments of a ``.env`` file; what is not plain is left out.

    >>> read_env("A=1\\n# c\\nexport B='x y'\\nC=$A")
    {'A': '1', 'B': 'x y'}
    """
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        name, value = name.strip(), value.strip()
        if not equals or not _NAME.fullmatch(name):
            continue
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            plain, value = value[0] == "'", value[1:-1]
            if not plain and ("$" in value or "\\" in value):
                continue
        else:
            value = value.partition(" #")[0].rstrip()
            if "$" in value or value[:1] in {"'", '"'}:
                continue
        found[name] = value
    return found
