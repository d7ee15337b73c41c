"""The GitHub action: its scripts run as they stand there, and take no input for a command."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.integrations.kit import HOSTILE, calls, load_yaml, real_program, stand_in

(ACTION,) = load_yaml("action.yml")
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
CHECK, SUGGEST, END = STEPS["Check Dockerfiles"], STEPS["Suggest fixes"], STEPS["Say how it went"]
INSTALL = STEPS["Install dockeropt"]

pytestmark = pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")


def run_step(step: dict[str, Any], folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step as GitHub does: inputs not given have their defaults."""
    values = {name: str(given.get("default", "")) for name, given in ACTION["inputs"].items()}
    values |= {name.replace("_", "-"): value for name, value in inputs.items()}
    environment = {**os.environ, "RUNNER_TEMP": str(folder / "temp"), "GITHUB_OUTPUT": str(folder / "output")}
    environment |= {name: value for name, value in inputs.items() if name.startswith("GITHUB_")}
    for name, text in step["env"].items():
        match = re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", text)
        if match:
            environment[name] = values[match[1]]
        else:
            environment[name] = inputs.get(name, "")
    script = folder / "script.sh"
    script.write_text(step["run"], "utf-8")
    work = folder / "work"
    work.mkdir(exist_ok=True)
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_keys_that_github_asks_for() -> None:
    assert {"name", "description", "inputs", "outputs", "runs"} <= set(ACTION)
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS.values():
        assert step["shell"] == "bash"
    for given in ACTION["inputs"].values():
        assert given["description"].endswith(".")


def test_no_expression_stands_in_a_script() -> None:
    for step in STEPS.values():
        assert "${{" not in step["run"]
        assert "uses" not in step  # nothing of others runs


@pytest.mark.parametrize("hostile", HOSTILE)
def test_inputs_arrive_as_they_are(tmp_path: Path, hostile: str) -> None:
    log = tmp_path / "log"
    stand_in(tmp_path / "temp" / "dockeropt" / "bin" / "dockeropt", log)
    done = run_step(
        CHECK,
        tmp_path,
        paths=f"{hostile}\n\r\nsecond one\r\n",
        options=f"--select=size\n{hostile}",
        sarif_file=hostile,
    )
    assert done.returncode == 0, done.stderr
    ends = [hostile, "second one"]
    assert calls(log) == [
        ["check", "--select=size", hostile, "--", *ends],
        ["check", "--select=size", hostile, "--output-format", "github", "--quiet", "--", *ends],
        [
            "check",
            "--select=size",
            hostile,
            "--output-format",
            "sarif",
            "--output-file",
            hostile,
            "--quiet",
            "--",
            *ends,
        ],
    ]
    assert not list(tmp_path.rglob("pwned"))
    assert (tmp_path / "output").read_text() == "exit-code=0\n"


@pytest.mark.parametrize("hostile", HOSTILE)
def test_suggesting_takes_no_input_for_a_command(tmp_path: Path, hostile: str) -> None:
    log = tmp_path / "log"
    stand_in(tmp_path / "temp" / "dockeropt" / "bin" / "dockeropt", log)
    done = run_step(SUGGEST, tmp_path, paths=f"{hostile}\nb", token=hostile)
    assert done.returncode == 0, done.stderr
    assert run_step(SUGGEST, tmp_path).returncode == 0
    assert calls(log) == [
        ["suggest", "--provider", "github", "--", hostile, "b"],
        ["suggest", "--provider", "github"],
    ]
    assert not list(tmp_path.rglob("pwned"))


def test_where_the_token_may_write_nothing_of_a_fork_is_checked_out(tmp_path: Path) -> None:
    log = tmp_path / "log"
    stand_in(tmp_path / "temp" / "dockeropt" / "bin" / "dockeropt", log)
    assert run_step(SUGGEST, tmp_path, GITHUB_EVENT_NAME="pull_request_target").returncode == 0
    assert run_step(SUGGEST, tmp_path, paths="a", GITHUB_EVENT_NAME="pull_request_target").returncode == 0
    assert run_step(SUGGEST, tmp_path, paths="a", GITHUB_EVENT_NAME="pull_request").returncode == 0
    start = ["suggest", "--provider", "github"]
    assert calls(log) == [[*start, "--fetch"], [*start, "--fetch", "--", "a"], [*start, "--", "a"]]
    assert CHECK["if"] == "${{ github.event_name != 'pull_request_target' }}"
    assert re.findall(r"event_name == '(\w+)'", SUGGEST["if"]) == ["pull_request", "pull_request_target"]
    assert run_step(END, tmp_path, DOCKEROPT_CODE="").returncode == 0  # the check did not run


def test_suggesting_asks_for_a_token_in_words(tmp_path: Path) -> None:
    real_program(tmp_path / "temp" / "dockeropt" / "bin" / "dockeropt")
    (tmp_path / "event.json").write_text('{"pull_request": {"number": 7}}')
    done = run_step(
        SUGGEST, tmp_path, token="", GITHUB_REPOSITORY="a/b", GITHUB_EVENT_PATH=str(tmp_path / "event.json")
    )
    assert done.returncode == 2
    assert "GITHUB_TOKEN is not set" in done.stderr


@pytest.mark.parametrize("hostile", [*HOSTILE, "1.0 --index-url=x", "1.0\n2.0", "-r x"])
def test_a_version_that_is_none_installs_nothing(tmp_path: Path, hostile: str) -> None:
    done = run_step(INSTALL, tmp_path, version=hostile)
    assert done.returncode == 2
    assert "The input version is no version." in done.stdout
    assert not (tmp_path / "temp").exists()
    assert not list(tmp_path.rglob("pwned"))


def test_a_version_is_installed_with_what_suggesting_needs(tmp_path: Path) -> None:
    log = tmp_path / "log"
    fake = tmp_path / "bin" / "python3"
    fake.parent.mkdir()
    fake.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = -c ]; then exit 0; fi\n'
        f'mkdir -p "$3/bin" && cp "{tmp_path}/pip" "$3/bin/python"\n'
    )
    fake.chmod(0o755)
    stand_in(tmp_path / "pip", log)
    path = os.environ["PATH"]
    os.environ["PATH"] = f"{fake.parent}{os.pathsep}{path}"
    try:
        for inputs, what in (
            ({"version": "1.2.3"}, "dockeropt==1.2.3"),
            ({"version": "1.2.3", "suggest": "true"}, "dockeropt[review]==1.2.3"),
            ({"DOCKEROPT_SOURCE": "/the action"}, "/the action"),
            ({"DOCKEROPT_SOURCE": "/the action", "suggest": "true"}, "/the action[review]"),
        ):
            done = run_step(INSTALL, tmp_path, **inputs)
            assert done.returncode == 0, done.stderr
            assert calls(log)[-1] == ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", what]
    finally:
        os.environ["PATH"] = path


def test_no_line_of_the_report_is_taken_for_a_command(tmp_path: Path) -> None:
    stand_in(tmp_path / "temp" / "dockeropt" / "bin" / "dockeropt", tmp_path / "log", code=1)
    done = run_step(CHECK, tmp_path, annotations="false")
    first, *middle, last = done.stdout.splitlines()
    token = first.removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    assert last == f"::{token}::"
    assert "::error::forged" in middle
    assert (tmp_path / "output").read_text() == "exit-code=1\n"


def test_it_checks_annotates_and_writes_sarif(tmp_path: Path) -> None:
    real_program(tmp_path / "temp" / "dockeropt" / "bin" / "dockeropt")
    work = tmp_path / "work"
    (work / "my project").mkdir(parents=True)
    (work / "my project" / "Dockerfile").write_text("FROM debian:12-slim\nRUN mkdir /a\nRUN mkdir /b\n")
    done = run_step(CHECK, tmp_path, paths="my project", sarif_file="report.sarif")
    assert done.returncode == 0, done.stderr
    assert "my project/Dockerfile:2:1" in done.stdout
    assert re.search(r"^::(notice|warning) .*file=my project/Dockerfile,line=2", done.stdout, re.MULTILINE)
    report = json.loads((work / "report.sarif").read_text("utf-8"))
    assert report["version"] == "2.1.0"
    assert [result["ruleId"] for result in report["runs"][0]["results"]] == ["merge-runs"]
    assert (tmp_path / "output").read_text() == "exit-code=1\n"


@pytest.mark.parametrize(
    ("code", "fail", "ends"),
    [("0", "true", 0), ("1", "true", 1), ("1", "false", 0), ("2", "false", 2), ("4", "false", 4)],
)
def test_findings_fail_the_job_only_when_asked_errors_always(
    tmp_path: Path, code: str, fail: str, ends: int
) -> None:
    assert run_step(END, tmp_path, DOCKEROPT_CODE=code, fail=fail).returncode == ends
