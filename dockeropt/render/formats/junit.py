"""A JUnit XML report: a suite for each file, a failed case for each finding.

A file without findings has one case, which passed: a report without any case is taken for a run
that did not happen. The format has no place for fixes.
"""

from collections.abc import Callable, Mapping

from dockeropt.render.formats.report import Entry, FileReport, Format, RunFacts, advice
from dockeropt.render.formats.xmltext import attribute, content


class Junit(Format):
    """Collected, for the root element has the sums."""

    def __init__(self, facts: RunFacts) -> None:
        super().__init__(facts)
        self._suites: list[str] = []
        self._tests = self._failures = self._errors = 0

    def file(self, report: FileReport) -> str:
        cases = [_case(entry, report.path) for entry in report.entries]
        errors = sum(entry.status == "error" for entry in report.entries)
        failures = len(cases) - errors
        if not cases:
            cases = [f"<testcase name={attribute('dockeropt')} classname={attribute(report.path)}/>\n"]
        self._tests += len(cases)
        self._failures += failures
        self._errors += errors
        self._suites.append(
            f'<testsuite name={attribute(report.path)} tests="{len(cases)}" failures="{failures}"'
            f' errors="{errors}" skipped="0">\n{"".join(cases)}</testsuite>\n'
        )
        return ""

    def tail(self) -> str:
        return (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<testsuites name="dockeropt" tests="{self._tests}" failures="{self._failures}"'
            f' errors="{self._errors}">\n{"".join(self._suites)}</testsuites>\n'
        )


def _case(entry: Entry, path: str) -> str:
    kind = "error" if entry.status == "error" else "failure"
    lines = [f"{path}:{entry.line}:{entry.column}: {entry.message}"]
    fix = advice(entry)
    lines += [f"fix: {fix}"] if fix else []
    lines += [f"because: {why}" for why in entry.because]
    name = f"{entry.code} {path}:{entry.line}:{entry.column}"
    return (
        f"<testcase name={attribute(name)} classname={attribute(path)} file={attribute(path)}"
        f' line="{entry.line}">\n'
        f"<{kind} type={attribute(entry.code)} message={attribute(entry.message)}>{content(lines)}</{kind}>\n"
        "</testcase>\n"
    )


MAKERS: Mapping[str, Callable[[RunFacts], Format]] = {"junit": Junit}
