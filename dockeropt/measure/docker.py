"""Docker with buildx: the engine that a proof takes when it answers.

Which daemon and which builder is the user's business: DOCKER_HOST, contexts and ``--builder`` are
passed on as they are.
"""

from collections.abc import Callable, Sequence

from dockeropt.measure.buildlog import BuildkitLog
from dockeropt.measure.commandline import CommandLineEngine, build_arguments, build_with
from dockeropt.measure.engine import BuildOutcome, BuildRequest, EngineProblem
from dockeropt.measure.process import TimeOut, last_line, run

PATIENCE = 5.0
"""Seconds within which an engine has to answer."""


class Docker(CommandLineEngine):
    """Build with ``docker buildx``.

    Args:
        version: Of the daemon.
        own_builder: Whether another BuildKit than the daemon's builds.
    """

    name = program = "docker"

    def __init__(self, version: str, *, own_builder: bool = False) -> None:
        super().__init__(version)
        self._own_builder = own_builder

    def lacks(self, dockerfile: str) -> tuple[str, ...]:
        """Return what the text of a Dockerfile uses and this engine cannot build, as sentences."""
        from dockeropt.measure.features import lacking

        return lacking(dockerfile, "docker", "" if self._own_builder else self.version)

    def build(self, request: BuildRequest, progress: Callable[[str], None] | None = None) -> BuildOutcome:
        """Build; ``progress`` is called with the name of each step as it begins."""
        command = ["docker", "buildx", "build", "--load", "--progress=plain", *build_arguments(request)]
        return build_with(command, BuildkitLog(), progress)


def find_docker(options: Sequence[str] = ()) -> Docker:
    """Return Docker when its daemon answers and buildx is there.

    Args:
        options: Of the build, of which ``--builder`` matters.

    Raises:
        EngineProblem: Says why it cannot be used.
    """
    try:
        found = run(["docker", "version", "--format", "{{.Server.Version}}"], timeout=PATIENCE)
    except TimeOut:
        raise EngineProblem(
            f"the daemon at {daemon()} does not answer within {PATIENCE:.0f} seconds"
        ) from None
    if found.code or not found.output.strip():
        raise EngineProblem(f"the daemon at {daemon()} does not answer ({last_line(found.error)})")
    buildx = run(["docker", "buildx", "version"], timeout=PATIENCE)
    if buildx.code:
        raise EngineProblem("the daemon answers, but docker has no buildx")
    return Docker(found.output.strip(), own_builder=_own_builder(options))


def daemon() -> str:
    """Return the address of the daemon that docker speaks to, as far as it is known."""
    import os

    named = os.environ.get("DOCKER_HOST", "")
    if named:
        return named
    form = "{{.Endpoints.docker.Host}}"
    try:
        found = run(["docker", "context", "inspect", "--format", form], timeout=PATIENCE).output.strip()
    except EngineProblem:
        found = ""
    return found or "unix:///var/run/docker.sock"


def _own_builder(options: Sequence[str]) -> bool:
    """Tell whether the build goes to another BuildKit than the daemon's; only buildx knows."""
    name: list[str] = []
    for index, option in enumerate(options):
        if option == "--builder":
            name = list(options[index + 1 : index + 2])
        elif option.startswith("--builder="):
            name = [option.partition("=")[2]]
    try:
        said = run(["docker", "buildx", "inspect", *name], timeout=PATIENCE).output
    except TimeOut:
        return bool(name)
    drivers = [line.split()[1] for line in said.splitlines() if line.startswith("Driver:") and " " in line]
    return bool(drivers) and drivers[0] != "docker"
