"""Where output goes: what was asked for to stdout, what is said about it to stderr.

Invariant: bytes of a file reach stdout as they are (invalid UTF-8, carriage returns), so
``dockeropt fix - < a > b`` and ``dockeropt fix a | git apply`` are exact.
"""

import os
import stat
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import IO, Self, TextIO

from dockeropt.cli.options import Request
from dockeropt.errors import ConfigError, DockeroptError, FileProblem
from dockeropt.render.console import Palette

QUIET, NORMAL, VERBOSE = 0, 1, 2

_ELSEWHERE = "send the output elsewhere"


class Output:
    """Write what a request asks for to where it asks for it.

    Args:
        request: Says the file, the colours, and how much to say.
        environment: ``NO_COLOR``, ``FORCE_COLOR`` and ``TERM`` are heeded.

    Raises:
        ConfigError: The output file is one of the files to look at.
        FileProblem: The output file cannot be written.
    """

    def __init__(self, request: Request, environment: Mapping[str, str]) -> None:
        self.silent = request.silent
        self.level = QUIET if request.quiet or request.silent else VERBOSE if request.verbose else NORMAL
        self._file: IO[bytes] | None = None
        if request.output_file:
            _refuse_to_replace_input(request.output_file, request.paths)
            try:
                # Emptied with the first words: until then it may be what standard input is read from.
                self._file = open(request.output_file, "ab")  # noqa: SIM115 - closed by __exit__
            except OSError as error:
                raise FileProblem.of(error, request.output_file, hint="check --output-file") from None
        self._is_begun = False
        to_terminal = self._file is None and sys.stdout.isatty()
        self.palette = Palette(coloured=_coloured(request.color, environment, terminal=to_terminal))
        self.err_palette = Palette(
            coloured=_coloured(request.color, environment, terminal=sys.stderr.isatty())
        )
        self.is_terminal = to_terminal
        self._pieces: list[str] = []
        self._waiting = 0

    def out(self, text: str) -> None:
        """Write ``text`` to standard output or to the output file, unless silent."""
        if self.silent or not text:
            return
        self._pieces.append(text)
        self._waiting += len(text)
        if self._waiting > 1 << 16 or self.is_terminal:
            self.flush()

    def say(self, *lines: str, level: int = NORMAL) -> None:
        """Write lines to standard error, if at least ``level`` was asked for."""
        if lines and self.level >= level:
            self.flush()
            _write_error("".join([line + "\n" for line in lines]))

    def error(self, error: DockeroptError) -> None:
        """Write one error to standard error, whatever was asked for."""
        self.flush()
        label = self.err_palette.paint("red", "error")
        _write_error(f"{label}: {error}\n")

    def flush(self) -> None:
        """Hand over what was written.

        Raises:
            FileProblem: It cannot be handed over: the disk is full, say.
            BrokenPipeError: Nobody reads any more.
        """
        if not self._pieces:
            return
        text, self._pieces, self._waiting = "".join(self._pieces), [], 0
        if self._file is None:
            print_out(text)
            return
        try:
            self._begin(self._file)
            self._file.write(text.encode("utf-8", "surrogateescape"))
            self._file.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise FileProblem.of(error, self._file.name, hint=_ELSEWHERE) from None

    def _begin(self, file: IO[bytes]) -> None:
        """Forget what the output file held before."""
        if not self._is_begun and stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.truncate(0)
        self._is_begun = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None or not issubclass(kind, BrokenPipeError):
                self.flush()
            if kind is None and self._file is not None:
                self._begin(self._file)  # an empty report is one, too
        finally:
            if self._file is not None:
                with suppress(OSError):  # what could not be written was said by flush
                    self._file.close()


def _refuse_to_replace_input(output_file: str, paths: Sequence[str]) -> None:
    """Keep a report from taking the place of the Dockerfile that it is about."""
    from dockeropt.discovery import is_dockerfile_name

    target = os.path.realpath(output_file)
    if not os.path.isfile(target):
        return
    is_found = is_dockerfile_name(os.path.basename(target))
    for path in map(os.path.realpath, paths or (".",)):
        if path == target or (is_found and os.path.commonpath((path, target)) == path):
            raise ConfigError(
                f"--output-file {output_file}: that is a file to look at",
                hint="--write, or check --fix, changes files in place",
            )


def print_out(text: str) -> None:
    """Write ``text`` to standard output now, what stands for invalid bytes as these.

    Raises:
        FileProblem: It cannot be written: the disk is full, say.
        BrokenPipeError: Nobody reads any more.
    """
    data = text.encode("utf-8", "surrogateescape")
    binary = getattr(sys.stdout, "buffer", None)
    try:
        if binary is None:  # a test or a notebook put a text stream there
            sys.stdout.write(data.decode("utf-8", "replace"))
        else:
            sys.stdout.flush()
            binary.write(data)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        abandon_output()
        raise FileProblem.of(error, "standard output", hint=_ELSEWHERE) from None


def abandon_output() -> None:
    """Keep Python from trying once more at its end to write what nobody takes."""
    with suppress(OSError, ValueError):  # the stream of a test has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _write_error(text: str) -> None:
    stream: TextIO = sys.stderr
    try:
        stream.write(text)
    except UnicodeEncodeError:  # a terminal that knows only ASCII, say
        encoding = stream.encoding or "ascii"
        stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def _coloured(wish: str, environment: Mapping[str, str], *, terminal: bool) -> bool:
    """Decide about colours: the option, then NO_COLOR and FORCE_COLOR, then the terminal."""
    if wish != "auto":
        return wish == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR"):
        return True
    return terminal and environment.get("TERM", "") != "dumb" and os.name == "posix"
