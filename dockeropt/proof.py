"""Proof in the library: build a Dockerfile before and after, and keep what holds.

What :mod:`dockeropt.measure` does for texts and folders, for the files of a user: which context,
which arguments, which original. Invariant: nothing is written but by ``write=True``, and then only
what was built and compared.
"""

import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dockeropt.config import Options
from dockeropt.errors import FileProblem
from dockeropt.rewrite.fix import Effect, FileChange

if TYPE_CHECKING:
    from dockeropt.measure.engine import Engine
    from dockeropt.measure.project import Project
    from dockeropt.measure.proving import Fixer, Proof
    from dockeropt.measure.records import Verification
    from dockeropt.measure.verify import Terms
    from dockeropt.results import FixResult
    from dockeropt.rewrite.result import Result

Say = Callable[[str], None]


class BuildTerms(NamedTuple):
    """How to build and what to measure.

    Args:
        engine: ``docker``, ``podman``, ``buildah``, or ``auto`` for the first that answers.
        build_options: More options for the engine's ``build``: ``("--network", "host")``.
        edits: Source files, relative to the context, to edit before rebuilding; the one that suits
            best when there are none.
        smoke: A command that has to succeed inside the running container.
        start: Whether to start the containers.
        runs: How often each rebuild is measured; 0 leaves the rebuilds out.
        compressed: Whether to measure the compressed size, too; that takes some seconds for each GB.
    """

    engine: str = "auto"
    build_options: Sequence[str] = ()
    edits: Sequence[str] = ()
    smoke: str = ""
    start: bool = True
    runs: int = 1
    compressed: bool = True


USUAL = BuildTerms()


def verify(
    path: str | os.PathLike[str],
    *,
    against: str = "",
    allow: frozenset[Effect] = frozenset(),
    options: Options | None = None,
    terms: BuildTerms = USUAL,
    say: Say | None = None,
) -> "Verification":
    """Build a Dockerfile before and after, and return everything that is different.

    Args:
        path: The Dockerfile.
        against: What it was before: another file, or a git revision of the same file. Without it,
            the file is compared with what the fixes make of it.
        allow: What may differ; fixes say it themselves.
        options: Which passes, at which level; build arguments, target and context.
        terms: How to build and what to measure.
        say: Is told what is being done.

    Raises:
        EngineProblem: No engine answers, or it cannot build what one of the two uses.
        FileProblem: A file cannot be read, or there is no such revision.
        ConfigError: The options name something that does not exist.
    """
    from dockeropt.measure.project import Version
    from dockeropt.measure.verify import verify
    from dockeropt.measure.workbench import Workbench, silent

    name = os.fspath(path)
    options = with_context(options or Options(), name)
    text = _read(name)
    if against:
        old, files = _original(name, against, options.context)
        before = Version(old, files, called="before")
        after = Version(text, (), allow, called="after")
        names = (against, name)
    else:
        fixed = fixer_of(options, name)(text, (), options.unsafe_fixes, frozenset())
        before = Version(text, called="the original")
        effects: frozenset[Effect] = frozenset().union(*(step.effects for step in fixed.steps))
        after = Version(fixed.text, fixed.files, effects | allow, called="with the fixes")
        names = (name, f"{name} (fixed)")
    engine = _engine(terms)
    with Workbench(engine, _project(name, options, terms), say or silent) as bench:
        found = verify(bench, before, after, _measured(terms, names))
    if before.text == after.text and not after.files and not before.files:
        note = "nothing changed in the file" if against else "the fixes change nothing"
        return found._replace(notes=(*found.notes, f"{note}: the same was built on both sides"))
    return found


def prove(
    path: str | os.PathLike[str],
    *,
    options: Options | None = None,
    terms: BuildTerms = USUAL,
    say: Say | None = None,
    write: bool = False,
) -> "FixResult":
    """Fix a Dockerfile, and keep only what real builds prove; ``result.proof`` says what was measured.

    Safe fixes are built together; with ``options.unsafe_fixes`` the unsafe ones are tried one after
    the other. What does not build or differs in something undeclared is rolled back.

    Args:
        path: The Dockerfile. One that cannot be read gives a result with ``error``.
        options: Which passes, at which level; build arguments, target and context.
        terms: How to build and what to measure.
        say: Is told what is being done.
        write: Whether to replace the file by what was proven.

    Raises:
        EngineProblem: No engine answers, or it cannot build what the original or a fix uses.
        ConfigError: The options name something that does not exist.
    """
    from dockeropt.measure.project import Version
    from dockeropt.measure.proving import prove
    from dockeropt.measure.verify import Original, refuse_unsupported
    from dockeropt.measure.workbench import Workbench, silent
    from dockeropt.results import FixResult, failure
    from dockeropt.writing import write_result

    name = os.fspath(path)
    options = with_context(options or Options(), name)
    try:
        text = _read(name)
    except FileProblem as error:
        return failure(name, error)
    fixer = fixer_of(options, name)
    wanted = fixer(text, (), options.unsafe_fixes, frozenset())
    if not wanted.changed:
        return FixResult(name, wanted, context=options.context)
    engine = _engine(terms)
    with Workbench(engine, _project(name, options, terms), say or silent) as bench:
        version = Version(text, called="the original")
        refuse_unsupported(bench, version)
        original = Original(bench, version, _measured(terms, (name, f"{name} (fixed)")))
        proof = prove(original, fixer, unsafe=options.unsafe_fixes)
    result = FixResult(name, proof.result, context=options.context, proof=proof)
    if proof.failure is not None:
        return result._replace(error=_not_buildable(name, proof))
    return write_result(result) if write else result


def with_context(options: Options, path: str) -> Options:
    """Return options that name a build context: the folder of the Dockerfile where none is given."""
    if options.context:
        return options
    return options._replace(context=os.path.dirname(path) or ".")


def _engine(terms: BuildTerms) -> "Engine":
    from dockeropt.measure.choose import choose_engine

    return choose_engine(terms.engine, tuple(terms.build_options))


def _project(path: str, options: Options, terms: BuildTerms) -> "Project":
    from dockeropt.measure.project import Project

    return Project(options.context, path, options.target, options.build_args, tuple(terms.build_options))


def _measured(terms: BuildTerms, names: tuple[str, str]) -> "Terms":
    from dockeropt.measure.verify import Terms

    return Terms(terms.edits, terms.smoke, terms.start, terms.runs, terms.compressed, names)


def _read(path: str) -> str:
    from dockeropt import files

    return files.read(path).text


def fixer_of(options: Options, path: str) -> "Fixer":
    """Return what runs the passes over a state of a Dockerfile.

    Args:
        options: Which passes; their level is asked for with each state.
        path: The Dockerfile.
    """
    from dockeropt.api import context_of, run_passes
    from dockeropt.project.overlay import Overlay

    def fix(
        text: str,
        files: tuple[FileChange, ...],
        unsafe: bool,  # noqa: FBT001 - the shape of measure.proving.Fixer
        refused: frozenset[object],
    ) -> "Result":
        build = Overlay(context_of(options, path), {change.path: change.after for change in files})
        wanted = options._replace(unsafe_fixes=unsafe)
        return run_passes(text, wanted, path, build=build, refused=refused)

    return fix


def _not_buildable(path: str, proof: "Proof") -> FileProblem:
    outcome = proof.failure
    assert outcome is not None
    step = f" at {outcome.failed}" if outcome.failed else ""
    reason = f": {' / '.join(outcome.reason.strip().splitlines()[-3:])}" if outcome.reason else ""
    hint = "make it build first, or leave --verify away"
    return FileProblem(
        f"the original does not build{step}{reason}, so nothing is proven", path=path, hint=hint
    )


def _original(path: str, against: str, context: str) -> tuple[str, tuple[FileChange, ...]]:
    """Return what the Dockerfile was before, and what was different in the context.

    Args:
        path: The Dockerfile as it is.
        against: A file, or a git revision.
        context: The folder of the build context.

    Raises:
        FileProblem: It is neither.
    """
    if os.path.isfile(against):
        return _read(against), ()
    text = _at_revision(against, path)
    if text is None:
        hint = "name a file, or a git revision that has this file"
        raise FileProblem(f"--against {against}: no such file or revision of {path}", path=against, hint=hint)
    ignore = os.path.join(context, ".dockerignore")
    old = _at_revision(against, ignore) or ""
    new = _read(ignore) if os.path.isfile(ignore) else ""
    return text, (FileChange(".dockerignore", new or None, old),) if old != new else ()


def _at_revision(revision: str, path: str) -> str | None:
    """Return the text of a file at a git revision, ``None`` when git does not know it."""
    import subprocess

    folder, name = os.path.split(os.path.abspath(path))
    if revision.startswith("-") or not os.path.isdir(folder):
        return None
    try:
        shown = subprocess.run(  # noqa: S603 - a list, no shell
            ["git", "-C", folder, "show", f"{revision}:./{name}"],  # noqa: S607 - the user's git
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    return shown.stdout.decode("utf-8", "surrogateescape") if shown.returncode == 0 else None
