"""What BuildKit answered to our own cases: refusals word for word, and every argument."""

import json
from pathlib import Path
from typing import Any

import pytest

from dockeropt.syntax import parse
from dockeropt.syntax.nodes import Instruction
from tests.syntax.answers import first_problem, same

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent / "buildkit_answers.json").read_text(encoding="utf-8")
)["cases"]


@pytest.mark.parametrize("case", CASES, ids=[ascii(case["text"])[1:-1][:60] for case in CASES])
def test_buildkits_answer(case: dict[str, Any]) -> None:
    tree = parse(case["text"])
    assert str(tree) == case["text"]
    problem = first_problem(tree)
    assert (problem and problem.kind, problem and problem.message) == (case.get("kind"), case.get("message"))
    if case.get("kind") == "parse":
        return
    ours = [node for node in tree.body if isinstance(node, Instruction)]
    theirs = case["nodes"]
    assert [node.name for node in ours] == [answer[0] for answer in theirs]
    assert all(same(node, answer) for node, answer in zip(ours, theirs, strict=True))
