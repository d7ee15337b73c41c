"""The lossless shell tree: what a RUN script says, with exact places.

Positions are code-point offsets into the *script* (the text that the shell gets), not
into the Dockerfile: so one parse serves every place where the same script stands, and
is kept in a cache. The ``TextMap`` of the script leads from here to the source.

Node names follow mvdan/sh. What is not understood makes the whole script a
:class:`ShellProblem`, never a guess. The hot constructors set ``start`` and ``end``
themselves: a call of ``super().__init__`` costs as much as the rest of them.
"""

from dockeropt.shell.wordnodes import (
    AnsiQuoted,
    ArithExp,
    Array,
    Assign,
    CmdSubst,
    DblQuoted,
    Dialect,
    ExtGlob,
    Node,
    ParamExp,
    Part,
    Redirect,
    SglQuoted,
    Word,
)

__all__ = [
    "AndOr",
    "AnsiQuoted",
    "ArithCommand",
    "ArithExp",
    "Array",
    "Assign",
    "Call",
    "Case",
    "CmdSubst",
    "Command",
    "Compound",
    "DblQuoted",
    "Dialect",
    "ExtGlob",
    "For",
    "FuncDecl",
    "Group",
    "If",
    "Node",
    "ParamExp",
    "Part",
    "Pipeline",
    "Redirect",
    "Script",
    "SglQuoted",
    "ShellProblem",
    "Stmt",
    "StmtList",
    "Subshell",
    "TestClause",
    "While",
    "Word",
]

# --- commands --------------------------------------------------------------------------


class Command(Node):
    """Anything that can stand between pipes; ``redirects`` follow or precede it.

    A heredoc's body lies outside the span: ``end`` is the end of the last word or
    redirection on the command's own line.
    """

    __slots__ = ("redirects",)

    def __init__(self, start: int, end: int, redirects: tuple[Redirect, ...] = ()) -> None:
        super().__init__(start, end)
        self.redirects = redirects


class Call(Command):
    """A simple command: assignments, words, redirections in any order."""

    __slots__ = ("assigns", "words")

    def __init__(
        self,
        start: int,
        end: int,
        assigns: tuple[Assign, ...],
        words: tuple[Word, ...],
        redirects: tuple[Redirect, ...],
    ) -> None:
        self.start = start
        self.end = end
        self.redirects = redirects
        self.assigns = assigns
        self.words = words

    @property
    def children(self) -> tuple[Node, ...]:
        return tuple(sorted((*self.assigns, *self.words, *self.redirects), key=lambda n: n.start))


class Compound(Command):
    """A command that holds lists of statements, in source order as ``bodies``.

    ``words`` are the words that stand outside the lists (``for`` items, ``case`` subject and
    patterns, operands of ``[[``).
    """

    __slots__ = ("bodies", "words")

    def __init__(
        self,
        start: int,
        end: int,
        bodies: "tuple[StmtList, ...]",
        words: tuple[Word, ...] = (),
        redirects: tuple[Redirect, ...] = (),
    ) -> None:
        super().__init__(start, end, redirects)
        self.bodies = bodies
        self.words = words

    @property
    def children(self) -> tuple[Node, ...]:
        nodes: tuple[Node, ...] = (*self.words, *self.bodies, *self.redirects)
        return tuple(sorted(nodes, key=lambda n: n.start))


class Subshell(Compound):
    """``( … )``."""

    __slots__ = ()


class Group(Compound):
    """``{ …; }``."""

    __slots__ = ()


class If(Compound):
    """``if …; then …; [elif …; then …;]… [else …;] fi``: conditions and branches in order."""

    __slots__ = ()


class While(Compound):
    """``while`` or ``until``: condition and body."""

    __slots__ = ()


class For(Compound):
    """``for name in words; do …; done`` (also ``select``, ``for ((…))``); ``name`` may be ``""``."""

    __slots__ = ("name",)
    name: str


class Case(Compound):
    """``case subject in pattern) …;; esac``: ``words[0]`` is the subject."""

    __slots__ = ()


class FuncDecl(Compound):
    """``name() body``; ``bodies`` holds one list with the body command."""

    __slots__ = ("name",)
    name: str


class TestClause(Compound):
    """``[[ … ]]`` (bash, ash)."""

    __slots__ = ()


class ArithCommand(Compound):
    """``((…))`` (bash); expansions inside are found through ``parts``."""

    __slots__ = ("parts",)
    parts: tuple[Part, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return (*self.parts, *self.redirects)


class Pipeline(Node):
    """``[time] [!] command [| command]…``; always present, even for one command.

    ``operators`` are the ``|`` or ``|&`` between, as ``(start, end)``.
    """

    __slots__ = ("commands", "negated", "operators", "timed")

    def __init__(
        self,
        start: int,
        end: int,
        commands: tuple[Command, ...],
        operators: tuple[tuple[int, int], ...],
        *,
        negated: bool,
        timed: bool,
    ) -> None:
        self.start = start
        self.end = end
        self.commands = commands
        self.operators = operators
        self.negated = negated
        self.timed = timed

    @property
    def children(self) -> tuple[Node, ...]:
        return self.commands


class AndOr(Node):
    """``pipeline [&& pipeline | || pipeline]…``; always present, even for one pipeline.

    ``operators[i]`` stands between ``pipelines[i]`` and ``pipelines[i+1]``:
    ``("&&" or "||", start, end)``.
    """

    __slots__ = ("operators", "pipelines")

    def __init__(
        self,
        start: int,
        end: int,
        pipelines: tuple[Pipeline, ...],
        operators: tuple[tuple[str, int, int], ...],
    ) -> None:
        self.start = start
        self.end = end
        self.pipelines = pipelines
        self.operators = operators

    @property
    def children(self) -> tuple[Node, ...]:
        return self.pipelines


class Stmt(Node):
    """An and-or list with what ends it: ``;``, ``&``, a newline, or ``""`` at the end.

    ``end`` is the end of the and-or list; ``terminator_at`` the offset of the terminator,
    or -1 when there is none.
    """

    __slots__ = ("command", "terminator", "terminator_at")

    def __init__(self, command: AndOr, terminator: str, terminator_at: int) -> None:
        self.start = command.start
        self.end = command.end
        self.command = command
        self.terminator = terminator
        self.terminator_at = terminator_at

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.command,)


class StmtList(Node):
    """Statements one after another: a script, or the inside of a compound command."""

    __slots__ = ("statements",)

    def __init__(self, start: int, end: int, statements: tuple[Stmt, ...]) -> None:
        self.start = start
        self.end = end
        self.statements = statements

    @property
    def children(self) -> tuple[Node, ...]:
        return self.statements


class ShellProblem:
    """Why a script could not be read: a message and the offset where it shows."""

    __slots__ = ("at", "message")

    def __init__(self, message: str, at: int) -> None:
        self.message = message
        self.at = at


class Script(Node):
    """A whole script.

    Args:
        text: The text that was parsed.
        dialect: The language it was parsed as.
        body: The statements; empty when ``problem`` is set.
        comments: ``(start, end)`` of every shell comment, ``#`` included.
        problem: Set when the script is opaque: a syntax error, or beyond our limits.
    """

    __slots__ = ("body", "comments", "dialect", "problem", "text")

    def __init__(
        self,
        text: str,
        dialect: Dialect,
        body: StmtList,
        comments: tuple[tuple[int, int], ...],
        problem: ShellProblem | None,
    ) -> None:
        super().__init__(0, len(text))
        self.text = text
        self.dialect = dialect
        self.body = body
        self.comments = comments
        self.problem = problem

    @property
    def children(self) -> tuple[Node, ...]:
        return (self.body,)
