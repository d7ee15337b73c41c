"""The GitLab component: what it declares, and its script run as a runner runs it."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integrations.kit import HOSTILE, calls, load_yaml, real_program, stand_in

SPEC, JOBS = load_yaml("templates/dockeropt.yml")
INPUTS = SPEC["spec"]["inputs"]


def filled(value: Any, given: dict[str, str]) -> Any:
    """Put inputs where the component asks for them, as GitLab does before it runs anything."""
    if isinstance(value, dict):
        return {filled(key, given): filled(item, given) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, given) for item in value]
    if not isinstance(value, str):
        return value
    return re.sub(
        r"\$\[\[ inputs\.([a-z-]+) \]\]",
        lambda match: given.get(match[1], str(INPUTS[match[1]]["default"])),
        value,
    )


def job(**given: str) -> dict[str, Any]:
    ((_, found),) = filled(JOBS, {name.replace("_", "-"): value for name, value in given.items()}).items()
    assert isinstance(found, dict)
    return found


def run_script(folder: Path, **given: str) -> subprocess.CompletedProcess[str]:
    made = job(**given)
    variables = {name: item["value"] for name, item in made["variables"].items()}
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["sh", "-e", "-c", "\n".join(made["script"])],
        cwd=folder,
        env={**os.environ, **variables, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_input_is_declared_described_and_used() -> None:
    text = (Path(__file__).parent.parent.parent / "templates" / "dockeropt.yml").read_text("utf-8")
    used = set(re.findall(r"\$\[\[ inputs\.([a-z-]+) \]\]", text))
    assert used == set(INPUTS)
    for given in INPUTS.values():
        assert given["description"].endswith(".")
        assert "default" in given


def test_no_input_stands_in_a_script_and_none_is_expanded() -> None:
    ((_, raw),) = JOBS.items()
    assert not any("$[[" in line for line in [*raw["script"], *raw["before_script"]])
    for variable in raw["variables"].values():
        assert variable["expand"] is False
    assert raw["artifacts"]["reports"] == {"codequality": "gl-code-quality-report.json"}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_inputs_arrive_as_they_are(tmp_path: Path, hostile: str) -> None:
    log = tmp_path / "log"
    stand_in(tmp_path / "bin" / "dockeropt", log)
    done = run_script(tmp_path, paths=f"{hostile}\nsecond one", options=f"--select=size\n{hostile}")
    assert done.returncode == 0, done.stderr
    report = ["--output-format", "gitlab", "--output-file", "gl-code-quality-report.json"]
    ends = ["--select=size", hostile, "--", hostile, "second one"]
    assert calls(log) == [["check", *report, *ends], ["check", *ends]]
    assert not list(tmp_path.rglob("pwned"))


def test_a_job_that_finds_something_fails_and_leaves_a_report(tmp_path: Path) -> None:
    real_program(tmp_path / "bin" / "dockeropt")
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "Dockerfile").write_text("FROM debian:12-slim\nRUN mkdir /a\nRUN mkdir /b\n")
    done = run_script(tmp_path, paths="a b")
    assert done.returncode == 1, done.stderr
    assert "a b/Dockerfile:2:1" in done.stdout
    (entry,) = json.loads((tmp_path / "gl-code-quality-report.json").read_text("utf-8"))
    assert entry["check_name"] == "merge-runs"
    assert entry["location"]["path"] == "a b/Dockerfile"
