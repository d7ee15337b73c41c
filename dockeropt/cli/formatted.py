"""The reporter for other programs: it hands each file to one of ``render/formats``.

Invariant: standard output holds the report and nothing else; what people want to know besides
goes to standard error, with ``json`` not even that.
"""

import os
from collections.abc import Sequence

from dockeropt.cli.reporting import Run, closing_lines, relative
from dockeropt.errors import reason_of
from dockeropt.render.console import Tally, statistics
from dockeropt.render.formats import load_format
from dockeropt.render.formats.report import FileReport, RunFacts, Totals, entries_of
from dockeropt.render.rows import Row
from dockeropt.results import FixResult

SUMMARIES = frozenset({"github", "markdown"})
"""Formats that also append a summary to the file that GITHUB_STEP_SUMMARY names."""

_COUNTS = frozenset({"json", "markdown"})
"""Formats with a place for statistics."""


class FormatReporter:
    """Write a report in one format, and a step summary where GitHub wants one.

    Args:
        run: What the run is about.
        name: The format.
        step_summary: The file to append a summary to, ``""`` for none.
    """

    needs_marks = True

    def __init__(self, run: Run, name: str, step_summary: str) -> None:
        from dockeropt import __version__

        self.run = run
        self.name = name
        facts = RunFacts(run.request.command, __version__, run.request.statistics)
        self.format = load_format(name, facts)
        self.step_summary = step_summary if name in SUMMARIES else ""
        self._summary = load_format("markdown", facts) if self.step_summary else None

    def begin(self) -> None:
        self.run.output.out(self.format.head())

    def file(self, result: FixResult, rows: list[Row], marks: Sequence[str]) -> None:
        path = reported_path(result.path)
        pairs = [
            (row, mark)
            for row, mark in zip(rows, marks, strict=True)
            if row.status != "fixed" or self._shows_fixed()
        ]
        report = FileReport(
            path=path,
            given=result,
            result=relative(result),
            rows=rows,
            marks=marks,
            entries=entries_of(result, [row for row, _ in pairs], [mark for _, mark in pairs], path),
            text=result.fixed if result.written else result.original,
            estimates=lambda: self.run.estimates(result),
        )
        self.run.output.out(self.format.file(report))
        if self._summary is not None:
            self._summary.file(report)

    def _shows_fixed(self) -> bool:
        run = self.run
        return run.request.show_fixes or not (run.write or run.is_check)

    def close(self, tally: Tally, code: int) -> None:
        run = self.run
        counted = {name: (number, run.glyphs.get(name, "[ ]")) for name, number in tally.findings.items()}
        totals = Totals(
            files=tally.files,
            changed=tally.changed,
            written=tally.written,
            fixes=tally.fixed,
            findings=sum(tally.findings.values()),
            exit_code=code,
            statistics=counted if run.request.statistics else None,
        )
        run.output.out(self.format.finish(totals))
        if run.request.statistics and self.name not in _COUNTS:
            run.output.say(statistics(tally.findings, run.glyphs).removesuffix("\n"))
        if self._summary is not None:
            self._append(self._summary.finish(totals))
        if self.name != "json":
            run.output.say(*closing_lines(run, tally))

    def _append(self, text: str) -> None:
        try:
            with open(self.step_summary, "a", encoding="utf-8", errors="replace", newline="\n") as file:
                file.write(text)
        except OSError as error:
            mark = self.run.output.err_palette.paint("yellow", "warning")
            self.run.output.say(f"{mark}: GITHUB_STEP_SUMMARY: {reason_of(error)}; no summary was written")


def reported_path(path: str) -> str:
    """Return how reports name a file: relative to the current folder, with slashes.

    What lies outside of it has its absolute path, for no relative one means anything elsewhere.
    """
    if path == "-":
        return path
    try:
        inside = os.path.relpath(path)
    except ValueError:  # another drive of Windows
        inside = ".."
    if inside == ".." or inside.startswith(".." + os.sep):
        inside = os.path.abspath(path)
    return inside.replace(os.sep, "/")
