"""Use apt-get instead of apt in scripts.

``apt`` is made for people at a terminal: it warns that its command line may change between
releases and shows progress bars. ``apt-get`` has the same verbs and a stable interface.

Before:
    FROM debian:bookworm-slim
    RUN apt update && apt install -y curl

After:
    FROM debian:bookworm-slim
    RUN apt-get update && apt-get install -y curl

Safety:
    Safe. Only calls whose verb apt-get knows under the same name, and where both do the
    same, are changed: ``full-upgrade`` becomes ``dist-upgrade``, ``upgrade``, which may
    install new packages, ``upgrade --with-new-pkgs``. ``list``, ``show``, ``search`` and every
    call with an option that only apt has are left alone.

References:
    - https://manpages.debian.org/bookworm/apt/apt.8.en.html#SCRIPT_USAGE_AND_DIFFERENCES_FROM_OTHER_APT_TOOLS
    - https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
"""

from collections.abc import Iterator

from dockeropt.model.packages import Invocation, Tool
from dockeropt.rewrite import Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.text import Edit

VERBS = {
    "update": "update",
    "install": "install",
    "reinstall": "install --reinstall",
    "remove": "remove",
    "purge": "purge",
    "autoremove": "autoremove",
    "auto-remove": "autoremove",
    "autopurge": "autopurge",
    "upgrade": "upgrade --with-new-pkgs",
    "full-upgrade": "dist-upgrade",
    "dist-upgrade": "dist-upgrade",
    "build-dep": "build-dep",
    "source": "source",
    "download": "download",
    "clean": "clean",
    "autoclean": "autoclean",
    "auto-clean": "autoclean",
}
"""Verbs of apt that apt-get has too, and what apt-get calls them."""

APT_ONLY = (
    "--with-new-pkgs",
    "--without-new-pkgs",
    "-a",
    "--all-versions",
    "--upgradable",
    "--installed",
    "--color",
    "--no-color",
)

PROOF = Evidence("apt and apt-get share this verb and these options", "apt(8), apt-get(8)")


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.PACKAGES,
    aliases=("DL3027", "DD024", "aptUseAptGet"),
    wants=("apt",),
)
def replace_apt_with_apt_get(ctx: Context) -> Iterator[Finding]:
    """Rename apt and, where it differs, the verb."""
    for call in ctx.model.invocations:
        if call.tool is not Tool.APT or call.verb_word is None:
            continue
        edits = _edits(ctx, call)
        if edits is not None:
            fix = ctx.safe("Call apt-get", edits, PROOF, {Effect.LAYERS})
            yield Finding("apt is made for terminals, not for scripts", call.run.span(call.program_word), fix)


def _edits(ctx: Context, call: Invocation) -> list[Edit] | None:
    word, verb = call.program_word, call.verb_word
    assert verb is not None
    name = VERBS.get(call.verb_text)
    if name is None or call.has(*APT_ONLY) or word.literal is None or not word.text.endswith("apt"):
        return None
    edits = ctx.edit.replace(call.run, word.end - len("apt"), word.end, "apt-get")
    if edits is None:
        return None
    if name == call.verb_text:
        return list(edits)
    renamed = ctx.edit.replace(call.run, verb.start, verb.end, name)
    return [*edits, *renamed] if renamed is not None else None
