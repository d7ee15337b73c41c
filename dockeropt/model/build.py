"""The way BuildKit goes from stages to a build: which it needs, and what it refuses.

Invariant: the checks and their messages are those of BuildKit's ``dockerfile2llb`` and nothing
more: a file without problems here (and in the tree) is one that BuildKit starts to build.
Sources: ``convert.go`` (``buildDispatchStates``, ``toCommand``, ``resolveBaseImage``,
``dispatchCopy``), ``convert_runmount.go``, ``validations.go`` (``validateCircularDependency``).
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from dockeropt.model.expand import ExpansionError, expand
from dockeropt.model.images import parse as parse_image
from dockeropt.model.mountrules import mount_problem
from dockeropt.model.mounts import mount_sources
from dockeropt.model.scopes import Report, Scope, global_scope
from dockeropt.model.stages import Stage, build_stages, copy_source, split_stages
from dockeropt.model.state import onbuild_triggers
from dockeropt.syntax.gotext import quoted
from dockeropt.syntax.nodes import Add, Copy, FileInstruction, Instruction, Problem, Run

if TYPE_CHECKING:
    from dockeropt.model.model import Model


class Build:
    """Hold the stages as a build without further arguments sees them.

    ``problems`` are those that concern all stages, needed or not.
    """

    __slots__ = ("_sources", "globals", "named", "problems", "stages")

    def __init__(self, model: "Model") -> None:
        self.problems: list[Problem] = []
        args, parts = split_stages(model.tree)
        self.globals: Scope = global_scope(
            model.tree.escape,
            args,
            model.build_args,
            closed=True,
            platform=model.platform,
            target=model.target or "",
            report=self.report,
        )
        self.stages: tuple[Stage, ...] = build_stages(parts, self.globals)
        self.named: dict[str, Stage] = {stage.name: stage for stage in self.stages if stage.name}
        self._sources: dict[int, tuple[Stage, ...]] = {}
        for stage in self.stages:
            self._check_base(stage)
        for stage in self.stages:
            self._sources[stage.index] = self._read_sources(stage.instructions)
        self._check_circles()  # BuildKit looks for circles before it adds the parent's triggers

    def report(self, node: Instruction, message: str) -> None:
        """Record a problem of ``node``."""
        self.problems.append(Problem(message, node.code, "build"))

    @staticmethod
    def reporter(problems: list[Problem]) -> Report:
        """Return a function that records problems in ``problems``."""
        return lambda node, message: problems.append(Problem(message, node.code, "build"))

    def steps(self, stage: Stage) -> tuple[Instruction, ...]:
        """Return what is run for ``stage``: the triggers of its parent, then its own."""
        if stage.parent is None:
            return stage.instructions
        return (*onbuild_triggers(stage.parent.instructions), *stage.instructions)

    # --- stages -----------------------------------------------------------------------

    def _check_base(self, stage: Stage) -> None:
        node, name = stage.node, stage.base_name
        if name == "":
            self.report(node, f"base name ({node.image.text}) should not be blank")
        elif name is not None and stage.parent is None and name != "scratch":
            reason = reference_problem(name)
            if reason:
                self.report(node, f"failed to parse stage name {quoted(name)}: {reason}")
        flag = node.flag("platform")
        if flag is not None and flag.unquoted and self.globals.expand(flag.unquoted, node) == "":
            self.report(node, f"empty platform value from expression {flag.unquoted}")

    def _read_sources(self, nodes: Iterable[Instruction]) -> tuple[Stage, ...]:
        """Return the stages that instructions copy or mount from, their own if they say so."""
        found: list[Stage] = []
        for node in nodes:
            if not node.flags:
                continue
            if isinstance(node, Copy):
                source = self._copied(node)
                if source is not None:
                    found.append(source)
            elif isinstance(node, Run):
                for name in mount_sources(node):
                    if name.lower() in self.named:
                        found.append(self.named[name.lower()])
                    elif "$" not in name:
                        self._check_image(node, name)
        return tuple(found)

    def _copied(self, node: Copy) -> Stage | None:
        flag = node.flag("from")
        if flag is None or not flag.unquoted:
            return None
        try:
            if expand(flag.unquoted, {}, self.globals.escape).text != flag.unquoted:
                self.report(
                    node,
                    "variable expansion is not supported for --from, define a new stage with FROM"
                    " using ARG from global scope as a workaround",
                )
                return None
        except ExpansionError as error:
            self.report(node, f"failed to process {quoted(flag.unquoted)}: {error}")
            return None
        source = copy_source(node, self.stages, self.named)
        if source is None and flag.unquoted.lstrip("+-").isdigit():
            self.report(node, f"invalid stage index {flag.unquoted}")
        elif source is None:
            self._check_image(node, flag.unquoted)
        return source

    def _check_image(self, node: Instruction, name: str) -> None:
        reason = reference_problem(name) if name != "scratch" else None
        if reason:
            self.report(node, f"failed to parse stage name {quoted(name)}: {reason}")

    def _check_circles(self) -> None:
        """Report a stage that needs itself through COPY or mounts (FROM cannot do that)."""
        done: set[int] = set()
        for start in self.stages:
            path: list[int] = []
            on_path: set[int] = set()
            stack: list[tuple[Stage, bool]] = [(start, False)]
            while stack:
                stage, leaving = stack.pop()
                if leaving:
                    on_path.discard(path.pop())
                    continue
                if stage.index in on_path:
                    name = start.name or f"stage-{start.index}"
                    self.report(start.node, f"circular dependency detected on stage: {name}")
                    return
                if stage.index in done:
                    continue
                done.add(stage.index)
                path.append(stage.index)
                on_path.add(stage.index)
                stack.append((stage, True))
                stack.extend([(source, False) for source in self._sources[stage.index]])

    def needed(self, index: int) -> tuple[Stage, ...]:
        """Return the stages that the one at ``index`` needs, itself too, in file order."""
        seen: set[int] = set()
        todo = [self.stages[index]]
        while todo:
            stage = todo.pop()
            if stage.index not in seen:
                seen.add(stage.index)
                todo.extend(self._sources[stage.index])
                if stage.parent is not None:
                    todo.append(stage.parent)
                    todo.extend(self._read_sources(onbuild_triggers(stage.parent.instructions)))
        return tuple([stage for stage in self.stages if stage.index in seen])

    # --- instructions -----------------------------------------------------------------

    def check(self, node: Instruction, stage: Stage, scope: Scope, workdir: str | None) -> None:
        """Report what BuildKit rejects in a RUN, COPY or ADD of ``stage``."""
        if isinstance(node, FileInstruction):
            self._check_files(node, stage, scope)
        elif isinstance(node, Run) and node.flags:
            for flag in node.flags:
                if flag.name == "mount":
                    reason = mount_problem(flag, lambda text: scope.expand(text, node), workdir)
                    if reason:
                        scope.report(node, reason)
            for name in mount_sources(node):
                source = self.named.get(name.lower())
                if source is not None and source.index >= stage.index:
                    scope.report(node, f'cannot mount from stage "{name}", stage needs to be defined before')

    def _check_files(self, node: FileInstruction, stage: Stage, scope: Scope) -> None:
        for name in ("chown", "chmod", "checksum"):
            flag = node.flag(name)
            if flag is not None and flag.unquoted:
                value = scope.expand(flag.unquoted, node)
                if name == "chmod" and value and value.isdigit() and not _is_mode(value):
                    scope.report(
                        node,
                        f"invalid chmod parameter: '{value}'. it should be octal string and between 0 and 07777",
                    )
        source = copy_source(node, self.stages, self.named) if isinstance(node, Copy) else None
        if source is not None and source.index > stage.index:
            flag = node.flag("from")
            called = flag.unquoted if flag else ""
            current = stage.name or f"stage-{stage.index}"
            scope.report(
                node,
                f'cannot copy from stage "{called}", it needs to be defined before current stage "{current}"',
            )
        for word in (*node.sources, node.destination):
            if word.text.startswith("<<"):
                continue
            text = scope.expand(word.text, node)
            if text is None or isinstance(node, Add) or word is node.destination:
                continue
            if text.startswith(("http://", "https://")):
                git = text.partition("#")[0].endswith(".git")
                scope.report(node, f"source can't be a {'git ref' if git else 'URL'} for COPY")


def reference_problem(name: str) -> str | None:
    """Return why ``name`` is no image reference, in BuildKit's words; ``None`` if it is one.

    Source: distribution ``reference`` (``ParseNormalizedNamed``).

    >>> reference_problem("debian:")
    'invalid reference format'
    """
    if parse_image(name) is not None:
        return None
    if len(name) == 64 and not name.strip("0123456789abcdef"):
        return f"invalid repository name ({name}), cannot specify 64-byte hexadecimal strings"
    first, slash, rest = name.partition("/")
    repository = name
    if slash and ("." in first or ":" in first or first == "localhost" or first.lower() != first):
        repository = rest
    repository = repository.partition(":")[0]
    if repository.lower() != repository:
        prefix = "" if "/" in repository else "library/"
        return f"invalid reference format: repository name ({prefix}{repository}) must be lowercase"
    return "invalid reference format"


def _is_mode(text: str) -> bool:
    try:
        return int(text, 8) <= 0o7777
    except ValueError:
        return False
