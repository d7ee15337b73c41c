"""What every format gets: the run, its files, and everything that there is to say about each.

Invariant: entries are sorted by place, their paths have forward slashes, and all of their
places refer to ``FileReport.text``.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from dockeropt.errors import DockeroptError, FileProblem, SyntaxProblem
from dockeropt.estimates.records import Estimate
from dockeropt.render.rows import Row
from dockeropt.results import FixResult
from dockeropt.rewrite.fix import FileChange
from dockeropt.text import Edit, Source, Span

SYNTAX, FILE, CONFIG, INTERNAL = "syntax-error", "file-error", "config-error", "internal-error"
ERROR_CODES: Mapping[str, str] = {
    SYNTAX: "BuildKit rejects the file",
    FILE: "The file cannot be read or written",
    CONFIG: "The configuration cannot be used",
    INTERNAL: "A bug in dockeropt",
}
"""What errors are called in reports, and what each means."""


class RunFacts(NamedTuple):
    """What a run is, before its first file.

    Args:
        command: ``fix`` or ``check``.
        version: The version of dockeropt.
        statistics: Whether findings are counted, not listed.
    """

    command: str
    version: str
    statistics: bool = False


class Totals(NamedTuple):
    """What a run came to.

    Args:
        files: How many files were looked at.
        changed: How many would change or did.
        written: How many were written.
        fixes: How many fixes were made or shown.
        findings: How many findings there are.
        exit_code: What the process ends with.
        statistics: How often each pass found something, and its glyph, when that was asked for.
    """

    files: int
    changed: int
    written: int
    fixes: int
    findings: int
    exit_code: int
    statistics: Mapping[str, tuple[int, str]] | None = None


class Entry(NamedTuple):
    """One finding or error.

    Args:
        code: The pass, or a key of :data:`ERROR_CODES`.
        category: The category of the pass, ``error`` for errors.
        severity: ``error``, ``warning``, ``info`` or ``style``.
        status: As in :class:`~dockeropt.render.rows.Row`; ``error`` for errors.
        applicability: As there.
        message: What was found.
        title: What the fix does, or ``""``.
        because: Evidence.
        span: The place in the text; ``None`` when the whole file is meant.
        line: 1-based line, 1 for the whole file.
        column: 1-based column in code points.
        end_line: Line of the end, which is exclusive.
        end_column: Column of the end.
        edits: Edits of the fix on the text, when it can be made alone.
        files: What the fix changes beside the file.
        fingerprint: What the finding is recognised by.
    """

    code: str
    category: str
    severity: str
    status: str
    applicability: str
    message: str
    title: str
    because: tuple[str, ...]
    span: Span | None
    line: int
    column: int
    end_line: int
    end_column: int
    edits: tuple[Edit, ...]
    files: tuple[FileChange, ...]
    fingerprint: str

    @property
    def last_line(self) -> int:
        """Return the last line that the place has a character of."""
        ends_before = self.end_column == 1 and self.end_line > self.line
        return self.end_line - ends_before

    @property
    def said(self) -> str:
        """Return the finding and its fix in one sentence, for formats that have room for one."""
        fix = advice(self)
        return f"{self.message}: {fix}" if fix else self.message

    @property
    def creates(self) -> tuple[str, ...]:
        """Return the files that the fix creates: most formats cannot say that."""
        return tuple([change.path for change in self.files if change.before is None])


class FileReport(NamedTuple):
    """One file of a run.

    Args:
        path: As formats show it: relative to the current folder, forward slashes.
        given: What was done, its path as the user gave it.
        result: The same with paths relative to the current folder.
        rows: All findings that the baseline does not know, the fixed ones too.
        marks: Their fingerprints.
        entries: Errors first, then the findings to show: the fixed ones only in a preview or on demand.
        text: What the places refer to.
        estimates: Gives what the changes save; costs time.
    """

    path: str
    given: FixResult
    result: FixResult
    rows: Sequence[Row]
    marks: Sequence[str]
    entries: Sequence[Entry]
    text: str
    estimates: Callable[[], Sequence[Estimate]]


class Format:
    """Turn the files of one run into one report; each part may be empty."""

    def __init__(self, facts: RunFacts) -> None:
        self.facts = facts
        self.totals = Totals(0, 0, 0, 0, 0, 0)

    def head(self) -> str:
        """Return what stands before the first file."""
        return ""

    def file(self, report: FileReport) -> str:
        """Return what is to say about one file as soon as it is known."""
        raise NotImplementedError

    def finish(self, totals: Totals) -> str:
        """Return what stands after the last file."""
        self.totals = totals
        return self.tail()

    def tail(self) -> str:
        """Return what :meth:`finish` answers; ``self.totals`` is known by then."""
        return ""


class Listing(Format):
    """A format whose records stand in one list, separated by commas, written as they are known."""

    def __init__(self, facts: RunFacts) -> None:
        super().__init__(facts)
        self._any = False

    def file(self, report: FileReport) -> str:
        """Return the records of a file, behind a comma where there were some before."""
        records = self.records(report)
        if not records:
            return ""
        separator, self._any = ",\n" if self._any else "", True
        return separator + ",\n".join(records)

    def records(self, report: FileReport) -> list[str]:
        """Return what is to say about one file, each record as the text of a JSON value."""
        raise NotImplementedError


def entries_of(result: FixResult, rows: Sequence[Row], marks: Sequence[str], path: str) -> list[Entry]:
    """Return errors and findings of a file as entries.

    Args:
        result: The result.
        rows: Findings to list.
        marks: Their fingerprints.
        path: The path that the fingerprints of errors are made with.
    """
    from dockeropt.render.fingerprints import numbered

    text = result.fixed if result.written else result.original
    source = Source(text)
    found: list[Entry] = []
    if result.error is not None:
        found.append(_whole(result.error))
    for problem in result.outcome.problems:
        start, end = _bounds(problem.span, text)
        at, stop = source.position(start), source.position(end)
        found.append(
            Entry(
                SYNTAX, "error", "error", "error", "", _said(problem.message, problem.hint), "", (),
                Span(start, end), at.line, at.column, stop.line, stop.column, (), (), "",
            )
        )  # fmt: skip
    names = numbered([(path, entry.code, entry.message) for entry in found])
    found = [entry._replace(fingerprint=name) for entry, name in zip(found, names, strict=True)]
    for row, mark in zip(rows, marks, strict=True):
        start, end = _bounds(row.span, text)
        at, stop = source.position(start), source.position(end)
        found.append(
            Entry(
                row.pass_id, row.category, row.severity, row.status, row.applicability, row.message, row.title,
                row.because, Span(start, end), at.line, at.column, stop.line, stop.column, row.edits, row.files,
                mark,
            )
        )  # fmt: skip
    return found


def _bounds(span: Span, text: str) -> tuple[int, int]:
    start = min(max(span.start, 0), len(text))
    return start, min(max(span.end, start), len(text))


def _whole(error: DockeroptError) -> Entry:
    code = INTERNAL
    if isinstance(error, SyntaxProblem):
        code = SYNTAX
    elif isinstance(error, FileProblem):
        code = FILE
    elif type(error).__name__ == "ConfigError":
        code = CONFIG
    line, column = max(error.line, 1), max(error.column, 1)
    message = _said(error.message, error.hint)
    if code == CONFIG and error.path:
        message, line, column = f"{error.path}: {message}", 1, 1
    return Entry(
        code, "error", "error", "error", "", message, "", (), None, line, column, line, column, (), (), ""
    )


def _said(message: str, hint: str) -> str:
    return f"{message} (hint: {hint})" if hint else message


def advice(entry: Entry) -> str:
    """Return one sentence on the fix of an entry, ``""`` when there is none."""
    if not entry.title:
        return ""
    if entry.status == "fixed":
        return entry.title
    level = {"unsafe": " (needs --unsafe)", "suggestion": " (a suggestion)"}.get(entry.applicability, "")
    created = f"; creates {', '.join(entry.creates)}" if entry.creates else ""
    return f"{entry.title}{level}{created}"
