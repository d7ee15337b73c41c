"""What one RUN needs to compile: installed in front of it and purged behind it, in one layer.

Invariant: what goes again is only what came for this RUN. ``apt-get purge --auto-remove`` takes what
came along and nothing else needs; the library that a compiled program loads came with a ``-dev`` package, so
it is installed by its own name and stays. Without that name nothing is purged.

Source: apt-get(8), ``--auto-remove``; the Dockerfiles of the official slim images do the same.
"""

from collections.abc import Iterable, Sequence

from dockeropt.model.packages import find_invocation
from dockeropt.model.stages import Stage
from dockeropt.rewrite.context import Context
from dockeropt.rewrite.editor import Edits
from dockeropt.rewrite.needs import DEBIAN_TOOLS, Use
from dockeropt.text import Edit

COMPILERS = frozenset(("gcc", "g++", "libc6-dev", "make", "build-essential", "pkg-config"))

LOADED = {
    "libpq-dev": "libpq5",
    "default-libmysqlclient-dev": "libmariadb3",
    "libsasl2-dev": "libsasl2-2",
    "zlib1g-dev": "zlib1g",
    "libyaml-dev": "libyaml-0-2",
}
"""The library that each brings, named alike from bullseye to trixie (package indexes, 2026-11-24)."""


def compiled_in_one_run(
    ctx: Context, stage: Stage, names: Sequence[str], uses: Iterable[Use]
) -> Edits | None:
    """Return the edits that install what the one RUN compiles with, and purge it there.

    Args:
        ctx: The pass's context.
        stage: The stage that needs them.
        names: The packages to add.
        uses: What they are for.

    Returns:
        ``None`` where something else is among them, several RUNs compile, or the RUN is no plain
        chain of installs run by root.
    """
    runs = list(dict.fromkeys([use.run for use in uses]))
    run = runs[0] if len(runs) == 1 else None
    if run is None or run.shell is None or run.script is None or not set(names) <= COMPILERS | LOADED.keys():
        return None
    if run.stage is not stage or run.onbuild or run.node.heredocs or run.state.is_root is False:
        return None
    statement = run.shell.body.statements[0]
    if len(run.shell.body.statements) != 1 or statement.terminator or run.mount_covers("/var/lib/apt"):
        return None
    chain = statement.command
    if any(operator[0] != "&&" for operator in chain.operators) or any(p.negated for p in chain.pipelines):
        return None
    if any(find_invocation(call) is None or call.piped for call in run.calls):
        return None
    if any(found.tool in DEBIAN_TOOLS for call in run.calls if (found := find_invocation(call)) is not None):
        return None
    packages = " ".join(names)
    glue = f" {ctx.tree.escape}{ctx.edit.newline}    && "
    kept = [LOADED[name] for name in names if name in LOADED]
    wanted = " ".join([*names, *kept])
    head = f"apt-get update{glue}apt-get install -y --no-install-recommends {wanted}{glue}"
    tail = f"{glue}apt-get purge -y --auto-remove {packages}{glue}rm -rf /var/lib/apt/lists/*"
    start, end = run.script.offset(chain.start), run.script.end(chain.end)
    return (Edit.insert(start, head), Edit.insert(end, tail))
