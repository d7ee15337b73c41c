"""The commands ``fix`` and ``check``: from a request to output and an exit code.

The exit codes are a public contract (``docs/cli.md``). Over several files the gravest wins:
2 (usage, configuration, input or output, a bug of ours) before 4 (BuildKit rejects a file)
before 1 (something to report or to change) before 3 (no file found) before 0.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from dockeropt import api
from dockeropt.cli.options import Request
from dockeropt.cli.output import NORMAL, VERBOSE, Output
from dockeropt.cli.settings import settings_of
from dockeropt.config import FAIL_LEVELS, Options, Settings
from dockeropt.errors import ConfigError, DockeroptError, FileProblem, InternalProblem, printable
from dockeropt.parallel import relax_collector
from dockeropt.render.console import (
    GLYPHS,
    Tally,
    check_summary,
    fix_summary,
    row_lines,
    saving_lines,
    statistics,
)
from dockeropt.render.rows import can_fix, rows_of
from dockeropt.results import FixResult, failure, untouched
from dockeropt.rewrite.registry import load_registry

if TYPE_CHECKING:
    from dockeropt.estimates.records import Estimate
    from dockeropt.render.rows import Row

OK, FINDINGS, ERROR, NOTHING_FOUND, REJECTED, VERIFIED_DIFFERENT = 0, 1, 2, 3, 4, 5
INTERRUPTED = 130
PIPE_CLOSED = 141

MAX_SAVINGS = 3
"""Of as many changed files the closing lines say what it saves; a report in JSON says it of all."""

_BUILD_ENDINGS = {"--compose": (".yaml", ".yml"), "--bake": (".hcl", ".json")}

_GRAVEST_FIRST = (ERROR, REJECTED, VERIFIED_DIFFERENT, FINDINGS, NOTHING_FOUND)


def exit_code(codes: Iterable[int]) -> int:
    """Return the code of a whole run: the gravest of those of its files.

    >>> exit_code([0, 1, 4])
    4
    """
    found = set(codes)
    return next((code for code in _GRAVEST_FIRST if code in found), OK)


def run(request: Request) -> int:
    """Do what the request asks for and return the exit code; never raises."""
    session: Session | None = None
    try:
        settings = settings_of(request, os.environ)
        with Output(request, os.environ) as output:
            session = Session(request, settings, output)
            return session.run()
    except DockeroptError as error:
        sys.stderr.write(f"error: {error}\n")
        return ERROR
    except KeyboardInterrupt:
        sys.stderr.write(f"interrupted: {session.so_far() if session else 'nothing was done'}\n")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever reads us has had enough. Python must not complain about it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 - the last resort: one sentence instead of a traceback
        return _bug(error, verbose=request.verbose)


def _bug(error: Exception, *, verbose: bool) -> int:
    problem = InternalProblem.of(error, "")
    sys.stderr.write((problem.trace if verbose else "") + f"error: {problem}\n")
    return ERROR


class Session:
    """One run over the files of one request."""

    def __init__(self, request: Request, settings: Settings, output: Output) -> None:
        _refuse_contradictions(request)
        request.paths = (*request.compose, *request.bake) or request.paths
        self.request = request
        self.settings = settings
        self.output = output
        self.is_check = request.command == "check" and not request.diff
        self.write = request.write or request.fix
        self.tally = Tally()
        self.codes: set[int] = set()
        self.general = self._general_options()
        self.json = self.general.output_format == "json"
        self.glyphs: dict[str, str] = {}
        self.savings: list[tuple[str, tuple[Estimate, ...]]] = []
        self._said: set[str] = set()
        self._separator = ""

    def _general_options(self) -> Options:
        """Return the options that concern the run as a whole: those of the first path."""
        first = self.request.paths[0] if self.request.paths else "."
        try:
            return self.settings("." if first == "-" else first)
        except ConfigError:
            if not os.path.exists(first) or os.path.isdir(first):
                raise
            return Options()  # the file's own result will say what is wrong

    def run(self) -> int:
        """Go over the files, report each, and return the exit code."""
        relax_collector()
        mark = self.output.err_palette.paint("yellow", "warning")
        self.output.say(*[f"{mark}: {printable(problem)}" for problem in load_registry().problems])
        if self.json:
            from dockeropt.render.json_report import head

            self.output.out(head())
        if self.request.paths == ("-",):
            self._report(self._standard_input())
        else:
            for result in self._results():
                self._report(result)
        if not self.tally.files and not self.request.allow_empty:
            self._nothing_found()
        code = exit_code(self.codes)
        self._close(code)
        return code

    def _results(self) -> Iterator[FixResult]:
        results = api.fix_paths(
            self.request.paths or (".",),
            options=self.settings,
            write=self.write and not self.request.verify,
            apply=not self.is_check or self.request.fix,
            jobs=self.request.workers,
            services=(*self.request.service, *self.request.bake_target),
        )
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
        self._count(result, rows)
        if self.output.level >= VERBOSE and not isinstance(result.error, ConfigError):
            origin = self.settings(result.path if result.path != "-" else ".").origin
            self.output.say(f"{printable(result.path)}: configuration {printable(origin) or 'none'}")
        self._errors(result)
        self.output.say(*[f"note: {printable(note)}" for note in result.notes])
        if result.proof is not None and not self.json:
            from dockeropt.cli.proofs import proof_lines

            self.output.say(*proof_lines(result))
        if self.request.statistics:
            pass
        elif self.json:
            from dockeropt.render.json_report import file_record

            self.output.out(self._separator + file_record(result, rows, self._estimates(result)))
            self._separator = ",\n"
        elif self.is_check:
            self._report_check(result, rows)
        else:
            self._report_fix(result, rows)
        if not self.json and not self.request.statistics and self.output.level >= NORMAL:
            self._note_savings(result, rows)

    def _note_savings(self, result: FixResult, rows: "list[Row]") -> None:
        """Keep what the changes save, for the closing lines; in ``check`` what they would save."""
        if len(self.savings) > MAX_SAVINGS:
            return
        if self.is_check and not self.request.fix:
            unsafe = self.request.unsafe is True
            if result.errors or not any(can_fix(row, unsafe=unsafe) for row in rows):
                return
            options = self.settings(result.path if result.path != "-" else ".")
            if len(result.builds) > 1:
                return
            if result.builds:
                build_args, target = result.builds[0]
                options = options._replace(build_args=build_args, target=target, context=result.context)
            builds = result.builds
            result = api.work([api.job(result.path, result.original, options, apply=True)])[0]
            result = result._replace(builds=builds)
        if result.changed and not result.errors:
            self.savings.append((result.path, self._estimates(result)))

    def _estimates(self, result: FixResult) -> "tuple[Estimate, ...]":
        if not result.changed:
            return ()
        try:
            options = self.settings(result.path if result.path != "-" else ".")
            return api.estimate(result, options=options)
        except Exception as error:  # noqa: BLE001 - what was done is done, and must be reported
            self.output.error(InternalProblem.of(error, result.path))
            return ()

    def _report_check(self, result: FixResult, rows: "list[Row]") -> None:
        if self.request.paths == ("-",) and self.request.fix:
            self.output.out(result.fixed)
        shown = [row for row in rows if row.status != "fixed" or self.request.show_fixes]
        lines = row_lines(shown, result.path, self.output.palette, evidence=self._evidence())
        if self.request.paths == ("-",) and self.request.fix:
            self.output.say(*lines)
        else:
            self.output.out("".join([line + "\n" for line in lines]))

    def _report_fix(self, result: FixResult, rows: "list[Row]") -> None:
        if self.request.paths == ("-",) and not self.request.diff and not self.request.check:
            if result.error is None:
                self.output.out(result.fixed)
        elif self.request.check:
            if result.changed:
                self.output.out(f"Would rewrite {printable(result.path)}\n")
            return
        elif not self.write and result.changed:
            self.output.out(self.output.palette.diff(_relative(result).diff()))
        if not self.write or self.request.show_fixes:
            lines = row_lines(rows, result.path, self.output.err_palette, evidence=self._evidence())
            self.output.say(*lines)

    def _evidence(self) -> bool:
        return self.general.output_format != "concise" or self.output.level >= VERBOSE

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
        if self.request.exit_zero:
            codes.discard(FINDINGS)
        return codes

    # --- the end -----------------------------------------------------------------------

    def _nothing_found(self) -> None:
        self.codes.add(NOTHING_FOUND)
        where = ", ".join(map(printable, self.request.paths or (".",)))
        self.output.error(
            DockeroptError(f"no Dockerfile found in {where}", hint="name a file, or see `dockeropt files -v`")
        )

    def _close(self, code: int) -> None:
        if self.request.statistics and not self.json:
            self.output.out(statistics(self.tally.findings, self.glyphs))
        if self.json:
            from dockeropt.render.json_report import tail

            self.output.out(
                tail(
                    {
                        "files": self.tally.files,
                        "changed": self.tally.changed,
                        "written": self.tally.written,
                        "fixes": self.tally.fixed,
                        "findings": sum(self.tally.findings.values()),
                        "exit_code": code,
                    }
                )
            )
        elif self.is_check:
            saved = self._saved(
                "What that saves:" if self.request.fix else "What `dockeropt fix` would save:"
            )
            self.output.say(*check_summary(self.tally, fixed=self.request.fix, saved=saved))
        else:
            target = "".join([f" {_quoted(path)}" for path in self.request.paths])
            target += "".join([f" --service {_quoted(name)}" for name in self.request.service])
            target += "".join([f" --bake-target {_quoted(name)}" for name in self.request.bake_target])
            if not target or len(self.request.paths) > 3:
                target = " ."
            can_write = not self.write and self.request.paths != ("-",)
            saved = self._saved("What that saves:" if self.write else "What that would save:")
            target = target if can_write else ""
            self.output.say(*fix_summary(self.tally, wrote=self.write, target=target, saved=saved))

    def _saved(self, heading: str) -> list[str]:
        return saving_lines(self.savings, heading) if len(self.savings) <= MAX_SAVINGS else []

    def so_far(self) -> str:
        """Return what was done before the run was cut short."""
        if not self.tally.files:
            return "nothing was changed"
        done = f"{self.tally.files} {'file' if self.tally.files == 1 else 'files'} looked at"
        return f"{done}, {self.tally.written} written" if self.write else f"{done}, nothing was changed"


def _refuse_contradictions(request: Request) -> None:
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
    if request.fix and request.diff:
        raise ConfigError("--fix and --diff exclude each other", hint="take one of them away")


def _relative(result: FixResult) -> FixResult:
    """Name the file as ``git apply`` needs it: relative to the current folder."""
    context = _relative_path(result.context) if result.context else ""
    path = "Dockerfile" if result.path == "-" else _relative_path(result.path)
    return result._replace(path=path, context=context)


def _relative_path(path: str) -> str:
    if os.path.isabs(path):
        relative = os.path.relpath(path)
        path = path.lstrip("/") if relative.startswith("..") else relative
    return os.path.normpath(path).replace(os.sep, "/")


def _quoted(path: str) -> str:
    from shlex import quote

    return quote(printable(path))
