"""Dockerfiles that stand in a compose or bake file itself: fix them where they stand.

Invariant: a text in a block scalar of YAML is written back; any other is only reported on, at the
place where it begins. The rest of the file stays byte for byte.
"""

from collections.abc import Callable, Sequence

from dockeropt.interop.yaml_block import Block
from dockeropt.project.builds import BuildUse
from dockeropt.rewrite.fix import FileChange
from dockeropt.rewrite.result import Leftover, Rejection, Result, Step
from dockeropt.syntax.nodes import Problem
from dockeropt.text import Source, Span

Engine = Callable[[str, Sequence[BuildUse], bool], Result]
"""Fixes one Dockerfile for all of its builds; the last argument says whether other files may change."""


def fix_inline(text: str, uses: Sequence[BuildUse], engine: Engine) -> Result:
    """Return what ``engine`` makes of the Dockerfiles inside a compose or bake file.

    Args:
        text: The whole file.
        uses: Builds of it, those with a text of their own in this very file.
        engine: Fixes one of these texts.
    """
    current = text
    steps: list[Step] = []
    leftover: list[Leftover] = []
    rejected: list[Rejection] = []
    problems: list[Problem] = []
    files: list[FileChange] = []
    groups = _grouped(text, uses)
    for place, inline, own in groups:
        # Changes of other files are relative to one context: there must not be two.
        outcome = engine(inline, own, len(groups) == 1)
        block = Block.read(current, place + len(current) - len(text)) if own[0].span else None
        if block is not None and block.text != inline:
            block = None
        made = _steps(current, block, outcome.steps) if block is not None else None
        at = place + len(current) - len(text)
        if made is None or block is None:
            leftover += _refused(current, at, outcome)
            problems += [Problem(p.message, Span(at, at), p.kind, p.hint) for p in outcome.problems]
        else:
            done, block = made
            current = done[-1].after if done else current
            steps += done
            files += outcome.files
            leftover += [block.left(current, left) for left in outcome.leftover]
            problems += [Problem(p.message, block.place(p.span), p.kind, p.hint) for p in outcome.problems]
        line = Source(current).position(at).line
        rejected += [dropped._replace(line=line) for dropped in outcome.rejected]
    return Result(
        text, current, tuple(steps), tuple(leftover), tuple(rejected), tuple(problems), files=tuple(files)
    )


def _grouped(text: str, uses: Sequence[BuildUse]) -> list[tuple[int, str, list[BuildUse]]]:
    """Return the place and text of each Dockerfile with all of its builds, in the order of the file."""
    found: dict[tuple[int, str], list[BuildUse]] = {}
    for use in uses:
        if use.inline is not None:
            start = use.span.start if use.span else Source(text).line_span(use.line)[0] + use.column - 1
            found.setdefault((start, use.inline), []).append(use)
    return [(start, inline, own) for (start, inline), own in sorted(found.items(), key=lambda item: item[0])]


def _steps(source: str, block: Block, steps: Sequence[Step]) -> tuple[list[Step], Block] | None:
    """Return steps on the block as steps on the file; ``None`` when it cannot hold all of them."""
    done: list[Step] = []
    for step in steps:
        made = block.step(source, step)
        if made is None:
            return None
        done.append(made[0])
        source, block = made[0].after, made[1]
    return done, block


def _refused(source: str, at: int, outcome: Result) -> list[Leftover]:
    """Return everything that was found as findings at the place where the text begins."""
    from dockeropt.rewrite.fix import Finding

    position = Source(source).position(at)
    said = [
        (f"{fix.message}; this scalar cannot hold the fix, a block with | can", step.pass_id, "none")
        for step in outcome.steps
        for fix in step.fixes
    ]
    said += [(left.finding.message, left.finding.pass_id, left.reason) for left in outcome.leftover]
    return [
        Leftover(Finding(message, Span(at, at), None, pass_id), "none", position.line, position.column)
        for message, pass_id, _ in dict.fromkeys(said)
    ]
