"""The lower half of the shell tree: words, their parts, assignments, redirections.

Imported through :mod:`dockeropt.shell.nodes`, which has the invariants of the whole tree.
"""

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockeropt.shell.nodes import StmtList


class Dialect(Enum):
    """The language that a shell speaks.

    DASH: dash, Debian's and Ubuntu's ``sh``. ASH: busybox ``sh`` (Alpine). BASH: bash,
    also as ``sh`` on Fedora and RHEL; zsh is *not* bash.
    """

    DASH = "dash"
    ASH = "ash"
    BASH = "bash"


class Node:
    """Hold a place in the script: ``start`` inclusive, ``end`` exclusive."""

    __slots__ = ("end", "start")

    def __init__(self, start: int, end: int) -> None:
        self.start = start
        self.end = end

    @property
    def children(self) -> "tuple[Node, ...]":
        """Return the nodes directly inside this one, in source order."""
        return ()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.start}:{self.end})"


# --- words -----------------------------------------------------------------------------


class Part(Node):
    """A piece of a word that is not plain text: a quotation or an expansion."""

    __slots__ = ()


class SglQuoted(Part):
    """``'…'``."""

    __slots__ = ()


class AnsiQuoted(Part):
    """``$'…'`` (bash, ash)."""

    __slots__ = ()


class DblQuoted(Part):
    """``"…"`` (also ``$"…"``) with the expansions inside as ``parts``."""

    __slots__ = ("parts",)

    def __init__(self, start: int, end: int, parts: tuple[Part, ...]) -> None:
        self.start = start
        self.end = end
        self.parts = parts

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


class ParamExp(Part):
    """``$name`` or ``${name…}``; expansions in the modifier are ``parts``.

    ``name`` is the parameter (``1``, ``@``, ``PATH``), ``operator`` what follows it in
    braces (``:-``, ``:=``, ``#``, …) or ``""``; a leading ``#`` (length) or ``!`` is ``prefix``.
    """

    __slots__ = ("name", "operator", "parts", "prefix")

    def __init__(
        self, start: int, end: int, name: str, operator: str, prefix: str, parts: tuple[Part, ...]
    ) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.operator = operator
        self.prefix = prefix
        self.parts = parts

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


class CmdSubst(Part):
    """``$(…)``, backticks or ``<(…)``/``>(…)``.

    ``body`` is ``None`` for backticks that hold escapes: valid, but their inner
    commands have no place in the script and must be taken as unknown.
    """

    __slots__ = ("body", "opening")

    def __init__(self, start: int, end: int, opening: str, body: "StmtList | None") -> None:
        self.start = start
        self.end = end
        self.opening = opening
        self.body = body

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.body,) if self.body is not None else ()


class ArithExp(Part):
    """``$((…))``; expansions inside are ``parts``."""

    __slots__ = ("parts",)

    def __init__(self, start: int, end: int, parts: tuple[Part, ...]) -> None:
        super().__init__(start, end)
        self.parts = parts

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


class Array(Part):
    """``(…)`` of a bash array assignment."""

    __slots__ = ("words",)

    def __init__(self, start: int, end: int, words: "tuple[Word, ...]") -> None:
        super().__init__(start, end)
        self.words = words

    @property
    def children(self) -> tuple[Node, ...]:
        return self.words


class ExtGlob(Part):
    """``@(…)``, ``!(…)`` … (bash); expansions inside are ``parts``."""

    __slots__ = ("parts",)

    def __init__(self, start: int, end: int, parts: tuple[Part, ...] = ()) -> None:
        self.start = start
        self.end = end
        self.parts = parts

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


class Word(Node):
    """One word of the script.

    Args:
        text: Raw characters.
        parts: Quotations and expansions in it; the rest is plain text.
        literal: What the word means when it holds no expansion, glob or leading tilde
            (quotes and escapes removed); ``None`` when it can only be known at run time.
    """

    __slots__ = ("literal", "parts", "text")

    def __init__(self, start: int, end: int, text: str, parts: tuple[Part, ...], literal: str | None) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.parts = parts
        self.literal = literal

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts


class Assign(Node):
    """``name=value`` in front of a command or alone; ``value`` is ``None`` for ``name=``."""

    __slots__ = ("append", "name", "value")

    def __init__(self, start: int, end: int, name: str, value: Word | None, *, append: bool) -> None:
        self.start = start
        self.end = end
        self.name = name
        self.value = value
        self.append = append

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.value,) if self.value is not None else ()


class Redirect(Node):
    """``[fd]operator target``; for heredocs ``target`` is the delimiter word.

    ``body`` and ``terminator`` are ``(start, end)`` ranges of a heredoc's content and of its
    closing line, else ``None``; ``parts`` the expansions in an unquoted heredoc's body.
    """

    __slots__ = ("body", "fd", "operator", "parts", "target", "terminator")

    def __init__(self, start: int, end: int, operator: str, fd: str, target: Word) -> None:
        self.start = start
        self.end = end
        self.operator = operator
        self.fd = fd
        self.target = target
        # The body follows on later lines; the parser fills these three in at the newline.
        self.body: tuple[int, int] | None = None
        self.terminator: tuple[int, int] | None = None
        self.parts: tuple[Part, ...] = ()

    @property
    def is_heredoc(self) -> bool:
        """Tell whether this is ``<<`` or ``<<-``."""
        return self.operator in ("<<", "<<-")

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.target, *self.parts)
