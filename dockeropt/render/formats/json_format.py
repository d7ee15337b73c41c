"""The report as JSON, all that is known of a run; ``dockeropt schema`` describes it."""

from collections.abc import Callable, Mapping

from dockeropt.render.formats.report import FileReport, Format, Listing, RunFacts
from dockeropt.render.json_report import file_record, head, tail


class Json(Listing):
    """One object, its files written as they are known."""

    def head(self) -> str:
        return head()

    def records(self, report: FileReport) -> list[str]:
        if self.facts.statistics:
            return []
        return [file_record(report.given, report.rows, report.marks, report.estimates())]

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
