"""Merge RUN instructions that follow each other into one.

Every RUN makes a layer, and what a later layer deletes, moves or re-owns stays
in the earlier one: only inside one RUN does cleaning up make the image smaller.
Fewer layers also mean less overhead when the image is pulled.

Before:
    FROM debian:bookworm-slim
    RUN curl -fsSLo /tmp/tool.tgz https://example.org/tool.tgz
    RUN tar -xzf /tmp/tool.tgz -C /opt; ls /opt
    # the archive is not needed any more
    RUN rm /tmp/tool.tgz

After:
    FROM debian:bookworm-slim
    RUN curl -fsSLo /tmp/tool.tgz https://example.org/tool.tgz \\
        && { tar -xzf /tmp/tool.tgz -C /opt; ls /opt; } \\
        # the archive is not needed any more
        && rm /tmp/tool.tgz

Safety:
    Safe. Two scripts are joined only where a table of shell constructs, tried out in
    dash, bash, busybox ash and mksh, shows that the joined script does the same and
    fails when one of the two did: ``a && b``, or with ``{ …; }`` around a list, or with
    ``( … )`` around a script that changes directory, variables or options. Scripts that
    start daemons or background jobs, use heredocs or ``set -e`` lists, edit the user
    database under another user, or are not understood stay alone; so do instructions
    with other flags, and everything in stages whose layers are not part of the final
    image, where separate RUNs keep the build cache useful.

Options:
    when: ``"always"`` (default), or ``"saves-space"``: merge only where a later RUN
        deletes, moves or re-owns files.

References:
    - https://docs.docker.com/build/building/best-practices/#run
    - https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from dockeropt.model.runs import RunFacts
from dockeropt.rewrite import Category, Context, Effect, Finding, Phase, rewrite
from dockeropt.rewrite.editor import Piece
from dockeropt.shell import Script
from dockeropt.shell.joining import Form, Join, Refusal, join
from dockeropt.syntax.nodes import Blank, Comment, Run

MAX_SCRIPT = 100_000
"""Characters that a joined script may have (``execve`` takes 131,071 bytes)."""

MAX_GROUP = 50
"""RUNs that are looked at together: every two of them are compared. What is left of a longer
row is joined to the result in the next round."""

PRAGMA = re.compile(
    r"#\s*(?:hadolint|tally|dockeropt|shellcheck|dockerfmt-ignore|dockerfile-utils|check=|renovate:)"
)
SPACE_SAVERS = frozenset({"rm", "rmdir", "mv", "chown", "chmod", "chgrp", "unlink", "strip", "find"})
CLEANING_VERBS = frozenset({"clean", "autoclean", "remove", "purge", "autoremove", "del", "erase", "prune"})


class Options(NamedTuple):
    """Say when RUNs are merged: ``"always"`` or ``"saves-space"``."""

    when: str = "always"


@rewrite(
    category=Category.SIZE,
    phase=Phase.LAYERS,
    aliases=("DL3059", "DD005", "moreThanOneInstall"),
    since="0.1",
    options=Options,
    wants=("run",),
)
def merge_runs(ctx: Context) -> Iterator[Finding]:
    """Merge neighbouring RUNs of stages that reach the final image."""
    saves_space = ctx.options.get("when") == "saves-space"
    for group in _groups(ctx):
        if saves_space and not any(_saves_space(run) for run in group[1:]):
            continue
        edits = ctx.edit.join_runs(_pieces(group))
        if edits is None:
            continue
        yield Finding(
            message=f"{len(group)} RUN instructions in a row make {len(group)} layers",
            at=group[0].node.code,
            fix=ctx.safe("Merge them into one RUN", edits, effects={Effect.LAYERS}),
        )


def _groups(ctx: Context) -> Iterator[list[RunFacts]]:
    """Yield the longest runs of neighbours in which every two scripts may be joined."""
    facts = {id(run.node): run for run in ctx.model.runs if not run.onbuild}
    group: list[RunFacts] = []
    for node in ctx.tree.body:
        if isinstance(node, Blank) or (isinstance(node, Comment) and not PRAGMA.match(node.text)):
            continue
        run = facts.get(id(node)) if isinstance(node, Run) else None
        if run is not None and group and _may_join(group, run):
            group.append(run)
            continue
        if len(group) > 1:
            yield group
        group = [run] if run is not None and _may_start(run) else []
    if len(group) > 1:
        yield group


def _may_start(run: RunFacts) -> bool:
    return (
        run.shell is not None
        and run.script is not None
        and run.stage is not None
        and run.stage.reaches_final
        and not run.node.heredocs
        and not any(m.type in (None, "tmpfs") or (m.type == "bind" and not m.read_only) for m in run.mounts)
        and not any(PRAGMA.match(comment.text) for comment in run.node.comments)
    )


def _may_join(group: Sequence[RunFacts], run: RunFacts) -> bool:
    first = group[0]
    if len(group) >= MAX_GROUP or not _may_start(run) or run.stage is not first.stage:
        return False
    if [(f.name, f.value) for f in run.node.flags] != [(f.name, f.value) for f in first.node.flags]:
        return False
    if sum(len(r.script.text) + 8 for r in (*group, run) if r.script is not None) > MAX_SCRIPT:
        return False
    answers = [_answer(earlier, run) for earlier in group]
    # A `set -e` pair holds for itself alone: its errexit would reach what comes after.
    return all(
        isinstance(a, Join) and (a.form is not Form.SET_E_GROUP or len(group) == 1) for a in answers
    ) and not _holds_errexit(group)


def _holds_errexit(group: Sequence[RunFacts]) -> bool:
    return any(
        isinstance(a := _answer(x, y), Join) and a.form is Form.SET_E_GROUP for x, y in pairwise(group)
    )


def _answer(a: RunFacts, b: RunFacts) -> Join | Refusal | None:
    """Return how two RUNs may be joined; ``None`` where the shell reads files at its start."""
    state = a.state
    if a.shell is None or b.shell is None or state.login or "BASH_ENV" in state.variables:
        return None
    return _join(a.shell, b.shell, state.errexit, state.pipefail, state.is_root, state.workdir)


@lru_cache(maxsize=4096)
def _join(
    a: Script,
    b: Script,
    errexit: bool,  # noqa: FBT001 - a cache takes no keywords cheaply
    pipefail: bool,  # noqa: FBT001
    root: bool | None,  # noqa: FBT001
    workdir: str | None,
) -> Join | Refusal:
    """Ask once for each pair: parsed scripts are shared, and every text is looked at again."""
    return join(a, b, errexit=errexit, pipefail=pipefail, root=root, workdir=workdir)


def _pieces(group: Sequence[RunFacts]) -> list[Piece]:
    pieces: list[Piece] = []
    for index, run in enumerate(group):
        assert run.script is not None
        after = [a for b in group[index + 1 :] if isinstance(a := _answer(run, b), Join)]
        before = [a for b in group[:index] if isinstance(a := _answer(b, run), Join)]
        end = after[0].a_end if after else before[0].b_end
        if any(a.wrap_a for a in after):
            pieces.append(Piece(run, run.script, end, "( ", " )"))
        elif any(a.wrap_b for a in before):
            pieces.append(Piece(run, run.script, end, "{ ", before[0].b_closer or "; }"))
        else:
            pieces.append(Piece(run, run.script, end))
    return pieces


def _saves_space(run: RunFacts) -> bool:
    return any(
        call.program in SPACE_SAVERS or any(word.literal in CLEANING_VERBS for word in call.args[:2])
        for call in run.calls
    )
