"""Fetch apt's package lists in the RUN that installs from them.

The layer of a lone ``apt-get update`` stays in the build cache: when the list of packages is
changed a month later, ``apt-get install`` works with lists of a month ago, and fails on
versions that the mirrors have dropped. It also keeps the lists in the image for good.

Before:
    FROM debian:bookworm-slim
    RUN apt-get update
    WORKDIR /app
    RUN apt-get install -y curl

After:
    FROM debian:bookworm-slim
    WORKDIR /app
    RUN apt-get update && apt-get install -y curl

Safety:
    Safe: the update moves in front of the first command that needs its lists, with the same
    options, and the build fails where it failed. Installs further below that relied on it get
    one of their own. Nothing is done when a repository, a key, a proxy or the user changes in
    between, or when a script in between may need the lists. An update that is repeated in one
    script without such a change goes, and so does one that another replaces before any use.

References:
    - https://docs.docker.com/build/building/best-practices/#apt-get
    - https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from dockeropt.model.apt import (
    FAMILY,
    classify,
    fetches_lists,
    may_change_sources,
    may_remove_lists,
    names_lists,
    names_sources,
)
from dockeropt.model.calls import CallFacts
from dockeropt.model.indexes import Need, need_of_run
from dockeropt.model.packages import Verb, find_invocation
from dockeropt.model.runs import RunFacts
from dockeropt.model.stages import Stage
from dockeropt.rewrite import Category, Context, Evidence, Finding, Phase, rewrite
from dockeropt.rewrite.editor import Edits
from dockeropt.syntax.nodes import FileInstruction, Instruction, PairsInstruction
from dockeropt.text import Edit

PRAGMA = re.compile(r"#\s*(?:hadolint|tally|dockeropt|shellcheck|check=|renovate:)")
LISTS = "/var/lib/apt/lists"
SAME_SOURCES = Evidence("nothing in between changes where the lists come from", "this file")


@rewrite(
    category=Category.CACHE,
    phase=Phase.PACKAGES,
    after=("replace-apt-with-apt-get",),
    aliases=("DD002", "DL3009", "aptGetUpdatePrecedesInstall"),
    wants=("update",),
)
def join_apt_update_install(ctx: Context) -> Iterator[Finding]:
    """Move lone updates to the installs that rely on them, and drop repeated ones."""
    runs: dict[Instruction, RunFacts] = {run.node: run for run in ctx.model.runs}
    for run in ctx.model.runs:
        if run.shell is None or run.stage is None:
            continue
        update = _lone_update(run)
        if update is not None:
            yield from _joined(ctx, update, run.stage, runs)
        elif not run.node.heredocs:
            yield from _repeated(ctx, run)


# --- an update on its own --------------------------------------------------------------


def _lone_update(run: RunFacts) -> CallFacts | None:
    """Return the call of a RUN that does nothing but ``apt-get update``."""
    if run.onbuild or run.node.flags or run.node.heredocs or len(run.calls) != 1:
        return None
    call = run.calls[0]
    if run.shell is None or run.shell.comments:
        return None
    if not fetches_lists(call) or call.conditional or call.background or call.piped or call.failure_ignored:
        return None
    if call.program in ("add-apt-repository", "apt-add-repository"):
        return None
    quiet = all(r.target.literal in ("/dev/null", "1", "2") for r in call.node.redirects)
    plain = all(word.literal is not None for word in call.node.words)
    return call if quiet and plain and not any(PRAGMA.match(c.text) for c in run.node.lead) else None


def _joined(
    ctx: Context, update: CallFacts, stage: Stage, runs: Mapping[Instruction, RunFacts]
) -> Iterator[Finding]:
    users, refreshed = _users(ctx, update, stage, runs)
    if not users and not refreshed:
        return
    edits: list[Edit] = [*ctx.edit.remove_instruction(update.run.node)]
    assert update.run.script is not None
    command = re.sub(r"\s+", " ", update.run.script.text[update.node.start : update.node.end])
    for index, call in enumerate(users):
        inserted = _insert(ctx, call, command)
        if inserted is None and index == 0:
            return
        if inserted is None:
            break  # it goes on with the lists that the install before it leaves
        edits += inserted
    title = "Update in the RUN that installs" if users else "Drop the update that nothing relies on"
    yield Finding(
        "apt-get update has a layer of its own, which the build cache keeps",
        update.run.node.code,
        ctx.safe(title, edits, SAME_SOURCES),
    )


def _users(
    ctx: Context, update: CallFacts, stage: Stage, runs: Mapping[Instruction, RunFacts]
) -> tuple[list[CallFacts], bool]:
    """Return the calls that need the lists, one of each RUN, and whether the stage fetches them again.

    The first of them can have the update moved in front of it: what comes later finds
    the same lists. The others get one of their own, up to where that is no longer certain.
    """
    nodes = stage.instructions
    users: list[CallFacts] = []
    changed = False
    following = False
    for node in nodes[nodes.index(update.run.node) + 1 :]:
        run = runs.get(node)
        if run is None:
            changed = changed or _may_change(node, ctx)
            following = False
            continue
        if run.shell is None:
            if need_of_run(run, classify, "apt") != (Need.NO, False):
                return users, False
            continue
        if run.mount_covers(LISTS) or run.node.flag("network") is not None:
            return users, False
        follows, following = following, False
        for call in run.calls:
            need, fetches = classify(call)
            if fetches:
                return users, True
            certain = need is Need.NO or (
                need is Need.YES
                and not changed
                and run.state.user == update.run.state.user
                and find_invocation(call) is not None  # not ansible, rosdep, …
            )
            if not certain:
                return users, False
            if need is Need.YES:
                following = True
                if not follows:  # a neighbour goes on with the lists of the RUN above it
                    users.append(call)
                changed = any(may_change_sources(c, reach=False) for c in run.calls)
                break
            changed = changed or may_change_sources(call, reach=False) or may_remove_lists(call)
    return users, False


def _may_change(node: Instruction, ctx: Context) -> bool:
    """Tell whether an instruction other than RUN may change where the lists come from."""
    if isinstance(node, PairsInstruction):
        return any(names_sources(pair.key.text.lower()) or "APT" in pair.key.text for pair in node.pairs)
    if isinstance(node, FileInstruction):
        return _may_hold_sources(node, ctx)
    return False


def _may_hold_sources(node: FileInstruction, ctx: Context) -> bool:
    """Tell whether COPY or ADD may put something into ``/etc/apt``."""
    state = ctx.model.state_before(node)
    target = state.expand(node.destination.text)
    if target is None:
        return True
    if not target.startswith("/"):
        if state.workdir is None:
            return ".." in target
        target = f"{state.workdir.rstrip('/')}/{target.removeprefix('./').removeprefix('.')}"
    target = target.rstrip("/") or "/"
    return target in ("/", "/etc") or target.startswith("/etc/apt")


def _insert(ctx: Context, call: CallFacts, command: str) -> Edits | None:
    """Return the edits that put the update in front of the command that needs the lists."""
    shell = call.run.shell
    assert shell is not None
    if not call.stops_build or not call.top_level:
        return None
    chain = call.and_or
    last = chain is shell.body.statements[-1].command
    if not last and chain.pipelines[0] is not call.pipeline:
        return None  # errexit is ignored left of &&: a failing update would go unnoticed
    return ctx.edit.insert_command(call.run, call.pipeline, command, as_statement=not last)


# --- an update once more ---------------------------------------------------------------


def _repeated(ctx: Context, run: RunFacts) -> Iterator[Finding]:
    """Find a second update in a script, with nothing before it that makes a difference."""
    calls = run.calls
    first: int | None = None
    for index, call in enumerate(calls):
        if not _is_update(call):
            continue
        if not _is_certain(call):
            first = None
            continue
        between = calls[first + 1 : index] if first is not None else ()
        same = (
            first is not None
            and _options(calls[first]) == _options(call)
            and not any(may_change_sources(c) for c in between)
        )
        if same:
            edits = _without(ctx, call, between)
            if edits:
                fix = ctx.safe("Drop the repeated update", edits, SAME_SOURCES)
                yield Finding("apt-get update is repeated in one script", run.span(call.node), fix)
        first = index


def _is_update(call: CallFacts) -> bool:
    found = find_invocation(call)
    return found is not None and found.tool in FAMILY and found.verb is Verb.UPDATE


def _is_certain(call: CallFacts) -> bool:
    return call.top_level and call.stops_build and not call.piped and not call.conditional


def _options(call: CallFacts) -> list[str]:
    """Return what an update is told beside how loud to be."""
    found = find_invocation(call)
    assert found is not None
    quiet = ("-q", "--quiet", "-y", "--yes", "--assume-yes")
    options = [f"{o.name}={o.value}" for o in found.options if o.name not in quiet]
    return options + [word.text for word in found.operands] + list(call.prefixes)


def _without(ctx: Context, update: CallFacts, between: Sequence[CallFacts]) -> Edits | None:
    """Return the edits that drop ``update``, or first the removals of the lists before it."""
    removals = [call for call in between if may_remove_lists(call)]
    if not removals:
        return ctx.edit.remove_call(update)
    edits: list[Edit] = []
    for call in removals:
        words = [word for word in call.args if names_lists(word.literal or word.text)]
        if call.program != "rm" or call.prefixes not in ((), ("sudo",)) or not words or not _is_certain(call):
            return None
        if len(words) == len(call.operands):
            parts = ctx.edit.remove_call(call)
        else:
            each = [ctx.edit.remove_words(call.run, word.start, word.end) for word in words]
            parts = tuple(edit for part in each if part for edit in part) if all(each) else None
        if not parts:
            return None
        edits += parts
    return tuple(edits)
