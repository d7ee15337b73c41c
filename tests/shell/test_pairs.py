"""Joined scripts, executed: the same outcome as separate RUNs, in every shell."""

from __future__ import annotations

import os

import pytest

from tests.shell.join_rows import ROWS, Row
from tests.shell.pair_executor import Case, execute, isolation, random_cases, run_cases, shells

SEED = 20240229
PAIRS = int(os.environ.get("DOCKEROPT_FUZZ", "400"))

pytestmark = [pytest.mark.oracle, pytest.mark.skipif("dash" not in shells(), reason="no dash")]


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.form != "-" and row.shells], ids=lambda row: row.name
)
def test_accepted_rows_do_the_same_when_joined(row: Row) -> None:
    for shell in row.shells:
        if shell not in shells():
            continue
        outcome = execute(Case((row.a, row.b), shell, row.options))
        assert outcome.same, f"{shell}: {outcome.detail}"


@pytest.mark.fuzz
@pytest.mark.slow
def test_random_pairs_do_the_same_when_joined() -> None:
    outcomes = run_cases(random_cases(SEED, PAIRS))
    wrong = [f"{outcome.case}\n{outcome.detail}" for outcome in outcomes if not outcome.same]
    assert not wrong, "\n".join(wrong)
    assert len(outcomes) == PAIRS
    # The pairs are such that joining without thought goes wrong.
    assert sum(outcome.naive is False for outcome in outcomes) > PAIRS // 20


@pytest.mark.skipif(not isolation(), reason="no PID namespaces here")
def test_the_executor_sees_a_wrong_join() -> None:
    outcome = execute(Case(("touch f", "false; touch g"), "dash"))
    assert outcome.same is True
    assert outcome.naive is True
    outcome = execute(Case(("false", "true; touch g"), "dash"))
    assert outcome.same is True
    assert outcome.naive is False
