"""The commands that list something: ``passes``, ``files``."""

import sys
from collections.abc import Mapping

from dockeropt import api
from dockeropt.cli.exitcodes import ERROR, NOTHING_FOUND, OK, guarded
from dockeropt.cli.options import Request
from dockeropt.cli.output import VERBOSE, Output, print_out
from dockeropt.config import Settings
from dockeropt.discovery import discover
from dockeropt.errors import ConfigError, DockeroptError, FileProblem, printable
from dockeropt.rewrite.passes import PassInfo

# --- passes ----------------------------------------------------------------------------


def passes(output_format: str) -> int:
    """Print the catalogue of passes as ``table``, ``json`` or ``markdown``."""
    known = api.list_passes()
    if output_format == "json":
        import json

        print_out(json.dumps([_record(info) for info in known.values()], indent=2) + "\n")
    elif output_format == "markdown":
        from dockeropt.render.passpage import index
        from dockeropt.rewrite.registry import load_registry

        print_out(index(load_registry()))
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
    from io import StringIO

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
    text = StringIO()
    Console(file=text, force_terminal=sys.stdout.isatty() or None).print(table)
    print_out(text.getvalue())


# --- files -----------------------------------------------------------------------------


def files(request: Request) -> int:
    """Print the Dockerfiles that would be looked at; with ``-v`` also the configuration of each."""

    def body(settings: Settings, output: Output) -> int:
        found_any = failed = False
        for found in discover(request.paths or (".",), settings.search):
            if isinstance(found, FileProblem):
                output.error(found)
                failed = True
                continue
            found_any = True
            output.out(printable(found) + _origin(settings, found, verbose=output.level >= VERBOSE) + "\n")
        if failed:
            return ERROR
        if not found_any and not request.allow_empty:
            hint = "names, exclusions: docs/configuration.md"
            output.error(DockeroptError("no Dockerfile found", hint=hint))
            return NOTHING_FOUND
        return OK

    return guarded(request, body, lambda: "nothing was changed")


def _origin(settings: Settings, path: str, *, verbose: bool) -> str:
    if not verbose:
        return ""
    try:
        origin = settings(path).origin
    except ConfigError as error:
        return f"  ({error})"
    return f"  (configuration: {printable(origin) or 'none'})"
