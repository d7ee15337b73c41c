"""The pieces that the Dockerfile tree is made of: trivia, words, flags, and what all instructions share.

Invariant: every span is in source offsets, and every ``TextMap`` leads back to the source. Nodes
are never changed after the parser made them.

Plain classes with ``__slots__`` instead of dataclasses: fifty dataclass decorators
cost more at start-up than all the rest of a run over one file.
"""

from typing import ClassVar

from dockeropt.text import Span, TextMap


class Node:
    """Hold a place in the source; the base of everything in the tree."""

    __slots__ = ("span",)

    def __init__(self, span: Span) -> None:
        self.span = span

    @property
    def children(self) -> "tuple[Node, ...]":
        """Return the nodes directly inside this one, in source order."""
        return ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.span.start}:{self.span.end})"


# --- trivia and directives -------------------------------------------------------------


class Comment(Node):
    """A whole comment line, its line end included, at top level or in a continuation.

    ``text`` begins at the ``#``, without leading blanks and line end.
    """

    __slots__ = ("text",)

    def __init__(self, span: Span, text: str) -> None:
        super().__init__(span)
        self.text = text


class Blank(Node):
    """A line of white space only, its line end included (a lone BOM counts as white space)."""

    __slots__ = ()


class Directive(Node):
    """A parser directive line: ``# name=value``; only ``syntax``, ``escape``, ``check``."""

    __slots__ = ("name", "value", "value_span")

    def __init__(self, span: Span, name: str, value: str, value_span: Span) -> None:
        super().__init__(span)
        self.name = name
        self.value = value
        self.value_span = value_span


# --- pieces of instructions ------------------------------------------------------------


class Word(Node):
    """One Docker word, raw: quotes, escapes and ``$`` expansions still in ``text``.

    ``map.text == text``. The span may hold continuations; ``map.is_contiguous`` tells.
    """

    __slots__ = ("map",)

    def __init__(self, text_map: TextMap) -> None:
        super().__init__(text_map.span(0, len(text_map.text)))
        self.map = text_map

    @property
    def text(self) -> str:
        """Return the raw characters of the word."""
        return self.map.text


class Flag(Node):
    """A leading ``--name`` or ``--name=value`` of an instruction.

    Args:
        span: Place of the whole flag.
        name: Without dashes, quotes removed.
        value: As written, ``None`` if there is no ``=``.
        value_span: Place of ``value``.
        unquoted: ``value`` as BuildKit takes it: quotes and escape characters removed.
    """

    __slots__ = ("name", "unquoted", "value", "value_span")

    def __init__(
        self,
        span: Span,
        name: str,
        value: str | None,
        value_span: Span | None,
        unquoted: str | None = None,
    ) -> None:
        super().__init__(span)
        self.name = name
        self.value = value
        self.value_span = value_span
        self.unquoted = value if unquoted is None else unquoted


class KeyValue(Node):
    """One ``key=value`` of ENV, LABEL or ARG; the value is ``None`` for a bare ``ARG key``."""

    __slots__ = ("key", "value")

    def __init__(self, span: Span, key: Word, value: Word | None) -> None:
        super().__init__(span)
        self.key = key
        self.value = value

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.key,) if self.value is None else (self.key, self.value)


class JsonArray(Node):
    """The JSON (exec) form of an instruction: a list of strings with their places.

    ``values[i]`` is the decoded string, ``spans[i]`` its source span, quotes included.
    """

    __slots__ = ("spans", "values")

    def __init__(self, span: Span, values: tuple[str, ...], spans: tuple[Span, ...]) -> None:
        super().__init__(span)
        self.values = values
        self.spans = spans


class Heredoc(Node):
    """A here-document of RUN, COPY or ADD. The span covers body and terminator line.

    Args:
        opener: Source span of the ``<<NAME`` word.
        name: The terminator, quotes removed.
        expand: Whether variables are expanded in the body (the name was unquoted).
        chomp: Whether leading tabs are stripped (``<<-``).
        fd: File descriptor written before ``<<``; 0 when none is written.
        body: The content, tabs stripped when ``chomp``; line ends as in the source.
        terminator: Source span of the terminator line without its line end.
    """

    __slots__ = ("body", "chomp", "expand", "fd", "name", "opener", "terminator")

    def __init__(
        self,
        span: Span,
        opener: Span,
        name: str,
        *,
        expand: bool,
        chomp: bool,
        fd: int,
        body: TextMap,
        terminator: Span,
    ) -> None:
        super().__init__(span)
        self.opener = opener
        self.name = name
        self.expand = expand
        self.chomp = chomp
        self.fd = fd
        self.body = body
        self.terminator = terminator


# --- instructions ----------------------------------------------------------------------


class Parts:
    """What every instruction has, gathered by the lexer and handed to the node.

    Args:
        span: All physical lines of the instruction: leading blanks, heredoc bodies and
            the last line end included. For an instruction inside ONBUILD: from its
            keyword to the end of its last character.
        keyword: Source span of the keyword as written.
        name: The keyword in upper case.
        flags: Leading flags, in order.
        rest: The logical text after keyword and flags, outer blanks trimmed.
        logical: The whole logical line, keyword included.
        comments: Comment lines inside the continuation, in order.
        blanks: Spans of blank lines inside the continuation.
        heredocs: Here-documents, in order.
        lead: The comment block that stands directly above (no blank line between).
    """

    __slots__ = (
        "blanks",
        "comments",
        "flags",
        "heredocs",
        "keyword",
        "lead",
        "logical",
        "name",
        "rest",
        "span",
    )

    def __init__(
        self,
        span: Span,
        keyword: Span,
        name: str,
        flags: tuple[Flag, ...],
        rest: TextMap,
        logical: TextMap,
        comments: tuple[Comment, ...] = (),
        blanks: tuple[Span, ...] = (),
        heredocs: tuple[Heredoc, ...] = (),
        lead: tuple[Comment, ...] = (),
    ) -> None:
        self.span = span
        self.keyword = keyword
        self.name = name
        self.flags = flags
        self.rest = rest
        self.logical = logical
        self.comments = comments
        self.blanks = blanks
        self.heredocs = heredocs
        self.lead = lead


class Instruction(Node):
    """One instruction of the file. The attributes are those of :class:`Parts`."""

    __slots__ = (
        "blanks",
        "comments",
        "flags",
        "heredocs",
        "keyword",
        "lead",
        "logical",
        "name",
        "rest",
    )
    NAME: ClassVar[str] = ""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.span)
        self.keyword = parts.keyword
        self.name = parts.name
        self.flags = parts.flags
        self.rest = parts.rest
        self.logical = parts.logical
        self.comments = parts.comments
        self.blanks = parts.blanks
        self.heredocs = parts.heredocs
        self.lead = parts.lead

    @property
    def code(self) -> Span:
        """Return the span from the keyword to the last character that counts.

        The line end, trailing blanks, trailing comment lines and heredoc bodies lie outside.
        """
        return Span(self.keyword.start, self.logical.end(len(self.logical)))

    def flag(self, name: str) -> Flag | None:
        """Return the last flag called ``name`` (without dashes), or ``None``."""
        return next((flag for flag in reversed(self.flags) if flag.name == name), None)

    @property
    def children(self) -> tuple[Node, ...]:
        return (*self.flags, *self.comments, *self.heredocs)


class Error(Instruction):
    """An instruction that BuildKit rejects: why, where, and what it looked like.

    ``name`` is the first word in upper case, whether an instruction or not. ``message``
    is BuildKit's reason; ``at`` the source span to point at; ``hint`` what to do or ``""``;
    ``kind`` who rejects it, as :class:`~dockeropt.syntax.nodes.Problem` has it.

    Inside ONBUILD the file is accepted all the same: BuildKit reads triggers only when the
    image is built upon.
    """

    __slots__ = ("at", "hint", "kind", "message")

    def __init__(
        self, parts: Parts, message: str, at: Span, hint: str = "", kind: str = "instruction"
    ) -> None:
        super().__init__(parts)
        self.message = message
        self.at = at
        self.hint = hint
        self.kind = kind
