"""The options of ``fix`` and ``check``: one table for both readers of the command line.

``arguments.py`` reads ordinary command lines from it in microseconds; ``app.py`` builds
the typer commands from it, for help, completion and error messages. Importing typer alone
takes longer than fixing a file, and parsing with it three times as long again.

Invariant: this module imports nothing that is not loaded anyway.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockeropt.config import FAIL_LEVELS, OUTPUT_FORMATS

COLORS = ("auto", "always", "never")


class Opt(NamedTuple):
    """One option.

    Args:
        name: The attribute of :class:`Request` that it sets.
        flags: How it is written, aliases included; the first is the one to show.
        help: One sentence fragment for ``--help``.
        kind: ``flag``, ``switch`` (has a ``--no-`` form), ``count``, ``text``, ``int``, ``list``.
        metavar: What stands for the value in help.
        choices: The values allowed, none for any.
        commands: The commands that have it.
        env: The environment variable that stands in when it is not given, or ``""``.
        panel: The heading in ``--help``.
    """

    name: str
    flags: tuple[str, ...]
    help: str
    kind: str = "flag"
    metavar: str = ""
    choices: tuple[str, ...] = ()
    commands: tuple[str, ...] = ("fix", "check")
    env: str = ""
    panel: str = "Options"

    @property
    def takes_value(self) -> bool:
        """Tell whether a value follows."""
        return self.kind in {"text", "int", "list"}

    @property
    def negations(self) -> tuple[str, ...]:
        """Return the ``--no-`` forms."""
        if self.kind != "switch":
            return ()
        return tuple([f"--no-{flag[2:]}" for flag in self.flags if flag.startswith("--")])


class Request:
    """What a command line asks for; ``None`` and ``()`` mean "not said"."""

    __slots__ = ("__dict__",)

    command: str = ""
    paths: tuple[str, ...] = ()
    write: bool = False
    fix: bool = False
    diff: bool = False
    check: bool = False
    unsafe: bool | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    fixable: tuple[str, ...] = ()
    unfixable: tuple[str, ...] = ()
    show_fixes: bool = False
    statistics: bool = False
    exit_zero: bool = False
    exit_non_zero_on_fix: bool = False
    fail_level: str | None = None
    output_format: str | None = None
    output_file: str | None = None
    stdin_filename: str | None = None
    exclude: tuple[str, ...] = ()
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool | None = None
    respect_gitignore: bool | None = None
    allow_empty: bool = False
    build_arg: tuple[str, ...] = ()
    target: str | None = None
    context: str | None = None
    compose: tuple[str, ...] = ()
    service: tuple[str, ...] = ()
    bake: tuple[str, ...] = ()
    bake_target: tuple[str, ...] = ()
    verify: bool = False
    engine: str | None = None
    builder: str | None = None
    network: str | None = None
    build_option: tuple[str, ...] = ()
    edit: tuple[str, ...] = ()
    smoke: str | None = None
    no_start: bool = False
    runs: int | None = None
    no_rebuilds: bool = False
    no_compressed: bool = False
    against: str | None = None
    allow: tuple[str, ...] = ()
    verify_format: str | None = None
    provider: str | None = None
    repo: str | None = None
    pull: str | None = None
    merge_request: str | None = None
    base: str | None = None
    diff_file: str | None = None
    from_ref: str | None = None
    staged: bool = False
    token_env: str | None = None
    api_url: str | None = None
    dry_run: bool = False
    max_comments: int | None = None
    patch_file: str | None = None
    fetch: bool = False
    baseline: str | None = None
    write_baseline: str | None = None
    watch: bool = False
    workers: int | None = None
    config: tuple[str, ...] = ()
    isolated: bool = False
    color: str = "auto"
    quiet: bool = False
    silent: bool = False
    verbose: bool = False

    def __init__(self, command: str) -> None:
        self.command = command

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Request) and vars(self) == vars(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Request({vars(self)})"


def options_of(command: str) -> Iterator[Opt]:
    """Yield the options of a command, in the order of ``--help``."""
    return (option for option in TABLE if command in option.commands)


_SELECTION = "Passes"
_FILES = "Files"
_OUTPUT = "Output"
_PROOF = "Proof by builds"
_REVIEW = "Review"
_ANYWHERE = ("fix", "check", "verify", "suggest", "explain", "files", "")
_ABOUT = ("fix", "check", "explain")
_RUNS = (*_ABOUT, "verify", "suggest")
_BUILDS = ("fix", "verify")
PROVIDERS = ("auto", "github", "gitlab")
ENGINES = ("auto", "docker", "podman", "buildah")
EXPLAIN_FORMATS = ("text", "concise", "json")
VERIFY_FORMATS = ("text", "json", "markdown")

TABLE = (
    Opt("write", ("--write", "-w"), "Write the fixed files instead of showing a diff.", commands=("fix",)),
    Opt("fix", ("--fix",), "Write what can be fixed, report what is left.", commands=("check",)),
    Opt("diff", ("--diff",), "Show the changes as a diff, write nothing."),
    Opt("check", ("--check",), "Only name the files that would change.", commands=("fix",)),
    Opt("unsafe", ("--unsafe", "--unsafe-fixes"), "Also make changes that are probably wanted but may change the image.", "switch", commands=_RUNS, env="DOCKEROPT_UNSAFE_FIXES"),
    Opt("select", ("--select",), "Passes or categories to run, instead of the usual ones.", "list", "PASS", env="DOCKEROPT_SELECT", commands=_RUNS, panel=_SELECTION),
    Opt("extend_select", ("--extend-select",), "Passes to run besides.", "list", "PASS", commands=_RUNS, panel=_SELECTION),
    Opt("ignore", ("--ignore",), "Passes not to run.", "list", "PASS", env="DOCKEROPT_IGNORE", commands=_RUNS, panel=_SELECTION),
    Opt("fixable", ("--fixable",), "Passes whose fixes may be applied; the others only report.", "list", "PASS", commands=_RUNS, panel=_SELECTION),
    Opt("unfixable", ("--unfixable",), "Passes that only report.", "list", "PASS", commands=_RUNS, panel=_SELECTION),
    Opt("context", ("--context",), "The build context: what lies there can prove a fix.", "text", "FOLDER", env="DOCKEROPT_CONTEXT", commands=_RUNS, panel=_FILES),
    Opt("target", ("--target",), "The stage that is built; the last one by default.", "text", "STAGE", commands=_RUNS, panel=_FILES),
    Opt("build_arg", ("--build-arg",), "A build argument that the build is given.", "list", "NAME=VALUE", commands=_RUNS, panel=_FILES),
    Opt("compose", ("--compose",), "A compose file: what it builds is fixed.", "list", "FILE", panel=_FILES),
    Opt("service", ("--service",), "Only what this service of the compose file builds.", "list", "SERVICE", panel=_FILES),
    Opt("bake", ("--bake",), "A bake file: what it builds is fixed.", "list", "FILE", panel=_FILES),
    Opt("bake_target", ("--bake-target",), "Only what this target or group of the bake file builds.", "list", "TARGET", panel=_FILES),
    Opt("against", ("--against",), "What it was before: another file, or a git revision; without it, the fixes are verified.", "text", "FILE|REVISION", commands=("verify",), panel=_PROOF),
    Opt("allow", ("--allow",), "What may differ: base, packages, files, env, user, cmd, entrypoint, labels, config.", "list", "EFFECT", commands=("verify",), panel=_PROOF),
    Opt("verify", ("--verify",), "Build before and after, and keep only the fixes that the builds prove.", commands=("fix",), panel=_PROOF),
    Opt("engine", ("--engine",), "Which container engine builds; the first that answers by default.", "text", choices=ENGINES, commands=_BUILDS, panel=_PROOF),
    Opt("builder", ("--builder",), "The buildx builder to use, such as a remote one.", "text", "NAME", commands=_BUILDS, panel=_PROOF),
    Opt("network", ("--network",), "The network of the builds and containers.", "text", "MODE", env="DOCKEROPT_NETWORK", commands=_BUILDS, panel=_PROOF),
    Opt("build_option", ("--build-option",), "One more option for the engine's build, such as '--secret id=token'.", "list", "OPTION", commands=_BUILDS, panel=_PROOF),
    Opt("edit", ("--edit",), "A source file to edit before rebuilding; the likeliest one by default.", "list", "PATH", commands=_BUILDS, panel=_PROOF),
    Opt("smoke", ("--smoke",), "A command that has to succeed inside the running container.", "text", "COMMAND", commands=_BUILDS, panel=_PROOF),
    Opt("no_start", ("--no-start",), "Start no container.", commands=_BUILDS, panel=_PROOF),
    Opt("runs", ("--runs",), "How often each rebuild is measured.", "int", "N", commands=_BUILDS, panel=_PROOF),
    Opt("no_rebuilds", ("--no-rebuilds",), "Do not measure rebuilds.", commands=_BUILDS, panel=_PROOF),
    Opt("no_compressed", ("--no-compressed",), "Do not measure compressed sizes.", commands=_BUILDS, panel=_PROOF),
    Opt("verify_format", ("--output-format",), "How the report is shown.", "text", choices=VERIFY_FORMATS, commands=("verify",), panel=_OUTPUT),
    Opt("exclude", ("--exclude",), "Files and folders to leave out, instead of the usual ones.", "list", "PATTERN", commands=("fix", "check", "files"), panel=_FILES),
    Opt("extend_exclude", ("--extend-exclude",), "More files and folders to leave out.", "list", "PATTERN", commands=("fix", "check", "files"), panel=_FILES),
    Opt("force_exclude", ("--force-exclude",), "Leave excluded files out even when they are named.", "switch", commands=("fix", "check", "files"), panel=_FILES),
    Opt("respect_gitignore", ("--respect-gitignore",), "Leave out what git ignores (the default).", "switch", commands=("fix", "check", "files"), panel=_FILES),
    Opt("from_ref", ("--from-ref",), "Only what concerns lines that changed since the branch left this revision.", "text", "REF", commands=("fix", "check", "suggest"), panel=_FILES),
    Opt("staged", ("--staged",), "Only what concerns lines that are staged for the next commit.", commands=("fix", "check", "suggest"), panel=_FILES),
    Opt("provider", ("--provider",), "Where the pull request is; CI or the remote says it by default.", "text", choices=PROVIDERS, commands=("suggest",), panel=_REVIEW),
    Opt("repo", ("--repo",), "The repository: owner/name, or the number of a GitLab project.", "text", "REPO", commands=("suggest",), panel=_REVIEW),
    Opt("pull", ("--pull",), "The number of the pull request.", "text", "N", commands=("suggest",), panel=_REVIEW),
    Opt("merge_request", ("--merge-request",), "The number of the merge request.", "text", "N", commands=("suggest",), panel=_REVIEW),
    Opt("base", ("--base",), "What the branch is compared with, instead of asking the service for the diff.", "text", "REF", commands=("suggest",), panel=_REVIEW),
    Opt("diff_file", ("--diff",), "The diff of the pull request, instead of asking the service; - is standard input.", "text", "FILE", commands=("suggest",), panel=_REVIEW),
    Opt("fetch", ("--fetch",), "Read the Dockerfiles from the service, not from a checkout: for pull requests from forks.", commands=("suggest",), panel=_REVIEW),
    Opt("token_env", ("--token-env",), "The environment variable that holds the token.", "text", "NAME", commands=("suggest",), panel=_REVIEW),
    Opt("api_url", ("--api-url",), "Where the API of the service begins.", "text", "URL", commands=("suggest",), panel=_REVIEW),
    Opt("dry_run", ("--dry-run",), "Print what would be sent as JSON, and send nothing.", commands=("suggest",), panel=_REVIEW),
    Opt("max_comments", ("--max-comments",), "So many comments at most, 30 by default; the rest is listed.", "int", "N", commands=("suggest",), panel=_REVIEW),
    Opt("patch_file", ("--patch-file",), "Write what has no suggestion there, as a patch.", "text", "FILE", commands=("suggest",), panel=_REVIEW),
    Opt("stdin_filename", ("--stdin-filename",), "The name of what comes from standard input.", "text", "FILE", panel=_FILES),
    Opt("allow_empty", ("--allow-empty",), "Finding no Dockerfile is no failure.", commands=("fix", "check", "files"), panel=_FILES),
    Opt("workers", ("--workers", "-j"), "How many processes to use for many files.", "int", "N", env="DOCKEROPT_NUM_WORKERS", panel=_FILES),
    Opt("output_format", ("--output-format",), "How findings are shown.", "text", choices=OUTPUT_FORMATS, env="DOCKEROPT_OUTPUT_FORMAT", panel=_OUTPUT),
    Opt("output_format", ("--output-format",), "How the explanation is shown.", "text", choices=EXPLAIN_FORMATS, commands=("explain",), panel=_OUTPUT),
    Opt("output_file", ("--output-file", "-o"), "Write there what would go to standard output.", "text", "FILE", env="DOCKEROPT_OUTPUT_FILE", commands=_RUNS, panel=_OUTPUT),
    Opt("show_fixes", ("--show-fixes",), "Name every fix that was made.", panel=_OUTPUT),
    Opt("statistics", ("--statistics",), "Count the findings of each pass.", panel=_OUTPUT),
    Opt("baseline", ("--baseline",), "Do not report the findings that this file knows.", "text", "FILE", commands=("check",), env="DOCKEROPT_BASELINE", panel=_OUTPUT),
    Opt("write_baseline", ("--write-baseline",), "Write down all findings there, so that --baseline knows them.", "text", "FILE", commands=("check",), panel=_OUTPUT),
    Opt("watch", ("--watch",), "Run again whenever a file changes, until Ctrl-C.", panel=_OUTPUT),
    Opt("fail_level", ("--fail-level", "-t", "--failure-threshold"), "The least severe finding that makes check fail.", "text", choices=FAIL_LEVELS, commands=("check",), env="DOCKEROPT_FAIL_LEVEL", panel=_OUTPUT),
    Opt("exit_zero", ("--exit-zero", "-e"), "Findings are no failure; errors still are.", panel=_OUTPUT),
    Opt("exit_non_zero_on_fix", ("--exit-non-zero-on-fix",), "Fail when a file was written.", panel=_OUTPUT),
    Opt("config", ("--config",), "A configuration file, or one setting in TOML.", "list", "FILE|KEY=VALUE", commands=_ANYWHERE, env="DOCKEROPT_CONFIG", panel="Everywhere"),
    Opt("isolated", ("--isolated",), "Read no configuration file.", commands=_ANYWHERE, panel="Everywhere"),
    Opt("color", ("--color",), "Whether to use colours.", "text", choices=COLORS, commands=_ANYWHERE, panel="Everywhere"),
    Opt("quiet", ("--quiet", "-q"), "Print the diff or the findings, nothing else.", commands=_ANYWHERE, panel="Everywhere"),
    Opt("silent", ("--silent", "-s"), "Print nothing but errors.", commands=_ANYWHERE, panel="Everywhere"),
    Opt("verbose", ("--verbose", "-v"), "Say more: evidence, configuration, dropped changes.", commands=_ANYWHERE, panel="Everywhere"),
)  # fmt: skip
