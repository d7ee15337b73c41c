"""Ask git what changed, without letting the repository decide what is executed.

Invariant: a list of arguments, no shell; revisions cannot be taken for options; programs that the
repository's configuration names for diffs are switched off.
"""

import os

from dockeropt.errors import ConfigError

_SAFE = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}", "-c", "core.quotePath=false")
_DIFF = ("diff", "--no-color", "--no-ext-diff", "--no-textconv", "--src-prefix=a/", "--dst-prefix=b/")


def ask(folder: str, *words: str, index: str = "") -> str | None:
    """Return what git answers, ``None`` when there is no git or it refuses.

    Args:
        folder: Where to ask.
        words: The command and its arguments.
        index: The index to look at, ``""`` for that of the work tree.
    """
    import subprocess

    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
    if index:
        environment["GIT_INDEX_FILE"] = index
    try:
        done = subprocess.run(  # noqa: S603 - a list, no shell
            ["git", "--no-pager", *_SAFE, *words],  # noqa: S607 - the user's git
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError:
        return None
    return done.stdout.decode("utf-8", "surrogateescape") if done.returncode == 0 else None


def top_of(folder: str) -> str | None:
    """Return the top folder of the work tree, ``None`` outside of one."""
    found = ask(folder, "rev-parse", "--show-toplevel")
    return found.rstrip("\n") if found else None


def work_tree(folder: str) -> str:
    """Return the top folder of the work tree.

    Raises:
        ConfigError: The folder is in none, or there is no git.
    """
    top = top_of(folder)
    if top is None:
        raise ConfigError("git cannot say what changed", hint="run it inside a git work tree")
    return top


def commit_of(folder: str, revision: str) -> str:
    """Return the full name of a commit, ``""`` when git does not know it."""
    if not revision or revision.startswith("-"):
        return ""
    return (ask(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}") or "").strip()


def merge_base(folder: str, revision: str, head: str = "") -> str:
    """Return the commit where ``head``, or the branch that is checked out, left ``revision``.

    Raises:
        ConfigError: git does not know the revision, or the two share no commit.
    """
    commit = commit_of(folder, revision)
    if not commit:
        hint = "fetch it first: CI systems often fetch the last commit only"
        raise ConfigError(f"git knows no revision {revision}", hint=hint)
    found = (ask(folder, "merge-base", commit, commit_of(folder, head) or "HEAD") or "").strip()
    if not found:
        hint = "fetch the whole history: fetch-depth: 0 for actions/checkout, GIT_DEPTH: 0 for GitLab"
        raise ConfigError(f"{revision} and HEAD share no commit that is here", hint=hint)
    return found


def diff_from(folder: str, base: str, *, context: int = 3) -> str:
    """Return the diff from the commit ``base`` to the files as they are on disk.

    Raises:
        ConfigError: git refuses.
    """
    return _diff(folder, f"-U{context}", base)


def diff_between(folder: str, base: str, head: str) -> str:
    """Return the diff between two commits; one that git does not know stands for the one checked out.

    Raises:
        ConfigError: git refuses.
    """
    return _diff(folder, "-U3", base, commit_of(folder, head) or "HEAD")


def diff_staged(folder: str, *, context: int = 3) -> str:
    """Return the diff from the last commit to what is staged.

    In a hook that is what the commit will hold: for ``git commit -a`` and ``git commit FILE`` git
    makes an index of its own, and names it in GIT_INDEX_FILE (githooks(5), git 2.39).

    Raises:
        ConfigError: git refuses.
    """
    return _diff(folder, f"-U{context}", "--cached", index=os.environ.get("GIT_INDEX_FILE", ""))


def _diff(folder: str, *words: str, index: str = "") -> str:
    found = ask(folder, *_DIFF, *words, "--", index=index)
    if found is None:
        raise ConfigError("git cannot say what changed", hint="run it inside a git work tree")
    return found


def remote_of(folder: str) -> tuple[str, str]:
    """Return host and path of the remote ``origin``, ``("", "")`` when there is none.

    Credentials that the address holds are left out.
    """
    import re

    address = (ask(folder, "remote", "get-url", "origin") or "").strip()
    found = re.fullmatch(r"(?:\w+://)?(?:[^@/]*@)?([^:/]+)(?::\d+/|[:/])/?(.+?)(?:\.git)?/?", address)
    return (found[1], found[2]) if found else ("", "")
