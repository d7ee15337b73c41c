"""Shell patterns inside ``${name#…}``, ``${name%…}`` and ``${name/…/…}``.

Invariant: the match is the one that BuildKit's regular expression finds (leftmost; as short
or as long as asked), in time proportional to pattern times value: sets of positions are kept
as the bits of one integer, so no pattern can make it backtrack.

Source: BuildKit ``shell/lex.go`` (``convertShellPatternToRegex``, ``trimPrefix``,
``trimSuffix``); Go ``regexp.ReplaceAllString``.
"""

import re

LIMIT = 65_536
"""Longest value and pattern that are looked at; the result is unknown beyond."""

_ANY = ""
_STAR = "*"


class BadPattern(ValueError):
    """The pattern has an escape that BuildKit does not know; ``pattern`` is the one it names."""

    def __init__(self, message: str, pattern: str) -> None:
        super().__init__(message)
        self.pattern = pattern


def trim(pattern: str, value: str | None, *, suffix: bool, longest: bool) -> str | None:
    """Return ``value`` without the prefix (or suffix) that ``pattern`` matches.

    Args:
        pattern: The pattern, escapes still in it.
        value: ``None`` when it is unknown: the pattern is checked all the same.
        suffix: Whether to cut at the end.
        longest: Whether to cut as much as possible instead of as little.

    Raises:
        BadPattern: BuildKit rejects the pattern.
    """
    if suffix:  # BuildKit reverses both, which also decides what a stray backslash escapes
        pattern = "".join(re.findall(r"\\.|.", pattern, re.DOTALL)[::-1])
        value = value[::-1] if value is not None else None
    tokens = _tokens(pattern)
    if value is None or len(value) > LIMIT or len(pattern) > LIMIT:
        return None
    ends = _reach(tokens, value, 1)
    if ends:
        value = value[_highest(ends) if longest else _lowest(ends) :]
    return value[::-1] if suffix else value


def replace(pattern: str, replacement: str, value: str | None, *, every: bool) -> str | None:
    """Return ``value`` with the first or every match of ``pattern`` replaced.

    Args:
        pattern: The pattern, escapes still in it.
        replacement: The text to put there. For every match, ``$0`` in it is the match and
            any other ``$name`` nothing: BuildKit hands it to Go's template expansion.
        value: ``None`` when it is unknown: the pattern is checked all the same.
        every: Whether to replace all matches (``//``).

    Raises:
        BadPattern: BuildKit rejects the pattern.
    """
    tokens = _tokens(pattern)
    if value is None or len(value) > LIMIT or len(pattern) > LIMIT or len(replacement) > LIMIT:
        return None
    size = len(value)
    # Read backwards, the places where a match can end are those where one can start.
    starts = _reach(tokens[::-1], value[::-1], (1 << size + 1) - 1)
    pieces: list[str] = []
    total = at = last = 0
    while at <= size and (left := starts & (1 << size - at + 1) - 1):
        start = size - _highest(left)
        end = start + len(tokens) if "*" not in tokens else _highest(_reach(tokens, value, 1 << start))
        pieces.append(value[last:start])
        if end > last or start == 0:  # Go: no empty match right after another match
            pieces.append(_template(replacement, value[start:end]) if every else replacement)
            total += len(pieces[-1])
        last = end
        at = max(end, at + 1)
        if not every:
            break
        if total > LIMIT:
            return None
    pieces.append(value[last:])
    return "".join(pieces)


def _tokens(pattern: str) -> list[str]:
    r"""Return literal characters (all of them as ``\c``), ``_ANY`` and ``_STAR``."""
    tokens: list[str] = []
    at, size = 0, len(pattern)
    while at < size:
        char = pattern[at]
        at += 1
        if char == "*":
            if tokens[-1:] != [_STAR]:
                tokens.append(_STAR)
        elif char == "?":
            tokens.append(_ANY)
        elif char != "\\":
            tokens.append("\\" + char)
        elif pattern[at : at + 1] not in ("}", "/"):  # those are escaped for ${}, not for us
            char = pattern[at : at + 1]
            at += 1
            if char not in ("*", "?", "\\"):
                raise BadPattern(f"invalid escape '\\{char or chr(0xFFFD)}'", pattern)
            tokens.append("\\" + char)
    return tokens


def _reach(tokens: list[str], value: str, places: int) -> int:
    """Return the set of offsets where a match that starts at one of ``places`` can end."""
    line = _where(value, "\n", equal=False)
    cache: dict[str, int] = {}
    for token in tokens:
        if token == _STAR:
            # Adding carries each bit to the end of its run of ones, that is of its line.
            places |= ((places & line) + line) ^ line
        elif token == _ANY:
            places = (places & line) << 1
        else:
            if token not in cache:
                cache[token] = _where(value, token[1], equal=True)
            places = (places & cache[token]) << 1
        if not places:
            break
    return places


def _where(value: str, char: str, *, equal: bool) -> int:
    """Return the set of offsets whose character is ``char``, or is not."""
    return int("".join(["1" if (c == char) is equal else "0" for c in reversed(value)]) or "0", 2)


def _lowest(bits: int) -> int:
    return (bits & -bits).bit_length() - 1


def _highest(bits: int) -> int:
    return bits.bit_length() - 1


def _template(template: str, match: str) -> str:
    """Return a Go replacement template filled in for a pattern without groups."""
    if "$" not in template:
        return template

    def fill(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        return match if (found[1] or found[2]) == "0" else ""

    return re.sub(r"\$(?:\$|\{(\w+)\}|(\w+))", fill, template)
