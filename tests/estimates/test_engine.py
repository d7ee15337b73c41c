"""The layer-cache model against BuildKit itself: build, edit a file, build again, count.

Needs an engine that answers.
"""

import re
import uuid
from pathlib import Path

import pytest

from tests.engine.fixtures import Engine
from tests.estimates.builds import BUILDS, FILES, Build

pytestmark = pytest.mark.engine

STEP = re.compile(r"^#(\d+) \[(?:[^]]* )?\d+/\d+\] (?:LINK )?(RUN|COPY|ADD|WORKDIR)\b", re.MULTILINE)
CACHED = re.compile(r"^#(\d+) CACHED$", re.MULTILINE)


def build(engine: Engine, folder: Path) -> list[tuple[str, bool]]:
    """Build and return each step's keyword with whether it ran, in the order of the log."""
    done = engine.build(folder, "--progress", "plain", "--output", "type=cacheonly", loaded=False)
    assert done.returncode == 0, done.stderr
    cached = set(CACHED.findall(done.stderr))
    steps = dict(STEP.findall(done.stderr))
    return [(keyword, number not in cached) for number, keyword in steps.items()]


@pytest.mark.parametrize("case", BUILDS, ids=[case.name for case in BUILDS])
def test_what_runs_again(engine: Engine, tmp_path: Path, case: Build) -> None:
    engine.needs("debian:bookworm-slim")
    mark = f"# {uuid.uuid4()}\n"  # no other build has seen these files
    for name, text in {**FILES, **dict(case.files)}.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(mark + text)
    (tmp_path / "Dockerfile").write_text(case.text)
    first = build(engine, tmp_path)
    assert len(first) == case.steps
    assert not [keyword for keyword, ran in build(engine, tmp_path) if ran]
    (tmp_path / case.edited).write_text(f"{mark}print(3)\n")
    again = sorted(keyword for keyword, ran in build(engine, tmp_path) if ran)
    assert again in [sorted(words.split()) for words in (case.again, case.really) if words is not None]
