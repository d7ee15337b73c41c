"""SARIF 2.1.0: results with fixes, rules with the text of the pass pages.

Invariant: URIs are relative to ``%SRCROOT%`` unless a file lies outside of the current folder;
columns and characters are code points, ends are exclusive; a fix that is listed is complete.
A fix that creates a file is not listed, SARIF cannot say that; nor is one whose text JSON cannot
hold. Sources: OASIS SARIF 2.1.0 errata 01; GitHub's "SARIF support for code scanning", read 2026-11.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from dockeropt.errors import printable
from dockeropt.render.diff import changes, lines_of
from dockeropt.render.formats.report import (
    CONFIG,
    ERROR_CODES,
    FILE,
    INTERNAL,
    Entry,
    FileReport,
    Format,
    Listing,
    RunFacts,
    advice,
)
from dockeropt.render.jsontext import dumped, is_exact
from dockeropt.rewrite.fix import FileChange
from dockeropt.text import Edit, Source, Span

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note", "style": "note"}
ROOT = "%SRCROOT%"
LONGEST_TEXT = 1024
"""GitHub takes no longer descriptions of rules."""

_NO_RESULTS = frozenset({FILE, CONFIG, INTERNAL})
"""What says nothing about a Dockerfile, but that the tool could not do its work."""


class Sarif(Listing):
    """Results are written as they are known; what they refer to stands behind them."""

    def __init__(self, facts: RunFacts) -> None:
        super().__init__(facts)
        self._rules: dict[str, int] = {}
        self._notifications: list[dict[str, object]] = []

    def head(self) -> str:
        return f'{{"$schema": "{SCHEMA}",\n"version": "2.1.0",\n"runs": [{{"results": [\n'

    def records(self, report: FileReport) -> list[str]:
        results: list[str] = []
        places = _Places(report.text)
        location = _artifact(report.path)
        for entry in report.entries:
            if entry.code in _NO_RESULTS:
                self._notifications.append(_notification(entry, location))
            else:
                index = self._rules.setdefault(entry.code, len(self._rules))
                results.append(dumped(_result(entry, index, location, places)))
        return results

    def tail(self) -> str:
        driver = {
            "name": "dockeropt",
            "semanticVersion": self.facts.version,
            "rules": [_rule(code) for code in self._rules],
            "notifications": [
                {"id": code, "shortDescription": {"text": ERROR_CODES[code]}}
                for code in sorted({str(_id_of(one)) for one in self._notifications})
            ],
        }
        invocation: dict[str, object] = {
            "executionSuccessful": not self._notifications,
            "exitCode": self.totals.exit_code,
        }
        if self._notifications:
            invocation["toolExecutionNotifications"] = self._notifications
        run = {
            "tool": {"driver": driver},
            "invocations": [invocation],
            "columnKind": "unicodeCodePoints",
            "automationDetails": {"id": f"dockeropt/{self.facts.command}/"},
            "originalUriBaseIds": {ROOT: {"description": {"text": "The folder that dockeropt ran in."}}},
        }
        return f"\n],\n{dumped(run)[1:]}]}}\n"


class _Places:
    """Turn spans of one text into regions, by characters and by bytes."""

    def __init__(self, text: str) -> None:
        self.source = Source(text)
        self._ascii = text.isascii()

    def region(self, span: Span) -> dict[str, int]:
        start, end = self.source.position(span.start), self.source.position(span.end)
        return {
            "startLine": start.line,
            "startColumn": start.column,
            "endLine": end.line,
            "endColumn": end.column,
            "charOffset": span.start,
            "charLength": span.end - span.start,
            "byteOffset": self._bytes(0, span.start),
            "byteLength": self._bytes(span.start, span.end),
        }

    def _bytes(self, start: int, end: int) -> int:
        if self._ascii:
            return end - start
        return len(self.source.text[start:end].encode("utf-8", "surrogateescape"))


def _artifact(path: str) -> dict[str, object]:
    """Return where a file is; its name percent-encoded as URIs want it."""
    from urllib.parse import quote

    uri = quote(path.encode("utf-8", "surrogateescape"), safe="/")
    if path.startswith("/"):
        return {"uri": f"file://{uri}"}
    if path[1:3] == ":/":  # a drive of Windows
        return {"uri": f"file:///{path[0]}:{uri[4:]}"}
    return {"uri": uri, "uriBaseId": ROOT}


def _result(entry: Entry, index: int, location: dict[str, object], places: _Places) -> dict[str, object]:
    physical: dict[str, object] = {"artifactLocation": location}
    if entry.span is not None:
        physical["region"] = places.region(entry.span)
    fix = advice(entry)
    message = f"{entry.message}. {fix}." if fix else f"{entry.message}."
    found: dict[str, object] = {
        "ruleId": entry.code,
        "ruleIndex": index,
        "level": LEVELS[entry.severity],
        "message": {"text": printable(message)},
        "locations": [{"physicalLocation": physical}],
        "partialFingerprints": {"primaryLocationLineHash": entry.fingerprint},
        "properties": {"status": entry.status, "because": [printable(why) for why in entry.because]},
    }
    fixes = _fixes(entry, location, places)
    if fixes:
        found["fixes"] = fixes
    return found


def _fixes(entry: Entry, location: dict[str, object], places: _Places) -> list[dict[str, object]]:
    texts = [edit.text for edit in entry.edits] + [change.after for change in entry.files]
    if not texts or entry.creates or not all(map(is_exact, texts)):
        return []
    parts: list[dict[str, object]] = []
    if entry.edits:
        parts.append(_change(location, entry.edits, places))
    for change in entry.files:
        before = change.before or ""
        parts.append(_change(_artifact(change.path), _line_edits(change), _Places(before)))
    return [{"description": {"text": printable(f"{entry.title}.")}, "artifactChanges": parts}]


def _change(location: dict[str, object], edits: Iterable[Edit], places: _Places) -> dict[str, object]:
    return {
        "artifactLocation": location,
        "replacements": [
            {"deletedRegion": places.region(edit.span), "insertedContent": {"text": edit.text}}
            for edit in sorted(set(edits))
        ],
    }


def _line_edits(change: FileChange) -> list[Edit]:
    """Return what happens to another file as edits of whole lines."""
    old, new = lines_of(change.before or ""), lines_of(change.after)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return [Edit(Span(starts[i], starts[j]), "".join(new[k:m])) for i, j, k, m in changes(old, new)]


def _notification(entry: Entry, location: dict[str, object]) -> dict[str, object]:
    return {
        "descriptor": {"id": entry.code},
        "level": "error",
        "message": {"text": printable(f"{entry.message}.")},
        "locations": [{"physicalLocation": {"artifactLocation": location}}],
    }


def _id_of(notification: Mapping[str, object]) -> object:
    descriptor = notification["descriptor"]
    assert isinstance(descriptor, Mapping)
    return descriptor["id"]


def _rule(code: str) -> dict[str, object]:
    """Return a rule with the help that its page gives."""
    if code in ERROR_CODES:
        meaning = ERROR_CODES[code]
        return _described(
            code, meaning, meaning, f"{meaning}: the message says why.", "error", ["error"], "error"
        )
    from dockeropt.render.passpage import LEVELS as TRUST
    from dockeropt.render.passpage import markdown, page
    from dockeropt.results import SEVERITIES
    from dockeropt.rewrite.registry import load_registry

    known = load_registry().passes[code]
    text = page(known)
    info = known.info
    level = LEVELS[SEVERITIES.get(info.category.value, "info")]
    full = markdown(info.doc.why) or info.summary
    rule = _described(
        code, info.summary, full, text, level, ["docker", info.category.value, *info.aliases],
        "warning" if level == "warning" else "recommendation",
    )  # fmt: skip
    properties = rule["properties"]
    assert isinstance(properties, dict)
    properties["applicability"] = TRUST[info.level]
    return rule


def _described(
    code: str, short: str, full: str, page: str, level: str, tags: Sequence[str], problem: str
) -> dict[str, object]:
    name = "".join([part.title() for part in code.split("-")])
    return {
        "id": code,
        "name": name,
        "shortDescription": {"text": _sentence(short)},
        "fullDescription": {"text": _sentence(full)},
        "help": {"text": _cut(page), "markdown": page},
        "defaultConfiguration": {"level": level},
        "properties": {"tags": list(tags), "precision": "high", "problem.severity": problem},
    }


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return _cut(text if text.endswith((".", "!", "?")) else f"{text}.")


def _cut(text: str) -> str:
    """Return a text no longer than GitHub takes, cut between two words."""
    if len(text) <= LONGEST_TEXT:
        return text
    return text[: LONGEST_TEXT - 1].rsplit(None, 1)[0] + "…"


MAKERS: Mapping[str, Callable[[RunFacts], Format]] = {"sarif": Sarif}
