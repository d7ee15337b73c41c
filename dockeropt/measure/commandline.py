"""What docker and podman have in common: images, file systems and containers by the same commands.

Invariant: a container that is made here is removed when its block is left, with its own volumes.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from dockeropt.measure.engine import (
    KEPT_OUTPUT,
    LABEL,
    BuildOutcome,
    BuildRequest,
    EngineProblem,
    Image,
    ImageLayer,
)
from dockeropt.measure.process import TimeOut, checked, follow, last_line, run, stream

if TYPE_CHECKING:
    from dockeropt.measure.buildlog import BuildLog

MAKES_LAYER = ("RUN", "COPY", "ADD", "WORKDIR")
"""Instructions that make a layer, even where it is empty."""
NO_LAYER = (
    "ARG", "CMD", "ENTRYPOINT", "ENV", "EXPOSE", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "SHELL",
    "STOPSIGNAL", "USER", "VOLUME",
)  # fmt: skip
ANSWER = 60.0
"""Seconds that a command may take that only asks or removes something."""


def build_arguments(request: BuildRequest) -> list[str]:
    """Return the options of ``build`` that all engines know, the user's own behind them, then the context.

    >>> build_arguments(BuildRequest("c", "f", "t", build_args={"A": "1", "B": None}, options=["--ssh", "default"]))
    ['--tag', 't', '--file', 'f', '--build-arg', 'A=1', '--build-arg', 'B', '--ssh', 'default', 'c']
    """
    words = ["--tag", request.tag, "--file", request.dockerfile]
    if request.run:
        words += ["--label", f"{LABEL}={request.run}"]
    if request.target:
        words += ["--target", request.target]
    for name, value in request.build_args.items():
        words += ["--build-arg", name if value is None else f"{name}={value}"]
    if request.no_cache:
        words.append("--no-cache")
    return [*words, *request.options, request.context]


def build_with(
    command: Sequence[str], log: "BuildLog", progress: Callable[[str], None] | None = None
) -> BuildOutcome:
    """Run a build and read its log while it is written.

    Raises:
        EngineProblem: There is no such program.
    """
    kept: list[str] = []
    held = 0

    def line(text: str) -> None:
        nonlocal held
        kept.append(text)
        held += len(text) + 1
        if held > 2 * KEPT_OUTPUT:
            kept[:] = ["\n".join(kept)[-KEPT_OUTPUT:]]
            held = len(kept[0])
        name = log.feed(text, time.monotonic())
        if name is not None and progress is not None:
            progress(name)

    began = time.monotonic()
    code = follow(command, line)
    seconds = time.monotonic() - began
    output = "\n".join(kept)[-KEPT_OUTPUT:]
    failed, reason = log.failure() if code else ("", "")
    return BuildOutcome(code == 0, seconds, log.steps(), output, failed, reason)


class CommandLineEngine:
    """Images and containers of docker or podman; how to build is said by the two classes.

    Args:
        version: What the engine says that it is.
    """

    name = ""
    program = ""
    """The command that images and containers are asked of."""

    def __init__(self, version: str) -> None:
        self.version = version

    def image(self, tag: str) -> Image:
        """Return what is known of an image, compressed sizes left out.

        Raises:
            EngineProblem: There is no such image.
        """
        found = self._inspect(tag)
        config = found.get("Config")
        config = dict(config) if isinstance(config, dict) else {}
        if found.get("Healthcheck"):  # podman says it beside the configuration
            config["Healthcheck"] = found["Healthcheck"]
        return Image(
            str(found.get("Id", "")),
            _number(found.get("Size")),
            tuple(self._history(tag, found)),
            config,
            f"{found.get('Os', '')}/{found.get('Architecture', '')}",
        )

    @contextmanager
    def tree(self, tag: str) -> Iterator[IO[bytes]]:
        """Open the file system of an image as an uncompressed tar stream."""
        # The command is never run, but an image without one needs it.
        with (
            self._created(tag, ("--network", "none"), ("true",)) as name,
            stream([self.program, "export", name]) as archive,
        ):
            yield archive

    def compressed(self, tag: str, known: Mapping[str, int]) -> Mapping[str, int]:
        """Return the size of each layer as gzip, by ``diff_id``; what is ``known`` is not measured again."""
        from dockeropt.measure.compressed import layer_sizes

        wanted = self._diff_ids(self._inspect(tag))
        if all(one in known for one in wanted):
            return {one: known[one] for one in wanted}
        with stream([self.program, "save", tag]) as archive:
            return layer_sizes(archive, known)

    @contextmanager
    def start(
        self, tag: str, *, command: Sequence[str] = (), options: Sequence[str] = (), run: str = ""
    ) -> "Iterator[RunningContainer]":
        """Start a container, its own command where none is given; it is removed at the end.

        Raises:
            EngineProblem: It cannot be started, such as without a command.
        """
        labels = ("--label", f"{LABEL}={run}") if run else ()
        with self._created(tag, (*labels, *options), command) as name:
            checked([self.program, "start", name], timeout=ANSWER)
            yield RunningContainer(self.program, name)

    def remove(self, tags: Sequence[str]) -> None:
        """Remove images by name; what is not there is no failure."""
        for tag in tags:
            run([self.program, "image", "rm", "--force", tag], timeout=ANSWER)

    def sweep(self, run: str) -> None:
        """Remove all images and containers whose label has the value ``run``."""
        from dockeropt.measure.process import run as run_command

        if not run:
            return
        mark = ("--filter", f"label={LABEL}={run}")
        for kind, removal in (
            (("ps", "--all", "--quiet", "--no-trunc"), ("rm", "--force", "--volumes")),
            (("images", "--quiet", "--no-trunc"), ("image", "rm", "--force")),
        ):
            found = run_command([self.program, *kind, *mark], timeout=ANSWER).output.split()
            for one in dict.fromkeys(found):
                run_command([self.program, *removal, one], timeout=ANSWER)

    @contextmanager
    def _created(self, tag: str, options: Sequence[str], command: Sequence[str]) -> Iterator[str]:
        """Make a container under a name of ours: that can be removed whenever Ctrl-C comes."""
        from uuid import uuid4

        name = f"dockeropt-verify-{uuid4().hex[:12]}"
        entry = ("--entrypoint", command[0]) if command else ()
        try:
            made = run(
                [self.program, "create", "--name", name, *options, *entry, tag, *command[1:]], timeout=ANSWER
            )
            if made.code:
                raise EngineProblem(
                    f"no container can be made of {tag}: {last_line(made.error or made.output)}"
                )
            yield name
        finally:
            run([self.program, "rm", "--force", "--volumes", name], timeout=ANSWER)

    def _inspect(self, tag: str) -> "dict[str, object]":
        import json

        found = json.loads(checked([self.program, "image", "inspect", tag], timeout=ANSWER))
        if not isinstance(found, list) or not found or not isinstance(found[0], dict):
            raise EngineProblem(f"{self.program} image inspect says nothing of {tag}")
        return found[0]

    def _diff_ids(self, inspected: Mapping[str, object]) -> list[str]:
        files = inspected.get("RootFS")
        layers = files.get("Layers") if isinstance(files, dict) else None
        return [str(one) for one in layers] if isinstance(layers, list) else []

    def _history(self, tag: str, inspected: Mapping[str, object]) -> list[ImageLayer]:
        return matched(self._entries(tag), self._diff_ids(inspected))

    def _entries(self, tag: str) -> list[tuple[str, int]]:
        """Return instruction and size of each entry of the history, the oldest first."""
        import json

        command = [self.program, "history", "--no-trunc", "--human=false", "--format", "{{json .}}", tag]
        rows: list[dict[str, object]] = []
        for line in checked(command, timeout=ANSWER).splitlines():
            found = json.loads(line) if line.strip() else []
            rows += found if isinstance(found, list) else [found]  # podman 4.3 gives one list
        folded = [{key.lower(): value for key, value in row.items()} for row in reversed(rows)]
        return [(str(row.get("createdby", "")), _number(row.get("size"))) for row in folded]


def matched(entries: Sequence[tuple[str, int]], diff_ids: Sequence[str]) -> list[ImageLayer]:
    """Return the history of an image with the digest of each layer.

    The engines do not say which entries of the history made a layer. An entry with a size did, an
    instruction such as ENV did not; RUN, COPY, ADD and WORKDIR did even when it is empty. Digests for
    which no entry remains belong to a base image without history, so they come first.

    >>> matched([("ENV A=1", 0), ("WORKDIR /a", 0), ("# debian.sh", 0)], ["sha256:1"])[1].diff_id
    'sha256:1'
    """
    order = sorted(range(len(entries)), key=lambda index: (_layerless(*entries[index]), index))
    likely = [index for index in order if _layerless(*entries[index]) < 3]
    makers = sorted(likely[: len(diff_ids)])
    missing = len(diff_ids) - len(makers)
    digests = dict(zip(makers, diff_ids[missing:], strict=True))
    return [
        *(ImageLayer("", 0, digest) for digest in diff_ids[:missing]),
        *(
            ImageLayer(created_by, size, digests.get(index, ""))
            for index, (created_by, size) in enumerate(entries)
        ),
    ]


def _layerless(created_by: str, size: int) -> int:
    """Return how unlikely it is that an entry of the history made a layer, 3 for impossible."""
    if size:
        return 0
    words = created_by.rpartition("#(nop)")[2].split()  # the classic builder writes this before ENV
    first = words[0] if words else ""
    if first in NO_LAYER:
        return 3
    return 1 if first in MAKES_LAYER or created_by.startswith("/bin/sh -c") else 2


class RunningContainer:
    """A container of docker or podman.

    Args:
        program: ``docker`` or ``podman``.
        name: Of the container.
    """

    def __init__(self, program: str, name: str) -> None:
        self._program = program
        self._name = name

    def exec(self, command: Sequence[str], *, timeout: float) -> tuple[int, str]:
        """Run a command inside; return its exit code and what it printed.

        Raises:
            TimeoutError: It took longer than ``timeout`` seconds.
        """
        try:
            done = run([self._program, "exec", self._name, *command], timeout=timeout, merge=True)
        except TimeOut as error:
            raise TimeoutError(str(error)) from None
        return done.code, done.output

    def state(self) -> tuple[str, int, str]:
        """Return ``"running"`` or ``"exited"``, the exit code so far, and the health."""
        state = self._inspect("{{json .State}}")
        if not isinstance(state, dict):
            return "exited", 125, ""
        health = state.get("Health") or state.get("Healthcheck")
        status = str(health.get("Status", "")) if isinstance(health, dict) else ""
        return (
            "running" if state.get("Running") else "exited",
            _number(state.get("ExitCode")),
            "" if status == "none" else status,
        )

    def logs(self) -> str:
        """Return what it printed."""
        return run([self._program, "logs", self._name], timeout=ANSWER, merge=True).output

    def ports(self) -> frozenset[int] | None:
        """Return the TCP ports that its processes listen on, ``None`` when that cannot be known."""
        from dockeropt.measure.ports import listening, ports_of

        first = self._inspect("{{.State.Pid}}")
        identity = self._inspect("{{json .Id}}")
        if isinstance(first, int) and first > 0 and isinstance(identity, str):
            found = ports_of(first, identity)
            if found is not None:
                return found
        if self._inspect("{{json .HostConfig.NetworkMode}}") == "host":
            return None  # the tables of the whole machine
        try:
            code, table = self.exec(("cat", "/proc/net/tcp", "/proc/net/tcp6"), timeout=ANSWER)
        except TimeoutError:
            return None
        return listening(table) if code == 0 or "local_address" in table else None

    def _inspect(self, form: str) -> object:
        import json

        done = run([self._program, "container", "inspect", "--format", form, self._name], timeout=ANSWER)
        try:
            found: object = json.loads(done.output)
        except ValueError:
            return None
        return found


def _number(value: object) -> int:
    try:
        return int(str(value))
    except ValueError:
        return 0
