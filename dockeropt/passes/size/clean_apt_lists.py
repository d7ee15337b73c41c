"""Remove apt's package lists in the RUN that fetches them.

``apt-get update`` downloads 20 to 50 MB of package lists. Once the packages are installed
nothing reads them again, but a later RUN cannot take them out of the layer any more.

Before:
    FROM debian:bookworm-slim
    RUN apt-get update && apt-get install -y curl

After:
    FROM debian:bookworm-slim
    RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*

Safety:
    Safe: only the lists go, and only where nothing reads them again: no later RUN, of a stage
    built on this one too, and no CMD, installs with apt before an update of its own. Unsafe where a
    later RUN starts a script that could do so. RUNs are left alone that use a cache mount for apt,
    that remove the lists themselves, that do not fetch any, before a command that might fail without
    them (``rm -r`` without ``-f``), and those in stages that only build.

References:
    - https://docs.docker.com/build/building/best-practices/#apt-get
    - https://manpages.debian.org/bookworm/apt/apt-get.8.en.html#FILES
"""

import re
from collections.abc import Iterator

from dockeropt.model.apt import FAMILY, classify, fetches_lists, may_remove_lists
from dockeropt.model.indexes import IndexUse, Need
from dockeropt.model.packages import Invocation, Verb, find_invocation
from dockeropt.model.runs import RunFacts
from dockeropt.rewrite import Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.rewrite.cleanup import calls_below, commands_below, misses

COMMAND = "rm -rf /var/lib/apt/lists/*"
PREFIXES = frozenset(("sudo", "time", "env", "command", "nice", "ionice", "eatmydata", "timeout"))
"""What may stand in front of apt: nothing that makes it another user's."""

READING = re.compile(
    r"\b(?:apt|apt-get|aptitude)\b[^&|;]*\b(?:install|upgrade|download|source|build-dep)\b|\bapt-cache\b"
)
"""Commands that read the lists, as they stand in CMD, ENTRYPOINT and HEALTHCHECK."""


@rewrite(
    category=Category.SIZE,
    phase=Phase.LAYERS,
    after=("merge-runs",),
    aliases=("DL3009", "DD004", "aptGetInstallThenRemoveAptLists"),
    wants=("apt",),
)
def clean_apt_lists(ctx: Context) -> Iterator[Finding]:
    """Append the removal to each RUN of the final image that fetches lists and installs."""
    lists: IndexUse | None = None
    for run in ctx.model.runs:
        use = _last_use(run)
        if use is None or _is_mounted(run) or _is_cleaned(use):
            continue
        if _is_missed(ctx, run):
            continue
        lists = lists or IndexUse(ctx.model, classify, "apt")
        needed = lists.needed_after(run)
        if needed is Need.YES:
            continue
        sudo = "sudo " if "sudo" in use.call.prefixes else ""
        if not sudo and run.state.is_root is False:
            continue
        edits = ctx.edit.append_command(run, sudo + COMMAND)
        if edits is None:
            continue
        title = "Remove the lists in the same RUN"
        if needed is Need.NO:
            fix = ctx.safe(
                title,
                edits,
                Evidence("no later RUN uses apt before an update of its own", "this file"),
                {Effect.CACHE_ONLY},
            )
        else:
            fix = ctx.unsafe(
                title,
                edits,
                Evidence("a later RUN starts a script that may rely on the lists", "this file"),
                {Effect.FILES},
            )
        yield Finding("apt's package lists stay in the image", run.span(use.call.node), fix)


def _last_use(run: RunFacts) -> Invocation | None:
    """Return the last install of a RUN that also fetches the lists; ``None`` if it does not."""
    if run.shell is None or run.stage is None or not run.stage.reaches_final:
        return None
    fetched, last = False, None
    for call in run.calls:
        if fetches_lists(call):
            fetched = True
        found = find_invocation(call)
        if found is None or found.tool not in FAMILY:
            continue
        if set(call.prefixes) - PREFIXES:
            return None
        if found.verb in (Verb.INSTALL, Verb.UPGRADE):
            last = found
    return last if fetched else None


def _is_mounted(run: RunFacts) -> bool:
    return run.mount_covers("/var/lib/apt/lists") or run.mount_covers("/var/cache/apt")


def _is_missed(ctx: Context, run: RunFacts) -> bool:
    """Tell whether a later command, before lists are fetched again, would fail for want of them."""
    started = commands_below(ctx, run)
    if READING.search(started) and "update" not in started:
        return True
    for call in calls_below(ctx, run):
        if misses(call, "/var/lib/apt/lists"):
            return True
        if fetches_lists(call) and not call.conditional:
            return False
    return False


def _is_cleaned(use: Invocation) -> bool:
    """Tell whether something after the last update seems to remove the lists."""
    cleaned = False
    for call in use.run.calls:
        if fetches_lists(call):
            cleaned = False
        elif may_remove_lists(call):
            cleaned = True
    return cleaned
