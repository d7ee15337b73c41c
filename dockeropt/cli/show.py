"""The commands that tell something: ``passes``, ``explain``, ``files``."""

import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from dockeropt import api
from dockeropt.cli.options import Request
from dockeropt.cli.output import VERBOSE, Output
from dockeropt.cli.settings import settings_of
from dockeropt.config import Options, Settings, user_folder
from dockeropt.discovery import Search, discover
from dockeropt.errors import ConfigError, DockeroptError, FileProblem, printable
from dockeropt.rewrite.passes import PassInfo

if TYPE_CHECKING:
    from dockeropt.render.rows import Row

ERROR, NOTHING_FOUND = 2, 3


# --- passes ----------------------------------------------------------------------------


def passes(output_format: str) -> int:
    """Print the catalogue of passes as ``table``, ``json`` or ``markdown``."""
    known = api.list_passes()
    if output_format == "json":
        import json

        print(json.dumps([_record(info) for info in known.values()], indent=2))
    elif output_format == "markdown":
        from dockeropt.render.passpage import index
        from dockeropt.rewrite.registry import load_registry

        print(index(load_registry()), end="")
    else:
        _print_table(known)
    return 0


def _record(info: PassInfo) -> dict[str, object]:
    return {
        "id": info.id,
        "category": info.category.value,
        "phase": info.phase.name.lower(),
        "applicability": info.level.word,
        "default": info.default,
        "since": info.since,
        "aliases": list(info.aliases),
        "summary": info.summary,
        "plugin": info.plugin,
    }


def _print_table(known: Mapping[str, PassInfo]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("pass", "category", "level", "on"):
        table.add_column(heading, no_wrap=True)
    table.add_column("what it does")
    for info in known.values():
        table.add_row(
            info.id,
            info.category.value,
            info.level.word,
            "yes" if info.default else "opt-in",
            info.summary.rstrip("."),
        )
    Console().print(table)


# --- explain ---------------------------------------------------------------------------


def explain(subject: str) -> int:
    """Explain a pass, or what is said about a file or one line of it."""
    try:
        path, line = _place(subject)
        if path:
            return _explain_place(path, line)
        from dockeropt.rewrite.registry import load_registry

        ids = sorted(load_registry().resolve(subject))
        if not ids:
            raise ConfigError(f"no pass answers to {subject!r} yet", hint="`dockeropt passes` lists them")
        for number, name in enumerate(ids):
            _print_page(load_registry().passes[name], blank=number > 0)
    except DockeroptError as error:
        sys.stderr.write(f"error: {error}\n")
        return ERROR
    return 0


def _place(subject: str) -> tuple[str, int]:
    """Tell ``FILE`` and ``FILE:LINE`` from the name of a pass; line 0 is the whole file."""
    if os.path.isfile(subject):
        return subject, 0
    path, colon, number = subject.rpartition(":")
    if colon and number.isdigit() and path:
        return path, int(number)
    return ("", 0) if os.sep not in subject or not os.path.dirname(subject) else _maybe_alias(subject)


def _maybe_alias(subject: str) -> tuple[str, int]:
    """A name with a slash is another tool's (``hadolint/DL3009``) unless its folder exists."""
    return (subject, 0) if os.path.isdir(os.path.dirname(subject)) else ("", 0)


def _print_page(found: object, *, blank: bool) -> None:
    from dockeropt.render.passpage import page
    from dockeropt.rewrite.passes import Pass

    assert isinstance(found, Pass)
    text = page(found)
    if blank:
        print()
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.markdown import Markdown

        Console().print(Markdown(text))
    else:
        print(text, end="")


def _explain_place(path: str, line: int) -> int:
    """Print what every pass has to say about one line, or about the whole file."""
    from dockeropt import files
    from dockeropt.render.console import Palette, row_lines
    from dockeropt.render.rows import rows_of

    options = Settings(user_folder=user_folder(os.environ))(path)
    source = files.read(path)
    lines = source.text.count("\n") + 1
    if line > lines:
        raise FileProblem(f"there is no line {line}", path=path, hint=f"the file has {lines}")
    result = api.work([api.job(path, source.text, options._replace(unsafe_fixes=True), apply=False)])[0]
    for error in result.errors:
        sys.stderr.write(f"error: {error}\n")
    rows = [row for row in rows_of(result) if not line or _concerns(row, source.text, line)]
    for text in row_lines(rows, path, Palette(coloured=sys.stdout.isatty()), evidence=True):
        print(text)
    if not rows:
        print(f"No pass has anything to say about {printable(path)}{f', line {line}' if line else ''}.")
    else:
        print(f"`dockeropt explain {rows[0].pass_id}` tells more.")
    return 4 if result.outcome.problems else 0


def _concerns(row: "Row", text: str, line: int) -> bool:
    """Tell whether a finding points at the line or its fix would change it."""
    for start, end in (row.span, *[edit.span for edit in row.edits]):
        first = text.count("\n", 0, start) + 1
        if first <= line <= first + text.count("\n", start, max(start, end - 1)):
            return True
    return False


# --- files -----------------------------------------------------------------------------


def files(request: Request) -> int:
    """Print the Dockerfiles that would be looked at; with ``-v`` also the configuration of each."""
    found_any = failed = False
    try:
        settings = settings_of(request, os.environ)
        with Output(request, os.environ) as output:

            def search(path: str) -> Search:
                try:
                    return settings(path).search
                except ConfigError:
                    return Options().search

            for found in discover(request.paths or (".",), search):
                if isinstance(found, FileProblem):
                    output.error(found)
                    failed = True
                    continue
                found_any = True
                output.out(
                    printable(found) + _origin(settings, found, verbose=output.level >= VERBOSE) + "\n"
                )
    except DockeroptError as error:
        sys.stderr.write(f"error: {error}\n")
        return ERROR
    if failed:
        return ERROR
    if not found_any and not request.allow_empty:
        sys.stderr.write("error: no Dockerfile found (hint: names, exclusions: docs/configuration.md)\n")
        return NOTHING_FOUND
    return 0


def _origin(settings: Settings, path: str, *, verbose: bool) -> str:
    if not verbose:
        return ""
    try:
        origin = settings(path).origin
    except ConfigError as error:
        return f"  ({error})"
    return f"  (configuration: {printable(origin) or 'none'})"
