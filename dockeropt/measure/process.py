"""The one place that runs commands of an engine: lines as they come, time limits, and nothing left behind.

Invariant: when a function of this module returns or raises, Ctrl-C included, the command has ended
and was waited for, and so have the processes of its group. Commands get no input and a group of
their own, so that Ctrl-C in the terminal reaches them through us alone, first as SIGINT: a build
client then tells its engine to stop.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, NamedTuple

from dockeropt.measure.engine import EngineProblem

if TYPE_CHECKING:
    from subprocess import Popen

PLAIN = {
    "NO_COLOR": "1",
    "DOCKER_CLI_HINTS": "false",
    "BUILDX_NO_DEFAULT_ATTESTATIONS": "1",
    "BUILDKIT_PROGRESS": "plain",
}
"""Variables for every command: logs without colours and advice, images without attestations."""
GRACE = 5.0
"""Seconds that a command gets to end by itself after SIGINT, and then after SIGTERM."""


class Finished(NamedTuple):
    """A command that ended.

    Args:
        code: Exit code, negative for a signal.
        output: What it printed.
        error: What it printed to standard error.
    """

    code: int
    output: str
    error: str = ""


class TimeOut(EngineProblem):
    """A command took longer than it may."""


def run(command: Sequence[str], *, timeout: float | None = None, merge: bool = False) -> Finished:
    """Run a command and return what it printed, whatever its exit code is.

    Args:
        command: Program and arguments.
        timeout: Seconds that it may take.
        merge: Whether both of its outputs come as one.

    Raises:
        EngineProblem: There is no such program.
        TimeOut: It took longer; it was ended.
    """
    import subprocess

    with started(command, stderr=subprocess.STDOUT if merge else subprocess.PIPE) as process:
        try:
            output, error = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise TimeOut(f"{shown(command)} did not answer within {timeout:.0f} seconds") from None
    return Finished(process.returncode, _text(output), _text(error or b""))


def checked(command: Sequence[str], *, timeout: float | None = None) -> str:
    """Run a command that has to succeed, and return what it printed.

    Raises:
        EngineProblem: It failed, with the last line that it printed.
        TimeOut: It took longer than ``timeout`` seconds.
    """
    done = run(command, timeout=timeout)
    if done.code:
        raise EngineProblem(f"{shown(command)} failed: {last_line(done.error or done.output)}")
    return done.output


def follow(command: Sequence[str], line: Callable[[str], None]) -> int:
    """Run a command, give every line that it prints to ``line`` at once, and return its exit code.

    Raises:
        EngineProblem: There is no such program.
    """
    import subprocess

    with started(command, stderr=subprocess.STDOUT) as process:
        assert process.stdout is not None
        for raw in process.stdout:
            line(_text(raw).rstrip("\r\n"))
        return process.wait()


@contextmanager
def stream(command: Sequence[str]) -> Iterator[IO[bytes]]:
    """Open what a command prints; what is not read of it is not waited for.

    Raises:
        EngineProblem: It failed, although all of its output was read.
    """
    from tempfile import TemporaryFile

    with TemporaryFile() as errors, started(command, stderr=errors.fileno()) as process:
        assert process.stdout is not None
        yield process.stdout
        if not process.stdout.read(1) and process.wait():
            errors.seek(0)
            raise EngineProblem(f"{shown(command)} failed: {last_line(_text(errors.read()))}")


@contextmanager
def started(
    command: Sequence[str], *, stderr: int | IO[bytes], stdout: int | IO[bytes] | None = None
) -> "Iterator[Popen[bytes]]":
    """Start a command, and end it with its whole group when the block is left before it ended."""
    import subprocess

    try:
        process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if stdout is None else stdout,
            stderr=stderr,
            env=environment(),
            start_new_session=True,
        )
    except OSError as error:
        raise EngineProblem(f"{command[0]} cannot be run: {error.strerror}") from error
    try:
        yield process
    finally:
        end(process)


def end(process: "Popen[bytes]") -> None:
    """End a command that :func:`started` began: SIGINT, SIGTERM, SIGKILL, each after :data:`GRACE`."""
    import signal
    import subprocess

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            break
        _signal(process.pid, number)
        try:
            process.wait(GRACE)
        except subprocess.TimeoutExpired:
            continue
        except KeyboardInterrupt:  # a second Ctrl-C: no more patience
            _signal(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def _signal(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return


def environment(extra: Mapping[str, str] = PLAIN) -> dict[str, str]:
    """Return the variables of our own environment with some more."""
    return {**os.environ, **extra}


def shown(command: Sequence[str]) -> str:
    """Return the first words of a command, for messages.

    >>> shown(["docker", "buildx", "build", "--load", "."])
    'docker buildx build'
    """
    words: list[str] = []
    for word in command[:3]:
        if word.startswith("-"):
            break
        words.append(word)
    return " ".join(words)


def last_line(text: str) -> str:
    """Return the last line that is not blank, ``"it printed nothing"`` when there is none."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it printed nothing"


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
