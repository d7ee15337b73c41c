"""Many files at once: who does which job, in what order the answers come back.

Invariant: results come in the order of the jobs, however many work on them; only a
bounded number of jobs is under way, so memory does not grow with the number of files.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from dockeropt.config import Options
from dockeropt.errors import DockeroptError
from dockeropt.results import FixResult, failure

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

    from dockeropt.project.builds import BuildUse

SERIAL = 8
"""Up to so many files starting another process costs more than it brings."""

BATCH = 8
"""Jobs that are handed out together: one job takes about as long as handing it out."""


class Build(NamedTuple):
    """One way in which a Dockerfile is built.

    Args:
        name: The service or target.
        options: The options of the file, with its context, arguments and target.
        frozen: Whether what it builds on is not known, so that nothing may be changed.
    """

    name: str
    options: Options
    frozen: bool = False


class Job(NamedTuple):
    """One text to work on.

    Args:
        path: Its name.
        text: The text.
        options: What is wanted.
        apply: Whether to make fixes or only to find.
        builds: The ways in which it is built, when a compose or bake file says so.
        inline: The builds whose Dockerfiles stand in the text itself: it is a compose file.
        notes: What else there is to say.
    """

    path: str
    text: str
    options: Options
    apply: bool
    builds: tuple[Build, ...] = ()
    inline: "tuple[BuildUse, ...]" = ()
    notes: tuple[str, ...] = ()


Item = Job | FixResult
"""A job, or a result that was clear without one."""

Work = Callable[[Sequence[Job]], list[FixResult]]


def map_jobs(
    items: Iterator[Item], work: Work, *, workers: int | None = None, executor: "Executor | None" = None
) -> Iterator[FixResult]:
    """Yield the result of each item, in order.

    Args:
        items: What is to be done; read only as far ahead as there are hands.
        work: Does some jobs. Another process has to be able to import it.
        workers: How many processes; ``None`` for as many as there are processors.
        executor: Who does the work instead of processes of ours; not shut down.
    """
    if executor is not None:
        yield from _handed_out(items, work, executor, 4 * (workers or 8))
        return
    workers = workers or available_processors()
    few = list(islice(items, SERIAL + 1))
    if workers <= 1 or len(few) <= SERIAL:
        yield from _serial(chain(few, items), work)
        return
    from concurrent.futures import ProcessPoolExecutor

    pool = ProcessPoolExecutor(workers, initializer=_begin)
    try:
        yield from _handed_out(chain(few, items), work, pool, 4 * workers)
    finally:
        # Also on Ctrl-C, and when the caller wants no more: nobody waits for what was not begun.
        pool.shutdown(wait=False, cancel_futures=True)


def available_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _serial(items: Iterable[Item], work: Work) -> Iterator[FixResult]:
    for item in items:
        if isinstance(item, FixResult):
            yield item
        else:
            yield from work((item,))


def _handed_out(items: Iterable[Item], work: Work, executor: "Executor", ahead: int) -> Iterator[FixResult]:
    under_way: deque[tuple[list[Job], Future[list[FixResult]] | FixResult]] = deque()
    for batch in _batches(items):
        if isinstance(batch, FixResult):
            under_way.append(([], batch))
        else:
            under_way.append((batch, executor.submit(work, batch)))
        while len(under_way) > ahead:
            yield from _answer(*under_way.popleft())
    while under_way:
        yield from _answer(*under_way.popleft())


def _batches(items: Iterable[Item]) -> Iterator[list[Job] | FixResult]:
    batch: list[Job] = []
    for item in items:
        if isinstance(item, Job):
            batch.append(item)
            if len(batch) < BATCH:
                continue
        if batch:
            yield batch
            batch = []
        if isinstance(item, FixResult):
            yield item
    if batch:
        yield batch


def _answer(jobs: list[Job], answer: "Future[list[FixResult]] | FixResult") -> Iterator[FixResult]:
    if isinstance(answer, FixResult):
        yield answer
        return
    try:
        yield from answer.result()
    except Exception as error:  # noqa: BLE001 - a worker that died must not take the others' files along
        reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        for job in jobs:
            yield failure(
                job.path,
                DockeroptError(f"the worker failed: {reason}", path=job.path, hint="try --workers 1"),
                job.text,
            )


def relax_collector() -> None:
    """Let Python look for unreachable cycles less often; for processes that are ours alone.

    PERF: a file leaves thousands of nodes and next to no cycle; looking at every 700 new objects
    takes a tenth of the time.
    """
    import gc

    gc.set_threshold(20_000, 50, 100)


def _begin() -> None:
    relax_collector()
    _ignore_interrupts()


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the parent, which says one sentence instead of one traceback for each worker."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)
