"""Which files of a folder are Dockerfiles.

Invariant: lazy, in the order of the path's parts, every file once, no link followed out
of the folder, and nothing that lies in the folder is ever executed.
"""

import functools
import os
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from dockeropt.errors import FileProblem

DEFAULT_EXCLUDE = (
    ".bzr", ".direnv", ".eggs", ".git", ".hg", ".mypy_cache", ".nox", ".pnpm-store", ".ruff_cache", ".svn",
    ".tox", ".venv", ".yarn", "__pycache__", "bower_components", "node_modules", "site-packages", "vendor", "venv",
)  # fmt: skip
"""Names of folders that hold other people's files."""

_STEMS = ("dockerfile", "containerfile")
# What a template makes of it is a Dockerfile, the template is not; and so with backups.
_NOT = frozenset(
    "dockerignore containerignore j2 jinja jinja2 tmpl tpl template erb ejs mustache hbs in "
    "md rst txt adoc bak orig rej swp swo old save diff patch".split()
)
# dockerfile.go holds Go; Dockerfile.go is how people name the Dockerfile of a Go service.
_SOURCE = frozenset(
    "py pyi go rs rb js jsx mjs cjs ts tsx java kt c h cc cpp hpp cs php lua vim json yaml yml toml xml "
    "html htm css scss svg png lock sh ps1 snap".split()
)


class Search(NamedTuple):
    """What to leave out, and whether git is asked.

    Args:
        exclude: Patterns. One with a slash is matched against the whole path and the
            folders above it, one without against each part below the searched folder.
        force: Whether ``exclude`` holds for files that are named explicitly too.
        gitignore: Whether ignored files are left out, in a git work tree.
        root: Folder that patterns without a slash are relative to, for named files.
    """

    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    force: bool = False
    gitignore: bool = True
    root: str = ""


def is_dockerfile_name(name: str) -> bool:
    """Tell whether a file called ``name`` is a Dockerfile by the usual conventions.

    >>> [n for n in ("Dockerfile.dev", "api.dockerfile", "Dockerfile.j2", "dockerfile.go") if is_dockerfile_name(n)]
    ['Dockerfile.dev', 'api.dockerfile']
    """
    lower = name.lower()
    stem, _, rest = lower.partition(".")
    suffix = lower.rpartition(".")[2]
    if suffix in _NOT or lower.endswith((".", "~")):
        return False
    if stem in _STEMS:
        return not (rest and suffix in _SOURCE and name.startswith(_STEMS))
    return suffix in _STEMS and stem != lower


def discover(paths: Iterable[str], search: Callable[[str], Search]) -> Iterator[str | FileProblem]:
    """Yield the Dockerfiles that ``paths`` name or hold.

    Args:
        paths: Files are yielded as they are, whatever their name; folders are searched.
        search: Gives the rules for a file or folder (they may differ: the closest
            configuration decides).

    Yields:
        Paths that begin with the given one, and a problem for a folder that cannot be read.
    """
    seen: set[str] = set()
    for path in paths:
        if not os.path.isdir(path):
            rules = search(path)
            if rules.force and is_excluded(path, rules.root or os.getcwd(), rules.exclude):
                continue
            candidates: Iterator[str | FileProblem] = iter((path,))
        else:
            candidates = _search_folder(path, search)
        for found in candidates:
            if isinstance(found, str):
                real = os.path.realpath(found)
                if real in seen:
                    continue
                seen.add(real)
            yield found


def is_excluded(path: str, root: str, patterns: tuple[str, ...]) -> bool:
    """Tell whether ``path`` or a folder above it, up to ``root``, matches a pattern."""
    by_part, by_path = _compile(patterns)
    full = os.path.abspath(path)
    inside = os.path.relpath(full, root)
    if by_part and not inside.startswith(".."):
        parts = inside.replace(os.sep, "/").split("/")
        if any(by_part.fullmatch(part) for part in parts):
            return True
    if not by_path:
        return False
    full = full.replace(os.sep, "/")
    return any(by_path.fullmatch(full, 0, end) for end in _ends(full))


def _ends(path: str) -> Iterator[int]:
    at = len(path)
    while at > 0:
        yield at
        at = path.rfind("/", 0, at)


@functools.cache
def _compile(patterns: tuple[str, ...]) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    by_part = [p.rstrip("/") for p in patterns if "/" not in p.rstrip("/")]
    by_path = [p.rstrip("/") for p in patterns if "/" in p.rstrip("/")]
    return _alternatives(by_part), _alternatives(by_path)


def _alternatives(globs: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{translate(g)})" for g in globs), re.DOTALL) if globs else None


def translate(glob: str) -> str:
    """Return the regular expression of a pattern with ``**``, ``*``, ``?`` and ``[…]``."""
    out: list[str] = []
    for piece in re.findall(r"\*\*/|\*+|\?|\[[!^]?\]?[^\]]*\]|.", glob, re.DOTALL):
        if piece == "**/":
            out.append("(?:.*/)?")
        elif piece[0] == "*":
            out.append("[^/]*" if piece == "*" else ".*")
        elif piece == "?":
            out.append("[^/]")
        elif piece[0] == "[" and len(piece) > 1:
            negated = piece[1] in "!^"
            body = piece[1 + negated : -1].replace("\\", r"\\").replace("[", r"\[").replace("]", r"\]")
            out.append(f"[{'^' if negated else ''}{body}]")
        else:
            out.append(re.escape(piece))
    return "".join(out)


def escape(path: str) -> str:
    """Return the pattern that matches just ``path``."""
    return re.sub(r"([*?\[])", r"[\1]", path)


def _search_folder(folder: str, search: Callable[[str], Search]) -> Iterator[str | FileProblem]:
    rules = search(folder)
    listed = _git_files(folder) if rules.gitignore and _in_work_tree(folder) else None
    found = _walk(folder, rules) if listed is None else _join(folder, listed)
    real_folder = os.path.realpath(folder)
    for path in found:
        if isinstance(path, str):
            own = search(path)
            if is_excluded(path, folder, own.exclude) or not _is_inside(path, real_folder):
                continue
        yield path


def _join(folder: str, names: list[str]) -> Iterator[str]:
    for name in sorted(names, key=lambda n: n.split("/")):
        yield name if folder in {".", "./"} else os.path.join(folder, name)


def _is_inside(path: str, real_folder: str) -> bool:
    """Tell whether the file exists and, if a link, leads to a file of the folder."""
    if not os.path.islink(path):
        return os.path.isfile(path)
    target = os.path.realpath(path)
    return os.path.isfile(target) and os.path.commonpath([target, real_folder]) == real_folder


def _walk(folder: str, rules: Search) -> Iterator[str | FileProblem]:
    """Yield the files below ``folder`` with the right name; links to folders are not followed."""
    stack: list[Iterator[tuple[str, str, bool]]] = [_entries(folder)]
    by_part, _ = _compile(rules.exclude)
    while stack:
        entry = next(stack[-1], None)
        if entry is None:
            stack.pop()
            continue
        name, path, is_folder = entry
        if not name:
            yield FileProblem(
                "folder cannot be read", path=path, hint="check owner and mode, or --exclude it"
            )
        elif not is_folder:
            yield path
        elif not (by_part and by_part.fullmatch(name)) and not is_excluded(path, folder, rules.exclude):
            stack.append(_entries(path))


def _entries(folder: str) -> Iterator[tuple[str, str, bool]]:
    """Yield name, path and kind of what matters in one folder, sorted; ``""`` for a failure."""
    kept: list[tuple[str, str, bool]] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                is_folder = entry.is_dir(follow_symlinks=False)
                if is_folder or is_dockerfile_name(entry.name):
                    path = entry.name if folder in {".", "./"} else entry.path
                    kept.append((entry.name, path, is_folder))
    except OSError:
        kept.append(("", folder, False))
    kept.sort()
    return iter(kept)


# --- git -------------------------------------------------------------------------------


def _in_work_tree(folder: str) -> bool:
    at = os.path.abspath(folder)
    while True:
        if os.path.lexists(os.path.join(at, ".git")):
            return True
        above = os.path.dirname(at)
        if above == at:
            return False
        at = above


def _git_files(folder: str) -> list[str] | None:
    """Return the Dockerfiles below ``folder`` that git knows or would add; ``None`` if git fails.

    The configuration of a repository can name programs to run. Those that ``ls-files``
    would heed are switched off, as are network access and locks.
    """
    git = _find_git()
    if git is None:
        return None
    import subprocess

    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {
        "GIT_ALLOW_PROTOCOL": "",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
    }
    command = [git, "--no-pager", "-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}"]
    command += ["ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    found: set[str] = set()
    with subprocess.Popen(  # noqa: S603 - an absolute path, no shell, arguments of our own
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdout is not None
        try:
            rest = b""
            while chunk := process.stdout.read(1 << 16):
                *names, rest = (rest + chunk).split(b"\0")
                found.update(
                    os.fsdecode(n) for n in names if is_dockerfile_name(os.fsdecode(n.rpartition(b"/")[2]))
                )
        except BaseException:
            process.kill()
            raise
    return None if process.returncode else list(found)


@functools.cache
def _find_git() -> str | None:
    """Return git's absolute path, never one in the current folder."""
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        if os.path.isabs(folder):
            for name in ("git.exe", "git") if os.name == "nt" else ("git",):
                path = os.path.join(folder, name)
                if os.path.isfile(path) and os.access(path, os.X_OK):
                    return path
    return None
