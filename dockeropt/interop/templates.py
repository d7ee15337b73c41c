"""Templates: which stretches of a text that a program holds are filled in before it is a Dockerfile.

What the program does with the text is known (``.format``, ``%``, ``string.Template``, ``.replace``) or not:
then what looks like a hole is taken for one, and nothing may be added whose meaning would depend on it.
Invariant: a text that the known way would not accept is no template of ours: it is left alone.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from dockeropt.interop.held import Piece

_NAME = r"[A-Za-z_]\w*"
_FIELD = rf"\{{(?:{_NAME}|\d+)?(?:\.\w+|\[[^\]{{}}]*\])*(?:![rsa])?(?::[^{{}}]*)?\}}"
_FORMAT = re.compile(rf"(?P<both>\{{\{{|\}}\}})|(?P<hole>{_FIELD})|(?P<stray>[{{}}])")
_LIKELY_FIELD = re.compile(
    rf"(?<!\$)(?<!\{{)\{{(?:{_NAME}|\d+)(?:\.\w+|\[\w+\])*(?:![rsa])?(?::[^{{}}\s]*)?\}}(?!\}})"
)
_EMPTY_FIELD = re.compile(r"(?<![\${])\{\}(?!\})")
_PERCENT = re.compile(
    rf"(?P<both>%%)|(?P<hole>%(?:\({_NAME}\))?[#0\- +]*\d*(?:\.\d+)?[diouxXeEfFgGcrsa])|(?P<stray>%)"
)
_NAMED_PERCENT = re.compile(rf"%\({_NAME}\)[sdr]")
_LIKELY_PERCENT = re.compile(r"(?<![%\w+])%s")
_DOLLAR = re.compile(rf"(?P<both>\$\$)|(?P<hole>\$(?:{_NAME}|\{{{_NAME}\}}))")
_DOUBLED_DOLLAR = re.compile(r"\$\$[({A-Za-z_]")
_JINJA = re.compile(r"\{\{-?\s*[A-Za-z_][^{}]*\}\}")
_TOKEN = re.compile(
    r"(?<!\w)__[A-Z][A-Z0-9_]*?__(?!\w)|@[A-Z][A-Z0-9_]*@|(?<!<)<[A-Z][A-Z0-9_ -]*>(?!>)|<<[A-Z_]+>>"
)
_SHELL_USE = re.compile(r"-exec\b|\bxargs\b|\bprintf\b|\bdate\b|\bstat\b|--format|\bawk\b|\bparallel\b")

FORMAT, PERCENT, TEMPLATE, REPLACE = "format", "percent", "template", "replace:"
"""Ways to fill in a text; after the last one stands what is replaced."""


class Filled(NamedTuple):
    """A text with its holes found.

    Args:
        pieces: The pieces, those of a hole made one.
        doubled: Characters that have to be written twice.
        forbidden: Characters that must not be written at all.
    """

    pieces: list[Piece]
    doubled: str = ""
    forbidden: str = ""


def find_holes(pieces: Sequence[Piece], ways: Collection[str]) -> Filled | None:
    """Return the pieces with holes, ``None`` when the text is not what ``ways`` would accept.

    Args:
        pieces: One for each character, and one for each hole that is known already.
        ways: The ways in which the program fills the text in, as far as they are known.
    """
    text = "".join([piece.text if len(piece.text) == 1 and not piece.hole else "\0" for piece in pieces])
    known = [way for way in (FORMAT, PERCENT, TEMPLATE) if way in ways]
    if len(known) > 1:
        return None
    found: list[tuple[int, int, str]] = []
    for way in ways:
        token = way.removeprefix(REPLACE)
        if way.startswith(REPLACE) and token:
            found += [(m.start(), m.end(), "") for m in re.finditer(re.escape(token), text)]
    doubled = forbidden = ""
    if known:
        pattern = {FORMAT: _FORMAT, PERCENT: _PERCENT, TEMPLATE: _DOLLAR}[known[0]]
        doubled = {FORMAT: "{}", PERCENT: "%", TEMPLATE: "$"}[known[0]]
        for match in pattern.finditer(text):
            if match.lastgroup == "stray":
                return None
            found.append((*match.span(), match.group()[0] if match.lastgroup == "both" else ""))
    else:
        guessed, forbidden = _guess(text)
        found += guessed
    found += [(*match.span(), "") for match in _TOKEN.finditer(text)]
    return Filled(list(_merged(pieces, text, found)), doubled, forbidden)


def _guess(text: str) -> tuple[list[tuple[int, int, str]], str]:
    """Return what looks like a hole when nobody says how the text is filled in."""
    found: list[tuple[int, int, str]] = []
    forbidden = ""
    fields = [match.span() for match in _LIKELY_FIELD.finditer(text)]
    fields += [m.span() for m in _EMPTY_FIELD.finditer(text) if not _SHELL_USE.search(_line(text, m.start()))]
    if fields:
        forbidden += "{}"
        found += [(start, end, "") for start, end in fields]
        taken = {at for start, end in fields for at in range(start, end)}
        found += [
            (*match.span(), match.group()[0])
            for match in re.finditer(r"\{\{|\}\}", text)
            if not taken & {*range(*match.span())}
        ]
    else:
        found += [(*match.span(), "") for match in _JINJA.finditer(text)]
    if _DOUBLED_DOLLAR.search(text):  # nobody writes that but for string.Template
        forbidden += "$"
        found += [(*match.span(), "") for match in _DOLLAR.finditer(text)]
    percents = [match.span() for match in _NAMED_PERCENT.finditer(text)]
    if not percents:
        percents = [
            m.span() for m in _LIKELY_PERCENT.finditer(text) if not _SHELL_USE.search(_line(text, m.start()))
        ]
    if percents:
        forbidden += "%"
        found += [(start, end, "") for start, end in percents]
    return found, forbidden


def _line(text: str, at: int) -> str:
    end = text.find("\n", at)
    return text[text.rfind("\n", 0, at) + 1 : len(text) if end < 0 else end]


def _merged(pieces: Sequence[Piece], text: str, found: list[tuple[int, int, str]]) -> Iterator[Piece]:
    """Yield the pieces with those of each found stretch made one."""
    at = 0
    for start, end, char in sorted(found):
        if start < at or len({piece.part for piece in pieces[start:end]}) != 1 or "\0" in text[start:end]:
            continue
        yield from pieces[at:start]
        first = pieces[start]
        hole = "" if char else text[start:end]
        yield Piece(char or "\0", first.start, pieces[end - 1].stop, first.part, hole)
        at = end
    yield from pieces[at:]
