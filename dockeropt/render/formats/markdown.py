"""A summary for pull requests: numbers, what would be saved, findings by file, the changes.

Invariant: nothing that a Dockerfile holds is read as Markdown or HTML; the whole is short enough
for a comment, and what had to be left out is said. Longest comment of GitHub: 65,536 characters.
"""

from collections.abc import Callable, Mapping

from dockeropt.errors import printable
from dockeropt.render.formats.report import Entry, FileReport, Format, RunFacts, Totals, advice
from dockeropt.render.markdowntext import code, escaped, fence

LIMIT = 60_000
"""How many characters a summary has at most, closing words aside."""


class Markdown(Format):
    """Collected: the numbers stand at the top."""

    def __init__(self, facts: RunFacts) -> None:
        super().__init__(facts)
        self._parts: list[str] = []
        self._length = 0
        self._hidden: list[str] = []
        self._saved: list[str] = []

    def file(self, report: FileReport) -> str:
        if self.facts.statistics:
            return ""
        if report.result.changed and not report.result.errors:
            self._saved += [f"{code(report.path)}: {escaped(str(one))}" for one in report.estimates()]
        part = _file(report)
        if not part:
            return ""
        if self._length + len(part) > LIMIT:
            part = _file(report, changes=False)  # the findings matter more
        if self._length + len(part) > LIMIT:
            self._hidden.append(f"{code(report.path)} ({len(report.entries)})")
            return ""
        self._length += len(part)
        self._parts.append(part)
        return ""

    def tail(self) -> str:
        lines = ["### dockeropt", "", _verdict(self.facts, self.totals), ""]
        if self.totals.statistics:
            lines += ["| findings | pass |", "| ---: | --- |"]
            ordered = sorted(self.totals.statistics.items(), key=lambda item: (-item[1][0], item[0]))
            lines += [f"| {number} | {code(name)} |" for name, (number, _) in ordered]
            lines.append("")
        if self._saved:
            shown, hidden = self._saved[:20], len(self._saved) - 20
            lines += ["**What that saves**", "", *[f"* {line}" for line in shown]]
            lines += [f"* and {hidden} more"] if hidden > 0 else []
            lines.append("")
        text = "\n".join([*lines, ""]) + "".join(self._parts)
        if self._hidden:
            shown, hidden = self._hidden[:50], len(self._hidden) - 50
            more = f" and {hidden} more files" if hidden > 0 else ""
            text += f"Not shown, for a comment may not be longer (findings): {', '.join(shown)}{more}.\n"
        return text


def _verdict(facts: RunFacts, totals: Totals) -> str:
    from dockeropt.render.console import count

    parts = [f"{count(totals.findings, 'finding')} in {count(totals.files, 'file')}"]
    if totals.fixes:
        verb = "made" if totals.written else "possible"
        parts.append(
            f"{count(totals.fixes, 'fix')} {verb} in {count(totals.written or totals.changed, 'file')}"
        )
    end = ""
    if totals.fixes and not totals.written:
        end = " `dockeropt fix --write` applies them."
    elif facts.command == "check" and totals.findings:
        end = " `dockeropt fix` shows what it would change."
    return f"{'; '.join(parts)}.{end}"


def _file(report: FileReport, *, changes: bool = True) -> str:
    if not report.entries and not report.result.changed:
        return ""
    lines = [f"#### {code(report.path)}", ""]
    if report.entries:
        rows = [_row(entry, written=report.result.written) for entry in report.entries]
        lines += ["| line | | pass | finding |", "| ---: | --- | --- | --- |", *rows, ""]
    diff = report.result.diff() if changes else ""
    if diff:
        text = "\n".join(printable(line) for line in diff.removesuffix("\n").split("\n"))
        ticks = fence(text)
        lines += [
            "<details><summary>Changes</summary>",
            "",
            f"{ticks}diff",
            text,
            ticks,
            "",
            "</details>",
            "",
        ]
    elif report.result.changed:
        lines += ["The changes are too long for this summary: `dockeropt fix` shows them.", ""]
    return "\n".join(lines) + "\n"


_MARKS = {"error": "❌", "warning": "⚠️", "info": "💡", "style": "🎨"}


def _row(entry: Entry, *, written: bool) -> str:
    fix = advice(entry)
    done = "done" if written and entry.status == "fixed" else "fix"
    said = escaped(entry.message) + (f"<br>{done}: {escaped(fix)}" if fix else "")
    return f"| {entry.line} | {_MARKS[entry.severity]} {entry.severity} | {code(entry.code)} | {said} |"


MAKERS: Mapping[str, Callable[[RunFacts], Format]] = {"markdown": Markdown}
