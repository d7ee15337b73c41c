"""``git apply`` and ``git am`` accept what is shown, and it gives exactly the fixed files."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.kit import Run
from tests.formats.samples import APT, CORPUS, case_inputs, gather, real_files, unkind

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
]

SELECT = ("--select", "ALL", "--unsafe")


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_COMMITTER_NAME": "t",
        "GIT_COMMITTER_EMAIL": "t@example.invalid", "GIT_AUTHOR_NAME": "t", "GIT_AUTHOR_EMAIL": "t@example.invalid",
    }  # fmt: skip
    done = subprocess.run(
        ["git", "-c", "core.autocrlf=false", *arguments],
        cwd=folder, env=environment, input=stdin, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"git {arguments[0]}: {done.stderr.decode(errors='replace')[:2000]}"
    return done.stdout


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def compared(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, *more: str) -> int:
    """Apply diff and patches of ``here`` to copies, compare with ``--write``; return the patches."""
    original = here / "original"
    monkeypatch.chdir(original)
    written = here / "written"
    shutil.copytree(original, written)
    shown = here / "shown"
    texts = {}
    for name in ("diff", "patch"):
        run("fix", "--output-format", name, "-o", str(shown), *SELECT, *more)
        texts[name] = shown.read_bytes()
    monkeypatch.chdir(written)
    run("fix", "--write", *SELECT, *more)
    wanted = contents(written)
    assert wanted != contents(original)
    for name in texts:
        folder = here / name
        shutil.copytree(original, folder)
        git(folder, "init", "-q", "-b", "main")
        git(folder, "add", "-A", "--force")
        git(folder, "commit", "-q", "-m", "before", "--no-gpg-sign")
    git(here / "diff", "apply", "-", stdin=texts["diff"])
    assert contents(here / "diff") == wanted
    git(here / "patch", "am", "-q", "--no-gpg-sign", stdin=texts["patch"])
    assert contents(here / "patch") == wanted
    number = texts["patch"].count(b"\nSubject: ")
    assert git(here / "patch", "log", "--format=%an", "main").split(b"\n").count(b"dockeropt") == number
    return number


def test_unkind_files(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unkind(here / "original")
    assert compared(run, here, monkeypatch, ".") > 20


def test_many_files(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gather(case_inputs(6), here / "original")
    assert compared(run, here, monkeypatch, ".") > 50


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS, reason="DOCKEROPT_CORPUS names no folder")
def test_real_files(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gather(real_files(500), here / "original")
    assert compared(run, here, monkeypatch, ".") > 500


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("closed", [True, False])
def test_line_ends(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, end: str, closed: bool) -> None:
    text = ("# é\n" + APT + "RUN mkdir /a\nRUN mkdir /b\nENV a b\n").replace("\n", end)
    path = here / "original" / "a folder" / "my Dockerfile"
    path.parent.mkdir(parents=True)
    path.write_bytes((text if closed else text.removesuffix(end)).encode())
    assert compared(run, here, monkeypatch, "a folder/my Dockerfile") > 2


@pytest.mark.parametrize("ignore", [None, b"# \xe9\r\nnode_modules\r\n.git", b"node_modules\n.git\n"])
def test_files_beside_the_dockerfiles(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, ignore: bytes | None
) -> None:
    folder = here / "original"
    context = folder / "the context"
    (context / "app" / "node_modules").mkdir(parents=True)
    (context / "app" / "node_modules" / "b.js").write_text("x")
    (context / "package.json").write_text("{}")
    for name in ("Dockerfile", "dev.Dockerfile"):
        (context / name).write_text("FROM node:20\nCOPY . /app\nENV a b\nRUN apt-get update\n")
    if ignore is not None:
        (context / ".dockerignore").write_bytes(ignore)
    number = compared(run, here, monkeypatch, "--context", "the context", "the context")
    assert number >= 3
    assert (here / "patch" / "the context" / ".dockerignore").read_bytes() != ignore


def test_a_patch_says_why(run: Run, here: Path) -> None:
    (here / "Dockerfile").write_text(APT + "RUN mkdir /a\nRUN mkdir /b\n")
    text = run("fix", "--output-format", "patch", "Dockerfile").out
    subjects = re.findall(r"^Subject: \[PATCH (\d+)/(\d+)\] Dockerfile: ([\w-]+): ", text, re.MULTILINE)
    assert [int(number) for number, _, _ in subjects] == list(range(1, len(subjects) + 1))
    assert {int(count) for _, count, _ in subjects} == {len(subjects)}
    assert {"merge-runs", "clean-apt-lists"} <= {name for _, _, name in subjects}
    assert "  because: " in text
    assert "* line 2: " in text
    git(here, "init", "-q")
    git(here, "add", "Dockerfile")
    git(here, "commit", "-q", "-m", "before", "--no-gpg-sign")
    git(here, "am", "-q", "--no-gpg-sign", stdin=text.encode())
    log = git(here, "log", "--format=%s%n%b").decode()
    assert "Dockerfile: merge-runs: merge them into one RUN\n* line 2: " in log
    assert "  because: " in log


def test_the_patches_of_ordinary_files_need_no_mail_reader(run: Run, here: Path) -> None:
    (here / "Dockerfile").write_text(APT)
    text = run("fix", "--output-format", "patch", "Dockerfile").out
    git(here, "init", "-q")
    git(here, "apply", "--check", "-", stdin=text.split("\nFrom ")[0].encode())
    assert "base64" not in text


def test_nothing_to_change_is_an_empty_series(run: Run, here: Path) -> None:
    (here / "Dockerfile").write_text("FROM scratch\nCOPY a /a\n")
    for name in ("diff", "patch"):
        done = run("fix", "--output-format", name, "Dockerfile")
        assert (done.code, done.out) == (0, "")
