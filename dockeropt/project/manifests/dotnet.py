""".NET: project and solution files, what MSBuild imports from above, and NuGet's settings.

Sources: .NET documentation, "dotnet restore", "Customize the build by folder"
(``Directory.Build.props``), "Central Package Management", "NuGet.Config". A restore reads the projects
that a solution or a project refers to, and theirs.
"""

import re

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import MAX_FILES, Folder, Reads, Refused, Request, below, unique

NAMES = ("global.json", "NuGet.Config", "nuget.config", "NuGet.config", "Directory.Build.props",
         "Directory.Build.targets", "Directory.Packages.props")  # fmt: skip
LOCKS = ("packages.lock.json",)

_PROJECT = (".csproj", ".fsproj", ".vbproj")
_IN_SOLUTION = re.compile(r'(?m)^Project\("[^"]*"\)\s*=\s*"[^"]*",\s*"([^"]+)"')
_REFERENCE = re.compile(r'<ProjectReference\s[^>]*?Include\s*=\s*"([^"]+)"')


def files_read(build: BuildContext, request: Request) -> Reads:
    """Follow the project or solution that is restored."""
    if request.verb != "restore" or len(request.operands) > 1:
        raise Refused("it builds the source")
    if request.has("--configfile", "-s", "--source"):
        raise Refused("it takes packages from elsewhere")
    named = request.operands[0] if request.operands else ""
    if not build.known:
        if not named.endswith(_PROJECT):
            raise Refused("which projects are restored is not known")
        return Reads(below(request.folder, named), (), ("which files are there",))
    folder = Folder(build, request.folder, request.top)
    start = _start(folder, named)
    todo, seen = [start], dict[str, None]()
    extra: list[str] = []
    writes: list[str] = []
    while todo:
        path = todo.pop(0)
        if path in seen:
            continue
        if len(seen) >= MAX_FILES:
            raise Refused("too many projects")
        seen[path] = None
        here = Folder(build, path.rpartition("/")[0], request.top)
        text = here.text(path.rpartition("/")[2])
        pattern = _REFERENCE
        if path.endswith(".sln"):
            pattern = _IN_SOLUTION
        elif not path.endswith(_PROJECT):
            raise Refused(f"{path} is no project")
        else:
            writes += below(here.place, "obj")
        for name in pattern.findall(text):
            if path.endswith(".sln") and "." not in name.replace("\\", "/").rpartition("/")[2]:
                continue  # a solution folder
            if "$(" in name or "*" in name:
                raise Refused(f"{path} refers to {name}")
            todo.append(here.path(name.replace("\\", "/")))
        if "<Import " in text or "$(MSBuild" in text:
            raise Refused(f"{path} imports other files")
        for place in (here, *here.above()):
            extra += place.present(*NAMES, *LOCKS)
    for path in extra:
        if path.endswith((".props", ".targets")) and "<Import " in (build.read(path) or "<Import "):
            raise Refused(f"{path} imports other files")
    return Reads(unique(tuple(seen), tuple(extra)), tuple(writes))


def _start(folder: Folder, named: str) -> str:
    """Return the file that is restored: the one named, or the only one of its folder."""
    if named.endswith((*_PROJECT, ".sln")):
        return folder.need(named)
    inner = Folder(folder.build, folder.path(named) if named else folder.place, folder.top)
    found = [
        entry.path
        for entry in inner.build.entries(inner.place)
        if entry.path.endswith((*_PROJECT, ".sln", ".slnx", ".proj", ".slnf"))
        and entry.path.rpartition("/")[0] == inner.place
    ]
    if len(found) != 1:
        raise Refused("which project is restored is not known")
    return inner.need(found[0].rpartition("/")[2])
