"""Obey the comments that tell a tool to leave something alone: ours and those of others.

Invariant: what an author asked to be left alone is not touched, not even a part of it, and
in doubt more is left alone than was asked. A pragma above an instruction, or inside it,
covers the whole instruction. The forms:

``# dockeropt: ignore[=pass,…] [-- reason]``, ``file-ignore[=…]``, ``off`` … ``on``;
``# hadolint [global] ignore=DL3009``, ``# tally [global] ignore=rule;reason=…``,
``# check=skip=Name;error=true``, ``# dockerfmt-ignore``, ``# dockerfile-utils: ignore``.
"""

import re
from functools import cache

from dockeropt.rewrite.fix import Finding
from dockeropt.rewrite.passes import PassInfo
from dockeropt.syntax.nodes import Dockerfile, Instruction
from dockeropt.text import Span

BUILDKIT_CHECKS = frozenset(
    name.lower()
    for name in (
        "StageNameCasing",
        "FromAsCasing",
        "NoEmptyContinuation",
        "ConsistentInstructionCasing",
        "DuplicateStageName",
        "ReservedStageName",
        "JSONArgsRecommended",
        "MaintainerDeprecated",
        "UndefinedArgInFrom",
        "WorkdirRelativePath",
        "UndefinedVar",
        "MultipleInstructionsDisallowed",
        "LegacyKeyValueFormat",
        "RedundantTargetPlatform",
        "SecretsUsedInArgOrEnv",
        "InvalidDefaultArgInFrom",
        "FromPlatformFlagConstDisallowed",
        "CopyIgnoredFile",
        "InvalidDefinitionDescription",
        "ExposeProtoCasing",
        "ExposeInvalidFormat",
    )
)
"""BuildKit's own checks, in lower case: what ``# check=skip=all`` means."""

EVERYTHING: frozenset[str] = frozenset({"all"})
_BUILDKIT: frozenset[str] = frozenset({"buildkit-all"})


@cache
def _pragma() -> re.Pattern[str]:
    names = r"[\w./*-]+(?:[ \t]*,[ \t]*[\w./*-]+)*"
    return re.compile(
        rf"""^[ \t\ufeff]*\#[ \t]*(?:
            dockeropt[ \t]*:[ \t]*(?P<ours>ignore|file-ignore|off|on)\b(?:[ \t]*=[ \t]*(?P<our_names>{names})?)?
          | (?:hadolint|tally)[ \t]+(?P<wide>global[ \t]+)?ignore[ \t]*=[ \t]*(?P<names>{names})
          | check[ \t]*=[ \t]*(?P<check>[^\r\n]*)
          | (?P<formatter>dockerfmt-ignore|dockerfile-utils[ \t]*:[ \t]*ignore)\b
        )""",
        re.MULTILINE | re.IGNORECASE | re.VERBOSE,
    )


class Suppressions:
    """Hold what must be left alone in one file.

    Args:
        regions: Places, each with the names of passes it is closed to.
        everywhere: Names of passes that the whole file is closed to.
        length: Characters of the file.
    """

    __slots__ = ("_everywhere", "_length", "_regions")

    def __init__(
        self, regions: tuple[tuple[Span, frozenset[str]], ...], everywhere: frozenset[str], length: int
    ) -> None:
        self._regions = regions
        self._everywhere = everywhere
        self._length = length

    def __bool__(self) -> bool:
        return bool(self._regions or self._everywhere)

    def covers(self, info: PassInfo, finding: Finding) -> bool:
        """Tell whether a finding concerns, or its fix would touch, what is to be left alone."""
        names = names_of(info)
        if not names.isdisjoint(self._everywhere):
            return True
        spans = [finding.at]
        if finding.fix is not None:
            spans += [edit.span for edit in finding.fix.edits]
        for region, closed_to in self._regions:
            if not names.isdisjoint(closed_to) and any(self._touches(span, region) for span in spans):
                return True
        return False

    def _touches(self, span: Span, region: Span) -> bool:
        if span.is_empty:  # an insertion: right before or right after is not inside
            return region.start < span.start < region.end or span.start == region.end == self._length
        return span.overlaps(region)


NOTHING = Suppressions((), frozenset(), 0)
"""What most files ask for."""


def names_of(info: PassInfo) -> frozenset[str]:
    """Return all names, in lower case, that a pragma may call a pass by."""
    names = {"all", info.id, info.id.replace("-", "_"), info.category.value}
    for alias in info.aliases:
        low = alias.lower()
        names |= {low, low.rpartition("/")[2]}
    if not names.isdisjoint(BUILDKIT_CHECKS):
        names |= _BUILDKIT
    return frozenset(names)


def read_suppressions(tree: Dockerfile) -> Suppressions:
    """Return what the comments of a file ask for; those in heredocs count as well."""
    text = tree.source.text
    lower = text.lower()
    if "ignore" not in lower and "dockeropt" not in lower and "skip" not in lower:
        return NOTHING
    found = list(_pragma().finditer(text))
    if not found:
        return NOTHING
    regions: list[tuple[Span, frozenset[str]]] = []
    everywhere: set[str] = set()
    off: int | None = None
    places = _Places(tree)
    for match in found:
        at = match.end() - 1  # the start may be a byte order mark or the blanks of a line
        action = (match["ours"] or "").lower()
        if action == "off":
            off = places.start(at) if off is None else off
        elif action == "on":
            if off is not None:
                regions.append((Span(off, at), EVERYTHING))
            off = None
        elif action == "file-ignore":
            everywhere |= _split(match["our_names"]) or EVERYTHING
        elif match["wide"]:
            everywhere |= _split(match["names"])
        elif match["check"] is not None:
            everywhere |= _skipped(match["check"])
        else:
            target = places.target(at)
            if target is not None:
                names = _split(match["our_names"] or match["names"]) or EVERYTHING
                regions.append((target, names))
    if off is not None:
        regions.append((Span(off, len(text)), EVERYTHING))
    return Suppressions(tuple(regions), frozenset(everywhere), len(text))


class _Places:
    """Find the instruction that a comment belongs to."""

    def __init__(self, tree: Dockerfile) -> None:
        self.body = tree.body
        self.starts = [node.span.start for node in tree.body]

    def _index(self, at: int) -> int:
        from bisect import bisect_right

        return bisect_right(self.starts, at) - 1

    def start(self, at: int) -> int:
        """Return where the instruction or comment that holds ``at`` begins."""
        return self.body[self._index(at)].span.start

    def target(self, at: int) -> Span | None:
        """Return the span of the instruction that holds ``at``, or else of the next one."""
        for node in self.body[self._index(at) :]:
            if isinstance(node, Instruction):
                return node.span
        return None


def _split(names: str | None) -> frozenset[str]:
    if not names:
        return frozenset()
    words = {word.strip().lower() for word in names.split(",")}
    return frozenset(words | {word.rpartition("/")[2] for word in words} - {"", "*"}) | (
        EVERYTHING if "*" in words else frozenset()
    )


def _skipped(value: str) -> frozenset[str]:
    """Return the names in the value of BuildKit's ``check`` directive (``ParseConfig``)."""
    for part in value.split(";"):
        key, _, names = part.partition("=")
        if key.strip().lower() == "skip":
            skipped = _split(names)
            return _BUILDKIT if "all" in skipped else skipped
    return frozenset()
