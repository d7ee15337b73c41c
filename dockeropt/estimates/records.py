"""What an estimate says: a number before, a number after, and how far both may be trusted.

Invariant: there is a record only where both numbers are known and differ to some purpose; each
says whether it is a fact or an estimate, and from where.
"""

from typing import NamedTuple

FACT, ESTIMATE = "fact", "estimate"


class Estimate(NamedTuple):
    """One thing that the changes save, or cost.

    Args:
        kind: ``rebuild`` (steps that run again after a source file was edited), ``base-image`` (on
            disk), ``base-download`` (compressed), ``base-packages``, ``context-files`` (what COPY
            and ``chown -R`` store of the context), ``build-context`` (what the ignore file lets
            through), ``package-lists`` or ``recommended-packages``.
        before: The number before.
        after: The number after.
        unit: ``steps`` or ``bytes``.
        certainty: ``fact`` or ``estimate``.
        source: Where the numbers come from.
        text: One sentence for people, without full stop, certainty and source.
        of_before: How many there are in all before, for steps; else ``None``.
        of_after: The same after.
    """

    kind: str
    before: int
    after: int
    unit: str
    certainty: str
    source: str
    text: str
    of_before: int | None = None
    of_after: int | None = None

    def __str__(self) -> str:
        return f"{self.text} ({self.certainty}: {self.source})"


def megabytes(size: int) -> str:
    """Return a size as Docker prints it: decimal units, at most four digits.

    Source: docker/go-units ``HumanSize`` (``%.4g``, factor 1,000).

    >>> megabytes(1_020_000_000), megabytes(45_437_565), megabytes(900)
    ('1.02 GB', '45.44 MB', '900 B')
    """
    number = float(size)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:.4g} {unit}"
