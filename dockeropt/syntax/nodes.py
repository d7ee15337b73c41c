"""The lossless Dockerfile tree: every instruction, and the whole, in Docker's own terms.

Invariant: the spans of ``Dockerfile.body`` tile the source without gap or overlap, so
``str(tree) == source.text`` for any input. A pass answers with edits, and the text is parsed
again: no node is ever changed.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockeropt.syntax.pieces import (
    Blank,
    Comment,
    Directive,
    Error,
    Flag,
    Heredoc,
    Instruction,
    JsonArray,
    KeyValue,
    Node,
    Parts,
    Word,
)
from dockeropt.text import Source, Span, TextMap

if TYPE_CHECKING:
    from dockeropt.syntax.visitor import Visitor

__all__ = [
    "Add",
    "Arg",
    "Blank",
    "Cmd",
    "CommandInstruction",
    "Comment",
    "Copy",
    "Directive",
    "Dockerfile",
    "Entrypoint",
    "Env",
    "Error",
    "Expose",
    "FileInstruction",
    "Flag",
    "From",
    "Healthcheck",
    "Heredoc",
    "Instruction",
    "JsonArray",
    "KeyValue",
    "Label",
    "Maintainer",
    "Node",
    "Onbuild",
    "PairsInstruction",
    "Parts",
    "Problem",
    "Run",
    "Shell",
    "Stopsignal",
    "TextInstruction",
    "User",
    "Volume",
    "Word",
    "WordsInstruction",
    "Workdir",
]


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
    """COPY or ADD. In JSON form there are words too: their text is decoded, their place between quotes.

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
        return (*super().children, *self.words, *((self.exec_form,) if self.exec_form else ()))


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

    def visit(self, visitor: "Visitor") -> "Dockerfile":
        """Walk the tree with ``visitor``; a ``Transformer`` gives a new tree, others this one."""
        from dockeropt.syntax.visitor import visit

        return visit(self, visitor)
