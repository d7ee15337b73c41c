"""Who needs apk's cached index, and who writes one.

``apk update`` and ``apk add -U`` leave an index in ``/var/cache/apk``; without one, ``apk add``
finds nothing unless it is given ``--no-cache``, which fetches the index into memory. Packages
are only kept where ``/etc/apk/cache`` exists or ``--cache-dir`` is given. Fact: ``man apk``,
``man apk-cache``.
"""

from dockeropt.model.calls import CallFacts
from dockeropt.model.indexes import Need, need_of_script
from dockeropt.model.packages import Invocation, find_invocation
from dockeropt.model.tools import Tool, Verb

REFRESHING = ("-U", "--update", "--update-cache")
"""Options by which ``apk add`` fetches the index first."""

_READING_VERBS = frozenset("search list policy fetch version dot query".split())


def classify(call: CallFacts) -> tuple[Need, bool]:
    """Return whether ``call`` needs the index as it is, and whether it certainly fetches a new one."""
    found = find_invocation(call)
    if found is None:
        return need_of_script(call, "apk"), False
    if found.tool is not Tool.APK:
        return Need.NO, False
    certain = not call.conditional and not call.background
    if writes_index(found):
        return Need.NO, certain
    if found.has("--no-cache"):
        return Need.NO, False
    if found.verb in (Verb.INSTALL, Verb.UPGRADE) or found.verb_text in _READING_VERBS:
        return Need.YES, False
    return (Need.YES if found.dynamic and found.verb is Verb.OTHER else Need.NO), False


def writes_index(found: Invocation) -> bool:
    """Tell whether a call of apk leaves an index behind."""
    if found.tool is not Tool.APK or found.has("--no-cache"):
        return False
    return found.verb is Verb.UPDATE or found.has(*REFRESHING)
