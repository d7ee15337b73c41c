"""Dockerfiles inside Python files: find the literals, fix what they hold, change nothing else.

Invariant: only strings that are marked are looked at, and only where the literal alone makes
the text up: no f-strings, no joined strings, no placeholders. It is imported only for Python
files: LibCST is large.
"""

import re
from collections.abc import Callable, Sequence

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider, MetadataWrapper

from dockeropt.errors import FileProblem
from dockeropt.interop.python_literal import Literal
from dockeropt.rewrite.result import Leftover, Rejection, Result, Step
from dockeropt.syntax import find, parse
from dockeropt.syntax.nodes import From
from dockeropt.text import Span

Engine = Callable[[str], Result]

_CLEANERS = {"dedent", "cleandoc", "strip", "lstrip", "rstrip"}
_PLACEHOLDER = re.compile(r"(?<!\$)\{\w*\}|\{\{|%\(\w+\)s|%s")


def fix_python(text: str, engine: Engine, path: str) -> Result:
    """Return what ``engine`` makes of the Dockerfiles inside a Python file.

    A literal is looked at when it is assigned to a variable whose name contains
    ``dockerfile``, or below a comment line ``# dockerfile``, and holds a FROM and no errors.

    Args:
        text: The whole Python file.
        engine: Fixes one Dockerfile.
        path: For messages.

    Raises:
        FileProblem: The file is no valid Python.
    """
    current = text
    steps: list[Step] = []
    leftover: list[Leftover] = []
    rejected: list[Rejection] = []
    for span in _literals(text, path):
        # What came before has moved it.
        literal = Literal.read(current, span.shift(len(current) - len(text)))
        if literal is None or not _is_dockerfile(literal):
            continue
        outcome = engine(literal.text)
        rejected += outcome.rejected
        for step in outcome.steps:
            made = literal.step(current, step)
            if made is None:
                leftover += [literal.refused(current, fix, step.pass_id) for fix in step.fixes]
                break
            current, literal = made[0].after, made[1]
            steps.append(made[0])
        else:
            leftover += [literal.left(current, left) for left in outcome.leftover]
    return Result(text, current, tuple(steps), tuple(leftover), tuple(rejected))


def _is_dockerfile(literal: Literal) -> bool:
    """Tell whether the text stands for itself and is a Dockerfile without errors."""
    if _PLACEHOLDER.search(literal.text) or (literal.margin and "<<" in literal.text):
        return False
    tree = parse(literal.text)
    return not tree.problems and next(find(tree, From), None) is not None


# --- finding ---------------------------------------------------------------------------


def _literals(text: str, path: str) -> list[Span]:
    """Return where the marked string literals stand, in order."""
    try:
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        if wrapper.module.code != text:
            raise FileProblem(
                "LibCST does not give the file back unchanged", path=path, hint="see its encoding"
            )
        finder = _Finder()
        wrapper.visit(finder)
    except cst.ParserSyntaxError as error:
        raise FileProblem(
            "not valid Python",
            path=path,
            line=error.raw_line,
            column=error.raw_column + 1,
            hint="run it first",
        ) from None
    except (RecursionError, UnicodeEncodeError):
        raise FileProblem(
            "Python that LibCST cannot read", path=path, hint="put the Dockerfile in a file"
        ) from None
    data = text.encode()
    offsets = [(len(data[:start].decode()), len(data[start:stop].decode())) for start, stop in finder.found]
    return [Span(start, start + length) for start, length in offsets]


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (ByteSpanPositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, int]] = []
        self._first: cst.SimpleStatementLine | None = None

    def visit_Module(self, node: cst.Module) -> None:
        if node.body and isinstance(node.body[0], cst.SimpleStatementLine):
            self._take(node.body[0], (*node.header, *node.body[0].leading_lines))
            self._first = node.body[0]

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> bool:
        if node is not self._first:  # comments above the first one belong to the file
            self._take(node, node.leading_lines)
        return False

    def _take(self, node: cst.SimpleStatementLine, above: Sequence[cst.EmptyLine]) -> None:
        marked = bool(above) and above[-1].comment is not None and _is_marker(above[-1].comment)
        for statement in node.body:
            if isinstance(statement, cst.Assign):
                names = [target.target for target in statement.targets]
            elif isinstance(statement, cst.AnnAssign):
                names = [statement.target]
            else:
                continue
            literal = _literal_of(statement.value)
            if literal is not None and (marked or any(map(_is_telling, names))):
                span = self.get_metadata(ByteSpanPositionProvider, literal)
                self.found.append((span.start, span.start + span.length))


def _is_marker(comment: cst.Comment) -> bool:
    return comment.value[1:].strip().lower() == "dockerfile"


def _is_telling(target: cst.BaseExpression) -> bool:
    name = target.attr if isinstance(target, cst.Attribute) else target
    return isinstance(name, cst.Name) and "dockerfile" in name.value.lower()


def _literal_of(value: cst.BaseExpression | None) -> cst.SimpleString | None:
    """Return the string of ``"…"``, ``dedent("…")`` or ``"…".strip()``; ``None`` for all else."""
    if isinstance(value, cst.Call):
        function = value.func
        called = function.attr if isinstance(function, cst.Attribute) else function
        if not (isinstance(called, cst.Name) and called.value in _CLEANERS):
            return None
        if isinstance(function, cst.Attribute) and not value.args:
            value = function.value
        elif len(value.args) == 1 and value.args[0].keyword is None and not value.args[0].star:
            value = value.args[0].value
    return value if isinstance(value, cst.SimpleString) and "b" not in value.prefix.lower() else None
