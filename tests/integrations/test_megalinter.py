"""The MegaLinter descriptor has what its schema asks for, and its command lines work."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from dockeropt.discovery import is_dockerfile_name
from tests.cli.kit import environment
from tests.integrations.kit import ROOT, load_yaml

FOLDER = "docs/integrations/mega-linter-plugin-dockeropt"
(DESCRIPTOR,) = load_yaml(f"{FOLDER}/dockeropt.megalinter-descriptor.yml")
(LINTER,) = DESCRIPTOR["linters"]


def run(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dockeropt", *words]
    return subprocess.run(command, cwd=folder, env=environment(), capture_output=True, text=True, check=False)


def test_it_has_the_required_keys() -> None:
    # "required" of megalinter-descriptor.jsonschema.json and of its linters, read 2026-11-24
    assert {"descriptor_id", "descriptor_type", "linters"} <= set(DESCRIPTOR)
    assert {"linter_name", "linter_url", "examples"} <= set(LINTER)
    assert DESCRIPTOR["descriptor_type"] in {"language", "format", "tooling_format", "other"}
    assert LINTER["cli_lint_mode"] in {"file", "list_of_files", "project"}
    assert all(
        line.startswith("RUN ") for line in LINTER["install"]["dockerfile"]
    )  # all that a plugin may use


@pytest.mark.parametrize(
    "name", ["Dockerfile", "Dockerfile.dev", "api.dockerfile", "Containerfile", "x.Containerfile", "Dockerfile.j2",
             "Dockerfile.dockerignore", "main.py", "Dockerfile.md", "dockerfile"]
)  # fmt: skip
def test_it_looks_at_dockerfiles(name: str) -> None:
    found = any(re.fullmatch(pattern, name) for pattern in DESCRIPTOR["file_names_regex"])
    assert found == is_dockerfile_name(name)


def test_the_command_line_that_it_makes_works(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:12-slim\nRUN mkdir /a\nRUN mkdir /b\n")
    (tmp_path / "dockeropt.toml").write_text("")
    config = [LINTER["cli_config_arg_name"], "dockeropt.toml"]
    extra = LINTER["cli_lint_extra_args"]
    done = run(tmp_path, *extra, *config, "Dockerfile")
    assert done.returncode == 1
    counted = re.search(LINTER["cli_lint_errors_regex"], done.stdout + done.stderr)
    assert counted is not None
    assert counted[1] == "1"
    sarif = [word.replace("{{SARIF_OUTPUT_FILE}}", "out.sarif") for word in LINTER["cli_sarif_args"]]
    assert run(tmp_path, *extra, *sarif, *config, "Dockerfile").returncode == 1
    assert (tmp_path / "out.sarif").is_file()
    done = run(tmp_path, *extra, LINTER["cli_lint_fix_arg_name"], *config, "Dockerfile")
    assert done.returncode == 0
    assert "&& mkdir /b" in (tmp_path / "Dockerfile").read_text()


@pytest.mark.parametrize("example", LINTER["examples"])
def test_the_examples_are_command_lines(tmp_path: Path, example: str) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY a /a\n")
    (tmp_path / "dockeropt.toml").write_text("")
    assert run(tmp_path, *example.split()[1:]).returncode == 0


def test_the_folder_is_called_as_plugins_have_to_be() -> None:
    assert (ROOT / FOLDER).name.startswith("mega-linter-plugin-")
