"""Averages are taken of the last readings only."""

from weather.readings import KEPT, Readings


def test_old_readings_do_not_count() -> None:
    readings = Readings()
    readings.add("north", 100)
    for _ in range(KEPT):
        readings.add("north", 4)
    assert readings.averages() == {"north": 4}
