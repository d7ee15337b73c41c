"""Every case keeps every promise that dockeropt makes of its own passes."""

from pathlib import Path

import pytest

from dockeropt.testing import check_case, find_cases, missing_kinds

CASES = find_cases(Path(__file__).parent / "cases")


@pytest.mark.parametrize("folder", CASES, ids=[case.name for case in CASES])
def test_case(folder: Path) -> None:
    check_case(folder)


def test_all_kinds_of_cases_are_there() -> None:
    assert missing_kinds(Path(__file__).parent / "cases" / "acme-use-mirror") == []
