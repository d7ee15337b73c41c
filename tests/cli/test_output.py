"""What is printed arrives or is said not to, and never takes the place of what was read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.kit import ONE, ONLY, TWO, Run, Write, environment

COMMANDS = [
    ("check", "Dockerfile"),
    ("fix", "--output-format", "json", "."),
    ("explain", "merge-runs"),
    ("files", "."),
    ("passes",),
    ("passes", "--output-format", "json"),
    ("passes", "--output-format", "markdown"),
    ("schema",),
    ("init", "--stdout"),
]


def ended(words: tuple[str, ...], out: int) -> tuple[int, str]:
    command = [sys.executable, "-m", "dockeropt", *words]
    done = subprocess.run(
        command, stdout=out, stderr=subprocess.PIPE, env=environment(), text=True, check=False
    )
    return done.returncode, done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_full_disk_is_said_and_is_no_bug_of_ours(words: tuple[str, ...], files: Write) -> None:
    files(Dockerfile=TWO)
    full = os.open("/dev/full", os.O_WRONLY)
    try:
        code, err = ended(words, full)
    finally:
        os.close(full)
    assert code == 2
    assert "error: standard output: no space left on device (hint: send the output elsewhere)\n" in err
    assert "Traceback" not in err
    assert "bug" not in err


@pytest.mark.skipif(os.name != "posix", reason="pipes")
@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_a_reader_who_went_away_is_no_error(words: tuple[str, ...], files: Write) -> None:
    files(Dockerfile=TWO)
    reading, writing = os.pipe()
    os.close(reading)
    try:
        code, err = ended(words, writing)
    finally:
        os.close(writing)
    assert code == 141
    assert "error" not in err
    assert "Traceback" not in err


@pytest.mark.parametrize("words", [("Dockerfile",), (".",), (), ("./Dockerfile", "other")])
def test_a_report_does_not_replace_what_it_is_about(
    run: Run, files: Write, here: Path, words: tuple[str, ...]
) -> None:
    files(Dockerfile=TWO)
    done = run("fix", "-o", "Dockerfile", *words)
    assert (done.code, done.out) == (2, "")
    assert "--output-file Dockerfile: that is a file to look at (hint: --write" in done.err
    assert (here / "Dockerfile").read_text() == TWO


def test_a_filter_may_write_to_the_file_that_it_reads(files: Write, here: Path) -> None:
    files(Dockerfile=TWO)
    with (here / "Dockerfile").open("rb") as file:
        command = [sys.executable, "-m", "dockeropt", "fix", *ONLY, "-o", "Dockerfile", "-"]
        subprocess.run(command, stdin=file, env=environment(), check=False, capture_output=True)
    assert (here / "Dockerfile").read_text() == ONE


def test_an_old_report_is_replaced_by_an_empty_one_but_not_by_none(
    run: Run, files: Write, here: Path
) -> None:
    files(Dockerfile=TWO)
    report = here / "report"
    report.write_text("old")
    assert run("check", "--baseline", "none", "-o", "report", "Dockerfile").code == 2
    assert report.read_text() == "old"
    assert run("check", "--select", "replace-maintainer", "-o", "report", "Dockerfile").code == 0
    assert report.read_text() == ""


def test_a_file_that_calls_itself_generated_is_fixed_with_a_note(run: Run, files: Write) -> None:
    files(a__Dockerfile=f"# made for us\n# DO NOT EDIT: made by update.sh\n{TWO}", b__Dockerfile=TWO)
    done = run("fix", *ONLY, "a/Dockerfile", "b/Dockerfile")
    assert done.err.count("says that it is generated") == 1
    assert "note: a/Dockerfile:2: the file says that it is generated" in done.err
    assert "generated" not in run("check", *ONLY, "a/Dockerfile").err
