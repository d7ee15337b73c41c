"""GitLab's code quality report, a JSON array.

Invariant: fingerprints are unique over the report; GitLab shows only the first of equal ones.
The format has no place for fixes. Source: GitLab's documentation "Code Quality report format", read 2026-11.
"""

from collections.abc import Callable, Mapping

from dockeropt.render.formats.report import Entry, FileReport, Format, Listing, RunFacts
from dockeropt.render.jsontext import dumped

SEVERITIES = {"error": "critical", "warning": "major", "info": "minor", "style": "info"}


class Gitlab(Listing):
    """One issue for each finding and error."""

    def head(self) -> str:
        return "[\n"

    def records(self, report: FileReport) -> list[str]:
        return [dumped(_issue(entry, report.path)) for entry in report.entries]

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
