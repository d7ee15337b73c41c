"""Until when the versions in official images are supported.

Invariant: dates are those of the source, of its day. No function asks what day it is.
"""

from functools import cache
from typing import NamedTuple

from dockeropt.knowledge.families import version_of
from dockeropt.knowledge.load import Source, read_rows


class Cycle(NamedTuple):
    """Hold a release line and its dates, each ``YYYY-MM-DD`` or ``None`` if there is none.

    Args:
        image: The official image whose program it is.
        name: The line: ``3.7``, ``12``, ``22.04``.
        released: Day of the first release.
        active_until: End of active support.
        eol: End of support; ``yes`` when it has ended on an unknown day.
        extended_until: End of paid or long-term support by others (Debian LTS, Ubuntu Pro).
        latest: Newest version of the line on the day of the source.
        codename: In lower case.
        is_lts: Whether the line is one of long-term support.
        is_guessed: Whether the source calls a date planned or estimated.
        source: Where the record comes from.
    """

    image: str
    name: str
    released: str | None
    active_until: str | None
    eol: str | None
    extended_until: str | None
    latest: str | None
    codename: str | None
    is_lts: bool
    is_guessed: bool
    source: Source

    def ended(self, today: str) -> bool | None:
        """Tell whether support has ended by ``today`` (``YYYY-MM-DD``), ``None`` if unknown.

        A line without a date was supported when the table was made, and that is all it says.
        """
        if self.eol is None:
            return False if today <= self.source.date else None
        return self.eol == "yes" or self.eol < today


def cycles(image: str) -> tuple[Cycle, ...]:
    """Return the release lines of an official image's program, the newest first; empty if unknown."""
    return _table().get(image, ())


def cycle_of(image: str, tag: str | None) -> Cycle | None:
    """Return the release line that a tag belongs to, ``None`` if the tag does not tell.

    >>> cycle_of("debian", "bullseye-20210816-slim").name
    '11'
    """
    first, *_ = (tag or "latest").lower().split("-")
    version = version_of(first.removeprefix(image))
    best: Cycle | None = None
    for cycle in cycles(image):
        if cycle.codename is not None and cycle.codename.split(" ")[0] == first:
            return cycle
        wanted = version_of(cycle.name)
        if (
            wanted
            and version[: len(wanted)] == wanted
            and (best is None or len(wanted) > len(version_of(best.name)))
        ):
            best = cycle
    return best


@cache
def _table() -> dict[str, tuple[Cycle, ...]]:
    table: dict[str, list[Cycle]] = {}
    for (image, name, *dates, latest, codename, lts), source in _rows():
        values = [None if date == "-" else date for date in dates]
        table.setdefault(image, []).append(
            Cycle(
                image,
                name,
                values[0],
                values[1],
                values[2],
                values[3],
                None if latest == "-" else latest,
                None if codename == "-" else codename,
                lts.startswith("lts"),
                lts.endswith("guessed"),
                source,
            )
        )
    return {image: tuple(lines) for image, lines in table.items()}


def _rows() -> list[tuple[list[str], Source]]:
    """Return the records with the last two fields made one."""
    return [([*fields[:8], "".join(fields[8:])], source) for fields, source in read_rows("lifecycles.tsv")]
