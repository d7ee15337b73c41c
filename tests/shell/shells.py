"""The shells that the tests ask: which are here, and whether they accept a script."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache

from dockeropt.shell import Dialect

COMMANDS = {
    Dialect.DASH: ["dash"],
    Dialect.ASH: ["busybox", "ash"],
    Dialect.BASH: ["bash"],
}

# bash -n reports an error inside [[ ]] and then exits with 0
COMPLAINTS = re.compile(rb"conditional|syntax error")


@cache
def installed(dialect: Dialect) -> bool:
    return shutil.which(COMMANDS[dialect][0]) is not None


def accepts(dialect: Dialect, script: str) -> bool:
    """Ask the shell itself whether the script is valid, without running it."""
    done = subprocess.run(
        [*COMMANDS[dialect], "-n", "-c", script],
        capture_output=True,
        timeout=20,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    return done.returncode == 0 and COMPLAINTS.search(done.stderr) is None
