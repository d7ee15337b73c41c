"""The GitLab component: what it declares, and its script run as a runner runs it."""

import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.integrations.kit import HOSTILE, ROOT, calls, load_yaml, real_program, stand_in

TEXT = (ROOT / "templates" / "dockeropt.yml").read_text("utf-8")
SPEC, JOBS = load_yaml("templates/dockeropt.yml")
INPUTS = SPEC["spec"]["inputs"]

Input = str | bool | list[str]


def job(**given: Input) -> dict[str, Any]:
    """Return the job with inputs put in as GitLab does it: in the text, before it is read as YAML.

    A text goes in as it is, all else as JSON (lib/gitlab/ci/config/interpolation/text_template.rb in
    GitLab's repository, read 2026-11-24).
    """

    def value(match: re.Match[str]) -> str:
        found = given.get(match[1].replace("-", "_"), INPUTS[match[1]]["default"])
        return found if isinstance(found, str) else json.dumps(found)

    text = re.sub(r"\$\[\[ inputs\.([a-z-]+) \]\]", value, TEXT.partition("\n---\n")[2])
    ((_, made),) = YAML(typ="safe").load(text).items()
    assert isinstance(made, dict)
    return made


def run_script(folder: Path, **given: Input) -> subprocess.CompletedProcess[str]:
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
    used = set(re.findall(r"\$\[\[ inputs\.([a-z-]+) \]\]", TEXT))
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


@pytest.mark.parametrize("hostile", [*HOSTILE, "two\nlines", "a'b: #c", "$[[ inputs.package ]]"])
def test_inputs_arrive_as_they_are(tmp_path: Path, hostile: str) -> None:
    log = tmp_path / "log"
    stand_in(tmp_path / "bin" / "dockeropt", log)
    done = run_script(tmp_path, paths=[hostile, "second one"], options=["--select=size", hostile])
    assert done.returncode == 0, done.stderr
    report = ["--output-format", "gitlab", "--output-file", "gl-code-quality-report.json"]
    ends = ["--select=size", hostile, "--", hostile, "second one"]
    assert calls(log) == [["check", *report, *ends], ["check", *ends]]
    assert not list(tmp_path.rglob("pwned"))


def test_without_paths_all_is_searched(tmp_path: Path) -> None:
    log = tmp_path / "log"
    stand_in(tmp_path / "bin" / "dockeropt", log)
    assert run_script(tmp_path, paths=[]).returncode == 0
    assert calls(log)[-1] == ["check", "--", "."]


@pytest.mark.parametrize("package", ["dockeropt==1.2.3", '"x"', "dockeropt @ file:///a b", "'"])
def test_the_package_arrives_as_it_is(package: str) -> None:
    assert job(package=package)["variables"]["DOCKEROPT_PACKAGE"]["value"] == package


def test_other_inputs() -> None:
    made = job(allow_failure=True, stage="lint", image="python:3.13")
    assert (made["allow_failure"], made["stage"], made["image"]) == (True, "lint", "python:3.13")


def test_a_job_that_finds_something_fails_and_leaves_a_report(tmp_path: Path) -> None:
    real_program(tmp_path / "bin" / "dockeropt")
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b" / "Dockerfile").write_text("FROM debian:12-slim\nRUN mkdir /a\nRUN mkdir /b\n")
    done = run_script(tmp_path, paths=["a b"])
    assert done.returncode == 1, done.stderr
    assert "a b/Dockerfile:2:1" in done.stdout
    (entry,) = json.loads((tmp_path / "gl-code-quality-report.json").read_text("utf-8"))
    assert entry["check_name"] == "merge-runs"
    assert entry["location"]["path"] == "a b/Dockerfile"
