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
    ``( … )`` around a script that changes directory, variables or options. A ``set -x &&`` that
    repeats what is in force from the script above goes. Scripts that
    start daemons or background jobs, use heredocs or ``set -e`` lists, edit the user
    database under another user, or are not understood stay alone; so do instructions
    with other flags, and everything in stages whose layers are not part of the final
    image, where separate RUNs keep the build cache useful. Scripts of more than ten lines are put
    in brackets only where the merge makes the image smaller.

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
from typing import Literal, NamedTuple

from dockeropt.model.runs import RunFacts
from dockeropt.rewrite import Category, Context, Effect, Finding, Phase, rewrite
from dockeropt.rewrite.merging import Piece, join_runs
from dockeropt.shell import Script
from dockeropt.shell.effects import effects_of, leading_options
from dockeropt.shell.joining import Form, Join, Refusal, join
from dockeropt.syntax.nodes import Blank, Comment, Run

MAX_SCRIPT = 100_000
"""Characters that a joined script may have (``execve`` takes 131,071 bytes)."""

LONG_SCRIPT = 10
"""Lines of a script that is put in ``( … )`` or ``{ … }`` only where the merge makes the image smaller."""

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

    when: Literal["always", "saves-space"] = "always"


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
        chosen = _up_to_last_saver(group) if saves_space else group
        edits = join_runs(ctx.edit, _pieces(chosen)) if len(chosen) > 1 else None
        if edits is None:
            continue
        yield Finding(
            message=f"{len(chosen)} RUN instructions in a row make {len(chosen)} layers",
            at=chosen[0].node.code,
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
        if run is not None and group and _why_apart(group, run) is None:
            group.append(run)
            continue
        if len(group) > 1:
            yield group
        group = [run] if run is not None and _why_alone(run) is None else []
    if len(group) > 1:
        yield group


def _why_alone(run: RunFacts) -> str | None:
    """Return why a RUN stays alone whatever its neighbours are, ``None`` if it need not."""
    if run.stage is None or not run.stage.reaches_final:
        return "not in the final image"
    if run.script is None:
        return "exec form"
    if run.node.heredocs:
        return "a here-document"
    if run.shell is None:
        return "a script that is not understood"
    if run.state.login or "BASH_ENV" in run.state.variables:
        return "a shell that reads files when it starts"
    if any(m.type in (None, "tmpfs") or (m.type == "bind" and not m.read_only) for m in run.mounts):
        return "a mount that is fresh for every RUN"
    if any(PRAGMA.match(comment.text) for comment in run.node.comments):
        return "a comment for a tool inside"
    return None


def _why_apart(group: Sequence[RunFacts], run: RunFacts) -> str | None:
    """Return why ``run`` does not join the RUNs above it, ``None`` if it does."""
    first = group[0]
    alone = _why_alone(first) or _why_alone(run)
    if alone is not None:
        return alone
    if len(group) >= MAX_GROUP:
        return "enough for one round"
    if run.stage is not first.stage:
        return "another stage"
    if [(f.name, f.value) for f in run.node.flags] != [(f.name, f.value) for f in first.node.flags]:
        return "other flags"
    if sum(len(r.script.text) + 8 for r in (*group, run) if r.script is not None) > MAX_SCRIPT:
        return "too long a script"
    for earlier in group:
        answer = _answer(earlier, run)
        if isinstance(answer, Refusal):
            return answer.reason
        # A `set -e` pair holds for itself alone: its errexit would reach what comes after.
        if len(group) > 1 and _holds_errexit(answer):
            return "set -e lists, more than two"
        wrapped = (answer.wrap_a and _is_long(earlier)) or (answer.wrap_b and _is_long(run))
        if wrapped and not _saves_space(run):
            return "long lines that would need parentheses"
    if any(_holds_errexit(_answer(a, b)) for a, b in pairwise(group)):
        return "set -e lists, more than two"
    return None


def _is_long(run: RunFacts) -> bool:
    """Tell whether the script is so long that its parentheses would be hard to match by eye."""
    return run.script is not None and len(run.script.starts) > LONG_SCRIPT


def _holds_errexit(answer: Join | Refusal) -> bool:
    return isinstance(answer, Join) and answer.form is Form.SET_E_GROUP


def _answer(a: RunFacts, b: RunFacts) -> Join | Refusal:
    """Return how two RUNs may be joined that have a script each."""
    state = a.state
    assert a.shell is not None
    assert b.shell is not None
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
    return _without_repeated_set(pieces)


def _without_repeated_set(pieces: list[Piece]) -> list[Piece]:
    """Drop ``set -x &&`` from the head of a script where the same options are in force by a piece above."""
    result: list[Piece] = []
    in_force: frozenset[str] | None = None
    for piece in pieces:
        shell = piece.run.shell
        assert shell is not None
        if piece.opener == "( ":  # what it sets ends with it
            result.append(piece)
            continue
        effects, options = effects_of(shell), leading_options(shell)
        chain = shell.body.statements[0].command
        switches = sum(found.program in ("set", "shopt") for _, found in effects.resolved)
        if switches == 1 and options and not piece.opener and len(chain.pipelines) > 1:
            repeated = options == in_force
            result.append(piece._replace(start=chain.pipelines[1].start) if repeated else piece)
        else:
            result.append(piece)
        if effects.dynamic or effects.sources or switches > 1:
            in_force = None
        elif switches:
            in_force = options
    return result


def _up_to_last_saver(group: list[RunFacts]) -> list[RunFacts]:
    """Return the group up to the last RUN that makes one above it smaller; empty without any."""
    savers = [index for index, run in enumerate(group) if index and _saves_space(run)]
    return group[: savers[-1] + 1] if savers else []


def _saves_space(run: RunFacts) -> bool:
    return any(
        call.program in SPACE_SAVERS or any(word.literal in CLEANING_VERBS for word in call.args[:2])
        for call in run.calls
    )
