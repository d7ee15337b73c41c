"""``verify`` and ``fix --verify`` with a real engine: what is proven, blamed, and left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dockeropt import proof
from dockeropt.config import Options
from dockeropt.measure.engine import LABEL
from dockeropt.rewrite import Applicability, Pass
from dockeropt.rewrite.registry import load_registry
from tests.engine.fixtures import NO_PROOF, Engine
from tests.rewrite.conftest import make_pass

__all__ = ["make_pass"]

pytestmark = pytest.mark.engine

FILE = """\
FROM debian:bookworm-slim
WORKDIR /app
COPY . .
RUN useradd app
RUN chown -R app:app /app
RUN touch /data
RUN date +%N > /stamp
USER app
CMD ["sleep", "60"]
"""


@pytest.fixture
def project(tmp_path: Path, engine: Engine) -> Path:
    engine.needs("debian:bookworm-slim")
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.sh").write_text("echo hello\n")
    (folder / "Dockerfile").write_text(FILE)
    return folder


def terms(engine: Engine, smoke: str = "test -f /app/app.sh") -> proof.BuildTerms:
    return proof.BuildTerms(build_options=engine.options, smoke=smoke)


def runs_left(engine: Engine) -> set[str]:
    """Return which proofs have images or containers; other tests' builds, in other workers, are none."""
    mark = f"label={LABEL}"
    shown = "{{index .Config.Labels " + f'"{LABEL}"' + "}}"
    images = engine("image", "ls", "-q", "--filter", mark).stdout.split()
    containers = engine("ps", "-aq", "--filter", mark).stdout.split()
    # another worker may take away what is listed: those that are left are printed all the same
    asked = engine("inspect", "--format", shown, *images, *containers, check=False)
    return {run for run in asked.stdout.split() if not run.startswith(NO_PROOF)}


@pytest.fixture(autouse=True)
def nothing_left(engine: Engine) -> Iterator[None]:
    before = runs_left(engine)
    yield
    assert runs_left(engine) - before == set()


def test_safe_fixes_are_proven_with_sizes_rebuilds_and_behaviour(engine: Engine, project: Path) -> None:
    found = proof.verify(project / "Dockerfile", terms=terms(engine))
    assert found.objections == ()
    assert found.files is not None
    assert [one.path for one in found.files.of("noise")] == ["/stamp"]
    assert {one.why for one in found.files.of("declared")} <= {"rewritten file of the project"}
    assert found.saved is not None
    assert found.saved > 0  # the files are no longer stored twice
    edited = [one for one in found.after.rebuilds if one.path == "app.sh"]
    assert [(one.ok, 0 < one.ran < one.steps) for one in edited] == [(True, True)]
    assert found.before.smoke is not None
    assert (found.before.smoke.state, found.before.smoke.code) == ("running", 0)
    assert found.after.compressed is not None
    assert found.after.image is not None
    assert 0 < found.after.compressed < found.after.image.size


def test_a_planted_wrong_pass_is_caught_blamed_and_rolled_back(
    engine: Engine, project: Path, make_pass: Callable[..., Pass], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_registry.cache_clear()
    registry = load_registry()
    safe = make_pass("planted-mode", r"touch /data(?! && chmod)", "touch /data && chmod 600 /data")
    unsafe = make_pass("planted-user", r"USER app$", "USER root", level=Applicability.UNSAFE)
    fails = make_pass("planted-fault", r"date \+", "dade +", level=Applicability.UNSAFE)
    planted = {p.info.id: p for p in (safe, unsafe, fails)}
    monkeypatch.setattr(registry, "passes", {**registry.passes, **planted})
    options = Options(unsafe_fixes=True, extend_select=tuple(planted))
    result = proof.prove(project / "Dockerfile", options=options, terms=terms(engine), write=True)
    assert result.proof is not None
    reasons = {one.pass_id: one.reason for one in result.proof.dropped}
    assert reasons.keys() >= {"planted-mode", "planted-fault"}
    assert "/data (mode)" in reasons["planted-mode"]
    assert "dade" in reasons["planted-fault"]
    text = (project / "Dockerfile").read_text()
    assert "chmod 600" not in text
    assert "dade" not in text
    assert "USER app" in text
    assert "--chown=app:app" in text  # the honest ones stay
    assert result.proof.verification is not None
    assert result.proof.verification.proven


def test_an_original_that_does_not_build_shows_its_step(engine: Engine, project: Path) -> None:
    (project / "Dockerfile").write_text(FILE.replace("touch /data", "echo this is wrong; exit 7"))
    result = proof.prove(project / "Dockerfile", terms=terms(engine), write=True)
    assert result.error is not None
    assert "exit 7" in str(result.error)
    assert "this is wrong" in str(result.error)
    assert not result.written


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_in_a_build_leaves_nothing(engine: Engine, project: Path, end: signal.Signals) -> None:
    (project / "Dockerfile").write_text(f"{FILE}RUN echo {time.time()} && sleep 300\n")
    folder = project / "tmp"
    folder.mkdir()
    command = [sys.executable, "-m", "dockeropt", "-v", "verify", *engine.options]
    environment = {"TMPDIR": str(folder), "PYTHONPATH": os.getcwd(), "PYTHONUNBUFFERED": "1"}
    said: list[str] = []
    with subprocess.Popen(
        [*command, str(project / "Dockerfile")],
        env={**engine.environment, **environment},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line)
            if "sleep 300" in line:
                process.send_signal(end)
    assert process.returncode == 130, "".join(said)
    assert list(folder.iterdir()) == []


def test_the_json_of_a_real_proof_names_every_layer(engine: Engine, project: Path) -> None:
    from dockeropt.render.proofs.json_record import json_of

    quick = terms(engine)._replace(runs=0, start=False)
    found = proof.verify(project / "Dockerfile", terms=quick)
    record = json.loads(json_of(found))
    before = record["before"]
    assert sum(layer["size"] for layer in before["layers"]) == before["size"]
    assert any("useradd" in layer["created_by"] for layer in before["layers"])
    assert before["rebuilds"] == []
    assert before["smoke"] is None
