"""A Dockerfile inside Python literals: reading it out of an expression, writing changes back in.

Plain, raw and triple-quoted literals, bytes, f-strings, literals next to each other and joined by ``+``.
Invariant: what is read out is the value that Python gives the expression, a word in place of each
hole; an expression that we read in another way than Python is not read at all.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import libcst as cst

from dockeropt.interop.held import Held, Part, Piece
from dockeropt.interop.holes import with_words
from dockeropt.interop.templates import find_holes
from dockeropt.text import Source, Span

_ESCAPE = r"\\(?:\r\n|[0-7]{1,3}|x[0-9a-fA-F]{2}|"
_TEXT = _ESCAPE + r"u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|N\{[^}]*\}|[\s\S])|\r\n?|[\s\S]"
_BYTES = _ESCAPE + r"[\s\S])|\r\n?|[\s\S]"
_RAW = r"\r\n?|[\s\S]"
_BRACES = r"\{\{|\}\}|"

Literals = cst.SimpleString | cst.FormattedString | cst.ConcatenatedString | cst.BinaryOperation


class Reading(NamedTuple):
    """What a program does with a literal before it is a Dockerfile.

    Args:
        calls: ``dedent``, ``cleandoc``, ``strip``, ``lstrip``, ``rstrip``, in the order of the calls.
        ways: How its holes are filled in, see :mod:`dockeropt.interop.templates`.
        by_name: How those of other texts of the same name are, which may be this one.
    """

    calls: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    by_name: tuple[str, ...] = ()


AS_IS = Reading()


def read_literal(source: str, span: Span, reading: Reading = AS_IS) -> Held | None:
    """Return what the literals at ``span`` hold; ``None`` when our reading is not Python's."""
    try:
        node = cst.parse_expression(f"({span.of(source)}\n)")
    except (cst.ParserSyntaxError, RecursionError):
        return None
    reader = _Reader(source)
    reader.read(node, span.start - 1)
    text = "".join([piece.text for piece in reader.pieces])
    if not reader.parts or text != _evaluated(span.of(source)):
        return None
    filled = find_holes(reader.pieces, {*reading.ways, *reading.by_name})
    if filled is None and reading.by_name:
        filled = find_holes(reader.pieces, reading.ways)
    if filled is None:
        return None
    pieces, margin = filled.pieces, ""
    for call in reading.calls:
        applied = _CALLS[call](pieces)
        if applied is None:
            return None
        pieces, found = applied
        margin += found
    parts = [
        Part(
            literal.outer,
            literal.body,
            _writer(literal, filled.doubled, _newline(source, span)),
            literal.closing,
        )
        for literal in reader.parts
    ]
    return Held.of(
        with_words(pieces),
        parts,
        span,
        margin=margin,
        between=_between(source, reader.parts),
        forbidden=filled.forbidden,
    )


def _newline(source: str, span: Span) -> str:
    code = span.of(source)
    return Source(code if "\n" in code else source).newline


# --- literals --------------------------------------------------------------------------


class _Literal(NamedTuple):
    outer: Span
    body: Span
    prefix: str
    quote: str

    @property
    def raw(self) -> bool:
        return "r" in self.prefix.lower()

    @property
    def formatted(self) -> bool:
        return "f" in self.prefix.lower()

    @property
    def closing(self) -> str:
        return self.quote[0] if len(self.quote) == 3 and not self.raw else ""


class _Reader:
    """Collects the pieces of an expression; places come from the lengths of its parts."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.parts: list[_Literal] = []
        self.pieces: list[Piece] = []

    def read(self, node: cst.BaseExpression, at: int) -> None:
        """Read ``node``, whose code begins at ``at``."""
        start = at + sum(len(_code(paren)) for paren in node.lpar)
        if isinstance(node, cst.SimpleString):
            self._simple(node, start)
        elif isinstance(node, cst.FormattedString):
            self._formatted(node, start)
        elif isinstance(node, cst.ConcatenatedString):
            self.read(node.left, start)
            self.read(node.right, start + len(_code(node.left)) + len(_code(node.whitespace_between)))
        elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
            self.read(node.left, start)
            self.read(node.right, start + len(_code(node.left)) + len(_code(node.operator)))
        else:
            span = Span(start, start + len(_code(node.with_changes(lpar=(), rpar=()))))
            self.parts.append(_Literal(span, span, "", "'"))
            self._hole(span)

    def _simple(self, node: cst.SimpleString, start: int) -> None:
        outer = Span(start, start + len(node.raw_value) + len(node.prefix) + 2 * len(node.quote))
        body = Span(start + len(node.prefix) + len(node.quote), outer.end - len(node.quote))
        self.parts.append(_Literal(outer, body, node.prefix, node.quote))
        self._characters(body)

    def _formatted(self, node: cst.FormattedString, start: int) -> None:
        codes = [_code(part) for part in node.parts]
        begin = start + len(node.start)
        body = Span(begin, begin + sum(map(len, codes)))
        self.parts.append(
            _Literal(Span(start, body.end + len(node.end)), body, node.prefix, node.start[len(node.prefix) :])
        )
        for part, code in zip(node.parts, codes, strict=True):
            span = Span(begin, begin + len(code))
            if isinstance(part, cst.FormattedStringText):
                self._characters(span)
            else:
                self._hole(span)
            begin = span.end

    def _hole(self, span: Span) -> None:
        self.pieces.append(Piece("\0", span.start, span.end, len(self.parts) - 1, span.of(self.source)))

    def _characters(self, body: Span) -> None:
        literal = self.parts[-1]
        pattern = _RAW if literal.raw else _BYTES if "b" in literal.prefix.lower() else _TEXT
        pattern = (_BRACES if literal.formatted else "") + pattern
        number = len(self.parts) - 1
        for match in re.compile(pattern).finditer(self.source, body.start, body.end):
            start, stop = match.span()
            self.pieces += [Piece(*piece, number) for piece in _pieces(match.group(), start, stop)]


def _pieces(code: str, start: int, stop: int) -> Iterator[tuple[str, int, int]]:
    """Yield each character that ``code`` stands for, and where it begins and ends."""
    if len(code) == 1 or code in {"\r\n", "{{", "}}"}:
        yield "\n" if code[0] == "\r" else code[0], start, stop
    elif code[1] in "\r\n":
        return  # the line goes on
    elif code[1] in "\\'\"abfnrtvx01234567" or (code[1] in "uUN" and len(code) > 2):
        yield evaluate(f'"{code}"') or "", start, stop
    else:  # a backslash that means itself
        yield "\\", start, start + 1
        yield code[1:], start + 1, stop


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _between(source: str, parts: Sequence[_Literal]) -> str:
    """Return what stands from one quote to the next where each literal has a line of its own."""
    if len(parts) < 2 or any(len(part.quote) != 1 or part.outer == part.body for part in parts):
        return ""
    gap = source[parts[0].outer.end : parts[1].outer.start]
    if "\n" not in gap or gap.strip():
        return ""
    return parts[0].quote + gap + parts[1].prefix + parts[1].quote


def _writer(literal: _Literal, doubled: str, newline: str) -> Callable[[str], str]:
    """Return the function that writes a text for the inside of ``literal``."""
    twice = doubled + ("{}" if literal.formatted else "")

    def write(text: str) -> str:
        for char in twice:
            text = text.replace(char, char * 2)
        if not literal.raw:
            escaped = "\\" + "\\".join(literal.quote)
            text = text.replace("\\", "\\\\").replace(literal.quote, escaped)
        if len(literal.quote) == 3:
            return text.replace("\n", newline)
        return text if literal.raw else text.replace("\n", "\\n")

    return write


# --- what Python makes of it -----------------------------------------------------------


def evaluate(code: str) -> str | None:
    """Return the value of a literal without holes as Python has it; ``None`` when it is none."""
    value = _evaluated(code)
    return None if value is None or "\0" in value else value


def _evaluated(code: str) -> str | None:
    """Return the value of literals, a NUL for each hole."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an invalid escape such as \\. is common, and Python keeps it
        try:
            tree = ast.parse(f"({code}\n)", mode="eval").body
            found = "".join(_flat(tree))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    return None if found.count("\0") != _count(tree) else found


def _flat(node: object) -> Iterator[str]:
    import ast

    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Constant) and isinstance(node.value, bytes):
        yield node.value.decode("ascii")  # UnicodeDecodeError is a ValueError
    elif isinstance(node, ast.JoinedStr):
        for value in node.values:
            yield from _flat(value)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        yield from _flat(node.left)
        yield from _flat(node.right)
    else:
        yield "\0"


def _count(node: object) -> int:
    """Return how many holes there are; NUL characters of the text are none."""
    import ast

    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return 0
    if isinstance(node, ast.JoinedStr):
        return sum(map(_count, node.values))
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _count(node.left) + _count(node.right)
    return 1


# --- what is done with it --------------------------------------------------------------

_Called = tuple[list[Piece], str]


def _dedent(pieces: Sequence[Piece]) -> _Called | None:
    """Do what ``textwrap.dedent`` does; return the margin as well."""
    import textwrap

    margin = _margin(_lines(pieces))
    made = [piece for line in _lines(pieces) for piece in _cut(line, margin)]
    return (made, margin) if _text(made) == textwrap.dedent(_text(pieces)) else None


def _cleandoc(pieces: Sequence[Piece]) -> _Called | None:
    """Do what ``inspect.cleandoc`` does."""
    import inspect

    first, *rest = _lines(pieces)
    margin = _margin(rest)
    while first and first[0].text in " \t":
        first = first[1:]
    lines = [first, *[line[len(margin) :] or [p for p in line if p.text == "\n"] for line in rest]]
    while lines and not _text(lines[-1]).strip("\n"):
        lines.pop()
    while lines and not _text(lines[0]).strip("\n"):
        lines.pop(0)
    made = [piece for line in lines for piece in line]
    if made and made[-1].text == "\n":
        made.pop()
    return (made, margin) if _text(made) == inspect.cleandoc(_text(pieces)) else None


def _stripped(sides: str) -> Callable[[Sequence[Piece]], _Called]:
    def strip(pieces: Sequence[Piece]) -> _Called:
        start, stop = 0, len(pieces)
        while "l" in sides and start < stop and pieces[start].text.isspace():
            start += 1
        while "r" in sides and start < stop and pieces[stop - 1].text.isspace():
            stop -= 1
        return list(pieces[start:stop]), ""

    return strip


_CALLS: dict[str, Callable[[Sequence[Piece]], _Called | None]] = {
    "dedent": _dedent,
    "cleandoc": _cleandoc,
    "strip": _stripped("lr"),
    "lstrip": _stripped("l"),
    "rstrip": _stripped("r"),
}


def _text(pieces: Sequence[Piece]) -> str:
    return "".join([piece.text for piece in pieces])


def _lines(pieces: Sequence[Piece]) -> list[list[Piece]]:
    lines: list[list[Piece]] = [[]]
    for piece in pieces:
        lines[-1].append(piece)
        if piece.text == "\n":
            lines.append([])
    return lines


def _margin(lines: Sequence[Sequence[Piece]]) -> str:
    """Return the blanks that all lines with something on them begin with."""
    texts = [text for text in map(_text, lines) if text.strip(" \t\n")]
    shortest = min((text[: len(text) - len(text.lstrip(" \t"))] for text in texts), key=len, default="")
    while not all(text.startswith(shortest) for text in texts):
        shortest = shortest[:-1]
    return shortest


def _cut(line: list[Piece], margin: str) -> list[Piece]:
    if not _text(line).strip(" \t\n"):
        return [piece for piece in line if piece.text == "\n"]
    return line[len(margin) :]
