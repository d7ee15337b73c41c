"""Whether apt still sees what it saw in the base image: its sources, its settings, its packages.

Invariant: ``None`` is only returned when everything before the call was read and none of it can
have touched apt. A script of the project, a piped installer or a package from a file may do
anything; a program that is not known may be such a script.
"""

from functools import lru_cache

from dockeropt.knowledge.packages import own_commands, package_of
from dockeropt.model.calls import CallFacts
from dockeropt.model.copies import outputs
from dockeropt.model.model import Model
from dockeropt.model.packages import Invocation, find_invocation
from dockeropt.model.runs import RunFacts
from dockeropt.model.tools import Tool, Verb
from dockeropt.syntax.nodes import FileInstruction, Onbuild, Run

APT = (Tool.APT_GET, Tool.APT, Tool.APTITUDE)
OWN_SETTINGS = ("-o", "--option", "-c", "--config-file", "-t", "--target-release", "--default-release")
TRACES = (
    "/etc/apt", "sources.list", "apt.conf", "preferences.d", "add-apt-repository", "apt-add-repository", "apt-key",
    "extrepo", "deb http", "deb [", "deb-src", "types: deb", "archive.debian.org", "apt_config", "dpkg --add-arch",
)  # fmt: skip
"""Texts, in lower case, of a stage whose scripts may change what apt installs."""

RUNS_ANYTHING = frozenset(
    "sh bash dash ash zsh ksh mksh fish busybox . source eval dpkg gdebi alien perl ruby php python python2 "
    "python3 node awk gawk tclsh expect make docker ssh chroot su runuser gosu su-exec sudo xargs parallel find "
    "ansible ansible-playbook puppet chef-client salt-call".split()
)
"""Programs that run what they are given, or install it."""

HARMLESS = frozenset(
    ": [ [[ alias arch b2sum base32 base64 basename basenc bg break builtin cat cd chgrp chmod chown cksum comm "
    "command continue cp csplit cut date dd debconf-set-selections df dir dircolors dirname dirs disown du echo "
    "egrep enable env exit expand export expr factor false fg fgrep fmt fold getopts groups hash head history "
    "hostid id jobs join kill let link ln local locale logname ls mapfile md5sum mkdir mkfifo mknod mktemp more "
    "mv nice nl nohup nproc numfmt od paste pathchk popd pr printenv printf pushd pwd read readarray readlink "
    "readonly return rm rmdir sed seq set sha1sum sha224sum sha256sum sha384sum sha512sum shift shopt shred shuf "
    "sleep sort split stat stdbuf stty sum sync tac tail tee test timeout times touch tr trap true truncate tsort "
    "tty type ulimit umask unalias uname unexpand uniq unlink unset wait wc which who whoami yes getconf iconv "
    "localedef locale-gen dpkg-reconfigure update-locale ldconfig apt-mark apt-cache update-alternatives".split()
)
"""Programs of the shell, of coreutils and of Debian's base that leave apt alone; what they are
told to write is looked for by its path."""


def changed_sources(model: Model, call: Invocation) -> str | None:
    """Return why apt may install something else here than in the base image, ``None`` if it cannot.

    Args:
        model: The model of the file.
        call: A call of apt.
    """
    stage = call.run.stage
    if stage is None or call.run.onbuild:
        return "the command runs in another build"
    if call.has(*OWN_SETTINGS):
        return "the command has settings of its own"
    if "APT_CONFIG" in call.run.state.variables:
        return "APT_CONFIG names other settings"
    if stage.mentions(*TRACES):
        return "the stage has package sources of its own"
    official = stage.base.official if stage.base is not None else None
    own = own_commands(official or "")
    facts = {run.node: run for run in model.runs}
    for part in stage.chain:
        for node in part.instructions:
            inner = node.inner if isinstance(node, Onbuild) else node
            if isinstance(inner, Run):
                run = facts.get(inner)
                before = call if inner is call.run.node else None
                reason = _of_run(run, own, before) if run is not None and not run.onbuild else None
                if reason is not None or before is not None:
                    return reason
            elif isinstance(inner, FileInstruction) and not isinstance(node, Onbuild):
                written = outputs(inner, model.state_before(inner))
                if written is None or any(_covers_apt(path, exact=exact) for path, exact in written):
                    return "files that are copied may be package sources"
    return "the command was not found"


@lru_cache(maxsize=512)  # PERF: every install asks about all that is run before it
def _of_run(run: RunFacts, own: frozenset[str], before: Invocation | None) -> str | None:
    if run.shell is None:
        return "a script before it could not be read"
    if run.mount_covers("/etc/apt/sources.list.d"):
        return "a mount may hold package sources"
    for call in run.calls:
        if before is not None and before.call.top_level and call.node.start >= before.call.node.start:
            break
        reason = _of_call(call, own)
        if reason is not None:
            return reason
    return None


def _of_call(call: CallFacts, own: frozenset[str]) -> str | None:
    program = call.program
    if program is None:
        return None if call.program_word is None else "a program before it is only known at run time"
    if "/" in call.path and not call.path.startswith(
        ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/lib/")
    ):
        return f"{call.path} may add package sources"
    found = find_invocation(call)
    if found is not None and found.tool in APT:
        return _of_apt(found)
    if program in RUNS_ANYTHING and not (found is not None or _is_version(call)):
        return f"{program} before it may do anything"
    if found is None and program not in HARMLESS and program not in own and package_of(program) is None:
        return f"{program} before it is not known"
    return None


def _of_apt(call: Invocation) -> str | None:
    if call.verb is Verb.REMOVE:
        return "packages are removed before it"
    if call.has(*OWN_SETTINGS) or call.dynamic:
        return "what apt installs before it is not known"
    if any("/" in package.text or ".deb" in package.text for package in call.packages):
        return "a package from a file may add package sources"
    return None


def _is_version(call: CallFacts) -> bool:
    return [word.literal for word in call.args] in (["--version"], ["-V"], ["-v"])


def _covers_apt(path: str, *, exact: bool) -> bool:
    path = path.rstrip("/")
    return path == "/etc/apt" or path.startswith("/etc/apt/") or (not exact and path in ("", "/etc"))
