"""Findings that a project knows already: written down once, not reported again.

Invariant: nothing is hidden in silence. How many known findings were found, which are gone and
which file seems to have moved is said at the end. A baseline names findings by fingerprints without
the path, and files by their path from its own folder, so it means the same wherever one stands.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dockeropt.cli.output import VERBOSE, Output
from dockeropt.errors import ConfigError, printable, reason_of
from dockeropt.files import put
from dockeropt.render.fingerprints import fingerprints
from dockeropt.render.jsontext import dumped
from dockeropt.render.rows import Row
from dockeropt.results import FixResult

SCHEMA_VERSION = 1


class Known(NamedTuple):
    """One finding of a baseline.

    Args:
        code: The pass.
        message: What was found when it was written down.
        fingerprint: What it is recognised by, within its file.
    """

    code: str
    message: str
    fingerprint: str


def marks_of(result: FixResult, rows: Sequence[Row]) -> list[str]:
    """Return fingerprints that do not depend on the name of the file."""
    return fingerprints("", result.fixed if result.written else result.original, rows)


# --- writing ---------------------------------------------------------------------------


class Writer:
    """Collect the findings of a run and write them down.

    Args:
        path: The baseline to write.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._files: dict[str, list[Known]] = {}

    def add(self, result: FixResult, rows: Sequence[Row]) -> None:
        """Take up the findings of one file that are not fixed."""
        found = [
            Known(row.pass_id, row.message, mark)
            for row, mark in zip(rows, marks_of(result, rows), strict=True)
            if row.status != "fixed"
        ]
        if found:
            self._files[name_in(self.path, result.path)] = found

    def write(self) -> str:
        """Replace the file and return a sentence that says what it holds.

        Raises:
            FileProblem: It cannot be written.
        """
        from dockeropt.render.console import count

        files = {name: [known._asdict() for known in self._files[name]] for name in sorted(self._files)}
        record = {"schema_version": SCHEMA_VERSION, "tool": "dockeropt", "files": files}
        put(self.path, dumped(record, indent=1) + "\n", hint="check --write-baseline")
        number = sum(map(len, self._files.values()))
        return f"Wrote {count(number, 'finding')} of {count(len(files), 'file')} to {printable(self.path)}."


def name_in(baseline: str, path: str) -> str:
    """Return how a baseline names a file: relative to its own folder, with slashes."""
    if path == "-":
        return path
    folder = os.path.dirname(os.path.abspath(baseline))
    return os.path.relpath(path, folder).replace(os.sep, "/")


# --- reading ---------------------------------------------------------------------------


class Baseline:
    """Recognise what is known.

    Args:
        path: The baseline to read.

    Raises:
        ConfigError: There is none, or it is not one of ours.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.files = _read(path)
        self.known = 0
        self._moved: dict[str, str] = {}
        self._gone: dict[str, list[Known]] = {}
        self._looked_at: set[str] = set()
        self._missing: list[str] | None = None

    def unknown(
        self, result: FixResult, rows: list[Row], marks: Sequence[str]
    ) -> tuple[list[Row], list[str]]:
        """Return the findings that are not known, and their own fingerprints.

        Args:
            result: A file of the run.
            rows: All its findings.
            marks: Fingerprints for reports, one for each row, or none at all.
        """
        own = marks_of(result, rows)
        name = name_in(self.path, result.path)
        entries = self.files.get(name)
        if entries is None:
            name = self._former_name(own)
            entries = self.files.get(name, ())
            if entries:
                self._moved[name] = result.path
        self._looked_at.add(name)
        if result.error is None:
            here = set(own)
            gone = [known for known in entries if known.fingerprint not in here]
            if gone:
                self._gone[name] = gone
        listed = {known.fingerprint for known in entries}
        kept = [
            index for index, mark in enumerate(own) if mark not in listed or rows[index].status == "fixed"
        ]
        self.known += len(rows) - len(kept)
        return [rows[index] for index in kept], [marks[index] for index in kept if marks]

    def _former_name(self, own: Iterable[str]) -> str:
        """Return the file that is no longer there and had at least half of its findings here."""
        if self._missing is None:
            folder = os.path.dirname(os.path.abspath(self.path))
            self._missing = [
                name for name in self.files if not os.path.exists(os.path.join(folder, *name.split("/")))
            ]
        here = set(own)
        best, most = "", 0
        for name in self._missing:
            entries = self.files[name]
            common = sum(known.fingerprint in here for known in entries)
            if name not in self._moved and common > most and 2 * common >= len(entries):
                best, most = name, common
        return best

    def say(self, output: Output) -> None:
        """Say on standard error what was recognised, what is gone, and what moved."""
        from dockeropt.render.console import count

        where = printable(self.path)
        if self.known:
            verb = "is" if self.known == 1 else "are"
            output.say(f"{count(self.known, 'known finding')} {verb} not shown ({where}).")
        for name, path in sorted(self._moved.items()):
            output.say(
                f"{printable(name)} is no longer there; {printable(path)} has the same findings and was taken for "
                "it. Write the baseline again to make that last."
            )
        gone = dict(self._gone)
        folder = os.path.dirname(os.path.abspath(self.path))
        for name, entries in self.files.items():
            seen = name == "-" or name in self._looked_at or name in self._moved
            if not seen and not os.path.exists(os.path.join(folder, *name.split("/"))):
                gone[name] = list(entries)
        number = sum(map(len, gone.values()))
        if number:
            verb = "is" if number == 1 else "are"
            output.say(
                f"{count(number, 'finding')} of the baseline {verb} gone: write it again to forget what was "
                f"mended{'' if output.level >= VERBOSE else ' (-v lists it)'}."
            )
            for name, entries in sorted(gone.items()):
                lines = [
                    f"  gone: {printable(name)}: {one.code}: {printable(one.message)}" for one in entries
                ]
                output.say(*lines, level=VERBOSE)


def _read(path: str) -> Mapping[str, Sequence[Known]]:
    import json

    try:
        with open(path, "rb") as file:
            record = json.loads(file.read().decode("utf-8"))
    except OSError as error:
        hint = "--write-baseline FILE makes one"
        raise ConfigError(reason_of(error), path=path, hint=hint) from None
    except (ValueError, RecursionError):
        raise ConfigError("no baseline: not valid JSON", path=path, hint=_AGAIN) from None
    if not isinstance(record, dict) or record.get("tool") != "dockeropt":
        raise ConfigError("no baseline of dockeropt", path=path, hint=_AGAIN)
    if record.get("schema_version") != SCHEMA_VERSION:
        raise ConfigError("the baseline is of another version", path=path, hint=_AGAIN)
    try:
        return {
            str(name): [
                Known(str(one["code"]), str(one["message"]), str(one["fingerprint"])) for one in found
            ]
            for name, found in record["files"].items()
        }
    except (KeyError, TypeError, AttributeError):
        raise ConfigError("the baseline is damaged", path=path, hint=_AGAIN) from None


_AGAIN = "write it again with --write-baseline"
