"""What the peers that fix Dockerfiles make of one; they run as processes, on a copy.

Invariant: a peer gets the same folder as we do, and nothing but its own documented options.
"""

import importlib.metadata
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

PROGRAMS = {
    "dockerfile-doctor": ("dockerfile-doctor", ("--fix", "-q"), ("--fix", "--unsafe-fixes", "-q")),
    "tally": (
        "tally-cli",
        ("lint", "--fix", "--slow-checks=off", "--no-config"),
        ("lint", "--fix", "--fix-unsafe", "--slow-checks=off", "--no-config"),
    ),
}
"""By command: the distribution, the options for safe fixes, the options for all."""


class Peer(NamedTuple):
    """A peer that is installed.

    Args:
        name: Its command.
        version: Of its distribution.
        level: ``safe`` or ``all``.
    """

    name: str
    version: str
    level: str

    @property
    def title(self) -> str:
        """Return what reports call it."""
        return f"{self.name} {self.version}{' (all fixes)' if self.level == 'all' else ''}"


def installed() -> list[Peer]:
    """Return the peers that can be run, each at both of its levels."""
    found: list[Peer] = []
    for name, (distribution, _, _) in PROGRAMS.items():
        if program(name) is None:
            continue
        try:
            version = importlib.metadata.version(distribution)
        except importlib.metadata.PackageNotFoundError:
            version = ""
        found += [Peer(name, version, level) for level in ("safe", "all")]
    return found


def program(name: str) -> str | None:
    """Return the path of a peer, beside the running Python or on ``PATH``."""
    beside = Path(sys.executable).parent / name
    return str(beside) if beside.exists() else shutil.which(name)


def fixed_by(peer: Peer, dockerfile: Path, context: Path) -> str:
    """Return what the peer makes of a Dockerfile; the text as it was when it changes nothing."""
    _, safe, everything = PROGRAMS[peer.name]
    command = program(peer.name)
    assert command is not None
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "project"
        shutil.copytree(context, copy, symlinks=True)
        target = copy / "Dockerfile.peer" if dockerfile.parent != context else copy / dockerfile.name
        shutil.copyfile(dockerfile, target)
        options = safe if peer.level == "safe" else everything
        subprocess.run([command, *options, str(target)], capture_output=True, check=False, timeout=120)
        return target.read_text("utf-8")
