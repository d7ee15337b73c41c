"""What the tests of the command line share: sample files and the types of the fixtures."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import dockeropt

PLAIN = "FROM scratch\nCOPY a /a\n"
TWO = "FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n"
ONE = "FROM debian:12\nRUN mkdir /a \\\n    && mkdir /b\n"
BROKEN = "FROM debian:12\nRUNN x\n"
ONLY = ("--select", "merge-runs")
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]
Write = Callable[..., None]


def environment() -> dict[str, str]:
    """Return an environment in which another process finds the package."""
    return {**os.environ, "PYTHONPATH": str(Path(dockeropt.__file__).parent.parent)}
