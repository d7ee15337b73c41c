"""Which Python packages install on an image without compilers, and what of the system they need.

Invariant: a package, a version or a Python that no record covers is not known, and says so. The
records cover what a package requires as well; a requirement with compiled parts is looked up in turn.
"""

import re
from functools import cache
from typing import NamedTuple

from dockeropt.knowledge.families import version_of
from dockeropt.knowledge.load import Source, read_rows, source_of

NEWEST = (3, 14)
"""Newest Python that the table's authors knew."""


class Needs(NamedTuple):
    """Say what a requirement takes.

    Args:
        unknown: Why it is not known; ``""`` when everything is.
        build: Debian packages to compile it; empty where wheels exist.
        run: Debian packages that it loads or runs, of several Debian releases.
        commands: Commands that it brings.
    """

    unknown: str = ""
    build: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()


def normal(name: str) -> str:
    """Return a package's name as PyPI compares it (PEP 503).

    >>> normal("Flask_SQLAlchemy")
    'flask-sqlalchemy'
    """
    return re.sub("[-_.]+", "-", name).lower()


def needs_of(name: str, extras: tuple[str, ...], version: str, python: tuple[int, ...]) -> Needs:
    """Return what a requirement takes on Debian, on amd64 and arm64.

    Args:
        name: The package in any spelling.
        extras: What stands in brackets behind it.
        version: The specifier (PEP 440): ``==2.9.9``, ``>=2,<3``; ``""`` for any.
        python: Major and minor version.
    """
    return _needs(normal(name), tuple(sorted(normal(extra) for extra in extras)), version, python[:2])


@cache
def _needs(name: str, extras: tuple[str, ...], version: str, python: tuple[int, ...]) -> Needs:
    keys = [name, *[f"{name}[{extra}]" for extra in extras]]
    build: list[str] = []
    run: list[str] = []
    commands = [name]
    for key in keys:
        row = _table().kinds.get(key)
        if row is None:
            return Needs(f"whether {key} has to be compiled")
        kind, fields, _ = row
        if kind == "wheel" and not _has_wheel(fields[0].split(), version, python):
            dotted = ".".join([str(part) for part in python])
            return Needs(f"whether {key}{version} has a wheel for Python {dotted}")
        if kind == "build":
            build += fields[0].split()
        for other in _words(fields[0] if kind == "with" else fields[1] if len(fields) > 1 else "-"):
            inner = _needs(other, (), "", python)
            if inner.unknown:
                return inner
            build += inner.build
            run += inner.run
        run += _table().run.get(key, ())
        commands += _table().scripts.get(key, ())
    if f"{name}[binary]" in keys:
        run = [package for package in run if package not in _table().run.get(name, ())]
    return Needs("", tuple(dict.fromkeys(build)), tuple(dict.fromkeys(run)), tuple(commands))


def packages_of(module: str) -> tuple[str, ...]:
    """Return the packages that bring a module, by the table or by its name."""
    return _table().imports.get(module) or (normal(module),)


def run_packages(name: str) -> tuple[str, ...]:
    """Return the Debian packages that a package loads or runs; empty also if it is not known."""
    return _table().run.get(normal(name), ())


def source() -> Source:
    """Return where the records come from."""
    return source_of("pypi.tsv")


def _has_wheel(wheels: list[str], version: str, python: tuple[int, ...]) -> bool:
    """Tell whether any version that the specifier allows pip to take has a wheel."""
    low, exact, capped, arbitrary = _bounds(version)
    if arbitrary:
        return False
    for entry in wheels:
        if entry.startswith("pure<") and exact and low < version_of(entry[5:]):
            return True
    key = ".".join([str(part) for part in python])
    first = next((entry.partition(":")[2] for entry in wheels if entry.partition(":")[0] == key), None)
    if first is None:
        abi3 = next((entry[5:] for entry in wheels if entry.startswith("abi3:")), None)
        if abi3 is None or not (3, 7) <= python <= NEWEST:
            return False
        first = abi3
    if low and low >= version_of(first):
        return True
    return not exact and not capped


def _bounds(version: str) -> tuple[tuple[int, ...], bool, bool, bool]:
    """Return the lowest version allowed, and whether it is the only one, has a cap, is unreadable."""
    low: tuple[int, ...] = ()
    exact = capped = False
    for part in version.replace(" ", "").split(","):
        found = re.fullmatch(r"(===?|~=|>=|<=|!=|>|<)v?(\d[\w.+!*-]*)", part)
        if not part:
            continue
        if found is None or "!" in found[2]:
            return (), False, False, True
        operator, number = found[1], version_of(found[2].removesuffix(".*"))
        if operator in ("==", "===", "~=", ">=", ">"):
            low = max(low, number)
        if operator in ("==", "==="):
            exact = exact or not found[2].endswith("*")
            capped = True
        if operator in ("~=", "<", "<="):
            capped = True
    return low, exact, capped, False


class _Table(NamedTuple):
    kinds: dict[str, tuple[str, list[str], Source]]
    run: dict[str, tuple[str, ...]]
    scripts: dict[str, tuple[str, ...]]
    imports: dict[str, tuple[str, ...]]


@cache
def _table() -> _Table:
    table = _Table({}, {}, {}, {})
    for (kind, name, *fields), source in read_rows("pypi.tsv"):
        if kind == "pure":
            table.kinds.update({word: ("pure", ["-", "-"], source) for word in name.split()})
        elif kind in ("with", "wheel", "build"):
            table.kinds[name] = (kind, fields, source)
        else:
            {"run": table.run, "script": table.scripts, "import": table.imports}[kind][name] = _words(
                fields[0]
            )
    return table


def _words(field: str) -> tuple[str, ...]:
    return () if field == "-" else tuple(field.split())
