"""Keep apk's package index out of the image.

``apk update`` and ``apk add -U`` write an index of all packages to ``/var/cache/apk``. With
``--no-cache`` apk fetches the index for the one call and writes nothing: no update before, no
cleanup afterwards.

Before:
    FROM alpine:3.20
    RUN apk update && apk add curl && rm -rf /var/cache/apk/*

After:
    FROM alpine:3.20
    RUN apk add --no-cache curl

Safety:
    Safe: the same packages are installed; only the index is not kept. An ``apk update`` goes
    only when no command after it, in this stage or one built on it, reads the index, and the
    removal of the cache only when nothing has filled it. apk is left alone where a cache
    mount is in force, where the file sets up a cache of packages, in stages that only build,
    where a command might fail without the index (``rm`` without ``-f``) and cannot go with it, and
    before Alpine 3.3, whose apk does not know the option.

References:
    - https://man.archlinux.org/man/extra/apk-tools/apk.8.en
    - https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper
"""

import re
from collections.abc import Iterator

from dockeropt.model.apk import REFRESHING, classify, writes_index
from dockeropt.model.indexes import IndexUse, Need
from dockeropt.model.packages import Invocation, Tool, Verb, find_invocation
from dockeropt.model.runs import RunFacts
from dockeropt.rewrite import Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.rewrite.cleanup import calls_after, commands_below, is_read_offline, misses
from dockeropt.rewrite.editor import Edits
from dockeropt.rewrite.oldtools import apk_knows_no_cache

OFFLINE = ("--cache-dir", "--no-network", "--force-refresh", "--cache-max-age")
CACHE = "/var/cache/apk"
READING = re.compile(r"\bapk\b[^&|;]*\b(?:add|upgrade|search|list|policy|fetch)\b")
FETCHING = re.compile(r"\bapk\b[^&|;]*(?:\bupdate\b|\s-U\b|--update\b|--no-cache\b|\"-U\")")
"""Commands that read the index, and that fetch one, as they stand in CMD, ENTRYPOINT and HEALTHCHECK."""

UNREAD = Evidence("no command after it reads the index", "this file")
EMPTY = Evidence("nothing has written to the cache", "this file")


@rewrite(
    category=Category.SIZE,
    phase=Phase.PACKAGES,
    aliases=("DL3019", "DD025", "apkAddUseNoCache"),
    wants=("apk",),
)
def clean_apk_cache(ctx: Context) -> Iterator[Finding]:
    """Give ``--no-cache`` to every install, then drop what became idle by it."""
    runs = [run for run in ctx.model.runs if _concerns(ctx, run)]
    users = [found for run in runs for call in run.calls if (found := find_invocation(call)) is not None]
    users = [found for found in users if found.tool is Tool.APK]
    waiting = False
    kept = _is_missed(ctx, runs)
    for found in users:
        edits = None if kept else _without_cache(ctx, found)
        if edits is not None:
            waiting = True
            fix = ctx.safe("Install without a cache", edits, effects={Effect.CACHE_ONLY})
            yield Finding("apk keeps its index in the image", found.run.span(found.program_word), fix)
    if not waiting:
        yield from _idle_updates(ctx, users)
        yield from _idle_removals(ctx, runs, users)


def _concerns(ctx: Context, run: RunFacts) -> bool:
    if run.stage is None or not run.stage.reaches_final or run.shell is None:
        return False
    if "/etc/apk/cache" in ctx.view.lower or "setup-apkcache" in ctx.view.lower:
        return False
    if not apk_knows_no_cache(run.stage):
        return False
    return not run.mount_covers(CACHE) and not run.mount_covers("/etc/apk/cache")


def _is_missed(ctx: Context, runs: list[RunFacts]) -> bool:
    """Tell whether a command would fail without an index, and is no removal that can go too."""
    started = {commands_below(ctx, run) for run in runs}
    if any(READING.search(text) and not FETCHING.search(text) for text in started):
        return True
    calls = [call for run in runs for call in run.calls]
    missing = [call for call in calls if misses(call, CACHE)]
    if is_read_offline(calls, (Tool.APK,), "--no-network"):
        return True
    if any(call.program != "rm" or call.conditional or not call.top_level for call in missing):
        return True
    others = [call for call in calls if find_invocation(call) is None]
    return bool(missing) and any(classify(call)[0] is not Need.NO for call in others)


# --- the option ------------------------------------------------------------------------


def _without_cache(ctx: Context, found: Invocation) -> Edits | None:
    """Return the edits that give ``--no-cache``, in the place of ``--update`` if there is one."""
    word = found.verb_word
    if word is None or found.verb_text not in ("add", "upgrade", "fix") or found.has("--no-cache", *OFFLINE):
        return None
    if any(arg.literal is None and arg.end <= word.start for arg in found.call.args):
        return None  # `apk $OPTIONS add`: the option may be in there
    words = {arg.start: arg for arg in found.call.args}
    refreshing = [o for o in found.options if o.name in REFRESHING and words[o.start].text == o.name]
    if not refreshing:
        return ctx.edit.insert_words(found.run, word.end, "--no-cache")
    edits = list(ctx.edit.replace(found.run, refreshing[0].start, refreshing[0].end, "--no-cache") or ())
    for option in refreshing[1:]:
        edits += ctx.edit.remove_words(found.run, option.start, option.end) or ()
    return tuple(edits) or None


# --- what is idle then -----------------------------------------------------------------


def _idle_updates(ctx: Context, users: list[Invocation]) -> Iterator[Finding]:
    later: IndexUse | None = None
    for index, found in enumerate(users):
        if found.verb is not Verb.UPDATE or found.verb_text != "update" or found.call.piped:
            continue
        installs = [u for u in users[index + 1 :] if u.verb in (Verb.INSTALL, Verb.UPGRADE)]
        if not any(u.has("--no-cache") for u in installs) or _is_read(found):
            continue
        later = later or IndexUse(ctx.model, classify, "apk")
        if not _fetched_again(found) and later.needed_after(found.run) is not Need.NO:
            continue
        edits = ctx.edit.remove_call(found.call)
        if edits is not None:
            fix = ctx.safe(
                "Drop the update that nothing reads", edits, UNREAD, {Effect.LAYERS, Effect.CACHE_ONLY}
            )
            yield Finding(
                "apk update writes an index that nothing reads", found.run.span(found.call.node), fix
            )


def _is_read(found: Invocation) -> bool:
    """Tell whether a later call of the same script may read the index, before it is fetched again."""
    for call in calls_after(found):
        need, fetches = classify(call)
        if need is not Need.NO:
            return True
        if fetches:
            return False
    return False


def _fetched_again(found: Invocation) -> bool:
    return any(classify(call)[1] for call in calls_after(found))


def _idle_removals(ctx: Context, runs: list[RunFacts], users: list[Invocation]) -> Iterator[Finding]:
    """Find removals of a cache that no RUN of the final image has written to."""
    if any(writes_index(found) for found in users) or not any(found.has("--no-cache") for found in users):
        return
    if any(classify(call)[0] is not Need.NO for run in runs for call in run.calls):
        return
    for run in runs:
        for call in run.calls:
            words = [word for word in call.args if _is_cache(word.literal or word.text)]
            if call.program != "rm" or not words:
                continue
            if len(words) == len(call.operands):
                edits = ctx.edit.remove_call(call)
            else:
                parts = [ctx.edit.remove_words(run, word.start, word.end) for word in words]
                edits = tuple(edit for part in parts if part for edit in part) if all(parts) else None
            if edits:
                fix = ctx.safe("Drop the idle cleanup", edits, EMPTY, {Effect.LAYERS, Effect.CACHE_ONLY})
                yield Finding("apk's cache is empty already", run.span(call.node), fix)


def _is_cache(text: str) -> bool:
    """Tell whether a path names apk's cache and nothing else."""
    return text.rstrip("/*") == CACHE or (text.startswith(CACHE + "/") and text.endswith((".tar.gz", ".gz")))
