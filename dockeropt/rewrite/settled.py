"""Installs of which the build context shows that they write to the packages' own places only.

Invariant: a call is named only when every requirement that it reads is a plain package of an index:
``-e``, local paths and repositories may write into the directory that pip runs in.

Source: pip documentation, "pip install", ``--src`` and ``--editable``.
"""

from dockeropt.model import Model
from dockeropt.model.calls import CallFacts
from dockeropt.model.paths import is_within
from dockeropt.project.context import BuildContext
from dockeropt.project.pip_files import read_requirements
from dockeropt.rewrite.installs import install_of
from dockeropt.rewrite.sources import Sources, sources_of
from dockeropt.syntax.nodes import FileInstruction, Run

_ELSEWHERE = frozenset(("-t", "--target", "--prefix", "--root", "--src", "--log", "-e", "--editable"))

_HARMLESS = frozenset(
    "PIP_NO_CACHE_DIR PIP_DISABLE_PIP_VERSION_CHECK PIP_DEFAULT_TIMEOUT PIP_ROOT_USER_ACTION PIP_TIMEOUT".split()
)
"""Settings of pip that say nothing about where it writes."""


def settled_installs(model: Model, build: BuildContext) -> frozenset[CallFacts]:
    """Return the calls of pip that write nothing into the directory they run in."""
    if not build.known:
        return frozenset()
    runs = {run.node: run for run in model.runs}
    found: set[CallFacts] = set()
    for stage in model.stages:
        copies: list[Sources] = []
        for node in stage.instructions:
            if isinstance(node, FileInstruction):
                sources = sources_of(node, model, build)
                if isinstance(sources, Sources):
                    copies.append(sources)
            elif isinstance(node, Run) and runs[node].state.workdir is not None:
                run = runs[node]
                moved = any(call.program in ("cd", "pushd", "popd") for call in run.calls)
                if not moved and not any(map(_steers, run.state.variables)):
                    found.update(
                        [c for c in run.calls if _is_settled(c, run.state.workdir or "/", copies, build)]
                    )
    return frozenset(found)


def _is_settled(call: CallFacts, place: str, copies: list[Sources], build: BuildContext) -> bool:
    install = install_of(call, place)
    if install is None or install.tool != "pip" or install.options & _ELSEWHERE or install.constraints:
        return False
    if install.operands or not install.requirements:
        return False
    return all(_is_plain(path, copies, build) for path in install.requirements)


def _is_plain(path: str, copies: list[Sources], build: BuildContext) -> bool:
    for sources in reversed(copies):
        origin = sources.origin(path)
        if origin is not None:
            if build.ignore.ignores(origin) or build.read(origin) is None:
                return False
            return not read_requirements(build, origin).unknown
        if is_within(path, sources.tree):
            return False
    return False


def _steers(name: str) -> bool:
    return name.startswith("PIP_") and name not in _HARMLESS
