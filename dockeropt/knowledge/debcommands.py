"""Which commands Debian packages hold, and which shared libraries there are records of.

Invariant: the tables name what is there, never what is absent: a package without a record may hold
any command.
"""

from collections.abc import Set as AbstractSet
from functools import cache

from dockeropt.knowledge.load import read_rows


def commands_in(packages: AbstractSet[str]) -> frozenset[str]:
    """Return the commands that Debian packages are known to hold, in bookworm.

    Source: ``dpkg -L``, and for packages that were not at hand the table of commands.
    """
    table = _commands()
    return frozenset([name for package in packages for name in table.get(package, ())])


@cache
def _commands() -> dict[str, list[str]]:
    table: dict[str, list[str]] = {}
    for (package, names), _ in read_rows("deb_commands.tsv"):
        table.setdefault(package, []).extend(names.split())
    for (name, deb, holder, *_rest), _ in read_rows("commands.tsv"):
        for package in (deb, holder):
            if package not in ("-", "="):
                table.setdefault(package, []).append(name)
    return table


@cache
def sonames() -> tuple[str, ...]:
    """Return the shared libraries that the table of libraries has, in its order."""
    return tuple([fields[0] for fields, _ in read_rows("libraries.tsv")])
