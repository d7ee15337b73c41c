"""Find the here-documents that a logical line opens, as BuildKit's own lexer does.

Facts: BuildKit ``parser.heredocsFromLine`` over ``shell.Lex`` with raw quotes, raw escapes and no
variable set. Whatever the escape directive says, a backslash escapes here. A quote or a ``${``
that never closes, or a modifier that Docker does not know (``${x^}``, ``${#x}``), makes BuildKit
see no here-document in the whole line.
"""

import re
from functools import cache
from typing import NamedTuple

from dockeropt.syntax.gotext import SPACES, quoted
from dockeropt.text.source import BOM

MAX_DEPTH = 60
"""Nested ``${a:-${b:-…}}`` beyond this are read as an error, as if a brace were missing."""

_SPECIAL = frozenset("@*#?-$!0")


class Opener(NamedTuple):
    """Hold one ``<<NAME`` of a logical line.

    Args:
        start: Offset of the word in the line.
        end: Offset behind the word.
        fd: The file descriptor before ``<<``, 0 if there is none.
        chomp: Whether it is ``<<-``.
        name: The terminator, quotes and escapes removed.
        expand: Whether no part of the name was quoted.
    """

    start: int
    end: int
    fd: int
    chomp: bool
    name: str
    expand: bool


class BadName(ValueError):
    """The name of a here-document cannot be read; BuildKit's parser gives up."""


class _Unreadable(Exception):
    """The text ends inside a quote or a substitution, or has a modifier that Docker does not know."""


def openers(line: str) -> list[Opener]:
    """Return the here-documents that ``line`` opens, in order.

    Raises:
        BadName: BuildKit rejects the file because of a name.
    """
    try:
        words = _Lexer(line, raw_quotes=True, raw_escapes=True).words()
    except _Unreadable:
        return []
    found = [opener(text, start, end) for text, start, end in words if "<<" in text]
    return [item for item in found if item is not None]


def opener(word: str, start: int = 0, end: int = 0) -> Opener | None:
    """Return the here-document that ``word`` opens, ``None`` if it opens none (``ParseHeredoc``).

    Raises:
        BadName: The name cannot be read.
    """
    match = _opener().match(word)
    if match is None or not match[3]:
        return None
    try:
        plain = _Lexer(match[3], raw_quotes=False, raw_escapes=False).words()
        if len(plain) != 1:
            return None
        raw = _Lexer(match[3], raw_quotes=True, raw_escapes=False).words()
    except _Unreadable as error:
        raise BadName(f"failed to process {quoted(match[3])}: {error}") from None
    if len(raw) != 1:
        raise BadName(f"internal lexing of heredoc produced inconsistent results: {match[3]}")
    name = plain[0][0]
    return Opener(start, end, int(match[1] or "0"), bool(match[2]), name, _quotes(name) == _quotes(raw[0][0]))


def opens(word: str) -> bool:
    """Tell whether ``word`` opens a here-document (``MustParseHeredoc``)."""
    try:
        return "<<" in word and opener(word) is not None
    except BadName:
        return False


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')


@cache
def _opener() -> re.Pattern[str]:
    return re.compile(r"([0-9]*)<<(-?)[\t\n\f\r ]*([^<]*)\Z")


@cache
def _plain() -> re.Pattern[str]:
    return re.compile(rf"""[^{SPACES}'"\\$<]+""")


class _Lexer:
    """Split a text at blanks, with quotes, escapes and ``$`` as BuildKit's ``shellWord`` reads them.

    Args:
        text: The text.
        raw_quotes: Keep quotes in the words.
        raw_escapes: Keep backslashes in the words.
    """

    __slots__ = ("at", "found", "raw_escapes", "raw_quotes", "start", "text", "word")

    def __init__(self, text: str, *, raw_quotes: bool, raw_escapes: bool) -> None:
        self.text = text
        self.raw_quotes = raw_quotes
        self.raw_escapes = raw_escapes
        self.at = 1 if text.startswith(BOM) else 0  # Go's text/scanner drops it
        self.found: list[tuple[str, int, int]] = []
        self.word: list[str] = []
        self.start = 0

    def words(self) -> list[tuple[str, int, int]]:
        """Return each word with its range.

        Raises:
            _Unreadable: See there.
        """
        text, plain = self.text, _plain()
        while self.at < len(text):
            begin = self.at
            run = plain.match(text, begin)
            if run is not None:
                self.at = run.end()
                self._add(run.group(), begin)
                continue
            char = text[begin]
            if char in SPACES:
                self._flush(begin)
                self.at += 1
            elif char == "$":
                self._split(self._dollar(0), begin)
            else:
                self._add(self._piece(char, 0), begin)
        self._flush(self.at)
        return self.found

    def _add(self, piece: str, begin: int) -> None:
        if not piece:
            return
        if not self.word:
            self.start = begin
        self.word.append(piece)

    def _flush(self, end: int) -> None:
        if self.word:
            self.found.append(("".join(self.word), self.start, end))
            self.word = []

    def _split(self, piece: str, begin: int) -> None:
        """Add what a substitution became: blanks in it end words too."""
        same = self.text.startswith(piece, begin)
        at = 0
        for match in _words_and_gaps().finditer(piece):
            at = begin + match.start() if same else begin
            if match[1]:
                self._flush(at)
            else:
                self._add(match.group(), at)

    def _piece(self, char: str, depth: int) -> str:
        """Take a quote, an escape, a ``<`` or any other one character; return what it stands for."""
        if char == "'":
            return self._single()
        if char == '"':
            return self._double(depth)
        self.at += 1
        if char == "<":
            return self._less()
        if char != "\\":
            return char
        escaped = self.text[self.at : self.at + 1]
        self.at += 1
        return char + escaped if self.raw_escapes else escaped

    def _single(self) -> str:
        stop = self.text.find("'", self.at + 1)
        if stop < 0:
            raise _Unreadable("unexpected end of statement while looking for matching single-quote")
        inside = self.text[self.at + 1 : stop]
        self.at = stop + 1
        return f"'{inside}'" if self.raw_quotes else inside

    def _double(self, depth: int) -> str:
        text = self.text
        pieces: list[str] = ['"'] if self.raw_quotes else []
        self.at += 1
        while True:
            stop = _double_stop().search(text, self.at)
            if stop is None:
                raise _Unreadable("unexpected end of statement while looking for matching double-quote")
            pieces.append(text[self.at : stop.start()])
            self.at = stop.start()
            char = stop.group()
            if char == '"':
                self.at += 1
                if self.raw_quotes:
                    pieces.append(char)
                return "".join(pieces)
            if char == "$":
                pieces.append(self._dollar(depth))
                continue
            after = text[self.at + 1 : self.at + 2]
            if self.raw_escapes:
                pieces.append(char)
            if after and after in '"$\\':
                pieces.append(after)
                self.at += 2
            else:
                if after:
                    pieces.append(char)
                self.at += 1

    def _less(self) -> str:
        """Take a second ``<`` and the blanks behind it, which belong to the word."""
        if not self.text.startswith("<", self.at):
            return "<"
        begin = self.at
        self.at += 1
        while self.text[self.at : self.at + 1] in ("\t", "\r", " "):
            self.at += 1
        return "<" + self.text[begin : self.at]

    # --- substitutions: none is set, so each one stays what it is ------------------------

    def _dollar(self, depth: int) -> str:
        self.at += 1
        if not self.text.startswith("{", self.at):
            return "$" + self._name()
        if depth >= MAX_DEPTH:
            raise _Unreadable("syntax error: missing '}'")
        self.at += 1
        first = self._peek()
        if first == "":
            raise _Unreadable("syntax error: missing '}'")
        if first in "{}:":
            raise _Unreadable("syntax error: bad substitution")
        name = self._name()
        mark = self._next()
        if mark == "}":
            return f"${{{name}}}"
        if mark == "/":
            if self._peek() == "/":
                self.at += 1
            pattern = self._until("/", depth, raw_escapes=True)
            return f"${{{name}/{pattern}/{self._until('}', depth, raw_escapes=True)}}}"
        colon = mark == ":"
        if colon:
            mark = self._next()
        elif mark not in tuple("+-?#%"):
            raise _Unreadable(f"unsupported modifier ({mark or chr(0xFFFD)}) in substitution")
        raw_escapes = mark in ("#", "%")
        if colon and raw_escapes:
            raise _Unreadable(f"unsupported modifier (:{mark}) in substitution")
        modifier = f":{mark}" if colon else mark
        return f"${{{name}{modifier}{self._until('}', depth, raw_escapes=raw_escapes)}}}"

    def _until(self, stop: str, depth: int, *, raw_escapes: bool) -> str:
        """Take everything up to ``stop`` (``processStopOn``)."""
        self.word = []  # BuildKit lets the inner words overwrite the word that is being read
        outer, self.raw_escapes = self.raw_escapes, raw_escapes
        pieces: list[str] = []
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == stop:
                self.at += 1
                self.raw_escapes = outer
                return "".join(pieces)
            pieces.append(self._dollar(depth + 1) if char == "$" else self._piece(char, depth + 1))
        raise _Unreadable("syntax error: missing '}'" if stop == "}" else "syntax error: missing '/' in ${}")

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _next(self) -> str:
        char = self.text[self.at : self.at + 1]
        self.at += 1
        return char

    def _name(self) -> str:
        """Take a variable's name; digits, or one special character, may stand for it."""
        first = self._peek()
        if first.isdecimal():
            begin = self.at
            while self._peek().isdecimal():
                self.at += 1
            return self.text[begin : self.at]
        if first in _SPECIAL:
            self.at += 1
            return first
        match = _name().match(self.text, self.at)
        if match is None:
            return ""
        self.at = match.end()
        return match.group()


@cache
def _name() -> re.Pattern[str]:
    return re.compile(r"\w+")


@cache
def _double_stop() -> re.Pattern[str]:
    return re.compile(r'["$\\]')


@cache
def _words_and_gaps() -> re.Pattern[str]:
    return re.compile(rf"([{SPACES}]+)|[^{SPACES}]+")
