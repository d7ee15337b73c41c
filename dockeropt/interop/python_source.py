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

_HINT = re.compile("docker|container_?file|podman|nerdctl|buildah|fileobj", re.IGNORECASE)
"""Without one of these words nothing says that a literal is a Dockerfile."""


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
    if not _HINT.search(text) and _complaint(text) is None:
        return []  # PERF: LibCST takes seconds for ten thousand lines
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
        raise _malformed(text, path, error) from None
    except (RecursionError, UnicodeEncodeError):
        raise FileProblem(
            "Python that LibCST cannot read", path=path, hint="put the Dockerfile in a file"
        ) from None
    data = text.encode()
    spans: list[tuple[Span, Found]] = []
    for each in found:
        start = len(data[: each.start].decode())
        spans.append((Span(start, start + len(data[each.start : each.start + each.length].decode())), each))
    return spans


def _malformed(text: str, path: str, error: cst.ParserSyntaxError) -> FileProblem:
    """Return what is wrong, as Python itself says it where it does: LibCST often names the first line."""
    own = _complaint(text)
    line, column, reason = error.raw_line, error.raw_column + 1, ""
    if isinstance(own, SyntaxError):
        line, column, reason = own.lineno or line, max(own.offset or 1, 1), f": {own.msg}"
    return FileProblem(f"not valid Python{reason}", path=path, line=line, column=column, hint="run it first")


def _complaint(text: str) -> Exception | None:
    """Return why this Python does not accept the text, which may be written for a newer one."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return error
    return None
