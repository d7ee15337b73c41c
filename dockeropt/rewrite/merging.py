"""Put several RUN instructions together as one, in the layout of their author.

Whether the scripts may be joined, and with which brackets, is not decided here. Invariant: every
comment line between and inside them stays, in order; ``None`` where that cannot be kept.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from dockeropt.model.runs import RunFacts
from dockeropt.rewrite.editor import Editor, Edits
from dockeropt.rewrite.layout import (
    DEFAULT_INDENT,
    MAX_INDENT,
    MAX_OPERATOR_INDENT,
    Layout,
    OperatorStyle,
    columns,
    layout_of,
)
from dockeropt.syntax.nodes import Blank, Comment
from dockeropt.text import Edit, Span, TextMap


class Piece(NamedTuple):
    """One RUN of several to be joined.

    Args:
        run: The RUN.
        script: Its script.
        end: Script offset where its last and-or list ends; what follows (a ``;``) is dropped.
        opener: ``"( "``, ``"{ "`` or nothing.
        closer: ``" )"``, ``"; }"``, ``" }"`` or nothing.
        start: Script offset where it begins; what comes before is dropped.
    """

    run: RunFacts
    script: TextMap
    end: int
    opener: str = ""
    closer: str = ""
    start: int = 0


def join_runs(editor: Editor, pieces: Sequence[Piece]) -> Edits | None:
    """Return the edits that make one RUN of several that follow each other.

    The flags of the first stay; the keywords and flags of the others go. Comment lines between
    them stay, inside the continuation; blank lines go. ``None`` when anything else
    stands between.
    """
    layout = _common_layout(editor, pieces)
    indent, escape, newline = layout.indent, editor.tree.escape, editor.newline
    edits: list[Edit] = []
    if pieces[0].opener:
        edits.append(Edit.insert(pieces[0].script.offset(0), pieces[0].opener))
    for a, b in pairwise(pieces):
        kept = _comments_between(editor, a, b)
        if kept is None:
            return None
        lines = "".join(f"{indent}{comment.text}{newline}" for comment in kept)
        line_break = f" {escape}{newline}{lines}{indent}"
        glue = f" &&{line_break}" if layout.style is OperatorStyle.TRAILING else f"{line_break}&& "
        edits.append(Edit(Span(a.script.end(a.end), b.script.offset(b.start)), a.closer + glue + b.opener))
    if pieces[-1].closer:
        edits.append(_close(pieces[-1]))
    return tuple(edits)


def _close(last: Piece) -> Edit:
    """Return the edit that puts the closer behind the last command, in the place of a ``;``."""
    at, tail = last.script.end(last.end), last.script.end(len(last.script.text.rstrip()))
    if any(at <= comment.span.start < tail for comment in last.run.node.comments):
        # A line that holds the `;` alone must not become blank: BuildKit reads on behind it.
        return Edit.insert(tail, " }" if last.closer == "; }" else last.closer)
    return Edit(Span(at, max(at, tail)), last.closer)


def _common_layout(editor: Editor, pieces: Sequence[Piece]) -> Layout:
    """Return the layout of the first script that shows one, else the least indentation of any.

    Deep alignment is no indentation.
    """
    layouts = [layout_of(piece.run, editor.text) for piece in pieces]
    broken = [layout for layout in layouts if not layout.single_line]
    found = next((layout for layout in broken if layout.shows_style), None)
    if not broken:
        return Layout(OperatorStyle.LEADING, DEFAULT_INDENT, single_line=False, shows_style=False)
    if found is not None and columns(found.indent) <= MAX_OPERATOR_INDENT:
        return found
    indents = [x.indent for x in broken if columns(x.indent) <= MAX_INDENT]
    indent = min(indents, key=columns, default=DEFAULT_INDENT)
    return (found or broken[0])._replace(indent=indent)


def _comments_between(editor: Editor, a: Piece, b: Piece) -> list[Comment] | None:
    body = editor.tree.body
    try:
        between = body[body.index(a.run.node) + 1 : body.index(b.run.node)]
    except ValueError:
        return None
    comments = [c for c in a.run.node.comments if c.span.start >= a.script.end(a.end)]
    for node in between:
        if isinstance(node, Comment):
            comments.append(node)
        elif not isinstance(node, Blank):
            return None
    return comments + [c for c in b.run.node.comments if c.span.end <= b.script.offset(b.start)]
