"""uv, Poetry, PDM and Hatch: ``pyproject.toml`` and the lock files beside it.

Sources: uv documentation, "Locking and syncing" and "Using uv in Docker"; Poetry documentation,
"Commands" (``install``, ``--no-root``) and "package-mode"; PDM documentation, ``pdm sync``.
"""

from collections.abc import Iterator, Mapping

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import Folder, Reads, Refused, Request, below, strings, table, unique

NAMES = ("pyproject.toml", "poetry.toml", "uv.toml", "pdm.toml", ".python-version", "hatch.toml")
LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")

_LOCK = {"uv": "uv.lock", "poetry": "poetry.lock", "pdm": "pdm.lock"}
_MORE = {
    "uv": ("uv.toml", ".python-version"),
    "poetry": ("poetry.toml",),
    "pdm": ("pdm.toml", ".pdm-python", ".python-version"),
}


def files_read(build: BuildContext, request: Request) -> Reads:
    """Return the manifest, the lock and the settings of the tool."""
    tool = request.tool
    lock = _LOCK.get(tool)
    if lock is None:
        raise Refused(f"{tool} builds the project itself")
    names = ["pyproject.toml", lock]
    writes = below(request.folder, ".venv")
    if not build.known:
        if not _skips_project(request):
            raise Refused(f"{tool} may install the project itself")
        return Reads(below(request.folder, *names), writes, ("which files are there",))
    folder = Folder(build, request.folder, request.top)
    document = folder.toml("pyproject.toml")
    _no_local_paths(document)
    _no_workspace(document, folder)
    if tool == "uv" and request.has("--package", "--all-packages"):
        raise Refused("it installs members of a workspace")
    if not _skips_project(request) and _is_package(document, tool):
        raise Refused(f"{tool} installs the project itself, which needs the source")
    doubts: tuple[str, ...] = ()
    if not folder.has(lock):
        raise Refused(f"there is no {folder.path(lock)}")
    _no_local_lock(folder.text(lock), folder.path(lock))
    project = table(document.get("project"))
    if tool == "uv":
        if not (request.frozen or request.has("--frozen", "--locked", "--no-sync")):
            doubts = (f"whether {tool} rewrites {lock}, which the copy of the rest puts back",)
        elif strings(project.get("dynamic")) and not request.has("--frozen") and _is_package(document, tool):
            raise Refused("some of the metadata are dynamic: uv asks the project's source for them")
    return Reads(unique(folder.present(*names, *_MORE[tool])), writes, doubts)


def _skips_project(request: Request) -> bool:
    if request.tool == "uv":
        return request.has("--no-install-project", "--no-install-workspace")
    if request.tool == "poetry":
        return request.has("--no-root", "--only-dependencies")
    return request.has("--no-self")


def _is_package(document: Mapping[str, object], tool: str) -> bool:
    tools = table(document.get("tool"))
    if tool == "uv":
        package = table(tools.get("uv")).get("package")
        return package is True or ("build-system" in document and package is not False)
    if tool == "poetry":
        return table(tools.get("poetry")).get("package-mode") is not False
    return table(tools.get("pdm")).get("distribution") is not False and "build-system" in document


def _no_workspace(document: Mapping[str, object], folder: Folder) -> None:
    if "workspace" in table(table(document.get("tool")).get("uv")):
        raise Refused("the project is a workspace")
    for above in folder.above():
        if above.has("pyproject.toml"):
            raise Refused("a project above may be its workspace")


def _no_local_paths(document: Mapping[str, object]) -> None:
    """Refuse dependencies that are paths, wherever they are written."""
    tools = table(document.get("tool"))
    for name, source in table(table(tools.get("uv")).get("sources")).items():
        for part in source if isinstance(source, list) else [source]:
            if {"path", "workspace"} & set(table(part)):
                raise Refused(f"{name} is taken from a local path")
    poetry = table(tools.get("poetry"))
    groups = [table(group).get("dependencies") for group in table(poetry.get("group")).values()]
    for dependencies in (poetry.get("dependencies"), poetry.get("dev-dependencies"), *groups):
        for name, value in table(dependencies).items():
            for part in value if isinstance(value, list) else [value]:
                if {"path", "file"} & set(table(part)):
                    raise Refused(f"{name} is taken from a local path")
    for text in _requirements(document):
        if "file:" in text or text.startswith(("-e", ".", "/")) or "@ ." in text:
            raise Refused(f"{text} is taken from a local path")


def _requirements(document: Mapping[str, object]) -> Iterator[str]:
    project = table(document.get("project"))
    yield from strings(project.get("dependencies"))
    groups = (
        project.get("optional-dependencies"),
        document.get("dependency-groups"),
        table(table(document.get("tool")).get("pdm")).get("dev-dependencies"),
    )
    for group in groups:
        for values in table(group).values():
            yield from strings(values)


def _no_local_lock(text: str, path: str) -> None:
    markers = ('type = "directory"', 'type = "file"', "directory = ", "path = ", "editable = ")
    for line in text.splitlines():
        if line.lstrip().startswith("source = ") and any(mark in line for mark in markers[2:]):
            if 'editable = "."' not in line:
                raise Refused(f"{path} takes packages from local paths")
        elif line.strip() in markers[:2] or line.startswith('path = "'):
            raise Refused(f"{path} takes packages from local paths")
