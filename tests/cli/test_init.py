"""``init`` writes what is absent, changes nothing that is there, and what it writes is right."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from dockeropt import __version__
from dockeropt.cli.init import EXCLUDED, FILES
from dockeropt.config import load_options
from tests.cli.kit import TWO, Run, Write, environment

WRITTEN = ["dockeropt.toml", ".pre-commit-config.yaml", ".github/workflows/dockeropt.yml"]
ROOT = Path(__file__).parent.parent.parent


def test_everything_is_written_once(run: Run, here: Path) -> None:
    done = run("init")
    assert done == (0, "".join(f"wrote {name}\n" for name in WRITTEN), "")
    before = {name: (here / name).read_text() for name in WRITTEN}
    again = run("init", ".")
    assert again.code == 0
    assert again.out == "".join(f"left alone: {name} is there already.\n" for name in WRITTEN)
    assert {name: (here / name).read_text() for name in WRITTEN} == before


def test_another_folder(run: Run, here: Path) -> None:
    (here / "sub").mkdir()
    assert "wrote sub/dockeropt.toml" in run("init", "sub").out
    done = run("init", "none")
    assert (done.code, done.err) == (2, "error: none: no such folder (hint: name the top of the project)\n")


def test_what_cannot_be_read_is_named(run: Run, here: Path) -> None:
    (here / ".pre-commit-config.yaml").mkdir()
    done = run("init")
    assert done.code == 2
    assert done.err.startswith("error: ./.pre-commit-config.yaml: is a directory (hint: ")


def test_only_some(run: Run, here: Path) -> None:
    assert run("init", "--only", "github", "--only", "config").out.count("wrote") == 2
    assert not (here / ".pre-commit-config.yaml").exists()


def test_what_libcst_needs_is_written_when_it_is_named(run: Run, here: Path) -> None:
    assert run("init", "--only", "libcst").out == "wrote .libcst.codemod.yaml\n"
    assert "dockeropt.codemod" in YAML(typ="safe").load(here / ".libcst.codemod.yaml")["modules"]
    (here / ".libcst.codemod.yaml").write_text("modules:\n  - ours\n")
    again = run("init", "--only", "libcst")
    assert "left alone: .libcst.codemod.yaml is there already." in again.out
    assert "  - dockeropt.codemod\n" in again.out


def test_stdout_writes_nothing(run: Run, here: Path) -> None:
    done = run("init", "--stdout")
    assert done.out.count("# --- ") == 3
    assert list(here.iterdir()) == []


def test_a_configuration_in_another_file_counts(run: Run, files: Write, here: Path) -> None:
    (here / "pyproject.toml").write_text("[tool.dockeropt]\n")
    assert "left alone: pyproject.toml is there already." in run("init").out
    assert not (here / "dockeropt.toml").exists()


def test_a_hook_file_that_is_there_is_shown_what_to_add(run: Run, here: Path) -> None:
    (here / ".pre-commit-config.yaml").write_text("repos: []\n")
    done = run("init", "--only", "pre-commit")
    assert "left alone: .pre-commit-config.yaml" in done.out
    assert "id: dockeropt-fix" in done.out
    assert (here / ".pre-commit-config.yaml").read_text() == "repos: []\n"


def test_the_configuration_changes_nothing_by_itself(run: Run, here: Path) -> None:
    plain = load_options(here)
    run("init")
    assert load_options(here)._replace(root="", origin="") == plain._replace(root="", origin="")


@pytest.mark.parametrize("repository", ["", "https://github.com/someone/dockeropt.git"])
def test_the_hook_is_one(run: Run, here: Path, repository: str) -> None:
    run("init", "--repository", repository)
    checked = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-config", ".pre-commit-config.yaml"],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout + checked.stderr
    (repo,) = YAML(typ="safe").load((here / ".pre-commit-config.yaml").read_text())["repos"]
    (hook,) = repo["hooks"]
    if repository:
        assert (repo["repo"], repo["rev"]) == (repository, f"v{__version__}")
        ours = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text())
        assert hook["id"] in {one["id"] for one in ours}
    else:
        assert hook["additional_dependencies"] == [f"dockeropt=={__version__}"]
        assert (hook["files"], hook["exclude"]) == (FILES, EXCLUDED)


def test_the_hook_looks_at_the_same_files_as_our_own() -> None:
    ours = YAML(typ="safe").load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {(one["files"], one["exclude"]) for one in ours if one["language"] == "python"} == {
        (FILES, EXCLUDED)
    }


def test_the_entry_of_the_hook_works(run: Run, here: Path) -> None:
    run("init")
    (repo,) = YAML(typ="safe").load((here / ".pre-commit-config.yaml").read_text())["repos"]
    program, *arguments = repo["hooks"][0]["entry"].split()
    assert program == "dockeropt"
    (here / "Dockerfile").write_text(TWO)
    assert run(*arguments, "Dockerfile").code == 1
    assert run(*arguments, "Dockerfile").code == 0


@pytest.mark.parametrize("repository", ["", "https://github.com/someone/dockeropt"])
def test_the_workflow_is_one(run: Run, here: Path, repository: str) -> None:
    run("init", "--repository", repository)
    workflow = YAML(typ="rt").load((here / WRITTEN[2]).read_text())
    assert workflow["permissions"] == {"contents": "read"}
    steps = workflow["jobs"]["check"]["steps"]
    assert steps[0]["uses"].startswith("actions/checkout@")
    if repository:
        assert steps[1]["uses"] == f"someone/dockeropt@v{__version__}"
        return
    commands = [step["run"] for step in steps if "run" in step]
    assert commands[0] == f'python -m pip install "dockeropt=={__version__}"'
    (here / "Dockerfile").write_text(TWO)
    assert re.match("::notice", run(*commands[1].split()[1:]).out)


def test_a_repository_elsewhere_has_no_action(run: Run, here: Path) -> None:
    done = run("init", "--repository", "https://example.com/x/y")
    assert done.code == 2
    assert "no repository on GitHub" in done.err
    assert list(here.iterdir()) == []
