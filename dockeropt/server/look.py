"""Look at the text of an open document: its settings, its build, what is found there.

Invariant: pure but for reading configuration and build context; whatever goes wrong becomes the
``error`` of the result, as in ``fix`` and ``check``. The text is that of the editor, never that on disk.
"""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from dockeropt import api, files
from dockeropt.config import Options, Settings
from dockeropt.discovery import is_excluded
from dockeropt.errors import DockeroptError, InternalProblem
from dockeropt.parallel import Job
from dockeropt.project.context import UNKNOWN, BuildContext
from dockeropt.results import FixResult, failure, untouched

SettingsOf = Callable[[Mapping[str, object]], Settings]
"""Gives the settings in force, with the client's own values put over them, by field of the request."""

FRESH = 5.0
"""Seconds for which a listed build context is believed; saving any file ends it sooner."""

BUILD_FILES = (
    "compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml",
    "compose.override.yaml", "compose.override.yml", "docker-compose.override.yaml", "docker-compose.override.yml",
    "docker-bake.hcl", "docker-bake.json", "docker-bake.override.hcl", "docker-bake.override.json",
)  # fmt: skip
"""Files at the top of the workspace that say how its Dockerfiles are built."""


class Asked(NamedTuple):
    """What the client wants, beside the configuration files.

    Args:
        values: Values over those of the configuration, by field of the request.
        guess: Whether the workspace may say what the build context is.
    """

    values: Mapping[str, object] = {}
    guess: bool = True


PLAIN = Asked()
"""What a client wants that wants nothing in particular."""


class Found(NamedTuple):
    """What there is to say about one text.

    Args:
        job: The text, its path, its options and its builds.
        result: The findings, none of them acted on.
        build: The build context.
        seconds: How long it took.
    """

    job: Job
    result: FixResult
    build: BuildContext = UNKNOWN
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """Return the text that was looked at."""
        return self.job.text

    @property
    def embeds(self) -> bool:
        """Tell whether the text only holds Dockerfiles, and is none itself."""
        return self.job.path.endswith(api.HOLDERS)


class Looker:
    """Look at texts, and remember what is expensive to find out about the folders around them.

    Args:
        settings: Where the settings come from.
    """

    def __init__(self, settings: SettingsOf) -> None:
        self._settings = settings
        self._contexts: dict[tuple[str, str], tuple[BuildContext, float]] = {}
        self._builds: dict[tuple[str, ...], tuple[object, dict[str, Job]]] = {}
        self._last_fixed: tuple[Found, FixResult] | None = None

    def forget(self) -> None:
        """Forget what is known of folders: a file has changed."""
        self._contexts.clear()
        self._builds.clear()

    def look(self, path: str, text: str, folders: Sequence[str] = (), asked: Asked = PLAIN) -> Found:
        """Return everything that is found in a text.

        Args:
            path: Where it lies, or would lie.
            text: What the editor holds.
            folders: The folders of the workspace.
            asked: What the client wants.
        """
        started = time.perf_counter()
        job = Job(path, text, Options(), apply=False)
        build: BuildContext = UNKNOWN
        try:
            # Read again every time: a changed configuration counts at once.
            options = self._settings(asked.values)(path)
            job = self._job(path, text, options, folders, guess=asked.guess)
            build = self._context(job)
            result = self._result(job, build)
        except DockeroptError as error:
            result = failure(path, error, text)
        except Exception as error:  # noqa: BLE001 - a bug of ours costs this answer, not the server
            result = failure(path, InternalProblem.of(error, path), text)
        return Found(job, result, build, time.perf_counter() - started)

    def fixed(self, found: Found) -> FixResult:
        """Return what all safe fixes together make of a text that was looked at."""
        if self._last_fixed is None or self._last_fixed[0] is not found:  # editors ask at every move
            self._last_fixed = (found, self._fix(found))
        return self._last_fixed[1]

    def _fix(self, found: Found) -> FixResult:
        options = found.job.options._replace(unsafe_fixes=False)
        builds = tuple([b._replace(options=b.options._replace(unsafe_fixes=False)) for b in found.job.builds])
        job = found.job._replace(options=options, builds=builds, apply=True)
        try:
            return self._result(job, found.build)
        except DockeroptError as error:
            return failure(job.path, error, job.text)
        except Exception as error:  # noqa: BLE001 - see look
            return failure(job.path, InternalProblem.of(error, job.path), job.text)

    def _result(self, job: Job, build: BuildContext) -> FixResult:
        path, text, options = job.path, job.text, job.options
        if options.force_exclude and is_excluded(
            path, options.search.root or os.getcwd(), options.search.exclude
        ):
            return untouched(path, text)
        files.decode(text.encode("utf-8", "surrogatepass"), path)  # what `check` refuses, we refuse
        if job.builds or path.endswith(api.HOLDERS):
            return api.work([job])[0]
        outcome = api.run_passes(text, options, path, apply=job.apply, build=build)
        return FixResult(path, outcome, context=build.name)

    # --- the build ---------------------------------------------------------------------

    def _job(self, path: str, text: str, options: Options, folders: Sequence[str], *, guess: bool) -> Job:
        job = Job(path, text, options, apply=False)
        if options.context or not guess or path.endswith(api.HOLDERS):
            return job
        known = self._built(path, options, folders)
        if known is not None:
            return known._replace(text=text)
        folder = os.path.dirname(path)
        if folder in folders:  # what lies at the top is built from the top
            return job._replace(options=options._replace(context=folder))
        return job

    def _built(self, path: str, options: Options, folders: Sequence[str]) -> Job | None:
        """Return the job that compose and bake files of the workspace make of a Dockerfile."""
        paths = tuple(
            [
                full
                for folder in folders
                for name in BUILD_FILES
                if os.path.isfile(full := os.path.join(folder, name))
            ]
        )
        if not paths:
            return None
        state = (options, *map(_stamp, paths), *[_stamp(os.path.join(folder, ".env")) for folder in folders])
        known = self._builds.get(paths)
        if known is None or known[0] != state:
            from dockeropt.invocations import jobs_of

            found = jobs_of(paths, lambda _: options, apply=False, done=set())
            jobs = {os.path.realpath(job.path): job for job in found if isinstance(job, Job) and job.builds}
            known = self._builds[paths] = (state, jobs)
        job = known[1].get(os.path.realpath(path))
        return None if job is None else job._replace(path=path)

    def _context(self, job: Job) -> BuildContext:
        if not job.options.context or job.builds:
            return UNKNOWN
        key = (job.options.context, job.path)
        now = time.monotonic()
        known = self._contexts.get(key)
        if known is None or now - known[1] > FRESH:
            known = self._contexts[key] = (api.context_of(job.options, job.path), now)
        return known[0]


def _stamp(path: str) -> tuple[int, int]:
    try:
        facts = os.stat(path)
    except OSError:
        return 0, 0
    return facts.st_mtime_ns, facts.st_size
