"""What the logs of BuildKit and buildah say: which steps ran, which were cached, what failed.

Both readers take a line at a time while the build runs. Invariant: a line that is not understood
changes nothing; output of a step is never taken for a line of the engine, as far as the format tells
the two apart (BuildKit numbers every line of a step's output, buildah does not).

Formats: BuildKit ``util/progress/progressui``, seen with 26.1.5; buildah 1.28.2 and podman 4.3.1;
24 November 2026.
"""

import re
from typing import Protocol

from dockeropt.measure.engine import BuildStep

REASON_LINES = 15
"""Lines of a failing step that are kept."""
COUNTED = r"(?:RUN|COPY|ADD|WORKDIR)\b"

_NUMBERED = re.compile(r"#(\d+) (.*)")
_OUTPUT = re.compile(r"\d+\.\d+ (.*)")
_DONE = re.compile(r"DONE (\d+(?:\.\d+)?)s")
_STEP = re.compile(rf"\[(?:[^]]* )?\d+/\d+\] (?:LINK )?{COUNTED}")
_SHOWN = re.compile(r"\[(?!internal\]|auth\])[^]]*\] ")
_BUILDAH_STEP = re.compile(r"((?:\[\d+/\d+\] )?STEP \d+(?:/\d+)?): (.*)")
_BUILDAH_FAILED = re.compile(r'Error: (?:error )?building at STEP "(.*?)": (.*)')
_COUNTED = re.compile(COUNTED, re.IGNORECASE)


class BuildLog(Protocol):
    """Reads the log of a build while it is written."""

    def feed(self, line: str, now: float) -> str | None:
        """Read a line; return the name of the step that begins with it, if one does.

        Args:
            line: Without line end.
            now: Seconds on a clock that never goes back.
        """
        ...

    def steps(self) -> tuple[BuildStep, ...]:
        """Return the steps that may be cached, in the order in which they began."""
        ...

    def failure(self) -> tuple[str, str]:
        """Return the instruction that failed and what it printed at the end."""
        ...


class _Vertex:
    __slots__ = ("cached", "error", "name", "output", "seconds")

    def __init__(self, name: str) -> None:
        self.name = name
        self.cached = False
        self.seconds = 0.0
        self.error = ""
        self.output: list[str] = []


class BuildkitLog:
    """Reads what ``docker buildx build --progress=plain`` prints."""

    def __init__(self) -> None:
        self._vertices: dict[str, _Vertex] = {}
        self._error = ""

    def feed(self, line: str, now: float) -> str | None:  # noqa: ARG002  # BuildKit says the times itself
        """Read a line; return the name of the step that begins with it, if one does."""
        numbered = _NUMBERED.fullmatch(line)
        if numbered is None:
            if line.startswith("ERROR: "):
                self._error = line.removeprefix("ERROR: ")
            return None
        number, rest = numbered.groups()
        vertex = self._vertices.get(number)
        if vertex is None:
            self._vertices[number] = _Vertex(rest)
            return rest if _SHOWN.match(rest) else None
        output = _OUTPUT.fullmatch(rest)
        done = _DONE.fullmatch(rest)
        if output is not None:
            vertex.output = [*vertex.output[-REASON_LINES:], output[1]]
        elif rest == "CACHED":
            vertex.cached = True
        elif done is not None:
            vertex.seconds = float(done[1])
        elif rest.startswith("ERROR: "):
            vertex.error = rest.removeprefix("ERROR: ")
        return None

    def steps(self) -> tuple[BuildStep, ...]:
        """Return the steps that may be cached, in the order in which they began."""
        return tuple(
            BuildStep(one.name, one.cached, one.seconds)
            for one in self._vertices.values()
            if _STEP.match(one.name)
        )

    def failure(self) -> tuple[str, str]:
        """Return the instruction that failed and what it printed at the end."""
        failed = [one for one in self._vertices.values() if one.error]
        # Steps beside the failing one are called off, and say so as an error of theirs.
        failed.sort(key=lambda one: "context canceled" in one.error)
        if not failed:
            return "", self._error
        first = failed[0]
        return first.name, "\n".join([*first.output[-REASON_LINES:], first.error])


class BuildahLog:
    """Reads what ``buildah build`` and ``podman build`` print; times are taken from the clock."""

    def __init__(self) -> None:
        self._steps: list[_Vertex] = []
        self._began = 0.0
        self._error: tuple[str, str] | None = None
        self._last = ""

    def feed(self, line: str, now: float) -> str | None:
        """Read a line; return the name of the step that begins with it, if one does."""
        step = _BUILDAH_STEP.fullmatch(line)
        if step is not None:
            self._close(now)
            self._steps.append(_Vertex(step[2]))
            self._began = now
            return line
        if line.strip():
            self._last = line
        if line.startswith("--> Using cache") and self._steps:
            self._steps[-1].cached = True
        elif line.startswith(("COMMIT", "Error: ")) or re.match(r"\[\d+/\d+\] COMMIT", line):
            self._close(now)
            failed = _BUILDAH_FAILED.fullmatch(line)
            if failed is not None:
                self._error = failed[1], failed[2]
        elif self._steps:
            self._steps[-1].output = [*self._steps[-1].output[-REASON_LINES:], line]
        return None

    def _close(self, now: float) -> None:
        if self._steps and self._began:
            self._steps[-1].seconds = round(now - self._began, 3)
            self._began = 0.0

    def steps(self) -> tuple[BuildStep, ...]:
        """Return the steps that may be cached, in the order in which they began."""
        return tuple(
            BuildStep(one.name, one.cached, one.seconds) for one in self._steps if _COUNTED.match(one.name)
        )

    def failure(self) -> tuple[str, str]:
        """Return the instruction that failed and what it printed at the end."""
        if self._error is None:
            return "", self._last.removeprefix("Error: ")
        printed = self._steps[-1].output if self._steps else []
        return self._error[0], "\n".join([*printed[-REASON_LINES:], self._error[1]])
