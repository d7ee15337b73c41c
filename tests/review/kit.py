"""What the tests of reviews share: repositories with a branch, and what a click on a suggestion does."""

from __future__ import annotations

import os
import random
import re
import subprocess
from pathlib import Path
from typing import Any

WORDS = ("RUN echo changed", "ENV A=b", "# a remark", "", "COPY x /x", "LABEL a=b")


def git(folder: Path, *words: str) -> str:
    """Run git, with nothing of the user's configuration."""
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.invalid", "-c", "core.autocrlf=false")
    done = subprocess.run(["git", *who, *words], cwd=folder, env=environment, capture_output=True, check=True)
    return done.stdout.decode("utf-8", "surrogateescape")


def branch(folder: Path, before: dict[str, str | None], after: dict[str, str]) -> str:
    """Make a repository whose branch changes files from ``before`` to ``after``; return the diff.

    ``None`` is a file that the branch adds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "-q", "-b", "main")
    for texts, name in ((before, "main"), (after, "branch")):
        if name == "branch":
            git(folder, "checkout", "-q", "-b", "branch")
        for path, text in texts.items():
            if text is not None:
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(text.encode("utf-8", "surrogateescape"))
                git(folder, "add", "-f", "--", path)
        git(folder, "commit", "-q", "--allow-empty", "-m", name)
    return git(folder, "-c", "core.quotePath=false", "diff", "--no-color", "main", "branch")


def earlier(text: str, rng: random.Random) -> str | None:
    """Return what a file may have been before a branch made ``text`` of it; ``None`` for nothing."""
    if rng.random() < 0.1:
        return None
    lines = text.split("\n")
    for _ in range(rng.choice([1, 1, 2, 3, 5, 8])):
        at = rng.randrange(len(lines) + 1)
        count = rng.choice([1, 1, 2, 4])
        kind = rng.random()
        if kind < 0.4:  # the branch added lines
            del lines[at : at + count]
        elif kind < 0.7:  # it removed some
            lines[at:at] = rng.choices(WORDS, k=count)
        else:
            lines[at : at + count] = rng.choices(WORDS, k=count)
    return "\n".join(lines)


# --- what a click does -----------------------------------------------------------------


def blocks(body: str) -> list[tuple[str, list[str]]]:
    """Return the fenced blocks of a comment: what stands behind the fence, and the lines."""
    found: list[tuple[str, list[str]]] = []
    fence = ""
    for line in body.split("\n"):
        mark = re.match(r"(`{3,})([^`]*)$", line)
        if fence:
            if mark and len(mark[1]) >= len(fence) and not mark[2].strip():
                fence = ""
            else:
                found[-1][1].append(line)
        elif mark:
            fence = mark[1]
            found.append((mark[2], []))
    assert not fence, "a fence is not closed"
    return found


def clicked(text: str, ranges: list[tuple[int, int, list[str]]]) -> str:
    """Return a file after suggestions: each replaces whole lines, and the file ends as it did."""
    lines = text.split("\n")
    final = lines.pop() if lines[-1] == "" else None
    last = len(lines) + 1
    for first, stop, new in sorted(ranges, reverse=True):
        assert 1 <= first <= stop < last, "suggestions overlap"
        lines[first - 1 : stop] = new
        last = first
    return "\n".join([*lines, *([final] if final is not None and lines else [])])


def clicked_on_github(text: str, path: str, comments: list[dict[str, Any]]) -> str:
    """Return a file after all suggestions of a review of it."""
    ranges = []
    for comment in comments:
        if comment["path"] == path:
            ((info, new),) = blocks(comment["body"])
            assert info == "suggestion"
            ranges.append((comment.get("start_line") or comment["line"], comment["line"], new))
    return clicked(text, ranges)


def clicked_on_gitlab(text: str, path: str, bodies: list[dict[str, Any]]) -> str:
    """Return a file after all suggestions of discussions of it; a blank block removes the lines."""
    ranges = []
    for body in bodies:
        position = body.get("position")
        if position and position["new_path"] == path:
            ((info, new),) = blocks(body["body"])
            above, below = map(int, re.fullmatch(r"suggestion:-(\d+)\+(\d+)", info).groups())  # type: ignore[union-attr]
            line = position["new_line"]
            ranges.append((line - above, line + below, new if "\n".join(new).strip() else []))
    return clicked(text, ranges)
