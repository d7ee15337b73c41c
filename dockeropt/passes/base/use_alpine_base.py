"""Take the Alpine variant of the base image.

Alpine is a distribution of a few megabytes: musl instead of glibc, BusyBox instead of the
GNU tools, apk instead of apt. Where the image has an Alpine variant of the same version,
the whole stage is translated: packages by a table, ``useradd`` to ``adduser``, cleanups
of apt go away, ``bash`` and other programs that Alpine lacks are added when the file uses them.

Before:
    FROM python:3.12
    RUN apt-get update \\
        && apt-get install -y --no-install-recommends libpq5 tini \\
        && rm -rf /var/lib/apt/lists/*
    RUN useradd --create-home app
    COPY . .
    USER app
    CMD ["python", "app.py"]

After:
    FROM python:3.12-alpine
    RUN apk add --no-cache libpq tini
    RUN adduser -D app
    COPY . .
    USER app
    CMD ["python", "app.py"]

Safety:
    Unsafe, and only run when selected: programs run on another C library, Python, Node and
    Ruby packages without binaries for musl are compiled, and the options of BusyBox tools
    are fewer than those of GNU. A file is translated whole or not at all: with something that
    has no known counterpart the finding names it and nothing is changed.

Options:
    channel: Where packages come from: ``stable`` (the release of the image) or ``edge``.

References:
    - https://hub.docker.com/_/python (image variants)
    - https://wiki.musl-libc.org/functional-differences-from-glibc.html
    - https://wiki.alpinelinux.org/wiki/Alpine_Package_Keeper
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from dockeropt.knowledge.tags import alpine_of
from dockeropt.rewrite import Applicability, Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.rewrite.baseimage import is_same_age, tag_edit
from dockeropt.rewrite.toalpine import IMAGES, translate

NAMED = 3

DIFFERENCES = (
    Evidence(
        "C library: musl instead of glibc; binaries that were built for glibc do not start", "Alpine wiki"
    ),
    Evidence(
        "names and locales: musl's own DNS resolver, 128 kB stacks for threads, no locales", "musl wiki"
    ),
    Evidence("shell: BusyBox ash instead of dash and bash, which is only there when added", "Alpine wiki"),
    Evidence(
        "tools: BusyBox with fewer options instead of coreutils, findutils, tar and sed", "BusyBox manual"
    ),
    Evidence("packages: apk instead of apt; versions are those of the Alpine release", "Alpine wiki"),
)
"""What differs on Alpine whatever the file does."""


class Options(NamedTuple):
    """Hold the options of the pass."""

    channel: Literal["stable", "edge"] = "stable"


@rewrite(
    category=Category.BASE,
    phase=Phase.BASE,
    aliases=("DD018",),
    level=Applicability.UNSAFE,
    default=False,
    options=Options,
    wants=(
        "python", "node", "ruby", "php", "golang", "rust", "openjdk", "temurin", "nginx", "httpd", "maven",
        "gradle", "elixir", "erlang", "corretto", "haproxy", "memcached", "tomcat",
    ),
)  # fmt: skip
def use_alpine_base(ctx: Context) -> Iterator[Finding]:
    """Translate every stage whose layers are in the final image and that has a twin."""
    edge = ctx.settings(Options).channel == "edge"
    for stage in ctx.model.stages:
        image = stage.image
        if not stage.reaches_final or stage.parent is not None or image is None:
            continue
        swap = alpine_of(image) if image.official in IMAGES else None
        edit = tag_edit(stage, swap.text) if swap is not None else None
        if swap is None or edit is None or not is_same_age(swap):
            continue
        found = translate(ctx, stage, swap.tag.last, edge=edge)
        where = f"{image.name}:{swap.old.name} has an Alpine variant"
        if found.reasons:
            reasons = list(dict.fromkeys(found.reasons))
            more = f" and {len(reasons) - NAMED} more" if len(reasons) > NAMED else ""
            yield Finding(f"{where}, but {'; '.join(reasons[:NAMED])}{more}", stage.node.image.span)
            continue
        names = sorted(found.added)
        title = f"Take {swap.text}" + (f" and add {', '.join(names)}" if names else "")
        evidence = [
            *DIFFERENCES,
            *dict.fromkeys(found.evidence),
        ]
        effects = {Effect.BASE, Effect.PACKAGES, Effect.FILES, Effect.ENV}
        yield Finding(
            where, stage.node.image.span, ctx.unsafe(title, [edit, *found.edits], evidence, effects)
        )
