"""YAML as a tree with places, and what people get wrong in it said in their words.

A parser says "mapping values are not allowed here" about the line after the one with the
mistake. The three mistakes behind nearly all such messages are looked for in the text.

Invariant: malformed text raises a :class:`FileProblem` with line, column and hint, never anything
else; no key is read twice. ruamel.yaml is loaded when the first text is read.
"""

import re
from collections.abc import Iterator
from typing import Any, NoReturn, Protocol

from dockeropt.errors import FileProblem

_TAB = re.compile(r"^ *\t", re.MULTILINE)
_GLUED_KEY = re.compile(r"^ *(?:- +)?([A-Za-z_][A-Za-z0-9_]*):(?!//)(?=[^\s:])", re.MULTILINE)
_GLUED_DASH = re.compile(r"^ *-(?=[./~$\w\"'])", re.MULTILINE)


class Mark(Protocol):
    """A place: 0-based line and column, and the offset in the text."""

    line: int
    column: int
    index: int


class Node(Protocol):
    """A node as ruamel.yaml makes it."""

    id: str
    tag: Any
    style: str | None
    value: Any
    start_mark: Mark
    end_mark: Mark


class Tree:
    """A YAML document.

    Args:
        text: The text.
        path: A name for messages.

    Raises:
        FileProblem: It is no YAML, or more than one document.
    """

    def __init__(self, text: str, path: str) -> None:
        self.text = text
        self.path = path
        self.root = self._read()

    def _read(self) -> Node | None:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import MarkedYAMLError, YAMLError

        try:
            yaml = YAML(typ="rt", pure=True)
            yaml.composer.warn_double_anchors = False  # the later one counts, as YAML has it
            root: Node | None = yaml.compose(self.text)
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            self._explain(mark.line if mark else 0, mark.column if mark else 0, error.problem or "")
        except YAMLError as error:
            at = getattr(error, "position", 0)
            raise FileProblem(
                "a character that YAML does not allow",
                path=self.path,
                line=self.text.count("\n", 0, at) + 1,
                column=at - self.text.rfind("\n", 0, at),
                hint="take it out, or write it as an escape in double quotes",
            ) from None
        except (RecursionError, ValueError):
            raise FileProblem("YAML nested too deep", path=self.path, hint="this is hardly meant") from None
        return root

    def _explain(self, line: int, column: int, problem: str) -> NoReturn:
        """Raise what is wrong near a 0-based line: the last known mistake up to there, or the parser's words."""
        end = 0
        for _ in range(line + 1):
            end = self.text.find("\n", end) + 1 or len(self.text)
        if problem.startswith("but found another document"):
            raise self._problem(line, column, "more than one YAML document", "keep one document per file")
        # A mistake far above would have been noticed by the parser earlier: a dozen lines are enough.
        start = end
        for _ in range(12):
            start = max(self.text.rfind("\n", 0, max(start - 1, 0)) + 1, 0)
        found = [
            (match.end() - 1 if kind is _TAB else match.start(), kind, match)
            for kind in (_TAB, _GLUED_KEY, _GLUED_DASH)
            for match in kind.finditer(self.text, start, end)
        ]
        if found:
            _, kind, match = max(found, key=lambda item: (item[1] is _TAB, item[0]))
            raise self._mistake(kind, match)
        raise self._problem(
            line, column, f"not valid YAML: {problem or 'cannot be read'}", "see the lines above it"
        )

    def _mistake(self, kind: re.Pattern[str], match: re.Match[str]) -> FileProblem:
        at = (
            match.end() - 1
            if kind is _TAB
            else match.start() + len(match.group()) - len(match.group().lstrip(" "))
        )
        line = self.text.count("\n", 0, at)
        column = at - (self.text.rfind("\n", 0, at) + 1)
        if kind is _TAB:
            return self._problem(line, column, "a tab in the indentation", "YAML wants blanks")
        if kind is _GLUED_DASH:
            return self._problem(line, column, "no blank after the dash", "write '- ' before the entry")
        return self._problem(
            line, column, f"no blank after '{match[1]}:'", f"write '{match[1]}: ' before the value"
        )

    def _problem(self, line: int, column: int, message: str, hint: str) -> FileProblem:
        return FileProblem(message, path=self.path, line=line + 1, column=column + 1, hint=hint)

    def wrong(self, node: Node | None, message: str, hint: str) -> FileProblem:
        """Return the problem at the start of a node."""
        mark = node.start_mark if node is not None else None
        return self._problem(mark.line if mark else 0, mark.column if mark else 0, message, hint)

    def expect_map(self, node: Node, what: str, hint: str) -> dict[str, tuple[Node, Node]]:
        """Return the keys of a map with their nodes, merge keys followed.

        Args:
            node: What has to be a map; nothing at all counts as an empty one.
            what: What it is called, for the message.
            hint: What to write instead.

        Raises:
            FileProblem: It is something else, or has a key twice.
        """
        if is_null(node):
            return {}
        if not is_map(node):
            self.refuse_glued(node)
            raise self.wrong(node, f"{what} has to be a map, not {kind_of(node)}", hint)
        return self._keys(node, frozenset())

    def refuse_glued(self, node: Node) -> None:
        """Raise if a plain text is a ``key:value`` or ``-entry`` without its blank.

        Raises:
            FileProblem: It is.
        """
        if not is_text(node) or node.style is not None:
            return
        at = self._line_start(node.start_mark.index)
        for kind in (_GLUED_KEY, _GLUED_DASH):
            match = kind.match(self.text, at)
            if match and match.start() + len(match.group()) > node.start_mark.index:
                raise self._mistake(kind, match)

    def _line_start(self, at: int) -> int:
        return self.text.rfind("\n", 0, at) + 1

    def _keys(self, node: Node, above: frozenset[int]) -> dict[str, tuple[Node, Node]]:
        own: dict[str, tuple[Node, Node]] = {}
        merged: dict[str, tuple[Node, Node]] = {}
        if id(node) in above or len(above) > 20:
            raise self.wrong(node, "a merge key that leads back to itself", "take one of them away")
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                for part in value.value if is_list(value) else [value]:
                    if not is_map(part):
                        raise self.wrong(part, "<< has to name a map", "write <<: *name")
                    for name, pair in self._keys(part, above | {id(node)}).items():
                        merged.setdefault(name, pair)
                continue
            if not is_scalar(key):
                raise self.wrong(key, "a key has to be a word", "write 'key: value'")
            name = str(key.value)
            if name in own:
                first = own[name][0].start_mark.line + 1
                raise self.wrong(key, f"'{name}' stands here twice", f"the first one is on line {first}")
            own[name] = (key, value)
        return {**merged, **own}

    def entries(self, node: Node) -> Iterator[Node]:
        """Yield the entries of a list."""
        yield from node.value


def is_scalar(node: Node) -> bool:
    """Tell whether a node is a single value."""
    return bool(node.id == "scalar")


def is_map(node: Node) -> bool:
    """Tell whether a node is a map."""
    return bool(node.id == "mapping")


def is_list(node: Node) -> bool:
    """Tell whether a node is a list."""
    return bool(node.id == "sequence")


def is_null(node: Node) -> bool:
    """Tell whether a node says nothing, or ``null``."""
    return is_scalar(node) and str(node.tag) == "tag:yaml.org,2002:null"


def is_text(node: Node) -> bool:
    """Tell whether a node is a text, and not a number or a truth value."""
    return is_scalar(node) and str(node.tag) == "tag:yaml.org,2002:str"


def kind_of(node: Node) -> str:
    """Return what a node is, for a message."""
    if is_map(node):
        return "a map"
    if is_list(node):
        return "a list"
    names = {"int": "a number", "float": "a number", "bool": "true or false", "null": "nothing"}
    return names.get(str(node.tag).rpartition(":")[2], "a text")
