"""The command ``init``: the files that a project needs to use dockeropt, where they are absent.

Invariant: no file that is there is changed; what would go into it is shown instead.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

from dockeropt.cli.output import print_out
from dockeropt.errors import ConfigError, FileProblem, printable

USUAL = ("config", "pre-commit", "github")
"""The parts that are written when none is named; the others are for projects that use what they are about."""

FILES = r"(?i)(^|/)((docker|container)file(\.[^/]*)?|[^/]*\.(docker|container)file)$"
"""Which files the pre-commit hook is called for; those of ``.pre-commit-hooks.yaml``."""

EXCLUDED = (
    r"(?i)\.(dockerignore|containerignore|j2|jinja2?|tmpl|tpl|template|erb|ejs|mustache|hbs|in|m"
    r"d|rst|txt|adoc|bak|orig|rej|swp|swo|old|save|diff|patch)$|~$|\.$|(^|/)(?-i:dockerfile|cont"
    r"ainerfile)\.([^/]*\.)?(py|pyi|go|rs|rb|js|jsx|mjs|cjs|ts|tsx|java|kt|c|h|cc|cpp|hpp|cs|php"
    r"|lua|vim|json|yaml|yml|toml|xml|html|htm|css|scss|svg|png|lock|sh|ps1|snap)$"
)
"""Which of them it is not called for; as there."""

_CONFIG = """\
# dockeropt: docs/configuration.md lists all keys, `dockeropt passes` all passes.

# The least severe finding that makes `dockeropt check` fail: error, warning, info, style or none.
fail-level = "style"

# Passes not to run, by id, category, or their name in hadolint or BuildKit.
ignore = []

# Files and folders to leave out besides the usual ones.
extend-exclude = []
"""

_LIBCST = """\
# For LibCST's tool: python -m libcst.tool codemod dockeropt.codemod.OptimizeEmbeddedDockerfiles FILE ...
modules:
  - libcst.codemod.commands
  - dockeropt.codemod

# What a changed file is piped through. This changes nothing; for black, write ["black", "-"].
formatter: ["python", "-c", "import shutil, sys; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"]
"""


class Template(NamedTuple):
    """A file that ``init`` can write.

    Args:
        part: One of :data:`USUAL`, or ``libcst``.
        path: Where it goes, with slashes.
        text: What it holds.
        present: The file that takes its place already, ``""`` for none.
    """

    part: str
    path: str
    text: str
    present: str


def templates(folder: str, version: str, repository: str) -> Iterator[Template]:
    """Yield the files, as they are for a project in ``folder``.

    Args:
        folder: The top of the project.
        version: The version of dockeropt to name in them.
        repository: Where dockeropt's own repository lies, for the hook and the action that it holds; ``""``
            makes both install the package.
    """
    from dockeropt.config import find_file

    config = find_file(folder)
    yield Template("config", "dockeropt.toml", _CONFIG, os.path.basename(config))
    for part, path, text in (
        ("pre-commit", ".pre-commit-config.yaml", _pre_commit(version, repository)),
        ("github", ".github/workflows/dockeropt.yml", _workflow(version, repository)),
        ("libcst", ".libcst.codemod.yaml", _LIBCST),
    ):
        yield Template(part, path, text, path if os.path.lexists(os.path.join(folder, path)) else "")


def _pre_commit(version: str, repository: str) -> str:
    if repository:
        return f"repos:\n  - repo: {repository}\n    rev: v{version}\n    hooks:\n      - id: dockeropt-fix\n"
    return (
        "repos:\n"
        "  - repo: local\n"
        "    hooks:\n"
        "      - id: dockeropt-fix\n"
        "        name: dockeropt fix\n"
        "        entry: dockeropt fix --write --force-exclude --exit-non-zero-on-fix\n"
        "        language: python\n"
        f'        additional_dependencies: ["dockeropt=={version}"]\n'
        f"        files: '{FILES}'\n"
        f"        exclude: '{EXCLUDED}'\n"
        "        require_serial: true\n"
    )


def _workflow(version: str, repository: str) -> str:
    steps = (
        '      - uses: actions/setup-python@v5\n        with:\n          python-version: "3.x"\n'
        f'      - run: python -m pip install "dockeropt=={version}"\n'
        "      - run: dockeropt check --output-format github .\n"
    )
    if repository:
        steps = f"      - uses: {_action(repository)}@v{version}\n"
    return (
        "name: dockeropt\n"
        "on:\n"
        "  pull_request:\n"
        "  push:\n"
        "    branches: [main]\n"
        "permissions:\n"
        "  contents: read\n"
        "jobs:\n"
        "  check:\n"
        "    runs-on: ubuntu-latest\n"
        "    steps:\n"
        "      - uses: actions/checkout@v4\n" + steps
    )


def _action(repository: str) -> str:
    """Return ``OWNER/NAME`` of a repository on GitHub, as ``uses`` wants it."""
    import re

    match = re.fullmatch(r"https://github\.com/([\w.-]+/[\w.-]+?)(?:\.git)?/?", repository)
    if match is None:
        hint = "the GitHub workflow needs https://github.com/OWNER/NAME; leave it out to install the package"
        raise ConfigError(f"--repository {repository}: no repository on GitHub", hint=hint)
    return match[1]


def init(folder: str, only: tuple[str, ...], repository: str, *, stdout: bool) -> int:
    """Write what is absent and say what was done; return the exit code.

    Args:
        folder: The top of the project.
        only: Parts to write, none for the usual ones.
        repository: See :func:`templates`.
        stdout: Whether to print the files instead of writing them.

    Raises:
        FileProblem: There is no such folder, or a file in it cannot be read or written.
        ConfigError: The address of the repository has no meaning.
    """
    from dockeropt import __version__

    if not os.path.isdir(folder):
        raise FileProblem("no such folder", path=folder, hint="name the top of the project")
    for template in list(templates(folder, __version__, repository)):
        if template.part not in (only or USUAL):
            continue
        if stdout:
            print_out(f"# --- {template.path}\n{template.text}\n")
        elif template.present:
            _say_present(template, folder)
        else:
            _write(os.path.join(folder, *template.path.split("/")), template.text)
    return 0


def _say_present(template: Template, folder: str) -> None:
    where = printable(os.path.join(folder, template.present).removeprefix("./"))
    print_out(f"left alone: {where} is there already.\n")
    if template.part in ("pre-commit", "libcst"):
        path = os.path.join(folder, template.present)
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                if "dockeropt" in file.read():
                    return
        except OSError as error:
            raise FileProblem.of(error, path, hint="leave it out: --only names what to write") from None
        if template.part == "libcst":
            print_out("To use dockeropt in it, add below modules:\n\n  - dockeropt.codemod\n\n")
            return
        hook = template.text.removeprefix("repos:\n")
        print_out(f"To use dockeropt in it, add below repos:\n\n{hook}\n")


def _write(path: str, text: str) -> None:
    try:
        os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise FileProblem.of(error, path, hint="check the folder") from None
    print_out(f"wrote {printable(path.removeprefix('./'))}\n")
