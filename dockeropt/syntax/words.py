"""Split the arguments of an instruction into words, raw, each with its place.

Invariant: quotes and escapes stay in the words; joining the words and what lies between
gives the text back.
"""

import re
from collections.abc import Iterator
from functools import cache

from dockeropt.syntax.gotext import BLANKS, SPACES
from dockeropt.syntax.nodes import Flag, Word
from dockeropt.text import TextMap

_PLAIN = re.compile(rf"[^{BLANKS}]+")
_UP_TO_REST = re.compile(rf"[^{BLANKS}]*[{BLANKS}]*")


def trim(text: TextMap) -> TextMap:
    """Return ``text`` without white space at its ends."""
    start = len(text.text) - len(text.text.lstrip(SPACES))
    end = len(text.text.rstrip(SPACES))
    return text if start == 0 and end == len(text.text) else text.slice(start, max(start, end))


def split_keyword(logical: TextMap, escape: str) -> tuple[str, tuple[Flag, ...], TextMap]:
    """Return the first word, the flags and the rest (BuildKit ``splitCommand``)."""
    text = logical.text
    found = _UP_TO_REST.match(text)
    at = found.end() if found else 0
    keyword = text[:at].rstrip(BLANKS)
    if not text.startswith("--", at):
        return keyword, (), trim(logical.slice(at, len(text)))
    flags: list[Flag] = []
    while match := _flag_word(escape).match(text, at):
        at = match.end(1)
        flag = _flag(logical, match.start(1), at, escape)
        if flag is None:
            break
        flags.append(flag)
    return keyword, tuple(flags), trim(logical.slice(at, len(text)))


@cache
def _flag_word(escape: str) -> re.Pattern[str]:
    # BuildKit extractBuilderFlags. Every alternative begins with another character, so the
    # possessive repeat loses nothing.
    e = re.escape(escape)
    return re.compile(
        rf"""[\t\n\v\f\r ]*(--(?:[^\t\n\v\f\r '"{e}]+|{_inside("'", e)}|{_inside('"', e)}|{e}.?)*+)""",
        re.DOTALL,
    )


def _inside(quote: str, e: str) -> str:
    return f"{quote}(?:[^{quote}{e}]+|{e}.?)*+{quote}?"


@cache
def _quoting(escape: str) -> re.Pattern[str]:
    e = re.escape(escape)
    return re.compile(rf"""'((?:[^'{e}]+|{e}.?)*+)'?|"((?:[^"{e}]+|{e}.?)*+)"?|{e}(.?)""", re.DOTALL)


def unquoted(text: str, escape: str) -> str:
    """Return ``text`` as BuildKit takes a flag: without quotes and escape characters."""
    if "'" not in text and '"' not in text and escape not in text:
        return text
    e = re.escape(escape)

    def plain(match: re.Match[str]) -> str:
        inside = match[1] if match[1] is not None else match[2]
        return match[3] if inside is None else re.sub(rf"{e}(.?)", r"\1", inside, flags=re.DOTALL)

    return _quoting(escape).sub(plain, text)


def _flag(logical: TextMap, start: int, end: int, escape: str) -> Flag | None:
    """Return the flag at a place, ``None`` for the ``--`` that ends the flags."""
    raw = logical.text[start + 2 : end]
    plain = unquoted(raw, escape)
    if not plain:
        return None
    name, equals, value = plain.partition("=")
    span = logical.span(start, end)
    if not equals:
        return Flag(span, name, None, None)
    cut = raw.find("=") + 1
    return Flag(span, name, raw[cut:], logical.span(start + 2 + cut, end), value)


def plain_words(text: TextMap) -> tuple[Word, ...]:
    """Split at white space alone (BuildKit ``parseStringsWhitespaceDelimited``)."""
    return tuple([Word(text.slice(m.start(), m.end())) for m in _PLAIN.finditer(text.text)])


@cache
def _quoted(escape: str) -> re.Pattern[str]:
    # An escape character at the very end escapes nothing and belongs to no word.
    e = re.escape(escape)
    return re.compile(rf"""(?:[^{SPACES}'"{e}]+|{e}.|'[^']*'?|"(?:[^"{e}]+|{e}.)*+"?)++""", re.DOTALL)


def quoted_words(text: TextMap, escape: str) -> Iterator[tuple[int, int]]:
    """Yield the range of each word, quotes and escapes respected (BuildKit ``parseWords``)."""
    return (match.span() for match in _quoted(escape).finditer(text.text))
