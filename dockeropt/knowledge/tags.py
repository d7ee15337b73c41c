"""Which tags official images have had, and which of them is the slim or Alpine twin of another.

Invariant: a tag is only named if official-images listed it. Whether a retired tag can still
be pulled is not known here; Docker Hub has kept them so far.

One file an image, a line for the tags of one version that came and went on the same days::

    3.7 180703 230919 @9 =bookworm/bookworm

version, first seen, last changed (``*``: still built), variants (``.`` none; ``@9`` a list named
above), and the suite of the tags that name none, in full and in slim (``~``: taken over from
the line whose last version it is).
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple, Protocol

from dockeropt.knowledge.families import family_of, suite_in, version_of
from dockeropt.knowledge.load import Source, has_table, read_text, source_of

_OTHER_PROGRAM = ("mono", "swift")
"""Images whose slim tags lack the compiler: for running only (swiftlang/swift-docker README,
mono/docker Dockerfiles)."""


class Ref(Protocol):
    """What is asked of an image reference (``model.images.ImageRef`` has it)."""

    @property
    def official(self) -> str | None: ...
    @property
    def tag(self) -> str | None: ...
    @property
    def digest(self) -> str | None: ...
    def with_tag(self, tag: str) -> str: ...


class Tag(NamedTuple):
    """Hold what is known of a tag.

    Args:
        name: The tag.
        first: Day when official-images first listed it.
        last: Day of its last change; ``None`` while it is still built.
        suite: Debian or Ubuntu code name it was last built on (``ol8`` for Oracle Linux 8);
            ``None`` when not recorded.
        source: Where the record comes from.
    """

    name: str
    first: str
    last: str | None
    suite: str | None
    source: Source

    @property
    def is_live(self) -> bool:
        """Tell whether official-images still built it on the day of the source."""
        return self.last is None


class TagSwap(NamedTuple):
    """Hold the twin of a tag: the same program and version in a smaller image.

    Args:
        tag: The record of the twin.
        text: The reference with the twin's tag, spelt as the user spells it.
        old: The record of the tag in use.
        same_suite: Whether both stand on the same release of the distribution; ``None`` when
            it is not recorded, and of Alpine. Of the slim pairs of one family that are recorded and
            were last built together, 2 of 1,800 differ (node 6.14 and 10.13): those are not offered.
        same_build: Whether both were last changed on the same day, or are both still built.
    """

    tag: Tag
    text: str
    old: Tag
    same_suite: bool | None
    same_build: bool


def tag_of(ref: Ref) -> Tag | None:
    """Return the record of the tag that ``ref`` names (``latest`` if none), if there is one."""
    name = ref.official
    if name is None or (ref.digest is not None and ref.tag is None) or not has_table(f"tags/{name}.txt"):
        return None
    return _lookup(name, ref.tag or "latest")


def exists(ref: Ref, at: str | None = None) -> bool | None:
    """Tell whether the tag exists, or existed by the day ``at``; ``None`` if not recorded.

    Tags younger than the table are not in it: ask :func:`dockeropt.knowledge.load.is_stale`.
    """
    name = ref.official
    if name is None or (ref.digest is not None and ref.tag is None) or not has_table(f"tags/{name}.txt"):
        return None
    found = _lookup(name, ref.tag or "latest")
    return found is not None and (at is None or found.first <= at)


def slim_of(ref: Ref) -> TagSwap | None:
    """Return the slim twin of a tag, ``None`` if there is none or the tag is small already.

    The twin has the same version, the same family and, as far as recorded, the same suite.
    A tag beside a digest has no twin: the digest decides what it is.
    """
    tag = tag_of(ref)
    if tag is None or ref.digest is not None:
        return None
    name = ref.official or ""
    parts = [] if tag.name == "latest" else tag.name.split("-")
    family = family_of(name, tag.name)
    if "slim" in parts or family not in ("debian", "ubuntu", "rhel") or name in _OTHER_PROGRAM:
        return None
    if name == "debian" and not parts:
        parts = ["stable"]  # what latest is, by the text of official-images library/debian
    for place in range(len(parts) + 1):
        found = _lookup(name, "-".join([*parts[:place], "slim", *parts[place:]]))
        if found is not None and family_of(name, found.name) == family:
            return _swap(ref, tag, found)
    return None


def alpine_of(ref: Ref) -> TagSwap | None:
    """Return the Alpine twin of a tag, ``None`` if there is none or it is Alpine already.

    The twin has the same version and variant (``fpm``, ``jre``); of several Alpine releases the
    one that the image takes by default, else the newest.
    """
    tag = tag_of(ref)
    if tag is None or ref.digest is not None:
        return None
    name = ref.official or ""
    if family_of(name, tag.name) not in ("debian", "ubuntu", "rhel"):
        return None
    parts = [part for part in tag.name.split("-") if part not in ("slim", "latest") and not suite_in(part)]
    for alpine in ("alpine", *_alpine_releases(name, parts[0] if parts else "")):
        for place in range(len(parts), -1, -1):
            found = _lookup(name, "-".join([*parts[:place], alpine, *parts[place:]]))
            if found is not None:
                return _swap(ref, tag, found)
    return None


def _swap(ref: Ref, old: Tag, new: Tag) -> TagSwap | None:
    same = None if old.suite is None or new.suite is None else old.suite == new.suite
    if same is False and "slim" in new.name.split("-"):
        return None
    return TagSwap(new, ref.with_tag(new.name), old, same, old.last == new.last)


def _alpine_releases(name: str, version: str) -> list[str]:
    """Return ``alpine3.20`` and the like that a version was built on, the newest first."""
    found: set[str] = set()
    for _, _, variants, _ in _records(name, version):
        found.update(
            part for variant in variants for part in variant.split("-") if part.startswith("alpine3")
        )
    return sorted(found, key=lambda part: version_of(part.removeprefix("alpine")), reverse=True)


def _lookup(name: str, tag: str) -> Tag | None:
    """Return the record of one tag."""
    version, dash, variant = tag.partition("-")
    variant = variant if dash else "."
    for first, last, variants, suites in _records(name, version):
        if variant in variants:
            suite = next((word for part in tag.split("-") if (word := suite_in(part))), None)
            if suite is None and suites and "alpine" not in tag:
                full, _, slim = suites[1:].partition("/")
                suite = (slim if "slim" in tag.split("-") else full) or None
            return Tag(
                tag, _day(first), None if last == "*" else _day(last), suite, source_of(f"tags/{name}.txt")
            )
    return None


def _records(name: str, version: str) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Yield first day, last day, variants and suites of each line of a version."""
    text, lists = _file(name)
    start = f"\n{version} "
    at = text.find(start)
    while at >= 0:
        end = text.find("\n", at + 1)
        _, first, last, *rest = text[at + 1 : end].split(" ")
        suites = rest.pop() if rest[-1][0] in "=~" else ""
        variants = lists[rest[0]] if rest[0][0] == "@" else tuple(rest)
        yield first, last, variants, suites
        at = text.find(start, end)


@cache
def _file(name: str) -> tuple[str, dict[str, tuple[str, ...]]]:
    """Return the text of an image's table and its named lists of variants."""
    text = read_text(f"tags/{name}.txt")
    lists: dict[str, tuple[str, ...]] = {}
    at = text.find("\n@")
    while at >= 0:
        end = text.find("\n", at + 1)
        key, *variants = text[at + 1 : end].split(" ")
        lists[key] = tuple(variants)
        at = text.find("\n@", end)
    return text, lists


def _day(short: str) -> str:
    return f"20{short[:2]}-{short[2:4]}-{short[4:]}"
