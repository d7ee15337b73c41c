"""What pip needs to build and install a project that lies in the build context (``pip install .``).

Invariant: only a project whose ``pyproject.toml`` says everything, and whose build runs no code of its
own, is known; of any other it is said what is not known.

Source: PEP 517, PEP 621; user guides of setuptools, Hatch, Flit and Poetry (2026-11-24).
"""

from collections.abc import Mapping
from posixpath import join, normpath
from typing import NamedTuple

from dockeropt.project.context import BuildContext
from dockeropt.project.pip_files import Requirement, read_requirement

_COMPILED = {
    "setuptools.build_meta": (("setuptools", "ext-modules"), ("setuptools", "cmdclass")),
    "hatchling.build": (("hatch", "build", "hooks"), ("hatch", "build", "targets"), ("hatch", "metadata")),
    "flit_core.buildapi": (),
    "poetry.core.masonry.api": (("poetry", "build"),),
}
"""For each builder of pure Python the settings, below ``tool``, with which it may run other code."""


class LocalProject(NamedTuple):
    """Say what installing a project takes.

    Args:
        unknown: What is not known, as a clause; ``""`` when everything is.
        requirements: What builds it and, if they are asked for, its dependencies.
        commands: Commands that it brings.
    """

    unknown: str = ""
    requirements: tuple[Requirement, ...] = ()
    commands: tuple[str, ...] = ()


def read_local_project(build: BuildContext, folder: str, *, dependencies: bool) -> LocalProject:
    """Return what it takes to install the project in a folder of the build context.

    Args:
        build: The build context.
        folder: The folder, ``""`` for the context itself.
        dependencies: Whether pip installs what the project depends on, too.
    """
    path = normpath(join(folder, "pyproject.toml"))
    for other in ("setup.py", "setup.cfg"):
        name = normpath(join(folder, other))
        if build.entry(name) is not None and not build.ignore.ignores(name):
            return LocalProject(f"what {name} brings")
    document = _read(build, path)
    system = _table(document.get("build-system"))
    backend = str(system.get("build-backend", ""))
    if backend not in _COMPILED or "backend-path" in system:
        return LocalProject(f"what {path} builds with")
    for keys in _COMPILED[backend]:
        found: object = _table(document.get("tool"))
        for key in keys:
            found = _table(found).get(key)
        if found:
            return LocalProject(f"what tool.{'.'.join(keys)} of {path} does")
    asked = [*_strings(system.get("requires"))]
    project = _table(document.get("project"))
    if dependencies:
        if "name" not in project or "dependencies" in _strings(project.get("dynamic")):
            return LocalProject(f"what {path} depends on")
        asked += _strings(project.get("dependencies"))
    known: list[Requirement] = []
    for text in asked:
        item = read_requirement(text)
        if item is None:
            return LocalProject(f"what {text[:40]} brings")
        known.append(item._replace(file=path))
    poetry = _table(_table(document.get("tool")).get("poetry"))
    commands = [
        *_table(project.get("scripts")),
        *_table(project.get("gui-scripts")),
        *_table(poetry.get("scripts")),
    ]
    return LocalProject("", tuple(known), tuple(commands))


def _read(build: BuildContext, path: str) -> Mapping[str, object]:
    import tomllib

    text = build.read(path)
    if text is None or build.ignore.ignores(path):
        return {}
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _table(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}


def _strings(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
