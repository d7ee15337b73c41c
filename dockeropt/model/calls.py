"""The simple commands of a script, each with its program and its place.

Invariant: a program is named only when it is certain, after prefixes such as ``sudo`` or
``env`` are taken off. Every place is an offset into the script.
"""

from typing import TYPE_CHECKING

from dockeropt.shell.nodes import (
    AndOr,
    Call,
    Node,
    Pipeline,
    Script,
    Stmt,
    Word,
)
from dockeropt.shell.query import resolve

if TYPE_CHECKING:
    from dockeropt.model.packages import Invocation
    from dockeropt.model.runs import RunFacts

_Trail = tuple[Node, "_Trail | None"]
_AFTER_OR, _BEFORE_OR = 1, 2


class CallFacts:
    """Hold what is known of one simple command.

    Args:
        node: The call in the shell tree.
        run: The instruction it stands in.
        program: Base name of the program after prefixes, ``None`` when only the shell knows.
        path: The program as written, quotes removed, directories kept; ``""`` if not known.
        program_word: The word that names the program, ``None`` for bare assignments.
        prefixes: Names of the programs in front of it (``sudo``, ``env``, ``time``, …).
        args: The words after the program.
    """

    __slots__ = (
        "_after_or",
        "_before_or",
        "_trail",
        "args",
        "invocation",
        "node",
        "path",
        "prefixes",
        "program",
        "program_word",
        "run",
    )

    def __init__(self, node: Call, run: "RunFacts", trail: _Trail, place: int) -> None:
        self.node = node
        self.run = run
        self._trail = trail
        # PERF: many passes ask the same; `find_invocation` keeps its answer here.
        self.invocation: Invocation | bool | None = False
        self._after_or = bool(place & _AFTER_OR)
        self._before_or = bool(place & _BEFORE_OR)
        found = resolve(node)
        self.program: str | None = found.program
        self.path: str = found.path or ""
        self.program_word: Word | None = found.word
        self.prefixes: tuple[str, ...] = found.prefixes
        self.args: tuple[Word, ...] = found.args

    # --- place ------------------------------------------------------------------------

    @property
    def ancestors(self) -> tuple[Node, ...]:
        """Return the nodes around the call, the script first, its pipeline last."""
        nodes: list[Node] = []
        trail: _Trail | None = self._trail
        while trail is not None:
            node, trail = trail
            nodes.append(node)
        return tuple(reversed(nodes))

    @property
    def top_level(self) -> bool:
        """Tell whether the call is a direct member of the script's own and-or lists.

        It may be one of several commands of a pipeline: see :attr:`piped`.
        """
        trail: _Trail | None = self._trail
        depth = 0
        while trail is not None:
            trail = trail[1]
            depth += 1
        return depth == 5

    @property
    def pipeline(self) -> Pipeline:
        """Return the pipeline that the call is a member of."""
        node = self._trail[0]
        assert isinstance(node, Pipeline)
        return node

    @property
    def and_or(self) -> AndOr:
        """Return the and-or list that the call's pipeline is a member of."""
        outer = self._trail[1]
        assert outer is not None
        node = outer[0]
        assert isinstance(node, AndOr)
        return node

    @property
    def statement(self) -> Stmt:
        """Return the innermost statement around the call."""
        outer = self._trail[1]
        assert outer is not None
        outer = outer[1]
        assert outer is not None
        node = outer[0]
        assert isinstance(node, Stmt)
        return node

    @property
    def piped(self) -> bool:
        """Tell whether the call shares its pipeline with other commands."""
        return len(self.pipeline.commands) > 1

    @property
    def background(self) -> bool:
        """Tell whether the statement is started with ``&``."""
        return self.statement.terminator == "&"

    @property
    def failure_ignored(self) -> bool:
        """Tell whether the script goes on when the call fails: ``|| …`` follows, or ``!``.

        Only the innermost and-or list is looked at.
        """
        return self._before_or or self.pipeline.negated

    @property
    def conditional(self) -> bool:
        """Tell whether the call may be skipped although everything before it succeeded.

        True inside compound commands, substitutions and functions, and right of ``||``.
        """
        return self._after_or or not self.top_level

    @property
    def stops_build(self) -> bool:
        """Tell whether the RUN certainly fails when the call does.

        It does when the call ends the script's last and-or list, or any other under errexit
        (which is ignored left of ``&&``); a member of an ``&&`` chain counts as its end.
        """
        if self.conditional or self.failure_ignored or self.background:
            return False
        state, script = self.run.state, self.run.shell
        assert script is not None
        if self.pipeline.commands[-1] is not self.node and not state.pipefail:
            return False
        if script.body.statements[-1].command is self.and_or:
            return True
        if self.and_or.pipelines[-1] is not self.pipeline:
            return False
        if state.errexit:
            return True
        from dockeropt.shell.effects import leading_options

        return not frozenset(("-e", "-errexit")).isdisjoint(leading_options(script) or ())

    # --- words ------------------------------------------------------------------------

    def flag(self, *names: str) -> Word | None:
        """Return the first argument that is one of ``names``, alone or with ``=value``."""
        for word in self.args:
            text = word.literal if word.literal is not None else word.text
            if text in names or text.partition("=")[0] in names:
                return word
            if text == "--":
                return None
        return None

    def has_flag(self, *names: str) -> bool:
        """Tell whether one of ``names`` is given; single letters also inside ``-xyz``."""
        letters = [name[1] for name in names if len(name) == 2]
        for word in self.args:
            text = word.literal if word.literal is not None else word.text
            if text == "--":
                return False
            if text.partition("=")[0] in names:
                return True
            cluster = text[:1] == "-" and text[1:2] != "-" and text[1:].isalpha()
            if cluster and any(letter in text for letter in letters):
                return True
        return False

    @property
    def operands(self) -> tuple[Word, ...]:
        """Return the arguments that do not start with a dash, and all after ``--``."""
        found: list[Word] = []
        for index, word in enumerate(self.args):
            text = word.literal if word.literal is not None else word.text
            if text == "--":
                return (*found, *self.args[index + 1 :])
            if not text.startswith("-"):
                found.append(word)
        return tuple(found)

    def __repr__(self) -> str:
        return f"CallFacts({self.program}, {self.node.start}:{self.node.end})"


def find_calls(script: Script, run: "RunFacts") -> tuple[CallFacts, ...]:
    """Return every simple command of ``script``, those in substitutions too, in source order.

    A loop with a stack of its own: nesting is bounded by the parser, not by Python.
    """
    found: list[CallFacts] = []
    stack: list[tuple[Node, _Trail | None, int]] = [(script, None, 0)]
    while stack:
        node, trail, place = stack.pop()
        if isinstance(node, Call):
            assert trail is not None
            found.append(CallFacts(node, run, trail, place))
            if not node.assigns and not node.redirects and not any(word.parts for word in node.words):
                continue
            below = (node, trail)
            stack += [(child, below, 0) for child in reversed(node.children) if child.children]
            continue
        around = (node, trail)
        if isinstance(node, AndOr):
            stack += reversed([(child, around, bits) for child, bits in _places(node)])
        elif isinstance(node, Pipeline):
            stack += [(child, around, place) for child in reversed(node.commands)]
        else:
            stack += [(child, around, 0) for child in reversed(node.children)]
    return tuple(found)


def _places(node: AndOr) -> list[tuple[Pipeline, int]]:
    """Return each pipeline of the list with whether a ``||`` stands before or after it."""
    operators = [operator for operator, _, _ in node.operators]
    if "||" not in operators:
        return [(pipeline, 0) for pipeline in node.pipelines]
    first = operators.index("||")
    last = len(operators) - 1 - operators[::-1].index("||")
    return [
        (pipeline, (_AFTER_OR if index > first else 0) | (_BEFORE_OR if index <= last else 0))
        for index, pipeline in enumerate(node.pipelines)
    ]
