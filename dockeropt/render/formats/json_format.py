"""The report as JSON, all that is known of a run; ``dockeropt schema`` describes it."""

from collections.abc import Callable, Mapping

from dockeropt.render.formats.report import FileReport, Format, RunFacts
from dockeropt.render.json_report import file_record, head, tail


class Json(Format):
    """One object, its files written as they are known."""

    def __init__(self, facts: RunFacts) -> None:
        super().__init__(facts)
        self._separator = ""

    def head(self) -> str:
        return head()

    def file(self, report: FileReport) -> str:
        if self.facts.statistics:
            return ""
        text = self._separator + file_record(report.given, report.rows, report.marks, report.estimates())
        self._separator = ",\n"
        return text

    def tail(self) -> str:
        summary: dict[str, object] = self.totals._asdict()
        counted = self.totals.statistics
        if counted is None:
            del summary["statistics"]
        else:
            summary["statistics"] = [
                {"code": code, "count": number, "fixable": glyph != "[ ]"}
                for code, (number, glyph) in sorted(counted.items(), key=lambda item: (-item[1][0], item[0]))
            ]
        return tail(summary)


MAKERS: Mapping[str, Callable[[RunFacts], Format]] = {"json": Json}
