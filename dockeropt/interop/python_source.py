"""Dockerfiles inside Python files: find the literals, fix what they hold, change nothing else.

Invariant: only what the literals hold is changed, and what Python makes of a literal is what the engine
made of its text. It is imported only for Python files: LibCST is large.
"""

import re
from functools import partial

import libcst as cst
from libcst.metadata import MetadataWrapper

from dockeropt.errors import FileProblem
from dockeropt.interop.embedded import Embedded, Engine, Fixing, Place
from dockeropt.interop.python_finder import Finder, Found
from dockeropt.interop.python_literal import read_literal
from dockeropt.text import Span
from dockeropt.text.source import BOM

_HINT = re.compile("docker|container_?file|podman|nerdctl|buildah|fileobj", re.IGNORECASE)
"""Without one of these words nothing says that a literal is a Dockerfile."""

MAX_DEPTH = 1000
"""Nodes of Python's own tree above one another: LibCST gives up before, after a time that grows with the square."""


def fix_python(text: str, engine: Engine, path: str) -> Embedded:
    """Return what ``engine`` makes of the Dockerfiles inside a Python file.

    A literal is looked at when a comment, a name or a call says that it is a Dockerfile (see
    ``docs/embedded.md``), and it holds a FROM and nothing that BuildKit rejects.

    Args:
        text: The whole Python file.
        engine: Fixes one Dockerfile.
        path: For messages.

    Raises:
        FileProblem: The file is no valid Python.
    """
    fixing = Fixing(text, path, engine)
    for span, found in literals_in(text, path):
        read = partial(read_literal, reading=found.reading)
        fixing.fix(Place(span, read, found.is_open))
    return fixing.done()


def literals_in(text: str, path: str) -> list[tuple[Span, Found]]:
    """Return where the literals stand that may be Dockerfiles, in order.

    Raises:
        FileProblem: The file is no valid Python.
    """
    mark = len(BOM) if text.startswith(BOM) else 0  # LibCST leaves it out
    text = text[mark:]
    own = _complaint(text)
    if own is None and not _HINT.search(text):
        return []  # PERF: LibCST takes seconds for ten thousand lines
    if _is_too_deep(own):
        raise FileProblem(
            "Python that is nested too deep to be read", path=path, hint="put the Dockerfile in a file"
        )
    try:
        wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
        if wrapper.module.code != text:
            raise FileProblem(
                "LibCST does not give the file back unchanged", path=path, hint="see its encoding"
            )
        finder = Finder()
        with finder.resolve(wrapper):
            wrapper.module.visit(finder)
            found = finder.found()
    except cst.ParserSyntaxError as error:
        raise _malformed(error, own, path) from None
    except UnicodeEncodeError:
        raise FileProblem("not UTF-8", path=path, hint="save it as UTF-8") from None
    except RecursionError:
        raise FileProblem(
            "Python that LibCST cannot read", path=path, hint="put the Dockerfile in a file"
        ) from None
    data = text.encode()
    spans: list[tuple[Span, Found]] = []
    for each in found:
        start = mark + len(data[: each.start].decode())
        spans.append((Span(start, start + len(data[each.start : each.start + each.length].decode())), each))
    return spans


def _malformed(error: cst.ParserSyntaxError, own: Exception | None, path: str) -> FileProblem:
    """Return what is wrong, as Python itself says it where it does: LibCST often names the first line."""
    line, column, reason = error.raw_line, error.raw_column + 1, ""
    if isinstance(own, SyntaxError):
        line, column, reason = own.lineno or line, max(own.offset or 1, 1), f": {own.msg}"
    return FileProblem(f"not valid Python{reason}", path=path, line=line, column=column, hint="run it first")


def _is_too_deep(own: Exception | None) -> bool:
    """Tell whether Python gave up at the depth of a file: LibCST would end the process for want of stack."""
    return isinstance(own, MemoryError | RecursionError) or "too many nested" in str(own)


def _complaint(text: str) -> Exception | None:
    """Return why this Python does not accept the text, which may be written for a newer one."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            level: list[ast.AST] = [ast.parse(text)]
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return error
    for _ in range(MAX_DEPTH):
        if any(isinstance(node, ast.BoolOp) and len(node.values) > MAX_DEPTH for node in level):
            break  # flat here, nested in LibCST
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return None
    return RecursionError()
