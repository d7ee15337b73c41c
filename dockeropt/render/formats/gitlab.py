"""GitLab's code quality report, a JSON array.

Invariant: fingerprints are unique over the report; GitLab shows only the first of equal ones.
The format has no place for fixes. Source: GitLab's documentation "Code Quality report format", read 2026-11.
"""

from collections.abc import Callable, Mapping

from dockeropt.render.formats.jsontext import dumped
from dockeropt.render.formats.report import Entry, FileReport, Format, RunFacts

SEVERITIES = {"error": "critical", "warning": "major", "info": "minor", "style": "info"}


class Gitlab(Format):
    """One issue for each finding and error."""

    def __init__(self, facts: RunFacts) -> None:
        super().__init__(facts)
        self._separator = ""

    def head(self) -> str:
        return "[\n"

    def file(self, report: FileReport) -> str:
        records = [dumped(_issue(entry, report.path)) for entry in report.entries]
        if not records:
            return ""
        text = self._separator + ",\n".join(records)
        self._separator = ",\n"
        return text

    def tail(self) -> str:
        return "\n]\n"


def _issue(entry: Entry, path: str) -> dict[str, object]:
    return {
        "description": entry.said,
        "check_name": entry.code,
        "fingerprint": entry.fingerprint,
        "severity": SEVERITIES[entry.severity],
        "location": {"path": path, "lines": {"begin": entry.line, "end": entry.last_line}},
    }


MAKERS: Mapping[str, Callable[[RunFacts], Format]] = {"gitlab": Gitlab}
