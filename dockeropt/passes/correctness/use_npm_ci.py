"""Install what the lock file says with npm ci.

``npm install`` takes the lock file as a start: where it does not fit ``package.json``, other versions
are installed and the lock file is written anew, inside the image, where nobody sees it. ``npm ci``
installs what is locked, or fails. It is also faster, and leaves nothing of an older ``node_modules``.

Before:
    FROM node:20-slim
    WORKDIR /app
    COPY package.json package-lock.json ./
    RUN npm install --production

After:
    FROM node:20-slim
    WORKDIR /app
    COPY package.json package-lock.json ./
    RUN npm ci --production

Safety:
    Unsafe: with a lock file that does not fit ``package.json`` the build fails, and that is known for
    the file of today only. It is done when the lock file is copied to where npm runs, by name or,
    where the build context is known, in any way; then both files are read, and must agree. It is
    not done when packages are named, for a base image that is not the official Node.js one or may have
    an npm before 5.7, for workspaces, and after another install in the same place, because
    npm ci removes ``node_modules`` first.

References:
    - https://docs.npmjs.com/cli/commands/npm-ci
    - https://nodejs.org/en/about/previous-releases
"""

import re
from collections.abc import Iterator, Mapping
from posixpath import basename, dirname, join, relpath

from dockeropt.model import Invocation, Tool
from dockeropt.model.paths import is_within, resolve
from dockeropt.model.stages import Stage
from dockeropt.project.sources import matches
from dockeropt.rewrite import Applicability, Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.rewrite.localsources import local_sources

LOCKS = ("npm-shrinkwrap.json", "package-lock.json")
"""Lock files of npm, the one that counts first."""

HARMLESS = frozenset(
    (
        "--production --only --omit --include --no-audit --no-fund --audit --fund --ignore-scripts --loglevel"
        " --quiet --silent -s -q -d --verbose --unsafe-perm --legacy-peer-deps --no-optional --no-progress"
        " --progress --prefer-offline --registry --cache --no-color --no-update-notifier --maxsockets"
        " --fetch-timeout --fetch-retries --strict-ssl --cache-min --dev --also --foreground-scripts"
    ).split()
)
"""Options that mean the same to ``npm ci``."""

FIELDS = ("dependencies", "devDependencies", "optionalDependencies")


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.PACKAGES,
    aliases=("DD010",),
    wants=("npm",),
    level=Applicability.UNSAFE,
)
def use_npm_ci(ctx: Context) -> Iterator[Finding]:
    """Turn npm install into npm ci where the lock file is there."""
    earlier: set[tuple[int, str | None]] = set()
    for use in ctx.model.installs(Tool.NPM):
        stage, run = use.run.stage, use.run
        if stage is None or run.onbuild or use.has("-g", "--global", "--location"):
            continue
        place = (id(stage), run.state.workdir)
        fresh = place not in earlier
        earlier.add(place)
        if not fresh or not _is_plain(use):
            continue
        major = _node_major(stage)
        evidence = _lock(ctx, use, major) if major is not None else None
        if evidence is None:
            continue
        word = use.verb_words[0]
        edits = ctx.edit.replace(run, word.start, word.end, "ci")
        if edits is None:
            continue
        fix = ctx.unsafe("Use npm ci", edits, evidence, {Effect.FILES})
        yield Finding("npm install may install other versions than the lock file says", run.span(word), fix)


def _is_plain(use: Invocation) -> bool:
    """Tell whether the call installs what ``package.json`` says, where the RUN begins."""
    if len(use.verb_words) != 1 or use.verb_words[0].literal not in ("install", "i"):
        return False
    if use.packages or use.operands or use.dynamic or not use.call.top_level:
        return False
    if use.call.failure_ignored or use.call.conditional or use.call.prefixes:
        return False
    for call in use.run.calls:
        if call is use.call:
            break
        if call.program in (None, "cd", "pushd", "rm", "npm", "yarn", "pnpm", "nvm", "n"):
            return False
    return all(option.name in HARMLESS for option in use.options)


def _node_major(stage: Stage) -> int | None:
    """Return the Node.js version of an image whose npm knows ``ci``; ``None`` if it may not.

    npm 5.7 (2018-02) was the first. Node.js 10.3 brought npm 6, and 15 brought npm 7
    (nodejs.org, previous releases; seen 2026-11).
    """
    image = stage.base
    if image is None or image.official != "node":
        return None
    tag = image.tag or "latest"
    first = tag.split("-")[0]
    if first in ("latest", "lts", "current", "alpine", "slim", "bookworm", "bullseye", "trixie"):
        return 20
    found = re.fullmatch(r"(\d+)(?:\.(\d+))?(?:\.\d+)?", first)
    if found is None:
        return None
    major, minor = int(found[1]), int(found[2]) if found[2] else 99
    if major < 10 or (major == 10 and minor < 3):
        return None
    return major


def _lock(ctx: Context, use: Invocation, major: int) -> Evidence | None:
    """Return why ``npm ci`` finds its lock file, ``None`` if it may not."""
    folder, named = _copied(ctx, use)
    if not ctx.build.known:
        if not named:
            return None
        return Evidence(f"{named} is copied to where npm runs", "the COPY before; the file was not seen")
    if folder is None:
        return None
    for name in LOCKS:
        path = join(folder, name)
        if named and basename(named) != name:
            continue
        entry = ctx.build.entry(path)
        if entry is None or not matches(ctx.build, path):
            continue
        package, lock = _json(ctx, join(folder, "package.json")), _json(ctx, path)
        if package is None or lock is None or not _in_step(package, lock, major):
            return None
        return Evidence(f"{path} holds all that {join(folder, 'package.json')} asks for", path)
    return None


def _copied(ctx: Context, use: Invocation) -> tuple[str | None, str]:
    """Return the folder of the context that is copied to where npm runs, and the lock file if it is named."""
    here = use.run.state.workdir
    stage = use.run.stage
    folder: str | None = None
    named = ""
    if here is None or stage is None:
        return None, ""
    own = {id(node) for node in stage.instructions}
    for node, _, text in local_sources(ctx.model):
        if node.keyword.start > use.run.node.keyword.start or id(node) not in own or text is None:
            continue
        state = ctx.model.state_before(node)
        written = state.expand(node.destination.text)
        target = resolve(written, state.workdir) if written else None
        if target is None:
            continue
        name = basename(text.rstrip("/"))
        if name in LOCKS and (target == here or target == join(here, name)):
            named, folder = text, dirname(text.removeprefix("./").lstrip("/"))
            continue
        for entry in matches(ctx.build, text):
            if entry.kind == "folder" and is_within(here, target):
                inner = relpath(here, target)
                folder = entry.path if inner == "." else join(entry.path, inner)
                named = ""
            elif entry.kind == "file" and basename(entry.path) in LOCKS and target == here:
                named, folder = entry.path, dirname(entry.path)
    return folder, named


def _json(ctx: Context, path: str) -> Mapping[str, object] | None:
    import json

    try:
        value = json.loads(ctx.build.read(path) or "")
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _in_step(package: Mapping[str, object], lock: Mapping[str, object], major: int) -> bool:
    """Tell whether the lock file is made for this ``package.json``."""
    version = lock.get("lockfileVersion")
    if "workspaces" in package or version not in (1, 2, 3) or (version == 3 and major < 15):
        return False
    packages = lock.get("packages")
    if isinstance(packages, dict):
        root = packages.get("")
        return isinstance(root, dict) and all((root.get(f) or {}) == (package.get(f) or {}) for f in FIELDS)
    locked = lock.get("dependencies") or {}
    # npm 7 and later want peer dependencies locked too, which a lock file of npm 6 does not name.
    if version != 1 or major > 14 or not isinstance(locked, dict):
        return False
    for field in FIELDS:
        wanted = package.get(field) or {}
        if not isinstance(wanted, dict):
            return False
        for name, span in wanted.items():
            entry = locked.get(name)
            held = entry.get("version") if isinstance(entry, dict) else None
            if not _satisfies(str(held), str(span)):
                return False
    return True


def _satisfies(version: str, span: str) -> bool:
    """Tell whether a version certainly lies in a span; only ``1.2.3``, ``~1.2.3`` and ``^1.2.3`` are known."""
    wanted = re.fullmatch(r"([~^]?)(\d+)\.(\d+)\.(\d+)", span)
    held = re.fullmatch(r"(\d+)\.(\d+)\.(\d+)", version)
    if wanted is None or held is None:
        return version == span
    low = tuple(int(part) for part in wanted.groups()[1:])
    have = tuple(int(part) for part in held.groups())
    if not wanted[1]:
        return have == low
    if have < low or have[0] != low[0]:
        return False
    if wanted[1] == "~" or low[0] == 0:
        return have[1] == low[1] and (wanted[1] == "~" or low[1] > 0 or have == low)
    return True
