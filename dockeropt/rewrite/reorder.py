"""May a COPY move below the instructions that follow it?

Invariant: ``None``, "nothing is in the way", only where both orders leave the same files with the
same owners. A doubt is named; what is not understood is in the way.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dockeropt.knowledge.layout import is_free
from dockeropt.model import Model
from dockeropt.model.copies import outputs
from dockeropt.model.footprint import footprint_of
from dockeropt.model.paths import is_within, overlap, resolve
from dockeropt.model.runs import RunFacts
from dockeropt.model.state import clean_path
from dockeropt.rewrite.installs import reads_nothing
from dockeropt.syntax.nodes import (
    Arg,
    Env,
    Error,
    FileInstruction,
    Instruction,
    Run,
    Volume,
    Workdir,
)


class Way(NamedTuple):
    """Say what is in the way of a move, and what is not known about it."""

    obstacle: str = ""
    doubts: tuple[str, ...] = ()


def way_down(
    model: Model,
    copy: FileInstruction,
    tree: str,
    between: Sequence[Instruction],
    runs: Mapping[Instruction, RunFacts],
    modes: Mapping[str, int] | None = None,
) -> Way:
    """Return what is in the way of ``copy`` moving below the instructions ``between``.

    Args:
        model: The file.
        copy: The instruction that moves.
        tree: The absolute path at and below which it writes.
        between: The instructions in order.
        runs: The facts of every RUN.
        modes: Permission bits of the folders that it makes, by absolute path, as far as known.
    """
    doubts: list[str] = []
    for node in between:
        if isinstance(node, Run):
            reason = _run(runs[node], tree)
        elif isinstance(node, FileInstruction):
            written = outputs(node, model.state_before(node))
            met = written is None or any(overlap(out.path, tree) for out in written)
            reason = f"{node.name} {node.sources[0].text} writes to the same place" if met else ""
        elif isinstance(node, Workdir):
            reason = ""
            doubts += _workdir(model, copy, node, tree, modes or {})
        elif isinstance(node, Env | Arg):
            used = "$" in copy.rest.text
            reason = f"{node.name} may change what the {copy.name} says" if used else ""
        elif isinstance(node, Volume | Error):
            reason = f"{node.name} stands in between"
        else:
            reason = ""
        if reason:
            return Way(reason)
    return Way("", tuple(doubts))


def _run(run: RunFacts, tree: str) -> str:
    """Return why a RUN must stay where it is, ``""`` if it does not care for ``tree``."""
    if run.shell is None or (run.state.dialect is None and not run.state.posix):
        return "a RUN in between cannot be read"
    first = next((call.program for call in run.calls if call.program), "a command")
    if any(mount.target is None or overlap(mount.target, tree) for mount in run.mounts):
        return f"the mounts of RUN {first} may lie there"
    places = _places(run)
    for call in run.calls:
        if not reads_nothing(call, places, tree):
            return f"{call.program or 'a command'} in between may read what is copied"
    mark = footprint_of(run)
    if mark.anywhere and all((call.program or "").startswith("python") for call in run.calls):
        return ""  # `python -m venv` elsewhere, as nothing else of python reads nothing
    if mark.anywhere:
        return f"RUN {first} in between may write there"
    homes = [home.path for home in mark.homes]
    touched = (*mark.directories, *mark.trees, *homes, *mark.owned, *mark.removed)
    if any(overlap(path, tree) for path in touched):
        return f"RUN {first} in between changes {tree}"
    if mark.packages and not is_free("debian", None, tree):
        return f"packages may put files into {tree}"
    return ""


def _places(run: RunFacts) -> tuple[str | None, ...]:
    """Return where the commands of a script may run; unknown as soon as one leaves the directory."""
    moved = any(call.program in ("cd", "pushd", "popd") for call in run.calls)
    place = run.state.workdir
    if not moved:
        return (place,)
    found: list[str | None] = [place]
    for call in run.calls:
        if call.program == "cd" and len(call.args) == 1 and call.args[0].literal is not None:
            found.append(resolve(call.args[0].literal, place))
        elif call.program in ("cd", "pushd", "popd"):
            found.append(None)
    return tuple(found)


def _workdir(
    model: Model, copy: FileInstruction, node: Workdir, tree: str, modes: Mapping[str, int]
) -> list[str]:
    """Return the doubts about a directory that WORKDIR now makes instead of COPY."""
    state = model.state_before(node)
    written = state.expand(node.argument.text)
    path = resolve(written, state.workdir) if written else None
    if path is None:
        return ["where WORKDIR leads"]
    path = clean_path(path)
    if not (is_within(path, tree) or is_within(tree, path)):
        return []
    if copy.flag("chown") is not None or copy.flag("chmod") is not None or state.is_root is not True:
        return [f"who owns {path}, which WORKDIR would make"]
    if any(is_within(path, made) and mode != 0o755 for made, mode in modes.items() if made != tree):
        return [f"which mode {path} has, which WORKDIR would make"]
    return []
