"""``fix`` and ``check`` for changed lines only."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dockeropt import api
from dockeropt.config import Options
from dockeropt.review.changed import Changes, again_of, only_changed
from tests.review.conftest import Suggest
from tests.review.kit import branch, git

OLD = "FROM debian:12\nENV A a\nCOPY x /x\nENV B b\nCOPY y /y\n"
NEW = OLD.replace("B b", "B bb") + "ENV C c\n"
ONLY = ("--select", "fix-key-value-format")


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    branch(tmp_path, {"Dockerfile": OLD}, {"Dockerfile": NEW})
    return tmp_path


def test_check_reports_changed_lines_only(repo: Path, suggest: Suggest) -> None:
    done = suggest(repo, *ONLY, command="check")
    assert [line.split(":")[1] for line in done.out.splitlines() if line.startswith("Dockerfile:")] == [
        "2",
        "4",
        "6",
    ]
    done = suggest(repo, *ONLY, "--from-ref", "main", command="check")
    assert done.code == 1
    assert [line.split(":")[1] for line in done.out.splitlines() if line.startswith("Dockerfile:")] == [
        "4",
        "6",
    ]


def test_fix_changes_changed_lines_only(repo: Path, suggest: Suggest) -> None:
    done = suggest(repo, *ONLY, "--from-ref", "main", "--write", command="fix")
    assert done.code == 0
    assert (repo / "Dockerfile").read_text() == NEW.replace("B bb", "B=bb").replace("C c", "C=c")


def test_what_is_not_committed_counts(repo: Path, suggest: Suggest) -> None:
    (repo / "Dockerfile").write_text(NEW + "ENV D d\n")
    (repo / "Dockerfile.new").write_text("FROM debian:12\nENV E e\n")
    suggest(repo, *ONLY, "--from-ref", "HEAD", "--write", command="fix")
    assert (repo / "Dockerfile").read_text() == NEW + "ENV D=d\n"
    assert (repo / "Dockerfile.new").read_text() == "FROM debian:12\nENV E=e\n"


def test_what_is_staged_counts_and_nothing_else(repo: Path, suggest: Suggest) -> None:
    done = suggest(repo, *ONLY, "--staged", command="check")
    assert done.code == 0
    (repo / "Dockerfile").write_text(NEW + "ENV D d\n")
    git(repo, "add", "Dockerfile")
    done = suggest(repo, *ONLY, "--staged", "--write", command="fix")
    assert (repo / "Dockerfile").read_text() == NEW + "ENV D=d\n"


def test_a_file_that_is_staged_in_part_is_an_error(repo: Path, suggest: Suggest) -> None:
    (repo / "Dockerfile").write_text(NEW + "ENV D d\n")
    git(repo, "add", "Dockerfile")
    (repo / "Dockerfile").write_text("# another\n" + NEW + "ENV D d\n")
    done = suggest(repo, *ONLY, "--staged", command="check")
    assert done.code == 2
    assert "only a part of the changes is staged" in done.err


@pytest.mark.skipif(os.name != "posix", reason="a shell script as a hook")
@pytest.mark.parametrize("words", [("-a",), ("Dockerfile",), ("--include", "Dockerfile")])
def test_a_hook_sees_what_will_be_committed(repo: Path, words: tuple[str, ...]) -> None:
    (repo / "Dockerfile").write_text(NEW + "ENV D d\n")
    hook = repo / ".git" / "hooks" / "pre-commit"
    command = f"'{sys.executable}' -m dockeropt check --isolated --staged {' '.join(ONLY)} ."
    hook.write_text(f"#!/bin/sh\n{command} > found\nexit 1\n")
    hook.chmod(0o755)
    before = {"PYTHONPATH": str(Path(api.__file__).parent.parent), "GIT_CONFIG_GLOBAL": os.devnull}
    who = (
        "-c",
        "user.name=Test",
        "-c",
        "user.email=test@example.invalid",
        "-c",
        f"core.hooksPath={hook.parent}",
    )
    done = subprocess.run(
        ["git", *who, "commit", "-q", "-m", "x", *words], cwd=repo, env={**os.environ, **before}, check=False
    )
    assert done.returncode == 1
    assert "Dockerfile:7:" in (repo / "found").read_text()


def test_a_fix_that_touches_a_changed_line_is_kept_whole() -> None:
    text = "FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\nRUN mkdir /c\nENV A b\n"
    result = api.fix_str(text, path="Dockerfile")
    changes = Changes(str(Path.cwd()), {}, frozenset())
    assert not only_changed(result, changes, Options()).changed

    class One(Changes):
        def lines(self, path: str, text: str) -> set[int]:
            return {3}

    kept = only_changed(result, One(".", {}), Options())
    assert kept.fixed == text.replace("a\nRUN", "a \\\n    &&").replace("b\nRUN", "b \\\n    &&")
    assert again_of(result, Options()) is not None


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--from-ref", "nowhere"), "git knows no revision nowhere"),
        (("--from-ref", "--help"), "git knows no revision"),
        (("--from-ref", "main", "--staged"), "exclude each other"),
        (("--staged", "-"), "needs files"),
    ],
)
def test_what_has_no_meaning_is_a_clear_error(
    repo: Path, suggest: Suggest, words: tuple[str, ...], says: str
) -> None:
    done = suggest(repo, *words, command="check")
    assert done.code == 2
    assert says in done.err


def test_outside_of_a_work_tree_it_is_a_clear_error(tmp_path: Path, suggest: Suggest) -> None:
    (tmp_path / "Dockerfile").write_text(NEW)
    for words in (("--staged",), ("--from-ref", "HEAD")):
        done = suggest(tmp_path, *words, command="check")
        assert done.code == 2
        assert "run it inside a git work tree" in done.err


def test_a_file_of_another_place_is_a_clear_error(repo: Path, suggest: Suggest) -> None:
    (repo / "sub").mkdir()
    git(repo / "sub", "init", "-q")
    done = suggest(repo / "sub", "../Dockerfile", "--staged", command="check")
    assert done.code == 2
    assert "../Dockerfile: outside of the work tree (hint: run it there, not in " in done.err


def test_suggest_can_be_narrowed_too(repo: Path, suggest: Suggest) -> None:
    done = suggest(repo, *ONLY, "--dry-run", "--base", "main", "--from-ref", "main")
    assert '"fixes": 2' in done.out
    done = suggest(repo, *ONLY, "--dry-run", "--base", "main")
    assert '"fixes": 3' in done.out
