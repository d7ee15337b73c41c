"""Small passes to plant, the same as those that the engine of passes is tried with, and no waiting."""

import pytest

from dockeropt.measure import smoketest
from tests.rewrite.conftest import make_pass

__all__ = ["make_pass"]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let containers that are none settle at once."""
    monkeypatch.setattr(smoketest, "SETTLED", 0.0)
    monkeypatch.setattr(smoketest, "PATIENCE", 0.5)
