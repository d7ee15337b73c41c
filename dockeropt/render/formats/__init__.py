"""Reports for other programs: one small module a format, one table that lists them.

Invariant: a format only turns records into text. It streams what it can: ``head`` before the first
file, ``file`` for each, ``tail`` after the last one.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockeropt.render.formats.report import Format, RunFacts

FORMATS: Mapping[str, str] = {
    "json": "json_format",
    "diff": "diffs",
    "patch": "mailbox",
    "sarif": "sarif",
    "rdjson": "rdjson",
    "rdjsonl": "rdjson",
    "github": "github",
    "gitlab": "gitlab",
    "checkstyle": "checkstyle",
    "junit": "junit",
    "markdown": "markdown",
}
"""The module that makes a format, by its name; ``text`` and ``concise`` are for people."""

CHANGES = frozenset({"diff", "patch"})
"""Formats that show what the fixes do, so that the fixes have to be made even for ``check``."""


def load_format(name: str, facts: "RunFacts") -> "Format":
    """Return the format called ``name``, ready for the files of one run."""
    from importlib import import_module

    module = import_module(f"dockeropt.render.formats.{FORMATS[name]}")
    made: Format = module.MAKERS[name](facts)
    return made
