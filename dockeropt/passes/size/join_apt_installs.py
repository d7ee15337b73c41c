"""Install packages with one apt-get instead of several in a row.

Every ``apt-get install`` reads the package lists, computes dependencies and runs dpkg and its
triggers once more. One command is faster, easier to read, and lets apt choose between
alternatives with all wishes in view.

Before:
    FROM debian:bookworm-slim
    RUN apt-get update \\
        && apt-get install -y curl \\
        && apt-get install -y git vim

After:
    FROM debian:bookworm-slim
    RUN apt-get update \\
        && apt-get install -y curl git vim

Safety:
    Unsafe: where a package depends on one of several others, apt may choose another of them once
    it sees all that is wanted. Only neighbours in one ``&&`` chain are joined, with the same options
    apart from how loud to be, the same prefixes and the same environment.

References:
    - https://docs.docker.com/build/building/best-practices/#apt-get
    - https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
"""

from collections.abc import Iterator

from dockeropt.model.apt import FAMILY
from dockeropt.model.calls import CallFacts
from dockeropt.model.packages import Invocation, Verb, find_invocation
from dockeropt.model.runs import RunFacts
from dockeropt.rewrite import Applicability, Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.shell.nodes import AndOr
from dockeropt.text import Edit, Span

QUIET = frozenset(("-q", "-qq", "--quiet"))
WIDTH = 110
"""Characters of a line beyond which the packages of each old command get one of their own."""

YES = {"--yes": "-y", "--assume-yes": "-y"}
CHOICE = Evidence("apt may choose between alternatives in another way when it sees all at once", "apt-get(8)")


@rewrite(
    category=Category.SIZE,
    phase=Phase.LAYERS,
    after=("merge-runs",),
    level=Applicability.UNSAFE,
    wants=("install",),
)
def join_apt_installs(ctx: Context) -> Iterator[Finding]:
    """Move the packages of neighbouring installs to the first of them."""
    for run in ctx.model.runs:
        if run.shell is None or run.script is None:
            continue
        for group in _groups(run):
            edits = _joined(ctx, run, group)
            if edits:
                fix = ctx.unsafe(
                    "Install all with one command", edits, CHOICE, {Effect.PACKAGES, Effect.LAYERS}
                )
                count = len(group)
                yield Finding(
                    f"{count} apt-get installs in a row do the work of one", run.span(group[1].call.node), fix
                )


def _groups(run: RunFacts) -> Iterator[list[Invocation]]:
    """Yield the longest rows of installs that are alike and follow each other."""
    group: list[Invocation] = []
    for call in run.calls:
        found = _plain_install(call)
        if found is not None and group and _follows(group[-1], found):
            group.append(found)
            continue
        if len(group) > 1:
            yield group
        group = [found] if found is not None else []
    if len(group) > 1:
        yield group


def _plain_install(call: CallFacts) -> Invocation | None:
    """Return the install that a call is, if nothing about it is unusual."""
    found = find_invocation(call)
    if (
        found is None
        or found.tool not in FAMILY
        or found.verb_text != "install"
        or found.verb is not Verb.INSTALL
    ):
        return None
    if found.dynamic or not found.operands or call.piped or call.background or call.node.redirects:
        return None
    removes = any((word.literal or word.text).endswith("-") for word in found.operands)
    return None if removes else found


def _follows(first: Invocation, second: Invocation) -> bool:
    chain: AndOr = first.call.and_or
    if second.call.and_or is not chain:
        return False
    at = chain.pipelines.index(first.call.pipeline)
    if at + 1 >= len(chain.pipelines) or chain.pipelines[at + 1] is not second.call.pipeline:
        return False
    return chain.operators[at][0] == "&&" and _terms(first) == _terms(second)


def _terms(found: Invocation) -> tuple[object, ...]:
    """Return all that an install is told beside the packages and how loud to be."""
    assert found.run.script is not None
    head = found.run.script.text[found.call.node.start : found.program_word.end].split()
    options = sorted([f"{YES.get(o.name, o.name)}={o.value}" for o in found.options if o.name not in QUIET])
    return head, options


def _joined(ctx: Context, run: RunFacts, group: list[Invocation]) -> tuple[Edit, ...] | None:
    assert run.script is not None
    text = ctx.source.text
    first = group[0]
    span = Span(run.script.end(first.call.node.end), run.script.end(group[-1].call.node.end))
    if any(span.start <= comment.span.start < span.end for comment in run.node.comments):
        return None
    known = {run.span(word).of(text) for word in first.operands}
    rows: list[list[str]] = []
    for found in group[1:]:
        words = dict.fromkeys([run.span(word).of(text) for word in found.operands])
        if any("\n" in word for word in words):
            return None
        rows.append([word for word in words if word not in known])
        known.update(words)
    last = run.script.end(first.operands[-1].end)
    listed = _laid_out(ctx, run, first, last, [row for row in rows if row])
    if last == span.start:
        return (Edit(span, listed),)
    return (Edit.insert(last, listed), Edit.delete(span)) if listed else (Edit.delete(span),)


def _laid_out(ctx: Context, run: RunFacts, first: Invocation, last: int, rows: list[list[str]]) -> str:
    """Return the packages as the author writes lists: one a line, or a row for each old command."""
    text = ctx.source.text
    separator = _separator(run, first, text)
    line = text[text.rfind("\n", 0, last) + 1 : last]
    joined = "".join([separator + word for row in rows for word in row])
    if separator != " " or len(line) + len(joined) <= WIDTH or "\n" not in run.node.span.of(text):
        return joined
    indent = line[: len(line) - len(line.lstrip())] or "    "
    escape = "\\" if run.node.heredocs else ctx.tree.escape
    newline = "\r\n" if "\r\n" in text else "\n"
    return "".join([f" {escape}{newline}{indent}    {' '.join(row)}" for row in rows])


def _separator(run: RunFacts, install: Invocation, text: str) -> str:
    """Return what stands before the last package, so that lists stay one a line."""
    if len(install.operands) < 2:
        return " "
    assert run.script is not None
    start = run.script.end(install.operands[-2].end)
    between = text[start : run.script.offset(install.operands[-1].start)]
    return between if between.count("\n") == 1 and "#" not in between else " "
