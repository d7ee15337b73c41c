"""A Dockerfile inside a YAML block scalar: reading it out, and writing changes back in.

Invariant: only ``|`` and ``|-`` are written; a change is only answered when the block, read again,
is exactly the text that was wanted, and nothing outside of the block is another than before.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from dockeropt.interop.relocated import relocated
from dockeropt.rewrite.fix import Fix
from dockeropt.rewrite.result import Leftover, Step
from dockeropt.text import Edit, Source, Span, TextMap, apply_edits

_HEADER = re.compile(r"\|(-?)[ \t]*(?:#[^\r\n]*)?\r?\n")


class Block(NamedTuple):
    """The text that a block scalar holds.

    Args:
        text: The text, ``$$`` read as ``$``.
        first: Leads from each of its characters to the first one in the file that stands for it.
        last: Leads to the last one.
        at: Where the ``|`` stands.
        body: The block in the file, from the first line to the end of the last one.
        indent: The blanks that its lines begin with.
        newline: The line end.
    """

    text: str
    first: TextMap
    last: TextMap
    at: int
    body: Span
    indent: str
    newline: str

    @classmethod
    def read(cls, source: str, at: int) -> "Block | None":
        """Read the block whose ``|`` stands at ``at``; ``None`` for what cannot be written back."""
        header = _HEADER.match(source, at)
        if header is None:
            return None
        lines = list(_lines(source, header.end()))
        if not lines:
            return None
        indent = " " * (lines[0][1] - lines[0][0])
        pieces: list[tuple[str, int, int]] = []
        for number, (_, start, stop, following) in enumerate(lines):
            own = _characters(source, start, stop)
            if own is None:
                return None
            pieces += own
            if number + 1 < len(lines) or (not header[1] and following > stop):
                pieces.append(("\n", stop, following))
        begin = lines[0][0]
        first = TextMap.from_runs([(start, char) for char, start, _ in pieces], begin)
        last = TextMap.from_runs([(stop - 1, char) for char, _, stop in pieces], begin)
        end = lines[-1][3] if not header[1] else lines[-1][2]
        newline = "\r\n" if source[header.end() - 2 : header.end()] == "\r\n" else "\n"
        return cls(first.text, first, last, at, Span(begin, end), indent, newline)

    def place(self, span: Span) -> Span:
        """Return where a place of the text stands in the file.

        What ends with a line takes the indentation of the next one along.
        """
        start = self.first.offset(span.start) if self.text else self.body.start
        if span.is_empty:
            return Span(start, start)
        if self.text[span.end - 1] == "\n" and span.end < len(self.text):
            return Span(start, self.first.offset(span.end))
        return Span(start, self.last.end(span.end))

    def edits(self, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
        """Return edits of the text as edits of the file."""
        return tuple([Edit(self._gap(edit), self._written(edit)) for edit in edits])

    def _gap(self, edit: Edit) -> Span:
        """Return what the edit takes away: with whole lines before a blank one, their indentation too."""
        place = self.place(edit.span)
        start, end = edit.span
        whole = self.text[start:end].endswith("\n") and (start == 0 or self.text[start - 1] == "\n")
        if edit.text or not whole or self.text[end : end + 1] not in {"", "\n"}:
            return place
        return Span(self.last.end(start) if start else self.body.start, place.end)

    def _written(self, edit: Edit) -> str:
        following = self.text[edit.span.end : edit.span.end + 1]
        text = edit.text.replace("$", "$$")
        # Blank lines get no indentation, and what follows the edit needs one only if it is no blank line.
        end = r"|\Z" if following not in {"", "\n"} else ""
        text = re.sub(rf"\n(?=[^\n]{end})", "\n" + self.indent, text)
        return text.replace("\n", self.newline)

    def _whole(self, text: str) -> str:
        lines = text.replace("$", "$$").split("\n")
        return self.newline.join([self.indent + line if line else "" for line in lines])

    def step(self, source: str, step: Step) -> "tuple[Step, Block] | None":
        """Return a step on the text as one on the file, and the block after it.

        ``None`` when the block cannot hold the new text.
        """
        fixes = relocated(step.fixes, source, self.place, self.edits)
        whole = Edit(self.body, self._whole(step.after))
        replaced = [fix._replace(edits=(whole,) if not number else ()) for number, fix in enumerate(fixes)]
        for attempt in (fixes, replaced):
            after = apply_edits(source, [edit for fix in attempt for edit in fix.edits])
            again = Block.read(after, self.at)
            if again is not None and again.text == step.after and self.rest(source) == again.rest(after):
                return Step(step.pass_id, step.category, tuple(attempt), source, after), again
        return None

    def rest(self, source: str) -> tuple[str, str]:
        """Return what stands before the block and after it."""
        return source[: self.body.start], source[self.body.end :]

    def left(self, source: str, left: Leftover) -> Leftover:
        """Return a finding that remains in the text with its places in the file."""
        at = self.place(left.finding.at)
        fix = left.finding.fix
        if fix is not None:
            fix = Fix(
                fix.title, self.edits(fix.edits), fix.applicability, fix.because, fix.effects, fix.files
            )
        place = Source(source).position(at.start)
        return Leftover(left.finding._replace(at=at, fix=fix), left.reason, place.line, place.column)


def _lines(source: str, at: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield begin, begin of the text, end of the text and end of each line; blank ones at the end are none."""
    indent = -1
    waiting: list[tuple[int, int, int, int]] = []
    while at < len(source):
        following = source.find("\n", at) + 1 or len(source)
        line = source[at:following]
        text = line.rstrip("\r\n")
        if not text.strip(" ") and (indent < 0 or len(text) <= indent):  # more blanks are text
            if indent < 0 and text:
                return  # a first line of blanks: which indentation is meant is a riddle
            waiting.append((at, at + len(text), at + len(text), following))
        else:
            own = len(text) - len(text.lstrip(" "))
            if indent < 0:
                if waiting or not own:
                    return
                indent = own
            if own < indent:
                return
            yield from waiting
            waiting.clear()
            yield at, at + indent, at + len(text), following
        at = following


def _characters(source: str, start: int, stop: int) -> list[tuple[str, int, int]] | None:
    """Return each character of a line, and where what stands for it begins and ends."""
    found: list[tuple[str, int, int]] = []
    at = start
    while at < stop:
        if source[at] != "$":
            found.append((source[at], at, at + 1))
            at += 1
        elif source.startswith("$$", at):
            found.append(("$", at, at + 2))
            at += 2
        else:  # compose replaces it
            return None
    return found
