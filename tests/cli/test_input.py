"""Bad input, hostile input, many files, interruptions: the command keeps its manners."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from dockeropt.rewrite.pipeline import run as run_pipeline
from dockeropt.text import Source
from tests.cli.kit import BROKEN, ONE, ONLY, PLAIN, ROOT, TWO, Run, Write, environment

# --- bad input -------------------------------------------------------------------------


def test_bad_files_are_one_clear_line_each(run: Run, files: Write, here: Path) -> None:
    files(empty="", comment="# nothing\n", binary="FROM a\n\0", utf16="\udcff\udcfeF\0")
    (here / "dangling").symlink_to("nowhere")
    (here / "large").write_bytes(b"")
    os.truncate(here / "large", 50 * 1024 * 1024)
    codes = {"binary": 2, "utf16": 2, "dangling": 2, "large": 2, "missing": 2, "empty": 4, "comment": 4}
    for name, code in codes.items():
        start = time.monotonic()
        done = run("fix", "--write", "-q", name)
        assert (done.code, done.out) == (code, ""), name
        assert done.err.startswith(f"error: {name}"), name
        assert done.err.count("\n") == 1, name
        assert "hint: " in done.err or code == 4, name
        assert time.monotonic() - start < 30, name
    assert os.stat("large").st_size == 50 * 1024 * 1024


@pytest.mark.skipif(ROOT, reason="root may read everything")
def test_a_file_without_permission(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    Path("Dockerfile").chmod(0)
    done = run("fix", "-q", "Dockerfile")
    assert done.code == 2
    assert "permission denied" in done.err


def test_a_conflict_is_not_written_over(run: Run, files: Write) -> None:
    text = TWO + "RUN <<EOF\n<<<<<<< ours\nEOF\n"
    files(Dockerfile=text)
    done = run("fix", "-w", "Dockerfile", *ONLY)
    assert done.code == 2
    assert "Dockerfile:5: unresolved merge conflict (hint: " in done.err
    assert Path("Dockerfile").read_text() == text


@pytest.mark.parametrize(
    "arguments",
    [
        ["fix", "--select", "no-such-pass", "Dockerfile"],
        ["fix", "--config", "nonsense=1", "Dockerfile"],
        ["fix", "--config", "missing.toml", "Dockerfile"],
        ["fix", "-", "Dockerfile"],
        ["fix", "--write", "-"],
        ["fix", "--write", "--diff", "Dockerfile"],
        ["fix", "--write", "--check", "Dockerfile"],
        ["check", "--fix", "--diff", "Dockerfile"],
        ["fix", "--isolated", "--config", "Dockerfile", "Dockerfile"],
        ["explain", "no-such-pass"],
        ["explain", "missing:3"],
        ["explain", "Dockerfile:99"],
        ["files", "--config", "missing.toml"],
    ],
)
def test_wrong_usage_is_one_line_with_a_hint_and_code_2(run: Run, files: Write, arguments: list[str]) -> None:
    files(Dockerfile=TWO)
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: ")
    assert "(hint: " in done.err
    assert done.err.count("\n") == 1
    assert Path("Dockerfile").read_text() == TWO


def test_a_wrong_configuration_concerns_only_its_files(run: Run, files: Write) -> None:
    files(a__Dockerfile=TWO, a__x__Dockerfile=TWO, a__dockeropt_toml="selct = 1\n", b__Dockerfile=TWO)
    done = run("fix", ".", *ONLY)
    assert done.code == 2
    assert done.out.startswith("--- a/b/Dockerfile")
    assert done.err.count("unknown key 'selct'") == 1


def test_a_bug_of_ours_is_one_line(run: Run, files: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    files(Dockerfile=TWO)

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("oh no")

    monkeypatch.setattr("dockeropt.cli.run.rows_of", fail)
    done = run("fix", "Dockerfile")
    assert done.code == 2
    assert "RuntimeError: oh no; this is a bug in dockeropt (hint: -v shows the traceback)" in done.err


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_bug_in_the_engine_costs_one_file(
    run: Run, files: Write, monkeypatch: pytest.MonkeyPatch, workers: str
) -> None:
    files(**{f"d{n:02}__Dockerfile": "FROM a\n# boom\n" if n == 5 else TWO for n in range(12)})
    real = run_pipeline

    def fail(source: Source, *arguments: Any, **values: Any) -> Any:
        if "boom" in source.text:
            raise RuntimeError("oh no")
        return real(source, *arguments, **values)

    monkeypatch.setattr("dockeropt.api.run", fail)
    done = run("fix", "-q", "-j", workers, ".", *ONLY)
    assert done.code == 2
    assert done.out.count("--- a/") == 11
    assert done.err == (
        "error: d05/Dockerfile: RuntimeError: oh no; this is a bug in dockeropt (hint: -v shows the traceback)\n"
    )


def test_a_closed_pipe_is_no_error(here: Path, files: Write) -> None:
    files(**{f"d{n}__Dockerfile": TWO * 40 for n in range(12)})
    command = f"{sys.executable} -m dockeropt fix -q . | head -1"
    done = subprocess.run(
        ["sh", "-c", command], capture_output=True, text=True, env=environment(), check=False
    )
    assert done.stderr == ""


# --- many files ------------------------------------------------------------------------


def test_many_files_in_parallel_give_what_one_process_gives(run: Run, files: Write) -> None:
    texts = {f"d{n:03}__Dockerfile": [TWO, PLAIN, BROKEN, "\0"][n % 4] for n in range(60)}
    files(**texts)
    one = run("fix", "-j", "1", ".", *ONLY)
    two = run("fix", "-j", "2", ".", *ONLY)
    assert one == two
    assert one.code == 2
    assert one.out.count("--- a/") == 15


def test_an_interrupt_ends_with_one_sentence(here: Path, files: Write) -> None:
    files(**{f"d{n:04}__Dockerfile": TWO for n in range(3000)})
    command = [sys.executable, "-m", "dockeropt", "fix", "--select", "merge-runs", "--write", "-j", "2", "."]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and Path("d0005/Dockerfile").read_text() == TWO:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert err.decode().startswith("interrupted: ")
    assert err.count(b"\n") == 1
    texts = [path.read_text() for path in here.glob("d*/*")]
    assert len(texts) == 3000
    assert set(texts) == {TWO, ONE}


# --- hostile input ---------------------------------------------------------------------

HOSTILE = {
    "nested": "FROM debian:12\nRUN echo " + "$(" * 10_000 + ")" * 10_000 + "\n",
    "unclosed": "FROM debian:12\nRUN echo " + "$(" * 10_000 + "\n",
    "long": "FROM debian:12\nRUN echo " + "x" * 1_000_000 + "\n",
    "quotes": "FROM debian:12\n" + "RUN echo '\"`" * 3000 + "\n",
    "continued": "FROM debian:12\nRUN true " + "\\\n  && true " * 50_000 + "\n",
    "braces": "FROM debian:12\nENV A=" + "${A:-" * 10_000 + "}" * 10_000 + "\n",
    "heredocs": "FROM debian:12\nRUN " + "<<A " * 5000 + "\n",
    "onbuild": "FROM debian:12\n" + "ONBUILD " * 20_000 + "RUN x\n",
    "json": "FROM debian:12\nCMD " + "[" * 100_000 + "\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_take_bounded_time(run: Run, files: Write, name: str) -> None:
    files(Dockerfile=HOSTILE[name])
    start = time.process_time()
    done = run("fix", "--unsafe", "-s", "Dockerfile")
    assert done.code in {0, 1, 4}
    assert time.process_time() - start < 20


def test_nothing_of_the_current_folder_is_imported(here: Path, files: Write) -> None:
    evil = "open('ran', 'w').close()\n"
    files(Dockerfile=TWO, dockeropt_toml="select = ['size']\n")
    script = here / "bin" / "dockeropt"  # what an installation puts on the PATH
    script.parent.mkdir()
    script.write_text("import sys\nfrom dockeropt.__main__ import main\nsys.exit(main())\n")
    # What ``python -m`` itself imports before our first line runs is beyond us.
    late = "typer rich difflib dockerfile_parse tomllib subprocess shlex logging textwrap six".split()
    always = "re enum typing json collections functools".split()
    for start, names in (([str(script)], late + always), (["-m", "dockeropt"], late)):
        for name in names:
            (here / f"{name}.py").write_text(evil)
        for arguments in (["fix", "Dockerfile"], ["passes"], ["fix", "."], ["--help"]):
            subprocess.run(
                [sys.executable, *start, *arguments], capture_output=True, env=environment(), check=False
            )
            assert not (here / "ran").exists(), (start, arguments)
        for name in names:
            (here / f"{name}.py").unlink()


def test_an_interrupt_during_the_search(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "scandir", interrupt)
    assert run("fix", "--write", ".") == (130, "", "interrupted: nothing was changed\n")


def test_a_progress_bar_changes_nothing(run: Run, files: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    files(**{f"d{n:02}__Dockerfile": TWO for n in range(30)})
    shown: list[int] = []
    from rich.progress import Progress

    real = Progress.update

    def update(self: Progress, *arguments: Any, **values: Any) -> None:
        shown.append(1)
        real(self, *arguments, **values)

    monkeypatch.setattr(Progress, "update", update)
    monkeypatch.setattr("dockeropt.cli.run.Session._wants_progress", lambda _: True)
    done = run("fix", "--write", ".", *ONLY)
    assert "Applied 30 fixes in 30 files (30 safe)." in done.err
    assert done.code == 0
    assert len(shown) == 9
