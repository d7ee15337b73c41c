"""The library: text in, result out.

Laws, tested over random and real input: **pure** (no network, no environment, no current
folder, no printing; only ``fix_file`` and ``fix_paths`` touch files, ``estimate`` looks at the
build context), **total** (any text gives a result, only wrong options raise), **idempotent**
(``fix(fix(x)) == fix(x)``).
"""

import functools
import os
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from dockeropt.config import Options
from dockeropt.errors import DockeroptError, FileProblem, InternalProblem
from dockeropt.project.context import UNKNOWN, BuildContext
from dockeropt.results import FixResult, failure, notes_on
from dockeropt.rewrite.levels import Levels
from dockeropt.rewrite.pipeline import run
from dockeropt.rewrite.registry import load_registry
from dockeropt.rewrite.result import Result
from dockeropt.text import Source
from dockeropt.writing import without_repeated, write_result

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from dockeropt.estimates.records import Estimate
    from dockeropt.parallel import Item, Job
    from dockeropt.rewrite.fix import Effect, Finding
    from dockeropt.rewrite.passes import Pass, PassInfo
    from dockeropt.syntax.nodes import Dockerfile

DEFAULT = Options()

BUILD_FILES = (".yaml", ".yml", ".hcl", ".json")
"""How compose and bake files end."""

MARKDOWN_FILES = (".md", ".markdown")

HOLDERS = (".py", *MARKDOWN_FILES, *BUILD_FILES)
"""How files end that may hold Dockerfiles; all others are Dockerfiles."""


def parse(source: str | bytes) -> "Dockerfile":
    """Return the lossless tree of a Dockerfile; never raises, ``str(tree)`` is the text.

    Args:
        source: The text, or the bytes of a file.
    """
    from dockeropt import syntax

    return syntax.parse(source)


def fix_str(
    source: str, *, options: Options = DEFAULT, path: str = "", build: BuildContext = UNKNOWN
) -> FixResult:
    """Return what the selected passes make of a Dockerfile.

    Args:
        source: The text.
        options: Which passes, at which level.
        path: A name for messages and for ``options.per_file_ignores``; nothing is read.
        build: The build context; ``options.context`` is for functions that read files.

    Raises:
        ConfigError: The options name a pass or a pass option that does not exist.
    """
    return _fix(source, options, path, apply=True, build=build)


def check_str(
    source: str, *, options: Options = DEFAULT, path: str = "", build: BuildContext = UNKNOWN
) -> "tuple[Finding, ...]":
    """Return all findings on a Dockerfile, in the order of their places; change nothing.

    The arguments and errors are those of :func:`fix_str`.
    """
    result = _fix(source, options, path, apply=False, build=build)
    return tuple([left.finding for left in result.leftover])


def fix_python(source: str, *, options: Options = DEFAULT, path: str = "dockerfile.py") -> FixResult:
    """Fix the Dockerfiles that stand in string literals of a Python file.

    Which literals are looked at, and what becomes of templates: ``docs/embedded.md``. ``notes`` of the
    result name those that were left alone. ``fix_file``, ``fix_paths`` and ``fix_str`` do the same for a
    path that ends in ``.py``, and for the blocks of one that ends in ``.md``.

    Args:
        source: The text of the Python file.
        options: Which passes, at which level.
        path: A name that ends in ``.py``.

    Raises:
        ConfigError: See :func:`fix_str`.
    """
    return _fix(source, options, path, apply=True)


def fix_file(path: str | os.PathLike[str], *, options: Options = DEFAULT, write: bool = False) -> FixResult:
    """Fix one file.

    Args:
        path: The file. A file that cannot be read or written gives a result with ``error``.
        options: Which passes, at which level.
        write: Whether to replace the file when its text changes.

    Raises:
        ConfigError: See :func:`fix_str`.
    """
    name = os.fspath(path)
    try:
        text = _read(name)
    except FileProblem as error:
        return failure(name, error)
    result = _fix(text, options, name, apply=True, build=context_of(options, name))
    return write_result(result) if write else result


def fix_paths(
    paths: Iterable[str | os.PathLike[str]],
    *,
    options: Options | Callable[[str], Options] = DEFAULT,
    write: bool = False,
    apply: bool = True,
    jobs: int | None = None,
    executor: "Executor | None" = None,
    services: Sequence[str] = (),
) -> Generator[FixResult, None, None]:
    """Fix files, and the Dockerfiles of folders, one after the other or many at once.

    Files are read and written here, one at a time and in order; only the work on the
    text is handed out. So workers need no access to the files, and stopping early leaves
    every file either as it was or as it should be.

    Args:
        paths: Files and folders; folders are searched, see ``docs/configuration.md``. Compose and
            bake files stand for the Dockerfiles that they build, see ``docs/compose.md``.
        options: Options for all, or a function that gives those of a path, such as
            :func:`dockeropt.load_options`. What it raises becomes the result's ``error``.
        write: Whether to replace files whose text changes.
        apply: Whether to make fixes at all; if not, every finding is in ``leftover``.
        jobs: How many processes to use when there are more than a few files; as many
            as there are processors by default. 1 means none besides this one.
        executor: Where to do the work instead: any ``concurrent.futures.Executor``,
            for one machine or many. It is not shut down.
        services: The services of compose files, and targets and groups of bake files, that count;
            all when there are none.

    Yields:
        A result for each file, in the order in which they were found.

    Raises:
        ConfigError: ``options`` (when they are options) name something that does not exist.
    """
    from dockeropt.parallel import map_jobs

    options_of = options if callable(options) else (lambda _: options)
    if not callable(options):
        passes_of(options, "")
        levels_of(options)
    found = _jobs([os.fspath(path) for path in paths], options_of, apply=apply, services=services)
    made: dict[str, str] = {}
    for result in map_jobs(found, work, workers=jobs, executor=executor):
        once = without_repeated(result, made)
        yield write_result(once) if write else once


def list_passes() -> "Mapping[str, PassInfo]":
    """Return what is known of every pass of this installation, by id, in the order they run."""
    return {name: found.info for name, found in load_registry().passes.items()}


def estimate(
    result: FixResult, *, options: Options = DEFAULT, build: BuildContext | None = None
) -> "tuple[Estimate, ...]":
    """Return what the changes of a result save: rebuild steps, bytes, packages.

    Each number says whether it is a fact or an estimate, and from where it is known.

    Args:
        result: The result; nothing is said of one that changed nothing, of a Python file, or of one
                that is built in several ways.
        options: The options that it was made with.
        build: The build context that it was made with; that of ``options`` when not given.
    """
    if not result.changed or result.path.endswith(HOLDERS) or len(result.builds) > 1:
        return ()
    options = of_build(options, result)
    from dockeropt.estimates import estimates_of

    return estimates_of(
        result.outcome,
        context_of(options, result.path) if build is None else build,
        build_args=options.build_args,
        target=options.target or None,
    )


def silenced(
    source: str, options: Options, path: str, build: BuildContext = UNKNOWN
) -> "tuple[tuple[Finding, str], ...]":
    """Return what would be found if nothing kept passes away, and what does.

    That is ``"suppressed"`` (a comment in the file) or ``"unselected"`` (the options).
    """
    from dockeropt.rewrite.suppress import read_suppressions

    registry = load_registry()
    selected = {p.info.id for p in passes_of(options, path)}
    everything = run(
        Source(source),
        tuple(registry.passes.values()),
        unsafe=options.unsafe_fixes,
        apply=False,
        options=options.passes,
        levels=levels_of(options),
        obey_ignores=False,
        build_args=options.build_args,
        target=options.target or None,
        build=build,
    )
    closed = read_suppressions(parse(source))
    found: list[tuple[Finding, str]] = []
    for finding in [left.finding for left in everything.leftover]:
        if finding.pass_id not in selected:
            found.append((finding, "unselected"))
        elif closed and closed.covers(registry.passes[finding.pass_id].info, finding):
            found.append((finding, "suppressed"))
    return tuple(found)


# --- between options and engine --------------------------------------------------------


def of_build(options: Options, result: FixResult) -> Options:
    """Return options as the one build of a result has them, where a compose or bake file names it."""
    if len(result.builds) != 1:
        return options
    build_args, target = result.builds[0]
    return options._replace(build_args=build_args, target=target, context=result.context)


def context_of(options: Options, path: str) -> BuildContext:
    """Return the build context that ``options`` name for the Dockerfile at ``path``."""
    if not options.context:
        return UNKNOWN
    from dockeropt.project.directory import Directory

    return Directory(options.context, dockerfile="" if path == "-" else path)


def _fix(
    source: str, options: Options, path: str, *, apply: bool, build: BuildContext = UNKNOWN
) -> FixResult:
    def engine(text: str, *, refused: Collection[object] = (), only: str = "") -> Result:
        wanted = apply and not only
        return run_passes(text, options, path, apply=wanted, build=build, refused=refused, only=only)

    if path.endswith(BUILD_FILES):
        return _fix_inline(source, options, path, apply=apply)
    if not path.endswith(HOLDERS):
        outcome = engine(source)
        return FixResult(path, outcome, context=build.name, notes=notes_on(path, outcome))
    try:
        if path.endswith(MARKDOWN_FILES):
            from dockeropt.interop.markdown import fix_markdown

            found = fix_markdown(source, engine, path)
        else:
            from dockeropt.interop.python_source import fix_python

            found = fix_python(source, engine, path)
    except FileProblem as error:
        return failure(path, error, source)
    return FixResult(path, found.result, notes=found.notes)


def run_passes(
    text: str,
    options: Options,
    path: str,
    *,
    levels: Levels | None = None,
    apply: bool = True,
    build: BuildContext = UNKNOWN,
    refused: Collection[object] = (),
    only: str = "",
) -> Result:
    """Return what the selected passes make of a Dockerfile, as the engine answers it.

    Args:
        text: The text.
        options: Which passes, at which level.
        path: A name for ``options.per_file_ignores``.
        levels: Levels instead of those of ``options``.
        apply: Whether to make fixes at all.
        build: The build context.
        refused: Fixes not to be made, see :func:`dockeropt.rewrite.pipeline.run`.
        only: The id of one pass that shall run alone, if it is selected.
    """
    selected = passes_of(options, path)
    return run(
        Source(text),
        tuple([p for p in selected if p.info.id == only]) if only else selected,
        unsafe=options.unsafe_fixes,
        apply=apply,
        options=options.passes,
        levels=levels_of(options) if levels is None else levels,
        build_args=options.build_args,
        target=options.target or None,
        build=build,
        observer=_second_observer,
        refused=refused,
    )


def _fix_inline(source: str, options: Options, path: str, *, apply: bool) -> FixResult:
    """Fix the Dockerfiles that stand in a compose or bake file; no other file is read."""
    from dockeropt.invocations import parse_builds
    from dockeropt.parallel import Job

    try:
        uses = parse_builds(source, path).uses
    except FileProblem as error:
        return failure(path, error, source)
    inline = tuple([use._replace(context="") for use in uses if use.inline is not None and use.file == path])
    return _fix_builds(Job(path, source, options, apply, inline=inline))


def _fix_builds(job: "Job") -> FixResult:
    """Do a job that compose or bake files asked for."""
    from dockeropt.invocations import do

    def engine(text: str, options: Options, levels: Levels) -> Result:
        build = context_of(options, "" if job.inline else job.path)
        return run_passes(text, options, job.path, levels=levels, apply=job.apply, build=build)

    return do(job, engine, levels_of(job.options))


def _second_observer(before: "Dockerfile", after: "Dockerfile", effects: "frozenset[Effect]") -> str | None:
    """Ask dockerfile-parse, which is not loaded before something has changed."""
    from dockeropt.interop.dockerfile_parse import agrees

    return agrees(before, after, effects)


def passes_of(options: Options, path: str) -> "tuple[Pass, ...]":
    """Return the passes that ``options`` select for ``path``, in order."""
    ignore = options.ignored_at(path) if options.per_file_ignores and path else options.ignore
    return _select(options.select, options.extend_select, ignore)


@functools.lru_cache(maxsize=64)
def _select(
    select: tuple[str, ...], extend_select: tuple[str, ...], ignore: tuple[str, ...]
) -> "tuple[Pass, ...]":
    return load_registry().select(select, extend_select=extend_select, ignore=ignore)


def levels_of(options: Options) -> Levels:
    """Return what ``options`` say about levels, with selectors resolved to ids."""
    return _levels(options.extend_safe_fixes, options.extend_unsafe_fixes, options.fixable, options.unfixable)


@functools.lru_cache(maxsize=64)
def _levels(
    safe: tuple[str, ...], unsafe: tuple[str, ...], fixable: tuple[str, ...], unfixable: tuple[str, ...]
) -> Levels:
    def ids(selectors: tuple[str, ...]) -> frozenset[str]:
        registry = load_registry()
        return frozenset().union(*[registry.resolve(selector) for selector in selectors])

    return Levels(ids(safe), ids(unsafe), ids(fixable) if fixable else None, ids(unfixable))


# --- files -----------------------------------------------------------------------------


def _jobs(
    paths: list[str], options_of: Callable[[str], Options], *, apply: bool, services: Sequence[str]
) -> "Iterator[Item]":
    """Yield a job for each file, and the result for those about which nothing more can be said."""
    from dockeropt.discovery import Search, discover
    from dockeropt.parallel import Job

    def search(path: str) -> Search:
        try:
            return options_of(path).search
        except DockeroptError:
            return Search()  # the files found there will say what is wrong

    built = [path for path in paths if path.lower().endswith(BUILD_FILES) and not os.path.isdir(path)]
    done: set[str] = set()
    if built:
        from dockeropt.invocations import jobs_of

        yield from jobs_of(built, options_of, apply=apply, services=services, done=done)
        paths = [path for path in paths if path not in built]
    for found in discover(paths, search):
        if isinstance(found, FileProblem):
            yield failure(found.path, found)
            continue
        if done and os.path.realpath(found) in done:
            continue
        try:
            options = options_of(found)
            yield Job(found, _read(found), options, apply)
        except DockeroptError as error:
            yield failure(found, error)


def job(path: str, text: str, options: Options, *, apply: bool) -> "Job":
    """Return the job of fixing one text, for :func:`work`."""
    from dockeropt.parallel import Job

    return Job(path, text, options, apply)


def work(jobs: "Sequence[Job]") -> list[FixResult]:
    """Do some jobs, in whatever process this is called; what goes wrong becomes an ``error``."""
    results: list[FixResult] = []
    for job in jobs:
        try:
            if job.builds or job.inline:
                results.append(_fix_builds(job))
                continue
            build = context_of(job.options, job.path)
            results.append(_fix(job.text, job.options, job.path, apply=job.apply, build=build))
        except DockeroptError as error:
            results.append(failure(job.path, error, job.text))
        except Exception as error:  # noqa: BLE001 - a bug of ours costs one file, not the others
            results.append(failure(job.path, InternalProblem.of(error, job.path), job.text))
    return results


def _read(path: str) -> str:
    from dockeropt import files

    return files.read(path).text
