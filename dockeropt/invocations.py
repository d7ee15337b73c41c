"""Compose and bake files on the command line: the Dockerfiles that they build, each with its builds.

A path that ends in ``.yaml`` or ``.yml`` is a compose file, one that ends in ``.hcl`` or ``.json`` a
bake file: no Dockerfile is called so. Folders are never searched for them.

Invariant: every Dockerfile comes once, with all builds that the named files ask for; a build that
is not known says why, and its Dockerfile is only changed where that is right for any build.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from dockeropt.config import Options
from dockeropt.errors import ConfigError, DockeroptError, FileProblem
from dockeropt.parallel import Build, Item, Job
from dockeropt.project.builds import COMPOSE_NAMES, Builds, BuildUse, Skipped, nearest
from dockeropt.results import FixResult, failure, notes_on, untouched
from dockeropt.rewrite.levels import Levels
from dockeropt.rewrite.result import Result

if TYPE_CHECKING:
    from dockeropt.interop.uses import Use

Run = Callable[[str, Options, Levels], Result]
"""Looks at one Dockerfile for one build."""


def read_builds(path: str) -> tuple[str, Builds]:
    """Return the text of a compose or bake file, and what it builds.

    Raises:
        FileProblem: It cannot be read, or is malformed.
    """
    from dockeropt import files

    text = files.read(path).text
    if not path.lower().endswith((".yaml", ".yml")):
        return text, parse_builds(text, path)
    from dockeropt.project.compose import read_compose
    from dockeropt.project.interpolation import read_env

    variables = read_env(_text_of(os.path.join(os.path.dirname(path), ".env")) or "")
    return text, read_compose(text, path, read=_text_of, variables=variables)


def parse_builds(text: str, path: str) -> Builds:
    """Return what a compose or bake file builds, with nothing else read.

    Raises:
        FileProblem: It is malformed.
    """
    if path.lower().endswith((".yaml", ".yml")):
        from dockeropt.project.compose import read_compose

        return read_compose(text, path)
    from dockeropt.project.bake import read_bake

    return read_bake(text, path)


def _text_of(path: str) -> str | None:
    from dockeropt import files

    try:
        return files.read(path).text
    except FileProblem:
        return None


def jobs_of(
    paths: Iterable[str],
    options_of: Callable[[str], Options],
    *,
    apply: bool,
    services: Sequence[str] = (),
    done: set[str],
) -> Iterator[Item]:
    """Yield a job for each Dockerfile that compose and bake files build, and for those in the files.

    Args:
        paths: The compose and bake files.
        options_of: Options of a path.
        apply: Whether to make fixes.
        services: Services, targets and groups that count; all when there are none.
        done: Gets the real paths of the Dockerfiles that there is a job for.
    """
    builds: dict[str, list[BuildUse | Skipped]] = {}
    named: dict[str, str] = {}
    own: list[Item] = []
    paths = tuple(dict.fromkeys(paths))
    for path in paths:
        try:
            options = options_of(path)
            text, found = read_builds(path)
            uses, skipped = _selected(found, services, path)
        except DockeroptError as error:
            own.append(failure(path, error))
            continue
        inline = [use for use in uses if use.inline is not None and use.file == path]
        notes = [f"{s.file}:{s.line}:{s.column}: {s.service}: {s.reason}" for s in skipped]
        notes += [
            f"{use.file}:{use.line}:{use.column}: {use.service}: its Dockerfile stands in that file"
            for use in uses
            if use.inline is not None and use.file != path
        ]
        notes += [
            f"{other}: compose adds this file by itself, name it too"
            for other in _overrides(path)
            if other not in paths
        ]
        both = [build._replace(dockerfile=_spelled(build.dockerfile)) for build in _both(uses, skipped)]
        for build in both:
            if build.dockerfile and not os.path.isfile(build.dockerfile):
                own.append(_missing(build))
            elif build.dockerfile:
                real = os.path.realpath(build.dockerfile)
                named.setdefault(real, build.dockerfile)
                builds.setdefault(real, []).append(build)
        if not uses and not skipped:
            notes.append(f"{path}: nothing is built here")
        if inline:
            own.append(Job(path, text, options, apply, inline=tuple(inline), notes=tuple(notes)))
        elif notes:
            own.append(untouched(path, text)._replace(notes=tuple(notes)))
    yield from own
    for real, path in named.items():
        done.add(real)
        yield _job(path, builds[real], options_of, apply=apply)


def _both(uses: Sequence[BuildUse], skipped: Sequence[Skipped]) -> Iterator[BuildUse | Skipped]:
    yield from uses
    yield from skipped


def _spelled(path: str) -> str:
    """Return the path as it is on disk: BuildKit also takes ``dockerfile`` where it looks for ``Dockerfile``."""
    folder, name = os.path.split(path)
    other = os.path.join(folder, name.lower())
    return other if name == "Dockerfile" and not os.path.exists(path) and os.path.isfile(other) else path


def _overrides(path: str) -> list[str]:
    """Return the override files beside a compose file that is called as compose expects it."""
    folder, name = os.path.split(path)
    if name not in COMPOSE_NAMES:
        return []
    stem = name.partition(".")[0]
    names = [os.path.join(folder, f"{stem}.override{ending}") for ending in (".yaml", ".yml")]
    return [other for other in names if os.path.isfile(other)]


def _job(
    path: str, builds: Sequence[BuildUse | Skipped], options_of: Callable[[str], Options], *, apply: bool
) -> Item:
    from dockeropt import files

    try:
        options = options_of(path)
        text = files.read(path).text
    except DockeroptError as error:
        return failure(path, error)
    found: dict[tuple[object, ...], Build] = {}
    for build in builds:  # two services that are built alike are one build
        made = _build(build, options, text)
        key = (made.options.context, tuple(made.options.build_args.items()), made.options.target, made.frozen)
        found.setdefault(key, made)
    return Job(path, text, options, apply, builds=tuple(found.values()))


def _build(use: BuildUse | Skipped, options: Options, text: str) -> Build:
    if isinstance(use, Skipped):  # nothing is known of it: what holds without a context holds for it
        return Build(use.service, options._replace(context=""))
    own = options._replace(
        context=use.context,
        build_args={**dict(use.args), **options.build_args},
        target=options.target or use.target,
    )
    return Build(use.service, own, _replaces_base(use, text))


def _replaces_base(use: BuildUse, text: str) -> bool:
    """Tell whether a named context takes the place of an image that the text builds on."""
    words = re.findall(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(\S+)", text, re.IGNORECASE | re.MULTILINE)
    names = {name.lower() for name, _ in use.contexts}
    return any(word.lower() in names or ("$" in word and names) for word in words)


def _missing(build: BuildUse | Skipped) -> FixResult:
    hint = "check context and dockerfile"
    problem = FileProblem(
        f"{build.service} builds {build.dockerfile}, and there is no such file",
        path=build.file,
        line=build.line,
        column=build.column,
        hint=hint,
    )
    return failure(build.file, problem)


def _selected(
    found: Builds, services: Sequence[str], path: str
) -> tuple[tuple[BuildUse, ...], tuple[Skipped, ...]]:
    if not services:
        return found.uses, found.skipped
    groups = dict(found.groups)
    wanted: set[str] = set()
    for name in services:
        if name not in found.names:
            close = nearest(name, found.names)
            hint = f"did you mean {close}?" if close else f"there are {', '.join(found.names[:9]) or 'none'}"
            raise ConfigError(f"no service or target '{name}'", path=path, hint=hint)
        wanted |= {name, *groups.get(name, ())}
    return (
        tuple([use for use in found.uses if use.service in wanted]),
        tuple([skipped for skipped in found.skipped if skipped.service in wanted]),
    )


def do(job: Job, run: Run, levels: Levels) -> FixResult:
    """Do a job that has builds.

    Args:
        job: The job.
        run: Looks at a text for one build.
        levels: What the options say about levels.
    """
    from dockeropt.interop.uses import agree

    if job.builds:
        outcome = agree(job.text, _uses(job.builds, run), levels)
        contexts = {build.options.context for build in job.builds}
        context = contexts.pop() if len(contexts) == 1 else ""
        inputs = tuple([(build.options.build_args, build.options.target) for build in job.builds])
        notes = (*job.notes, *notes_on(job.path, outcome))
        return FixResult(job.path, outcome, context=context, notes=notes, builds=inputs)
    from dockeropt.interop.compose import fix_inline

    def engine(text: str, uses: Sequence[BuildUse], files: bool) -> Result:  # noqa: FBT001
        return agree(text, _uses([_build(use, job.options, text) for use in uses], run), levels, files=files)

    outcome = fix_inline(job.text, job.inline, engine)
    context = job.inline[0].context if job.inline else ""
    return FixResult(job.path, outcome, context=context, notes=job.notes)


def _uses(builds: Sequence[Build], run: Run) -> list["Use"]:
    from dockeropt.interop.uses import Use

    return [
        Use(
            build.name,
            build.options.context,
            lambda text, levels, options=build.options: run(text, options, levels),  # type: ignore[misc]
            build.frozen,
        )
        for build in builds
    ]
