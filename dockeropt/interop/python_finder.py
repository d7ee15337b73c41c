"""Which literals of a Python file are Dockerfiles: by a comment, a name, or what is done with them.

Invariant: names are looked at, never values of other files; a literal that is passed on in a way that is not
known here is not found. Whether it is a Dockerfile at all, whoever reads it decides.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import libcst as cst
from libcst.metadata import ByteSpanPositionProvider

from dockeropt.interop.python_literal import Literals, Reading
from dockeropt.interop.templates import FORMAT, PERCENT, REPLACE, TEMPLATE

_TELLING = re.compile(r"(?:docker|container)_?files?(?!_?(?:path|name|dir))", re.IGNORECASE)
_FILE = re.compile(r"(?:^|[/\\])(?:[\w.-]+\.)?(?:docker|container)file(?:[.-][\w.-]+)?$", re.IGNORECASE)
_MENTIONED = re.compile(r"(?:docker|container)_?file", re.IGNORECASE)
_MARKER = re.compile(r"#\s*(?:language\s*=\s*)?(?:docker|container)file\s*", re.IGNORECASE)
_BUILDING = re.compile(
    r"\b(?:docker|podman|nerdctl|buildah|buildx)\b.*\b(?:build|bud)\b", re.IGNORECASE | re.DOTALL
)

_CALLS = {"dedent", "cleandoc"}
_METHODS = {"strip", "lstrip", "rstrip"}
_WRAPPERS = {"BytesIO", "StringIO", "bytes", "str"}
_WAYS = {"format": FORMAT, "format_map": FORMAT, "substitute": TEMPLATE, "safe_substitute": TEMPLATE}
_WRITERS = {"write", "write_text", "write_bytes"}


class Found(NamedTuple):
    """A literal.

    Args:
        start: The byte of the file where it begins.
        length: How many bytes it has.
        reading: What the program does with it.
        is_open: Whether the program adds to it.
    """

    start: int
    length: int
    reading: Reading
    is_open: bool


class _Text(NamedTuple):
    """A literal, or a name that stands for one, and what is done with it."""

    node: cst.BaseExpression
    calls: tuple[str, ...]
    ways: tuple[str, ...]


class _Candidate(NamedTuple):
    text: _Text
    name: str
    telling: bool


class Finder(cst.CSTVisitor):
    """Visits a module; :meth:`found` answers afterwards."""

    METADATA_DEPENDENCIES = (ByteSpanPositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self._candidates: list[_Candidate] = []
        self._wanted: set[str] = set()  # names that are used where a Dockerfile is expected
        self._ways: defaultdict[str, set[str]] = defaultdict(set)
        self._calls: defaultdict[str, set[str]] = defaultdict(set)
        self._open: set[str] = set()  # names that something is added to
        self._files: set[str] = set()  # names of paths and of files that are open
        self._builds: set[str] = set()  # names of commands that build
        self._functions: list[str] = []
        self._first: cst.CSTNode | None = None

    def found(self) -> list[Found]:
        """Return the literals, in the order of the file."""
        before = -1
        while before != len(self._wanted):
            before = len(self._wanted)
            for text, name, telling in self._candidates:
                if (telling or name in self._wanted) and (inner := _name(text.node)):
                    self._wanted.add(inner)
                    self._ways[inner] |= set(text.ways) | (self._ways[name] if name else set())
                    self._calls[inner] |= set(text.calls)
        spans: dict[tuple[int, int], Found] = {}
        for text, name, telling in self._candidates:
            if (telling or name in self._wanted) and isinstance(text.node, Literals):
                place = self.get_metadata(ByteSpanPositionProvider, text.node)
                calls = (*text.calls, *sorted(self._calls[name])) if name else text.calls
                by_name = tuple(sorted(self._ways[name])) if name else ()
                reading = Reading(tuple(dict.fromkeys(calls)), tuple(sorted(set(text.ways))), by_name)
                found = Found(place.start, place.length, reading, bool(name) and name in self._open)
                spans.setdefault((place.start, place.length), found)
        return list(_outermost([spans[key] for key in sorted(spans)]))

    # --- statements --------------------------------------------------------------------

    def visit_Module(self, node: cst.Module) -> None:
        if node.body and isinstance(node.body[0], cst.SimpleStatementLine):
            self._first = node.body[0]
            if _is_marked((*node.header, *node.body[0].leading_lines)):
                self._marked(node.body[0])

    def visit_SimpleStatementLine(self, node: cst.SimpleStatementLine) -> None:
        if node is not self._first and _is_marked(node.leading_lines):
            self._marked(node)

    def _marked(self, line: cst.SimpleStatementLine) -> None:
        for statement in line.body:
            if isinstance(statement, cst.Assign | cst.AnnAssign | cst.Return | cst.Expr | cst.AugAssign):
                value = statement.value
                self._take(value, telling=True)
                if isinstance(value, cst.Call):
                    for argument in value.args:
                        self._take(argument.value, telling=True)

    def visit_Assign(self, node: cst.Assign) -> None:
        for target in node.targets:
            self._assigned(target.target, node.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        self._assigned(node.target, node.value)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        self._assigned(node.target, node.value)

    def visit_Param(self, node: cst.Param) -> None:
        if node.default is not None:
            self._assigned(node.name, node.default)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        if isinstance(node.operator, cst.AddAssign):
            self._open.add(_name(node.target))

    def _assigned(self, target: cst.BaseExpression, value: cst.BaseExpression | None) -> None:
        name = _name(target)
        telling = bool(_TELLING.search(name)) or _is_content(target)
        self._take(value, telling=telling, name=name)
        if isinstance(
            value, cst.Call | cst.BinaryOperation | cst.List | cst.Tuple | cst.Name | cst.Attribute
        ):
            code = _code(value)
            if len(code) < 1000:  # a path, an open file, a command, not a text
                self._note_use(name, code)
        elif isinstance(value, cst.SimpleString) and _FILE.search(value.raw_value):
            self._files.add(name)

    def _note_use(self, name: str, code: str) -> None:
        if _MENTIONED.search(code) and "\n" not in code and "FROM " not in code:
            self._files.add(name)
        if _BUILDING.search(code):
            self._builds.add(name)

    def visit_With(self, node: cst.With) -> None:
        for item in node.items:
            if item.asname is not None and self._is_file(item.item):
                self._files.add(_name(item.asname.name))

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._functions.append(node.name.value)

    def leave_FunctionDef(self, original_node: cst.FunctionDef) -> None:  # noqa: ARG002 - LibCST passes it
        self._functions.pop()

    def visit_Return(self, node: cst.Return) -> None:
        if self._functions:
            self._take(node.value, telling=bool(_TELLING.search(self._functions[-1])))

    # --- expressions -------------------------------------------------------------------

    def visit_DictElement(self, node: cst.DictElement) -> None:
        key = node.key.raw_value if isinstance(node.key, cst.SimpleString) else _name(node.key)
        if _TELLING.search(key):
            self._take(node.value, telling=True)

    def visit_BinaryOperation(self, node: cst.BinaryOperation) -> None:
        if isinstance(node.operator, cst.Add):
            self._open.update(filter(None, (_name(node.left), _name(node.right))))

    def visit_FormattedString(self, node: cst.FormattedString) -> None:
        if any(
            isinstance(part, cst.FormattedStringText) and re.search(r"\n|\\n", part.value)
            for part in node.parts
        ):
            self._open.update(
                [_name(p.expression) for p in node.parts if isinstance(p, cst.FormattedStringExpression)]
            )

    def visit_Call(self, node: cst.Call) -> None:
        called = _name(node.func)
        receiver = node.func.value if isinstance(node.func, cst.Attribute) else None
        self._note_ways(node, called, receiver)
        code = ""
        for argument in node.args:
            keyword = argument.keyword.value if argument.keyword is not None else ""
            if keyword == "input":
                code = code or _code(node)
                known = {_name(each.value) for each in node.args} | (
                    {_name(receiver)} if receiver is not None else set()
                )
                self._take(
                    argument.value, telling=bool(_BUILDING.search(code) or (known & self._builds) - {""})
                )
            elif keyword:
                telling = bool(_TELLING.search(keyword)) or (
                    keyword == "fileobj" and called in {"build", "DockerfileParser"}
                )
                self._take(argument.value, telling=telling)
        self._take_arguments(node, called, receiver)

    def _take_arguments(self, node: cst.Call, called: str, receiver: cst.BaseExpression | None) -> None:
        telling = bool(_TELLING.search(called))
        if called in _WRITERS and receiver is not None:
            telling = self._is_file(receiver)
        elif called == "print":
            telling = any(
                a.keyword is not None and a.keyword.value == "file" and self._is_file(a.value)
                for a in node.args
            )
        else:
            telling = telling or any(
                isinstance(argument.value, cst.SimpleString) and _FILE.search(argument.value.raw_value)
                for argument in node.args
            )
        if telling:
            for argument in node.args:
                self._take(argument.value, telling=True)

    def _note_ways(self, node: cst.Call, called: str, receiver: cst.BaseExpression | None) -> None:
        """Note what is done with a name: it is a template, it is dedented, it is joined."""
        name = _name(receiver) if receiver is not None else ""
        if name and called in _WAYS:
            self._ways[name].add(_WAYS[called])
        elif name and called == "replace" and node.args and isinstance(node.args[0].value, cst.SimpleString):
            self._ways[name].add(REPLACE + str(node.args[0].value.evaluated_value))
        elif called == "Template" and node.args:
            self._ways[_name(node.args[0].value)].add(TEMPLATE)
        elif called in _CALLS and node.args:
            self._calls[_name(node.args[0].value)].add(called)
        elif called == "join" and node.args and isinstance(node.args[0].value, cst.List | cst.Tuple):
            self._open.update([_name(element.value) for element in node.args[0].value.elements])

    def _is_file(self, node: cst.BaseExpression) -> bool:
        """Tell whether an expression is the path of a Dockerfile, or such a file that is open."""
        name = _name(node)
        if name and name in self._files:
            return True
        code = _code(node)
        names = set(re.findall(r"[A-Za-z_]\w*", code)) if len(code) < 500 else set()
        return len(code) < 500 and bool(_MENTIONED.search(code) or names & self._files)

    def _take(self, value: cst.BaseExpression | None, *, telling: bool, name: str = "") -> None:
        if value is None:
            return
        if isinstance(value, cst.Dict):
            inner: Sequence[cst.BaseExpression] = [element.value for element in value.elements]
        elif isinstance(value, cst.List | cst.Tuple | cst.Set):
            inner = [element.value for element in value.elements]
        elif isinstance(value, cst.IfExp):
            inner = [value.body, value.orelse]
        elif isinstance(value, cst.BooleanOperation):
            inner = [value.left, value.right]
        else:
            text = _unwrapped(value)
            if text is not None and (telling or name):
                self._candidates.append(_Candidate(text, name, telling))
            return
        if telling:
            for each in inner:
                self._take(each, telling=True)


def _outermost(found: list[Found]) -> Iterator[Found]:
    end = 0
    for each in found:
        if each.start >= end:
            yield each
            end = each.start + each.length


def _is_marked(lines: Sequence[cst.EmptyLine]) -> bool:
    comment = lines[-1].comment if lines else None
    return comment is not None and _MARKER.fullmatch(comment.value) is not None


def _is_content(target: cst.BaseExpression) -> bool:
    """Tell whether ``target`` is the content of a ``DockerfileParser``."""
    return (
        isinstance(target, cst.Attribute)
        and target.attr.value == "content"
        and re.search(r"df|dockerfile|parser", _code(target.value), re.IGNORECASE) is not None
    )


def _name(node: cst.BaseExpression | None) -> str:
    """Return the last identifier of a name, an attribute, or a subscript with a text; ``""`` for all else."""
    if isinstance(node, cst.Attribute):
        return node.attr.value
    if (
        isinstance(node, cst.Subscript)
        and len(node.slice) == 1
        and isinstance(node.slice[0].slice, cst.Index)
    ):
        key = node.slice[0].slice.value
        return key.raw_value if isinstance(key, cst.SimpleString) else _name(node.value)
    return node.value if isinstance(node, cst.Name) else ""


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def _unwrapped(value: cst.BaseExpression) -> _Text | None:
    """Return the literal or name inside of calls that only shape it; ``None`` where there is another call."""
    calls: list[str] = []
    ways: list[str] = []
    node = value
    while True:
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Modulo):
            ways.append(PERCENT)
            node = node.left
        elif isinstance(node, cst.Call):
            inner = _inside(node, calls, ways)
            if inner is None:
                return None
            node = inner
        elif _is_text(node) or _name(node):
            return _Text(node, tuple(reversed(calls)), tuple(ways))
        else:
            return None


def _inside(call: cst.Call, calls: list[str], ways: list[str]) -> cst.BaseExpression | None:
    """Return what a call shapes, and note how."""
    called = _name(call.func)
    receiver = call.func.value if isinstance(call.func, cst.Attribute) else None
    if called in _CALLS and len(call.args) == 1 and not call.args[0].star:
        calls.append(called)
        return call.args[0].value
    if called in _WRAPPERS and call.args and not call.args[0].star:
        return call.args[0].value
    if called == "Template" and len(call.args) == 1:
        ways.append(TEMPLATE)
        return call.args[0].value
    if receiver is None:
        return None
    if called in _METHODS and not call.args:
        calls.append(called)
        return receiver
    if called in _WAYS:
        ways.append(_WAYS[called])
        return receiver
    if called == "replace" and len(call.args) == 2 and isinstance(call.args[0].value, cst.SimpleString):
        ways.append(REPLACE + str(call.args[0].value.evaluated_value))
        return receiver
    return receiver if called in {"encode", "decode"} else None


def _is_text(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.BinaryOperation):
        return isinstance(node.operator, cst.Add) and (_is_text(node.left) or _is_text(node.right))
    return isinstance(node, cst.SimpleString | cst.FormattedString | cst.ConcatenatedString)
