"""The examples end as their files say, and their programs run.

``pytest tests/test_examples.py --update-golden`` writes the files anew: read the diff.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from dockeropt.api import fix_file, fix_str
from dockeropt.config import Options
from dockeropt.syntax import parse

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/before.Dockerfile"))
PROJECTS = sorted(path.parent for path in EXAMPLES.glob("**/example.toml"))
MUST, MAY = {"title", "mistakes", "edit", "smoke"}, {"port", "manifest", "dockerfile", "target", "build_args"}


def command(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "dockeropt", "fix", "--isolated", "--color", "never", *words],
        capture_output=True,
        text=True,
        check=False,
        cwd=EXAMPLES,
    )


def report(name: str) -> str:
    """Write what the command says of an example, without and with unsafe fixes."""
    path = f"{name}/before.Dockerfile"
    parts = [f"# What dockeropt says of `{path}`\n"]
    for title, words in (("Safe fixes", ()), ("With unsafe fixes", ("--unsafe",))):
        run = command(*words, path)
        assert run.returncode in (0, 1, 4), run.stderr
        shown = " ".join(("dockeropt fix", *words, path))
        parts.append(f"## {title}\n\n`{shown}`\n\n```diff\n{run.stdout}```\n\n```text\n{run.stderr}```\n")
    return "\n".join(parts)


@pytest.mark.parametrize("name", NAMES)
def test_example(name: str, pytestconfig: pytest.Config) -> None:
    folder = EXAMPLES / name
    before = (folder / "before.Dockerfile").read_text()
    made = {
        "after.Dockerfile": fix_str(before, options=Options()).fixed,
        "after-unsafe.Dockerfile": fix_str(before, options=Options(unsafe_fixes=True)).fixed,
        "report.md": report(name),
    }
    for file, text in made.items():
        if pytestconfig.getoption("--update-golden"):
            (folder / file).write_text(text)
        assert (folder / file).read_text() == text
    assert parse(made["after-unsafe.Dockerfile"]).problems == ()


@pytest.mark.parametrize("folder", PROJECTS, ids=lambda folder: str(folder.relative_to(EXAMPLES)))
def test_a_project_is_complete_and_has_something_to_fix(folder: Path) -> None:
    told = tomllib.loads((folder / "example.toml").read_text())
    assert told.keys() - MAY == MUST
    dockerfile = folder / told.get("dockerfile", "Dockerfile")
    for path in (dockerfile, folder / told["edit"], folder / told.get("manifest", "")):
        assert path.exists()
    fixed = fix_file(str(dockerfile), options=Options(context=str(folder)))
    assert fixed.changed
    assert fixed.error is None
    assert parse(fixed.fixed).problems == ()


def test_there_are_projects_and_no_lock_file_names_an_index() -> None:
    assert len(PROJECTS) >= 14
    for path in EXAMPLES.glob("**/package-lock.json"):
        assert not [line for line in path.read_text().split("\n") if '"resolved": "http' in line]


def test_the_articles_file_is_mended_only_when_asked() -> None:
    before = (EXAMPLES / "article" / "before.Dockerfile").read_text()
    assert fix_str(before).fixed == before
    after = fix_str(before, options=Options(unsafe_fixes=True)).fixed
    assert "COPY . /app" in after
    assert all(line in after for line in before.split("\n") if line.startswith("#"))


def test_the_library_script_runs() -> None:
    path = EXAMPLES / "node-service" / "before.Dockerfile"
    run = subprocess.run(
        [sys.executable, str(EXAMPLES / "library_usage.py"), str(path)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.startswith("--- a/")
    assert "replace-apt-with-apt-get" in run.stderr


@pytest.mark.slow
def test_dask_does_the_work() -> None:
    pytest.importorskip("distributed", reason="the extra dockeropt[dask] is not installed")
    path = str(EXAMPLES / "node-service" / "before.Dockerfile")
    run = subprocess.run(
        [sys.executable, "-W", "ignore", str(EXAMPLES / "with_dask.py"), path],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    alone = subprocess.run(
        [sys.executable, str(EXAMPLES / "library_usage.py"), path], capture_output=True, text=True, check=True
    )
    assert run.stdout == alone.stdout
