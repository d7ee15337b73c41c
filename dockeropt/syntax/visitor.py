"""Walk a tree, look at it, change it: the vocabulary that LibCST users know.

A :class:`Transformer` answers with edits, not with nodes: nothing is printed that was not
asked for. Two differences from LibCST: ``None`` means *keep* (removal is a sentinel of its own),
and ``leave_X`` takes one node, because children never change beneath their parent.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from dockeropt.syntax.nodes import Dockerfile, Instruction, Node
from dockeropt.text import Edit, apply_edits

NodeT = TypeVar("NodeT", bound=Node)


def walk(node: Node) -> Iterator[Node]:
    """Yield ``node`` and everything inside it, parents first, in source order."""
    stack = [node]
    while stack:
        item = stack.pop()
        yield item
        stack.extend(reversed(item.children))


def find(node: Node, kind: type[NodeT]) -> Iterator[NodeT]:
    """Yield every node of class ``kind`` inside ``node``, in source order.

    >>> from dockeropt.syntax import parse
    >>> from dockeropt.syntax.nodes import From
    >>> [f.image.text for f in find(parse("FROM a AS x\\nFROM b\\n"), From)]
    ['a', 'b']
    """
    return (item for item in walk(node) if isinstance(item, kind))


class RemoveFromParent:
    """Say that the node goes: an instruction with its lines, anything else with its characters."""


class Replace(NamedTuple):
    """Say that ``text`` takes the place of the node's characters."""

    text: str


Change = Edit | Iterable[Edit] | Replace | RemoveFromParent | type[RemoveFromParent] | None


class Visitor:
    """Look at a tree: define ``visit_<Class>(node)`` and ``leave_<Class>(node)`` as needed.

    A ``visit_`` method that returns ``False`` keeps the walk out of the node's children.
    """

    def on_visit(self, node: Node) -> bool:
        """Call the ``visit_`` method of the node's class, if there is one."""
        method = getattr(self, f"visit_{type(node).__name__}", None)
        return method is None or method(node) is not False

    def on_leave(self, node: Node) -> Any:
        """Call the ``leave_`` method of the node's class, if there is one."""
        method = getattr(self, f"leave_{type(node).__name__}", None)
        return None if method is None else method(node)


class Transformer(Visitor):
    """Change a tree: ``leave_<Class>(node)`` answers with what becomes of the node.

    ``None`` keeps it; an :class:`~dockeropt.text.Edit` or several are made;
    :class:`Replace` and :class:`RemoveFromParent` do what they say.
    """


def visit(tree: Dockerfile, visitor: Visitor) -> Dockerfile:
    """Walk ``tree`` with ``visitor``; return it, or for a :class:`Transformer` the changed tree.

    Raises:
        EditConflict: Two answers of a transformer claim the same characters.
    """
    edits: list[Edit] = []
    stack: list[tuple[Node, bool]] = [(tree, False)]
    while stack:
        node, done = stack.pop()
        if done:
            answer = visitor.on_leave(node)
            if isinstance(visitor, Transformer):
                edits += _edits(node, answer)
            continue
        stack.append((node, True))
        if visitor.on_visit(node):
            stack.extend((child, False) for child in reversed(node.children))
    if not edits:
        return tree
    from dockeropt.syntax.parser import parse

    return parse(apply_edits(tree.source.text, edits))


def _edits(node: Node, answer: Change) -> Iterable[Edit]:
    if answer is None:
        return ()
    if isinstance(answer, Edit):
        return (answer,)
    if isinstance(answer, Replace):
        return (Edit(node.code if isinstance(node, Instruction) else node.span, answer.text),)
    if isinstance(answer, RemoveFromParent | type):
        return (Edit.delete(node.span),)
    return tuple(answer)
