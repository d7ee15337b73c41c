"""Pipenv: ``Pipfile`` and ``Pipfile.lock``.

Source: Pipenv documentation, "Pipenv Commands" (``install --deploy``, ``sync``).
"""

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import Folder, Reads, Refused, Request, below, table

NAMES = ("Pipfile",)
LOCKS = ("Pipfile.lock",)


def files_read(build: BuildContext, request: Request) -> Reads:
    """Return the two files; the lock has to be there."""
    if request.operands or request.has("-r", "--requirements", "-e", "--editable"):
        raise Refused("it installs more than the Pipfile says")
    files = below(request.folder, "Pipfile", "Pipfile.lock")
    writes = below(request.folder, ".venv")
    if not build.known:
        return Reads(files, writes, ("which files are there",))
    folder = Folder(build, request.folder, request.top)
    pipfile, lock = folder.toml("Pipfile"), folder.json("Pipfile.lock")
    sections = [
        value for key, value in pipfile.items() if key not in ("source", "requires", "scripts", "pipenv")
    ]
    sections += [value for key, value in lock.items() if key != "_meta"]
    for section in sections:
        for name, value in table(section).items():
            if {"path", "file", "editable"} & set(table(value)):
                raise Refused(f"{name} is taken from a local path")
    doubts: tuple[str, ...] = ()
    if request.verb != "sync" and not request.has("--deploy", "--ignore-pipfile"):
        doubts = ("whether pipenv rewrites Pipfile.lock, which the copy of the rest puts back",)
    return Reads(files, writes, doubts)
