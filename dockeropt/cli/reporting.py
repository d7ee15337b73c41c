"""Who tells what a run found: the reporter for people, and the one for other programs.

Invariant: reporters print and count nothing that decides; codes and tallies are the session's.
"""

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from dockeropt import api
from dockeropt.cli.options import Request
from dockeropt.cli.output import NORMAL, VERBOSE, Output
from dockeropt.config import Options, Settings
from dockeropt.errors import InternalProblem, printable
from dockeropt.render.console import (
    Tally,
    check_summary,
    fix_summary,
    row_lines,
    saving_lines,
    statistics,
)
from dockeropt.render.rows import Row, can_fix
from dockeropt.results import FixResult

if TYPE_CHECKING:
    from dockeropt.estimates.records import Estimate

MAX_SAVINGS = 3
"""Of as many changed files the closing lines say what it saves; a report in JSON says it of all."""


class Run(NamedTuple):
    """What a run is about.

    Args:
        request: What was asked for.
        settings: Where the options of each file come from.
        output: Where to write.
        general: The options that concern the run as a whole.
        is_check: Whether findings are listed, not changes.
        write: Whether files are written.
        glyphs: What stands before findings of each pass, filled as they are found.
    """

    request: Request
    settings: Settings
    output: Output
    general: Options
    is_check: bool
    write: bool
    glyphs: dict[str, str]

    def options(self, result: FixResult) -> Options:
        """Return the options of the file of a result."""
        return self.settings(result.path if result.path != "-" else ".")

    def estimates(self, result: FixResult) -> "tuple[Estimate, ...]":
        """Return what the changes of a result save; a failure is reported, never raised."""
        if not result.changed or result.proof is not None:  # what was measured need not be estimated
            return ()
        try:
            return api.estimate(result, options=self.options(result))
        except Exception as error:  # noqa: BLE001 - what was done is done, and must be reported
            self.output.error(InternalProblem.of(error, result.path))
            return ()


class Reporter(Protocol):
    """Tell about the files of a run."""

    needs_marks: bool

    def begin(self) -> None:
        """Write what stands before the first file."""

    def file(self, result: FixResult, rows: list[Row], marks: Sequence[str]) -> None:
        """Tell about one file; ``marks`` are the fingerprints of ``rows`` if they are needed."""

    def close(self, tally: Tally, code: int) -> None:
        """Write what stands after the last file."""


def reporter_of(run: Run, environment: Mapping[str, str]) -> Reporter:
    """Return the reporter for the output format of a run."""
    name = run.general.output_format
    if name in {"text", "concise"}:
        return TextReporter(run)
    from dockeropt.cli.formatted import FormatReporter

    return FormatReporter(run, name, environment.get("GITHUB_STEP_SUMMARY", ""))


# --- for people ------------------------------------------------------------------------


class TextReporter:
    """Diffs and findings on standard output, what is said about them on standard error."""

    needs_marks = False

    def __init__(self, run: Run) -> None:
        self.run = run
        self.savings: list[tuple[str, tuple[Estimate, ...]]] = []

    def begin(self) -> None:
        """Nothing stands before the first file."""

    def file(self, result: FixResult, rows: list[Row], marks: Sequence[str]) -> None:
        del marks
        if self.run.request.statistics:
            return
        if self.run.is_check:
            self._findings(result, rows)
        else:
            self._changes(result, rows)
        if self.run.output.level >= NORMAL:
            self._note_savings(result, rows)

    def _findings(self, result: FixResult, rows: list[Row]) -> None:
        request, output = self.run.request, self.run.output
        prints_file = request.paths == ("-",) and request.fix
        if prints_file:
            output.out(result.fixed)
        shown = [row for row in rows if row.status != "fixed" or request.show_fixes]
        lines = row_lines(shown, result.path, output.palette, evidence=self._evidence())
        if prints_file:
            output.say(*lines)
        else:
            output.out("".join([line + "\n" for line in lines]))

    def _changes(self, result: FixResult, rows: list[Row]) -> None:
        request, output = self.run.request, self.run.output
        if request.paths == ("-",) and not request.diff and not request.check:
            if result.error is None:
                output.out(result.fixed)
        elif request.check:
            if result.changed:
                output.out(f"Would rewrite {printable(result.path)}\n")
            return
        elif not self.run.write and result.changed:
            output.out(output.palette.diff(relative(result).diff()))
        if not self.run.write or request.show_fixes:
            output.say(*row_lines(rows, result.path, output.err_palette, evidence=self._evidence()))

    def _evidence(self) -> bool:
        return self.run.general.output_format != "concise" or self.run.output.level >= VERBOSE

    def _note_savings(self, result: FixResult, rows: list[Row]) -> None:
        """Keep what the changes save, for the closing lines; in ``check`` what they would save."""
        if len(self.savings) > MAX_SAVINGS:
            return
        run = self.run
        if run.is_check and not run.request.fix:
            unsafe = run.request.unsafe is True
            if result.errors or not any(can_fix(row, unsafe=unsafe) for row in rows):
                return
            options = run.options(result)
            if len(result.builds) > 1:
                return
            options = api.of_build(options, result)
            builds = result.builds
            result = api.work([api.job(result.path, result.original, options, apply=True)])[0]
            result = result._replace(builds=builds)
        if result.changed and not result.errors:
            self.savings.append((result.path, run.estimates(result)))

    def close(self, tally: Tally, code: int) -> None:
        del code
        if self.run.request.statistics:
            self.run.output.out(statistics(tally.findings, self.run.glyphs))
        savings = self.savings if len(self.savings) <= MAX_SAVINGS else []
        self.run.output.say(*closing_lines(self.run, tally, savings))


def closing_lines(
    run: Run, tally: Tally, savings: "Sequence[tuple[str, tuple[Estimate, ...]]]" = ()
) -> list[str]:
    """Return the sentences that end a run, for standard error."""
    request = run.request
    if run.is_check:
        heading = "What that saves:" if request.fix else "What `dockeropt fix` would save:"
        return check_summary(tally, fixed=request.fix, saved=saving_lines(savings, heading))
    target = "".join([f" {_quoted(path)}" for path in request.paths])
    target += "".join([f" --service {_quoted(name)}" for name in request.service])
    target += "".join([f" --bake-target {_quoted(name)}" for name in request.bake_target])
    if not target or len(request.paths) > 3:
        target = " ."
    can_write = not run.write and request.paths != ("-",)
    saved = saving_lines(savings, "What that saves:" if run.write else "What that would save:")
    return fix_summary(tally, wrote=run.write, target=target if can_write else "", saved=saved)


# --- names of files --------------------------------------------------------------------


def relative(result: FixResult) -> FixResult:
    """Name the file as ``git apply`` needs it: relative to the current folder."""
    context = relative_path(result.context) if result.context else ""
    path = "Dockerfile" if result.path == "-" else relative_path(result.path)
    return result._replace(path=path, context=context)


def relative_path(path: str) -> str:
    """Return a path relative to the current folder, with slashes; without its root when outside."""
    if os.path.isabs(path):
        inside = os.path.relpath(path)
        path = path.lstrip("/") if inside.startswith("..") else inside
    return os.path.normpath(path).replace(os.sep, "/")


def _quoted(path: str) -> str:
    from shlex import quote

    return quote(printable(path))
