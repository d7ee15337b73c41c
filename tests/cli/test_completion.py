"""Completion is typer's own: it is there, and it knows our commands and options."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.kit import Run, environment


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_for_each_shell(run: Run, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setenv("_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION", "1")
    done = run("--show-completion", shell)
    assert done.code == 0
    assert "_DOCKEROPT_COMPLETE" in done.out


def completed(words: str, here: Path) -> set[str]:
    """Return what bash is told for a line that ends where the cursor stands."""
    variables = {
        "_DOCKEROPT_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    done = subprocess.run(
        [sys.executable, "-m", "dockeropt"],
        env={**environment(), **variables}, cwd=here, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return set(done.stdout.split())


@pytest.mark.skipif(os.name != "posix", reason="bash")
def test_commands_options_and_values_are_completed(here: Path) -> None:
    assert {"fix", "check", "explain", "schema", "init"} <= completed("dockeropt ", here)
    assert {"--output-format", "--output-file"} <= completed("dockeropt check --output", here)
    assert {"sarif", "github", "junit"} <= completed("dockeropt check --output-format ", here)
    assert completed("dockeropt check --select merge-r", here) == {"merge-runs"}
    assert completed("dockeropt fix --ignore style,merge-r", here) == {"style,merge-runs"}
    assert "merge-runs" in completed("dockeropt explain merge", here)
    assert completed("dockeropt explain ./Docker", here) == set()  # the shell completes names of files
