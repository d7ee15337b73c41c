"""What was put is found."""

from inventory import store


def test_put() -> None:
    store.put("screw", 12)
    assert store.counts()["screw"] == 12
