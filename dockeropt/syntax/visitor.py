"""Walk a tree, look at it, change it: the vocabulary that LibCST users know.

A :class:`Transformer` answers with edits, not with nodes: nothing is printed that was not
asked for. Two differences from LibCST: ``None`` means *keep* (removal is a sentinel of its own),
and ``leave_X`` takes one node, because children never change beneath their parent.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from dockeropt.syntax.nodes import Dockerfile, Flag, Instruction, KeyValue, Node, Word
from dockeropt.text import Edit, Span, apply_edits

NodeT = TypeVar("NodeT", bound=Node)


def walk(node: Node) -> Iterator[Node]:
    """Yield ``node`` and everything inside it, parents first, in source order."""
    stack = [node]
    while stack:
        item = stack.pop()
        yield item
        stack.extend(reversed(_in_order(item)))


def find(node: Node, kind: type[NodeT]) -> Iterator[NodeT]:
    """Yield every node of class ``kind`` inside ``node``, in source order.

    >>> from dockeropt.syntax import parse
    >>> from dockeropt.syntax.nodes import From
    >>> [f.image.text for f in find(parse("FROM a AS x\\nFROM b\\n"), From)]
    ['a', 'b']
    """
    return (item for item in walk(node) if isinstance(item, kind))


def _in_order(node: Node) -> list[Node]:
    """Return the children by place: comments and flags stand among the words."""
    return sorted(node.children, key=lambda child: child.span)


class RemoveFromParent:
    """Say that the node goes.

    An instruction, a comment or a directive goes with its lines; a flag, word or pair with the
    blanks before it; anything else with its characters.
    """


class Replace(NamedTuple):
    """Say that ``text`` takes the place of the node's characters.

    Of an instruction these reach from the keyword to its last character, or to the end of its last
    here-document: line end and comments around it stay.
    """

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
                edits += _edits(tree.source.text, node, answer)
            continue
        stack.append((node, True))
        if visitor.on_visit(node):
            stack.extend((child, False) for child in reversed(_in_order(node)))
    if not edits:
        return tree
    from dockeropt.syntax.parser import parse

    return parse(apply_edits(tree.source.text, edits))


def _edits(source: str, node: Node, answer: Change) -> Iterable[Edit]:
    if answer is None:
        return ()
    if isinstance(answer, Edit):
        return (answer,)
    if isinstance(answer, Replace):
        return (Edit(_code(node), answer.text),)
    if isinstance(answer, RemoveFromParent | type):
        return (Edit.delete(_with_blanks(source, node)),)
    return tuple(answer)


def _code(node: Node) -> Span:
    if not isinstance(node, Instruction):
        return node.span
    code = node.code
    return Span(code.start, node.heredocs[-1].terminator.end) if node.heredocs else code


def _with_blanks(source: str, node: Node) -> Span:
    if not isinstance(node, Flag | Word | KeyValue):
        return node.span
    start = node.span.start
    while start > 0 and source[start - 1] in " \t":
        start -= 1
    return Span(start, node.span.end)
