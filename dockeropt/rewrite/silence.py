"""Write the comment that asks to leave an instruction alone; ``suppress.py`` reads it.

Invariant: what is answered works, or is ``None``: with the edit made, the finding is covered, and the
file still is what it was but for that comment. It never stands above a parser directive (BuildKit
looks for none behind a comment), inside a heredoc, or between the lines of one instruction.
"""

import re
from functools import cache

from dockeropt.rewrite.fix import Finding
from dockeropt.rewrite.passes import PassInfo
from dockeropt.rewrite.suppress import read_suppressions
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import Comment, Directive, Dockerfile, Instruction, Node
from dockeropt.text import Edit, Span, apply_edits
from dockeropt.text.source import BOM


def silencing_edit(tree: Dockerfile, info: PassInfo, finding: Finding) -> Edit | None:
    """Return the edit that keeps a pass away from the instruction that a finding points at.

    The comment goes above those that stand right above the instruction: other tools want theirs to
    be the last. A comment of ours that is there already gets one name more.

    Args:
        tree: The file.
        info: The pass.
        finding: What it found.

    Returns:
        ``None`` where there is no such instruction, or no comment would help.
    """
    index = _instruction_at(tree, finding.at.start)
    if index is None:
        return None
    first = index
    while first and isinstance(tree.body[first - 1], Comment):
        first -= 1
    edit = _extended(tree, tree.body[first:index], info.id) or _new(tree, tree.body[first], info.id)
    return edit if _works(tree, edit, info, finding) else None


def _instruction_at(tree: Dockerfile, offset: int) -> int | None:
    """Return the index of the instruction that holds a place, or else of the next one."""
    for index, node in enumerate(tree.body):
        if node.span.end > offset and isinstance(node, Instruction):
            return index
    return None


def _extended(tree: Dockerfile, comments: tuple[Node, ...], name: str) -> Edit | None:
    for node in comments:
        match = _ours().search(tree.source.text, node.span.start, node.span.end)
        if match is not None:
            return Edit.insert(match.end(), f",{name}")
    return None


def _new(tree: Dockerfile, node: Node, name: str) -> Edit:
    text = tree.source.text
    start = node.span.start
    if text.startswith(BOM, start):
        start += len(BOM)
    indent = _blanks().match(text, start)
    assert indent is not None
    return Edit.insert(start, f"{indent.group()}# dockeropt: ignore={name}{tree.source.newline}")


def _works(tree: Dockerfile, edit: Edit, info: PassInfo, finding: Finding) -> bool:
    after = parse(apply_edits(tree.source.text, [edit]))
    moved = _moved(finding, edit)
    return (
        _shape(after, 1 if "\n" in edit.text else 0) == _shape(tree, 0)
        and [problem.message for problem in after.problems] == [problem.message for problem in tree.problems]
        and read_suppressions(after).covers(info, moved)
    )


def _shape(tree: Dockerfile, added: int) -> tuple[list[str], list[str], int]:
    """Return what must not change: instructions, directives, and the number of comments."""
    text = tree.source.text
    return (
        [node.span.of(text).lstrip(BOM) for node in tree.body if isinstance(node, Instruction)],
        [node.span.of(text).lstrip(BOM) for node in tree.body if isinstance(node, Directive)],
        sum(isinstance(node, Comment) for node in tree.body) - added,
    )


def _moved(finding: Finding, edit: Edit) -> Finding:
    """Return the finding, without its fix, where it stands once the comment is there."""
    by = len(edit.text)
    at, start = finding.at, edit.span.start
    moved = Span(at.start + by if at.start >= start else at.start, at.end + by if at.end > start else at.end)
    return finding._replace(at=moved, fix=None)


@cache
def _ours() -> re.Pattern[str]:
    return re.compile(
        r"^[ \t\ufeff]*\#[ \t]*dockeropt[ \t]*:[ \t]*ignore[ \t]*=[ \t]*[\w./*-]+(?:[ \t]*,[ \t]*[\w./*-]+)*",
        re.IGNORECASE | re.MULTILINE,
    )


@cache
def _blanks() -> re.Pattern[str]:
    return re.compile(r"[ \t]*")
