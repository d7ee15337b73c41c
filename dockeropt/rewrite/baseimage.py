"""Edits that change what a stage is built on: the tag, and packages added by name.

Invariant: of FROM only the tag changes; a package is added where every use of it comes later.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dockeropt.knowledge.tags import TagSwap
from dockeropt.model.certainty import is_certain
from dockeropt.model.packages import Invocation, Verb
from dockeropt.model.stages import Stage
from dockeropt.rewrite.context import Context
from dockeropt.rewrite.needs import DEBIAN_TOOLS, Use
from dockeropt.syntax.nodes import Arg, Blank, Instruction, Run
from dockeropt.text import Edit, Span

MAX_LINE = 100


def tag_edit(stage: Stage, text: str) -> Edit | None:
    """Return the edit that makes FROM name ``text``, ``None`` where the tag cannot be edited alone.

    Behind a variable only a word can be added: ``python:${VERSION}`` to ``python:${VERSION}-slim``.
    """
    word, image = stage.node.image, stage.image
    if image is None or image.digest is not None:
        return None
    written, old = word.text, image.text
    if written == old:
        if image.tag is None:
            return Edit.insert(word.span.end, text[len(old) :])
        start = word.span.end - len(image.tag)
        return Edit(Span(start, word.span.end), text[len(old) - len(image.tag) :])
    name, colon, tag = written.partition(":")
    if (
        not colon
        or "$" in name
        or "$" not in tag
        or set(tag) & set("\"'\\:+?")
        or not old.startswith(name + ":")
    ):
        return None
    variable = tag.lower().partition("}")[0].strip("${}")
    if "version" not in variable and not variable.endswith(("_ver", "tag")):
        return None
    tail = tag.rpartition("}")[2] if "}" in tag else ""
    split = len(old) - len(tail)
    if not text.startswith(old[:split] + "-") or not text.endswith(tail):
        return None
    return Edit.insert(word.span.end - len(tail), text[split : len(text) - len(tail)])


def is_same_age(swap: TagSwap) -> bool:
    """Tell whether the twin of a tag was built about as long, so that it holds the same versions.

    A tag without a full version that ended earlier than its twin would jump to a newer one, one
    that ended later would fall back.
    """
    today = swap.tag.source.date
    old, new = _months(swap.old.last or today), _months(swap.tag.last or today)
    return old - 6 <= new <= old + 12


def _months(day: str) -> int:
    return int(day[:4]) * 12 + int(day[5:7])


class Installed(NamedTuple):
    """Hold the edits that install packages, and whether they make a RUN of their own."""

    edits: tuple[Edit, ...]
    new_run: bool


def install_edits(ctx: Context, stage: Stage, names: Sequence[str], uses: Iterable[Use]) -> Installed:
    """Return the edits that install Debian packages in ``stage`` before any of the ``uses``."""
    first = min((use.order for use in uses), default=(0, 0))
    host = _host(ctx, stage, first)
    if host is not None:
        last = host.packages[-1]
        edits: tuple[Edit, ...] = ()
        line_start = ctx.edit.text.rfind("\n", 0, host.run.script.offset(last.start)) + 1  # type: ignore[union-attr]
        own_line = not ctx.edit.text[line_start : host.run.script.offset(last.start)].strip()  # type: ignore[union-attr]
        if own_line and line_start > host.run.node.span.start:
            for name in names:
                edits += ctx.edit.append_item(host.run, (last.start, last.end), name)
        else:
            edits = ctx.edit.append_item(host.run, (last.start, last.end), " ".join(names))
        return Installed(_joined(edits), False)
    newline, escape = ctx.edit.newline, ctx.tree.escape
    broken = f" {escape}{newline}    "
    lines = [
        "RUN apt-get update",
        "&& apt-get install -y --no-install-recommends",
        "&& rm -rf /var/lib/apt/lists/*",
    ]
    if len(lines[1]) + sum(len(name) + 1 for name in names) + 6 <= MAX_LINE:
        lines[1] += " " + " ".join(names)
    else:
        lines[1] += "".join(f"{broken}    {name}" for name in names)
    text = broken.join(lines)
    return Installed(place_below(ctx, stage, text), True)


def place_below(ctx: Context, stage: Stage, text: str) -> tuple[Edit, ...]:
    """Return the edit that puts an instruction below FROM and the ARGs that follow it at once."""
    after: Instruction = stage.node
    body = ctx.tree.body
    index = body.index(after) + 1
    while index < len(body) and isinstance(node := body[index], Arg):
        after = node
        index += 1
    blank = index < len(body) and isinstance(body[index], Blank)
    return ctx.edit.insert_line_after(after, (ctx.edit.newline if blank else "") + text)


def _joined(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """Return one insertion for several at one place."""
    if len(edits) < 2:
        return edits
    return (Edit.insert(edits[0].span.start, "".join(edit.text for edit in edits)),)


def _host(ctx: Context, stage: Stage, first: tuple[int, int]) -> Invocation | None:
    """Return the stage's first apt-get install if packages may be added to it."""
    updated = False
    for use in ctx.model.invocations:
        if use.run.stage is not stage or use.tool not in DEBIAN_TOOLS:
            continue
        updated = updated or use.verb is Verb.UPDATE
        if use.verb is not Verb.INSTALL:
            continue
        place = (use.run.node.span.start, use.call.node.start)
        plain = not use.has("-t", "--target-release", "-d", "--download-only", "-f", "--reinstall")
        good = updated and plain and use.packages and not use.dynamic and is_certain(use.call)
        if not good or use.run.onbuild or not isinstance(use.run.node, Run) or place >= first:
            return None
        return use
    return None
