r"""Drop blank lines inside instructions.

A blank line between continued lines does not end the instruction, though it looks as if it
did, and tools disagree about what it means. Docker has deprecated it: BuildKit warns, and says
that a later version will refuse such files.

Before:
    FROM debian:bookworm-slim
    RUN apt-get update && apt-get install -y --no-install-recommends \
        curl \

        # for the health check
        netcat-openbsd

After:
    FROM debian:bookworm-slim
    RUN apt-get update && apt-get install -y --no-install-recommends \
        curl \
        # for the health check
        netcat-openbsd

Safety:
    Safe. BuildKit skips these lines when it joins an instruction, and whether it still reads the
    very same instructions is checked. Comments stay. Where the text below the gap begins with an
    instruction, the gap was probably meant to end the one above: that is shown, not changed.

References:
    - https://docs.docker.com/reference/build-checks/no-empty-continuation/
"""

from collections.abc import Iterator

from dockeropt.rewrite import Category, Context, Finding, Phase, rewrite
from dockeropt.syntax.nodes import Instruction
from dockeropt.text import Edit, Span

KEYWORDS = frozenset(
    (
        "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL"
        " STOPSIGNAL USER VOLUME WORKDIR"
    ).split()
)


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.REPAIR,
    aliases=("NoEmptyContinuation", "DD076"),
)
def drop_empty_continuations(ctx: Context) -> Iterator[Finding]:
    """Remove the blank lines that stand inside an instruction."""
    for node in ctx.tree.instructions:
        if not node.blanks:
            continue
        swallowed = _swallowed(ctx, node)
        if swallowed is not None:
            line = ctx.source.position(swallowed.start).line
            yield Finding(
                f"the blank line does not end this {node.name}: line {line}, {swallowed.of(ctx.source.text)}"
                " and all, is part of it",
                node.keyword,
            )
            continue
        yield Finding(
            "a blank line inside an instruction is deprecated",
            node.blanks[0],
            ctx.safe("Remove the blank lines", [Edit.delete(span) for span in _whole(ctx, node)], effects=()),
        )


def _whole(ctx: Context, node: Instruction) -> list[Span]:
    """Return the gaps to delete; one at the end of the file takes the line end before it as well."""
    text, gaps = ctx.source.text, list[Span]()
    for span in node.blanks:
        if gaps and gaps[-1].end == span.start:
            gaps[-1] = Span(gaps[-1].start, span.end)
        else:
            gaps.append(span)
    if gaps and gaps[-1].end == len(text) and not text.endswith("\n"):
        start = gaps[-1].start
        start -= 2 if text[start - 2 : start] == "\r\n" else 1
        gaps[-1] = Span(start, len(text))
    return [gap for gap in gaps if not gap.is_empty]


def _swallowed(ctx: Context, node: Instruction) -> Span | None:
    """Return the keyword that begins the first line with text below a gap, if one does."""
    text = ctx.source.text
    start = 0
    for span in node.blanks:
        if span.end < start:
            continue
        start = span.end
        while start < node.span.end:
            end = text.find("\n", start)
            end = end if end >= 0 else len(text)
            words = text[start:end].split(None, 1)
            if words and not words[0].startswith("#"):
                if len(words) > 1 and words[0] in KEYWORDS:
                    at = text.index(words[0], start)
                    return Span(at, at + len(words[0]))
                break
            start = end + 1
    return None
