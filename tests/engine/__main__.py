"""Bring up a real engine for the tests, make base images, run a command with it.

python -m tests.engine up                        start it and leave it running
python -m tests.engine bases GROUP…|small|all    make base images (the engine is started if need be)
python -m tests.engine env                       print the variables: eval "$(python -m tests.engine env)"
python -m tests.engine buildah                   install buildah, and move base images over to it
python -m tests.engine run [--bases GROUP]… [--buildah] -- COMMAND…   start it, run a command, stop it
python -m tests.engine down | remove             stop it; remove it with all images
"""

import argparse
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

from tests.engine.bases import GROUPS, SMALL, Workshop
from tests.engine.buildah import Rig
from tests.engine.dockerd import Daemon
from tests.engine.place import Failure, obstacle


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.engine", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="what", required=True)
    for name in ("up", "env", "down", "remove", "buildah"):
        commands.add_parser(name)
    names = [*GROUPS, "small", "all"]
    commands.add_parser("bases").add_argument("bases", nargs="+", choices=names, metavar="GROUP")
    run = commands.add_parser("run")
    run.add_argument("--bases", action="append", default=[], choices=names, metavar="GROUP")
    run.add_argument("--buildah", action="store_true")
    run.add_argument("command", nargs=argparse.REMAINDER)
    given = parser.parse_args()
    daemon = Daemon()
    try:
        return _do(daemon, given)
    except Failure as problem:
        print(f"engine: {problem}", file=sys.stderr)
        return 2


def _do(daemon: Daemon, given: argparse.Namespace) -> int:
    if given.what == "env":
        for name, value in daemon.environment.items():
            print(f"export {name}={shlex.quote(value)}")
    elif given.what == "down":
        daemon.stop()
    elif given.what == "remove":
        daemon.remove()
    elif given.what == "run" and obstacle():
        print(f"engine: none of our own: {obstacle()}", file=sys.stderr)
        return _run(given.command, {})
    else:
        _timed("the engine", daemon.install)
        if given.what == "up":
            daemon.start(tied=False)
            return 0
        with daemon.running() as environment:
            make(daemon, SMALL if given.what == "buildah" else given.bases)
            if getattr(given, "buildah", given.what == "buildah"):
                _timed("buildah", lambda: Rig().install(daemon))
            if given.what == "run":
                return _run(given.command, {**environment, "DOCKEROPT_REQUIRE_ENGINE": "1"})
    return 0


def _run(words: list[str], more: Mapping[str, str]) -> int:
    command = words[1:] if words[:1] == ["--"] else words
    return subprocess.run(command, env={**os.environ, **more}, check=False).returncode


def make(daemon: Daemon, groups: Sequence[str]) -> None:
    """Make groups of base images, and say how long each took."""
    shop = Workshop(daemon)
    special = {"small": SMALL, "all": tuple(GROUPS)}
    for name in dict.fromkeys(name for group in groups for name in special.get(group, (group,))):
        _timed(name, lambda name=name: GROUPS[name](shop))  # type: ignore[misc]


def _timed(what: str, do: Callable[[], object]) -> None:
    begun = time.monotonic()
    do()
    print(f"engine: {what}: {time.monotonic() - begun:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
