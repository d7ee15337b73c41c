"""The typer application: help, completion, error messages, and the smaller commands.

``fix`` and ``check`` are built from the table in ``options.py``; ``arguments.py`` reads
their ordinary command lines without this module ever being loaded.
"""

import enum
import inspect
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from dockeropt.cli.options import Opt, Request, options_of

_PATHS = {
    "fix": "Dockerfiles, files that hold or build some (.py, .md, .yaml, .hcl), or folders to search; - is standard input.",
    "check": "Dockerfiles, files that hold or build some (.py, .md, .yaml, .hcl), or folders to search; - is standard input.",
    "explain": "A pass, a Dockerfile, or FILE:LINE.",
    "files": "Folders to search.",
    "verify": "The Dockerfile, or its folder.",
    "suggest": "Dockerfiles, or folders to search; those that the diff is about by default.",
}

app = typer.Typer(
    name="dockeropt",
    help="Rewrite Dockerfiles into smaller, faster, safer ones, and say why each change may be trusted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def run(arguments: Sequence[str]) -> int:
    """Read the command line with typer, run the command, return the exit code."""
    command = typer.main.get_command(app)
    try:
        result = command.main(args=list(arguments), prog_name="dockeropt", standalone_mode=True)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 2
    return result if isinstance(result, int) else 0


# --- from the table to typer -----------------------------------------------------------


def _parameter(option: Opt) -> inspect.Parameter:
    """Return the parameter of a command function that makes typer offer ``option``."""
    flags = (
        [f"{flag}/--no-{flag[2:]}" for flag in option.flags]
        if option.kind == "switch"
        else list(option.flags)
    )
    text = option.help + (f" [env: {option.env}]" if option.env else "")
    kind: Any
    default: object = None
    if option.kind == "flag":
        kind, default = bool, False
    elif option.kind == "switch":
        kind = bool | None
    elif option.kind == "int":
        kind = int | None
    elif option.kind == "list":
        kind = list[str] | None
    elif option.choices:
        choices: Any = enum.StrEnum
        kind = choices(option.name, {choice: choice for choice in option.choices}) | None
    else:
        kind = str | None
    extra: dict[str, Any] = {"min": 1, "max": 999} if option.kind == "int" else {}
    info = typer.Option(
        *flags,
        help=text,
        metavar=option.metavar or None,
        show_default=False,
        rich_help_panel=None if option.panel == "Options" else option.panel,
        autocompletion=_passes_like if option.metavar == "PASS" else None,
        **extra,
    )
    return inspect.Parameter(
        option.name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[kind, info]
    )


def _passes_like(incomplete: str) -> list[str]:
    """Return the passes and categories that a shell may make of a word, or of the last one after a comma."""
    from dockeropt import api

    before, comma, word = incomplete.rpartition(",")
    passes = api.list_passes()
    names = {*passes, *(info.category.value for info in passes.values())}
    return [f"{before}{comma}{name}" for name in sorted(names) if name.startswith(word)]


def _said(values: dict[str, Any]) -> dict[str, object]:
    """Keep the values that the command line gave, in the form that :class:`Request` has."""
    found: dict[str, object] = {}
    for name, value in values.items():
        if value is None or value == [] or (value is False and name not in _SWITCHES):
            continue
        if isinstance(value, list):
            found[name] = tuple(map(str, value))
        else:
            found[name] = str(value) if isinstance(value, enum.StrEnum) else value
    return found


_SWITCHES = frozenset(
    option.name for name in ("fix", "check") for option in options_of(name) if option.kind == "switch"
)


def _merge(before: dict[str, object], after: dict[str, object]) -> dict[str, object]:
    """Join what stood before the command with what stood after it; lists add up."""
    merged = {**before, **after}
    for name, value in before.items():
        later = after.get(name)
        if isinstance(value, tuple) and isinstance(later, tuple):
            merged[name] = value + later
    return merged


def _with_options(command: str, body: Callable[[Request], int], doc: str) -> Callable[..., None]:
    """Return a function with the signature that typer needs for the options of ``command``."""

    def function(ctx: typer.Context, **values: Any) -> None:
        request = Request(command)
        paths = values.pop("paths", None)
        for name, value in _merge(ctx.obj or {}, _said(values)).items():
            setattr(request, name, value)
        if paths:
            request.paths = tuple(paths)
        raise typer.Exit(body(request))

    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    completed = _passes_like if command == "explain" else None
    paths = Annotated[
        list[str] | None,
        typer.Argument(help=_PATHS[command], show_default=False, autocompletion=completed),
    ]
    parameters = [
        inspect.Parameter("ctx", positional, annotation=typer.Context),
        inspect.Parameter("paths", positional, default=None, annotation=paths),
        *map(_parameter, options_of(command)),
    ]
    function.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    function.__annotations__ = {p.name: p.annotation for p in parameters}
    function.__name__ = command
    function.__doc__ = doc
    return function


def _root(ctx: typer.Context, **values: Any) -> None:
    if values.pop("version", False):
        from dockeropt import __version__

        sys.stdout.write(f"dockeropt {__version__}\n")
        raise typer.Exit
    ctx.obj = _said(values)


def _build_root() -> None:
    version = Annotated[bool, typer.Option("--version", "-V", help="Show the version.", is_eager=True)]
    parameters = [
        inspect.Parameter("ctx", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context),
        inspect.Parameter("version", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=version),
        *[_parameter(option._replace(panel="Options")) for option in options_of("")],
    ]
    _root.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    _root.__annotations__ = {p.name: p.annotation for p in parameters}
    app.callback(invoke_without_command=True)(_root)


# --- the commands ----------------------------------------------------------------------


def _run_fix(request: Request) -> int:
    from dockeropt.cli.run import run

    return run(request)


def _run_verify(request: Request) -> int:
    from dockeropt.cli.proofs import verify

    return verify(request)


def _run_suggest(request: Request) -> int:
    from dockeropt.cli.suggest import suggest

    return suggest(request)


def _run_explain(request: Request) -> int:
    from dockeropt.cli.explain import explain

    return explain(request)


def _run_files(request: Request) -> int:
    from dockeropt.cli.show import files

    return files(request)


def _build_commands() -> None:
    _build_root()
    app.command("fix")(
        _with_options(
            "fix",
            _run_fix,
            "Show what would be better as a diff, with the reasons; --write makes the changes.",
        )
    )
    app.command("check")(_with_options("check", _run_fix, "List what could be better, and change nothing."))
    app.command("verify")(
        _with_options(
            "verify",
            _run_verify,
            "Build a Dockerfile before and after, and show what really changed: files, packages, size, speed.",
        )
    )
    app.command("suggest")(
        _with_options(
            "suggest",
            _run_suggest,
            "Suggest fixes in a pull request: comments that one click applies (needs the extra review).",
        )
    )
    app.command("explain")(
        _with_options(
            "explain",
            _run_explain,
            "Explain a pass, or why a line of a Dockerfile was changed or left alone.",
        )
    )
    app.command("files")(
        _with_options("files", _run_files, "List the Dockerfiles that fix and check would look at.")
    )


_build_commands()


class PassFormat(enum.StrEnum):
    """How the catalogue is shown."""

    table = "table"
    json = "json"
    markdown = "markdown"


@app.command()
def passes(
    output_format: Annotated[
        PassFormat, typer.Option("--output-format", help="How the list is shown.")
    ] = PassFormat.table,
) -> None:
    """List all passes: what each is good for, how far it may be trusted, its names elsewhere."""
    from dockeropt.cli.exitcodes import shielded
    from dockeropt.cli.show import passes as show

    raise typer.Exit(shielded(lambda: show(output_format.value)))


class SchemaName(enum.StrEnum):
    """What there is a schema of."""

    report = "report"
    config = "config"
    verify = "verify"


@app.command()
def schema(
    name: Annotated[SchemaName, typer.Argument(help="What to describe.")] = SchemaName.report,
) -> None:
    """Print a JSON schema: of the JSON report, of the configuration, or of verify's report."""
    from dockeropt.cli.exitcodes import shielded
    from dockeropt.cli.schemas import schema as show

    raise typer.Exit(shielded(lambda: show(name.value)))


class InitPart(enum.StrEnum):
    """What ``init`` can write."""

    config = "config"
    pre_commit = "pre-commit"
    github = "github"
    libcst = "libcst"


@app.command()
def init(
    folder: Annotated[str, typer.Argument(help="The top of the project.")] = ".",
    *,
    only: Annotated[
        list[InitPart] | None, typer.Option("--only", help="Write only this part; libcst is written only so.")
    ] = None,
    repository: Annotated[
        str,
        typer.Option(
            "--repository",
            metavar="URL",
            help="Where dockeropt's repository lies: use its hook and action instead of the package.",
        ),
    ] = "",
    stdout: Annotated[bool, typer.Option("--stdout", help="Print the files, write none.")] = False,
) -> None:
    """Write a configuration, a pre-commit hook and a GitHub workflow, each only where it is absent."""
    from dockeropt.cli.exitcodes import shielded
    from dockeropt.cli.init import init as write

    parts = tuple(part.value for part in only or ())
    raise typer.Exit(shielded(lambda: write(folder, parts, repository, stdout=stdout)))


@app.command()
def lsp(
    ctx: typer.Context,
    *,
    stdio: Annotated[
        bool, typer.Option("--stdio", help="Talk through standard input and output, the only way there is.")
    ] = True,
    config: Annotated[
        list[str] | None,
        typer.Option(
            "--config", metavar="FILE|KEY=VALUE", help="A configuration file, or one setting in TOML."
        ),
    ] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Read no configuration file.")] = False,
) -> None:
    """Answer an editor: a language server with diagnostics, fixes and reasons (needs the extra lsp)."""
    from dockeropt.cli.serve import lsp as serve

    _ = stdio
    request = Request("lsp")
    said = _said({"config": config, "isolated": isolated})
    for name, value in _merge(ctx.obj or {}, said).items():
        setattr(request, name, value)
    raise typer.Exit(serve(request))
