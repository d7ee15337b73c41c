"""Take a COPY apart: its manifests above an install, the rest below it.

Invariant: the rest is copied with the words that are there now, comments go with what they stand
above, and a script that is cut goes on in a RUN with the same flags. ``None`` where that cannot be kept.
"""

import re
from posixpath import dirname, relpath

from dockeropt.model.paths import is_within
from dockeropt.model.runs import RunFacts
from dockeropt.model.state import clean_path
from dockeropt.rewrite.context import Context
from dockeropt.rewrite.sources import Sources
from dockeropt.shell.nodes import AndOr, Pipeline
from dockeropt.syntax.nodes import Blank, FileInstruction
from dockeropt.text import Edit, Span, apply_edits

PRAGMA = re.compile(r"#\s*(?:hadolint|tally|dockeropt|shellcheck|check=|renovate:)")

MAX_COPIES = 8
"""COPY instructions for manifests of several folders; with more of them nobody would be pleased."""


def split_edits(
    ctx: Context,
    sources: Sources,
    run: RunFacts,
    files: tuple[str, ...],
    *,
    needs: Pipeline | None,
    changed_to: str,
) -> tuple[Edit, ...] | None:
    """Return the edits that copy ``files`` above ``run`` and the rest below its install.

    Args:
        ctx: The file.
        sources: The COPY.
        run: The RUN with the install.
        files: Context paths of the manifests.
        needs: The member of the script's list from which on the source is needed, ``None`` if it never is.
        changed_to: The ``cd`` at the head of the script, to be repeated behind the cut.
    """
    node = sources.node
    if node.comments or node.blanks or node.exec_form is not None:
        return None
    newline = ctx.edit.newline
    above = _manifest_lines(ctx, sources, run, files)
    rest = _rest(ctx, sources, run, files)
    if above is None:
        return None
    lead = "".join(comment.span.of(ctx.edit.text) for comment in node.lead)
    edits = [_removed(ctx, node)]
    if above:
        edits.append(Edit.insert(_place_above(run), newline.join(above) + newline))
    if needs is None:
        edits += ctx.edit.insert_line_after(run.node, lead + rest)
        return tuple(edits)
    cut = _cut(ctx, run, needs, changed_to, lead + rest)
    return (*edits, cut) if cut is not None else None


def _place_above(run: RunFacts) -> int:
    """Return where the manifests are copied: right above the RUN, but not between it and a pragma."""
    node = run.node
    if node.lead and any(PRAGMA.match(comment.text) for comment in node.lead):
        return node.lead[0].span.start
    return node.span.start


def _removed(ctx: Context, node: FileInstruction) -> Edit:
    """Return the edit that takes the COPY away with the comments directly above it."""
    text, body = ctx.edit.text, ctx.tree.body
    start, end = node.span.start, node.span.end
    if node.lead:
        start = node.lead[0].span.start
    first = body.index(node.lead[0] if node.lead else node)
    after = body.index(node) + 1
    blank_before = first == 0 or isinstance(body[first - 1], Blank)
    if blank_before and after < len(body) and isinstance(body[after], Blank):
        end = body[after].span.end
    assert text[end - 1 : end] == "\n"  # a RUN follows
    return Edit.delete(Span(start, end))


def _manifest_lines(
    ctx: Context, sources: Sources, run: RunFacts, files: tuple[str, ...]
) -> list[str] | None:
    """Return the COPY of each folder that manifests lie in."""
    node, text = sources.node, ctx.edit.text
    keyword = "copy" if node.keyword.of(text).islower() else "COPY"
    flags = "".join(f" {flag.span.of(text)}" for flag in node.flags)
    groups: dict[str, list[str]] = {}
    for path in files:
        target = sources.target(path)
        if target is None:
            return None
        groups.setdefault(dirname(target), []).append(path)
    if len(groups) > MAX_COPIES:
        return None
    lines: list[str] = []
    for folder, paths in groups.items():
        written = _destination(sources, folder, run.state.workdir)
        lines.append(f"{keyword}{flags} {' '.join(paths)} {written}")
    return lines


def _destination(sources: Sources, folder: str, workdir: str | None) -> str:
    """Return how the destination of manifests is written: as short as the author's own."""
    workdir = clean_path(workdir) if workdir is not None else None
    if folder == workdir:
        return "./"
    absolute = sources.node.destination.text.startswith("/")
    if not absolute and workdir is not None and workdir != "/" and is_within(folder, workdir):
        return relpath(folder, workdir) + "/"
    return folder.rstrip("/") + "/"


def _rest(ctx: Context, sources: Sources, run: RunFacts, files: tuple[str, ...]) -> str:
    """Return the COPY as it is written behind the install, without the files that are named in it."""
    node, text = sources.node, ctx.edit.text
    code, word = node.code, node.destination
    named = [source for origin, source in sources.files.values() if origin in files]
    edits: list[Edit] = []
    if len(named) < len(node.sources) and "\n" not in text[code.start : code.end]:
        for source in named:
            before = text[code.start : source.span.start]
            start = code.start + len(before.rstrip(" \t"))
            edits.append(Edit.delete(Span(start - code.start, source.span.end - code.start)))
    moved = ctx.model.state_before(node).workdir != run.state.workdir
    absolute = (ctx.model.state_before(node).expand(word.text) or "").startswith("/")
    if moved and not absolute:
        place = Span(word.span.start - code.start, word.span.end - code.start)
        edits.append(Edit(place, sources.tree.rstrip("/") + "/"))
    return apply_edits(text[code.start : code.end], edits)


def _cut(ctx: Context, run: RunFacts, pipeline: Pipeline, changed_to: str, rest: str) -> Edit | None:
    """Return the edit that cuts a script in two, the COPY between the parts."""
    shell, script = run.shell, run.script
    assert shell is not None
    if script is None or run.node.heredocs or len(shell.body.statements) != 1:
        return None
    chain: AndOr = shell.body.statements[0].command
    if pipeline not in chain.pipelines or any(operator != "&&" for operator, _, _ in chain.operators):
        return None
    at = chain.pipelines.index(pipeline)
    if at == 0 or any(call.program in _STATEFUL for call in run.calls if call.node.end <= pipeline.start):
        return None
    start, end = script.end(chain.pipelines[at - 1].end), script.offset(pipeline.start)
    text, newline = ctx.edit.text, ctx.edit.newline
    if any(start <= comment.span.start < end for comment in run.node.comments):
        return None
    flags = "".join(f" {flag.span.of(text)}" for flag in run.node.flags)
    keyword = run.node.keyword.of(text)
    again = f"{changed_to} && " if changed_to else ""
    return Edit(Span(start, end), f"{newline}{rest}{newline}{keyword}{flags} {again}")


_STATEFUL = frozenset(
    {"set", "export", "source", ".", "eval", "umask", "alias", "shopt", "pushd", "popd", "exec"}
)
"""Commands whose effect ends with the shell that they are run in."""
