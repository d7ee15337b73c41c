"""Which steps of a build run again after a file of the context was edited.

The rule is BuildKit's: the result of a step is found in the cache by what it does and what it is
given. COPY, ADD and read-only mounts are given the *content* of their sources (``FileOp.CacheMap``
and ``ExecOp.CacheMap`` take a checksum of the selected paths, times left out); all else is given
the step before. So a step runs again when what it takes of the context holds the edited file,
when it takes something from a stage that runs again, or when a step before it in its stage does.

Steps are counted as BuildKit numbers them (``convert.go``, ``cmdTotal``): RUN, COPY, ADD and
WORKDIR, of the stages that the target needs. Invariant: where a step may run again, it is said
to; then the answer is not ``sure``. What a stage copies from another that runs again may turn
out the same and be found all the same. And ``COPY --link`` does without the step before where the
builder can merge layers (containerd's image store), but not with Docker's own (overlay2).

The rules were held against Docker 26.1 (``tests/estimates/test_engine.py``).
"""

from typing import TYPE_CHECKING, NamedTuple

from dockeropt.estimates.contextfiles import covers, mounted, sources_of
from dockeropt.model.mounts import Mount, mount_sources
from dockeropt.model.stages import Stage, copy_source
from dockeropt.model.state import onbuild_triggers
from dockeropt.model.tools import Tool, Verb
from dockeropt.syntax.nodes import Add, Copy, FileInstruction, Instruction, Run, Workdir

if TYPE_CHECKING:
    from dockeropt.model.model import Model


MAX_ROUNDS = 20
"""Nobody names stages backwards more deeply than this."""


class BuildStep(NamedTuple):
    """One step of the build.

    Args:
        node: The instruction.
        stage: The stage that it is a step of (not the one it stands in, for ONBUILD).
        again: Whether it runs again.
        sure: Whether that is certain.
        installs: What it installs with, such as ``pip install``.
    """

    node: Instruction
    stage: Stage
    again: bool
    sure: bool
    installs: tuple[str, ...]


class _Stages:
    """Know which stages a build needs, and what an instruction takes from which."""

    def __init__(self, model: "Model") -> None:
        self.model = model
        self.named = {stage.name: stage for stage in model.stages if stage.name}

    def sources(self, node: Instruction) -> list[Stage]:
        """Return the stages that ``node`` copies or mounts from."""
        if isinstance(node, Copy):
            found = copy_source(node, self.model.stages, self.named)
            return [found] if found is not None else []
        if isinstance(node, Run) and node.flags:
            return [self.named[name.lower()] for name in mount_sources(node) if name.lower() in self.named]
        return []

    def needed(self) -> list[Stage]:
        """Return the stages that the target is made of, in the order of the file."""
        waiting = [self.model.final] if self.model.final is not None else []
        found: dict[int, Stage] = {}
        while waiting:
            stage = waiting.pop()
            if stage.index in found:
                continue
            found[stage.index] = stage
            if stage.parent is not None:
                waiting.append(stage.parent)
            for node in steps_of(stage):
                waiting += self.sources(node)
        return [found[index] for index in sorted(found)]


def steps_of(stage: Stage) -> list[Instruction]:
    """Return the instructions that are steps of ``stage``, triggers of the one below it first."""
    nodes: list[Instruction] = []
    if stage.parent is not None:
        nodes += onbuild_triggers(stage.parent.instructions)
    nodes += stage.instructions
    return [node for node in nodes if isinstance(node, (Run, Copy, Add, Workdir))]


def needed_stages(model: "Model") -> list[Stage]:
    """Return the stages that a build of the target needs, in the order of the file."""
    return _Stages(model).needed()


def steps_after_edit(model: "Model", path: str) -> tuple[BuildStep, ...]:
    """Return every step of the build, with whether it runs again once ``path`` was edited.

    Args:
        model: The Dockerfile.
        path: A file of the context that is not ignored.
    """
    stages = _Stages(model)
    needed = stages.needed()
    installs: dict[Instruction, dict[str, None]] = {}
    for found in model.invocations:
        if found.verb is Verb.INSTALL and not found.run.onbuild:
            # One fix replaces apt by apt-get: that is no other step.
            program = "apt-get" if found.tool is Tool.APT else found.tool.value
            label = f"{program} {found.verb_text or 'install'}"
            installs.setdefault(found.run.node, {})[label] = None
    mounts: dict[Instruction, tuple[Mount, ...]] = {
        run.node: run.mounts for run in model.runs if run.node.flags
    }
    dirty: dict[int, bool] = {}
    steps: dict[int, list[BuildStep]] = {}
    # A stage may be named before it comes: go round until nothing changes any more.
    for _ in range(MAX_ROUNDS):
        before = dict(dirty)
        for stage in needed:
            inherited = stage.parent is not None and dirty.get(stage.parent.index, False)
            here: list[BuildStep] = []
            for node in steps_of(stage):
                own, sure = False, True
                if isinstance(node, FileInstruction):
                    for source in sources_of(node, model.state_before(node)):
                        own = own or source is None or covers(source, path)
                        sure = sure and source is not None
                else:
                    for mount in mounts.get(node, ()):
                        taken = mounted(mount)
                        own = own or (taken is not None and covers(taken, path))
                if not own and any(dirty.get(source.index) for source in stages.sources(node)):
                    own, sure = True, False
                if inherited:
                    sure = not isinstance(node, FileInstruction) or node.flag("link") is None
                here.append(BuildStep(node, stage, own or inherited, sure, tuple(installs.get(node, ()))))
                inherited = inherited or own
            steps[stage.index] = here
            dirty[stage.index] = inherited
        if dirty == before:
            break
    return tuple([step for stage in needed for step in steps[stage.index]])
