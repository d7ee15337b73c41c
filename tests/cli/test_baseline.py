"""A baseline hides what is known, and nothing in silence."""

import json
from pathlib import Path

import pytest

from tests.cli.kit import BROKEN, TWO, Run, Write

ONLY = ("--select", "merge-runs,fix-key-value-format")


@pytest.fixture
def known(run: Run, files: Write) -> None:
    files(a__Dockerfile=TWO + "ENV a b\n", b__Dockerfile=TWO)
    done = run("check", "--write-baseline", "known.json", ".", *ONLY)
    assert done == (0, "", "Wrote 3 findings of 2 files to known.json.\n")


def test_what_is_known_is_not_reported(run: Run, known: None) -> None:
    done = run("check", "--baseline", "known.json", ".", *ONLY)
    assert (done.code, done.out) == (0, "")
    assert "3 known findings are not shown (known.json)." in done.err
    report = json.loads(run("check", "--baseline", "known.json", "--output-format", "json", ".", *ONLY).out)
    assert [file["findings"] for file in report["files"]] == [[], []]


def test_what_is_new_is_reported(run: Run, files: Write, known: None) -> None:
    files(a__Dockerfile="# more\n" + TWO + "ENV a b\nENV c d\n", c__Dockerfile=TWO)
    done = run("check", "--baseline", "known.json", ".", *ONLY)
    assert done.code == 1
    lines = [line for line in done.out.split("\n") if "  [" in line]
    assert [line.split()[0] for line in lines] == ["a/Dockerfile:6:1", "c/Dockerfile:2:1"]
    assert "gone" not in done.err


def test_what_is_gone_is_said(run: Run, files: Write, known: None) -> None:
    files(a__Dockerfile=TWO)
    done = run("check", "--baseline", "known.json", ".", *ONLY)
    assert done.code == 0
    assert "1 finding of the baseline is gone: " in done.err
    more = run("check", "-v", "--baseline", "known.json", ".", *ONLY)
    assert "  gone: a/Dockerfile: fix-key-value-format: " in more.err


def test_files_that_nobody_looked_at_are_not_gone(run: Run, known: None) -> None:
    assert "gone" not in run("check", "--baseline", "known.json", "a", *ONLY).err


def test_a_file_that_was_deleted_is_gone(run: Run, known: None) -> None:
    Path("b/Dockerfile").unlink()
    assert "1 finding of the baseline is gone: " in run("check", "--baseline", "known.json", "a", *ONLY).err


def test_a_file_that_moved_is_recognised_and_named(run: Run, known: None) -> None:
    Path("c").mkdir()
    Path("a/Dockerfile").rename("c/new.Dockerfile")
    done = run("check", "--baseline", "known.json", ".", *ONLY)
    assert (done.code, done.out) == (0, "")
    assert "a/Dockerfile is no longer there; c/new.Dockerfile has the same findings" in done.err
    assert "gone" not in done.err


def test_a_copy_is_not_a_move(run: Run, files: Write, known: None) -> None:
    files(c__Dockerfile=TWO + "ENV a b\n")
    done = run("check", "--baseline", "known.json", ".", *ONLY)
    assert done.code == 1
    assert done.out.count("c/Dockerfile:") == 2


def test_it_means_the_same_from_another_folder(
    run: Run, known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("a")
    done = run("check", "--baseline", "../known.json", "Dockerfile", "../b", *ONLY)
    assert (done.code, done.out) == (0, "")


def test_errors_are_never_known(run: Run, files: Write) -> None:
    files(Dockerfile=BROKEN)
    assert run("check", "--write-baseline", "known.json", ".").code == 4
    assert run("check", "--baseline", "known.json", ".").code == 4


def test_a_fix_is_made_all_the_same(run: Run, known: None) -> None:
    done = run("check", "--fix", "--baseline", "known.json", "b", *ONLY)
    assert done.code == 0
    assert "1 finding of the baseline is gone: " in done.err
    assert Path("b/Dockerfile").read_text() != TWO


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"tool": "dockeropt"}', '{"tool": "dockeropt", "schema_version": 1, "files": 1}'],
)
def test_what_is_no_baseline_is_refused(run: Run, files: Write, text: str) -> None:
    files(Dockerfile=TWO, known_json=text)
    done = run("check", "--baseline", "known.json", ".")
    assert (done.code, done.out) == (2, "")
    assert "--write-baseline" in done.err


def test_a_missing_baseline_and_both_at_once(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    assert "no such file" in run("check", "--baseline", "none.json", ".").err
    assert run("check", "--baseline", "a", "--write-baseline", "b", ".").code == 2
    assert run("check", "--write-baseline", "none/b", ".").code == 2
