"""How the author laid a RUN script out, so that inserted commands look like theirs.

Facts only, no edits: is the script one line, do operators lead or trail their line, how
deep are lines indented, is errexit in force.
"""

from enum import Enum
from typing import NamedTuple

from dockeropt.model.runs import RunFacts
from dockeropt.shell.effects import is_flat, leading_options
from dockeropt.shell.nodes import AndOr, Call, Compound, FuncDecl, Node, Script, Stmt
from dockeropt.shell.query import resolve, walk

DEFAULT_INDENT = "    "


class OperatorStyle(Enum):
    """Where ``&&`` stands when a chain is broken into lines."""

    LEADING = "leading"
    TRAILING = "trailing"


class Layout(NamedTuple):
    """Describe how a script is written.

    Args:
        style: Where operators stand at line breaks; leading when the script shows none.
        indent: White space in front of the continued lines.
        single_line: Whether the statements stand on one physical line.
        shows_style: Whether some operator stands at a line break.
    """

    style: OperatorStyle
    indent: str
    single_line: bool
    shows_style: bool


def layout_of(run: RunFacts, text: str) -> Layout:
    """Return the layout of ``run``, whose source is ``text``."""
    script, shell = run.script, run.shell
    if script is None or shell is None or not shell.body.statements:
        return Layout(OperatorStyle.LEADING, DEFAULT_INDENT, single_line=True, shows_style=False)
    first, last = shell.body.statements[0], shell.body.statements[-1]
    style: OperatorStyle | None = None
    indent: str | None = None
    for stmt in reversed(shell.body.statements):
        for _, start, end in reversed(stmt.command.operators):
            at = script.offset(start)
            before = _indent_if_first(text, at)
            if before is not None:
                style, indent = OperatorStyle.LEADING, before
            elif end < len(script.text) and not script.is_contiguous(
                end - 1, _next_visible(script.text, end) + 1
            ):
                style = OperatorStyle.TRAILING
                indent = _indent_if_first(text, script.offset(_next_visible(script.text, end)))
            if style is not None:
                break
        if style is not None:
            break
    if indent is None and len(shell.body.statements) > 1:
        indent = _indent_if_first(text, script.offset(last.start))
    start, end = script.offset(first.start), script.end(last.end)
    single = "\n" not in text[start:end]
    if indent is None and not single and "\n" not in script.text:
        indent = _least_indent(text[start:end])
    return Layout(
        style or OperatorStyle.LEADING,
        DEFAULT_INDENT if indent is None else indent,
        single_line=single,
        shows_style=style is not None,
    )


MAX_INDENT = 8
"""Columns that still count as indentation; more of them align words with the line above."""

MAX_OPERATOR_INDENT = 16
"""The same for lines that begin with an operator or follow one: nobody aligns these by chance."""


def _least_indent(text: str) -> str | None:
    """Return the least indentation of the lines behind the first, unless it is only alignment."""
    lines = [line for line in text.split("\n")[1:] if line.strip() and not line.lstrip().startswith("#")]
    indents = [line[: len(line) - len(line.lstrip(" \t"))] for line in lines]
    least = min(indents, key=len, default=None)
    return least if least is not None and columns(least) <= MAX_INDENT else None


def columns(indent: str) -> int:
    """Return how wide an indentation looks, a tab taken as four columns."""
    return len(indent.expandtabs(4))


def _next_visible(text: str, at: int) -> int:
    while at < len(text) - 1 and text[at] in " \t":
        at += 1
    return at


def _indent_if_first(text: str, at: int) -> str | None:
    """Return the blanks in front of ``at`` when nothing else of its line comes before."""
    start = text.rfind("\n", 0, at) + 1
    before = text[start:at]
    return before if before.strip() == "" and start > 0 else None


def switches_errexit(script: Script, *, off: bool = False) -> bool:
    """Tell whether some ``set -e`` (or ``set -o errexit``; ``+e`` if ``off``) stands in the script."""
    if "set" not in script.text:
        return False
    sign = "+" if off else "-"
    for node in walk(script):
        if isinstance(node, Call) and node.words and node.words[0].literal == "set":
            before = ""
            for text in [word.text for word in node.words[1:]]:
                if text.startswith(sign) and "e" in text and text[1:2] != "-":
                    return True
                if text == "errexit" and before.startswith(sign):
                    return True
                before = text
    return False


def starts_with_errexit(script: Script) -> bool:
    """Tell whether the script's first command turns errexit on for all that follows."""
    if not script.body.statements or script.body.statements[0].terminator == "&":
        return False
    return not frozenset(("-e", "-errexit")).isdisjoint(leading_options(script) or ())


def decides_alone(command: AndOr, functions: frozenset[str]) -> bool:
    """Tell whether the list's status is the same whether errexit is honoured inside it or not.

    errexit is ignored left of ``&&``: in loops, functions, ``eval`` and ``$( )`` too.
    """
    return is_flat(command) and all(
        _is_plain(node, functions) for node in walk(command) if isinstance(node, Call)
    )


def _is_plain(call: Call, functions: frozenset[str]) -> bool:
    if not call.words:
        return True
    program = resolve(call).program
    return program is not None and program not in functions and program not in ("eval", ".", "source")


def functions_of(script: Script) -> frozenset[str]:
    """Return the names of the functions that the script declares."""
    return frozenset(n.name for n in walk(script) if isinstance(n, FuncDecl))


def never_returns(stmt: Stmt) -> bool:
    """Tell whether what follows the statement may never run (``exit``, ``exec``, ``return``)."""
    last = stmt.command.pipelines[-1].commands[-1]
    return isinstance(last, Call) and bool(last.words) and last.words[0].literal in ("exit", "exec", "return")


def errexit_survives(node: Node) -> bool:
    """Tell whether a failure inside the compound always ends a ``set -e`` script.

    errexit is ignored in conditions, behind ``!`` and left of ``&&`` and ``||``: a compound
    that holds one of them may end with a failure that stops nothing.
    """
    for inner in walk(node):
        if isinstance(inner, AndOr) and (len(inner.pipelines) > 1 or any(p.negated for p in inner.pipelines)):
            return False
        if isinstance(inner, Compound) and inner is not node:
            return False
    return True
