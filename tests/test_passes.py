"""Every case of every pass, and every case of several together, keeps every promise."""

from pathlib import Path

import pytest

from dockeropt.testing import check_case, find_cases, update_case

HERE = Path(__file__).parent
CASES = find_cases(HERE / "passes") + find_cases(HERE / "pipeline")


@pytest.mark.parametrize("folder", CASES, ids=[f"{case.parent.name}/{case.name}" for case in CASES])
def test_case(folder: Path, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        update_case(folder)
    check_case(folder)


def test_there_are_cases() -> None:
    assert CASES
