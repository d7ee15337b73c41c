"""Create users above the COPY of the files that they are to own.

A user that is created below COPY can only get the files by ``RUN chown -R``, which stores
every file a second time. Created first, ``COPY --chown`` can name it (``use-copy-chown`` then
does), and the layer with the user stays in the build cache when a file changes.

Before:
    FROM debian:bookworm-slim
    COPY app /srv/app
    RUN useradd --create-home app
    RUN chown -R app:app /srv/app

After:
    FROM debian:bookworm-slim
    RUN useradd --create-home app
    COPY app /srv/app
    RUN chown -R app:app /srv/app

Safety:
    Safe: the command moves above instructions that neither read nor change users, groups, the
    home directory and its skeleton, and are run as root all the same; so the user gets the
    numbers it had. It is done only where a later chown gives files to the user whose origin is known;
    where that is known in part, the fix is unsafe, as it may be of no use.

References:
    - https://docs.docker.com/reference/dockerfile/#copy---chown---chmod
    - https://manpages.debian.org/bookworm/passwd/useradd.8.en.html
"""

from collections.abc import Iterator, Mapping, Sequence

from dockeropt.model import Model
from dockeropt.model.accounts import homes_made_by
from dockeropt.model.calls import CallFacts
from dockeropt.model.certainty import is_certain
from dockeropt.model.contents import Contents, contents_of
from dockeropt.model.copies import outputs
from dockeropt.model.footprint import footprint_of
from dockeropt.model.paths import is_within, overlap, resolve
from dockeropt.model.runs import RunFacts
from dockeropt.model.stages import Stage
from dockeropt.rewrite import Category, Context, Evidence, Finding, Phase, rewrite
from dockeropt.rewrite.settled import settled_installs
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import (
    Add,
    Arg,
    Blank,
    Cmd,
    Copy,
    Entrypoint,
    Env,
    Expose,
    Healthcheck,
    Instruction,
    Label,
    Run,
    Stopsignal,
    Workdir,
)
from dockeropt.text import Edit, Span, apply_edits

CREATORS = frozenset(("useradd", "groupadd", "adduser", "addgroup"))
IDLE = (Label, Expose, Cmd, Entrypoint, Healthcheck, Stopsignal, Arg)
SAME = Evidence("what stands in between neither reads nor changes users", "the instructions between")


@rewrite(
    category=Category.SIZE,
    phase=Phase.PACKAGES,
    after=("copy-manifests-first",),
    wants=("useradd", "adduser"),
)
def create_users_first(ctx: Context) -> Iterator[Finding]:
    """Move the creation of users above the COPYs whose files a chown gives to them."""
    settled: frozenset[CallFacts] | None = None
    runs: dict[Instruction, RunFacts] = {run.node: run for run in ctx.model.runs}
    for run in ctx.model.runs:
        stage = run.stage
        if stage is None or not stage.reaches_final or run.onbuild:
            continue
        makers = _makers(run)
        if not makers:
            continue
        if settled is None:
            settled = settled_installs(ctx.model, ctx.build)
        target = _target(ctx.model, stage, run, makers, runs, settled)
        if target is None:
            continue
        edits = _moved(ctx, run, makers, target)
        doubts = _doubts(ctx, stage, makers, target, edits) if edits else None
        if doubts is None:
            continue
        name = " and ".join(dict.fromkeys([call.operands[0].text for call in makers]))
        message = f"{name} is created below the files that it is to own"
        title = f"Create {name} above {target.name}"
        if doubts:
            fix = ctx.unsafe(
                title, edits, [Evidence(f"not known is {doubt}", "this file") for doubt in doubts]
            )
        else:
            fix = ctx.safe(title, edits, SAME)
        yield Finding(message, run.span(makers[0].node), fix)
        return  # the next one is found once this one has its place


def _makers(run: RunFacts) -> tuple[CallFacts, ...]:
    """Return the calls at the beginning of a RUN that create users and do nothing unusual."""
    node = run.node
    if run.shell is None or node.flags or node.heredocs or node.comments or run.state.is_root is False:
        return ()
    if len(run.shell.body.statements) != 1:
        return ()
    found: list[CallFacts] = []
    for call in run.calls:
        plain = call.program in CREATORS and not call.prefixes and not call.node.redirects
        known = (
            all(word.literal is not None for word in call.args) and call.operands and not call.node.assigns
        )
        if not plain or not known or not is_certain(call) or call.piped:
            break
        found.append(call)
    if not found or any(operator[0] != "&&" for operator in found[0].and_or.operators):
        return ()
    return tuple(found)


def _target(
    model: Model,
    stage: Stage,
    run: RunFacts,
    makers: Sequence[CallFacts],
    runs: Mapping[Instruction, RunFacts],
    settled: frozenset[CallFacts],
) -> Instruction | None:
    """Return the uppermost COPY that the creation may move above, ``None`` if it may above none."""
    homes = [homes_made_by(call) for call in makers]
    if any(home is None for home in homes):
        return None
    places = ["/etc", *[home.path for group in homes for home in group or ()]]
    target: Instruction | None = None
    nodes = stage.instructions
    for node in reversed(nodes[: nodes.index(run.node)]):
        if not _is_passed(model, node, places, runs, settled):
            break
        if isinstance(node, Copy | Add):
            target = node
    return target


def _is_passed(
    model: Model,
    node: Instruction,
    places: Sequence[str],
    runs: Mapping[Instruction, RunFacts],
    settled: frozenset[CallFacts],
) -> bool:
    """Tell whether it makes no difference if users are created before or after ``node``."""
    if isinstance(node, IDLE):
        return True
    if isinstance(node, Env):
        return all(pair.key.text != "PATH" for pair in node.pairs)
    if isinstance(node, Copy | Add):
        written = outputs(node, model.state_before(node))
        return written is not None and not any(overlap(out.path, p) for out in written for p in places)
    if isinstance(node, Workdir):
        state = model.state_before(node)
        text = state.expand(node.argument.text)
        path = resolve(text, state.workdir) if text else None
        return path is not None and not any(overlap(path, place) for place in places)
    if not isinstance(node, Run):
        return False
    run = runs[node]
    if run.shell is None or run.state.is_root is False or any(c.program in CREATORS for c in run.calls):
        return False
    mark = footprint_of(run, None, settled)
    touched = (*mark.trees, *mark.directories, *mark.owned, *mark.removed)
    touched += tuple([home.path for home in mark.homes])
    return not mark.anywhere and not mark.users and not any(overlap(a, b) for a in touched for b in places)


# --- the move ----------------------------------------------------------------------------


def _moved(ctx: Context, run: RunFacts, makers: Sequence[CallFacts], target: Instruction) -> tuple[Edit, ...]:
    """Return the edits that put the creation above ``target``; none where that takes a comment apart."""
    text, node = ctx.edit.text, run.node
    at = target.lead[0].span.start if target.lead else target.span.start
    newline = ctx.edit.newline
    if len(makers) < len(run.calls):
        assert run.script is not None
        start = run.script.offset(makers[0].node.start)
        kept = run.script.offset(run.calls[len(makers)].node.start)
        written = [run.span(call.node).of(text) for call in makers]
        if any("\n" in command for command in written):
            return ()
        line = f"{node.keyword.of(text)} {' && '.join(written)}{newline}"
        return (Edit.insert(at, line), Edit.delete(Span(start, kept)))
    start = node.lead[0].span.start if node.lead else node.span.start
    block, end = text[start : node.span.end], node.span.end
    if not block.endswith("\n"):
        return ()
    body = ctx.tree.body
    first = body.index(node.lead[0] if node.lead else node)
    last = body.index(node)
    apart = first > 0 and last + 1 < len(body)
    apart = apart and isinstance(body[first - 1], Blank) and isinstance(body[last + 1], Blank)
    if apart:
        block, end = block + body[last + 1].span.of(text), body[last + 1].span.end
    return (Edit.insert(at, block), Edit.delete(Span(start, end)))


def _doubts(
    ctx: Context, stage: Stage, makers: Sequence[CallFacts], target: Instruction, edits: Sequence[Edit]
) -> tuple[str, ...] | None:
    """Return what is not known of the files that a chown gives to the user, once it is moved.

    ``None`` when there is no such chown, or the files cannot get their owner when they are copied.
    """
    tree = parse(apply_edits(ctx.edit.text, edits))
    model = Model(tree, build_args=ctx.view.build_args, target=ctx.view.target)
    names = {call.operands[0].literal for call in makers}
    line = ctx.source.position(target.span.start).line
    settled = settled_installs(model, ctx.build)
    for run in model.runs:
        if run.stage is None or run.stage.index != stage.index or run.onbuild:
            continue
        for call in run.calls:
            found = _given(model, run, call, names, settled)
            if found is None:
                continue
            if any(tree.source.position(copy.span.start).line > line for copy in found.copies):
                return found.doubts
    return None


def _given(
    model: Model, run: RunFacts, call: CallFacts, names: set[str | None], settled: frozenset[CallFacts]
) -> Contents | None:
    """Return what a recursive chown gives to one of the users, if that is known."""
    if call.program != "chown" or not call.has_flag("-R", "--recursive") or len(call.operands) != 2:
        return None
    owner, where = (word.literal for word in call.operands)
    if owner is None or where is None or owner.partition(":")[0] not in names:
        return None
    path = resolve(where, run.state.workdir)
    if path is None or path == "/" or run.mount_covers(path):
        return None
    found = contents_of(model, run, call, path, where, names=True, settled=settled)
    if not isinstance(found, Contents) or found.home is not None:
        return None
    inside = [out for copy in found.copies for out in outputs(copy, model.state_before(copy)) or ()]
    return found if all(is_within(out.path, path) for out in inside) else None
