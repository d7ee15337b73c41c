"""``fix`` and ``check`` for changed lines only: ``--from-ref`` and ``--staged``."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockeropt.cli.options import Request
from dockeropt.errors import ConfigError
from dockeropt.results import FixResult
from dockeropt.review.changed import changes_since, changes_staged, only_changed
from dockeropt.writing import write_result

if TYPE_CHECKING:
    from dockeropt.config import Settings


def refuse_contradictions(request: Request) -> None:
    """Refuse to look at changed lines where that has no meaning.

    Raises:
        ConfigError: It has none.
    """
    given = [name for name, said in (("--from-ref", request.from_ref), ("--staged", request.staged)) if said]
    if len(given) > 1:
        raise ConfigError("--from-ref and --staged exclude each other", hint="take one of them away")
    if "-" in request.paths:
        raise ConfigError(f"{given[0]} needs files, - is none", hint="name the Dockerfile")
    if request.verify:
        hint = "verify the file as a whole"
        raise ConfigError(f"--verify and {given[0]} exclude each other", hint=hint)


def narrowed(
    results: Iterator[FixResult], request: Request, settings: "Settings", *, write: bool
) -> Iterator[FixResult]:
    """Yield the results without what concerns lines that nobody changed.

    Args:
        results: What the passes made of the files; none is written yet.
        request: What was asked for.
        settings: Options of each file.
        write: Whether to write what is left.
    """
    changes = changes_since(request.from_ref) if request.from_ref else changes_staged()
    for result in results:
        kept = result if result.error is not None else only_changed(result, changes, settings(result.path))
        yield write_result(kept) if write else kept
