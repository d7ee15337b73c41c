"""Fixtures that give a test a real engine: ``engine`` (docker with BuildKit) and ``buildah``.

Where none answers the test is skipped with the reason; with ``DOCKEROPT_REQUIRE_ENGINE=1``, as in
CI, it fails instead. Invariant: what a test makes in an engine it names with :func:`Engine.name`,
and that is taken away when the session ends.
"""

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.engine.buildah import Rig
from tests.engine.dockerd import Daemon

BY_US = ("debian:bookworm", "debian:bookworm-slim", "busybox", "python:3.11-slim")
"""Images that CI has for sure; a test that needs another one may be skipped there."""

NO_PROOF = "test-"
"""What the label of a build begins with that a test makes by itself, and no proof."""


class Engine:
    """A container engine's command line, with what every call of it needs.

    Args:
        program: ``docker`` or ``buildah``.
        environment: The variables that lead it to its engine.
        options: What every build and every run takes, such as ``--network host``.
    """

    def __init__(self, program: str, environment: Mapping[str, str], options: tuple[str, ...] = ()) -> None:
        self.program = program
        self.environment = {**os.environ, **environment}
        self.options = options
        self._made: list[str] = []

    def __call__(
        self, *words: str | Path, text: str = "", check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run the engine's command line; a failure fails the test with what it printed."""
        command = [self.program, *map(str, words)]
        done = subprocess.run(
            command, input=text, capture_output=True, text=True, check=False, env=self.environment
        )
        if check and done.returncode:
            pytest.fail(f"{' '.join(command)} exited {done.returncode}:\n{done.stderr[-4000:]}")
        return done

    def name(self) -> str:
        """Return a name for an image to be; it is removed at the end."""
        self._made.append(f"dockeropt-test:{uuid.uuid4().hex[:12]}")
        return self._made[-1]

    def build(
        self, context: Path, *words: str | Path, text: str | None = None, loaded: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Build a context, of its own Dockerfile or a text; whether that worked is the answer's to say."""
        verb: tuple[str, ...] = ("build",)
        if self.program == "docker":
            verb = ("buildx", "build", "--provenance=false", *(["--load"] if loaded else []))
        file: list[str | Path] = []
        if text is not None:
            # a name of its own, so that two builds of one context do not meet
            place = context.parent / f"{context.name}-{uuid.uuid4().hex[:8]}.Dockerfile"
            place.write_text(text)
            file = ["--file", place]
        return self(*verb, *self.options, *file, *words, context, check=False)

    def image(self, name: str) -> dict[str, Any]:
        """Return what the engine says of an image."""
        if self.program == "docker":
            found = json.loads(self("image", "inspect", name).stdout)[0]
        else:
            found = json.loads(self("inspect", "--type", "image", name).stdout)["OCIv1"]
        return dict(found)

    def has(self, name: str) -> bool:
        """Return whether an image is there."""
        verb = ("image", "inspect") if self.program == "docker" else ("inspect", "--type", "image")
        return self(*verb, name, check=False).returncode == 0

    def needs(self, *names: str) -> None:
        """Skip the test, or fail it, unless these images are there or can be pulled."""
        for name in names:
            if not self.has(name) and self("pull", name, check=False).returncode:
                _without(f"{self.program} has no image {name}", certain=name in BY_US)

    def tidy(self) -> None:
        """Remove the images that were made."""
        verb = ("image", "rm", "--force") if self.program == "docker" else ("rmi", "--force")
        for name in self._made:
            self(*verb, name, check=False)


def _without(reason: str, *, certain: bool = True) -> None:
    if certain and os.environ.get("DOCKEROPT_REQUIRE_ENGINE") == "1":
        pytest.fail(f"{reason}, and DOCKEROPT_REQUIRE_ENGINE=1 says that it must be there")
    pytest.skip(reason)


def _answers(environment: Mapping[str, str], *command: str) -> bool:
    try:
        done = subprocess.run(
            command, env={**os.environ, **environment}, capture_output=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """Give docker with BuildKit: the one that ``DOCKER_HOST`` names, the tests' own, or the machine's."""
    environment: Mapping[str, str] = {}
    daemon = Daemon()
    if "DOCKER_HOST" not in os.environ and daemon.pid() is not None:
        environment = daemon.environment
    for command in (("docker", "version"), ("docker", "buildx", "version")):
        if not _answers(environment, *command):
            _without(f"`{' '.join(command)}` does not answer")
    # an engine that has no bridge builds on the host's network
    bridged = _answers(environment, "docker", "network", "inspect", "bridge")
    found = Engine("docker", environment, () if bridged else ("--network", "host"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        yield found
    found.tidy()


@pytest.fixture(scope="session")
def buildah() -> Iterator[Engine]:
    """Give buildah with storage of its own and the base images that the tests' docker has."""
    rig = Rig()
    if shutil.which("buildah") is None or not _answers(rig.environment, "buildah", "images"):
        _without("buildah does not answer")
    if not rig.ready():
        _without("buildah has no base images: `python -m tests.engine buildah`")
    found = Engine("buildah", rig.environment, ("--network", "host"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in rig.environment.items():
            patch.setenv(name, value)
        yield found
    found.tidy()
