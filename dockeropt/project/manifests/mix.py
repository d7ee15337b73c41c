"""Mix: ``mix.exs`` and ``mix.lock``, with the configuration that Mix loads.

Source: Mix documentation, "mix deps.get", "Mix.Project", "Config". ``mix.exs`` is a program: what
reads files in it is not followed.
"""

import re

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import Folder, Reads, Refused, Request, below

NAMES = ("mix.exs",)
LOCKS = ("mix.lock",)

_LOCAL = re.compile(
    r"\bpath:|in_umbrella|apps_path|\bFile\.|Code\.|System\.cmd|\bimport_file|@external_resource"
)


def files_read(build: BuildContext, request: Request) -> Reads:
    """Return the two files of a project without applications of its own beside it."""
    if request.verb != "deps.get" or request.operands:
        raise Refused("Mix compiles the source")
    files = below(request.folder, "mix.exs", "mix.lock")
    writes = below(request.folder, "deps", "_build")
    if not build.known:
        return Reads(files, writes, ("which files are there",))
    folder = Folder(build, request.folder, request.top)
    text = re.sub(r"(?m)#.*$", "", folder.text("mix.exs"))
    found = _LOCAL.search(text)
    if found is not None:
        raise Refused(f"mix.exs says {found[0]}, which may lead to other files")
    folder.need("mix.lock")
    doubts: tuple[str, ...] = ()
    if not request.has("--check-locked"):
        doubts = ("whether Mix rewrites mix.lock, which the copy of the rest puts back",)
    if folder.has("config/config.exs"):
        doubts = (*doubts, "whether config/config.exs, which Mix loads if it is there, matters to it")
    return Reads(files, writes, doubts)
