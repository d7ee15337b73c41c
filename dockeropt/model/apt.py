"""Who needs apt's package lists, who refreshes them, and who changes where they come from.

``apt-get update`` leaves the lists in ``/var/lib/apt/lists``; they can only be taken away, or be
fetched at another place, when nobody relies on them in between. Invariant: what is not understood
counts as ``MAYBE``, never as "does not need them".
"""

from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

from dockeropt.model.calls import CallFacts
from dockeropt.model.packages import Invocation, find_invocation
from dockeropt.model.runs import RunFacts
from dockeropt.model.stages import Stage
from dockeropt.model.tools import Tool, Verb
from dockeropt.shell.nodes import Command, Word
from dockeropt.shell.query import walk

if TYPE_CHECKING:
    import re

    from dockeropt.model.model import Model

FAMILY = (Tool.APT_GET, Tool.APT, Tool.APTITUDE)
LISTS = "/var/lib/apt/lists"


class Need(IntEnum):
    """Whether something relies on lists that were fetched before it."""

    NO = 0
    MAYBE = 1
    YES = 2


_READS_LISTS = frozenset(
    "source download search show policy showsrc showpkg depends rdepends madison list pkgnames changelog".split()
)
"""Verbs of apt-get, apt and aptitude that read the lists, besides those that install."""

_READERS = frozenset(
    (
        "apt-cache apt-file apt-rdepends apt-show-versions gdebi mk-build-deps tasksel auto-apt"
        " ansible ansible-playbook puppet chef-solo chef-client salt-call unattended-upgrade synaptic"
    ).split()
)
"""Other programs that install with apt, or ask it what there is, without an update of their own."""

_SHELLS = frozenset("sh bash dash ash zsh ksh".split())
_BUILD_SCRIPTS = frozenset(
    (
        "configure Configure config gradlew mvnw autogen.sh buildconf bootstrap.sh b2 bjam waf manage.py"
        " sbt activate nvm.sh rvm cmake-install.sh rustup.sh get-pip.py install-poetry.py"
    ).split()
)
"""Scripts known to leave the system's packages alone."""


def classify(call: CallFacts) -> tuple[Need, bool]:
    """Return whether ``call`` needs the lists as they are, and whether it fetches new ones."""
    found = find_invocation(call)
    if found is not None:
        return _classify_invocation(found)
    program = call.program
    if program is None:
        return (Need.NO if not call.node.words or _in_bin(call.node.words[0].text) else Need.MAYBE), False
    if program in _READERS or (program == "rosdep" and any(w.literal == "install" for w in call.args)):
        return Need.YES, False
    if program in _SHELLS or program == "su":
        return _classify_shell(call), False
    if program in (".", "source"):
        return (Need.MAYBE if call.args and not _is_harmless(call.args[0].text) else Need.NO), False
    if program == "eval":
        return Need.MAYBE if any(_mentions_apt(word.text) for word in call.args) else Need.NO, False
    if "/" in call.path and not _in_bin(call.path):
        return (Need.NO if _is_harmless(call.path) else Need.MAYBE), False
    if program.endswith((".sh", ".bash")):
        return (Need.NO if _is_harmless(program) else Need.MAYBE), False
    return Need.NO, False


def _classify_invocation(found: Invocation) -> tuple[Need, bool]:
    if found.tool not in FAMILY:
        return Need.NO, False
    if found.verb is Verb.UPDATE:
        return Need.NO, not found.call.conditional and not found.call.background
    if found.verb in (Verb.INSTALL, Verb.UPGRADE) or found.verb_text in _READS_LISTS:
        return Need.YES, False
    return (Need.YES if found.dynamic and found.verb is Verb.OTHER else Need.NO), False


def _classify_shell(call: CallFacts) -> Need:
    """Look at ``sh file``, ``curl … | sh`` and ``sh -c '…'``."""
    texts = [word.text for word in call.args]
    if any(text.startswith("-") and "c" in text and not text.startswith("--") for text in texts):
        return Need.YES if any(_mentions_apt(text) for text in texts) else Need.NO
    operands = [text for text in texts if not text.startswith("-")]
    if operands and _is_harmless(operands[0]):
        return Need.NO
    return Need.MAYBE


def _is_harmless(path: str) -> bool:
    name = path.strip("\"'").rpartition("/")[2]
    return name in _BUILD_SCRIPTS or name.endswith((".py", ".jar", "rc", ".rb", ".pl", "profile", "env"))


def _in_bin(path: str) -> bool:
    """Tell whether a program is an installed one, by its place."""
    directory, _, name = path.strip("\"'").rpartition("/")
    return directory.endswith(("bin", "MacOS")) and not name.endswith((".sh", ".bash"))


def _mentions_apt(text: str) -> bool:
    return "apt" in text or "install" in text


_LIST_FETCHERS = ("nodesource", "packagecloud", "script.deb.sh", "deb.sury.org")
"""What stands in the address of setup scripts that add a repository and call ``apt-get update``."""


def fetches_lists(call: CallFacts) -> bool:
    """Tell whether ``call`` fetches package lists, be it only in some cases."""
    found = find_invocation(call)
    if found is not None:
        return found.tool in FAMILY and found.verb is Verb.UPDATE
    if call.program in ("add-apt-repository", "apt-add-repository"):
        return not call.has_flag("-n", "--no-update")
    if call.program in _SHELLS and call.piped:
        words = [word.text for command in call.pipeline.commands for word in _words(command)]
        return any(address in word for word in words for address in _LIST_FETCHERS)
    return False


# --- whole RUNs ------------------------------------------------------------------------


def need_of_run(run: RunFacts) -> tuple[Need, bool]:
    """Return whether a RUN needs lists from before it, and whether it fetches new ones."""
    if run.shell is None:
        return _need_of_unread(run)
    need = Need.NO
    for call in run.calls:
        wants, fetches = classify(call)
        if fetches:
            return need, True
        need = max(need, wants)
    return need, False


def _need_of_unread(run: RunFacts) -> tuple[Need, bool]:
    if run.node.exec_form is not None:
        words = run.node.exec_form.values
        text = " ".join(words)
        if not any(_mentions_apt(word) for word in words):
            return (Need.MAYBE if ".sh" in text or "/" in words[:1] else Need.NO), False
        return (Need.NO, True) if words[-1:] == ("update",) else (Need.YES, False)
    text = run.script.text if run.script is not None else "apt"
    return (Need.YES if _mentions_apt(text) else Need.MAYBE), False


class ListUse:
    """Answer who relies on the lists that a RUN leaves behind.

    Args:
        model: The model of the file.
    """

    __slots__ = ("_after",)

    def __init__(self, model: "Model") -> None:
        runs: dict[int, list[RunFacts]] = {}
        for run in model.runs:
            if run.stage is not None:
                runs.setdefault(run.stage.index, []).append(run)
        self._after: dict[RunFacts, Need] = {}
        starts: dict[int, Need] = {}
        # Children stand behind their parents, so that going backwards needs no recursion.
        for stage in reversed(model.stages):
            own = runs.get(stage.index, [])
            inherited = max([starts[child.index] for child in stage.children], default=Need.NO)
            triggers = self._backwards([run for run in own if run.onbuild], Need.NO)
            starts[stage.index] = self._backwards(
                [run for run in own if not run.onbuild], max(inherited, triggers)
            )

    def _backwards(self, runs: list[RunFacts], after: Need) -> Need:
        for run in reversed(runs):
            self._after[run] = after
            need, fetches = need_of_run(run)
            after = need if fetches else max(need, after)
        return after

    def needed_after(self, run: RunFacts) -> Need:
        """Return whether a later RUN, of a stage built on this one too, needs the lists."""
        return self._after.get(run, Need.MAYBE)


# --- where the lists come from -----------------------------------------------------------

_SOURCE_CHANGERS = frozenset(
    "apt-key add-apt-repository apt-add-repository extrepo dpkg gdebi gpg software-properties-gtk ppa-purge".split()
)


@cache
def _source_packages() -> "re.Pattern[str]":
    import re

    return re.compile(r"^ca-certificates|^apt-|keyring|-release$|-archive|^gnupg|sources|^debian-|^ubuntu-")


def may_change_sources(call: CallFacts) -> bool:
    """Tell whether the next ``apt-get update`` may fetch other lists because of ``call``."""
    if call.program in _SOURCE_CHANGERS:
        return True
    found = find_invocation(call)
    if found is not None and found.tool in FAMILY:
        if found.verb is Verb.INSTALL:
            return found.dynamic or any(
                p.name is None or "/" in p.name or _source_packages().search(p.name) for p in found.packages
            )
        if found.verb in (Verb.UPGRADE, Verb.OTHER):
            return found.verb is Verb.UPGRADE or not found.verb_words
    elif classify(call)[0] is not Need.NO:
        return True
    return any(names_sources(word.text) for word in _words(call.node))


def names_sources(text: str) -> bool:
    """Tell whether a text speaks of apt's configuration, or of a proxy that it would use."""
    return any(part in text for part in ("/etc/apt", "apt.conf", "sources.list", "apt/keyrings", "_proxy"))


def _words(command: Command) -> Iterator[Word]:
    for node in walk(command):
        if isinstance(node, Word):
            yield node


def stage_runs(model: "Model", stage: Stage) -> list[RunFacts]:
    """Return the RUNs of one stage in order, without those of ONBUILD."""
    return [run for run in model.runs if run.stage is stage and not run.onbuild]
