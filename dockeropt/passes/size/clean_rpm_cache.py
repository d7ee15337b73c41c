"""Empty the cache of yum, dnf, microdnf, tdnf or zypper in the RUN that fills it.

The package managers of the rpm world keep the metadata of every repository, often 100 MB and
more, and with ``keepcache`` the packages as well. In an image nothing reads them again.

Before:
    FROM fedora:41
    RUN dnf install -y git

After:
    FROM fedora:41
    RUN dnf install -y git && dnf clean all

Safety:
    Safe: only caches go, and the next call fetches the metadata again. Nothing is appended
    where a cache mount is in force, where the script cleans up itself, where a later command might
    fail without the cache (``dnf -C``, ``rm -r`` without ``-f``), where another cache directory or root
    is given, or in stages that only build.

References:
    - https://dnf.readthedocs.io/en/latest/command_ref.html#clean-command
    - https://documentation.suse.com/sles/15-SP6/html/SLES-all/cha-sw-cl.html
"""

from collections.abc import Iterator

from dockeropt.model.calls import CallFacts
from dockeropt.model.packages import Invocation, Tool, Verb, find_invocation
from dockeropt.rewrite import Category, Context, Effect, Finding, Phase, rewrite
from dockeropt.rewrite.cleanup import calls_after, calls_below, is_read_offline, last_uses, misses, removes

CLEAN = {
    Tool.YUM: "clean all",
    Tool.DNF: "clean all",
    Tool.MICRODNF: "clean all",
    Tool.TDNF: "clean all",
    Tool.ZYPPER: "clean --all",
}
ELSEWHERE = (
    "--installroot",
    "--cachedir",
    "--cache-dir",
    "--pkg-cache-dir",
    "--root",
    "-R",
    "-c",
    "--config",
)
WITHOUT_EFFECT = ("--downloadonly", "--download-only", "-C", "--cacheonly", "--assumeno", "--dry-run", "-D")
CACHES = ("/var/cache/yum", "/var/cache/dnf", "/var/cache/tdnf", "/var/cache/zypp", "/var/cache/libdnf5")

MOVERS = frozenset("ln mv cp rm alternatives update-alternatives".split())
"""Programs that may put another python in the place of the one that yum runs on."""


@rewrite(
    category=Category.SIZE,
    phase=Phase.LAYERS,
    after=("merge-runs",),
    aliases=("DL3032", "DL3036", "DL3040", "DD031", "DD033", "DD034", "yumInstallRmVarCacheYum"),
    wants=("yum", "dnf", "zypper"),
)
def clean_rpm_cache(ctx: Context) -> Iterator[Finding]:
    """Append ``clean all`` to each RUN that installs or updates packages."""
    for run, use in last_uses(ctx, _fills_cache):
        if any(run.mount_covers(path) for path in CACHES) or _is_cleaned(use) or not _has_rights(use):
            continue
        later = tuple(calls_below(ctx, run))
        if any(misses(call, *CACHES) for call in later) or is_read_offline(later, CLEAN, "-C", "--cacheonly"):
            continue
        sudo = "sudo " if "sudo" in use.call.prefixes else ""
        edits = ctx.edit.append_command(run, f"{sudo}{use.program_word.text} {CLEAN[use.tool]}")
        if edits is not None:
            fix = ctx.safe("Clean the cache in the same RUN", edits, effects={Effect.CACHE_ONLY})
            message = f"{use.tool.value}'s cache stays in the image"
            yield Finding(message, run.span(use.call.node), fix)


def _fills_cache(use: Invocation) -> bool:
    if use.tool not in CLEAN or use.verb not in (Verb.INSTALL, Verb.UPGRADE):
        return False
    moved = any("cachedir" in value for value in use.values("--setopt"))
    return not moved and not use.has(*ELSEWHERE, *WITHOUT_EFFECT)


def _has_rights(use: Invocation) -> bool:
    return "sudo" in use.call.prefixes or use.run.state.is_root is not False


def _is_cleaned(use: Invocation) -> bool:
    """Tell whether a later command cleans the cache, or may have taken the tool away."""
    return any(_cleans(call) or _drops_tool(call) for call in calls_after(use))


def _cleans(call: CallFacts) -> bool:
    later = find_invocation(call)
    if later is not None:
        return later.tool in CLEAN and later.verb is Verb.CLEAN
    if call.program is not None and "clean" in call.program:
        return True
    return removes(call, *CACHES, "/var/cache/*", "/var/cache/{") or (
        call.program == "find" and any("/var/cache" in word.text for word in call.args)
    )


def _drops_tool(call: CallFacts) -> bool:
    """Tell whether the call may break a package manager.

    ``rpm -e``, ``microdnf remove dnf``, or another ``/usr/bin/python``, which yum needs as it was.
    """
    later = find_invocation(call)
    if later is not None and later.verb is Verb.REMOVE:
        names = {tool.value for tool in CLEAN}
        return any(package.name is None or package.name in names for package in later.packages)
    if call.program == "rpm":
        return any(word.text.startswith(("-e", "--erase")) for word in call.args)
    return call.program in MOVERS and any("python" in word.text for word in call.args)
