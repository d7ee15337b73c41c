"""Say who maintains the image in a label instead of MAINTAINER.

MAINTAINER has been deprecated since Docker 1.13 and BuildKit warns about it. The OCI label
``org.opencontainers.image.authors`` says the same, and can be read by ``docker inspect``, by
registries and by scanners like any other label.

Before:
    FROM alpine:3.20
    MAINTAINER Jane Doe <jane@example.org>

After:
    FROM alpine:3.20
    LABEL org.opencontainers.image.authors="Jane Doe <jane@example.org>"

Safety:
    Safe. Only the author field of the image moves to a label; nothing that runs can see
    either. MAINTAINER takes its text as it is, while LABEL removes quotes and expands
    variables, so ``"``, ``$`` and the escape character are escaped. Quotes around the whole
    text are not taken over. A stage that sets the label itself is left alone.

References:
    - https://docs.docker.com/reference/dockerfile/#maintainer-deprecated
    - https://docs.docker.com/reference/build-checks/maintainer-deprecated/
    - https://github.com/opencontainers/image-spec/blob/main/annotations.md
"""

from collections.abc import Iterator

from dockeropt.rewrite import Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.syntax.nodes import Label, Maintainer
from dockeropt.text import Edit, Span

LABEL = "org.opencontainers.image.authors"

# BuildKit dispatchMaintainer only sets image.Author, and MaintainerCommand has no Expand.
PROOF = Evidence(
    "MAINTAINER sets nothing but the author field, which has this label as its successor",
    "Dockerfile reference, MAINTAINER (deprecated)",
)


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.REPAIR,
    aliases=("DL4000", "MaintainerDeprecated", "DD017"),
    wants=("maintainer",),
)
def replace_maintainer(ctx: Context) -> Iterator[Finding]:
    """Turn every MAINTAINER into the label of the OCI image specification."""
    for node in ctx.tree.instructions:
        if not isinstance(node, Maintainer):
            continue
        stage = ctx.model.stage_of(node)
        labelled = stage is not None and any(
            pair.key.text.strip("\"'") == LABEL
            for other in stage.instructions
            if isinstance(other, Label)
            for pair in other.pairs
        )
        fix = None
        if not labelled:
            effects = {Effect.LABELS, Effect.CONFIG}
            fix = ctx.safe("Set the OCI label instead", _edits(ctx, node), PROOF, effects)
        yield Finding("MAINTAINER is deprecated", node.keyword, fix)


def _edits(ctx: Context, node: Maintainer) -> list[Edit]:
    """Return edits that leave the text, its line breaks and the comments in it where they are."""
    written = node.keyword.of(ctx.source.text)
    edits = [Edit(node.keyword, "label" if written.islower() else "LABEL")]
    text, where = node.argument.text, node.argument.map
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    inner = range(1, len(text) - 1) if quoted else range(len(text))
    edits += [
        Edit(where.span(i, i + 1), ctx.tree.escape + text[i])
        for i in inner
        if text[i] in ('"', "$", ctx.tree.escape)
    ]
    start, end = where.offset(0), where.end(len(text))
    if quoted:
        edits += [Edit(Span(start, start + 1), f'{LABEL}="'), Edit(Span(end - 1, end), '"')]
    else:
        edits += [Edit.insert(start, f'{LABEL}="'), Edit.insert(end, '"')]
    return edits
