"""Which scripts are read in which dialect, by the table alone."""

from __future__ import annotations

import pytest

from dockeropt.shell import Dialect, parse
from tests.shell.constructs import ROWS


@pytest.mark.parametrize(("script", "letters"), ROWS)
def test_a_construct_is_read_in_its_dialects(script: str, letters: str) -> None:
    read = {
        letter
        for dialect, letter in ((Dialect.DASH, "d"), (Dialect.ASH, "a"), (Dialect.BASH, "b"))
        if parse(script, dialect).problem is None
    }
    assert read == {letter for letter in letters if letter.islower()}
