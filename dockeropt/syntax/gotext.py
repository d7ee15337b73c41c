"""What Go says about text where BuildKit relies on it: white space, quoted strings, durations.

Python's own answers differ in places: ``str.isspace`` knows four more characters, ``\\d`` matches
digits of every script, and ``repr`` quotes in another way.
"""

import re
from functools import cache

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""White space in the sense of Go's ``unicode.IsSpace``."""

BLANKS = "\t\v\f\r "
"""BuildKit's ``reWhitespace``: what separates the keyword, and the words of FROM, COPY, EXPOSE …"""

LIMIT = 1 << 63
_SHORT = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    '"': '\\"',
    "\\": "\\\\",
}
_UNITS = {
    "ns": 1,
    "us": 1000,
    "\xb5s": 1000,
    "\u03bcs": 1000,
    "ms": 10**6,
    "s": 10**9,
    "m": 60 * 10**9,
    "h": 3600 * 10**9,
}


def quoted(text: str) -> str:
    r"""Return ``text`` as Go's ``%q`` writes it.

    >>> print(quoted('say "hi"\n'))
    "say \"hi\"\n"
    """
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join([_SHORT.get(char) or _escaped(char) for char in text]) + '"'


def _escaped(char: str) -> str:
    if char.isprintable():
        return char
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8
        return f"\\x{code - 0xDC00:02x}"
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


class BadDuration(ValueError):
    """The text is no duration; the message is Go's."""


@cache
def _part() -> re.Pattern[str]:
    return re.compile(r"([0-9]*)(?:(\.)([0-9]*))?([^.0-9]*)")


def nanoseconds(text: str) -> int:
    """Return the duration that ``text`` is in Go's notation (``time.ParseDuration``), in nanoseconds.

    Raises:
        BadDuration: It is none.

    >>> nanoseconds("1m30s") // 10**9
    90
    """
    invalid = BadDuration(f"time: invalid duration {_time_quoted(text)}")
    sign, body = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if body == "0":
        return 0
    if not body:
        raise invalid
    total = at = 0
    while at < len(body):
        match = _part().match(body, at)
        if match is None or not (match[1] or match[3]):
            raise invalid
        if not match[4]:
            raise BadDuration(f"time: missing unit in duration {_time_quoted(text)}")
        unit = _UNITS.get(match[4])
        if unit is None:
            raise BadDuration(f"time: unknown unit {_time_quoted(match[4])} in duration {_time_quoted(text)}")
        fraction = (match[3] or "")[:30]
        total += int(match[1][:40] or "0") * unit
        total += int(fraction or "0") * unit // 10 ** len(fraction)
        if total > LIMIT or len(match[1]) > 40:
            raise invalid
        at = match.end()
    if sign > 0 and total > LIMIT - 1:
        raise invalid
    return sign * total


def _time_quoted(text: str) -> str:
    """Quote as Go's ``time`` package does: bytes outside ASCII as ``\\xNN``."""
    data = text.encode("utf-8", "surrogateescape")
    escaped = [
        f"\\{chr(byte)}" if byte in b'"\\' else chr(byte) if 32 <= byte < 128 else f"\\x{byte:02x}"
        for byte in data
    ]
    return '"' + "".join(escaped) + '"'
