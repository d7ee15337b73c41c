"""podman and buildah: one builder under two commands, of which podman also runs containers.

Storage and isolation are the user's business: what the environment says (``STORAGE_DRIVER``,
``BUILDAH_ISOLATION``, ``CONTAINERS_STORAGE_CONF``) and the options of the build are passed on.
"""

from collections.abc import Callable, Sequence

from dockeropt.measure.buildlog import BuildahLog
from dockeropt.measure.commandline import CommandLineEngine, build_arguments, build_with
from dockeropt.measure.engine import BuildOutcome, BuildRequest, EngineProblem
from dockeropt.measure.process import TimeOut, last_line, run

PATIENCE = 10.0
"""Seconds within which an engine has to answer; the first call makes its storage."""


class Podman(CommandLineEngine):
    """Build and run with podman.

    Args:
        version: Of podman.
        builder: Version of the buildah inside it.
        build_program: What builds: ``podman``, or ``buildah`` where that was asked for.
    """

    name = program = "podman"

    def __init__(self, version: str, builder: str, *, build_program: str = "podman") -> None:
        super().__init__(version)
        self._builder = builder
        self._build_program = build_program

    def lacks(self, dockerfile: str) -> tuple[str, ...]:
        """Return what the text of a Dockerfile uses and this engine cannot build, as sentences."""
        from dockeropt.measure.features import lacking

        called = f"{self._build_program} {self.version}"
        if self._build_program == "podman":
            called += f" (with buildah {self._builder})"
        return lacking(dockerfile, "buildah", self._builder, called=called)

    def build(self, request: BuildRequest, progress: Callable[[str], None] | None = None) -> BuildOutcome:
        """Build; after a build without cache once more, because such a build leaves no cache behind."""
        outcome = self._build(request, progress)
        if request.no_cache and outcome.ok:
            primed = self._build(request._replace(no_cache=False), None)
            if not primed.ok:
                return primed
        return outcome

    def _build(self, request: BuildRequest, progress: Callable[[str], None] | None) -> BuildOutcome:
        import os

        # The OCI format has no place for HEALTHCHECK, SHELL and ONBUILD: they would be dropped.
        command = [self._build_program, "build", "--layers", "--format", "docker"]
        ignore = f"{request.dockerfile}.dockerignore"
        if os.path.isfile(ignore):
            command += ["--ignorefile", ignore]
        return build_with([*command, *build_arguments(request)], BuildahLog(), progress)


class Buildah(Podman):
    """Build with buildah; its images are read and run by podman, which shares its storage."""

    name = "buildah"

    def __init__(self, version: str) -> None:
        super().__init__(version, version, build_program="buildah")


def find_podman() -> Podman:
    """Return podman when it works.

    Raises:
        EngineProblem: Says why it cannot be used.
    """
    form = "{{.Version.Version}} {{.Host.BuildahVersion}}"
    try:
        found = run(["podman", "info", "--format", form], timeout=PATIENCE)
    except TimeOut:
        raise EngineProblem(f"it does not answer within {PATIENCE:.0f} seconds") from None
    words: Sequence[str] = found.output.split()
    if found.code or len(words) != 2:
        raise EngineProblem(f"it does not work ({last_line(found.error or found.output)})")
    return Podman(words[0], words[1])


def find_buildah() -> Buildah:
    """Return buildah when it works, and podman beside it.

    Raises:
        EngineProblem: Says why it cannot be used.
    """
    import shutil

    try:
        found = run(["buildah", "--version"], timeout=PATIENCE)
    except TimeOut:
        raise EngineProblem(f"it does not answer within {PATIENCE:.0f} seconds") from None
    words = found.output.split()  # "buildah version 1.28.2 (image-spec …)"
    if found.code or len(words) < 3:
        raise EngineProblem(f"it does not work ({last_line(found.error or found.output)})")
    if shutil.which("podman") is None:
        raise EngineProblem("podman, which reads and runs its images, is not installed")
    find_podman()
    return Buildah(words[2])
