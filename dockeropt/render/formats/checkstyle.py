"""Checkstyle's XML report, which many build servers read. It has no place for fixes."""

from collections.abc import Callable, Mapping

from dockeropt.render.formats.report import FileReport, Format, RunFacts
from dockeropt.render.formats.xmltext import attribute

SEVERITIES = {"error": "error", "warning": "warning", "info": "info", "style": "info"}


class Checkstyle(Format):
    """One element a file, those without findings too."""

    def head(self) -> str:
        return '<?xml version="1.0" encoding="UTF-8"?>\n<checkstyle version="4.3">\n'

    def file(self, report: FileReport) -> str:
        errors = [
            f'<error line="{entry.line}" column="{entry.column}" severity="{SEVERITIES[entry.severity]}"'
            f" message={attribute(entry.said)} source={attribute(f'dockeropt.{entry.code}')}/>\n"
            for entry in report.entries
        ]
        return f"<file name={attribute(report.path)}>\n{''.join(errors)}</file>\n"

    def tail(self) -> str:
        return "</checkstyle>\n"


MAKERS: Mapping[str, Callable[[RunFacts], Format]] = {"checkstyle": Checkstyle}
