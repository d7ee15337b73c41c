"""Which steps run again after an edit, as the model says; ``test_engine.py`` asks BuildKit."""

import pytest

from dockeropt.estimates.rebuild import steps_after_edit
from dockeropt.model.model import Model
from dockeropt.project.context import InMemory
from dockeropt.syntax import parse
from tests.estimates.builds import BASE, BUILDS, FILES, Build


@pytest.mark.parametrize("case", BUILDS, ids=[case.name for case in BUILDS])
def test_what_runs_again(case: Build) -> None:
    context = InMemory({**FILES, **dict(case.files)})
    steps = steps_after_edit(Model(parse(case.text)), case.edited)
    assert len(steps) == case.steps
    if context.ignore.ignores(case.edited):
        return  # such a file is never asked about
    assert " ".join(step.node.name for step in steps if step.again) == case.again
    assert all(step.sure for step in steps) is case.sure


def test_what_only_the_build_knows_may_run_again() -> None:
    steps = steps_after_edit(Model(parse(f"{BASE}\nARG what\nCOPY $what /a\nRUN true\n")), "app.py")
    assert [step.again for step in steps] == [True, True]
    assert not steps[0].sure


def test_a_stage_may_be_named_before_it_comes() -> None:
    text = f"{BASE} AS one\nCOPY --from=two /a /b\n{BASE} AS two\nCOPY . /a\nFROM one\nRUN true\n"
    assert [step.again for step in steps_after_edit(Model(parse(text)), "app.py")] == [True, True, True]


def test_what_installs_is_named() -> None:
    text = f"{BASE}\nCOPY . /app\nRUN apt-get update && apt install -y curl && pip install -r r.txt\n"
    steps = steps_after_edit(Model(parse(text)), "app.py")
    assert steps[1].installs == ("apt-get install", "pip install")
