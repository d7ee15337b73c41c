"""Empty conda's package cache in the RUN that fills it.

conda and mamba keep every downloaded archive and an unpacked copy next to the environment.
``clean`` removes what no environment links to; in an image that is half of the download.

Before:
    FROM continuumio/miniconda3
    RUN conda install -y numpy

After:
    FROM continuumio/miniconda3
    RUN conda install -y numpy && conda clean -afy

Safety:
    Safe: only archives, index caches and unused packages go; installed environments keep
    their files. Nothing is appended where a cache mount is in force, where the script cleans
    up itself, where a later command might fail without the cache (``--offline``, ``rm -r`` without
    ``-f``), in stages that only build, or where conda is older than 4.6 and does not know ``-f``.

References:
    - https://docs.conda.io/projects/conda/en/stable/commands/clean.html
    - https://mamba.readthedocs.io/en/latest/user_guide/micromamba.html
"""

from collections.abc import Iterator

from dockeropt.model.packages import Invocation, Tool, Verb, find_invocation
from dockeropt.rewrite import Category, Context, Effect, Finding, Phase, rewrite
from dockeropt.rewrite.cleanup import (
    cache_is_mounted,
    calls_after,
    calls_below,
    is_read_offline,
    last_uses,
    misses,
    removes,
)
from dockeropt.rewrite.oldtools import conda_knows_force

CLEAN = {Tool.CONDA: "clean -afy", Tool.MAMBA: "clean -afy", Tool.MICROMAMBA: "clean --all --yes"}


@rewrite(
    category=Category.SIZE,
    phase=Phase.LAYERS,
    after=("merge-runs",),
    wants=("conda", "mamba"),
)
def clean_conda_cache(ctx: Context) -> Iterator[Finding]:
    """Append ``clean`` to each RUN that installs with conda or one of its kind."""
    for run, use in last_uses(ctx, _fills_cache):
        if cache_is_mounted(run, use.cache_paths) or _is_cleaned(use):
            continue
        later = tuple(calls_below(ctx, run))
        if any(misses(call, "/pkgs") for call in later) or is_read_offline(later, CLEAN, "--offline"):
            continue
        if use.tool is Tool.CONDA and run.stage is not None and not conda_knows_force(run.stage):
            continue
        sudo = "sudo " if "sudo" in use.call.prefixes else ""
        program = use.program_word.text if "/" in use.program_word.text else use.tool.value
        edits = ctx.edit.append_command(run, f"{sudo}{program} {CLEAN[use.tool]}")
        if edits is not None:
            fix = ctx.safe("Clean the package cache", edits, effects={Effect.CACHE_ONLY})
            yield Finding(
                f"{use.tool.value}'s package cache stays in the image", run.span(use.call.node), fix
            )


def _fills_cache(use: Invocation) -> bool:
    return use.tool in CLEAN and use.verb in (Verb.INSTALL, Verb.UPGRADE) and not use.has("--dry-run", "-d")


def _is_cleaned(use: Invocation) -> bool:
    for call in calls_after(use):
        later = find_invocation(call)
        if later is not None and later.tool in CLEAN and later.verb is Verb.CLEAN:
            return True
        if removes(call, "/pkgs", "conda", "mamba"):
            return True
    return False
