"""Diagnostics for reviewdog: ``rdjson``, one object, and ``rdjsonl``, one object a line.

Invariant: columns are 1-based and count bytes of UTF-8, ends are exclusive; a suggestion is
whole lines, for that is what reviewdog hands to GitHub and GitLab. A fix that changes other files
or whose text JSON cannot hold has no suggestion; the message says so.
Source: ``proto/rdf/reviewdog.proto`` of reviewdog, read 2026-11.
"""

from collections.abc import Callable, Mapping

from dockeropt.render.formats.report import Entry, FileReport, Format, Listing, RunFacts, advice
from dockeropt.render.formats.wholelines import line_change
from dockeropt.render.jsontext import dumped, is_exact
from dockeropt.text import Source

SEVERITIES = {"error": "ERROR", "warning": "WARNING", "info": "INFO", "style": "INFO"}
_TOOL = {"name": "dockeropt"}


def diagnostic(entry: Entry, path: str, source: Source) -> dict[str, object]:
    """Return an entry as reviewdog's ``Diagnostic``.

    Args:
        entry: The finding or error.
        path: The file.
        source: Its text.
    """
    location: dict[str, object] = {"path": path}
    if entry.span is not None:
        location["range"] = {
            "start": _position(entry.line, entry.column, source),
            "end": _position(entry.end_line, entry.end_column, source),
        }
    message = entry.message
    fix = advice(entry)
    if fix:
        message = f"{message}\n{fix}"
    found: dict[str, object] = {
        "message": message,
        "location": location,
        "severity": SEVERITIES[entry.severity],
        "source": _TOOL,
        "code": {"value": entry.code},
    }
    if entry.edits and not entry.files:
        change = line_change(source, entry.edits)
        if change is not None and is_exact(change.text):
            lines = {"start": {"line": change.first}, "end": {"line": change.last}}
            found["suggestions"] = [{"range": lines, "text": change.text}]
    elif entry.files:
        names = ", ".join([one.path for one in entry.files])
        found["message"] = f"{message}\nThe fix changes {names}: `dockeropt fix` shows how."
    return found


def _position(line: int, column: int, source: Source) -> dict[str, int]:
    start = source.line_span(line)[0] if line <= len(source.line_starts) else len(source.text)
    before = source.text[start : start + column - 1]
    return {"line": line, "column": len(before.encode("utf-8", "surrogateescape")) + 1}


class Rdjson(Listing):
    """One ``DiagnosticResult``, its diagnostics written as they are known."""

    def head(self) -> str:
        return f'{{\n"source": {dumped(_TOOL)},\n"diagnostics": [\n'

    def records(self, report: FileReport) -> list[str]:
        source = Source(report.text)
        return [dumped(diagnostic(entry, report.path, source)) for entry in report.entries]

    def tail(self) -> str:
        return "\n]\n}\n"


class Rdjsonl(Format):
    """One ``Diagnostic`` a line."""

    def file(self, report: FileReport) -> str:
        source = Source(report.text)
        return "".join([dumped(diagnostic(entry, report.path, source)) + "\n" for entry in report.entries])


MAKERS: Mapping[str, Callable[[RunFacts], Format]] = {"rdjson": Rdjson, "rdjsonl": Rdjsonl}
