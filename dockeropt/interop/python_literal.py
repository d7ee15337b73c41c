"""A Dockerfile inside a Python literal: reading it out, and writing changes back in.

Invariant: what is read out is the value that Python gives the literal; a change is only
answered when the new literal, evaluated again, is exactly the text that was wanted.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from dockeropt.interop.relocated import relocated
from dockeropt.rewrite.fix import Finding, Fix
from dockeropt.rewrite.result import Applied, Leftover, Step
from dockeropt.text import Edit, Source, Span, TextMap, apply_edits

_RAW_PIECE = re.compile(r"\r\n?|.", re.DOTALL)
_PIECE = re.compile(
    r"\\(?:\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|.)|\r\n?|.", re.DOTALL
)


class Literal(NamedTuple):
    r"""The text that a literal holds, its common indentation taken away.

    Args:
        text: The text.
        first: Leads from each of its characters to the first character in the file that stands
            for it; ``\n`` are two.
        last: Leads to the last one.
        span: The literal in the file, quotes included.
        raw: Whether backslashes mean themselves.
        quote: What it is written in.
        margin: The blanks that every line begins with.
        newline: The line end in the literal, or that of the file.
    """

    text: str
    first: TextMap
    last: TextMap
    span: Span
    raw: bool
    quote: str
    margin: str
    newline: str

    @classmethod
    def read(cls, source: str, span: Span) -> "Literal | None":
        """Read the literal at ``span``; ``None`` when our reading is not Python's."""
        code = span.of(source)
        prefix = code[: min(code.find("'") % len(code), code.find('"') % len(code))]
        quote = code[len(prefix) : len(prefix) + 3]
        quote = quote if quote in {'"""', "'''"} else quote[0]
        raw = "r" in prefix.lower()
        body = Span(span.start + len(prefix) + len(quote), span.end - len(quote))
        pieces = list(_pieces(source, body, raw=raw))
        whole = "".join([char for char, _, _ in pieces])
        if whole != evaluate(code):
            return None
        margin = _margin(whole)
        kept = list(_without_margin(pieces, margin))
        first = TextMap.from_runs([(start, char) for char, start, _ in kept], body.start)
        last = TextMap.from_runs([(stop - 1, char) for char, _, stop in kept], body.start)
        newline = Source(code if "\n" in code else source).newline
        return cls(first.text, first, last, span, raw, quote, margin, newline)

    def place(self, span: Span) -> Span:
        """Return where a place of the text stands in the file."""
        if span.is_empty:
            at = self.last.end(span.start)
            return Span(at, at)
        return Span(self.first.offset(span.start), self.last.end(span.end))

    def edits(self, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
        """Return edits of the text as edits of the file."""
        return tuple([Edit(self.place(edit.span), self._written(edit.text)) for edit in edits])

    def _written(self, text: str) -> str:
        """Return ``text`` as it has to be written inside the literal."""
        text = text.replace("\n", "\n" + self.margin) if self.margin else text
        if not self.raw:
            text = text.replace("\\", "\\\\").replace(self.quote, "\\" + "\\".join(self.quote))
        if len(self.quote) == 3:
            return text.replace("\n", self.newline)
        return text if self.raw else text.replace("\n", "\\n")

    def step(self, source: str, step: Step) -> "tuple[Step, Literal] | None":
        """Return a step on the text as one on the file, and the literal after it.

        ``None`` when the literal cannot hold the new text as it is written.
        """
        fixes = relocated(step.fixes, source, self.place, self.edits)
        after = apply_edits(source, [edit for fix in fixes for edit in fix.edits])
        again = Literal.read(after, Span(self.span.start, self.span.end + len(after) - len(source)))
        if again is None or again.text != step.after:
            return None
        return Step(step.pass_id, step.category, tuple(fixes), source, after), again

    def left(self, source: str, left: Leftover) -> Leftover:
        """Return a finding that remains in the text with its places in the file."""
        at = self.place(left.finding.at)
        fix = left.finding.fix
        if fix is not None:
            fix = Fix(fix.title, self.edits(fix.edits), fix.applicability, fix.because, fix.effects)
        place = Source(source).position(at.start)
        return Leftover(left.finding._replace(at=at, fix=fix), left.reason, place.line, place.column)

    def refused(self, source: str, fix: Applied, pass_id: str) -> Leftover:
        """Return a fix that the literal cannot hold as a finding without one."""
        at = self.place(fix.at)
        message = f"{fix.message}; this literal cannot hold the fix"
        place = Source(source).position(at.start)
        return Leftover(Finding(message, at, None, pass_id), "none", place.line, place.column)


def evaluate(code: str) -> str | None:
    """Return the value of a string literal as Python has it; ``None`` when it is none."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape such as \\. is common, and Python keeps it
        try:
            node = cst.parse_expression(code)
            value = node.evaluated_value if isinstance(node, cst.SimpleString) else None
        except (cst.ParserSyntaxError, SyntaxError, ValueError):
            return None
    return value if isinstance(value, str) else None


def _pieces(source: str, body: Span, *, raw: bool) -> Iterator[tuple[str, int, int]]:
    """Yield each character of the value, and where what stands for it begins and ends."""
    for match in (_RAW_PIECE if raw else _PIECE).finditer(source, body.start, body.end):
        code = match.group()
        start, stop = match.span()
        if len(code) == 1 or code == "\r\n":
            yield "\n" if code[0] == "\r" else code, start, stop
        elif code[1] in "\r\n":
            continue  # the line goes on
        elif code[1] in "\\'\"abfnrtvxuUN01234567":
            yield evaluate(f'"{code}"') or "", start, stop
        else:  # a backslash that means itself
            yield "\\", start, start + 1
            yield code[1:], start + 1, stop


def _margin(text: str) -> str:
    """Return the blanks that all lines with something on them begin with."""
    lines = [line for line in text.split("\n") if line.strip()]
    shortest = min((line[: len(line) - len(line.lstrip(" \t"))] for line in lines), key=len, default="")
    return shortest if all(line.startswith(shortest) for line in lines) else ""


def _without_margin(pieces: list[tuple[str, int, int]], margin: str) -> Iterator[tuple[str, int, int]]:
    column = 0
    for piece in pieces:
        if column < len(margin) and piece[0] == margin[column]:
            column += 1
        else:
            column = 0 if piece[0] == "\n" else len(margin)
            yield piece
