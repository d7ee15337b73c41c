"""The layer-cache model against BuildKit itself: build, edit a file, build again, count.

Runs only where ``DOCKEROPT_ENGINE`` is set and ``docker buildx`` has ``debian:bookworm-slim``; its value
gives further options of ``docker buildx build``, such as ``--network host``.
"""

import os
import re
import subprocess
import uuid
from pathlib import Path

import pytest

from tests.estimates.builds import BUILDS, FILES, Build

pytestmark = pytest.mark.skipif("DOCKEROPT_ENGINE" not in os.environ, reason="no engine to build with")

STEP = re.compile(r"^#(\d+) \[(?:[^]]* )?\d+/\d+\] (?:LINK )?(RUN|COPY|ADD|WORKDIR)\b", re.MULTILINE)
CACHED = re.compile(r"^#(\d+) CACHED$", re.MULTILINE)


def build(folder: Path) -> list[tuple[str, bool]]:
    """Build and return each step's keyword with whether it ran, in the order of the log."""
    done = subprocess.run(
        ["docker", "buildx", "build", "--progress", "plain", *os.environ["DOCKEROPT_ENGINE"].split(), "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    cached = set(CACHED.findall(done.stderr))
    steps = dict(STEP.findall(done.stderr))
    return [(keyword, number not in cached) for number, keyword in steps.items()]


@pytest.mark.parametrize("case", BUILDS, ids=[case.name for case in BUILDS])
def test_what_runs_again(tmp_path: Path, case: Build) -> None:
    mark = f"# {uuid.uuid4()}\n"  # no other build has seen these files
    for name, text in {**FILES, **dict(case.files)}.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(mark + text)
    (tmp_path / "Dockerfile").write_text(case.text)
    first = build(tmp_path)
    assert len(first) == case.steps
    assert not [keyword for keyword, ran in build(tmp_path) if ran]
    (tmp_path / case.edited).write_text(f"{mark}print(3)\n")
    again = sorted(keyword for keyword, ran in build(tmp_path) if ran)
    assert again in [sorted(words.split()) for words in (case.again, case.really) if words is not None]
