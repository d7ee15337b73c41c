"""Create a .dockerignore when a whole folder of the build context is copied.

``COPY . .`` takes all there is: the history of the project, packages installed for another
system, the settings and secrets of whoever builds. That makes the image large, gives secrets away,
and every commit or edit of the Dockerfile makes Docker repeat all later steps.

The new file is short. It names what is never part of an application: version control, what the
Dockerfile itself installs or builds, local settings, and the Dockerfile.

Before:
    FROM python:3.12-slim
    COPY . /app

Safety:
    Unsafe: an application may read one of these files in a way that cannot be seen. A line is left
    out when a COPY, an ADD, a bind mount, a command, or a script of the project names the file;
    ``.git`` also when the version of the program is taken from it. No .dockerignore is created
    when there is one, or when the build context is not known.

References:
    - https://docs.docker.com/build/concepts/context/#dockerignore-files
    - https://docs.docker.com/build/building/best-practices/#exclude-with-dockerignore
"""

import re
from collections.abc import Iterator

from dockeropt.model import Tool
from dockeropt.project.context import BuildContext, Entry
from dockeropt.project.dockerignore import DockerIgnore
from dockeropt.project.sources import matches, split
from dockeropt.rewrite import Applicability, Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.rewrite.fix import FileChange
from dockeropt.rewrite.localsources import bind_sources, local_sources, spoken

LIMIT = 20_000
"""Entries that are looked at; a larger context is judged by its first ones."""

CLOSED = frozenset((".git", ".hg", ".svn", "node_modules", "venv", ".venv", "__pycache__", "vendor"))

READERS = (
    "git rev-parse", "git describe", "git log", "git show", "git status", "git rev-list", "git submodule",
    "git branch", "git diff", "git tag", "git ls-files", "git symbolic-ref", "setuptools_scm",
    "setuptools-scm", "hatch-vcs", "versioneer", "pbr", "dynamic-versioning", "pdm.backend.scm",
    'source = "scm"', "git-commit-id", "gitversion", "nerdbank", "minver", "vergen", "git_version",
    "git-version", "vcs.revision", "gitpython", "git-revision", "simple-git", ".git/", "jgit",
    "git-properties", "axion", "lint-staged", "gitrev",
)  # fmt: skip
"""What a project says that takes something from its history."""

PROJECT_FILES = frozenset(
    (
        "makefile gnumakefile package.json setup.py setup.cfg pyproject.toml pom.xml build.gradle"
        " build.gradle.kts build.rs cargo.toml rakefile gruntfile.js gulpfile.js webpack.config.js"
        " vite.config.js vite.config.ts next.config.js cmakelists.txt justfile taskfile.yml mix.exs"
        " directory.build.props directory.packages.props magefile.go build.sbt version.sbt"
    ).split()
)
SCRIPTS = (".sh", ".bash", ".csproj", ".mk", ".cmake", ".gradle", ".dockerfile", "entrypoint")
NODE_TOOLS = (Tool.NPM, Tool.YARN, Tool.PNPM)


@rewrite(
    category=Category.CACHE,
    phase=Phase.CACHE,
    aliases=("missing-dockerignore",),
    wants=("copy", "add"),
    level=Applicability.UNSAFE,
)
def create_dockerignore(ctx: Context) -> Iterator[Finding]:
    """Add the ignore file that a copied folder needs."""
    build = ctx.build
    if not build.known or build.ignore_name or build.entry(".dockerignore") is not None:
        return
    folders: dict[str, Finding] = {}
    for source in local_sources(ctx.model):
        for entry in matches(build, source.text) if source.text is not None else ():
            if entry.kind == "folder":
                folders.setdefault(entry.path, Finding(source.word.text, source.node.keyword))
    if not folders:
        return
    text = _text(_Project(ctx, tuple(folders)))
    if not text:
        return
    first = next(iter(folders.values()))
    because = [Evidence("no COPY, command or script names what is left out", "this file, the build context")]
    if any(call.program == "go" for run in ctx.model.runs for call in run.calls) and "\n.git\n" in text:
        claim = "without .git, go build stamps no revision into the program"
        because.append(Evidence(claim, "go help build, -buildvcs"))
    fix = ctx.unsafe(
        "Create .dockerignore",
        (),
        because,
        effects={Effect.FILES},
        files=FileChange(".dockerignore", None, text),
    )
    yield Finding(
        f"{first.message} is copied whole, and no .dockerignore keeps anything out of it", first.at, fix
    )


class _Project:
    """What is known of the context and of what the Dockerfile does with it."""

    def __init__(self, ctx: Context, folders: tuple[str, ...]) -> None:
        self.build = ctx.build
        self.folders = folders
        self.model = ctx.model
        self.entries: list[Entry] = []
        for entry in _walk(ctx.build, ""):
            self.entries.append(entry)
            if len(self.entries) >= LIMIT:
                break
        self.names: dict[str, list[Entry]] = {}
        for entry in self.entries:
            self.names.setdefault(entry.path.rpartition("/")[2], []).append(entry)
        self.programs = {call.program for run in ctx.model.runs for call in run.calls}
        self.tools = {use.tool for use in ctx.model.installs()}
        self.said = spoken(ctx.model)
        self.scripts = "\n".join(self._scripts(ctx.source.text))
        named = [source.text for source in local_sources(ctx.model)]
        self.named = [text for text in (*named, *bind_sources(ctx.model)) if text]

    def _scripts(self, own: str) -> Iterator[str]:
        """Yield the texts of scripts and build files, and of other Dockerfiles that share the context."""
        left = 200
        for entry in self.entries:
            name = entry.path.rpartition("/")[2].lower()
            wanted = name.endswith(SCRIPTS) or name in PROJECT_FILES or name.startswith("dockerfile")
            if entry.kind != "file" or not wanted or entry.size > 200_000 or not left:
                continue
            left -= 1
            text = self.build.read(entry.path)
            if text is not None and text != own:
                yield text

    def has(self, name: str) -> bool:
        """Tell whether a file of this name is copied with a folder."""
        return any(self.copied(entry.path) for entry in self.names.get(name, ()))

    def copied(self, path: str) -> bool:
        return any(not folder or path.startswith(f"{folder}/") for folder in self.folders)

    def nested(self, name: str) -> bool:
        """Tell whether the name occurs in more places than the top of the context."""
        return any("/" in entry.path for entry in self.names.get(name, ()) if self.copied(entry.path))

    def mentioned(self, name: str, *, by_project: bool = True) -> bool:
        """Tell whether a command, or a script of the project, names a file."""
        word = re.compile(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)")
        return word.search(self.said) is not None or (by_project and word.search(self.scripts) is not None)


def _walk(build: BuildContext, folder: str) -> Iterator[Entry]:
    for entry in build.children(folder):
        yield entry
        if entry.kind == "folder" and entry.path.rpartition("/")[2] not in CLOSED:
            yield from _walk(build, entry.path)


def _text(project: _Project) -> str:
    groups = (
        ("Version control", _history(project)),
        ("Installed or built inside the image", _made(project)),
        ("Caches and settings of one computer", _personal(project)),
        ("Not read by the build", _own(project)),
    )
    parts: list[str] = []
    worth = False
    for title, patterns in groups:
        kept = [pattern for pattern in patterns if _keeps_named(project, pattern)]
        if kept:
            parts.append(f"# {title}\n" + "".join([f"{pattern}\n" for pattern in kept]))
            worth = worth or title != groups[-1][0]
    return "\n".join(parts) if worth else ""


def _keeps_named(project: _Project, pattern: str) -> bool:
    """Tell whether nothing that is copied by name is ignored by the pattern."""
    rules = DockerIgnore.parse(pattern)
    for text in project.named:
        if not split(text)[1] and rules.ignores(split(text)[0] or "."):
            return False
        for entry in matches(project.build, text):
            if entry.path and rules.ignores(entry.path):
                return False
    return True


def _history(project: _Project) -> Iterator[str]:
    for name, program in ((".git", "git"), (".hg", "hg"), (".svn", "svn")):
        if not (name in project.names or (name == ".git" and "" in project.folders)):
            continue
        if not project.copied(name):
            continue
        said = f"{project.said}\n{project.scripts}".lower()
        if any(reader in said for reader in READERS) or _runs(project, program) or project.mentioned(name):
            continue
        yield name


def _runs(project: _Project, program: str) -> bool:
    """Tell whether a command runs version control on what is there, and not to fetch something else."""
    for run in project.model.runs:
        for call in run.calls:
            if call.program == program:
                verb = call.args[0].literal if call.args else None
                if verb not in ("clone", "config", "--version", "init", "ls-remote", "lfs"):
                    return True
    return False


def _made(project: _Project) -> Iterator[str]:
    if project.has("package.json") and set(NODE_TOOLS) & project.tools:
        if not project.mentioned("node_modules", by_project=False) or "node_modules" not in project.names:
            yield "**/node_modules" if project.nested("package.json") else "node_modules"
        if '"next"' in project.scripts and project.copied(".next") and not project.mentioned(".next"):
            yield ".next"
    if any(entry.path.endswith(".py") and project.copied(entry.path) for entry in project.entries):
        yield "**/__pycache__"
        for name in (".venv", "venv"):
            places = project.names.get(name, [])
            real = any(project.build.entry(f"{place.path}/pyvenv.cfg") is not None for place in places)
            if real and not project.mentioned(name, by_project=False):
                yield from sorted({place.path for place in places if project.copied(place.path)})
            elif not places and name == ".venv" and "" in project.folders and not project.mentioned(name):
                yield name
    for manifest, programs, output in (
        ("Cargo.toml", {"cargo"}, "target"),
        ("pom.xml", {"mvn", "mvnw"}, "target"),
    ):
        if project.has(manifest) and programs & project.programs and output not in project.names:
            yield f"**/{output}" if project.nested(manifest) else output
            break  # both say target
    if ".gradle" in project.names and {"gradle", "gradlew"} & project.programs:
        yield ".gradle"
    if "dotnet" in project.programs and any(e.path.endswith((".csproj", ".fsproj")) for e in project.entries):
        for output in ("bin", "obj"):
            if output not in project.names:
                yield f"**/{output}"


def _personal(project: _Project) -> Iterator[str]:
    for name in (".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".idea", ".vscode", ".DS_Store"):
        places = [place for place in project.names.get(name, ()) if project.copied(place.path)]
        if places and not project.mentioned(name, by_project=False):
            yield f"**/{name}" if any("/" in place.path for place in places) else name
    reads_at_build = project.has("composer.json") or (
        project.has("package.json") and re.search(r"\b(?:run )?build\b", project.said) is not None
    )
    if "" in project.folders and not project.mentioned(".env"):
        if ".env" not in project.names or not reads_at_build:
            yield ".env"
        elif ".env.local" in project.names:
            yield ".env.local"


def _own(project: _Project) -> Iterator[str]:
    if "" not in project.folders:
        return
    for name in ("Dockerfile", "compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"):
        place = project.build.entry(name)
        if place is not None and place.kind == "file" and not project.mentioned(name, by_project=False):
            yield name
    yield ".dockerignore"
