"""What a container engine has to be able to do for a proof, and what it answers.

The engines' own command lines do the work; one small class each speaks to them. Invariants: an
engine never changes what it did not make; everything that it makes carries :data:`LABEL` or is
named in its answer, so that it can be taken away again; a build that fails is an answer, an engine
that cannot be used raises :class:`EngineProblem`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import IO, NamedTuple, Protocol

from dockeropt.errors import DockeroptError

LABEL = "dev.dockeropt.verify"
"""Marks images and containers of a proof; the value names the run."""


class EngineProblem(DockeroptError):
    """No engine answers, or the one that was asked for cannot do what is needed."""


class BuildStep(NamedTuple):
    """One instruction that a build came by.

    Args:
        name: As the engine shows it: ``[stage 2/5] RUN make``.
        cached: Whether its result was there already.
        seconds: How long it took.
    """

    name: str
    cached: bool
    seconds: float = 0.0


class BuildRequest(NamedTuple):
    """What to build.

    Args:
        context: The folder.
        dockerfile: Path of the Dockerfile; it may lie outside the context. A file of the same name
            with ``.dockerignore`` at its end is obeyed.
        tag: Name of the image to be.
        target: The stage, ``""`` for the last.
        build_args: Values of ARG; ``None`` takes the value of the environment.
        no_cache: Whether every step is to run.
        options: More options for the engine's ``build``, as the user gave them: ``--network host``,
            ``--secret id=x,src=y``, ``--build-context a=b``, ``--ssh default``.
        run: Value of :data:`LABEL`.
    """

    context: str
    dockerfile: str
    tag: str
    target: str = ""
    build_args: Mapping[str, str | None] = {}
    no_cache: bool = False
    options: Sequence[str] = ()
    run: str = ""


class BuildOutcome(NamedTuple):
    """How a build ended.

    Args:
        ok: Whether there is an image.
        seconds: Wall-clock time.
        steps: The steps that may be cached (RUN, COPY, ADD, WORKDIR), in the order of the log.
        output: What the engine printed, the last :data:`KEPT_OUTPUT` characters.
        failed: The instruction that failed, ``""`` when none did or it is not known.
        reason: What the failing step printed at the end, a few lines.
    """

    ok: bool
    seconds: float
    steps: tuple[BuildStep, ...] = ()
    output: str = ""
    failed: str = ""
    reason: str = ""

    @property
    def ran(self) -> int:
        """Return the number of steps that were not found in the cache."""
        return sum(not step.cached for step in self.steps)


KEPT_OUTPUT = 200_000
"""Characters of a build's output that are kept."""


class ImageLayer(NamedTuple):
    """One layer of an image, or an instruction that made none.

    Args:
        created_by: The instruction, as the engine remembers it.
        size: Uncompressed, in bytes; 0 for instructions that make no layer.
        diff_id: Digest of the uncompressed layer, ``""`` for instructions that make none.
        compressed: Bytes of the layer as a registry would store it (gzip), ``None`` when not measured.
    """

    created_by: str
    size: int
    diff_id: str = ""
    compressed: int | None = None


class Image(NamedTuple):
    """An image that was built.

    Args:
        id: What the engine calls it.
        size: Sum of the layers, uncompressed, in bytes.
        layers: From the base image on, the oldest first.
        config: The image configuration (``Env``, ``Cmd``, ``User`` …) as the engine gives it.
        platform: ``linux/amd64``.
    """

    id: str
    size: int
    layers: tuple[ImageLayer, ...]
    config: Mapping[str, object]
    platform: str = ""


class Container(Protocol):
    """A container that runs, or did."""

    def exec(self, command: Sequence[str], *, timeout: float) -> tuple[int, str]:
        """Run a command inside; return its exit code and what it printed.

        Raises:
            TimeoutError: It took longer than ``timeout`` seconds.
        """
        ...

    def state(self) -> tuple[str, int, str]:
        """Return ``"running"`` or ``"exited"``, the exit code so far, and the health.

        Health is ``"healthy"``, ``"unhealthy"``, ``"starting"`` or ``""`` for no health check.
        """
        ...

    def logs(self) -> str:
        """Return what it printed."""
        ...

    def ports(self) -> frozenset[int] | None:
        """Return the TCP ports that its processes listen on, ``None`` when that cannot be known."""
        ...


class Engine(Protocol):
    """A container engine that answers."""

    name: str
    """``docker``, ``podman`` or ``buildah``."""
    version: str
    """What it says that it is, such as ``26.1.5``."""

    def lacks(self, dockerfile: str) -> tuple[str, ...]:
        """Return what the text of a Dockerfile uses and this engine cannot build, as sentences.

        Such as ``"line 4: COPY --link, which buildah 1.28.2 cannot build"``.
        """
        ...

    def build(self, request: BuildRequest, progress: Callable[[str], None] | None = None) -> BuildOutcome:
        """Build; ``progress`` is called with the name of each step as it begins."""
        ...

    def image(self, tag: str) -> Image:
        """Return what is known of an image, compressed sizes left out."""
        ...

    def tree(self, tag: str) -> AbstractContextManager[IO[bytes]]:
        """Open the file system of an image as an uncompressed tar stream."""
        ...

    def compressed(self, tag: str, known: Mapping[str, int]) -> Mapping[str, int]:
        """Return the size of each layer as gzip, by ``diff_id``; what is ``known`` is not measured again."""
        ...

    def start(
        self, tag: str, *, command: Sequence[str] = (), options: Sequence[str] = (), run: str = ""
    ) -> AbstractContextManager[Container]:
        """Start a container, its own command where none is given; it is removed at the end."""
        ...

    def remove(self, tags: Sequence[str]) -> None:
        """Remove images by name; what is not there is no failure."""
        ...

    def sweep(self, run: str) -> None:
        """Remove all images and containers whose :data:`LABEL` has the value ``run``."""
        ...
