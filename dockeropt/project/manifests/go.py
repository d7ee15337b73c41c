"""Go modules: ``go.mod`` and ``go.sum``.

Sources: Go Modules Reference, "go mod download", "replace directive", "Workspaces", "Vendoring".
"""

import re

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import Folder, Reads, Refused, Request, below

NAMES = ("go.mod", "go.work")
LOCKS = ("go.sum", "go.work.sum")

_LOCAL_REPLACE = re.compile(r"=>\s*\"?(\.{1,2}/|/|\.{1,2}\s*$|[A-Za-z]:)", re.MULTILINE)
_REQUIRED = re.compile(r"(?m)^\s*(?:require\s+)?([\w.~/-]+\.[\w.~/-]+)\s+(v\d\S*)")


def files_read(build: BuildContext, request: Request) -> Reads:
    """Return the two files, unless modules come from elsewhere than a proxy."""
    if request.verb != "mod download":
        raise Refused(f"go {request.verb} reads the source")
    if request.has("-modfile", "-C", "-mod"):
        raise Refused("it reads another go.mod")
    files = below(request.folder, "go.mod", "go.sum")
    if not build.known:
        return Reads(files, (), ("which files are there",))
    folder = Folder(build, request.folder, request.top)
    text = re.sub(r"//.*", "", folder.text("go.mod"))
    if _LOCAL_REPLACE.search(text):
        raise Refused("go.mod replaces a module by a local path")
    for place in (folder, *folder.above()):
        if place.has("go.work"):
            raise Refused("there is a go.work")
    if folder.holds("vendor"):
        raise Refused("the modules are in vendor")
    checksums = folder.text("go.sum")
    replaced = "replace" in text
    for module, version in _REQUIRED.findall(text):
        if not replaced and f"{module} {version} h1:" not in checksums:
            return Reads(files, (), (f"go.sum has no checksum of {module}, so that Go may add it",))
    return Reads(files)
