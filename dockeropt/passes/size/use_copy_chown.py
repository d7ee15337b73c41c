"""Set the owner of copied files with COPY --chown instead of RUN chown.

Changing the owner of a file that an earlier layer holds puts a second copy of the file into
the image. ``RUN chown -R`` after COPY stores everything twice, while ``COPY --chown`` stores it
once, with the right owner.

Before:
    FROM node:22-slim
    COPY package.json server.js /srv/app/
    COPY public /srv/app/public
    RUN chown -R node:node /srv/app && chmod 500 /srv/app/server.js
    USER node

After:
    FROM node:22-slim
    COPY --chown=node:node package.json server.js /srv/app/
    COPY --chown=node:node public /srv/app/public
    RUN chmod 500 /srv/app/server.js
    USER node

Safety:
    Safe when every file has the same owner and group as before. That takes that all there is
    below the path came from the COPYs that get the option; that no command between them and the
    chown writes there, changes users or is unknown; that the directories above exist, as COPY
    would give missing ones to the user too; and that it is root who owned the group where chown
    names none (``chown app`` becomes ``--chown=app:0``). A directory made by WORKDIR or mkdir
    keeps a plain chown of its own. What cannot be known, such as what a third-party base image
    already has at the path, makes the fix unsafe, and is named. A chown that may be skipped, that
    shares its path with a volume or a mount, or that follows ``npm install`` and the like in
    the same directory, is left alone; of ``pip install -r`` the build context may show that it
    writes nothing there. Set-user-ID bits of files in the build context (Git
    cannot hold them) stay, while chown takes them away.

References:
    - https://docs.docker.com/reference/dockerfile/#copy---chown---chmod
    - https://docs.docker.com/engine/storage/drivers/overlayfs-driver/#modifying-files-or-directories
    - https://github.com/hadolint/hadolint/issues/80
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dockeropt.model import Model
from dockeropt.model.calls import CallFacts
from dockeropt.model.certainty import is_certain
from dockeropt.model.contents import Contents, Refused, contents_of
from dockeropt.model.copies import outputs
from dockeropt.model.paths import is_within, resolve, text_of
from dockeropt.model.runs import RunFacts
from dockeropt.rewrite import Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.rewrite.settled import settled_installs
from dockeropt.shell.nodes import AndOr, Word
from dockeropt.syntax.nodes import Arg, Copy, Env
from dockeropt.text import Edit

OPTIONS = frozenset(
    "-R -v -c -f -h -P --recursive --verbose --changes --silent --quiet --no-dereference".split()
)
OWNER = re.compile(
    r"(?P<user>[A-Za-z_][\w-]*\$?|\d+|\$\w+|\$\{\w+\})"
    r"(?P<rest>[:.](?P<group>[A-Za-z_][\w-]*\$?|\d+|\$\w+|\$\{\w+\})?)?"
)
SAME_GROUP = frozenset({"root", "www-data", "node", "nginx"})
"""Users whose login group has their name wherever they exist."""

SPECIAL_MODES = re.compile(r"setcap|[ugoa]*\+[rwx]*s|chmod\s+(?:-\w+\s+)*[2-7][0-7]{3}\b")
MAX_CALLS = 100
"""Calls of chown that are looked at in one file."""

MAX_DIRECTORIES = 50
"""Directories below one path that are told apart."""

MAX_LEFT = 4
"""Directories that a chown of their own may be left for."""

MAX_LISTED = 2
"""Directories below the path that are named one by one."""


class Owner(NamedTuple):
    """Hold who is to own the files.

    Args:
        flag: The value of ``--chown``.
        user: The user as the shell sees it, ``None`` if not known.
        group: The group, ``None`` if not known or not given.
        given: Whether a group is given.
        login: Whether it is given as the user's login group: ``chown app:``.
        named: Whether a name has to be looked up.
        variables: Names of variables in it.
    """

    flag: str
    user: str | None
    group: str | None
    given: bool
    login: bool
    named: bool
    variables: frozenset[str]

    @property
    def is_root(self) -> bool:
        """Tell whether files that COPY makes have this owner anyway."""
        return self.user in ("root", "0") and (not self.given or self.group in ("root", "0"))


class Part(NamedTuple):
    """One path of a chown that COPY can take over."""

    word: Word
    path: str
    contents: Contents


class Plan(NamedTuple):
    """A change, before it is known how far it can be trusted."""

    call: CallFacts
    owner: Owner
    parts: tuple[Part, ...]
    left: tuple[str, ...]
    edits: tuple[Edit, ...]
    doubts: tuple[str, ...]
    sets_flags: bool


@rewrite(
    category=Category.SIZE,
    phase=Phase.LAYERS,
    after=("merge-runs",),
    aliases=("DH010",),
    wants=("chown",),
)
def use_copy_chown(ctx: Context) -> Iterator[Finding]:
    """Move the owner from a chown to the COPYs that it is for."""
    plans = list(_plans(ctx, ctx.model))
    if not plans:
        return
    other = _with_other_arguments(ctx)
    same = list(_plans(ctx, other)) if other is not None else plans
    for plan in plans:
        doubts = plan.doubts
        if not any(p.edits == plan.edits and p.doubts == plan.doubts for p in same):
            doubts = (*doubts, "whether the build arguments keep their defaults")
        yield _finding(ctx, plan, doubts)


def _finding(ctx: Context, plan: Plan, doubts: Sequence[str]) -> Finding:
    paths = ", ".join(part.path for part in plan.parts)
    title = f"Set the owner with COPY --chown={plan.owner.flag}"
    if not plan.sets_flags:
        title = "Remove the chown, as COPY sets the owner already"
    if doubts:
        message = f"chown stores {paths} a second time; not known is " + "; ".join(doubts)
        return Finding(
            message, plan.call.run.span(plan.call.node), ctx.unsafe(title, plan.edits, effects={Effect.FILES})
        )
    because = [
        Evidence(
            f"all there is in {paths} comes from the COPYs that get the owner", "the instructions before"
        )
    ]
    if not plan.owner.given:
        because.append(
            Evidence("chown without a group leaves root's, which is 0", "Dockerfile reference, COPY --chown")
        )
    if plan.left:
        because.append(
            Evidence(f"COPY does not own {', '.join(plan.left)}, so chown still does", "BuildKit fsutil")
        )
    fix = ctx.safe(title, plan.edits, because, {Effect.LAYERS})
    return Finding(f"chown stores {paths} a second time", plan.call.run.span(plan.call.node), fix)


def _with_other_arguments(ctx: Context) -> Model | None:
    """Return the model of the same file with another value for every build argument."""
    args = [pair for node in ctx.tree.instructions if isinstance(node, Arg) for pair in node.pairs]
    if not args:
        return None
    defaults = {pair.key.text: pair.value.text.strip("\"'") if pair.value else "" for pair in args}
    given = ctx.view.build_args or {}
    values = {
        name: (given.get(name) or (value if "$" not in value else "")) + "0x"
        for name, value in defaults.items()
    }
    return Model(ctx.tree, build_args=values, target=ctx.view.target)


# --- finding what can be moved -----------------------------------------------------------


def _plans(ctx: Context, model: Model) -> Iterator[Plan]:
    seen = 0
    settled = settled_installs(model, ctx.build)
    for run in model.runs:
        if run.onbuild or run.stage is None or not run.stage.reaches_final or run.shell is None:
            continue
        for call in run.calls:
            if call.program == "chown" and seen < MAX_CALLS:
                seen += 1
                plan = _plan(ctx, model, call, settled)
                if plan is not None:
                    yield plan


def _plan(ctx: Context, model: Model, call: CallFacts, settled: frozenset[CallFacts]) -> Plan | None:
    run = call.run
    flags = [word for word in call.args if word.text.startswith("-")]
    operands = [word for word in call.args if not word.text.startswith("-")]
    if len(operands) < 2 or not _is_plain(call) or not _known_options(flags):
        return None
    owner = _owner(operands[0], run)
    if owner is None:
        return None
    recursive = any(("R" in w.text[:8] and w.text[1:2] != "-") or w.text == "--recursive" for w in flags)
    parts = [
        part
        for word in operands[1:]
        if (part := _part(model, settled, call, word, owner, recursive=recursive))
    ]
    parts = _covered(model, parts)
    if not parts:
        return None
    copies = list(dict.fromkeys(node for part in parts for node in part.contents.copies))
    if not all(_takes(ctx, model, node, owner, run) for node in copies):
        return None
    left: list[str] = []
    deep: list[str] = []
    for part in parts:
        alone, whole = _left(model, part)
        left += alone
        deep += whole
    kept = [word for word in operands[1:] if not any(part.word is word for part in parts)]
    edits = _shell_edits(ctx, call, flags, operands[0], parts, kept, left, deep)
    if edits is None or len(left) + len(deep) > MAX_LEFT:
        return None
    flags_from = len(edits)
    for node in copies:
        flag = node.flag("chown")
        roots = owner.is_root and flag is None and node.flag("from") is None
        if not roots and (flag is None or flag.value != owner.flag):
            edits += ctx.edit.set_flag(node, "chown", owner.flag)
    doubts = tuple(dict.fromkeys(doubt for part in parts for doubt in part.contents.doubts))
    known = any(part.contents.home is not None for part in parts) or owner.user in SAME_GROUP
    if owner.login and not known:
        doubts = (*doubts, f"whether the login group of {owner.user} has the same name")
    return Plan(call, owner, tuple(parts), (*left, *deep), edits, doubts, len(edits) > flags_from)


def _is_plain(call: CallFacts) -> bool:
    """Tell whether the build fails unless this chown is run, and does nothing else."""
    node = call.node
    return (
        not call.piped
        and not node.assigns
        and not node.redirects
        and call.prefixes in ((), ("sudo",))
        and is_certain(call)
    )


def _known_options(flags: Sequence[Word]) -> bool:
    for word in flags:
        text = word.literal or "?"
        names = [text] if text.startswith("--") else [f"-{letter}" for letter in text[1:]]
        if not names or not OPTIONS.issuperset(names):
            return False
    return True


def _owner(word: Word, run: RunFacts) -> Owner | None:
    """Return the owner if COPY can say it with the same meaning."""
    text = word.text
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    match = OWNER.fullmatch(text)
    if match is None:
        return None
    user, group = match["user"], match["group"]
    variables = frozenset(part.strip("${}") for part in (user, group) if part and "$" in part[:1])
    values = run.state.variables
    if any(name not in values for name in variables):
        return None
    known = text_of(word, run)
    if not variables:
        known = text
    real = OWNER.fullmatch(known) if known is not None else None
    if real is None and (known is not None or group is None):
        return None
    real_user, real_group = (real["user"], real["group"]) if real is not None else (None, None)
    login = real is not None and real["rest"] is not None and real_group is None
    if login:
        if variables or user.isdigit():
            return None
        group = real_group = user
    given = bool(group or real_group)
    flag = f"{user}:{group}" if group else user if given else f"{user}:0"
    numbers = (real_user or "?").isdigit() and (real_group or "0").isdigit()
    return Owner(flag, real_user, real_group, given, login, not numbers, variables)


def _part(
    model: Model, settled: frozenset[CallFacts], call: CallFacts, word: Word, owner: Owner, *, recursive: bool
) -> Part | None:
    run = call.run
    text = text_of(word, run)
    moved = any(c.program in ("cd", "pushd", "popd") for c in run.calls if c.node.start < call.node.start)
    path = resolve(text, None if moved else run.state.workdir) if text is not None else None
    if path is None or path == "/" or run.mount_covers(path):
        return None
    written = word.text.strip("\"'")
    found = contents_of(model, run, call, path, written, names=owner.named, settled=settled)
    if isinstance(found, Refused) or len(found.directories) > MAX_DIRECTORIES:
        return None
    home = found.home
    if home is not None and (home.user != owner.user or (owner.given and home.group != owner.group)):
        return None
    if not recursive and not _is_file(model, found, path):
        return None
    return Part(word, path, found)


def _is_file(model: Model, contents: Contents, path: str) -> bool:
    """Tell whether the path is a single copied file, as its name says."""
    return not contents.existed and all(
        out.exact or out.path != path
        for node in contents.copies
        for out in outputs(node, model.state_before(node)) or ()
    )


def _covered(model: Model, parts: Sequence[Part]) -> list[Part]:
    """Return the parts whose COPYs write nowhere but below the parts."""
    kept = list(parts)
    while True:
        good = [part for part in kept if all(_inside(model, node, kept) for node in part.contents.copies)]
        if len(good) == len(kept):
            return good
        kept = good


def _inside(model: Model, node: Copy, parts: Sequence[Part]) -> bool:
    written = outputs(node, model.state_before(node)) or ()
    return all(any(is_within(out.path, part.path) for part in parts) for out in written)


def _takes(ctx: Context, model: Model, node: Copy, owner: Owner, run: RunFacts) -> bool:
    """Tell whether ``--chown`` on this COPY says the same as the chown."""
    if (node.flag("link") is not None and owner.named) or node.flag("parents") is not None:
        return False
    if not owner.given and (node.flag("from") is not None or node.flag("chown") is not None):
        return False  # the group is not root's, or not known to be
    if node.flag("from") is not None and SPECIAL_MODES.search(ctx.source.text):
        return False  # chown takes set-user-ID bits and capabilities away
    if not owner.variables:
        return True
    assert run.stage is not None
    inner = run.stage.instructions[
        run.stage.instructions.index(node) : run.stage.instructions.index(run.node)
    ]
    changed = {pair.key.text for other in inner if isinstance(other, (Env, Arg)) for pair in other.pairs}
    return owner.variables <= set(model.state_before(node).variables) and not owner.variables & changed


def _left(model: Model, part: Part) -> tuple[list[str], list[str]]:
    """Return the directories that COPY does not own: those to chown alone, and with all below."""
    contents, written = part.contents, part.word.text
    directories = contents.directories
    targets = [out.path for node in contents.copies for out in outputs(node, model.state_before(node)) or ()]
    tops = [
        path
        for path in directories
        if not any(path != other and is_within(path, other) for other in directories)
    ]
    nested = len(tops) < len(directories) and not contents.existed
    deep = nested or len(directories) > MAX_LISTED
    deep = deep and not any(is_within(target, top) for top in tops for target in targets)
    single = [part.path] if contents.existed else []
    if not deep:
        single += directories
    return [_spelt(written, path[len(part.path) :]) for path in single], [
        _spelt(written, path[len(part.path) :]) for path in (tops if deep else ())
    ]


def _spelt(written: str, below: str) -> str:
    """Return the path below the one that is written, in the same spelling."""
    if not below:
        return written
    quote = written[-1] if written[-1] in "\"'" else ""
    start = written[: len(written) - len(quote)].rstrip("/")
    return f"{start}{below}{quote}"


# --- edits -------------------------------------------------------------------------------


def _shell_edits(
    ctx: Context,
    call: CallFacts,
    flags: Sequence[Word],
    owner: Word,
    parts: Sequence[Part],
    kept: Sequence[Word],
    left: Sequence[str],
    deep: Sequence[str],
) -> tuple[Edit, ...] | None:
    """Return the edits that take the parts out of the chown, or the whole chown out of the RUN."""
    run, node = call.run, call.node
    assert run.script is not None
    if left or deep:
        if not run.script.is_contiguous(node.start, node.end):
            return None
        assert call.program_word is not None
        program = run.script.text[node.start : call.program_word.end]
        alone = [w.text if w.text.startswith("--") else w.text.replace("R", "") for w in flags]
        alone = [text for text in alone if text not in ("-", "--recursive")]
        whole = [*[w.text for w in kept], *deep]
        commands: list[str] = []
        if whole:
            commands.append(" ".join([program, *[w.text for w in flags], owner.text, *whole]))
        if left:
            commands.append(" ".join([program, *alone, owner.text, *left]))
        return ctx.edit.replace(run, node.start, node.end, " && ".join(commands))
    if kept:
        edits: tuple[Edit, ...] = ()
        for part in parts:
            removed = ctx.edit.remove_words(run, part.word.start, part.word.end)
            if removed is None:
                return None
            edits += removed
        return edits
    return _remove(ctx, call)


def _remove(ctx: Context, call: CallFacts) -> tuple[Edit, ...] | None:
    run, shell = call.run, call.run.shell
    assert shell is not None
    chain: AndOr = call.and_or
    statements = shell.body.statements
    if len(chain.pipelines) > 1:
        return ctx.edit.remove_pipeline(run, chain, chain.pipelines.index(call.pipeline))
    if len(statements) > 1:
        return ctx.edit.remove_statement(run, shell.body, statements.index(call.statement))
    return ctx.edit.remove_instruction(run.node)
