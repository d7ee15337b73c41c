"""Who needs apt's package lists, who fetches them, and who changes where they come from.

``apt-get update`` leaves the lists in ``/var/lib/apt/lists``. Facts: the manuals of apt-get,
apt-cache, aptitude, gdebi, rosdep, add-apt-repository.
"""

from functools import cache
from typing import TYPE_CHECKING

from dockeropt.model.calls import CallFacts
from dockeropt.model.indexes import SHELLS, Need, need_of_script
from dockeropt.model.packages import find_invocation
from dockeropt.model.tools import Tool, Verb
from dockeropt.shell.nodes import Word
from dockeropt.shell.query import walk

if TYPE_CHECKING:
    import re

FAMILY = (Tool.APT_GET, Tool.APT, Tool.APTITUDE)

_READING_VERBS = frozenset(
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


def classify(call: CallFacts) -> tuple[Need, bool]:
    """Return whether ``call`` needs the lists as they are, and whether it certainly fetches new ones."""
    found = find_invocation(call)
    if found is None:
        if call.program in _READERS:
            return Need.YES, False
        if call.program == "rosdep":
            return (Need.YES if any(w.literal == "install" for w in call.args) else Need.NO), False
        if _adds_repository(call):
            return Need.NO, not call.conditional and not call.background
        return need_of_script(call, "apt"), False
    if found.tool not in FAMILY:
        return Need.NO, False
    if found.verb is Verb.UPDATE:
        return Need.NO, not call.conditional and not call.background
    if found.verb in (Verb.INSTALL, Verb.UPGRADE) or found.verb_text in _READING_VERBS:
        return Need.YES, False
    return (Need.YES if found.dynamic and found.verb is Verb.OTHER else Need.NO), False


_REPOSITORY_SCRIPTS = ("nodesource", "packagecloud", "script.deb.sh", "deb.sury.org")
"""What stands in the address of setup scripts that add a repository and call ``apt-get update``."""


def fetches_lists(call: CallFacts) -> bool:
    """Tell whether ``call`` fetches package lists, be it only in some cases."""
    found = find_invocation(call)
    if found is not None:
        return found.tool in FAMILY and found.verb is Verb.UPDATE
    if call.program in ("add-apt-repository", "apt-add-repository"):
        return not call.has_flag("-n", "--no-update")
    return _adds_repository(call)


def _adds_repository(call: CallFacts) -> bool:
    """Tell whether the call runs a known script from the network that sets up a repository."""
    if call.program not in SHELLS or not call.piped:
        return False
    words = [node.text for node in walk(call.pipeline) if isinstance(node, Word)]
    return any(address in word for word in words for address in _REPOSITORY_SCRIPTS)


def may_remove_lists(call: CallFacts) -> bool:
    """Tell whether ``call`` seems to remove the lists."""
    found = find_invocation(call)
    if found is not None:
        return found.tool in FAMILY and found.verb_text in ("distclean", "dist-clean")
    if call.program is not None and "clean" in call.program:
        return True  # /usr/local/bin/cleanup.sh and the like
    return any(names_lists(word.literal or word.text) for word in call.args)


def names_lists(text: str) -> bool:
    """Tell whether a path contains the lists: ``/var/lib/apt/lists/*``, ``/var/lib/{apt,dpkg}``."""
    text = text.strip("\"'").rstrip("/")
    if "apt/lists" in text:
        return not text.endswith(("partial", "partial/*", "lock"))
    return text in ("/var/lib/apt", "/var/lib/apt/*", "/var/lib/*", "/var/*") or (
        text.startswith("/var") and "{" in text and "apt" in text and "cache" not in text.split("{")[0]
    )


# --- where the lists come from ---------------------------------------------------------

_SOURCE_CHANGERS = frozenset(
    "apt-key add-apt-repository apt-add-repository extrepo dpkg gdebi apt-config ppa-purge".split()
)
_UNPACKERS = frozenset("tar cp mv rsync unzip git ln install".split())


@cache
def _source_packages() -> "re.Pattern[str]":
    import re

    return re.compile(r"keyring|-release$|-archive|sources|^debian-|^ubuntu-")


REACHING_PACKAGES = (
    "ca-certificates",
    "apt-transport-https",
    "apt-transport-tor",
    "gnupg",
    "gnupg2",
    "dirmngr",
)
"""Packages without which a source may be out of reach, or not be trusted."""


def may_change_sources(call: CallFacts, *, reach: bool = True) -> bool:
    """Tell whether the next ``apt-get update`` may fetch other lists because of ``call``.

    Args:
        call: Any call.
        reach: Whether a package that makes known sources reachable counts as well.
    """
    if call.program in _SOURCE_CHANGERS or _adds_repository(call):
        return True
    found = find_invocation(call)
    if found is not None and found.tool in FAMILY:
        if found.verb is Verb.INSTALL:
            return found.dynamic or any(_brings_sources(p.name, reach=reach) for p in found.packages)
        if found.verb is Verb.OTHER and found.dynamic:
            return True
    elif classify(call)[0] is Need.MAYBE:
        return True
    if call.program in _UNPACKERS and any(word.literal in ("/", "/.", "/*") for word in call.args):
        return True
    return any(names_sources(node.text) for node in walk(call.node) if isinstance(node, Word)) or any(
        redirect.operator.startswith(">") and redirect.target.literal is None
        for redirect in call.node.redirects
    )


def _brings_sources(package: str | None, *, reach: bool) -> bool:
    if package is None or "/" in package or _source_packages().search(package):
        return True
    return reach and package in REACHING_PACKAGES


def names_sources(text: str) -> bool:
    """Tell whether a text speaks of apt's configuration, or of a proxy that it would use."""
    return any(part in text for part in ("/etc/apt", "apt.conf", "sources.list", "/keyrings", "_proxy"))
