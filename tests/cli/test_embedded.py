"""Python and Markdown files on the command line: places, notes, exit codes, and a diff that applies."""

import subprocess
from pathlib import Path

import pytest

from tests.cli.kit import ONE, ONLY, TWO, Run

BUILD = f'import docker\n\nDOCKERFILE = """{TWO}"""\n\ndockerfile = f"""FROM a\n{{steps}}\n"""\n'
README = f"# a\n\n* b\n\n  ```dockerfile\n  {TWO.strip().replace(chr(10), chr(10) + '  ')}\n  ```\n\n```dockerfile\nRUN x\n```\n"


@pytest.fixture
def here(here: Path) -> Path:
    (here / "build.py").write_text(BUILD)
    (here / "README.md").write_text(README)
    return here


def test_check_names_the_places_in_the_files(here: Path, run: Run) -> None:
    done = run("check", *ONLY, "build.py", "README.md")
    assert done.code == 1
    assert "build.py:4:1  merge-runs" in done.out
    assert "README.md:7:3  merge-runs" in done.out
    assert "note: build.py:9:1: {steps} stands for whole instructions" in done.err


def test_the_diff_applies_and_is_what_write_does(here: Path, run: Run) -> None:
    diff = run("fix", *ONLY, "build.py", "README.md").out
    subprocess.run(["git", "init", "-q"], cwd=here, check=True)
    subprocess.run(["git", "apply"], cwd=here, input=diff, text=True, check=True)
    applied = [(here / name).read_text() for name in ("build.py", "README.md")]
    assert ONE.replace("\\", "\\\\") in applied[0]
    assert "  RUN mkdir /a \\\n      && mkdir /b\n  ```\n" in applied[1]
    (here / "build.py").write_text(BUILD)
    (here / "README.md").write_text(README)
    done = run("fix", *ONLY, "--write", "build.py", "README.md")
    assert done.code == 0, done.err
    assert [(here / name).read_text() for name in ("build.py", "README.md")] == applied
    assert run("fix", *ONLY, "build.py", "README.md").out == ""


def test_what_is_said_of_a_line_and_as_json(here: Path, run: Run) -> None:
    assert "merge-runs" in run("explain", *ONLY, "build.py:4").out
    assert "merge-runs" in run("explain", *ONLY, "README.md:7").out
    report = run("check", *ONLY, "--output-format", "json", "build.py").out
    assert '"notes": ["build.py:9:1: {steps} stands for whole instructions' in report


def test_malformed_python_is_an_error_with_its_place(here: Path, run: Run) -> None:
    (here / "bad.py").write_text("x = 1\ny = (\n")
    done = run("check", "bad.py")
    assert done.code == 2
    assert "bad.py:2:5: not valid Python: '(' was never closed (hint: run it first)" in done.err
