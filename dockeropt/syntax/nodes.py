"""The lossless Dockerfile tree: what stands where, in Docker's own terms.

Invariants: the spans of ``Dockerfile.body`` tile the source without gap or overlap, so
``str(tree) == source.text`` for any input; every span is in source offsets; every
``TextMap`` leads back to the source. Nodes are never changed after the parser made
them: a pass answers with edits and the text is parsed again.

Plain classes with ``__slots__`` instead of dataclasses: fifty dataclass decorators
cost more at start-up than all the rest of a run over one file.
"""

from collections.abc import Iterator
from typing import ClassVar

from dockeropt.text import Source, Span, TextMap


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
    """A leading ``--name`` or ``--name=value`` of an instruction; ``value`` is raw."""

    __slots__ = ("name", "value", "value_span")

    def __init__(self, span: Span, name: str, value: str | None, value_span: Span | None) -> None:
        super().__init__(span)
        self.name = name
        self.value = value
        self.value_span = value_span


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
    is BuildKit's reason; ``at`` the source span to point at; ``hint`` what to do or ``""``.
    """

    __slots__ = ("at", "hint", "message")

    def __init__(self, parts: Parts, message: str, at: Span, hint: str = "") -> None:
        super().__init__(parts)
        self.message = message
        self.at = at
        self.hint = hint


class From(Instruction):
    """``FROM [--platform=…] image [AS alias]``; ``as_keyword`` is the span of ``AS``."""

    __slots__ = ("alias", "as_keyword", "image")
    NAME = "FROM"

    def __init__(self, parts: Parts, image: Word, as_keyword: Span | None, alias: Word | None) -> None:
        super().__init__(parts)
        self.image = image
        self.as_keyword = as_keyword
        self.alias = alias

    @property
    def children(self) -> tuple[Node, ...]:
        return (*super().children, self.image, *((self.alias,) if self.alias else ()))


class CommandInstruction(Instruction):
    """RUN, CMD, ENTRYPOINT or the command of HEALTHCHECK: a script or an exec form.

    Exactly one of ``script`` and ``exec_form`` is set, except that both are ``None``
    when nothing can be said of the script (a heredoc with a ``#!`` line of its own, or
    an instruction without arguments).

    ``script`` is the very text that BuildKit hands to the shell: for ``RUN <<EOF`` alone the
    body; with other words or several heredocs, line + newline + body + terminator …
    (BuildKit ``dispatchRun``).
    """

    __slots__ = ("exec_form", "script")

    def __init__(self, parts: Parts, script: TextMap | None, exec_form: JsonArray | None) -> None:
        super().__init__(parts)
        self.script = script
        self.exec_form = exec_form

    @property
    def children(self) -> tuple[Node, ...]:
        return (*super().children, *((self.exec_form,) if self.exec_form else ()))


class Run(CommandInstruction):
    """``RUN [--mount=…] [--network=…] [--security=…] script | ["exec", "form"]``."""

    __slots__ = ()
    NAME = "RUN"

    @property
    def body_heredoc(self) -> Heredoc | None:
        """Return the heredoc whose body *is* the script (``RUN <<EOF`` alone), or ``None``."""
        if len(self.heredocs) == 1 and self.rest.text.strip() and self.script is not None:
            doc = self.heredocs[0]
            if self.script.text == doc.body.text and doc.opener.start == self.rest.offset(0):
                return doc
        return None


class Cmd(CommandInstruction):
    """``CMD script | ["exec", "form"]``."""

    __slots__ = ()
    NAME = "CMD"


class Entrypoint(CommandInstruction):
    """``ENTRYPOINT script | ["exec", "form"]``."""

    __slots__ = ()
    NAME = "ENTRYPOINT"


class Healthcheck(CommandInstruction):
    """``HEALTHCHECK [flags] CMD … | NONE``; ``disabled`` for NONE."""

    __slots__ = ("disabled",)
    NAME = "HEALTHCHECK"

    def __init__(
        self, parts: Parts, script: TextMap | None, exec_form: JsonArray | None, *, disabled: bool
    ) -> None:
        super().__init__(parts, script, exec_form)
        self.disabled = disabled


class FileInstruction(Instruction):
    """COPY or ADD. In JSON form the words are ``None`` free too: their text is decoded.

    ``sources`` holds heredoc openers as well (their text starts with ``<<``).
    """

    __slots__ = ("destination", "exec_form", "sources")

    def __init__(
        self,
        parts: Parts,
        sources: tuple[Word, ...],
        destination: Word,
        exec_form: JsonArray | None,
    ) -> None:
        super().__init__(parts)
        self.sources = sources
        self.destination = destination
        self.exec_form = exec_form

    @property
    def children(self) -> tuple[Node, ...]:
        return (*super().children, *self.sources, self.destination)


class Copy(FileInstruction):
    """``COPY [--from=…] [--chown=…] [--chmod=…] [--link] source… destination``."""

    __slots__ = ()
    NAME = "COPY"


class Add(FileInstruction):
    """``ADD [--chown=…] [--chmod=…] [--link] [--checksum=…] source… destination``."""

    __slots__ = ()
    NAME = "ADD"


class PairsInstruction(Instruction):
    """ENV, LABEL or ARG. ``legacy`` tells of the old ``ENV key value with blanks`` form."""

    __slots__ = ("legacy", "pairs")

    def __init__(self, parts: Parts, pairs: tuple[KeyValue, ...], *, legacy: bool) -> None:
        super().__init__(parts)
        self.pairs = pairs
        self.legacy = legacy

    @property
    def children(self) -> tuple[Node, ...]:
        return (*super().children, *self.pairs)


class Env(PairsInstruction):
    """``ENV key=value …`` or the legacy ``ENV key value``."""

    __slots__ = ()
    NAME = "ENV"


class Label(PairsInstruction):
    """``LABEL key=value …`` or the legacy ``LABEL key value``."""

    __slots__ = ()
    NAME = "LABEL"


class Arg(PairsInstruction):
    """``ARG name[=default] …``."""

    __slots__ = ()
    NAME = "ARG"


class WordsInstruction(Instruction):
    """EXPOSE, VOLUME: a list of words, or (VOLUME) a JSON array."""

    __slots__ = ("exec_form", "words")

    def __init__(self, parts: Parts, words: tuple[Word, ...], exec_form: JsonArray | None = None) -> None:
        super().__init__(parts)
        self.words = words
        self.exec_form = exec_form

    @property
    def children(self) -> tuple[Node, ...]:
        return (*super().children, *self.words)


class Expose(WordsInstruction):
    """``EXPOSE port[/protocol] …``."""

    __slots__ = ()
    NAME = "EXPOSE"


class Volume(WordsInstruction):
    """``VOLUME path … | ["path", …]``."""

    __slots__ = ()
    NAME = "VOLUME"


class TextInstruction(Instruction):
    """USER, WORKDIR, STOPSIGNAL, MAINTAINER: one argument, blanks and all, as ``argument``."""

    __slots__ = ("argument",)

    def __init__(self, parts: Parts, argument: Word) -> None:
        super().__init__(parts)
        self.argument = argument

    @property
    def children(self) -> tuple[Node, ...]:
        return (*super().children, self.argument)


class User(TextInstruction):
    """``USER user[:group]``."""

    __slots__ = ()
    NAME = "USER"


class Workdir(TextInstruction):
    """``WORKDIR path``."""

    __slots__ = ()
    NAME = "WORKDIR"


class Stopsignal(TextInstruction):
    """``STOPSIGNAL signal``."""

    __slots__ = ()
    NAME = "STOPSIGNAL"


class Maintainer(TextInstruction):
    """``MAINTAINER name`` (deprecated)."""

    __slots__ = ()
    NAME = "MAINTAINER"


class Shell(Instruction):
    """``SHELL ["program", "argument", …]``."""

    __slots__ = ("exec_form",)
    NAME = "SHELL"

    def __init__(self, parts: Parts, exec_form: JsonArray) -> None:
        super().__init__(parts)
        self.exec_form = exec_form

    @property
    def children(self) -> tuple[Node, ...]:
        return (*super().children, self.exec_form)


class Onbuild(Instruction):
    """``ONBUILD instruction``; heredocs and comments belong to the outer node too."""

    __slots__ = ("inner",)
    NAME = "ONBUILD"

    def __init__(self, parts: Parts, inner: Instruction) -> None:
        super().__init__(parts)
        self.inner = inner

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.inner,)


# --- the whole -------------------------------------------------------------------------


class Problem:
    """Something that makes BuildKit reject the file, with its place and a hint.

    ``kind`` is ``"parse"`` (BuildKit's parser stops) or ``"instruction"`` (its instruction
    parser does). Every :class:`Error` node has one; some concern no single instruction
    (no FROM at all, an unterminated heredoc, a duplicate directive).
    """

    __slots__ = ("hint", "kind", "message", "span")

    def __init__(self, message: str, span: Span, kind: str, hint: str = "") -> None:
        self.message = message
        self.span = span
        self.kind = kind
        self.hint = hint

    def __repr__(self) -> str:
        return f"Problem({self.kind}: {self.message} at {self.span.start})"


class Dockerfile(Node):
    """A parsed Dockerfile.

    Args:
        source: The text it was parsed from.
        body: Nodes that tile the source, in order.
        escape: The escape character in force, a backslash or a backtick.
        problems: What makes BuildKit reject the file, in source order.
    """

    __slots__ = ("body", "escape", "problems", "source")

    def __init__(
        self, source: Source, body: tuple[Node, ...], escape: str, problems: tuple[Problem, ...]
    ) -> None:
        super().__init__(Span(0, len(source.text)))
        self.source = source
        self.body = body
        self.escape = escape
        self.problems = problems

    def __str__(self) -> str:
        return "".join([node.span.of(self.source.text) for node in self.body])

    @property
    def code(self) -> str:
        """Return the text of the file, put together from the nodes."""
        return str(self)

    @property
    def children(self) -> tuple[Node, ...]:
        return self.body

    @property
    def instructions(self) -> Iterator[Instruction]:
        """Yield the top-level instructions in order, :class:`Error` nodes among them."""
        return (node for node in self.body if isinstance(node, Instruction))
