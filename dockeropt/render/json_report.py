"""Results as JSON for programs. The shape is part of the public contract.

``docs/cli.md`` describes it. Keys are only ever added; ``SCHEMA_VERSION`` is raised when one
changes its meaning. Lines and columns are 1-based, columns count code points, ends are
exclusive; ``byte`` is a 0-based offset into the file as UTF-8.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from dockeropt.errors import DockeroptError
from dockeropt.estimates.records import Estimate
from dockeropt.render.jsontext import clean, dumped
from dockeropt.render.rows import Row
from dockeropt.results import FixResult
from dockeropt.text import Source

if TYPE_CHECKING:
    from dockeropt.render.reasons import Place, Remark

SCHEMA_VERSION = 1


def head() -> str:
    """Return the beginning of a report; records of files follow, then :func:`tail`."""
    from dockeropt import __version__

    tool = json.dumps({"name": "dockeropt", "version": __version__})
    return f'{{\n"schema_version": {SCHEMA_VERSION},\n"tool": {tool},\n"files": [\n'


def tail(summary: dict[str, object]) -> str:
    """Return the end of a report."""
    return f'\n],\n"summary": {json.dumps(summary)}\n}}\n'


def file_record(
    result: FixResult, rows: Sequence[Row], marks: Sequence[str], estimates: Sequence[Estimate] = ()
) -> str:
    """Return what is known of one file, as the text of a JSON object.

    Args:
        result: The result.
        rows: Its findings.
        marks: Their fingerprints.
        estimates: What the changes save.
    """
    text = result.fixed if result.written else result.original
    places = _Places(text)
    record: dict[str, object] = {
        "filename": clean(result.path),
        "changed": result.changed,
        "written": result.written,
        "stable": result.outcome.stable,
        "error": _error(result.error) if result.error else None,
        "problems": [_error(problem) for problem in result.problems],
        "findings": [_finding(result.path, row, mark, places) for row, mark in zip(rows, marks, strict=True)],
        "rejected": [
            {"code": one.pass_id, "title": one.title, "reason": one.reason, "line": one.line}
            for one in result.rejected
        ],
        "files": [
            {
                "filename": clean(change.path),
                "before": _clean_or_none(change.before),
                "after": clean(change.after),
            }
            for change in result.files
        ],
        "estimates": [
            {**one._asdict(), "text": clean(one.text), "source": clean(one.source)} for one in estimates
        ],
        "notes": [clean(note) for note in result.notes],
        "diff": clean(result.diff()),
    }
    if result.proof is not None:
        from dockeropt.render.proofs.json_record import proof_record

        record["proof"] = proof_record(result.proof)
    return json.dumps(record, ensure_ascii=False)


def explanation(path: str, line: int, place: "Place | None", remarks: "Sequence[Remark]") -> str:
    """Return what is to say about a file or one line of it, as the text of a JSON object.

    Args:
        path: The file.
        line: The line; 0 for the whole file.
        place: What stands in the line.
        remarks: The findings of the whole file.
    """
    shown = [remark for remark in remarks if not line or line in remark.lines]
    inside = range(place.first, place.last + 1) if place is not None else ()
    rest = [r for r in remarks if r not in shown and not set(inside).isdisjoint(r.lines)]
    record = {
        "schema_version": SCHEMA_VERSION,
        "filename": path,
        "line": line or None,
        "place": place._asdict() if place is not None else None,
        "findings": [remark._asdict() for remark in shown],
        "elsewhere": [remark._asdict() for remark in rest],
    }
    return dumped(record, indent=2) + "\n"


def _error(error: DockeroptError) -> dict[str, object]:
    return {
        "kind": type(error).__name__,
        "message": clean(error.message),
        "line": error.line,
        "column": error.column,
        "hint": clean(error.hint),
    }


def _finding(path: str, row: Row, mark: str, places: "_Places") -> dict[str, object]:
    fix: dict[str, object] | None = None
    if row.title:
        fix = {
            "applicability": row.applicability,
            "message": clean(row.title),
            "because": [clean(why) for why in row.because],
            "effects": list(row.effects),
            "edits": [
                {
                    "content": clean(edit.text),
                    "location": places.place(edit.span.start),
                    "end_location": places.place(edit.span.end),
                }
                for edit in row.edits
            ],
            "files": [
                {
                    "filename": clean(one.path),
                    "before": _clean_or_none(one.before),
                    "after": clean(one.after),
                }
                for one in row.files
            ],
        }
    return {
        "code": row.pass_id,
        "category": row.category,
        "severity": row.severity,
        "status": row.status,
        "message": clean(row.message),
        "fingerprint": mark,
        "filename": clean(path),
        "location": places.place(row.span.start),
        "end_location": places.place(row.span.end),
        "fix": fix,
    }


class _Places:
    """Turn offsets into lines, columns and bytes."""

    def __init__(self, text: str) -> None:
        self._source = Source(text)
        self._ascii = text.isascii()

    def place(self, offset: int) -> dict[str, int]:
        """Return all that can be said of one place; ``row`` is ruff's word for the line."""
        at = self._source.position(offset)
        byte = offset
        if not self._ascii:
            byte = len(self._source.text[:offset].encode("utf-8", "surrogateescape"))
        return {"line": at.line, "row": at.line, "column": at.column, "byte": byte}


def _clean_or_none(text: str | None) -> str | None:
    return None if text is None else clean(text)
