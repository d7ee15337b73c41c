"""Which source file somebody will edit next, to ask what a rebuild costs.

Invariant: with a context, a file that is really there, that the build takes before and after
the changes, and that is no manifest; without one, a file that stands for those of a folder that
is copied. The same for before and after.
"""

from collections import Counter
from posixpath import basename, splitext
from typing import TYPE_CHECKING, NamedTuple

from dockeropt.estimates.contextfiles import Side, covers, mounted, sources_of
from dockeropt.estimates.rebuild import needed_stages, steps_of
from dockeropt.knowledge.filenames import Kind, kind_of
from dockeropt.syntax.nodes import FileInstruction, Run

if TYPE_CHECKING:
    from dockeropt.model.model import Model
    from dockeropt.project.context import Entry

LANGUAGES = frozenset(
    (
        "c cc cpp cs clj cljs dart ex exs erl elm fs go groovy h hpp hs java jl js jsx kt kts lua m mjs ml"
        " php pl pm py r rb rs scala sh sql svelte swift ts tsx vb vue css scss html"
    ).split()
)
"""Extensions of the files that people write."""

MANIFESTS = frozenset(
    (
        "package.json package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml pnpm-workspace.yaml"
        " bun.lockb lerna.json setup.py setup.cfg pyproject.toml poetry.lock uv.lock pdm.lock pipfile"
        " pipfile.lock environment.yml environment.yaml gemfile gemfile.lock composer.json composer.lock"
        " go.mod go.sum go.work go.work.sum cargo.toml cargo.lock pom.xml build.gradle build.gradle.kts"
        " settings.gradle settings.gradle.kts gradle.properties gradlew mvnw mix.exs mix.lock rebar.config"
        " deps.edn project.clj build.sbt nuget.config directory.build.props global.json packages.config"
        " .npmrc .yarnrc .yarnrc.yml .dockerignore makefile"
    ).split()
)
"""Files that say what to install, in lower case: an edit of one is not an edit of the source."""

_ASIDE = frozenset("test tests spec specs doc docs example examples node_modules vendor dist build".split())


class Edited(NamedTuple):
    """Hold the file: its path, and whether it is really there."""

    path: str
    is_real: bool

    def __str__(self) -> str:
        return self.path if self.is_real else "a source file"


def is_manifest(path: str) -> bool:
    """Tell whether a file says what to install, by its name.

    >>> is_manifest("web/package-lock.json"), is_manifest("requirements-dev.txt"), is_manifest("app.py")
    (True, True, False)
    """
    name = basename(path).lower()
    extension = splitext(name)[1]
    return (
        name in MANIFESTS
        or (
            name.startswith(("requirements", "constraints", "package"))
            and extension in (".txt", ".in", ".json")
        )
        or extension in (".csproj", ".fsproj", ".vbproj", ".sln", ".gemspec", ".props", ".targets", ".cabal")
        or (name.startswith("package") and "*" in name)
        or path.lower().startswith("requirements/")
        or "/requirements/" in path.lower()
    )


def edited_file(before: "Model", files: "list[Entry] | None", new: Side) -> Edited | None:
    """Return the file to ask about, ``None`` when the build takes no source from the context.

    Args:
        before: The Dockerfile before the changes.
        files: The files that the build could see before; ``None`` when they are not known.
        new: The context after.
    """
    taken = taken_from_context(before)
    if files is None:
        return _stand_in(taken)
    found: list[str] = []
    kinds: Counter[str] = Counter()
    for entry in files:
        name = basename(entry.path)
        if splitext(name)[1][1:].lower() not in LANGUAGES or is_manifest(entry.path):
            continue
        if not any(covers(source, entry.path) for source in taken) or new.ignore.ignores(entry.path):
            continue
        found.append(entry.path)
        kinds[splitext(name)[1]] += 1
    if not found:
        return None

    def rank(path: str) -> tuple[bool, int, int, str]:
        folders = path.lower().split("/")[:-1]
        name = basename(path)
        aside = name.startswith(".") or ".config." in name or not _ASIDE.isdisjoint(folders)
        return aside, -kinds[splitext(path)[1]], len(folders), path

    return Edited(min(found, key=rank), is_real=True)


def taken_from_context(model: "Model") -> list[str]:
    """Return what the build takes from the context, in order, each once."""
    found: dict[str, None] = {}
    runs = {run.node: run for run in model.runs}
    for stage in needed_stages(model):
        for node in steps_of(stage):
            if isinstance(node, FileInstruction):
                found.update(
                    dict.fromkeys(source for source in sources_of(node, model.state_before(node)) if source)
                )
            elif isinstance(node, Run) and node.flags and node in runs:
                sources = [mounted(mount) for mount in runs[node].mounts]
                found.update(dict.fromkeys(source for source in sources if source))
    return list(found)


def _stand_in(taken: list[str]) -> Edited | None:
    """Return a path that stands for a file of the folder that is most likely the source.

    The whole context before folders, folders before what may be one; of several the last, for
    that one costs the least.
    """
    ranks = {Kind.DIRECTORY: 2, Kind.UNKNOWN: 1}
    best, rank = "", 0
    for source in taken:
        if source == ".":
            return Edited("a source file", is_real=False)
        here = ranks.get(kind_of(source), 0)
        if here >= max(rank, 1) and not is_manifest(source):
            best, rank = source, here
    if best:
        made = "".join({"*": "x", "?": "x"}.get(char, char) for char in best)
        return Edited(made + "/a source file", is_real=False)
    files = [
        source
        for source in taken
        if splitext(source)[1][1:].lower() in LANGUAGES and not is_manifest(source) and "*" not in source
    ]
    return Edited(files[-1], is_real=False) if files else None
