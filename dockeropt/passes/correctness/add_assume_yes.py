"""Answer the package manager's question in advance.

A build has nobody to answer ``Do you want to continue? [Y/n]``: the package manager reads
the end of its input and gives up. The option that says yes makes the build work.

Before:
    FROM debian:bookworm-slim
    RUN apt-get update && apt-get install curl

After:
    FROM debian:bookworm-slim
    RUN apt-get update && apt-get install -y curl

Safety:
    Safe where the question stops the build: the option changes nothing but the answer.
    Unsafe where the build goes on without the packages (``|| true``, ``;`` without ``set -e``):
    they would then be installed. Calls that get their answer from a pipe (``yes | …``), from ``-qq``, from a
    configuration option or from a configuration file that the same stage writes are left
    alone, and so are calls with options that only the shell knows.

References:
    - https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
    - https://dnf.readthedocs.io/en/latest/command_ref.html
    - https://docs.conda.io/projects/conda/en/stable/commands/install.html
"""

from collections.abc import Iterator

from dockeropt.model.packages import Invocation, Tool, Verb
from dockeropt.rewrite import Category, Context, Effect, Evidence, Finding, Phase, rewrite

APT = (Tool.APT_GET, Tool.APT, Tool.APTITUDE)
RPM = (Tool.YUM, Tool.DNF, Tool.MICRODNF, Tool.TDNF)
CONDA = (Tool.CONDA, Tool.MAMBA, Tool.MICROMAMBA)

ANSWERS = {
    **dict.fromkeys(APT, ("-y", "--yes", "--assume-yes", "--force-yes", "--trivial-only", "--assume-no")),
    **dict.fromkeys(RPM, ("-y", "--assumeyes", "--assumeno", "-C", "--cacheonly", "--downloadonly")),
    Tool.ZYPPER: ("-y", "--no-confirm", "-n", "--non-interactive"),
    **dict.fromkeys(CONDA, ("-y", "--yes", "--dry-run", "-d", "--json")),
}
"""Options that answer the question, or keep it from being asked."""

SIMULATING = ("-s", "--simulate", "--dry-run", "--just-print", "--recon", "--no-act", "--print-uris")
APT_VERBS = frozenset(
    "install reinstall remove purge autoremove upgrade dist-upgrade full-upgrade build-dep".split()
)

PROOF = Evidence(
    "without it the package manager asks, finds nobody to answer and gives up", "manual of the tool"
)


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.PACKAGES,
    after=("replace-apt-with-apt-get",),
    aliases=("DL3014", "DL3030", "DL3034", "DL3038", "DD023", "aptGetInstallUseYes", "yumInstallForceYes"),
    wants=("install", "remove", "upgrade", "update", "purge", "create", "apt", "erase"),
)
def add_assume_yes(ctx: Context) -> Iterator[Finding]:
    """Give ``-y`` to every call that would ask."""
    for call in ctx.model.invocations:
        if call.tool not in ANSWERS or not _asks(call) or _is_answered(call):
            continue
        edits = ctx.edit.insert_words(call.run, _place(call), "-y")
        title = "Say yes in advance"
        if call.call.stops_build:
            fix = ctx.safe(title, edits, PROOF, {Effect.LAYERS})
        else:
            fix = ctx.unsafe(title, edits, effects={Effect.PACKAGES})
        yield Finding(
            f"{call.tool.value} asks for confirmation, and a build cannot answer",
            call.run.span(call.program_word),
            fix,
        )


def _place(call: Invocation) -> int:
    """Return where the option goes: behind the verb, the last one of ``conda env create``."""
    return call.verb_word.end if call.verb_word is not None else call.program_word.end


def _asks(call: Invocation) -> bool:
    """Tell whether the call changes packages and so may ask."""
    if call.verb_word is None:
        return False
    if call.tool in APT:
        return call.verb_text in APT_VERBS and (bool(call.operands) or call.verb is not Verb.INSTALL)
    if call.tool in CONDA:
        # `conda env create` and `conda env update` never asked before conda 24.
        return call.verb_text in ("install", "create", "update", "remove", "uninstall")
    if call.tool is Tool.ZYPPER:
        return call.verb_text in ("install", "in", "remove", "rm", "update", "up", "dist-upgrade", "dup")
    return call.verb in (Verb.INSTALL, Verb.REMOVE, Verb.UPGRADE) and call.verb_text not in (
        "module",
        "check-update",
    )


def _is_answered(call: Invocation) -> bool:
    if call.has(*ANSWERS[call.tool]):
        return True
    if any(
        word.literal is None and word.text.startswith("$") for word in (*call.operands, *call.call.args[:1])
    ):
        return True  # `apt-get $OPTS install`, `apt-get install $OPTS`: it may hold the answer
    if call.call.pipeline.commands[0] is not call.call.node:
        return True  # `yes | …`
    if any(redirect.operator.startswith("<") for redirect in call.call.node.redirects):
        return True
    if _is_configured(call):
        return True
    if call.tool in APT:
        quiet = sum(option.name == "-q" for option in call.options)
        settings = call.values("-o", "--option", "-c", "--config-file")
        if (
            call.has("-qq", "--quiet=2", *SIMULATING)
            or quiet > 1
            or any(o.name in ("-q", "--quiet") and o.value in ("2", "3") for o in call.options)
        ):
            return True
        return any("assume-yes" in value.lower() or "force-yes" in value.lower() for value in settings)
    return call.tool in CONDA and call.run.state.env.get("CONDA_ALWAYS_YES") is not None


def _is_configured(call: Invocation) -> bool:
    """Tell whether some script of the stage seems to write the answer into a configuration."""
    stage = call.run.stage
    return stage is not None and stage.mentions("::assume-yes", "assumeyes", "always_yes")
