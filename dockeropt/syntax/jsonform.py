"""The JSON (exec) form of an instruction, with the place of every string.

BuildKit tries it first and silently falls back to the shell form when the text is no JSON
array; an array that holds something else than strings is an error (``parseJSON``). Go's
``encoding/json`` decides what JSON is. Python's ``json`` is not used: it takes ``NaN``, it
costs a millisecond to import, and it does not tell places.
"""

import re
from functools import cache

from dockeropt.syntax.nodes import JsonArray, Word
from dockeropt.text import TextMap

MAX_DEPTH = 10_000
"""Nesting that Go's decoder takes."""

_BODY = r"""[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"""
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "/": "/"}


class NotOnlyStrings(ValueError):
    """The text is a JSON array, but not one of strings."""


@cache
def _array() -> re.Pattern[str]:
    return re.compile(rf'\[[ \t\n\r]*+(?:"{_BODY}"[ \t\n\r]*+(?:,[ \t\n\r]*+(?=")|(?=\])))*+\]')


@cache
def _string() -> re.Pattern[str]:
    return re.compile(rf'"({_BODY})"')


@cache
def _escape() -> re.Pattern[str]:
    return re.compile(r"\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u....|\\.")


@cache
def _token() -> re.Pattern[str]:
    return re.compile(
        rf'[ \t\n\r]*+(?:([\[\]{{}},:])|("{_BODY}")|(-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)'
        r"|true|false|null)"
    )


def parse_json(text: TextMap) -> JsonArray | None:
    """Return the array that ``text`` is, ``None`` if it is not JSON.

    Raises:
        NotOnlyStrings: It is an array that holds something else.
    """
    line = text.text
    if not line.startswith("["):
        return None
    if not _array().fullmatch(line):
        if is_json(line):
            raise NotOnlyStrings
        return None
    matches = list(_string().finditer(line))
    values = tuple([decoded(match[1]) for match in matches])
    spans = tuple([text.span(*match.span()) for match in matches])
    return JsonArray(text.span(0, len(line)), values, spans)


def json_words(text: TextMap) -> tuple[Word, ...]:
    """Return the decoded strings of an array as words, each with the place between its quotes.

    ``text`` must be an array that :func:`parse_json` reads. A character that was written as an
    escape stands at the place where the escape begins.
    """
    return tuple([_word(text, *match.span(1)) for match in _string().finditer(text.text)])


def _word(text: TextMap, start: int, end: int) -> Word:
    inside = text.slice(start, end)
    if "\\" not in inside.text:
        return Word(inside)
    runs: list[tuple[int, str]] = []
    at = start
    for match in _escape().finditer(text.text, start, end):
        runs += text.slice(at, match.start()).runs()
        runs.append((text.offset(match.start()), decoded(match.group())))
        at = match.end()
    runs += text.slice(at, end).runs()
    word = Word(TextMap.from_runs(runs, text.offset(start)))
    word.span = text.span(start, end)
    return word


def decoded(body: str) -> str:
    """Return what the inside of a JSON string stands for; a lone surrogate is U+FFFD, as in Go."""
    return _escape().sub(_char, body) if "\\" in body else body


def _char(match: re.Match[str]) -> str:
    code = match.group()
    if code[1] != "u":
        return _SHORT[code[1]]
    if len(code) > 6:
        return chr(0x10000 + ((int(code[2:6], 16) - 0xD800) << 10) + int(code[8:], 16) - 0xDC00)
    char = chr(int(code[2:], 16))  # noqa: FURB166 - a backslash and a u, no prefix of int
    return "\ufffd" if "\ud800" <= char <= "\udfff" else char


def is_json(text: str) -> bool:
    """Tell whether Go's decoder reads ``text`` as JSON, whatever it holds."""
    token, at = _token(), 0
    stack: list[str] = []
    # What may come next: a value, a value or the end, a comma or the end, a key, a key or the end, a colon.
    want = "value"
    while at < len(text):
        match = token.match(text, at)
        if match is None:
            return want == "" and not text[at:].strip(" \t\n\r")
        at = match.end()
        mark = match[1]
        if want in ("value", "first") and (mark is None or mark in "[{"):
            if mark is not None:
                stack.append(mark)
                if len(stack) > MAX_DEPTH:
                    return False
                want = "first" if mark == "[" else "first key"
                continue
            if match[3] and _too_large(match[3]):
                return False
        elif mark is None:
            if want not in ("key", "first key") or match[2] is None:
                return False
            want = "colon"
            continue
        elif mark == ":" and want == "colon":
            want = "value"
            continue
        elif mark == "," and want == "comma":
            want = "value" if stack[-1] == "[" else "key"
            continue
        elif not _closes(mark, want, stack):
            return False
        else:
            stack.pop()
        want = "comma" if stack else ""
    return want == ""


def _closes(mark: str, want: str, stack: list[str]) -> bool:
    if not stack or {"[": "]", "{": "}"}[stack[-1]] != mark:
        return False
    return want in ("comma", "first" if mark == "]" else "first key")


def _too_large(number: str) -> bool:
    return abs(float(number)) == float("inf")
