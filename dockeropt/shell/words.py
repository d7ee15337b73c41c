"""Words: pieces of plain text, quotations and expansions, and the value where it is known.

Invariant: the value of a word is given only when no shell of the dialect can make anything
else of it.
"""

from dockeropt.shell.expansions import ExpansionReader
from dockeropt.shell.lexer import RUN
from dockeropt.shell.literal import may_expand
from dockeropt.shell.nodes import Array, Part, SglQuoted, Word


class WordReader(ExpansionReader):
    """Read words at ``pos``."""

    def word(self) -> Word:
        """Read one word; an error if there is none."""
        text, end, start = self.text, self.end, self.pos
        at = start
        parts: list[Part] = []
        pieces: list[str] | None = []  # the value; None once it depends on an expansion
        bare: list[str] = []  # the unquoted characters, "\0" for everything else
        while at < end:
            run = RUN.match(text, at, end)
            if run is not None:
                bare.append(run.group())
                if pieces is not None:
                    pieces.append(run.group())
                at = run.end()
                if at >= end:
                    break
            c = text[at]
            value: str | None = ""
            if c == '"':
                self.pos = at
                quoted, value = self.double_quoted()
                parts.append(quoted)
                bare.append("\0")
            elif c == "'":
                close = text.find("'", at + 1, end)
                if close < 0:
                    raise self.error("unterminated '", at)
                parts.append(SglQuoted(at, close + 1))
                value = text[at + 1 : close]
                self.pos = close + 1
                bare.append("\0")
            elif c in "$`":
                self.pos = at
                part, value = self.expansion(quoted=False)
                if part is not None:
                    parts.append(part)
                bare.append("\0" if part is not None else "$")
            elif c == "\\":
                if at + 1 >= end:
                    value, self.pos = "\\", at + 1
                else:
                    value, self.pos = text[at + 1], at + 2
                    if value == "\n":
                        value = ""
                bare.append("\0" if value else "")
            elif c in "<>" and self.at_process_substitution(at):
                self.pos = at
                parts.append(self.substitution(c + "("))
                value = None
            elif c == "(" and self.extglob and at > start and text[at - 1] in "@?*+!":
                self.pos = at
                parts.append(self.extended_glob())
                value = None
            else:
                break
            at = self.pos
            if value is None:
                pieces = None
            elif pieces is not None:
                pieces.append(value)
        if at == start:
            raise self.error("expected a word", at)
        self.pos = at
        raw = text[start:at]
        literal = "".join(pieces) if pieces is not None else None
        if literal is not None and may_expand("".join(bare), braces=self.grammar.bash):
            literal = None
        return Word(start, at, raw, tuple(parts), literal)

    def array(self) -> Word:
        """Read the ``(…)`` of an array assignment as a word."""
        start = self.pos
        self.pos += 1
        self.enter()
        words: list[Word] = []
        while True:
            self.linebreak()
            if self.pos >= self.end:
                raise self.error("unterminated array", start)
            if self.text[self.pos] == ")":
                break
            words.append(self.word())
        self.pos += 1
        self.depth -= 1
        if self.pos < self.end and self.text[self.pos] not in " \t\n;&|)<>\\":
            raise self.error("characters after an array")
        array = Array(start, self.pos, tuple(words))
        return Word(start, self.pos, self.text[start : self.pos], (array,), None)
