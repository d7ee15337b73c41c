"""The value of quoted text: what is left when quotes and escapes are removed.

Invariant: a value is given only where every shell of the dialect agrees on it.
"""

import re
from functools import cache

_SIMPLE_ESCAPES = {
    "a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t",
    "v": "\v", "\\": "\\", "'": "'", '"': '"', "?": "?",
}  # fmt: skip


@cache
def _double_escapes() -> "re.Pattern[str]":
    return re.compile(r'\\([$`"\\\n])')


@cache
def _ansi_escapes() -> "re.Pattern[str]":
    return re.compile(r"\\(x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|.)", re.DOTALL)


def double_quoted_text(inner: str) -> str:
    """Return what the inside of double quotes means; it must hold no expansion."""
    if "\\" not in inner:
        return inner
    return _double_escapes().sub(lambda m: "" if m.group(1) == "\n" else m.group(1), inner)


def ansi_text(inner: str) -> str | None:
    """Return what the inside of ``$'…'`` means, ``None`` for escapes outside ASCII."""
    if "\\" not in inner:
        return inner
    pieces: list[str] = []
    at = 0
    for match in _ansi_escapes().finditer(inner):
        pieces.append(inner[at : match.start()])
        at = match.end()
        escape = match.group(1)
        if escape[0] == "x" and len(escape) > 1:
            code = int(escape[1:], 16)
        elif escape[0] in "01234567":
            code = int(escape, 8)
        elif escape in _SIMPLE_ESCAPES:
            pieces.append(_SIMPLE_ESCAPES[escape])
            continue
        else:
            return None
        if not 0 < code < 128:
            return None
        pieces.append(chr(code))
    return "".join(pieces) + inner[at:]


def may_expand(bare: str, *, braces: bool) -> bool:
    """Tell whether unquoted characters of a word may turn into something else.

    Globs, a tilde where one is expanded, and (bash) brace expansion.
    """
    if "*" in bare or "?" in bare:
        return True
    bracket = bare.find("[")
    if bracket >= 0 and bare.find("]", bracket) >= 0:
        return True
    if "~" in bare and (bare[0] == "~" or "=~" in bare or ":~" in bare):
        return True
    if braces:
        opening, closing = bare.find("{"), bare.rfind("}")
        if 0 <= opening < closing:
            inner = bare[opening:closing]
            return "," in inner or ".." in inner
    return False
