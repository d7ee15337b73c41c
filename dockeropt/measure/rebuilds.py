"""What building again costs after an edit, with the layers of the last build at hand.

Invariant: each edit is one that keeps the project working (a comment or an empty line at the end
of a file), and is taken back before the next; steps are counted by the engine, never by us.
"""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from dockeropt.measure.records import Rebuild

if TYPE_CHECKING:
    from dockeropt.measure.engine import BuildOutcome
    from dockeropt.measure.project import Project, Version
    from dockeropt.measure.workbench import Workbench
    from dockeropt.model.model import Model

COMMENTS = {
    "// {}": "c cc cpp cs dart fs go groovy h hpp java js jsx kt mjs mod php rs scala swift ts tsx less scss",
    "# {}": "cfg conf ex exs gemfile in ini pl pm properties py r rb sh toml txt yaml yml",
    "/* {} */": "css",
    "<!-- {} -->": "htm html svg vue",
    "-- {}": "hs lua sql",
}
"""How a comment is written, by the endings of files; all others get an empty line."""

LISTS = (
    "requirements.txt pyproject.toml pipfile setup.py environment.yml package.json go.mod gemfile cargo.toml"
    " composer.json pom.xml build.gradle build.gradle.kts mix.exs"
).split()
"""Lists of dependencies, the one that people edit first."""


def addition(path: str, mark: str) -> str:
    """Return what is appended to a file to edit it without changing what it means.

    A build may be in the cache from an earlier run: so each edit has to be a new one. Where a comment
    cannot be written, the mark becomes a line of blanks and tabs.

    Args:
        path: The file; its ending says how comments are written.
        mark: What makes the edit different from all others.

    >>> addition("app.py", "b1"), addition("package.json", "b1")
    ('\\n# edited b1\\n', '\\n \\t\\t   \\t   \\t\\t   \\t\\n')
    """
    ending = path.rsplit("/", 1)[-1].lower().rsplit(".", 1)[-1]
    for form, endings in COMMENTS.items():
        if ending in endings.split():
            return f"\n{form.format(f'edited {mark}')}\n"
    bits = "".join(f"{byte:08b}" for byte in mark.encode())
    return f"\n{bits.translate({ord('0'): ' ', ord('1'): chr(9)})}\n"


def source_file(project: "Project", before: "Version", after: "Version") -> str | None:
    """Return the source file that somebody would edit next, ``None`` when the build takes none."""
    from dockeropt.estimates.contextfiles import Side, files_of
    from dockeropt.estimates.edited import edited_file
    from dockeropt.project.directory import Directory
    from dockeropt.project.dockerignore import DockerIgnore

    build = Directory(project.context, dockerfile=project.dockerfile)
    ignore = build.ignore
    for change in after.files:
        if change.path.endswith(".dockerignore"):
            ignore = DockerIgnore.parse(change.after)
    found = edited_file(_model(project, before), files_of(Side(build, build.ignore)), Side(build, ignore))
    return found.path if found is not None and found.is_real else None


def dependency_list(project: "Project", before: "Version") -> str | None:
    """Return the list of dependencies that the build takes from the context, ``None`` for none."""
    from dockeropt.estimates.contextfiles import Side, covers, files_of
    from dockeropt.estimates.edited import taken_from_context
    from dockeropt.project.directory import Directory

    build = Directory(project.context, dockerfile=project.dockerfile)
    taken = taken_from_context(_model(project, before))
    ranks: list[tuple[int, int, str]] = []
    for entry in files_of(Side(build, build.ignore)) or ():
        name = entry.path.rsplit("/", 1)[-1].lower()
        if name in LISTS and any(covers(source, entry.path) for source in taken):
            ranks.append((entry.path.count("/"), LISTS.index(name), entry.path))
    return min(ranks)[2] if ranks else None


def _model(project: "Project", version: "Version") -> "Model":
    from dockeropt.model.model import Model
    from dockeropt.syntax import parse

    return Model(parse(version.text), build_args=project.build_args, target=project.target or None)


def rebuilds(
    bench: "Workbench",
    version: "Version",
    name: str,
    edits: Sequence[tuple[str, str]],
    *,
    runs: int = 1,
) -> Iterator[Rebuild]:
    """Yield what each edit costs; the state was built under ``name`` before.

    Args:
        bench: Builds.
        version: The state.
        name: Of the image.
        edits: What is edited (``source``, ``dependencies``) and the path in the context.
        runs: How often each is measured.
    """
    outcomes = [bench.build(version, name) for _ in range(runs)]
    yield _rebuild("nothing", "", outcomes)
    folder = bench.folder(version)
    for what, path in edits:
        outcomes = []
        try:
            for _ in range(runs):
                content = folder.edit(path, addition(path, bench.mark()))
                outcomes.append(bench.build(version, name))
                folder.restore(path, content)
        except OSError:
            continue
        yield _rebuild(what, path, outcomes)
    outcomes = []
    for _ in range(runs):
        folder.set_dockerfile(_edited_end(version.text, bench.mark()))
        outcomes.append(bench.build(version, name))
    folder.set_dockerfile(version.text)
    yield _rebuild("last instruction", "", outcomes)


def _edited_end(text: str, mark: str) -> str:
    """Return the Dockerfile with one more instruction that concerns nothing else."""
    return f"{text.rstrip()}\nLABEL dev.dockeropt.edited={mark}\n"


def _rebuild(what: str, path: str, outcomes: "Sequence[BuildOutcome]") -> Rebuild:
    last = outcomes[-1]
    seconds = tuple([round(one.seconds, 3) for one in outcomes])
    return Rebuild(what, path, len(last.steps), last.ran, seconds, all(one.ok for one in outcomes))
