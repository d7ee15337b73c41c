"""Start a container and see whether it works: it stays up, its health check or a command succeeds.

Invariant: what is compared is what both containers had the same chance to show; the container is
gone afterwards, whatever happens.
"""

from typing import TYPE_CHECKING

from dockeropt.measure.records import Smoke

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dockeropt.measure.engine import Container, Engine

PATIENCE = 30.0
"""Seconds that a command or a health check may need until it succeeds."""
SETTLED = 2.0
"""Seconds after which a container that still runs is taken for one that keeps running."""
SHOWN = 2000
"""Characters of output that are kept."""
RUN_OPTIONS = ("--network", "--net")
"""Build options that matter for a running container, too."""


def smoke(
    engine: "Engine", tag: str, command: str, *, build_options: "Sequence[str]" = (), run: str = ""
) -> Smoke:
    """Start an image with its own command and return how it behaves.

    Args:
        engine: The engine.
        tag: The image.
        command: Run inside with ``sh -c`` until it succeeds, at most :data:`PATIENCE` seconds long;
            ``""`` for none. A container that ends by itself gets the command as one of its own.
        build_options: Options that the build was given; those on the network count here as well.
        run: The proof that the container belongs to.
    """
    import time

    options = run_options(build_options)
    with engine.start(tag, options=options, run=run) as container:
        if command:
            began = time.monotonic()
            code, output = 1, ""
            while time.monotonic() - began < PATIENCE:
                state, ended, health = container.state()
                if state != "running":
                    break
                code, output = _try(container, command)
                if code == 0:
                    break
                time.sleep(0.3)
            else:
                state, ended, health = container.state()
            if state == "running":
                return Smoke(state, code, health, _ports(container), output[-SHOWN:])
        else:
            state, ended, health = _settle(container)
            if state == "running":
                return Smoke(state, 0, health, _ports(container), container.logs()[-SHOWN:])
        logs = container.logs()[-SHOWN:]
    if not command:
        return Smoke(state, ended, health, None, logs, ended)
    with engine.start(tag, command=("sh", "-c", command), options=options, run=run) as container:
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            state, code, _ = container.state()
            if state != "running":
                break
            time.sleep(0.2)
        code = code if state != "running" else 124
        return Smoke("exited", code, "", None, container.logs()[-SHOWN:], ended)


def _try(container: "Container", command: str) -> tuple[int, str]:
    try:
        return container.exec(("sh", "-c", command), timeout=PATIENCE)
    except TimeoutError:
        return 124, f"no answer within {PATIENCE:.0f} seconds"


def _settle(container: "Container") -> tuple[str, int, str]:
    """Wait until the container ended, is healthy or not, or has run for a while."""
    import time

    began = time.monotonic()
    while True:
        state, code, health = container.state()
        waited = time.monotonic() - began
        if state != "running" or health in {"healthy", "unhealthy"}:
            return state, code, health
        if waited > (PATIENCE if health == "starting" else SETTLED):
            return state, code, health
        time.sleep(0.2)


def _ports(container: "Container") -> tuple[int, ...] | None:
    found = container.ports()
    return tuple(sorted(found)) if found is not None else None


def run_options(build_options: "Sequence[str]") -> tuple[str, ...]:
    """Return the options of a build that a container is to be started with, too.

    >>> run_options(["--secret", "id=x", "--network", "host"]), run_options(["--network=none"])
    (('--network', 'host'), ('--network=none',))
    """
    found: list[str] = []
    for index, option in enumerate(build_options):
        if option in RUN_OPTIONS:
            found += build_options[index : index + 2]
        elif option.startswith(tuple(f"{name}=" for name in RUN_OPTIONS)):
            found.append(option)
    return tuple(found)


def differences(before: Smoke, after: Smoke, *, tested: bool = False) -> tuple[str, ...]:
    """Return what the two containers did differently, as sentences without a full stop.

    Args:
        before: The container before.
        after: The container after.
        tested: Whether a command was given: then a container whose work is done soon may still run in
            one case and have ended well in the other.
    """
    found: list[str] = []
    if _ends_differently(before, after, tested=tested):
        found.append(f"the container {_ends(before)} before and {_ends(after)} after")
    elif before.code != after.code:
        found.append(f"the smoke test ended with {after.code} instead of {before.code}")
    if before.health != after.health:
        found.append(
            f"the health check says {after.health or 'nothing'} instead of {before.health or 'nothing'}"
        )
    if before.ports is not None and after.ports is not None and before.ports != after.ports:
        found.append(f"it listens on {_numbers(after.ports)} instead of {_numbers(before.ports)}")
    return tuple(found)


def _ends_differently(before: Smoke, after: Smoke, *, tested: bool) -> bool:
    if before.ended == after.ended:
        return before.state != after.state and "not started" in {before.state, after.state}
    return not (tested and before.ended in {None, 0} and after.ended in {None, 0})


def _ends(smoke: Smoke) -> str:
    if smoke.state == "not started":
        return "does not start"
    return "keeps running" if smoke.ended is None else f"ends with {smoke.ended}"


def _numbers(ports: tuple[int, ...]) -> str:
    return ", ".join(map(str, ports)) or "no port"
