"""Workflow commands that GitHub Actions turns into annotations, and every finding as plain text.

Invariant: nothing that a Dockerfile or its name holds can begin another command.
GitHub shows 10 annotations of each kind for a step (actions/toolkit pull request 734, 2021-03); no
more are written, the last line says how many are left out. Escapes: actions/toolkit ``command.ts``.
"""

from collections.abc import Callable, Mapping

from dockeropt.errors import printable
from dockeropt.render.formats.report import Entry, FileReport, Format, RunFacts, advice

COMMANDS = {"error": "error", "warning": "warning", "info": "notice", "style": "notice"}
LIMIT = 10
"""How many annotations of each kind GitHub shows for a step."""


class Github(Format):
    """Collected: what is graver comes first, and the limit concerns the whole run."""

    def __init__(self, facts: RunFacts) -> None:
        super().__init__(facts)
        self._commands: dict[str, list[str]] = {"error": [], "warning": [], "notice": []}
        self._lines: list[str] = []

    def file(self, report: FileReport) -> str:
        for entry in report.entries:
            command = COMMANDS[entry.severity]
            self._commands[command].append(_annotation(command, entry, report.path))
            self._lines.append(_plain(entry, report.path))
        return ""

    def tail(self) -> str:
        shown = [line for lines in self._commands.values() for line in lines[:LIMIT]]
        hidden = sum(max(len(lines) - LIMIT, 0) for lines in self._commands.values())
        note = ""
        if hidden:
            noun = "finding has" if hidden == 1 else "findings have"
            note = (
                f"{hidden} {noun} no annotation: GitHub shows {LIMIT} errors, warnings and notices each; "
                "all are listed above.\n"
            )
        return "".join([*shown, *self._lines, note])


def _annotation(command: str, entry: Entry, path: str) -> str:
    properties = {"title": f"dockeropt ({entry.code})", "file": path, "line": str(entry.line)}
    if entry.last_line > entry.line:
        properties["endLine"] = str(entry.last_line)  # columns are only allowed within a line
    else:
        properties["col"] = str(entry.column)
        if entry.end_line == entry.line and entry.end_column > entry.column:
            properties["endColumn"] = str(entry.end_column)
    said = ",".join([f"{name}={_property(value)}" for name, value in properties.items()])
    fix = advice(entry)
    lines = [f"{path}:{entry.line}:{entry.column}: {entry.code}: {entry.message}"]
    lines += [f"fix: {fix}"] if fix else []
    lines += [f"because: {why}" for why in entry.because]
    return f"::{command} {said}::{_data(chr(10).join(map(printable, lines)))}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(printable(text)).replace(":", "%3A").replace(",", "%2C")


def _plain(entry: Entry, path: str) -> str:
    fix = advice(entry)
    line = printable(
        f"{path}:{entry.line}:{entry.column}: {entry.code}: {entry.message}{f' [{fix}]' if fix else ''}"
    )
    if line.lstrip().startswith("::") or "##[" in line:
        # The old form of commands is found anywhere in a line.
        line = "path " + line.replace("##[", "## [")
    return line + "\n"


MAKERS: Mapping[str, Callable[[RunFacts], Format]] = {"github": Github}
