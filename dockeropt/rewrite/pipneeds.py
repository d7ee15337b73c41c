"""What pip is told to install in a stage, and what that takes.

Invariant: everything that pip is given is looked up, or is a doubt.
"""

from posixpath import dirname, join, normpath

from dockeropt.knowledge.pypi import needs_of
from dockeropt.model.packages import Invocation, Verb
from dockeropt.model.stages import Stage
from dockeropt.model.tools import Tool
from dockeropt.project.context import BuildContext
from dockeropt.project.pip_files import Requirement, read_requirement, read_requirements
from dockeropt.project.pip_local import read_local_project
from dockeropt.rewrite.copied import Copied
from dockeropt.rewrite.needs import Needs, Use

PIP_TOOLS = (Tool.PIP, Tool.UV)

_HARMLESS = frozenset(
    (
        "--no-cache-dir --no-cache -U --upgrade -q --quiet -v --verbose --trusted-host --user --no-deps"
        " --disable-pip-version-check --no-input --root-user-action --timeout --default-timeout --retries --pre"
        " --prefer-binary --no-warn-script-location --compile --no-compile --progress-bar -r --requirement"
        " --system --require-hashes --force-reinstall --ignore-installed -I --break-system-packages --no-color"
        " --upgrade-strategy --no-python-version-warning --only-binary --cache-dir"
    ).split()
)
"""Options that change neither what is built nor where it comes from."""

COMES_WITH = {
    "libpq5": ("libpq-dev", "postgresql-client"),
    "libmariadb3": ("default-libmysqlclient-dev", "libmariadb-dev", "default-mysql-client"),
    "gcc": ("build-essential", "g++"),
    "libc6-dev": ("build-essential", "g++"),
    "libmagic1": ("libmagic-dev", "file"),
    "libmagic1t64": ("libmagic-dev", "file"),
    "pkg-config": ("pkgconf",),
    "default-libmysqlclient-dev": ("libmysqlclient-dev",),
}
"""Packages that others bring (Depends of the Debian archive)."""


class PipNeeds:
    """Hold what pip's packages take.

    Args:
        doubts: What is not known.
        packages: Debian packages to build or to run them.
        commands: Commands that they bring.
        requirements: All that is asked for by name.
    """

    __slots__ = ("commands", "doubts", "packages", "requirements")

    def __init__(self) -> None:
        self.doubts: list[str] = []
        self.packages: dict[str, Use] = {}
        self.commands: set[str] = set()
        self.requirements: list[Requirement] = []


def look_at_pip(
    build: BuildContext, stage: Stage, needs: Needs, copied: Copied, python: tuple[int, ...]
) -> PipNeeds:
    """Return what it takes to install and run what pip is told to install.

    Args:
        build: The build context.
        stage: The stage, for its ARGs and ENVs.
        needs: What its instructions use.
        copied: What of the context lies in it.
        python: Major and minor version; empty when the tag does not say.
    """
    _ = stage
    found = PipNeeds()
    for use in needs.invocations:
        if use.tool not in PIP_TOOLS:
            continue
        verb = " ".join([word.text for word in use.verb_words])
        if use.verb is not Verb.INSTALL or (use.tool is Tool.UV and verb != "pip install"):
            if verb in (
                "wheel",
                "download",
                "sync",
                "pip sync",
                "run",
                "tool install",
                "build",
                "pip compile",
            ):
                found.doubts.append(f"what {use.tool.value} {verb} builds")
            continue
        _read(found, build, use, copied)
    for item in found.requirements:
        takes = needs_of(item.name, item.extras, item.version, python)
        if takes.unknown:
            found.doubts.append(takes.unknown + (f" ({item.place})" if item.place else ""))
            continue
        found.commands.update(takes.commands)
        where = next((use for use in needs.installs if use.tool in PIP_TOOLS), None)
        built = Use("pip", where.run, where.call) if where is not None else Use("pip", None)
        found.packages.update({name: built for name in takes.build if name not in found.packages})
        found.packages.update({name: Use("pip", None) for name in takes.run if name not in found.packages})
    return found


def _read(found: PipNeeds, build: BuildContext, use: Invocation, copied: Copied) -> None:
    """Read one call of pip."""
    for option in use.options:
        if option.name not in _HARMLESS:
            found.doubts.append(f"what {use.tool.value} {option.name} changes")
    if use.dynamic:
        found.doubts.append(f"what {use.tool.value} installs")
    workdir = use.run.state.workdir
    for path in use.values("-r", "--requirement"):
        source = _source(build, use, copied, path, workdir)
        if source is None:
            found.doubts.append(f"what {path} asks for")
            continue
        asked = read_requirements(build, source)
        found.requirements += asked.known
        found.doubts += [f"{clause} ({place})" for clause, place in asked.unknown]
    for package in use.packages:
        text = package.text.strip("\"'")
        item = read_requirement(text)
        if text in (".", "./"):
            _read_project(found, build, use, copied)
        elif item is None:
            found.doubts.append(f"what {package.text} brings")
        else:
            found.requirements.append(item)


def _read_project(found: PipNeeds, build: BuildContext, use: Invocation, copied: Copied) -> None:
    """Read the project that lies in the directory in which pip is called."""
    entry = _source(build, use, copied, "pyproject.toml", use.run.state.workdir)
    if entry is None:
        found.doubts.append("what . brings")
        return
    alone = any(option.name == "--no-deps" for option in use.options)
    project = read_local_project(build, dirname(entry), dependencies=not alone)
    if project.unknown:
        found.doubts.append(project.unknown)
    found.requirements += project.requirements
    found.commands.update(project.commands)


def _source(
    build: BuildContext, use: Invocation, copied: Copied, path: str, workdir: str | None
) -> str | None:
    """Return where in the context the file lies that a command names."""
    if "$" in path or (not path.startswith("/") and workdir is None):
        return None
    full = normpath(join(workdir or "/", path))
    moved = [
        (word.literal or "")
        for call in use.run.calls
        if call.node.start < use.call.node.start
        and call.program in ("cd", "pushd", "sed", "tee", "cat", "mv", "cp")
        for word in call.args
    ]
    if moved:
        return None
    entry = copied.source(full)
    if entry is not None:
        return entry.path
    for mount in use.run.mounts:
        if mount.type == "bind" and mount.from_ is None and mount.target == full and mount.source:
            name = normpath(mount.source).lstrip("/")
            return name if build.entry(name) is not None else None
    return None
