"""The commands ``fix`` and ``check``: from a request to output and an exit code."""

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

from dockeropt import api
from dockeropt.cli.exitcodes import (
    ERROR,
    FINDINGS,
    NOTHING_FOUND,
    REJECTED,
    VERIFIED_DIFFERENT,
    exit_code,
    guarded,
)
from dockeropt.cli.options import Request
from dockeropt.cli.output import NORMAL, VERBOSE, Output
from dockeropt.cli.reporting import Run, reporter_of
from dockeropt.config import FAIL_LEVELS, Options, Settings
from dockeropt.errors import ConfigError, DockeroptError, FileProblem, InternalProblem, printable
from dockeropt.parallel import relax_collector
from dockeropt.render.console import GLYPHS, Tally
from dockeropt.render.formats import CHANGES
from dockeropt.render.rows import can_fix, rows_of
from dockeropt.results import FixResult, failure, untouched
from dockeropt.rewrite.registry import load_registry

if TYPE_CHECKING:
    from dockeropt.cli.baseline import Baseline, Writer
    from dockeropt.render.rows import Row

_BUILD_ENDINGS = {"--compose": (".yaml", ".yml"), "--bake": (".hcl", ".json")}


def run(request: Request) -> int:
    """Do what the request asks for and return the exit code; never raises."""
    if request.watch:
        from dockeropt.cli.watch import watch

        return watch(request, run)
    sessions: list[Session] = []

    def body(settings: Settings, output: Output) -> int:
        sessions.append(Session(request, settings, output))
        return sessions[0].run()

    return guarded(request, body, lambda: sessions[0].so_far() if sessions else "nothing was done")


class Session:
    """One run over the files of one request."""

    def __init__(self, request: Request, settings: Settings, output: Output) -> None:
        _refuse_contradictions(request)
        request.paths = (*request.compose, *request.bake) or request.paths
        self.request = request
        self.settings = settings
        self.output = output
        self.general = self._general_options()
        shows_changes = request.diff or (self.general.output_format in CHANGES and not request.fix)
        self.is_check = request.command == "check" and not shows_changes
        self.write = request.write or request.fix
        self.tally = Tally()
        self.codes: set[int] = set()
        self.glyphs: dict[str, str] = {}
        about = Run(request, settings, output, self.general, self.is_check, self.write, self.glyphs)
        self.reporter = reporter_of(about, os.environ)
        self._said: set[str] = set()
        self.baseline: Baseline | None = None
        self.baseline_writer: Writer | None = None
        if request.baseline or request.write_baseline:
            from dockeropt.cli import baseline

            self.baseline = baseline.Baseline(request.baseline) if request.baseline else None
            if request.write_baseline:
                self.baseline_writer = baseline.Writer(request.write_baseline)

    def _general_options(self) -> Options:
        """Return the options that concern the run as a whole: those of the first path."""
        first = self.request.paths[0] if self.request.paths else "."
        try:
            return self.settings("." if first == "-" else first)
        except ConfigError:
            if not os.path.exists(first) or os.path.isdir(first):
                raise
            # The file's own result will say what is wrong, in the way that was asked for.
            usual = Options()
            return usual._replace(
                output_format=self.request.output_format or usual.output_format,
                fail_level=self.request.fail_level or usual.fail_level,
            )

    def run(self) -> int:
        """Go over the files, report each, and return the exit code."""
        relax_collector()
        mark = self.output.err_palette.paint("yellow", "warning")
        self.output.say(*[f"{mark}: {printable(problem)}" for problem in load_registry().problems])
        self.reporter.begin()
        if self.request.paths == ("-",):
            self._report(self._standard_input())
        else:
            for result in self._results():
                self._report(result)
        if not self.tally.files and not self.request.allow_empty:
            self._nothing_found()
        code = exit_code(self.codes)
        if self.reports:
            self.reporter.close(self.tally, code)
        if self.baseline is not None:
            self.baseline.say(self.output)
        if self.baseline_writer is not None:
            self.output.say(self.baseline_writer.write())
        return code

    @property
    def reports(self) -> bool:
        """Tell whether findings are told; in text they are not while a baseline is written."""
        return self.baseline_writer is None or self.reporter.needs_marks

    @property
    def _is_narrowed(self) -> bool:
        """Tell whether only changed lines are asked for."""
        return self.request.staged or self.request.from_ref is not None

    def _results(self) -> Iterator[FixResult]:
        results = api.fix_paths(
            self.request.paths or (".",),
            options=self.settings,
            write=self.write and not self.request.verify and not self._is_narrowed,
            apply=not self.is_check or self.request.fix,
            jobs=self.request.workers,
            services=(*self.request.service, *self.request.bake_target),
        )
        if self._is_narrowed:
            from dockeropt.cli.narrowed import narrowed

            return narrowed(results, self.request, self.settings, write=self.write)
        if self.request.verify:
            from dockeropt.cli.proofs import proven

            return proven(results, self.request, self.settings, self.output, write=self.write)
        if self._wants_progress():
            from dockeropt.cli.progress import with_progress

            return with_progress(results)
        return results

    def _wants_progress(self) -> bool:
        """Tell whether a bar helps; in a preview the diffs themselves go by."""
        return self.write and sys.stderr.isatty() and self.output.level >= NORMAL

    def _standard_input(self) -> FixResult:
        from dockeropt import files

        name = self.request.stdin_filename or "-"
        options = self.settings(self.request.stdin_filename or ".")
        try:
            data = sys.stdin.buffer.read(files.MAX_BYTES + 1)
            text = files.decode(data, name).text
        except FileProblem as error:
            return failure(name, error)
        if options.force_exclude and self.request.stdin_filename:
            from dockeropt.discovery import is_excluded

            search = options.search
            if is_excluded(name, search.root or os.getcwd(), search.exclude):
                return untouched(name, text)
        return api.work([api.job(name, text, options, apply=not self.is_check or self.request.fix)])[0]

    # --- one file ----------------------------------------------------------------------

    def _report(self, result: FixResult) -> None:
        rows = rows_of(result)
        marks: list[str] = []
        if self.reporter.needs_marks:
            from dockeropt.cli.formatted import reported_path
            from dockeropt.render.fingerprints import fingerprints

            text = result.fixed if result.written else result.original
            marks = fingerprints(reported_path(result.path), text, rows)
        if self.baseline is not None:
            rows, marks = self.baseline.unknown(result, rows, marks)
        if self.baseline_writer is not None:
            self.baseline_writer.add(result, rows)
        self._count(result, rows)
        if self.output.level >= VERBOSE and not isinstance(result.error, ConfigError):
            origin = self.settings(result.path if result.path != "-" else ".").origin
            self.output.say(f"{printable(result.path)}: configuration {printable(origin) or 'none'}")
        self._errors(result)
        self.output.say(*[f"note: {printable(note)}" for note in result.notes])
        if result.proof is not None and self.general.output_format != "json":
            from dockeropt.cli.proofs import proof_lines

            self.output.say(*proof_lines(result))
        if self.reports:
            self.reporter.file(result, rows, marks)

    def _errors(self, result: FixResult) -> None:
        for error in result.errors:
            line = str(error)
            if line not in self._said:  # a wrong configuration concerns many files
                self._said.add(line)
                self.output.error(error)
                if isinstance(error, InternalProblem):
                    self.output.say(error.trace.rstrip(), level=VERBOSE)
        for dropped in result.rejected:
            mark = self.output.err_palette.paint("yellow", "warning")
            place = f"{result.path}:{dropped.line}" if dropped.line else result.path
            self.output.say(f"{mark}: {printable(f'{place}: {dropped}')}")

    def _count(self, result: FixResult, rows: "list[Row]") -> None:
        tally = self.tally
        tally.files += 1
        tally.changed += result.changed
        tally.written += result.written
        tally.refused += bool(result.errors)
        unsafe = self.request.unsafe is True
        for row in rows:
            if row.status == "fixed":
                tally.fixes[row.applicability] = tally.fixes.get(row.applicability, 0) + 1
            elif can_fix(row, unsafe=unsafe):
                tally.fixable += 1
            elif row.status in {"unsafe", "pending"} and row.applicability == "unsafe":
                tally.unsafe += 1
            else:
                tally.left += 1
            if row.status != "fixed" or not self.is_check:
                tally.findings[row.pass_id] = tally.findings.get(row.pass_id, 0) + 1
                self.glyphs.setdefault(row.pass_id, GLYPHS.get(row.applicability, "[ ]"))
        self.codes |= self._codes(result, rows)

    def _codes(self, result: FixResult, rows: "list[Row]") -> set[int]:
        codes: set[int] = set()
        if result.error is not None:
            codes.add(ERROR)
        if result.outcome.problems:
            codes.add(REJECTED)
        if result.proof is not None:
            from dockeropt.cli.proofs import is_different

            codes |= {VERIFIED_DIFFERENT} if is_different(result) else set()
        if self.is_check:
            limit = FAIL_LEVELS.index(self.general.fail_level)
            left = [row for row in rows if row.status != "fixed"]
            if any(FAIL_LEVELS.index(row.severity) <= limit < len(FAIL_LEVELS) - 1 for row in left):
                codes.add(FINDINGS)
        elif result.changed and not self.write:
            codes.add(FINDINGS)
        if result.written and self.request.exit_non_zero_on_fix:
            codes.add(FINDINGS)
        if self.request.exit_zero or self.request.write_baseline:
            codes.discard(FINDINGS)
        return codes

    # --- the end -----------------------------------------------------------------------

    def _nothing_found(self) -> None:
        self.codes.add(NOTHING_FOUND)
        where = ", ".join(map(printable, self.request.paths or (".",)))
        self.output.error(
            DockeroptError(f"no Dockerfile found in {where}", hint="name a file, or see `dockeropt files -v`")
        )

    def so_far(self) -> str:
        """Return what was done before the run was cut short."""
        if not self.tally.files:
            return "nothing was changed"
        done = f"{self.tally.files} {'file' if self.tally.files == 1 else 'files'} looked at"
        return f"{done}, {self.tally.written} written" if self.write else f"{done}, nothing was changed"


def _refuse_contradictions(request: Request) -> None:
    if request.staged or request.from_ref is not None:
        from dockeropt.cli.narrowed import refuse_contradictions

        refuse_contradictions(request)
    for name, files, chosen in (
        ("--compose", request.compose, request.service),
        ("--bake", request.bake, request.bake_target),
    ):
        wrong = [path for path in files if not path.lower().endswith(_BUILD_ENDINGS[name])]
        if wrong:
            endings = " or ".join(_BUILD_ENDINGS[name])
            raise ConfigError(
                f"{name} {wrong[0]}: no such kind of file", hint=f"its name has to end in {endings}"
            )
        if chosen and not any(
            path.lower().endswith(_BUILD_ENDINGS[name]) for path in (*files, *request.paths)
        ):
            part = "--service" if name == "--compose" else "--bake-target"
            raise ConfigError(f"{part} {chosen[0]} needs a file to look in", hint=f"name it with {name}")
    if (request.compose or request.bake) and request.paths:
        raise ConfigError(
            "--compose and --bake say what to fix, and so do paths", hint="name all of them as paths"
        )
    if "-" in request.paths:
        if len(request.paths) > 1:
            raise ConfigError("- cannot be mixed with other paths", hint="run twice")
        if request.write:
            raise ConfigError("--write cannot write to standard input", hint="`fix -` prints the fixed file")
    if request.write and (request.diff or request.check):
        raise ConfigError(
            f"--write and --{'diff' if request.diff else 'check'} exclude each other",
            hint="take one of them away",
        )
    if request.verify and "-" in request.paths:
        raise ConfigError("--verify needs a file, - is none", hint="name the Dockerfile")
    if request.baseline and request.write_baseline:
        raise ConfigError(
            "--baseline and --write-baseline exclude each other",
            hint="--write-baseline alone takes up all findings",
        )
    if request.fix and request.diff:
        raise ConfigError("--fix and --diff exclude each other", hint="take one of them away")
