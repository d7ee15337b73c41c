"""Which instructions make a layer of the image, and which only change its configuration.

Facts from BuildKit, ``dockerfile2llb/convert.go``: RUN, COPY and ADD always make one
(``commitToHistory(…, true, …)``), WORKDIR does unless the directory is ``/``; the rest is
written to the image configuration. A layer of a builder stage never leaves the build.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockeropt.syntax.nodes import Add, Copy, Instruction, Run, Workdir

if TYPE_CHECKING:
    from dockeropt.model.model import Model
    from dockeropt.model.stages import Stage


def makes_layer(node: Instruction) -> bool:
    """Tell whether ``node`` adds a layer to the stage it stands in.

    Inside ONBUILD nothing does: the layer is made by the build that uses the image.
    """
    if isinstance(node, Workdir):
        return node.argument.text.strip() != "/"
    return isinstance(node, (Run, Copy, Add))


def layers_of(stage: "Stage") -> tuple[Instruction, ...]:
    """Return the instructions of ``stage`` alone that make layers, in order."""
    return tuple([node for node in stage.instructions if makes_layer(node)])


def image_layers(model: "Model") -> Iterator[tuple["Stage", Instruction]]:
    """Yield stage and instruction of every layer that the file adds to the final image."""
    if model.final is not None:
        for stage in model.final.chain:
            for node in layers_of(stage):
                yield stage, node
