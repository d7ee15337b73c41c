"""Make patterns of .dockerignore mean what they mean in .gitignore.

The two files look alike and are read differently. A name without a slash matches at the top
only: ``*.pyc`` and ``__pycache__`` leave all but the topmost ones in the image, and only
``**/*.pyc`` matches everywhere. And ``#`` begins a comment at the start of a line only: the line
``node_modules # installed later`` ignores nothing but a file of that whole name.

Before:
    FROM python:3.12-slim
    COPY . /app

Safety:
    Unsafe: more files are left out of the image. Patterns of what tools leave behind are changed only
    (caches of Python, ``node_modules``, ``.env``, ``.DS_Store``, logs), where it makes a difference for
    a file that is there, or that Python makes beside every module it imports. A leading slash is taken
    as meant. A line that Docker refuses is only reported. Nothing that a COPY, an ADD or a bind mount names becomes ignored. Comments, order
    and line ends stay; the comment behind a pattern gets a line of its own.

References:
    - https://docs.docker.com/build/concepts/context/#syntax
    - https://github.com/hadolint/hadolint/issues/813
"""

import re
from collections.abc import Iterator

from dockeropt.project.context import BuildContext
from dockeropt.project.dockerignore import DockerIgnore, IgnoreRule
from dockeropt.project.sources import ROOT, everything_below, matches, split
from dockeropt.rewrite import Applicability, Category, Context, Effect, Finding, Phase, rewrite
from dockeropt.rewrite.fix import FileChange
from dockeropt.rewrite.localsources import bind_sources, local_sources

PYTHON = frozenset(("*.pyc", "*.pyo", "*.pyd", "*.py[cod]", "*.py[co]", "__pycache__", "*.py[oc]"))
"""What Python makes wherever there is a module."""

LEFT_BEHIND = frozenset(
    (
        "node_modules .DS_Store Thumbs.db .env .venv .pytest_cache .mypy_cache .ruff_cache .ipynb_checkpoints"
        " *.log *.swp *.swo *~ *.tmp *.bak *.class .idea .vscode .git npm-debug.log npm-debug.log*"
        " yarn-error.log .terraform .coverage *.egg-info"
    ).split()
)
"""What other tools leave behind; counts where there is such a file below the top."""

LIMIT = 20_000


@rewrite(
    category=Category.CACHE,
    phase=Phase.CACHE,
    after=("create-dockerignore",),
    wants=("copy", "add"),
    level=Applicability.UNSAFE,
)
def fix_dockerignore_patterns(ctx: Context) -> Iterator[Finding]:
    """Let patterns match at any depth, and give comments lines of their own."""
    build = ctx.build
    name = build.ignore_name
    text = build.read(name) if name else None
    if not build.known or text is None or ".." in name.split("/"):
        return
    for problem in build.ignore.problems:
        start = next(ctx.tree.instructions).keyword
        yield Finding(
            f"{name}:{problem.line}: {problem.text!r} makes the build fail: {problem.message}", start
        )
    if not build.ignore.rules:
        return
    at = None
    for source in local_sources(ctx.model):
        found = matches(build, source.text) if source.text is not None else ()
        if any(entry.kind == "folder" for entry in found):
            at = source.node.keyword
            break
    if at is None:
        return
    lines = text.split("\n")
    changed: list[str] = []
    below: list[str] | None = None
    named = _named(ctx)
    for rule in build.ignore.rules:
        wanted = _without_comment(build, rule)
        if wanted is None and _is_candidate(rule):
            if below is None:
                below = _below(build)
            wanted = _at_any_depth(build, rule, below)
        if wanted is None or not _keeps(build, wanted, named):
            continue
        line = lines[rule.line - 1]
        ending = "\r" if line.endswith("\r") else ""
        lines[rule.line - 1] = line.replace(rule.text, wanted.replace("\n", f"{ending}\n"), 1)
        changed.append(f"{rule.text!r} (line {rule.line})")
    if not changed:
        return
    listed = ", ".join(changed)
    plural = len(changed) > 1
    fix = ctx.unsafe(
        f"Correct the patterns in {name}" if plural else f"Correct the pattern in {name}",
        (),
        effects={Effect.FILES},
        files=FileChange(name, text, "\n".join(lines)),
    )
    does = "do not match what they seem" if plural else "does not match what it seems"
    yield Finding(f"{listed} of {name} {does} to match", at, fix)


def _without_comment(build: BuildContext, rule: IgnoreRule) -> str | None:
    """Return the lines that a pattern with a comment behind it should be."""
    found = re.fullmatch(r"(\S+)\s+(#\s.*|#+)", rule.text)
    if found is None or build.entry(rule.pattern) is not None:
        return None
    return f"{found[2]}\n{found[1]}"


def _is_candidate(rule: IgnoreRule) -> bool:
    bare = rule.text.rstrip("/")
    return not rule.exception and (bare in PYTHON or bare in LEFT_BEHIND)


def _at_any_depth(build: BuildContext, rule: IgnoreRule, below: list[str]) -> str | None:
    """Return the pattern for any depth, where that makes a difference."""
    bare = rule.text.rstrip("/")
    if bare in PYTHON:
        ignore = build.ignore
        made = ("__pycache__/a.cpython-313.pyc",)
        folders = {path.rpartition("/")[0] for path in below if path.endswith(".py") and "/" in path}
        if any(not ignore.ignores(f"{folder}/{path}") for folder in folders for path in made):
            return f"**/{rule.text}"
    (everywhere,) = DockerIgnore.parse(f"**/{bare}").rules
    return f"**/{rule.text}" if any("/" in path and everywhere.matches(path) for path in below) else None


def _below(build: BuildContext) -> list[str]:
    """Return what is not ignored, as far as it is looked at."""
    found: list[str] = []
    for entry in everything_below(build, ROOT):
        found.append(entry.path)
        if len(found) >= LIMIT:
            break
    return found


def _named(ctx: Context) -> list[str]:
    texts = [source.text for source in local_sources(ctx.model)]
    return [text for text in (*texts, *bind_sources(ctx.model)) if text]


def _keeps(build: BuildContext, wanted: str, named: list[str]) -> bool:
    """Tell whether nothing that is copied by name is ignored by the new pattern."""
    rules = DockerIgnore.parse(wanted)
    if any(rule.exception for rule in rules.rules):
        return True
    for text in named:
        path, rest = split(text)
        if path and not rest and rules.ignores(path):
            return False
        if any(entry.path and rules.ignores(entry.path) for entry in matches(build, text)):
            return False
    return True
