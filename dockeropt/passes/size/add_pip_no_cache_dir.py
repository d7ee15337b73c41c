"""Keep pip's download cache out of the image.

pip saves what it downloads and the wheels it builds in ``~/.cache/pip``. The layer is never
used to install again, so the copy only makes the image bigger.

Before:
    FROM python:3.12-slim
    COPY requirements.txt .
    RUN pip install -r requirements.txt

After:
    FROM python:3.12-slim
    COPY requirements.txt .
    RUN pip install --no-cache-dir -r requirements.txt

Safety:
    Safe: the same packages are installed; only the cache is not written. Calls are left
    alone where a cache mount is in force, where ``PIP_NO_CACHE_DIR``, a configuration file or
    another option already decides, in stages that only build, where a later command might fail without
    the cache (``uv sync --offline``, ``rm -r`` without ``-f``), and where the tool does not know the
    option: the pip of Debian 8, of Ubuntu before 16.04 and older ones, poetry before 1.2. pipenv and
    poetry get the variable or option that they know, pipx gets pip's through ``--pip-args`` only if
    it has none.

References:
    - https://pip.pypa.io/en/stable/topics/caching/
    - https://python-poetry.org/docs/cli/#install
    - https://docs.astral.sh/uv/reference/cli/
"""

from collections.abc import Iterator, Sequence

from dockeropt.model.packages import Invocation, Tool, Verb
from dockeropt.rewrite import Category, Context, Effect, Finding, Phase, rewrite
from dockeropt.rewrite.cleanup import (
    cache_is_mounted,
    calls_after,
    calls_below,
    is_read_offline,
    misses,
    removes,
)
from dockeropt.rewrite.oldtools import pip_knows_no_cache_dir, poetry_knows_no_cache

FLAGS = {Tool.PIP: "--no-cache-dir", Tool.POETRY: "--no-cache", Tool.UV: "--no-cache"}
DECIDED = {
    Tool.PIP: ("--no-cache-dir", "--cache-dir", "--no-cache", "--dry-run", "--download", "-d"),
    Tool.POETRY: ("--no-cache", "--dry-run"),
    Tool.UV: ("--no-cache", "--no-cache-dir", "-n", "--cache-dir", "--dry-run", "--offline"),
}
VARIABLES = {
    Tool.PIP: ("PIP_NO_CACHE_DIR", "PIP_CACHE_DIR", "PIP_CONFIG_FILE"),
    Tool.POETRY: ("POETRY_CACHE_DIR",),
    Tool.UV: ("UV_NO_CACHE", "UV_CACHE_DIR"),
}
CACHE_DIRECTORIES = (".cache", "pip/cache", "/pip", "pypoetry", "/root/.*")


@rewrite(
    category=Category.SIZE,
    phase=Phase.PACKAGES,
    aliases=("DL3042", "DD009", "pipUseNoCacheDir"),
    wants=("pip", "poetry", "uv "),
)
def add_pip_no_cache_dir(ctx: Context) -> Iterator[Finding]:
    """Give every install the option of its tool that keeps the cache away."""
    uses = list(ctx.model.installs(*FLAGS))
    for index, use in enumerate(uses):
        if not _fills_cache(use) or _is_decided(use) or _is_removed(use):
            continue
        if not _knows_option(ctx, use, uses[:index]) or _is_missed(ctx, use):
            continue
        word = use.verb_word
        assert word is not None
        edits = ctx.edit.insert_words(use.run, word.end, FLAGS[use.tool])
        fix = ctx.safe("Do not keep the cache", edits, effects={Effect.CACHE_ONLY})
        yield Finding(
            f"{use.tool.value} leaves its download cache in the image", use.run.span(use.program_word), fix
        )


def _fills_cache(use: Invocation) -> bool:
    """Tell whether the call writes a cache into a layer of the final image."""
    stage = use.run.stage
    if use.verb is not Verb.INSTALL or use.verb_word is None or stage is None or not stage.reaches_final:
        return False
    if use.tool is Tool.POETRY and use.verb_text != "install":
        return False
    if use.tool is Tool.UV and use.verb_text not in ("pip install", "pip sync", "sync"):
        return False
    return not cache_is_mounted(use.run, use.cache_paths)


def _knows_option(ctx: Context, use: Invocation, earlier: Sequence[Invocation]) -> bool:
    """Tell whether the tool is not one that is too old for the option."""
    if use.tool is Tool.PIP:
        return pip_knows_no_cache_dir(use, earlier)
    return use.tool is not Tool.POETRY or poetry_knows_no_cache(ctx.view.lower)


def _is_decided(use: Invocation) -> bool:
    if use.has(*DECIDED[use.tool]):
        return True
    variables = use.run.state.variables
    names = VARIABLES[use.tool]
    if any(name in variables for name in names) or any(a.name in names for a in use.call.node.assigns):
        return True
    if any(
        word.literal is None
        and word.text.lstrip('"').startswith("$")
        and word.start < use.program_word.end + 1
        for word in use.operands
    ):
        return True
    return _is_configured(use)


def _is_configured(use: Invocation) -> bool:
    """Tell whether some script of the stage seems to configure or export it."""
    stage = use.run.stage
    assert stage is not None
    return stage.mentions(
        "no-cache-dir =", "no-cache-dir=", "global.no-cache-dir", "pip_no_cache", "pip.conf"
    )


def _is_missed(ctx: Context, use: Invocation) -> bool:
    """Tell whether a later command would fail for want of the cache."""
    later = (*calls_after(use), *calls_below(ctx, use.run))
    paths = (".cache", *use.cache_paths)
    missed = any(misses(call, *paths) for call in later)
    return missed or (use.tool is Tool.UV and is_read_offline(later, (Tool.UV,), "--offline"))


def _is_removed(use: Invocation) -> bool:
    """Tell whether the same script removes the cache afterwards."""
    paths = (*CACHE_DIRECTORIES, *use.cache_paths)
    return any(removes(call, *paths) for call in calls_after(use))
