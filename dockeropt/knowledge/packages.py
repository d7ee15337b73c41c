"""What Debian images hold, what slim ones leave out, and which package brings what.

Invariant: an answer names its source and how sure it is; what no table says is ``None``, which
is not "nothing". Sets are kept as what they add to another set, so a table is read as text and
put together on demand.
"""

from functools import cache
from typing import NamedTuple

from dockeropt.knowledge.families import holds, version_of
from dockeropt.knowledge.load import Source, read_rows
from dockeropt.knowledge.tags import Ref, tag_of


class Loss(NamedTuple):
    """Hold what the slim variant of an image lacks.

    Args:
        packages: Debian packages that the full one has and slim has not.
        commands: Those commands of the table that come with them and that the image does not
            bring itself.
        suite: Debian release that both stand on.
        conf: ``exact`` when both lists are known whole; ``lower-bound`` when slim may hold more,
            so that the loss is rather too long than too short.
        source: Where the lists come from. They are of its day: packages of an older image may
            differ in version, seldom in name.
    """

    packages: frozenset[str]
    commands: frozenset[str]
    suite: str
    conf: str
    source: Source


class Command(NamedTuple):
    """Say which package to install for a command.

    Args:
        name: The command.
        deb: Debian and Ubuntu package, ``None`` if there is none.
        apk: Alpine package, ``None`` if there is none.
        busybox: Whether Alpine has it without any package.
        holder: Package that holds the file in Debian bookworm; ``None`` if not confirmed.
        evidence: Where the Alpine name was seen; empty if nowhere.
        note: What else to know.
        source: Where the record comes from.
    """

    name: str
    deb: str | None
    apk: str | None
    busybox: bool
    holder: str | None
    evidence: tuple[str, ...]
    note: str
    source: Source


class Library(NamedTuple):
    """Say which package brings a shared library: by Debian release, and in Alpine."""

    soname: str
    bookworm: str | None
    trixie: str | None
    apk: str | None
    used_by: str
    source: Source


class ApkNames(NamedTuple):
    """Say what stands for a Debian package in Alpine.

    Args:
        packages: Alpine packages; empty when nothing is needed.
        releases: Debian releases that have the package (``11``, ``12``, ``13``).
        evidence: Where the names were seen; empty if nowhere. ``drop``: decided, none needed.
        source: Where the record comes from.
    """

    packages: tuple[str, ...]
    releases: tuple[str, ...]
    evidence: tuple[str, ...]
    source: Source


def packages_lost(full: Ref, slim: Ref) -> Loss | None:
    """Return what ``slim`` lacks of ``full``, ``None`` if the table does not know.

    Both must be tags of one official image on one Debian release, as
    :func:`dockeropt.knowledge.tags.slim_of` pairs them.
    """
    row = _image_row(full)
    if row is None or full.official != slim.official or _suite(slim) not in (None, row[0][1]):
        return None
    if "slim" in (full.tag or "").split("-") or "slim" not in (slim.tag or "").split("-"):
        return None
    (_, suite, _, full_set, slim_set, conf), source = row
    if slim_set == "-":
        return None  # the image has no slim variant
    lost = _content(full_set) - _content(slim_set)
    own = own_commands(full.official or "")
    commands = frozenset(
        command.name
        for command in _commands().values()
        if (command.holder or command.deb or "") in lost and command.name not in own
    )
    return Loss(lost, commands, suite, conf, source)


def installed_in(ref: Ref) -> frozenset[str] | None:
    """Return the Debian packages of an image, ``None`` if the table does not know.

    Slim images may hold more than that (see ``conf`` of :class:`Loss`).
    """
    name = set_of(ref)
    return _content(name) if name is not None else None


def set_of(ref: Ref) -> str | None:
    """Return the name of the package set of an image, ``None`` if the table does not know."""
    row = _image_row(ref)
    if row is None:
        return None
    name = row[0][4 if "slim" in (ref.tag or "").split("-") else 3]
    return None if name == "-" else name


def own_commands(image: str) -> frozenset[str]:
    """Return commands that an official image brings itself, outside of packages, in all variants."""
    return _debs()[2].get(image, frozenset())


def package_of(command: str) -> Command | None:
    """Return which package brings ``command``, ``None`` if the table does not know it."""
    return _commands().get(command)


def library(soname: str) -> Library | None:
    """Return which package brings a shared library such as ``libpq.so.5``."""
    return _libraries().get(soname)


def apk_names(deb: str) -> ApkNames | None:
    """Return what stands for a Debian package in Alpine, ``None`` if the table does not know."""
    return _apk_names().get(deb)


def _suite(ref: Ref) -> str | None:
    tag = tag_of(ref)
    return tag.suite if tag is not None else None


def _image_row(ref: Ref) -> tuple[list[str], Source] | None:
    """Return the line of the table that describes the image on its Debian release."""
    suite = _suite(ref)
    name = ref.official
    if suite is None or name is None or "alpine" in (ref.tag or ""):
        return None
    tag = ref.tag or "latest"
    version = version_of(tag.partition("-")[0])
    for fields, source in _debs()[1]:
        if fields[0] == name and fields[1] == suite and (not fields[2] or holds(fields[2], tag, version)):
            return fields, source
    return None


@cache
def _debs() -> tuple[dict[str, tuple[str, str]], list[tuple[list[str], Source]], dict[str, frozenset[str]]]:
    sets: dict[str, tuple[str, str]] = {}
    images: list[tuple[list[str], Source]] = []
    own: dict[str, frozenset[str]] = {}
    for (kind, *fields), source in read_rows("debs.tsv"):
        if kind == "set":
            sets[fields[0]] = (fields[1], fields[2] if len(fields) > 2 else "")
        elif kind == "image":
            images.append((fields, source))
        else:
            own[fields[0]] = frozenset(fields[1].split())
    return sets, images, own


@cache
def _content(name: str) -> frozenset[str]:
    parent, names = _debs()[0][name]
    return frozenset(names.split()) | (frozenset() if parent == "-" else _content(parent))


@cache
def _commands() -> dict[str, Command]:
    table: dict[str, Command] = {}
    for (name, deb, holder, apk, busybox, evidence, *note), source in read_rows("commands.tsv"):
        table[name] = Command(
            name,
            _maybe(deb),
            _maybe(apk),
            busybox == "busybox",
            deb if holder == "=" else _maybe(holder),
            _words(evidence, ","),
            note[0] if note else "",
            source,
        )
    return table


@cache
def _libraries() -> dict[str, Library]:
    table: dict[str, Library] = {}
    for (soname, bookworm, trixie, apk, *used), source in read_rows("libraries.tsv"):
        table[soname] = Library(
            soname, _package(bookworm), _package(trixie), _package(apk), used[0] if used else "", source
        )
    return table


@cache
def _apk_names() -> dict[str, ApkNames]:
    return {
        deb: ApkNames(_words(apk, " "), _words(releases, ","), _words(evidence, ","), source)
        for (deb, apk, releases, evidence), source in read_rows("apk_names.tsv")
    }


def _maybe(field: str) -> str | None:
    return None if field == "-" else field


def _package(field: str) -> str | None:
    """Return a package's name; what stands in brackets concerns another release."""
    name = field.partition("(")[0].strip()
    return None if name in ("", "-") else name


def _words(field: str, separator: str) -> tuple[str, ...]:
    return () if field == "-" else tuple(field.split(separator))
