"""The demo of a review from end to end runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.kit import environment
from tests.engine.fixtures import Engine

DEMO = Path(__file__).parents[2] / "examples" / "review-demo" / "demo.py"


def run(*words: str, **more: str) -> str:
    done = subprocess.run(
        [sys.executable, str(DEMO), *words],
        env={**environment(), **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_click_gives_the_fixed_file() -> None:
    out = run("--no-build")
    assert "3 suggestions for 5 fixes give exactly the fixed file" in out
    assert out.endswith("--- all green\n")


@pytest.mark.engine
def test_what_was_clicked_builds_and_answers_the_same(engine: Engine) -> None:
    engine.needs("debian:bookworm-slim")
    network = ("--network", "host") if "host" in engine.options else ()
    out = run(
        *network,
        **{
            name: engine.environment[name]
            for name in ("DOCKER_HOST", "DOCKER_CONFIG")
            if name in engine.environment
        },
    )
    assert out.count('{"greeting":"Hello"}') == 2
    assert out.endswith("--- all green\n")
