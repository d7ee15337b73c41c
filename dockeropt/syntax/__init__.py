"""The lossless Dockerfile tree: parse it, walk it, change it.

The classes of the nodes are in ``dockeropt.syntax.nodes``; what writes new text in
``dockeropt.syntax.factory``.
"""

from dockeropt.syntax.parser import parse
from dockeropt.syntax.visitor import (
    RemoveFromParent,
    Replace,
    Transformer,
    Visitor,
    find,
    visit,
    walk,
)

__all__ = ["RemoveFromParent", "Replace", "Transformer", "Visitor", "find", "parse", "visit", "walk"]
