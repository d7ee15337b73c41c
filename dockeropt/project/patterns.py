"""Patterns of ``.dockerignore``, matched as moby's patternmatcher matches them.

Invariant: time grows with path times pattern, whatever the pattern. patternmatcher makes a
regular expression out of a pattern, character by character and blind to brackets, so that
``[*]`` means something odd; that expression is made here too, then read in Go's sense and
run either by ``re``, where that cannot backtrack far, or as a set of states.

Sources: moby/patternmatcher ``Pattern.compile``, ``match``; Go ``path/filepath.Match`` (what is
malformed), ``regexp/syntax`` (brackets).
"""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

_CLASSES = {
    "d": "0-9",
    "s": r"\t\n\f\r ",
    "w": "0-9A-Za-z_",
    "[:alnum:]": "0-9A-Za-z",
    "[:alpha:]": "A-Za-z",
    "[:digit:]": "0-9",
    "[:lower:]": "a-z",
    "[:punct:]": r"!-/:-@\[-`{-~",
    "[:space:]": r"\t\n\v\f\r ",
    "[:upper:]": "A-Z",
    "[:word:]": "0-9A-Za-z_",
    "[:xdigit:]": "0-9A-Fa-f",
}
_CONTROL = {"a": "\a", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NOT_UNDERSTOOD = "bBAzCQEpPx01234567"
"""Go has a meaning for these after a backslash that no file name is likely to have in mind."""

_ESCAPED = ".+()|{}$"
_MAX_STATES = 1_024


class MalformedPattern(ValueError):
    """Docker refuses the pattern. The message is the reason it gives."""


class _Piece(NamedTuple):
    """A piece of a pattern: a set of characters in ``re``'s spelling, once or any number of times.

    ``(.*/)?`` is the piece whose set is ``_FOLDERS``; one that never matches has an empty set.
    """

    chars: str
    many: bool


_FOLDERS = "(.*/)?"
_NEVER = _Piece("", many=False)


def matcher(pattern: str) -> Callable[[str], bool]:
    """Return a function that tells whether a cleaned pattern matches a path.

    Raises:
        MalformedPattern: Docker refuses the pattern.
    """
    check(pattern)
    kind, expression = _expression(pattern)
    if kind == "exact":
        return pattern.__eq__
    if kind == "prefix":
        start = pattern[:-2]
        return lambda path: path.startswith(start)
    if kind == "suffix":
        end = pattern[2:]
        return lambda path: path.endswith(end) or (end.startswith("/") and path == end[1:])
    pieces = _Reader(expression).pieces()
    if _NEVER in pieces:
        return lambda path: False  # noqa: ARG005
    many = sum(piece.many for piece in pieces)
    folders = sum(piece.chars == _FOLDERS or (piece.many and piece.chars == ".") for piece in pieces)
    if folders <= 1 and many <= 3:
        found = re.compile("".join([_spelt(piece) for piece in pieces]))
        return lambda path: found.fullmatch(path) is not None
    if len(pieces) > _MAX_STATES:
        raise MalformedPattern("pattern is too long to be matched")
    return _States(pieces).match


def check(pattern: str) -> None:
    """Refuse what Go's ``filepath.Match`` calls a syntax error."""
    at, size = 0, len(pattern)
    while at < size:
        char = pattern[at]
        at += 1
        if char == "\\":
            if at == size:
                raise MalformedPattern("syntax error in pattern")
            at += 1
        elif char == "[":
            at += pattern.startswith("^", at)
            at = _check_member(pattern, at)
            while not pattern.startswith("]", at):
                at = _check_member(pattern, at)
            at += 1


def _check_member(pattern: str, at: int) -> int:
    """Return the place after a character or a range inside brackets."""
    at = _check_end(pattern, at)
    return _check_end(pattern, at + 1) if pattern[at] == "-" else at


def _check_end(pattern: str, at: int) -> int:
    """Return the place after one end of a range (Go ``getEsc``); something must follow."""
    char = pattern[at : at + 1]
    at += 2 if char == "\\" else 1
    if char in ("", "-", "]") or "\ud800" <= char <= "\udfff" or at >= len(pattern):
        raise MalformedPattern("syntax error in pattern")
    return at


def _expression(pattern: str) -> tuple[str, str]:
    """Return how patternmatcher matches a pattern, and its regular expression without anchors."""
    out: list[str] = []
    kind = "exact"
    at, size = 0, len(pattern)
    while at < size:
        first = at == 0
        char = pattern[at]
        at += 1
        if char == "*" and pattern.startswith("*", at):
            at += 1 + pattern.startswith("/", at + 1)
            if at < size:
                out.append("(.*/)?")
                kind = "regexp"
            elif kind == "exact":
                kind = "prefix"
            else:
                out.append(".*")
                kind = "regexp"
            if first:
                kind = "suffix"
        elif char == "*":
            out.append("[^/]*")
            kind = "regexp"
        elif char == "?":
            out.append("[^/]")
            kind = "regexp"
        elif char == "\\":
            out.append("\\" + pattern[at : at + 1])
            at += 1
            kind = "regexp"
        else:
            out.append("\\" + char if char in _ESCAPED else char)
            if char in "[]":
                kind = "regexp"
    return kind, "".join(out)


class _Reader:
    """Read the expressions that ``_expression`` makes, as Go's ``regexp/syntax`` does."""

    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def pieces(self) -> list[_Piece]:
        """Return the pieces of the expression."""
        pieces: list[_Piece] = []
        while self.at < len(self.text):
            char = self.text[self.at]
            if self.text.startswith(_FOLDERS, self.at):
                self.at += len(_FOLDERS)
                pieces.append(_Piece(_FOLDERS, many=True))
            elif self.text.startswith(".*", self.at):
                self.at += 2
                pieces.append(_Piece(".", many=True))
            elif char == "[":
                chars = self.brackets()
                many = self.text.startswith("*", self.at)
                self.at += many
                pieces.append(_Piece(chars, many=many))
            elif char == "\\":
                pieces.append(_Piece(f"[{self.escape()}]", many=False))
            elif char == "^":  # the start of the text: true at the start only
                self.at += 1
                if all(piece.many for piece in pieces):
                    pieces.clear()
                else:
                    pieces.append(_NEVER)
            else:
                self.at += 1
                pieces.append(_Piece(re.escape(char), many=False))
        return pieces

    def escape(self) -> str:
        """Read an escape and return it in the spelling of a set in ``re``."""
        char = self.text[self.at + 1 : self.at + 2]
        self.at += 2
        if char.lower() in _CLASSES:
            return _CLASSES[char] if char.islower() else _negated(_CLASSES[char.lower()])
        if char in _CONTROL:
            return re.escape(_CONTROL[char])
        if char and char in _NOT_UNDERSTOOD:
            raise MalformedPattern(f"escape sequence is not understood: \\{char}")
        if char.isalnum() or not char.isascii() or not char:
            raise MalformedPattern(f"error parsing regexp: invalid escape sequence: `\\{char}`")
        return re.escape(char)

    def brackets(self) -> str:
        """Read ``[…]`` and return it in the spelling of ``re``."""
        start = self.at
        self.at += 1
        negated = self.text.startswith("^", self.at)
        self.at += negated
        items: list[str] = []
        while not items or not self.text.startswith("]", self.at):
            if self.at >= len(self.text):
                raise MalformedPattern(f"error parsing regexp: missing closing ]: `{self.text[start:]}`")
            end = self.text.find(":]", self.at + 2)
            if self.text.startswith("[:", self.at) and end >= 0:
                name = self.text[self.at : end + 2]
                chars = _CLASSES.get(name.replace("[:^", "[:", 1))
                if chars is None:
                    raise MalformedPattern(f"error parsing regexp: invalid character class range: `{name}`")
                items.append(_negated(chars) if name.startswith("[:^") else chars)
                self.at = end + 2
                continue
            place = self.at
            low = self.member()
            if (
                len(low) > 1
                or not self.text.startswith("-", self.at)
                or self.text[self.at + 1 :][:1] in ("", "]")
            ):
                items.append(low if len(low) > 1 else re.escape(low))
                continue
            self.at += 1
            high = self.member()
            if len(high) > 1 or high < low:
                bad = self.text[place : self.at]
                raise MalformedPattern(f"error parsing regexp: invalid character class range: `{bad}`")
            items.append(f"{re.escape(low)}-{re.escape(high)}")
        self.at += 1
        return f"[{'^' if negated else ''}{''.join(items)}]"

    def member(self) -> str:
        r"""Read one character of a set; a class such as ``\d`` comes in ``re``'s spelling."""
        if self.text[self.at] != "\\":
            self.at += 1
            return self.text[self.at - 1]
        char = self.text[self.at + 1 : self.at + 2]
        spelt = self.escape()
        return spelt if char.lower() in _CLASSES else _CONTROL.get(char, char)


def _negated(chars: str) -> str:
    """Return the complement of an ASCII set, to stand inside brackets."""
    outside = re.compile(f"[^{chars}]")
    inside = [code for code in range(128) if not outside.match(chr(code))]
    edges = [-1, *inside, 0x110000]
    return "".join(
        f"{re.escape(chr(low + 1))}-{re.escape(chr(high - 1))}"
        for low, high in pairwise(edges)
        if high - low > 1
    )


def _spelt(piece: _Piece) -> str:
    if piece.chars == _FOLDERS:
        return "(?:.*/)?"
    return piece.chars + ("*" if piece.many else "")


class _States:
    """Match pieces as a set of states that walks along the path; steps are remembered."""

    __slots__ = ("_after", "_final", "_sets", "_start", "_steps")

    def __init__(self, pieces: list[_Piece]) -> None:
        # State i: pieces before i are matched. (.*/)? has a second state, inside its folders.
        sets: list[tuple[re.Pattern[str], int, bool]] = []  # what a state eats, where to, whether it stays
        skips: dict[int, tuple[int, ...]] = {}
        for piece in pieces:
            here = len(sets)
            if piece.chars == _FOLDERS:
                skips[here] = (here + 1, here + 2)
                sets.append((re.compile("(?!)"), here + 1, False))
                sets.append((re.compile("/"), here + 2, True))
            else:
                if piece.many:
                    skips[here] = (here + 1,)
                sets.append((re.compile(piece.chars), here if piece.many else here + 1, False))
        size = len(sets)
        after = [0] * (size + 1)
        for state in range(size, -1, -1):
            after[state] = 1 << state
            for other in skips.get(state, ()):
                after[state] |= after[other]
        self._sets = sets
        self._after = after
        self._start = after[0]
        self._final = 1 << size
        self._steps: dict[tuple[int, str], int] = {}

    def match(self, path: str) -> bool:
        """Tell whether the pieces match all of ``path``."""
        states = self._start
        for char in path:
            key = (states, char)
            known = self._steps.get(key)
            if known is None:
                known = self._step(states, char)
                if len(self._steps) > 10_000:
                    self._steps.clear()
                self._steps[key] = known
            states = known
            if not states:
                return False
        return bool(states & self._final)

    def _step(self, states: int, char: str) -> int:
        result = 0
        left = states & (self._final - 1)
        while left:
            bit = left & -left
            left ^= bit
            eats, target, stays = self._sets[bit.bit_length() - 1]
            if eats.match(char):
                result |= self._after[target]
            if stays and char != "\n":
                result |= bit
        return result
