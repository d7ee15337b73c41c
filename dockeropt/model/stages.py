"""The stages of a file and how they hang together.

Invariant: stage names are found the way BuildKit finds them. FROM looks for an *earlier*
stage whose lower-case name equals the expanded image word exactly (``addState``), so
``FROM Builder`` after ``AS builder`` is an image; ``COPY --from`` looks case-insensitively
among all stages, or by index (``toCommand``); ``RUN --mount=from=`` by name only
(``detectRunMount``). A later stage of the same name hides the earlier one.
"""

from collections.abc import Mapping

from dockeropt.model.images import ImageRef
from dockeropt.model.images import parse as parse_image
from dockeropt.model.scopes import Scope
from dockeropt.syntax.nodes import Arg, Copy, Dockerfile, From, Instruction, Onbuild, Run


class Stage:
    """A build stage: a FROM and what follows it up to the next one.

    Args:
        index: Position in the file, from 0.
        name: The name after AS in lower case, or ``None``.
        node: The FROM instruction.
        base_name: The expanded image word; ``None`` when only the build knows it.
        parent: The earlier stage that FROM names, or ``None`` for an image.
        instructions: What follows, in order, :class:`~dockeropt.syntax.nodes.Error` nodes too.

    ``image`` is the reference that FROM names (``None`` for a stage, scratch aside, and when it
    is not known), ``root`` the stage at the start of the FROM chain, ``children`` the stages
    that say FROM this one; ``copied_from`` tells whether some COPY or mount names it,
    ``reaches_final`` whether its layers are in the final image.
    """

    __slots__ = (
        "_mentioned",
        "_scripts",
        "base_name",
        "children",
        "copied_from",
        "image",
        "index",
        "instructions",
        "name",
        "node",
        "parent",
        "reaches_final",
        "root",
    )

    def __init__(
        self,
        index: int,
        node: From,
        base_name: str | None,
        parent: "Stage | None",
        instructions: tuple[Instruction, ...],
    ) -> None:
        self.index = index
        self.name = node.alias.text.lower() if node.alias else None
        self.node = node
        self.base_name = base_name
        self.parent = parent
        self.root: Stage = self if parent is None else parent.root
        self.instructions = instructions
        self.image: ImageRef | None = None
        if parent is None and base_name:
            self.image = parse_image(base_name)
        self.children: tuple[Stage, ...] = ()
        self.copied_from = False
        self.reaches_final = False
        self._scripts: str | None = None
        self._mentioned: dict[str, bool] = {}

    @property
    def base(self) -> ImageRef | None:
        """Return the image at the root of the FROM chain, ``None`` if it is not known."""
        return self.root.image

    @property
    def chain(self) -> "tuple[Stage, ...]":
        """Return the stages whose layers this one has, the root first, itself last."""
        chain: list[Stage] = []
        stage: Stage | None = self
        while stage is not None:
            chain.append(stage)
            stage = stage.parent
        return tuple(reversed(chain))

    def mentions(self, *words: str) -> bool:
        """Tell whether a RUN of this stage, or of one below it, holds one of the texts.

        A veto, not a proof: quoted text and comments count. Case does not; ``words`` are in
        lower case. Answers are kept, so that asking for every command costs nothing.
        """
        return any(stage._holds(word) for stage in self.chain for word in words)  # noqa: SLF001

    def _holds(self, word: str) -> bool:
        found = self._mentioned.get(word)
        if found is None:
            if self._scripts is None:
                nodes = [n.inner if isinstance(n, Onbuild) else n for n in self.instructions]
                scripts = [n.script.text for n in nodes if isinstance(n, Run) and n.script is not None]
                self._scripts = "\n".join(scripts).lower()
            found = self._mentioned[word] = word in self._scripts
        return found

    @property
    def is_scratch(self) -> bool:
        """Tell whether the chain starts from nothing (``FROM scratch``)."""
        return self.root.base_name == "scratch"

    @property
    def platform(self) -> str | None:
        """Return the value of ``--platform``, variables in it, or ``None``."""
        flag = self.node.flag("platform")
        return flag.unquoted if flag else None

    def __repr__(self) -> str:
        return f"Stage({self.index}: {self.name or ''} FROM {self.node.image.text})"


def split_stages(tree: Dockerfile) -> tuple[tuple[Arg, ...], list[tuple[From, tuple[Instruction, ...]]]]:
    """Return the ARG instructions before the first FROM, and each FROM with what follows it."""
    instructions = list(tree.instructions)
    starts = [(i, node) for i, node in enumerate(instructions) if isinstance(node, From)]
    first = starts[0][0] if starts else len(instructions)
    head = tuple([node for node in instructions[:first] if isinstance(node, Arg)])
    parts: list[tuple[From, tuple[Instruction, ...]]] = []
    stop = len(instructions)
    for start, node in reversed(starts):
        parts.append((node, tuple(instructions[start + 1 : stop])))
        stop = start
    parts.reverse()
    return head, parts


def build_stages(parts: list[tuple[From, tuple[Instruction, ...]]], global_scope: Scope) -> tuple[Stage, ...]:
    """Return the stages with their FROM edges, :attr:`Stage.children` filled in."""
    stages: list[Stage] = []
    named: dict[str, Stage] = {}
    children: dict[int, list[Stage]] = {}
    for index, (node, instructions) in enumerate(parts):
        base_name = global_scope.expand(node.image.text, node)
        parent = named.get(base_name) if base_name is not None else None
        stage = Stage(index, node, base_name, parent, instructions)
        stages.append(stage)
        if parent is not None:
            children.setdefault(parent.index, []).append(stage)
        if stage.name:
            named[stage.name] = stage
    for index, found in children.items():
        stages[index].children = tuple(found)
    return tuple(stages)


def copy_source(node: Instruction, stages: tuple[Stage, ...], named: Mapping[str, Stage]) -> Stage | None:
    """Return the stage that ``COPY --from`` names; ``None`` for an image or no flag.

    Args:
        node: A COPY.
        stages: All stages of the file.
        named: The last stage of each lower-case name.
    """
    flag = node.flag("from")
    if flag is None or not flag.unquoted:
        return None
    if flag.unquoted.isascii() and flag.unquoted.isdigit():
        index = int(flag.unquoted) if len(flag.unquoted) < 9 else len(stages)
        return stages[index] if index < len(stages) else None
    return named.get(flag.unquoted.lower())


def link_sources(stages: tuple[Stage, ...], final: Stage | None) -> None:
    """Fill in :attr:`Stage.copied_from` and :attr:`Stage.reaches_final`."""
    from dockeropt.model.mounts import mount_sources

    stage: Stage | None = final
    while stage is not None:
        stage.reaches_final = True
        stage = stage.parent
    if len(stages) < 2:
        return
    named = {stage.name: stage for stage in stages if stage.name}
    for stage in stages:
        for node in stage.instructions:
            inner = node.inner if isinstance(node, Onbuild) else node
            if not inner.flags:
                continue
            if isinstance(inner, Copy):
                source = copy_source(inner, stages, named)
                if source is not None:
                    source.copied_from = True
            elif isinstance(inner, Run):
                for name in mount_sources(inner):
                    if name.lower() in named:
                        named[name.lower()].copied_from = True
