"""Options that all tests share."""

import pytest

from tests.engine.fixtures import buildah, engine

__all__ = ["buildah", "engine"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ``--update-golden`` write the expected files: look at the diff before committing."""
    parser.addoption(
        "--update-golden", action="store_true", help="write expected.Dockerfile of every case run"
    )


TODAY = "2026-11-24"


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold the day still: facts of more than a year ago prove nothing any more."""
    from dockeropt.knowledge import load

    monkeypatch.setattr(load, "today", lambda: TODAY)
