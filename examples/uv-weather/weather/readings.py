"""The last readings of every station."""

from collections import defaultdict, deque
from statistics import fmean

KEPT = 24


class Readings:
    """Temperatures by station, the last ones only."""

    def __init__(self) -> None:
        """Start without a reading."""
        self._known: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=KEPT))

    def add(self, station: str, celsius: float) -> None:
        """Remember a reading."""
        self._known[station].append(celsius)

    def averages(self) -> dict[str, float]:
        """Return the mean of what is remembered of each station."""
        return {station: round(fmean(kept), 2) for station, kept in self._known.items()}
