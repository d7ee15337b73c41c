"""Dependency manifests and lock files: which there are, and which of them an install reads.

Invariant: never a guess. :func:`files_read` names every file that the install reads, or says in
plain words why that is not known, or why the source is needed; a malformed file is a reason like any
other. Each ecosystem has a module of its own, which is loaded when it is asked for.
"""

from collections.abc import Iterator
from types import ModuleType
from typing import NamedTuple

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import NotKnown, Reads, Refused, Request

__all__ = ["Manifest", "NotKnown", "Reads", "Request", "files_read", "is_manifest", "manifests_in"]

_MODULE_OF = {
    "pip": "pip",
    "uv": "pyproject",
    "poetry": "pyproject",
    "pdm": "pyproject",
    "hatch": "pyproject",
    "pipenv": "pipenv",
    "npm": "node",
    "yarn": "node",
    "pnpm": "node",
    "bun": "node",
    "go": "go",
    "cargo": "cargo",
    "bundle": "bundler",
    "composer": "composer",
    "mvn": "maven",
    "gradle": "gradle",
    "dotnet": "dotnet",
    "mix": "mix",
}


class Manifest(NamedTuple):
    """A manifest or lock file of a folder.

    Args:
        path: Relative to the context.
        ecosystem: Name of the module here that knows it: ``node``, ``pip``, …
        lock: Whether it fixes versions.
        ignored: Whether the build cannot see it.
    """

    path: str
    ecosystem: str
    lock: bool
    ignored: bool


def files_read(build: BuildContext, request: Request) -> Reads | NotKnown:
    """Return the files that an install reads, or why that is not known.

    Args:
        build: The build context. Where it is not known, conventional names are given with a doubt.
        request: The install.
    """
    name = _MODULE_OF.get(request.tool)
    if name is None:
        return NotKnown(f"{request.tool} is not known")
    if name == "pyproject" and request.tool == "uv" and request.verb.startswith("pip"):
        name = "pip"
    try:
        found = _module(name).files_read(build, request)
    except Refused as reason:
        return NotKnown(str(reason))
    assert isinstance(found, Reads)
    return found


def is_manifest(path: str) -> bool:
    """Tell whether a file is a manifest or lock file by its name."""
    name = path.rpartition("/")[2]
    if name.startswith(("requirements", "constraints")) and name.endswith((".txt", ".in")):
        return True
    modules = [_module(module) for module in dict.fromkeys(_MODULE_OF.values())]
    return any(name in module.NAMES or name in module.LOCKS for module in modules)


def manifests_in(build: BuildContext, folder: str = "") -> Iterator[Manifest]:
    """Yield the manifests and lock files that lie in a folder, ignored ones too."""
    for name in dict.fromkeys(_MODULE_OF.values()):
        module = _module(name)
        for lock, names in ((False, module.NAMES), (True, module.LOCKS)):
            for file in names:
                path = f"{folder}/{file}" if folder else file
                entry = build.entry(path)
                if entry is not None and entry.kind == "file":
                    yield Manifest(path, name, lock, build.ignore.ignores(path))


def _module(name: str) -> ModuleType:
    from importlib import import_module

    return import_module(f"dockeropt.project.manifests.{name}")
