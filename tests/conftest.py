"""Options that all tests share."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ``--update-golden`` write the expected files: look at the diff before committing."""
    parser.addoption(
        "--update-golden", action="store_true", help="write expected.Dockerfile of every case run"
    )
