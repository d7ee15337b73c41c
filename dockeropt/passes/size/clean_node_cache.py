"""Empty the cache of npm, yarn or pnpm in the RUN that fills it.

The package managers of Node keep a copy of every archive they download. In an image that
copy is never read again: the next build starts from an empty layer.

Before:
    FROM node:20-slim
    WORKDIR /app
    COPY package.json package-lock.json ./
    RUN npm ci --omit=dev

After:
    FROM node:20-slim
    WORKDIR /app
    COPY package.json package-lock.json ./
    RUN npm ci --omit=dev && npm cache clean --force

Safety:
    Safe: only a cache goes. Nothing is appended where a cache mount is in force, where the
    script cleans up itself, where a later command might fail without the cache (``npm ci --offline``,
    ``rm -r`` without ``-f``), after ``pnpm fetch``, where npm may be gone again at the end of the
    script or was replaced last, or in stages that only build. The cache of yarn 2 and later can
    be part of the project, so ``yarn cache clean`` is unsafe unless the call shows that yarn is
    version 1: an option that only version 1 has, or a project of which only named files have
    been copied yet.

References:
    - https://docs.npmjs.com/cli/v10/commands/npm-cache
    - https://classic.yarnpkg.com/en/docs/cli/cache
    - https://pnpm.io/cli/store
"""

from collections.abc import Iterable, Iterator

from dockeropt.model.calls import CallFacts
from dockeropt.model.packages import Invocation, Tool, Verb, find_invocation
from dockeropt.rewrite import Category, Context, Effect, Finding, Phase, rewrite
from dockeropt.rewrite.cleanup import (
    cache_is_mounted,
    calls_after,
    calls_below,
    commands_below,
    is_read_offline,
    last_uses,
    may_lose_program,
    misses,
    removes,
)
from dockeropt.syntax.nodes import FileInstruction, Run

CLEAN = {
    Tool.NPM: "npm cache clean --force",
    Tool.YARN: "yarn cache clean",
    Tool.PNPM: "pnpm store prune",
}
CLASSIC_OPTIONS = (
    "--pure-lockfile",
    "--production",
    "--prod",
    "--ignore-engines",
    "--non-interactive",
    "--har",
)
"""Options of yarn 1 that later versions do not have."""

CACHES = (
    ".npm",
    "_cacache",
    ".cache",
    "/usr/local/share/.cache",
    ".yarn",
    "pnpm/store",
    "/tmp/*",  # noqa: S108 - what scripts remove, not what we write
    "/root/.*",
)

MISSED = (".npm", "_cacache", ".cache", ".yarn", "pnpm/store")
"""What a later command names that would fail without the cache."""


@rewrite(
    category=Category.SIZE,
    phase=Phase.LAYERS,
    after=("merge-runs",),
    aliases=("DL3060", "npmCacheCleanAfterInstall", "yarnCacheCleanAfterInstall"),
    wants=("npm", "yarn"),
)
def clean_node_cache(ctx: Context) -> Iterator[Finding]:
    """Append the tool's own cleanup to each RUN that installs with it."""
    for tool, command in CLEAN.items():
        for run, use in last_uses(ctx, lambda i, tool=tool: i.tool is tool and _fills_cache(i)):  # type: ignore[misc]
            if cache_is_mounted(run, use.cache_paths) or may_lose_program(use) or _is_cleaned(use):
                continue
            later = tuple(calls_below(ctx, run))
            if any(misses(call, *MISSED, *use.cache_paths) for call in later):
                continue
            if "--offline" in commands_below(ctx, run) or is_read_offline(later, (tool,), "--offline"):
                continue
            if _may_be_broken(use, later):
                continue
            sudo = "sudo " if "sudo" in use.call.prefixes else ""
            program = use.call.path if "/" in use.call.path else tool.value
            edits = ctx.edit.append_command(run, sudo + command.replace(tool.value, program, 1))
            if edits is None:
                continue
            title = f"Clean the {tool.value} cache"
            if tool is Tool.YARN and not _is_classic(ctx, use):
                fix = ctx.unsafe(title, edits, effects={Effect.FILES})
            else:
                fix = ctx.safe(title, edits, effects={Effect.CACHE_ONLY})
            yield Finding(f"the {tool.value} cache stays in the image", run.span(use.call.node), fix)


def _fills_cache(use: Invocation) -> bool:
    if use.has("--dry-run", "--cache", "--cache-folder", "--store-dir", "--package-lock-only"):
        return False
    if use.verb_text == "fetch":  # what pnpm fetches is there to be installed later
        return False
    return use.verb in (Verb.INSTALL, Verb.UPGRADE) and not _moves_cache(use)


def _may_be_broken(use: Invocation, later: Iterable[CallFacts]) -> bool:
    """Tell whether npm was just replaced and nothing shows that the new one runs on this Node.js."""
    if not use.has("-g", "--global") or not any(package.name == "npm" for package in use.packages):
        return False
    tools = [found.tool for call in later if (found := find_invocation(call)) is not None]
    return Tool.NPM not in tools


def _moves_cache(use: Invocation) -> bool:
    """Tell whether an assignment in front of the call says where the cache is."""
    return any("cache" in assign.name.lower() for assign in use.call.node.assigns)


def _is_cleaned(use: Invocation) -> bool:
    for call in calls_after(use):
        later = find_invocation(call)
        if later is not None and later.tool is use.tool and later.verb is Verb.CLEAN:
            return True
        if removes(call, *CACHES, *use.cache_paths):
            return True
    return False


def _is_classic(ctx: Context, use: Invocation) -> bool:
    """Tell whether yarn is certainly version 1."""
    if use.verb_text.startswith("global") or use.has(*CLASSIC_OPTIONS):
        return True
    stage = use.run.stage
    if stage is None or stage.parent is not None or "corepack" in ctx.view.lower:
        return False
    for node in stage.instructions:
        if node is use.run.node:
            return True
        if (
            isinstance(node, Run)
            and node.script is not None
            and "yarn" in node.script.text
            and "git" in node.script.text
        ):
            return False
        if isinstance(node, FileInstruction) and not all(_is_manifest(word.text) for word in node.sources):
            return False
    return False


def _is_manifest(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith(("package", "yarn.lock")) or name in (".npmrc", ".yarnrc")
