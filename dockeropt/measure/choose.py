"""Which container engine to take: the one that was asked for, or the first that answers.

Invariant: the answer comes within seconds, even where a daemon hangs; what cannot be used is said
with the reason of each engine that was tried.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dockeropt.measure.engine import EngineProblem

if TYPE_CHECKING:
    from dockeropt.measure.engine import Engine

ENGINES = ("docker", "podman", "buildah")
"""In the order in which they are tried."""
_HINTS = {
    "docker": "start Docker or point DOCKER_HOST at a daemon, and install the buildx plugin",
    "podman": "install podman",
    "buildah": "install buildah",
}


def choose_engine(name: str = "auto", options: Sequence[str] = ()) -> "Engine":
    """Return an engine that answers.

    Args:
        name: ``docker``, ``podman``, ``buildah``, or ``auto`` for the first of them that answers.
        options: What each build will be given; ``--builder`` is looked at, the others are not.

    Raises:
        EngineProblem: None does; the message says why for each that was tried.
    """
    if name not in {"auto", *ENGINES}:
        raise EngineProblem(f"there is no engine {name}", hint=f"one of auto, {', '.join(ENGINES)}")
    tried: list[str] = []
    for engine in ENGINES if name == "auto" else (name,):
        try:
            return _find(engine, options)
        except EngineProblem as problem:
            tried.append(f"{engine}: {problem.message}")
    hint = "; or ".join(_HINTS[one] for one in (ENGINES[:2] if name == "auto" else (name,)))
    raise EngineProblem(f"no container engine can be used: {'; '.join(tried)}", hint=hint)


def _find(engine: str, options: Sequence[str]) -> "Engine":
    import shutil

    if shutil.which(engine) is None:
        raise EngineProblem("not installed")
    if engine == "docker":
        from dockeropt.measure.docker import find_docker

        return find_docker(options)
    from dockeropt.measure.buildah import find_buildah, find_podman

    return find_podman() if engine == "podman" else find_buildah()
