"""The exit codes, a public contract (``docs/cli.md``), and the one place where failures become one.

Invariant: no command shows a traceback; what is a bug of ours says so, and ``-v`` shows more.
"""

import os
import sys
from collections.abc import Callable, Iterable

from dockeropt.cli.options import Request
from dockeropt.cli.output import Output, abandon_output
from dockeropt.cli.settings import settings_of
from dockeropt.config import Settings
from dockeropt.errors import DockeroptError, InternalProblem

OK, FINDINGS, ERROR, NOTHING_FOUND, REJECTED, VERIFIED_DIFFERENT = 0, 1, 2, 3, 4, 5
INTERRUPTED = 130
PIPE_CLOSED = 141

_GRAVEST_FIRST = (ERROR, REJECTED, VERIFIED_DIFFERENT, FINDINGS, NOTHING_FOUND)


def exit_code(codes: Iterable[int]) -> int:
    """Return the code of a whole run: the gravest of those of its files.

    >>> exit_code([0, 1, 4])
    4
    """
    found = set(codes)
    return next((code for code in _GRAVEST_FIRST if code in found), OK)


def guarded(request: Request, body: Callable[[Settings, Output], int], interrupted: Callable[[], str]) -> int:
    """Run a command and return its exit code; never raises.

    Args:
        request: What is asked for.
        body: Does it.
        interrupted: Says what was done when Ctrl-C cuts it short.
    """

    def run() -> int:
        settings = settings_of(request, os.environ)
        with Output(request, os.environ) as output:
            return body(settings, output)

    return shielded(run, interrupted, verbose=request.verbose)


def shielded(
    body: Callable[[], int], interrupted: Callable[[], str] = lambda: "", *, verbose: bool = False
) -> int:
    """Run a command that has no options in common with others; never raises.

    Args:
        body: Does it and returns the exit code.
        interrupted: Says what was done when Ctrl-C cuts it short.
        verbose: Whether to show the traceback of a bug.
    """
    try:
        return body()
    except DockeroptError as error:
        sys.stderr.write(f"error: {error}\n")
        return ERROR
    except KeyboardInterrupt:
        sys.stderr.write(f"interrupted: {interrupted()}\n")
        return INTERRUPTED
    except BrokenPipeError:
        abandon_output()  # whoever reads us has had enough
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - the last resort: one sentence instead of a traceback
        problem = InternalProblem.of(error, "")
        sys.stderr.write((problem.trace if verbose else "") + f"error: {problem}\n")
        return ERROR
