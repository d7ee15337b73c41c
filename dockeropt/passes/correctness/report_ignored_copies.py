"""Report a COPY or ADD of what is not in the build context, or is kept out of it.

A path that is written out has to be there, or the build fails. A pattern that matches nothing
copies nothing, without a word: the program fails later, in the container. The reason is often a rule of
the ignore file that reaches further than was meant, so the rule and its line are named.

Before:
    FROM nginx:1.27
    COPY conf/default.conf /etc/nginx/conf.d/

Safety:
    A suggestion, without a change: whether the COPY is wrong, the ignore file, or a file is missing, only the
    author knows. Nothing is said without a build context, of paths with variables that
    a build can set, of a pattern beside other sources (``yarn.lock*`` takes the file if there is one),
    and of what git ignores too or a build makes (``target/*.jar``), because that may be made before the image.

References:
    - https://docs.docker.com/reference/build-checks/copy-ignored-file/
    - https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockeropt.project.context import BuildContext, Entry
from dockeropt.project.dockerignore import DockerIgnore, IgnoreRule
from dockeropt.project.sources import everything_below, glob, ignored, matches, split
from dockeropt.rewrite import Applicability, Category, Context, Finding, Phase, rewrite
from dockeropt.rewrite.localsources import LocalSource, local_sources

MADE = frozenset(
    "target build dist out bin obj publish release output _build _output .next .output node_modules vendor".split()
)
"""Folders that builds make, as the rules that ship with GitHub's .gitignore templates name them."""

MADE_FILES = tuple(".jar .war .ear .whl .deb .rpm .exe .so .tgz .tar.gz .zip .apk".split())


class _Miss(NamedTuple):
    """Say why a source brings nothing, and whether that is because it does not exist."""

    source: LocalSource
    message: str
    absent: bool


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.REPAIR,
    aliases=("CopyIgnoredFile",),
    wants=("copy", "add"),
    level=Applicability.SUGGESTION,
)
def report_ignored_copies(ctx: Context) -> Iterator[Finding]:
    """Look up each source in the build context."""
    build = ctx.build
    if not build.known:
        return
    misses: list[_Miss] = []
    asked = 0
    for source in local_sources(ctx.model):
        if source.text is None:
            continue
        asked += 1
        miss = _look(build, source)
        if miss is not None:
            misses.append(miss)
    if not build.complete:
        misses = [miss for miss in misses if not miss.absent]
    if asked > 1 and asked == len(misses) and all(miss.absent for miss in misses):
        first = misses[0].source
        yield Finding(
            f"of what this Dockerfile copies, nothing is in the build context {build.name}", first.word.span
        )
        return
    for miss in misses:
        yield Finding(miss.message, miss.source.word.span)


def _look(build: BuildContext, source: LocalSource) -> _Miss | None:
    """Return why a source brings nothing, ``None`` if it brings something or that is no mistake."""
    text = source.text or ""
    name = source.node.name
    fixed, rest = split(text)
    found = matches(build, text)
    if found:
        return _hollow(build, source, found) if len(found) == 1 else None
    if not rest:
        if build.entry(fixed) is None:
            if "$" in source.word.text or _is_made(build, fixed):
                return None
            return _Miss(source, f"{text} is not in the build context, so this {name} fails", absent=True)
        rule = ignored(build, fixed)
        assert rule is not None
        return _Miss(source, f"{_by(build, rule)} keeps {text} out, so this {name} fails", absent=False)
    try:
        kept_out = [rule for entry in _named(build, fixed, rest) if (rule := ignored(build, entry.path))]
    except ValueError:
        return None
    if kept_out:
        message = f"{_by(build, kept_out[0])} keeps out all that {text} matches, so nothing is copied"
        return _Miss(source, message, absent=False)
    if "$" in source.word.text or len(source.node.sources) > 1 or _is_made(build, text):
        return None
    if fixed and build.entry(fixed) is None:
        message = f"{fixed} is not in the build context, so this {name} fails"
    else:
        message = f"nothing in the build context matches {text}, so nothing is copied"
    return _Miss(source, message, absent=True)


def _hollow(build: BuildContext, source: LocalSource, found: tuple[Entry, ...]) -> _Miss | None:
    """Return that nothing is left of a folder."""
    entry = found[0]
    if entry.kind != "folder" or not build.ignore.rules or any(everything_below(build, entry)):
        return None
    for below in build.children(entry.path):
        rule = ignored(build, below.path)
        if rule is not None:
            name = source.text or "."
            message = f"{_by(build, rule)} keeps out all that is in {name}, so nothing is copied"
            return _Miss(source, message, absent=False)
    return None


def _named(build: BuildContext, fixed: str, rest: tuple[str, ...]) -> list[Entry]:
    """Return what a pattern names, ignored or not.

    Raises:
        ValueError: The pattern is malformed.
    """
    folders, entries = [fixed], []
    for part in rest:
        test = glob(part)
        entries = [
            entry
            for folder in folders
            for entry in build.children(folder)
            if test(entry.path.rpartition("/")[2])
        ]
        folders = [entry.path for entry in entries]
    return entries


def _by(build: BuildContext, rule: IgnoreRule) -> str:
    return f"{build.ignore_name}:{rule.line} ({rule.text})"


def _is_made(build: BuildContext, path: str) -> bool:
    """Tell whether something that is not there is made by a build, before that of the image."""
    parts = path.split("/")
    if not MADE.isdisjoint(parts) or path.endswith(MADE_FILES):
        return True
    for depth in range(len(parts)):
        folder = "/".join(parts[:depth])
        text = build.read(f"{folder}/.gitignore" if folder else ".gitignore")
        if text is not None and _git_rules(text).ignores("/".join(parts[depth:])):
            return True
    return False


def _git_rules(text: str) -> DockerIgnore:
    """Return about the rules of a .gitignore: names without a slash count at any depth."""
    lines: list[str] = []
    for line in text.splitlines():
        negated = line.startswith("!")
        body = line.lstrip("!").rstrip().removesuffix("/")
        if body and not body.startswith("#"):
            lines.append(("!" if negated else "") + (body if "/" in body else f"**/{body}"))
    return DockerIgnore.parse("\n".join(lines))
