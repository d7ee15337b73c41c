"""The pre-commit hooks: which files they get, and that they do what they say on a real commit."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dockeropt.discovery import is_dockerfile_name
from tests.integrations.kit import ROOT, load_yaml

(HOOKS,) = load_yaml(".pre-commit-hooks.yaml")
NAMES = (
    "Dockerfile dockerfile DOCKERFILE Dockerfile.dev Dockerfile.go dockerfile.go Dockerfile.py dockerfile.py api.dockerfile"
    " api.Dockerfile Containerfile containerfile.prod x.containerfile Dockerfile.j2 Dockerfile.tmpl Dockerfile.in"
    " Dockerfile.dockerignore x.dockerignore Dockerfile.md Dockerfile.bak Dockerfile~ Dockerfile. Dockerfile-dev MyDockerfile"
    " Dockerfile.a.b.sh dockerfile.a.sh .dockerfile .Dockerfile Dockerfile.build.yml main.py Makefile a.Dockerfile.orig"
    " containerfile.json Containerfile.json Dockerfile.snap docker-compose.yml dockerfiles dockerfile.d"
).split()


def run(folder: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    keep = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(
        command, cwd=folder, env={**keep, **environment}, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: str(hook["id"]))
def test_hooks_get_the_files_that_a_search_finds(hook: dict[str, str], name: str) -> None:
    for path in (name, f"some/folder/{name}"):
        found = bool(re.search(hook["files"], path)) and not re.search(hook["exclude"], path)
        assert found == is_dockerfile_name(name)


def test_the_hooks_are_called_as_documented() -> None:
    assert [hook["id"] for hook in HOOKS] == ["dockeropt-check", "dockeropt-fix"]


def test_pre_commit_accepts_the_manifest() -> None:
    done = run(ROOT, sys.executable, "-m", "pre_commit", "validate-manifest", ".pre-commit-hooks.yaml")
    assert done.returncode == 0, done.stdout


def index_answers() -> bool:
    """Tell whether pip reaches a package index: pre-commit makes an environment of its own."""
    return run(ROOT, sys.executable, "-m", "pip", "index", "versions", "hatchling").returncode == 0


@pytest.mark.slow
def test_the_hooks_run_on_a_repository(tmp_path: Path) -> None:
    if shutil.which("git") is None:
        pytest.skip("no git")
    if not index_answers():
        pytest.skip("no package index answers, and a hook is installed from one")
    clone = tmp_path / "clone"
    clone.mkdir()
    for name in (".pre-commit-hooks.yaml", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, clone)
    shutil.copytree(ROOT / "dockeropt", clone / "dockeropt", ignore=shutil.ignore_patterns("__pycache__"))
    project = tmp_path / "project"
    project.mkdir()
    (project / "Dockerfile").write_text("FROM debian:12-slim\nRUN mkdir /a\nRUN mkdir /b\n")
    (project / "dockerfile.py").write_text("x = 1\n")
    for folder in (clone, project):
        for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "first"]):
            done = run(folder, "git", "-c", "user.name=a", "-c", "user.email=a@example.org", *words)
            assert done.returncode == 0, done.stderr
    home = str(tmp_path / "home")

    def hook(name: str) -> subprocess.CompletedProcess[str]:
        words = ["try-repo", str(clone), name, "--all-files", "--verbose", "--ref", "HEAD"]
        return run(project, sys.executable, "-m", "pre_commit", *words, PRE_COMMIT_HOME=home)

    done = hook("dockeropt-check")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Dockerfile:2:1" in done.stdout
    assert "dockerfile.py" not in done.stdout
    done = hook("dockeropt-fix")
    assert done.returncode == 1, done.stdout + done.stderr
    assert (project / "Dockerfile").read_text() == "FROM debian:12-slim\nRUN mkdir /a \\\n    && mkdir /b\n"
    assert hook("dockeropt-fix").returncode == 0
    assert hook("dockeropt-check").returncode == 0
