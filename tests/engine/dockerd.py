"""A dockerd of the tests' own: BuildKit and buildx from Debian's packages, on the host's network.

It makes no bridge and no firewall rule, so every build and every container takes ``--network host``.

Invariant: only the process is stopped that this folder's dockerd is, known by its program and its
configuration file; one that was started for a command ends with it, however that ends.
"""

import ctypes
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.engine.place import NEWER, PACKAGES, Failure, home, install_tools, obstacle, ran, unpack

PATIENCE = 60.0
"""Seconds in which the daemon has to answer, and to stop."""
_PR_SET_PDEATHSIG = 1


class Daemon:
    """The dockerd of one folder.

    Args:
        folder: Everything that it writes is in it.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or home()
        self.root = self.folder / "root"
        self.socket = self.folder / "docker.sock"
        self.config = self.folder / "daemon.json"
        self.client = self.folder / "client"
        self.pid_file = self.folder / "docker.pid"

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that lead docker's command line to this daemon."""
        path = f"{self.root}/usr/bin:{os.environ.get('PATH', os.defpath)}"
        return {"DOCKER_HOST": f"unix://{self.socket}", "DOCKER_CONFIG": str(self.client), "PATH": path}

    def install(self) -> None:
        """Unpack the engine; what is there stays.

        Raises:
            Failure: Not on this machine, or a package cannot be had.
        """
        reason = obstacle()
        if reason:
            raise Failure(reason)
        install_tools()
        unpack(PACKAGES, NEWER, self.root)
        plugin = self.client / "cli-plugins" / "docker-buildx"
        if not plugin.exists():
            plugin.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.root / "usr/libexec/docker/cli-plugins/docker-buildx", plugin)
            (self.client / "config.json").write_text("{}\n")

    def docker(self, *words: str | Path, text: str = "") -> str:
        """Run docker's command line against this daemon."""
        return ran("docker", *words, text=text, env={**os.environ, **self.environment})

    def answers(self) -> bool:
        """Return whether the daemon answers."""
        try:
            self.docker("version")
        except (Failure, OSError):
            return False
        return True

    def pid(self) -> int | None:
        """Return the process id of this folder's dockerd, ``None`` when it does not run."""
        try:
            number = int(self.pid_file.read_text())
            words = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return number if os.fsencode(self.config) in words else None

    def start(self, *, tied: bool) -> None:
        """Start the daemon and wait until it answers; nothing is done when it does already.

        Args:
            tied: Whether the kernel is to end it when this process ends.

        Raises:
            Failure: It did not come up; with the end of its log.
        """
        if self.pid() is not None and self.answers():
            return
        self._clear()
        settings = {
            "hosts": [f"unix://{self.socket}"],
            "data-root": str(self.folder / "data"),
            "exec-root": str(self.folder / "exec"),
            "pidfile": str(self.pid_file),
            "bridge": "none",
            "ip-forward": False,
            "iptables": False,
            "ip6tables": False,
            "builder": {"gc": {"enabled": True, "defaultKeepStorage": "20GB"}},
        }
        self.config.write_text(json.dumps(settings, indent=1))
        path = f"{self.root}/usr/sbin:{self.root}/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        with open(self.folder / "dockerd.log", "wb") as log:
            process = subprocess.Popen(
                [str(self.root / "usr/sbin/dockerd"), "--config-file", str(self.config)],
                env={**os.environ, "PATH": path},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_end_with_parent if tied else None,  # noqa: PLW1509 - there are no threads
            )
        end = time.monotonic() + PATIENCE
        while not self.answers():
            if process.poll() is not None or time.monotonic() > end:
                said = (self.folder / "dockerd.log").read_text("utf-8", "replace")[-2000:]
                raise Failure(f"dockerd did not come up: {said}")
            time.sleep(0.2)
        if not tied:
            process.returncode = 0  # it outlives us on purpose: no warning of a child left behind

    def stop(self) -> None:
        """Stop the daemon and let go of what it mounted; one that does not run is no failure.

        Raises:
            Failure: It does not stop.
        """
        number = self.pid()
        if number is not None:
            os.kill(number, signal.SIGTERM)
            end = time.monotonic() + PATIENCE
            while self.pid() is not None and not _is_zombie(number):
                if time.monotonic() > end:
                    raise Failure(f"dockerd ({number}) does not stop")
                time.sleep(0.1)
        self._clear()

    def remove(self) -> None:
        """Stop the daemon and remove its folder with all images."""
        self.stop()
        if mounts_below(self.folder):
            raise Failure(f"something is still mounted below {self.folder}")
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def running(self) -> Iterator[Mapping[str, str]]:
        """Start the daemon for a block, unless it runs already; it ends with the block."""
        begun = self.pid() is None or not self.answers()
        if begun:
            self.start(tied=True)
        try:
            yield self.environment
        finally:
            if begun:
                self.stop()

    def _clear(self) -> None:
        """Remove what a daemon left that was killed: its mounts and its pid files."""
        for path in reversed(mounts_below(self.folder)):
            subprocess.run(["umount", "--lazy", path], capture_output=True, check=False)
        if self.pid() is None:
            self.pid_file.unlink(missing_ok=True)
            self.socket.unlink(missing_ok=True)
            # containerd ends with dockerd; its number may be another process's by now
            (self.folder / "exec/containerd/containerd.pid").unlink(missing_ok=True)


def mounts_below(folder: Path) -> list[str]:
    """Return the places below a folder where something is mounted, the first mounted first."""
    lines = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    places = [line.split()[4].encode("latin-1", "replace").decode("unicode_escape") for line in lines]
    return [place for place in places if place.startswith(f"{folder}/")]


def _is_zombie(number: int) -> bool:
    """Return whether a process has ended and only waits to be asked for its exit code."""
    try:
        ended, _ = os.waitpid(number, os.WNOHANG)
    except ChildProcessError:
        return False
    return ended == number


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
