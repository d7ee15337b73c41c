"""Holes in a Dockerfile that a program fills in: words that stand in for them, fixes that depend on them.

Invariant: a fix is only made where no hole stands, and only when the pass makes the very same fix
whatever stands in the holes: a word, a path, commands that use all package managers. A hole
is taken for a part of one instruction; where one stands for whole instructions nothing is made.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from dockeropt.interop.held import Piece
from dockeropt.rewrite.fix import Applicability, Finding, Fix
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import Dockerfile, From, Instruction
from dockeropt.text import Edit, Span

_SIMPLE = re.compile(
    r"\{\s*[A-Za-z_][\w.]*\s*\}|\{\{\s*\w+\s*\}\}|%\(\w+\)s|\$\w+|\$\{\w+\}|[A-Za-z_][\w.]*|@\w+@|<[\w -]+>"
)
"""A hole that is nothing but a name: it is filled in with the same each time."""

Findings = Callable[[str, str], Sequence[Finding]]
"""Returns what one pass finds in a text: the text, the id of the pass."""

_COMMANDS = (
    "x && apt-get install -y x && apt-get update && apt-get upgrade -y && apk add x && dnf install -y x && yum install -y x"
    " && zypper install -y x && pip install x && npm install x && npm ci && yarn install && gem install x"
    " && go build x && cargo build && conda install -y x && cd / && umask 077 && export PATH=/x && . /x && make x"
    " && cat /var/lib/apt/lists/x /root/.cache/x && useradd x && ls -R /"
)
"""What may stand in a hole of RUN: commands that would miss whatever a fix of another one took away."""

_ENDS = (
    f"\nRUN {_COMMANDS}\n",
    f'\nUSER root\nWORKDIR /\nENV PATH=/x\nCOPY x /\nSHELL ["/bin/bash", "-ec"]\nRUN {_COMMANDS}\nUSER nobody\nCMD x\n',
    "\nFROM debian:bookworm\nCOPY --from=0 / /\nRUN apt-get install -y x && apk add x\n",
)
"""What may follow where a program adds to a text."""


def with_words(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with a word in each hole that occurs nowhere else.

    Holes in which the same name is written get the same word: a stage can be named by one.
    """
    if not any(piece.hole for piece in pieces):
        return list(pieces)
    text = "".join([piece.text for piece in pieces]).lower()
    stem = "hole"
    while stem in text:
        stem += "o"
    words: dict[str, str] = {}
    made: list[Piece] = []
    for number, piece in enumerate(pieces):
        if piece.hole:
            key = piece.hole if _SIMPLE.fullmatch(piece.hole) else str(number)
            word = words.setdefault(key, f"{stem}{len(words) + 1}x")
            made.append(piece._replace(text=word))
        else:
            made.append(piece)
    return made


class Judge(NamedTuple):
    """Says which fixes of a text with holes may be made.

    Args:
        words: What stands in for the holes.
        is_open: Whether the program adds to the text.
        findings: Asks a pass again about another text.
    """

    words: Sequence[str]
    is_open: bool
    findings: Findings

    def objection(self, text: str, pass_id: str, fix: Fix) -> str:
        """Return why a fix must not be made, ``""`` when it may be."""
        if not self.words and not self.is_open:
            return ""
        said = " ".join(
            [fix.title, *[edit.text for edit in fix.edits], *[proof.claim for proof in fix.because]]
        )
        if any(word in said for word in self.words):
            return "it is about what is filled in here"
        tree = parse(text)
        if any(self._touches(text, node.span, edit) for node in tree.body for edit in fix.edits):
            return "something is filled in here"
        for other in self._others(text, tree):
            if not self._holds(other, pass_id, fix):
                return "it depends on what is filled in" if self.words else "it depends on what is added"
        return ""

    def _touches(self, text: str, span: Span, edit: Edit) -> bool:
        content = span.of(text)
        if not any(word in content for word in self.words):
            return False
        end = span.start + len(content.rstrip())
        start, stop = edit.span
        if start == stop:
            return span.start < start <= end or (start == span.start and not edit.text.endswith("\n"))
        return start < end and stop > span.start

    def _holds(self, other: "_Other", pass_id: str, fix: Fix) -> bool:
        wanted = sorted(
            [Edit(Span(other.place(e.span.start), other.place(e.span.end)), e.text) for e in fix.edits]
        )
        return any(
            found.fix is not None
            and sorted(found.fix.edits) == wanted
            and found.fix.applicability >= fix.applicability
            for found in self.findings(other.text, pass_id)
        )

    def _others(self, text: str, tree: Dockerfile) -> "list[_Other]":
        """Return the text with other things in the holes, and with more behind it."""
        found: list[_Other] = []
        if self.words:
            for number in (0, 1):
                other = _filled(text, tree, self.words, number)
                if other is not None:
                    found.append(other)
        if self.is_open:
            found += [_Other(text + end, ()) for end in _ENDS]
        return found


class _Other(NamedTuple):
    """Another text, and for each hole where it ended before and how much longer it is now."""

    text: str
    grown: tuple[tuple[int, int], ...]

    def place(self, at: int) -> int:
        """Return where a place of the text before stands in this one."""
        return at + sum(by for end, by in self.grown if end <= at)


def _filled(text: str, tree: Dockerfile, words: Sequence[str], number: int) -> _Other | None:
    """Return the text with other things in the holes; where BuildKit takes none of them, a word."""
    problems = len(tree.problems)
    for kinds in (_FILL[number], {"RUN": _FILL[number]["RUN"]}):
        made: list[str] = []
        grown: list[tuple[int, int]] = []
        at = 0
        for match in re.finditer("|".join(map(re.escape, words)), text):
            content = _content(tree, text, match.span(), kinds) or match.group()
            made += (text[at : match.start()], content)
            grown.append((match.end(), len(content) - len(match.group())))
            at = match.end()
        other = "".join([*made, text[at:]])
        if len(parse(other).problems) <= problems:
            return _Other(other, tuple(grown))
    return None


_FILL: tuple[Mapping[str, str], Mapping[str, str]] = (
    {"RUN": _COMMANDS, "COPY": "/", "ADD": "/", "WORKDIR": "/", "USER": "root", "ENV": "PATH", "ARG": "PATH", "FROM": "alpine"},
    {"RUN": "x", "COPY": "etc", "ADD": "etc", "WORKDIR": "app", "USER": "nobody", "ENV": "1", "ARG": "1"},
)  # fmt: skip


def _content(tree: Dockerfile, text: str, span: tuple[int, int], kinds: Mapping[str, str]) -> str:
    """Return what may stand in the hole at ``span``."""
    stages: list[str] = []
    for node in tree.instructions:
        if node.span.start <= span[0] < node.span.end:
            if not isinstance(node, From):
                return kinds.get(node.name, "")
            if text[span[0] - 1] == ":":
                return kinds.get("FROM", "")
            whole = text[span[0] - 1] in " \t" and text[span[1] : span[1] + 1] in {"", " ", "\t", "\r", "\n"}
            return stages[-1] if stages and whole and "FROM" in kinds else ""
        if isinstance(node, From):
            words = node.span.of(text).split()
            stages.append(words[-1] if len(words) > 2 and words[-2].lower() == "as" else "")
    return ""


def whole_instruction(tree: Dockerfile, words: Sequence[str]) -> Instruction | None:
    """Return the first instruction that begins with a hole, so that nobody knows which one it is."""
    for node in tree.instructions:
        if any(word.lower() in node.name.lower() for word in words):
            return node
    return None


def shown_only(finding: Finding, reason: str) -> Finding:
    """Return a finding whose fix is only shown, and why."""
    fix = finding.fix
    assert fix is not None
    shown = fix.at_level(Applicability.SUGGESTION)
    return finding._replace(message=f"{finding.message}; only shown: {reason}", fix=shown)
