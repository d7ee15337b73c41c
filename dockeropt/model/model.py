"""The meaning of one Dockerfile, computed when asked for: the only thing passes hold.

Invariant: a pure function of tree and build arguments. Nothing is changed after it is made
except to remember an answer; nothing is read from disk or network.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from dockeropt.model.runs import RunFacts
from dockeropt.model.scopes import DEFAULT_PATH, Scope, global_scope
from dockeropt.model.stages import Stage, build_stages, link_sources, split_stages
from dockeropt.model.state import State, inherited_state, initial_state, next_state, onbuild_triggers
from dockeropt.syntax.nodes import (
    CommandInstruction,
    Dockerfile,
    From,
    Instruction,
    Onbuild,
    Problem,
    Run,
)

if TYPE_CHECKING:
    from dockeropt.model.observable import ImageConfig, Images
    from dockeropt.model.packages import Invocation
    from dockeropt.model.tools import Tool


class Model:
    """Answer questions about a parsed Dockerfile.

    Args:
        tree: The parsed file.
        build_args: Values that the build passes with ``--build-arg``.
        target: Name or index of the stage to build; the last one if not given or not found.
        base_env: Environment of base images; unknown if not given.
        platform: Target platform such as ``linux/amd64``; unknown if not given.
    """

    __slots__ = (
        "_commands",
        "_configs",
        "_final",
        "_globals",
        "_images",
        "_invocations",
        "_linked",
        "_problems",
        "_runs",
        "_stage_of",
        "_stages",
        "_states",
        "base_env",
        "build_args",
        "platform",
        "target",
        "tree",
    )

    def __init__(
        self,
        tree: Dockerfile,
        *,
        build_args: Mapping[str, str | None] | None = None,
        target: str | None = None,
        base_env: Mapping[str, str] | None = None,
        platform: str | None = None,
    ) -> None:
        self.tree = tree
        self.build_args = build_args or {}
        self.target = target
        self.base_env = base_env
        self.platform = platform
        self._globals: Scope | None = None
        self._stages: tuple[Stage, ...] | None = None
        self._stage_of: dict[Instruction, Stage] | None = None
        self._linked = False
        self._states: dict[Instruction, State] | None = None
        self._runs: tuple[RunFacts, ...] | None = None
        self._commands: tuple[RunFacts, ...] | None = None
        self._invocations: tuple[Invocation, ...] | None = None
        self._images: Images | None = None
        self._configs: dict[int, ImageConfig] = {}
        self._problems: tuple[Problem, ...] | None = None

    # --- stages -----------------------------------------------------------------------

    @property
    def stages(self) -> tuple[Stage, ...]:
        """Return the build stages in order."""
        if not self._linked:
            stages = self._unlinked()
            self._linked = True
            link_sources(stages, self.final)
        assert self._stages is not None
        return self._stages

    def _unlinked(self) -> tuple[Stage, ...]:
        if self._stages is None:
            args, parts = split_stages(self.tree)
            self._globals = global_scope(
                self.tree.escape,
                args,
                self.build_args,
                closed=self.base_env is not None,
                platform=self.platform,
                target=self.target or "",
            )
            self._stages = build_stages(parts, self._globals)
        return self._stages

    @property
    def final(self) -> Stage | None:
        """Return the stage that the build makes an image of; ``None`` without any FROM."""
        stages = self._unlinked()
        if self.target:
            name = self.target.lower()
            for stage in reversed(stages):
                if stage.name == name:
                    return stage
            if name.isascii() and name.isdigit() and int(name) < len(stages):
                return stages[int(name)]
        return stages[-1] if stages else None

    @property
    def global_args(self) -> Mapping[str, str | None]:
        """Return the arguments declared before the first FROM, with their values."""
        self._unlinked()
        assert self._globals is not None
        return self._globals.args

    def stage_of(self, node: Instruction) -> Stage | None:
        """Return the stage that ``node`` stands in, ``None`` before the first FROM.

        A FROM belongs to the stage it begins, the inside of an ONBUILD to the outer one's.
        """
        if self._stage_of is None:
            found: dict[Instruction, Stage] = {}
            for stage in self.stages:
                found[stage.node] = stage
                for item in stage.instructions:
                    found[item] = stage
                    if isinstance(item, Onbuild):
                        found[item.inner] = stage
            self._stage_of = found
        return self._stage_of.get(node)

    # --- state ------------------------------------------------------------------------

    @property
    def states(self) -> Mapping[Instruction, State]:
        """Return the state before each instruction of each stage."""
        if self._states is None:
            self._states = self._walk()
        return self._states

    def _walk(self) -> dict[Instruction, State]:
        states: dict[Instruction, State] = {}
        ends: dict[int, tuple[Scope, State]] = {}
        stages = self.stages
        assert self._globals is not None
        variables = self._globals.variables
        for stage in stages:
            scope = Scope(self.tree.escape, closed=self.base_env is not None)
            if stage.parent is not None:
                before, last = ends[stage.parent.index]
                scope.begin(before)
                state = inherited_state(scope, last)
                for node in onbuild_triggers(stage.parent.instructions):
                    state = next_state(state, node, scope, variables, self.build_args)
            else:
                scratch = stage.base_name == "scratch"
                scope.begin(
                    None, {"PATH": DEFAULT_PATH} if scratch and self.base_env is None else self.base_env
                )
                state = initial_state(scope, stage.image, scratch=scratch)
            for node in stage.instructions:
                states[node] = state
                if isinstance(node, Onbuild):
                    states[node.inner] = state
                else:
                    state = next_state(state, node, scope, variables, self.build_args)
            ends[stage.index] = (scope, state)
            states[stage.node] = state
        return states

    def state_before(self, node: Instruction) -> State:
        """Return what is in force when ``node`` is reached.

        The inside of an ONBUILD has the state of the ONBUILD. A FROM, which starts afresh, and
        anything before the first FROM have the state of an unknown image.
        """
        if type(node) is not From:
            state = self.states.get(node)
            if state is not None:
                return state
        return initial_state(Scope(self.tree.escape, closed=False), None, scratch=False)

    def state_at_end(self, stage: Stage) -> State:
        """Return what is in force at the end of ``stage``."""
        return self.states[stage.node]

    # --- commands ---------------------------------------------------------------------

    def _facts(self) -> None:
        runs: list[RunFacts] = []
        commands: list[RunFacts] = []
        for stage in self.stages:
            for node in stage.instructions:
                inner = node.inner if isinstance(node, Onbuild) else node
                if isinstance(inner, CommandInstruction):
                    facts = RunFacts(inner, stage, self.state_before(inner), onbuild=inner is not node)
                    (runs if isinstance(inner, Run) else commands).append(facts)
        self._runs, self._commands = tuple(runs), tuple(commands)

    @property
    def runs(self) -> tuple[RunFacts, ...]:
        """Return the facts of every RUN in order, those inside ONBUILD too."""
        if self._runs is None:
            self._facts()
        assert self._runs is not None
        return self._runs

    @property
    def commands(self) -> tuple[RunFacts, ...]:
        """Return the facts of every CMD, ENTRYPOINT and HEALTHCHECK in order."""
        if self._commands is None:
            self._facts()
        assert self._commands is not None
        return self._commands

    @property
    def invocations(self) -> "tuple[Invocation, ...]":
        """Return the package-manager calls of all RUNs, in order."""
        if self._invocations is None:
            from dockeropt.model.packages import find_invocation

            found = [find_invocation(call) for run in self.runs for call in run.calls]
            self._invocations = tuple([invocation for invocation in found if invocation is not None])
        return self._invocations

    def installs(self, *tools: "Tool") -> "Iterator[Invocation]":
        """Yield the installs by one of ``tools``, by any when none is given."""
        from dockeropt.model.tools import Verb

        for invocation in self.invocations:
            if invocation.verb is Verb.INSTALL and (not tools or invocation.tool in tools):
                yield invocation

    # --- the image --------------------------------------------------------------------

    def _made(self) -> "Images":
        if self._images is None:
            from dockeropt.model.observable import Images

            self._images = Images(self)
        return self._images

    def observable(self, stage: Stage | None = None) -> "ImageConfig":
        """Return the configuration of the image that a build of ``stage`` makes.

        The final stage if none is named. Computed as BuildKit does, over an empty base image
        unless ``base_env`` is given.
        """
        from dockeropt.model.observable import ImageConfig

        stage = stage or self.final
        if stage is None:
            return ImageConfig()
        if stage.index not in self._configs:
            self._configs[stage.index] = self._made().config(stage.index)
        return self._configs[stage.index]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Return what BuildKit refuses when it makes a build of the stages that are needed.

        Problems of the text itself are not among them: see ``tree.problems``.
        """
        if self._problems is None:
            final = self.final
            self._problems = self._made().problems(final.index if final is not None else None)
        return self._problems
