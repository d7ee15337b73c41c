"""Take the slim variant of the base image.

The full variants of ``python``, ``node``, ``ruby`` and their like hold compilers, version
control and the headers of some fifty libraries: 300 to 400 Debian packages that most
applications never use. The slim variant is the same program on the same Debian release
without them.

A Java image is taken without its development kit where only ``java`` is started.

What the commands of the file need and slim lacks is added by name: to the first
``apt-get install`` of the stage when that comes early enough, else in a RUN of its own.

Before:
    FROM python:3.12
    RUN pip install --no-cache-dir celery==5.4.0 flower==2.0.1 redis==5.0.8
    HEALTHCHECK CMD curl -f http://localhost:5555/healthcheck || exit 1
    CMD ["celery", "--broker=redis://redis:6379/0", "flower"]

After:
    FROM python:3.12-slim
    RUN apt-get update \\
        && apt-get install -y --no-install-recommends curl \\
        && rm -rf /var/lib/apt/lists/*
    RUN pip install --no-cache-dir celery==5.4.0 flower==2.0.1 redis==5.0.8
    HEALTHCHECK CMD curl -f http://localhost:5555/healthcheck || exit 1
    CMD ["celery", "--broker=redis://redis:6379/0", "flower"]

Safety:
    Safe where everything is known: the packages that slim lacks, where each command of the file and
    of the scripts it copies comes from, which libraries and programs the application's Python
    files use, and that pip has nothing to compile or gets what it takes. Tests are left aside:
    the image does not run them. Unsafe otherwise, with what is not known; the packages
    that are seen to be needed are added all the same; what only one RUN compiles with is installed
    and purged in that RUN, and the libraries that it links against stay. Stages that the final image takes no layers from keep their full
    image. Where the file compiles against libraries of the full image, or where the packages
    could not be installed, the change is only suggested. A reference with a digest is left alone.

References:
    - https://hub.docker.com/_/python (image variants)
    - https://github.com/docker-library/buildpack-deps
"""

from collections.abc import Iterator

from dockeropt.knowledge.tags import slim_of
from dockeropt.model.images import ImageRef
from dockeropt.model.stages import Stage
from dockeropt.rewrite import Applicability, Category, Context, Effect, Evidence, Finding, Fix, Phase, rewrite
from dockeropt.rewrite.baseimage import install_edits, is_same_age, tag_edit
from dockeropt.rewrite.buildtools import compiled_in_one_run
from dockeropt.rewrite.runtimes import jre_of, kit_uses
from dockeropt.rewrite.slimness import Plan, plan_of
from dockeropt.text import Edit

NAMED = 6


PURGED = Evidence("the compiler is needed by one RUN only, which purges it again", "apt-get(8)")


@rewrite(
    category=Category.BASE,
    phase=Phase.BASE,
    after=("use-alpine-base",),
    aliases=("DD018",),
    level=Applicability.SAFE,
    wants=(
        "python", "node", "ruby", "debian", "openjdk", "perl", "rust", "elixir", "erlang", "maven", "tomcat",
        "pypy", "gradle", "haskell", "iojs", "temurin",
    ),
)  # fmt: skip
def use_slim_base(ctx: Context) -> Iterator[Finding]:
    """Swap the tag of every image whose layers are in the final one."""
    for stage in ctx.model.stages:
        image = stage.image
        if not stage.reaches_final or stage.parent is not None or image is None:
            continue
        swap = slim_of(image) if image.family == "debian" else None
        if swap is None or not is_same_age(swap):
            yield from _runtime(ctx, stage, image)
            continue
        edit = tag_edit(stage, swap.text)
        if edit is None:
            continue
        plan = plan_of(ctx.model, stage, swap, ctx.build)
        edits = [edit]
        for item, names in plan.added:
            found = install_edits(ctx, item, names, plan.uses[item.index])
            passing = compiled_in_one_run(ctx, item, names, plan.uses[item.index]) if found.new_run else None
            edits += passing or found.edits
            if passing:
                plan.evidence.append(PURGED)
            if found.new_run:
                plan.blockers += _obstacles(ctx, plan, item)
        what = "manuals and translations"
        if plan.loses:
            what = f"{plan.count} packages" if plan.count else "packages"
        message = f"{image.name}:{swap.old.name} holds {what} that {swap.tag.name} leaves out"
        yield Finding(message, stage.node.image.span, _fix(ctx, plan, edits, swap.text))


def _runtime(ctx: Context, stage: Stage, image: ImageRef) -> Iterator[Finding]:
    """Take the runtime of Java where nothing uses the development kit."""
    swap = jre_of(image)
    edit = tag_edit(stage, swap.text) if swap is not None else None
    if swap is None or edit is None or not is_same_age(swap) or kit_uses(ctx.model, ctx.build, stage) != "":
        return
    evidence = (
        Evidence("only java is started, no tool of the development kit", "this file"),
        Evidence("not known: what the application asks of the kit when it runs", "this file"),
    )
    fix = ctx.unsafe(f"Take {swap.text}", edit, evidence, {Effect.BASE, Effect.PACKAGES, Effect.FILES})
    message = f"{image.name}:{swap.old.name} holds a compiler that {swap.tag.name} leaves out"
    yield Finding(message, stage.node.image.span, fix)


def _obstacles(ctx: Context, plan: Plan, stage: Stage) -> Iterator[Evidence]:
    """Name what keeps a RUN of its own from installing packages in ``stage``."""
    if plan.archived and not any(needs.debs for needs in plan.needs.values()):
        yield Evidence(
            f"Debian {plan.suite} has left the mirrors: nothing can be installed", "archive.debian.org"
        )
    if stage.parent is not None and ctx.model.state_at_end(stage.parent).is_root is False:
        yield Evidence("a stage that needs packages is not built as root", "this file")


def _fix(ctx: Context, plan: Plan, edits: list[Edit], text: str) -> Fix:
    names = sorted({name for _, added in plan.added for name in added})
    title = f"Take {text}" + (f" and add {_list(names)}" if names else "")
    effects = {Effect.BASE, Effect.PACKAGES, Effect.FILES}
    if plan.blockers:
        return ctx.suggestion(title, edits, (*plan.blockers, *plan.evidence), effects)
    doubts = plan.doubts
    if not doubts:
        return ctx.safe(title, edits, plan.evidence, effects)
    more = f" and {len(doubts) - NAMED} more" if len(doubts) > NAMED else ""
    source = "the build context" if ctx.build.known else "this file"
    unproven = Evidence(f"not known: {'; '.join(doubts[:NAMED])}{more}", source)
    return ctx.unsafe(title, edits, (*plan.evidence, unproven), effects)


def _list(names: list[str]) -> str:
    if len(names) > NAMED:
        return ", ".join(names[:NAMED]) + f" and {len(names) - NAMED} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
