"""``--watch`` runs again after a change, and Ctrl-C ends it."""

import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from dockeropt.cli.exitcodes import INTERRUPTED
from dockeropt.cli.options import Request
from dockeropt.cli.watch import is_of_interest, places_of, watch
from tests.cli.kit import ONE, TWO, Run, Write, environment


class Watched:
    """A process that watches, its lines as they come."""

    def __init__(self, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "dockeropt", *arguments, "--watch"],
            env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.lines: queue.Queue[str] = queue.Queue()
        assert self.process.stdout is not None
        threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True).start()

    def _read(self, stream: IO[str]) -> None:
        for line in stream:
            self.lines.put(line)

    def until(self, text: str, seconds: float = 30) -> str:
        """Return all lines up to the one that holds ``text``."""
        found, end = "", time.monotonic() + seconds
        while text not in found:
            try:
                found += self.lines.get(timeout=max(end - time.monotonic(), 0.01))
            except queue.Empty:
                pytest.fail(f"{text!r} did not come, only {found!r}")
        return found


@pytest.fixture
def watched() -> Iterator[list[Watched]]:
    started: list[Watched] = []
    yield started
    for one in started:
        one.process.kill()
        one.process.wait()
        assert one.process.stdout is not None
        one.process.stdout.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals are other ones there")
def test_a_change_is_seen_and_ctrl_c_ends_it(files: Write, here: Path, watched: list[Watched]) -> None:
    files(Dockerfile=ONE)
    one = Watched("check", "--select", "merge-runs", ".")
    watched.append(one)
    assert "Nothing found in 1 file." in one.until("Ctrl-C ends it")
    (here / "Dockerfile").write_text(TWO)
    said = one.until("Ctrl-C ends it")
    assert "a file changed" in said
    assert "Dockerfile:2:1  merge-runs" in said
    time.sleep(0.5)
    for number in range(5):  # one run for changes that come together
        (here / f"Dockerfile.{number}").write_text(ONE)
    assert "in 6 files" in one.until("Ctrl-C ends it")
    one.process.send_signal(signal.SIGINT)
    assert one.process.wait(20) == 130
    rest = "".join(iter(lambda: one.lines.get() if not one.lines.empty() else "", ""))
    assert "Traceback" not in rest
    assert "a file changed" not in rest


def test_a_file_that_is_saved_during_the_first_run_is_seen(files: Write, here: Path) -> None:
    files(Dockerfile=ONE)
    runs: list[str] = []

    def run(_: Request) -> int:
        runs.append((here / "Dockerfile").read_text())
        if len(runs) == 1:
            (here / "Dockerfile").write_text(TWO)
            return 0
        return INTERRUPTED

    assert watch(Request("check"), run) == INTERRUPTED
    assert runs == [ONE, TWO]


def test_a_run_that_writes_does_not_go_on_for_ever(files: Write, here: Path, watched: list[Watched]) -> None:
    files(Dockerfile=TWO)
    one = Watched("fix", "--write", "--select", "merge-runs", ".")
    watched.append(one)
    one.until("Ctrl-C ends it")
    assert (here / "Dockerfile").read_text() == ONE
    time.sleep(3)
    runs = "".join(iter(lambda: one.lines.get() if not one.lines.empty() else "", ""))
    assert runs.count("a file changed") <= 1


def test_without_the_package_the_hint_says_how_to_get_it(
    run: Run, files: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(Dockerfile=ONE)
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    done = run("check", "--watch", ".")
    assert done.code == 2
    assert done.err == (
        'error: --watch needs the package watchfiles (hint: pip install "dockeropt[watch]")\n'
    )


def test_standard_input_cannot_be_watched(run: Run) -> None:
    assert run("check", "--watch", "-").code == 2


def test_what_is_watched(files: Write, here: Path) -> None:
    files(a__Dockerfile=ONE, b__Dockerfile=ONE)
    request = Request("check")
    assert places_of(request) == {str(here)}
    request.paths = ("a/Dockerfile", "b")
    assert places_of(request) == {str(here / "a"), str(here / "b")}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Dockerfile", True),
        ("sub/.dockerignore", True),
        ("package.json", True),
        ("dockeropt.toml", True),
        (".git/index", False),
        ("node_modules/a/Dockerfile", False),
        ("Dockerfile~", False),
        (".Dockerfile.swp", False),
        (".Dockerfile.0123456789ab.tmp", False),
        ("report", False),
    ],
)
def test_what_counts_as_a_change(here: Path, name: str, wanted: bool) -> None:
    assert is_of_interest(str(here / name), {str(here / "report")}) is wanted


def test_what_cannot_be_watched_is_said(run: Run, files: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> Iterator[object]:
        raise OSError(28, "No space left on device")
        yield

    files(Dockerfile=ONE)
    monkeypatch.setattr("watchfiles.watch", full)
    done = run("check", "--watch", "-q", ".")
    assert done.code == 2
    assert done.err.endswith("error: cannot watch: no space left on device (hint: watch fewer folders)\n")
