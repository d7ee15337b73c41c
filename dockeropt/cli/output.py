"""Where output goes: what was asked for to stdout, what is said about it to stderr.

Invariant: bytes of a file reach stdout as they are (invalid UTF-8, carriage returns), so
``dockeropt fix - < a > b`` and ``dockeropt fix a | git apply`` are exact.
"""

import os
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import IO, Self, TextIO

from dockeropt.cli.options import Request
from dockeropt.errors import DockeroptError, FileProblem
from dockeropt.render.console import Palette

QUIET, NORMAL, VERBOSE = 0, 1, 2


class Output:
    """Write what a request asks for to where it asks for it.

    Args:
        request: Says the file, the colours, and how much to say.
        environment: ``NO_COLOR``, ``FORCE_COLOR`` and ``TERM`` are heeded.

    Raises:
        FileProblem: The output file cannot be written.
    """

    def __init__(self, request: Request, environment: Mapping[str, str]) -> None:
        self.silent = request.silent
        self.level = QUIET if request.quiet or request.silent else VERBOSE if request.verbose else NORMAL
        self._file: IO[bytes] | None = None
        if request.output_file:
            try:
                self._file = open(request.output_file, "wb")  # noqa: SIM115 - closed by __exit__
            except OSError as error:
                reason = (error.strerror or str(error)).lower()
                raise FileProblem(reason, path=request.output_file, hint="check --output-file") from None
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
        """Hand over what was written."""
        if not self._pieces:
            return
        text, self._pieces, self._waiting = "".join(self._pieces), [], 0
        if self._file is not None:
            self._file.write(text.encode("utf-8", "surrogateescape"))
            return
        binary = getattr(sys.stdout, "buffer", None)
        if binary is None:  # a test or a notebook put a text stream there
            sys.stdout.write(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
        else:
            sys.stdout.flush()
            binary.write(text.encode("utf-8", "surrogateescape"))
        sys.stdout.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None or not issubclass(kind, BrokenPipeError):
                self.flush()
        finally:
            if self._file is not None:
                self._file.close()


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
