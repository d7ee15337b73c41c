"""All changes as one unified diff, for ``git apply`` and ``reviewdog -f=diff``."""

from collections.abc import Callable, Mapping

from dockeropt.render.formats.report import FileReport, Format, RunFacts


class Diffs(Format):
    """A diff for each file that changes, nothing for the others."""

    def file(self, report: FileReport) -> str:
        return report.result.diff()


MAKERS: Mapping[str, Callable[[RunFacts], Format]] = {"diff": Diffs}
