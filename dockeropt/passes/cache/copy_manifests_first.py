"""Copy the dependency manifests and install from them before the rest of the source is copied.

The build cache keeps a layer as long as nothing above it changes. Below ``COPY . .`` every
edit of any file installs all dependencies again; below a COPY of the manifests alone only a change of
the dependencies does.

Before:
    FROM python:3.12-slim
    WORKDIR /app
    COPY . .
    RUN pip install -r requirements.txt
    CMD ["python", "app.py"]

After:
    FROM python:3.12-slim
    WORKDIR /app
    COPY requirements.txt ./
    RUN pip install -r requirements.txt
    COPY . .
    CMD ["python", "app.py"]

Safety:
    Safe when the build context is known and shows that the install reads nothing but the files that
    are copied first: requirement files are followed through ``-r`` and ``-c``, the workspaces of npm
    are copied each to its place where nothing but their manifests is read, and local paths, other
    workspaces, lifecycle scripts, ``replace`` directives and the like are refused, with the reason. All
    the files have to exist and must not be ignored, nothing of the context may lie where the
    install writes (``node_modules``, ``vendor``), and what stands between the COPY and
    the install must neither read what is copied nor write there. The rest is copied right after the
    install, with the same words, so that every file ends up as it was.

    Unsafe without a context, where the files are those that the command names or the tool's own, and
    where the install may rewrite a lock file that the later COPY puts back: ``npm install`` does, ``npm ci``
    does not. Understood are pip, uv, Poetry, PDM, Pipenv, npm, Yarn, pnpm, Bun, ``go mod download``, Bundler,
    Composer (with ``--no-scripts --no-autoloader``), ``mvn dependency:go-offline``, ``gradle dependencies``,
    ``dotnet restore`` and ``mix deps.get``. Cargo is not: it reads no manifest without its source.

References:
    - https://docs.docker.com/build/cache/optimize/#order-your-layers
    - https://docs.docker.com/build/building/best-practices/#leverage-build-cache
"""

import re
from collections.abc import Iterator, Sequence
from posixpath import dirname
from typing import NamedTuple

from dockeropt.model.calls import CallFacts
from dockeropt.model.paths import is_within, resolve
from dockeropt.model.runs import RunFacts
from dockeropt.model.stages import Stage
from dockeropt.project.manifests import NotKnown, Reads, Request, files_read, is_manifest
from dockeropt.rewrite import Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.rewrite.installs import Install, install_of, reads_nothing, steered
from dockeropt.rewrite.reorder import way_down
from dockeropt.rewrite.sources import Sources, sources_of
from dockeropt.rewrite.splitting import split_edits
from dockeropt.shell.nodes import Pipeline
from dockeropt.syntax.nodes import FileInstruction, Instruction, Run
from dockeropt.text import Edit

PLAIN = re.compile(r"[\w.@+/*-]+")
"""Paths that COPY takes as they are."""


class Installs(NamedTuple):
    """Hold the installs of a RUN that read from one COPY, and where its script needs the source.

    Args:
        found: The installs.
        needs: The pipeline from which on the source may be needed, ``None`` if it never is.
        changed_to: The ``cd`` in front, to be repeated behind a cut; ``""`` if there is none.
    """

    found: tuple[Install, ...]
    needs: Pipeline | None
    changed_to: str


class Refusal(NamedTuple):
    """Say why an install stays below its COPY."""

    reason: str


@rewrite(
    category=Category.CACHE,
    phase=Phase.PACKAGES,
    after=("join-apt-update-install", "replace-apt-with-apt-get"),
    aliases=("DD006",),
    wants=(
        "install",
        "npm",
        "yarn",
        "pnpm",
        "go mod",
        "restore",
        "deps.get",
        "go-offline",
        " sync",
        "gradle",
    ),
)
def copy_manifests_first(ctx: Context) -> Iterator[Finding]:
    """Split each COPY above an install into the manifests before and the rest after it."""
    runs: dict[Instruction, RunFacts] = {run.node: run for run in ctx.model.runs}
    for stage in ctx.model.stages:
        copies: list[Sources] = []
        for index, node in enumerate(stage.instructions):
            if isinstance(node, FileInstruction):
                sources = sources_of(node, ctx.model, ctx.build)
                if isinstance(sources, Sources):
                    copies.append(sources)
            elif isinstance(node, Run) and copies:
                yield from _of_run(ctx, stage, runs, index, copies)


def _of_run(
    ctx: Context,
    stage: Stage,
    runs: dict[Instruction, RunFacts],
    index: int,
    copies: Sequence[Sources],
) -> Iterator[Finding]:
    node = stage.instructions[index]
    run = runs[node]
    if run.shell is None or run.state.workdir is None:
        return
    for sources in reversed(copies):
        found = _installs(run, sources)
        if isinstance(found, Refusal):
            if sources.folder is not None:
                yield _refused(sources, found.reason)
            return
        if not found.found:
            continue
        if _was_installed(stage, runs, sources, found):
            return
        finding = _split(ctx, stage, runs, index, sources, found)
        if finding is not None and (finding.fix is not None or sources.folder is not None):
            yield finding
        return


def _refused(sources: Sources, reason: str) -> Finding:
    keyword = sources.node.name
    message = f"the install below this {keyword} is repeated whenever any file changes; it stays, as {reason}"
    return Finding(message, sources.node.code)


# --- the installs of a RUN ---------------------------------------------------------------


def _installs(run: RunFacts, sources: Sources) -> Installs | Refusal:
    """Return the installs of ``run`` that read from ``sources``."""
    place = run.state.workdir
    assert place is not None
    if any(mount.target is None or is_within(mount.target, sources.tree) for mount in run.mounts):
        return Installs((), None, "")
    found: list[Install] = []
    changed = ""
    for call in run.calls:
        if call.program == "cd" and call.top_level and not call.failure_ignored and len(call.args) == 1:
            text = call.args[0].literal
            moved = resolve(text, place) if text is not None else None
            if moved is None or call is not run.calls[0]:
                return (
                    Installs(tuple(found), _pipeline_of(call), changed) if found else Installs((), None, "")
                )
            place, changed = moved, f"cd {call.args[0].text}"
            continue
        install = install_of(call, place)
        if install is not None and _reads_from(install, sources):
            if not _is_plain(call):
                return Refusal(f"{install.words} is run under a condition")
            found.append(install)
        elif not reads_nothing(call, (place,), sources.tree) and not _tidies(call, place, found):
            if not found:
                later = _later_install(run, call, place, sources)
                if later is None:
                    return Installs((), None, "")
                return Refusal(f"{call.program or 'a command'} before {later.words} may need the source")
            return Installs(tuple(found), _pipeline_of(call), changed)
    return Installs(tuple(found), None, changed)


def _later_install(run: RunFacts, call: CallFacts, place: str, sources: Sources) -> Install | None:
    for other in run.calls[run.calls.index(call) + 1 :]:
        install = install_of(other, place)
        if install is not None and _reads_from(install, sources):
            return install
    return None


def _reads_from(install: Install, sources: Sources) -> bool:
    if install.requirements:
        return any(sources.origin(path) is not None for path in install.requirements)
    if sources.folder is not None and is_within(install.place, sources.tree):
        return True
    return any(dirname(path) == install.place for path in sources.files)


def _is_plain(call: CallFacts) -> bool:
    return call.top_level and not (call.conditional or call.failure_ignored or call.background or call.piped)


def _tidies(call: CallFacts, place: str, found: Sequence[Install]) -> bool:
    """Tell whether a command only removes what an install has left in its own folder."""
    if call.program != "rm" or not found:
        return False
    names = [word.literal or "/" for word in call.operands]
    paths = [resolve(name, place) or "/" for name in names]
    return all(any(is_within(path, f"{i.place}/node_modules") for i in found) for path in paths)


def _pipeline_of(call: CallFacts) -> Pipeline | None:
    """Return the member of the script's own lists that the call belongs to."""
    chain = call.ancestors
    return chain[4] if len(chain) > 4 and isinstance(chain[4], Pipeline) else None


def _was_installed(
    stage: Stage, runs: dict[Instruction, RunFacts], sources: Sources, found: Installs
) -> bool:
    """Tell whether the same was installed before the COPY: then it is split already."""
    before: set[tuple[str, str, tuple[str, ...]]] = set()
    for node in stage.instructions[: stage.instructions.index(sources.node)]:
        if not isinstance(node, Run):
            continue
        place = runs[node].state.workdir
        for call in runs[node].calls:
            if call.program == "cd" and call.args:
                place = resolve(call.args[0].literal or ".", place)
            install = install_of(call, place or "/")
            if install is not None:
                before.add(install.key)
    return any(install.key in before for install in found.found)


# --- the change --------------------------------------------------------------------------


def _split(
    ctx: Context,
    stage: Stage,
    runs: dict[Instruction, RunFacts],
    index: int,
    sources: Sources,
    installs: Installs,
) -> Finding | None:
    copy, node = sources.node, stage.instructions[index]
    run = runs[node]
    answers: list[Reads] = []
    for install in installs.found:
        variable = steered(run, install.tool)
        if variable is not None:
            return _refused(sources, f"{variable} may lead {install.tool} to other files")
        answer = _asked(ctx, sources, install)
        if isinstance(answer, NotKnown):
            return _refused(sources, answer.reason)
        if any(sources.target(path) is None for path in answer.files):
            return None  # manifests have a COPY of their own: it is split, in its way
        targets = [sources.origin(path) for path in install.targets]
        if any(target == sources.top for target in targets):
            return _refused(sources, "it installs among what is copied")
        answers.append(answer._replace(writes=(*answer.writes, *[t for t in targets if t is not None])))
    files = tuple(dict.fromkeys([path for answer in answers for path in answer.files]))
    others = {origin for origin, _ in sources.files.values()} - set(files)
    if sources.folder is None and all(is_manifest(path) for path in others):
        return None  # nothing but manifests is copied: it is split already
    for install in installs.found:
        made = [sources.target(path) or "/" for path in files]
        if install.place != run.state.workdir and not any(is_within(path, install.place) for path in made):
            return _refused(sources, f"{install.place} would not be there yet")
    reason = _overwritten(ctx, answers)
    if reason:
        return _refused(sources, reason)
    at = stage.instructions.index(copy)
    way = way_down(
        ctx.model, copy, sources.tree, stage.instructions[at + 1 : index], runs, _modes(ctx, sources)
    )
    if way.obstacle:
        return _refused(sources, way.obstacle)
    missing = tuple([path for path in files if not _is_there(ctx, stage, runs, sources, path)])
    edits = split_edits(ctx, sources, run, missing, needs=installs.needs, changed_to=installs.changed_to)
    if edits is None:
        return _refused(sources, "its lines cannot be moved without losing something")
    doubts = tuple(
        dict.fromkeys([d for answer in answers for d in answer.doubts] + [*way.doubts, *_mode(ctx, sources)])
    )
    return _finding(ctx, sources, installs, files, edits, doubts)


def _asked(ctx: Context, sources: Sources, install: Install) -> Reads | NotKnown:
    """Return which files of the context an install reads."""
    requirements = [sources.origin(path) for path in install.requirements]
    constraints = [sources.origin(path) for path in install.constraints]
    folder = sources.origin(install.place) if sources.folder is not None else None
    if folder is None:
        homes = {dirname(o) for path, (o, _) in sources.files.items() if dirname(path) == install.place}
        if len(homes) > 1 or (not homes and not install.requirements):
            return NotKnown("the manifests come from several folders")
        folder = homes.pop() if homes else ""
    if None in requirements or None in constraints:
        return NotKnown("some of the files come from another place")
    request = Request(
        install.tool,
        install.verb,
        folder,
        install.options,
        install.operands,
        tuple([path for path in requirements if path is not None]),
        tuple([path for path in constraints if path is not None]),
        sources.top,
        install.frozen,
    )
    answer = files_read(ctx.build, request)
    if isinstance(answer, NotKnown):
        return answer
    for path in answer.files:
        if not PLAIN.fullmatch(path):
            return NotKnown(f"{path} has to be quoted")
    return answer


def _is_there(
    ctx: Context, stage: Stage, runs: dict[Instruction, RunFacts], sources: Sources, path: str
) -> bool:
    """Tell whether an earlier COPY has put the manifest where it belongs, and nothing touched it since."""
    target = sources.target(path)
    if target is None:
        return False
    there = False
    flags = [(flag.name, flag.value) for flag in sources.node.flags]
    for node in stage.instructions[: stage.instructions.index(sources.node)]:
        if isinstance(node, FileInstruction):
            if [(flag.name, flag.value) for flag in node.flags] == flags and not node.heredocs:
                written = ctx.model.state_before(node).expand(node.destination.text)
                place = resolve(written, ctx.model.state_before(node).workdir) if written else None
                names = [word.text.removeprefix("./").removeprefix("/") for word in node.sources]
                if place == dirname(target):
                    there = there or any(_matches(name, path) for name in names)
        elif isinstance(node, Run) and there:
            run = runs[node]
            there = run.shell is not None and all(
                reads_nothing(call, (run.state.workdir,), sources.tree) for call in run.calls
            )
    return there


def _matches(pattern: str, path: str) -> bool:
    """Tell whether a source of COPY is the file, or its plain pattern matches it."""
    if pattern == path or not any(char in pattern for char in "*?["):
        return pattern == path
    from fnmatch import fnmatchcase

    return dirname(pattern) == dirname(path) and fnmatchcase(path, pattern)


def _overwritten(ctx: Context, answers: Sequence[Reads]) -> str:
    """Return what the later COPY would put over what the install has made, ``""`` for nothing."""
    if not ctx.build.known:
        return ""
    from dockeropt.project.manifests.look import Folder

    whole = Folder(ctx.build, "")
    for answer in answers:
        for path in answer.writes:
            if whole.holds(path):
                return f"the build context has {path}, which would be copied over the installed one"
    return ""


def _modes(ctx: Context, sources: Sources) -> dict[str, int]:
    """Return the permission bits of the folders that the COPY makes."""
    if not ctx.build.known or sources.folder is None:
        return {}
    found: dict[str, int] = {}
    for entry in ctx.build.entries(sources.folder):
        target = sources.target(entry.path)
        if entry.kind == "folder" and target is not None:
            found[target] = entry.mode
    return found


def _mode(ctx: Context, sources: Sources) -> list[str]:
    """Return the doubt about a destination that had the mode of the copied folder, and now has 755."""
    entry = ctx.build.entry(sources.folder) if sources.folder else None
    if entry is None or entry.mode == 0o755:
        return []
    made = ctx.model.state_before(sources.node).workdir == sources.tree
    return [] if made else [f"which mode {sources.tree} has"]


def _finding(
    ctx: Context,
    sources: Sources,
    installs: Installs,
    files: tuple[str, ...],
    edits: tuple[Edit, ...],
    doubts: tuple[str, ...],
) -> Finding:
    words = " and ".join(dict.fromkeys([install.words for install in installs.found]))
    names = ", ".join(files[:4]) + (f" and {len(files) - 4} more" if len(files) > 4 else "")
    title = f"Copy {names} first, install, then copy the rest"
    message = f"{words} is repeated whenever any file changes that this {sources.node.name} copies"
    if not ctx.build.known or doubts:
        message = f"{message}; not known is {'; '.join(doubts) or 'the build context'}"
        return Finding(
            message, sources.node.code, ctx.unsafe(title, edits, effects={Effect.LAYERS, Effect.FILES})
        )
    because = [
        Evidence(
            f"of what is copied, {words} reads nothing but {names}", "the manifests of the build context"
        ),
        Evidence("nothing that is copied lies where the install writes", "the build context"),
        Evidence(
            "what stands in between neither reads nor writes what is copied", "the instructions between"
        ),
    ]
    return Finding(message, sources.node.code, ctx.safe(title, edits, because, {Effect.LAYERS}))
