"""Split the arguments of an instruction into words, raw, each with its place.

Invariant: quotes and escapes stay in the words; joining the words and what lies between
gives the text back. White space is what Go's ``unicode.IsSpace`` says, because BuildKit asks it.
"""

import re
from collections.abc import Iterator
from functools import cache

from dockeropt.syntax.nodes import Flag, Word
from dockeropt.text import TextMap

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""White space in Go's sense; Python's own idea of it has four characters more."""

# BuildKit's reWhitespace: what separates the keyword and the words of FROM, COPY, EXPOSE …
BLANKS = "\t\v\f\r "

_FLAG = re.compile(
    rf"""[{SPACES}]*(--(?:[^{SPACES}'"\\]|'(?:[^'\\]|\\.)*(?:'|$)|"(?:[^"\\]|\\.)*(?:"|$)|\\(?:.|$))*)(?=[{SPACES}]|$)""",
    re.DOTALL,
)
_PLAIN = re.compile(rf"[^{BLANKS}]+")


def trim(text: TextMap) -> TextMap:
    """Return ``text`` without white space at its ends."""
    start = len(text.text) - len(text.text.lstrip(SPACES))
    end = len(text.text.rstrip(SPACES))
    return text if start == 0 and end == len(text.text) else text.slice(start, max(start, end))


def split_keyword(logical: TextMap) -> tuple[str, tuple[Flag, ...], TextMap]:
    """Return the first word, the flags and the rest (BuildKit ``splitCommand``)."""
    text = logical.text
    found = _PLAIN.match(text)
    keyword = found.group() if found else ""
    at = len(keyword)
    flags: list[Flag] = []
    if "--" in text:
        while match := _FLAG.match(text, at):
            at = match.end()
            if match[1] == "--":
                break
            flags.append(_flag(logical, match.start(1), match.end(1)))
    return keyword, tuple(flags), trim(logical.slice(at, len(text)))


def _flag(logical: TextMap, start: int, end: int) -> Flag:
    name, equals, value = logical.text[start + 2 : end].partition("=")
    if not equals:
        return Flag(logical.span(start, end), name, None, None)
    at = start + 2 + len(name) + 1
    return Flag(logical.span(start, end), name, value, logical.span(at, end))


def plain_words(text: TextMap) -> tuple[Word, ...]:
    """Split at white space alone (BuildKit ``parseStringsWhitespaceDelimited``)."""
    return tuple([Word(text.slice(m.start(), m.end())) for m in _PLAIN.finditer(text.text)])


@cache
def _quoted(escape: str) -> re.Pattern[str]:
    e = re.escape(escape)
    return re.compile(
        rf"""(?:[^{SPACES}'"{e}]+|{e}(?:.|$)|'[^']*(?:'|$)|"(?:[^"{e}]|{e}.)*(?:"|{e}?$))+""", re.DOTALL
    )


def quoted_words(text: TextMap, escape: str) -> Iterator[tuple[int, int]]:
    """Yield the range of each word, quotes and escapes respected (BuildKit ``parseWords``)."""
    for match in _quoted(escape).finditer(text.text):
        end = match.end()
        if end == len(text.text) and _ends_in_escape(match.group(), escape):
            end -= 1  # an escape that escapes nothing is skipped
        if end > match.start():
            yield match.start(), end


def _ends_in_escape(word: str, escape: str) -> bool:
    return (len(word) - len(word.rstrip(escape))) % 2 == 1 and "'" not in word
