"""The Linux family of an image by its name and tag.

Invariant: a tag is read by the table and the names of distributions only; what they do not
settle is ``None``. The table is plain lines, because every run needs it and a JSON reader
would cost more than all of it.
"""

from functools import cache

_SUITES = {
    "debian": "wheezy jessie stretch buster bullseye bookworm trixie forky sid debian",
    "ubuntu": (
        "ubuntu trusty utopic vivid wily xenial yakkety zesty artful bionic cosmic disco eoan focal groovy"
        " hirsute impish jammy kinetic lunar mantic noble oracular plucky questing resolute"
    ),
    "rhel": "oracle oraclelinux centos rhel ubi amazonlinux al almalinux rockylinux el",
    "fedora": "fedora",
    "alpine": "alpine",
    "windows": "windowsservercore nanoserver windows",
    "-": "azurelinux cbl mariner distroless photon",
}
_WORDS = {word: family for family, words in _SUITES.items() for word in words.split()}
_FAMILY_NAMES = ("debian", "ubuntu")
_NEWEST = 1 << 32
_PREFIXES = (
    "alpine",
    "ubuntu",
    "debian",
    "centos",
    "oraclelinux",
    "ubi",
    "fedora",
    "amazonlinux",
    "nanoserver",
)


def family_of(name: str, tag: str | None) -> str | None:
    """Return the family of an image, ``None`` if unknown.

    Args:
        name: An official image's bare name, or ``registry/path`` (Docker Hub: ``owner/path``).
        tag: The tag; ``None`` means ``latest``.
    """
    table = _table()
    row = table.get(name)
    while row is None:
        name = name.rstrip("*").rstrip("/").rpartition("/")[0]
        if not name:
            return None
        row = table.get(f"{name}/*")
    default, rules = row
    tag = tag.lower() if tag else "latest"
    family = default if rules == ("fixed",) else _named(tag) or _by_rule(default, rules, tag)
    return None if family == "-" else family


def _by_rule(default: str, rules: tuple[str, ...], tag: str) -> str:
    version = version_of(tag.partition("-")[0])
    for rule in rules:
        condition, _, family = rule.rpartition(":")
        if holds(condition, tag, version):
            return family
    return default


@cache
def _table() -> dict[str, tuple[str, tuple[str, ...]]]:
    from dockeropt.knowledge.load import read_rows

    rows = {}
    for (name, default, *more), _ in read_rows("families.tsv"):
        rows[name] = (default, tuple(more[0].split()) if more else ())
    return rows


def _named(tag: str) -> str | None:
    """Return the family that the parts of a tag name; the last one that names any decides."""
    for part in reversed(tag.split("-")):
        word = part.rstrip("0123456789.")
        if word in _WORDS and (word != part or word not in ("al", "el")):
            return _WORDS[word]
        if part.startswith(_PREFIXES):
            return _WORDS[next(prefix for prefix in _PREFIXES if part.startswith(prefix))]
    return None


def suite_in(part: str) -> str | None:
    """Return a part of a tag if it is the code name of a Debian or Ubuntu release.

    Oracle Linux releases are told as ``ol8``.
    """
    if part in _WORDS and part not in _FAMILY_NAMES and _WORDS[part] in ("debian", "ubuntu"):
        return part
    return "ol" + part[11:] if part.startswith("oraclelinux") else None


def version_of(part: str) -> tuple[int, ...]:
    """Return the numbers at the start of a tag, empty if there are none."""
    numbers: list[int] = []
    for piece in part.removeprefix("v").split("."):
        if not (piece.isascii() and piece.isdigit() and len(piece) < 10):
            digits = len(piece) - len(piece.lstrip("0123456789"))
            if digits and digits < 10:
                numbers.append(int(piece[:digits]))
            break
        numbers.append(int(piece))
    return tuple(numbers)


def holds(condition: str, tag: str, version: tuple[int, ...]) -> bool:
    """Tell whether a condition of the table holds for a tag (the table's head explains them)."""
    sign = condition[0]
    if sign == "@":
        return tag == condition[1:]
    if sign == "^":
        return tag.startswith(condition[1:])
    if sign == "<":
        return bool(version) and (*version, _NEWEST) < version_of(condition[1:])
    if sign == ">":
        return bool(version) and (*version, _NEWEST) >= version_of(condition[2:])
    if sign == "=":
        wanted = version_of(condition[1:])
        return version[: len(wanted)] == wanted
    low, dots, high = condition.partition("..")
    if dots:
        first = version_of(low)
        return len(version) >= len(first) and first <= version[: len(first)] <= version_of(high)
    return tag.startswith(condition) or f"-{condition}" in tag
