"""Docker's word expansion: quotes, escapes and variables as BuildKit's ``shell.Lex`` reads them.

Invariant: the answer is BuildKit's, or it is ``None`` with ``unknown`` set: what depends on a
variable whose value nobody knows is never guessed. One pass from left to right with an
explicit stack: deep nesting cannot exhaust Python's, and the time grows with the word.

Source: BuildKit ``frontend/dockerfile/shell/lex.go`` (``ProcessWord``, ``ProcessWords``).
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple, NoReturn

LIMIT = 131_072
"""Longest result that variables may add up to; above it the result is unknown. No program can
be given a longer one (Linux ``MAX_ARG_STRLEN``), and doubling ENV lines reach it fast."""

_MISSING = object()


class ExpansionError(ValueError):
    """BuildKit cannot expand the word. The message is the reason it gives, without the word."""


class Expansion(NamedTuple):
    """Hold what a word expands to.

    Args:
        text: The result; ``None`` when it depends on a variable of unknown value.
        unset: Names that were looked up and are not set, in order, each once. Those with a
            default (``${x:-y}``) are among them, as in BuildKit's ``Unmatched``.
        unknown: Whether ``text`` is ``None``.
    """

    text: str | None
    unset: tuple[str, ...]
    unknown: bool


def expand(word: str, env: Mapping[str, str | None], escape: str = "\\") -> Expansion:
    """Return ``word`` with variables replaced and quotes and escapes removed.

    Args:
        word: The word as written; blanks in it stay.
        env: Variables in force; ``None`` stands for one that is set to an unknown value.
        escape: The escape character in force.

    Raises:
        ExpansionError: BuildKit rejects the word.

    Source: BuildKit ``Lex.ProcessWord``.
    """
    if "$" not in word and escape not in word and '"' not in word and "'" not in word:
        return Expansion(_valid(word), (), unknown=False)
    lexer = _Lexer(_valid(word), env, escape)
    text = lexer.run().joined()
    return Expansion(text, tuple(lexer.unset), text is None)


def expand_words(
    word: str, env: Mapping[str, str | None], escape: str = "\\"
) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """Return the words that ``word`` becomes, and the names that are not set.

    Values are split at white space too, quoted and escaped text is not, and empty words
    vanish. The words are ``None`` when they depend on a variable of unknown value. BuildKit
    does this for EXPOSE only; all other instructions keep a word whole (:func:`expand`).

    Raises:
        ExpansionError: BuildKit rejects the word.

    Source: BuildKit ``Lex.ProcessWords``.
    """
    lexer = _Lexer(_valid(word), env, escape)
    frame = lexer.run()
    if frame.joined() is None:
        return None, tuple(lexer.unset)
    words: list[str] = []
    open_word = ""
    for part, quoted in zip(frame.parts, frame.quoted, strict=True):
        assert part is not None
        if quoted:
            open_word += part
            continue
        first, *rest = _blanks().split(part)
        open_word += first
        for piece in rest:
            words.append(open_word)
            open_word = piece
    words.append(open_word)
    return tuple([item for item in words if item]), tuple(lexer.unset)


def dequote(word: str, escape: str = "\\") -> str:
    """Return ``word`` without quotes and escapes; ``$`` is a character like any other.

    Raises:
        ExpansionError: A quotation does not end.
    """
    if escape not in word and '"' not in word and "'" not in word:
        return _valid(word)
    return _Lexer(_valid(word), {}, escape, dollar="").run().joined() or ""


def _valid(word: str) -> str:
    """Return the word as Go's scanner sees it: no leading BOM, invalid bytes replaced."""
    if word.isascii():
        return word
    return re.sub("[\ud800-\udfff]", "\ufffd", word.removeprefix("\ufeff"))


@cache
def _name() -> re.Pattern[str]:
    """Return a pattern for a variable's name, a bit too wide outside of ASCII."""
    return re.compile(r"[@*#?$!-]|\d+|[^\W\d]\w*")


@cache
def _blanks() -> re.Pattern[str]:
    """Return a pattern for one character of white space (Go ``unicode.IsSpace``)."""
    return re.compile("[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


@cache
def _plain(special: str) -> re.Pattern[str]:
    """Return a pattern for a run of characters that mean themselves."""
    return re.compile(f"[^{re.escape(special)}]+")


class _Frame:
    """Hold a piece of the word that is being read: all of it, a quotation, or part of ``${}``.

    Args:
        stop: The character that ends it; empty for the whole word.
        raw: Whether escape characters stay in the text (patterns).
        special: The characters that do not mean themselves.
        name: The variable of ``${name…}``.
        modifier: The character after the name and an optional colon.
        colon: Whether there was a colon.
    """

    __slots__ = (
        "colon",
        "every",
        "modifier",
        "name",
        "parts",
        "pattern",
        "quoted",
        "raw",
        "special",
        "stop",
    )

    def __init__(
        self, stop: str, special: str, *, raw: bool, name: str = "", modifier: str = "", colon: bool = False
    ) -> None:
        self.stop = stop
        self.raw = raw
        self.special = special
        self.name = name
        self.modifier = modifier
        self.colon = colon
        self.every = False
        self.pattern: str | None = None
        self.parts: list[str | None] = []
        self.quoted: list[bool] = []

    def add(self, part: str | None, *, quoted: bool) -> None:
        """Append a piece, ``None`` if unknown; ``quoted`` keeps it from being split."""
        self.parts.append(part)
        self.quoted.append(quoted)

    def joined(self) -> str | None:
        """Return the text read so far, ``None`` if a piece of it is unknown."""
        return None if None in self.parts else "".join([part for part in self.parts if part])


class _Lexer:
    """Read one word. ``stack`` holds the open pieces, the outermost first."""

    __slots__ = ("at", "dollar", "env", "escape", "size", "stack", "text", "unset")

    def __init__(self, text: str, env: Mapping[str, str | None], escape: str, dollar: str = "$") -> None:
        self.text = text
        self.env = env
        self.escape = escape
        self.dollar = dollar
        self.at = 0
        self.size = 0
        self.unset: dict[str, None] = {}
        self.stack = [_Frame("", f"{dollar}{escape}'\"", raw=False)]

    def run(self) -> _Frame:
        """Read to the end and return the frame of the whole word."""
        text, end = self.text, len(self.text)
        while True:
            frame = self.stack[-1]
            if plain := _plain(frame.special).match(text, self.at):
                frame.add(plain[0], quoted=False)
                self.at = plain.end()
            if self.at >= end:
                if not frame.stop:
                    return frame
                self.fail(f"unexpected end of statement while looking for matching {_called(frame.stop)}")
            char = text[self.at]
            self.at += 1
            if char == frame.stop:
                self.close(frame)
            elif char == self.dollar:
                self.read_dollar()
            elif char == self.escape:
                self.read_escape(frame)
            elif char == '"':
                self.stack.append(_Frame('"', f'{self.dollar}{self.escape}"', raw=frame.raw))
            else:
                stop = text.find("'", self.at)
                if stop < 0:
                    self.at = end
                    self.fail("unexpected end of statement while looking for matching single-quote")
                frame.add(text[self.at : stop], quoted=True)
                self.at = stop + 1

    def fail(self, message: str) -> NoReturn:
        """Raise; at the end of the word BuildKit blames the outermost ``${`` that is open."""
        if self.at >= len(self.text):
            for frame in self.stack:
                if frame.stop == "}":
                    message = "syntax error: missing '}'"
                    break
                if frame.stop == "/":
                    message = "syntax error: missing '/' in ${}"
                    break
        raise ExpansionError(message)

    def next(self) -> str:
        """Take one character; past the end it is U+FFFD, as Go prints it."""
        char = self.text[self.at : self.at + 1]
        self.at += len(char)
        return char or "\ufffd"

    def push(self, stop: str, name: str, modifier: str, *, raw: bool, colon: bool = False) -> None:
        """Open the part of a ``${name…}`` that ends at ``stop``."""
        special = f"$'\"{self.escape}{stop}"
        self.stack.append(_Frame(stop, special, raw=raw, name=name, modifier=modifier, colon=colon))

    def read_escape(self, frame: _Frame) -> None:
        """Read what follows an escape character (BuildKit ``processStopOn``, ``processDoubleQuote``)."""
        if frame.raw:
            frame.add(self.escape, quoted=True)
        if self.at >= len(self.text):
            return
        char = self.text[self.at]
        if frame.stop == '"' and char not in ('"', "$", self.escape):
            char = self.escape
        else:
            self.at += 1
        frame.add(char, quoted=True)

    def read_name(self) -> str:
        """Read a variable's name, empty if there is none (BuildKit ``processName``)."""
        found = _name().match(self.text, self.at)
        if found is None:
            return ""
        name = found[0]
        if not name.isascii():  # \w knows more numerals than Go's letters and digits
            for index, char in enumerate(name):
                if not (char.isalpha() or char.isdecimal() or char == "_"):
                    name = name[:index]
                    break
        self.at += len(name)
        return name

    def read_dollar(self) -> None:
        """Read a variable after its ``$`` (BuildKit ``processDollar``)."""
        frame = self.stack[-1]
        if not self.text.startswith("{", self.at):
            name = self.read_name()
            frame.add(self.value(name)[0] if name else "$", quoted=False)
            return
        self.at += 1
        if self.at >= len(self.text):
            self.fail("syntax error: missing '}'")
        if self.text[self.at] in "{}:":
            self.fail("syntax error: bad substitution")
        name = self.read_name()
        char = self.next()
        if char == "}":
            frame.add(self.value(name)[0], quoted=False)
        elif char == ":":
            modifier = self.next()
            self.push("}", name, modifier, raw=modifier in "#%", colon=True)
        elif char in "+-?#%":
            self.push("}", name, char, raw=char in "#%")
        elif char == "/":
            every = self.text.startswith("/", self.at)
            self.at += every
            self.push("/", name, "/", raw=True)
            self.stack[-1].every = every
        else:
            self.fail(f"unsupported modifier ({char}) in substitution")

    def close(self, frame: _Frame) -> None:
        """End the innermost piece and hand its text to the one around it."""
        self.stack.pop()
        text = frame.joined()
        if frame.stop == "/":
            self.push("}", frame.name, "/", raw=True)
            self.stack[-1].every = frame.every
            self.stack[-1].pattern = text
            if text is None:
                self.stack[-1].add(None, quoted=False)
            return
        quoted = frame.stop == '"'
        if not quoted:
            text = self.substitute(frame, text)
        self.stack[-1].add(text, quoted=quoted)

    def value(self, name: str) -> tuple[str | None, bool]:
        """Return a variable's value (``None`` if unknown) and whether it is set."""
        found = self.env.get(name, _MISSING)
        if found is _MISSING:
            self.unset[name] = None
            return "", False
        if found is None:
            return None, True
        assert isinstance(found, str)
        self.size += len(found)
        return (found if self.size <= LIMIT else None), True

    def substitute(self, frame: _Frame, word: str | None) -> str | None:
        """Return what ``${name…word}`` stands for; ``None`` if unknown."""
        value, is_set = self.value(frame.name)
        modifier = frame.modifier
        empty = frame.colon and value == ""
        if modifier == "-":
            if not is_set or empty:
                return word
            return value
        if modifier == "+":
            if not is_set or empty:
                return ""
            return word if value is not None or not frame.colon or word == "" else None
        if modifier == "?":
            if not is_set or empty:
                self.fail(
                    f"{frame.name}: {word or 'is not allowed to be ' + ('empty' if is_set else 'unset')}"
                )
            return value
        if modifier not in "#%/" or (modifier == "/" and frame.colon):
            self.fail(f"unsupported modifier (:{modifier}) in substitution")
        return self.match(frame, word, value)

    def match(self, frame: _Frame, word: str | None, value: str | None) -> str | None:
        """Return the value with a prefix or suffix cut off, or with matches replaced."""
        if word is None:
            return None
        from dockeropt.model.substitution import BadPattern, replace, trim

        try:
            if frame.modifier == "/":
                assert frame.pattern is not None
                return replace(frame.pattern, word, value, every=frame.every)
            longest = word.startswith(frame.modifier)
            return trim(word[1:] if longest else word, value, suffix=frame.modifier == "%", longest=longest)
        except BadPattern as error:
            self.fail(f"invalid pattern ({error.pattern}) in substitution: {error}")


def _called(stop: str) -> str:
    return "double-quote" if stop == '"' else stop
