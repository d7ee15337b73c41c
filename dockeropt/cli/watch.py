"""``--watch``: run again whenever a file changes that a run depends on.

Invariant: each run is a whole one, and its report starts below a line that says so. Changes that come
within a moment are one; Ctrl-C ends with the code that it has everywhere.
"""

import copy
import os
import sys
from collections.abc import Callable, Iterable, Iterator

from dockeropt.cli.exitcodes import ERROR, INTERRUPTED
from dockeropt.cli.options import Request
from dockeropt.errors import ConfigError, DockeroptError, reason_of

DEBOUNCE = 300
"""For how long, in milliseconds, changes are gathered before a run."""

POLL = 100
"""How long, in milliseconds, the start of the watch may take: watchfiles returns from no earlier one."""

_LEFT_OUT = frozenset({".git", ".hg", ".venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache"})


def watch(request: Request, run: Callable[[Request], int]) -> int:
    """Run, then again after every change, until Ctrl-C; return the exit code.

    Args:
        request: What to run.
        run: Runs a request once and returns its exit code.
    """
    try:
        changes = _changes(request)
        while True:
            if run(_once(request)) == INTERRUPTED:
                return INTERRUPTED
            if not request.silent:
                sys.stderr.write("watching for changes, Ctrl-C ends it\n")
                sys.stderr.flush()
            next(changes)
            if not request.silent:
                sys.stderr.write("\n--- a file changed ---\n")
    except (KeyboardInterrupt, StopIteration):
        return INTERRUPTED
    except DockeroptError as error:
        sys.stderr.write(f"error: {error}\n")
        return ERROR
    except OSError as error:  # the system lets nobody watch so many folders, say
        hint = "watch fewer folders"
        sys.stderr.write(f"error: {DockeroptError(f'cannot watch: {reason_of(error)}', hint=hint)}\n")
        return ERROR


def _once(request: Request) -> Request:
    """Return a request of its own: a run fills in what the environment says."""
    made = copy.copy(request)
    made.__dict__ = {**vars(request), "watch": False}
    return made


def _changes(request: Request) -> Iterator[object]:
    """Start to watch, and return what waits for changes.

    Raises:
        ConfigError: Standard input cannot be watched, or watchfiles is not installed.
    """
    if "-" in request.paths:
        raise ConfigError("--watch needs files, - is none", hint="name the Dockerfile")
    try:
        import watchfiles
    except ImportError:
        hint = 'pip install "dockeropt[watch]"'
        raise ConfigError("--watch needs the package watchfiles", hint=hint) from None
    places = sorted(places_of(request))
    own = {os.path.abspath(path) for path in (request.output_file, request.write_baseline) if path}
    changes = watchfiles.watch(
        *places,
        watch_filter=lambda _, path: is_of_interest(path, own),
        debounce=DEBOUNCE,
        step=50,
        rust_timeout=POLL,
        yield_on_timeout=True,
        raise_interrupt=True,
        ignore_permission_denied=True,
    )
    # watching begins with the first call: a file that is saved during the first run is not missed
    next(changes, None)
    return (found for found in changes if found)


def places_of(request: Request) -> Iterable[str]:
    """Return the folders to watch: those given, and those of the files given.

    A folder, because a file that is replaced is another file.
    """
    given = (*request.paths, *request.compose, *request.bake) or (".",)
    found = {path if os.path.isdir(path) else os.path.dirname(path) or "." for path in given}
    if request.context:
        found.add(request.context)
    return {os.path.abspath(path) for path in found if os.path.isdir(path)}


def is_of_interest(path: str, own: Iterable[str] = ()) -> bool:
    """Tell whether a change of the file at ``path`` can change what a run says."""
    if os.path.abspath(path) in own:
        return False
    name = os.path.basename(path)
    if name.endswith(("~", ".swp", ".swx", ".tmp")) or name.startswith((".#", ".dockeropt-")):
        return False
    return _LEFT_OUT.isdisjoint(os.path.relpath(path).split(os.sep))
