"""Drop CMD, ENTRYPOINT and HEALTHCHECK instructions that a later one overrides.

An image has one command, one entrypoint and one health check: of several in a stage only the
last counts. Those before it mislead whoever reads the file, and BuildKit warns about them.

Before:
    FROM nginx:1.27
    CMD ["nginx"]
    EXPOSE 8080
    # in the foreground
    CMD ["nginx", "-g", "daemon off;"]

After:
    FROM nginx:1.27
    EXPOSE 8080
    # in the foreground
    CMD ["nginx", "-g", "daemon off;"]

Safety:
    Safe. An instruction goes only when another of its kind follows in the same stage, so the
    configuration of the image stays the same. Comments stay. What is inside ONBUILD runs in
    another build and is left alone.

References:
    - https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/
    - https://docs.docker.com/reference/dockerfile/#cmd
"""

from collections.abc import Iterator

from dockeropt.rewrite import Category, Context, Evidence, Finding, Phase, rewrite
from dockeropt.syntax.nodes import Cmd, Entrypoint, Healthcheck, Instruction

KINDS = (Cmd, Entrypoint, Healthcheck)


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.REPAIR,
    aliases=("DL4003", "DL4004", "DL3012", "MultipleInstructionsDisallowed"),
    wants=("cmd", "entrypoint", "healthcheck"),
)
def drop_overridden_instructions(ctx: Context) -> Iterator[Finding]:
    """Remove all but the last CMD, ENTRYPOINT and HEALTHCHECK of every stage."""
    for stage in ctx.model.stages:
        found = [node for node in stage.instructions if isinstance(node, KINDS)]
        last: dict[str, Instruction] = {node.name: node for node in found}
        if len(last) == len(found):
            continue
        for node in found:
            winner = last[node.name]
            if winner is node:
                continue
            line = ctx.source.position(winner.keyword.start).line
            yield Finding(
                f"this {node.name} has no effect, as line {line} overrides it",
                node.code,
                ctx.safe(
                    f"Remove the overridden {node.name}",
                    ctx.edit.remove_instruction(node),
                    # BuildKit dispatchCmd, dispatchEntrypoint, dispatchHealthcheck assign; a CMD counts as
                    # set for the ENTRYPOINTs after it, and the winner, which is left, is below them all.
                    Evidence(f"the last {node.name} of a stage replaces those before it", f"line {line}"),
                ),
            )
