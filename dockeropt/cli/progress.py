"""A progress bar for many files; rich is only loaded when there are many."""

from collections.abc import Iterator

from dockeropt.errors import printable
from dockeropt.results import FixResult

MANY = 20
"""Up to so many files nobody needs a bar."""


def with_progress(results: Iterator[FixResult]) -> Iterator[FixResult]:
    """Yield the results, and show on standard error how far things are after the first few.

    How many files there are is not known before the last folder was read, so the bar
    says how many are done and which was the last.
    """
    for number, result in enumerate(results):
        yield result
        if number == MANY:
            break
    else:
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(bar_width=20),
        TextColumn("{task.completed} files"),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None, completed=MANY + 1)
        for result in results:
            progress.update(task, advance=1, description=escape(result.path[-60:]))
            yield result


class StatusLine:
    """One line on standard error that says what is being done."""

    def __init__(self) -> None:
        from rich.console import Console

        self._status = Console(stderr=True).status("")
        self._status.start()

    def show(self, text: str) -> None:
        """Put another text there."""
        from rich.markup import escape

        self._status.update(escape(printable(text)[:200]))

    def stop(self) -> None:
        """Take the line away."""
        self._status.stop()
