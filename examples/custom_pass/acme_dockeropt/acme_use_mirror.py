"""Pull official images through our own mirror.

Builds here must not depend on Docker Hub: it is rate limited, and our network does not
reach it everywhere. The mirror keeps a copy of every official image.

Before:
    FROM --platform=linux/amd64 python:3.13-slim AS app
    COPY --from=busybox:1.37 /bin/busybox /bin/

After:
    FROM --platform=linux/amd64 mirror.acme.example/library/python:3.13-slim AS app
    COPY --from=busybox:1.37 /bin/busybox /bin/

Safety:
    Unsafe: the mirror may hold an older image of the same tag.

Options:
    mirror: The host, with a port if need be.

References:
    - https://docs.docker.com/docker-hub/image-library/mirror/
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockeropt.rewrite import Applicability, Category, Context, Effect, Finding, Phase, rewrite
from dockeropt.text import Edit


class Options(NamedTuple):
    """Say where the mirror is."""

    mirror: str = "mirror.acme.example"


@rewrite(
    category=Category.BASE,
    phase=Phase.BASE,
    since="1.0",
    level=Applicability.UNSAFE,
    options=Options,
    wants=("from",),
)
def acme_use_mirror(ctx: Context) -> Iterator[Finding]:
    """Put the mirror's name in front of official images."""
    mirror = ctx.settings(Options).mirror
    for stage in ctx.model.stages:
        image, word = stage.image, stage.node.image
        # A variable in the word is left alone: what it holds is for the build to say.
        if image is None or not image.is_official or image.text != word.text or image.name == "scratch":
            continue
        edit = Edit(word.span, f"{mirror}/library/{image.text.rpartition('/')[2]}")
        yield Finding(
            f"{image.name} comes from Docker Hub",
            at=word.span,
            fix=ctx.unsafe("Pull it through the mirror", edit, effects={Effect.BASE}),
        )
