"""Keep a result to the lines that somebody changed, as ``--from-ref`` and ``--staged`` ask.

Invariant: what is left is what the engine itself makes when the other fixes are refused; a fix that
touches one changed line is kept whole.
"""

import os
from collections.abc import Collection, Mapping
from typing import NamedTuple

from dockeropt import api
from dockeropt.config import Options
from dockeropt.errors import FileProblem
from dockeropt.render.diff import lines_of
from dockeropt.results import FixResult, failure
from dockeropt.review import git
from dockeropt.review.hunks import FileDiff, read_diff
from dockeropt.review.pieces import Again, Piece, pieces_of
from dockeropt.rewrite.result import Leftover, Result
from dockeropt.text import Source

_ROUNDS = 8


class Changes(NamedTuple):
    """What somebody changed in a work tree.

    Args:
        top: Its top folder.
        files: The changed files, by path below the top folder.
        new: Files that git does not know yet: all of their lines are changed.
    """

    top: str
    files: Mapping[str, FileDiff]
    new: frozenset[str] = frozenset()

    def lines(self, path: str, text: str) -> Collection[int]:
        """Return the changed lines of a file, 1-based.

        Raises:
            FileProblem: The file on disk is not the one that the diff is about, or in no place
                that git knows.
        """
        name = name_below(self.top, path)
        if name.startswith("../"):
            raise FileProblem("outside of the work tree", path=path, hint=f"run it there, not in {self.top}")
        count = len(lines_of(text))
        if name in self.new:
            return range(1, count + 1)
        diff = self.files.get(name)
        if diff is None:
            return ()
        if not diff.is_about([line.removesuffix("\n") for line in lines_of(text)]):
            hint = "stage all of it, or stash the rest"
            raise FileProblem("only a part of the changes is staged", path=path, hint=hint)
        return set(diff.added())


def changes_since(revision: str, folder: str = ".") -> Changes:
    """Return what changed since the branch left ``revision``, on disk and in commits.

    Raises:
        ConfigError: git does not know the revision, or there is no git.
    """
    top = git.work_tree(folder)
    files = read_diff(git.diff_from(top, git.merge_base(top, revision), context=0))
    others = git.ask(top, "ls-files", "-z", "--others", "--exclude-standard") or ""
    return Changes(top, files, frozenset(others.split("\0")))


def changes_staged(folder: str = ".") -> Changes:
    """Return what is staged for the next commit.

    Raises:
        ConfigError: There is no git, or no work tree.
    """
    top = git.work_tree(folder)
    return Changes(top, read_diff(git.diff_staged(top, context=0)))


def name_below(top: str, path: str) -> str:
    """Return the path of a file below a folder, with slashes."""
    return os.path.relpath(os.path.realpath(path), os.path.realpath(top)).replace(os.sep, "/")


def again_of(result: FixResult, options: Options) -> Again | None:
    """Return what runs the engine on the file again, ``None`` where it is not that simple.

    That is so for files that only hold Dockerfiles, and for one that is built in several ways.

    Args:
        result: What was done to the file.
        options: The options that it was done with.
    """
    if result.path.endswith(api.HOLDERS) or len(result.builds) > 1:
        return None
    options = api.of_build(options, result)

    def again(refused: Collection[object]) -> Result:
        build = api.context_of(options, result.path)
        return api.run_passes(result.original, options, result.path, build=build, refused=refused)

    return again


def only_changed(result: FixResult, changes: Changes, options: Options) -> FixResult:
    """Return the result without findings and fixes that touch no changed line.

    Args:
        result: What was done to a file, not written yet.
        changes: What somebody changed.
        options: The options that it was done with.
    """
    if result.error is not None:
        return result
    try:
        lines = changes.lines(result.path, result.original)
    except FileProblem as error:
        return failure(result.path, error, result.original)
    again = again_of(result, options)
    refused: set[object] = set()
    for _ in range(_ROUNDS):
        elsewhere = [piece for piece in pieces_of(result, again) if not _touches(piece, lines)]
        if not elsewhere:
            break
        if again is None:
            result = _untouched(result)
            break
        refused |= {made.mark for piece in elsewhere for made in piece.fixes}
        result = result._replace(outcome=again(frozenset(refused)))
    else:
        result = _untouched(result)
    kept = [left for left in result.leftover if _is_about(result.outcome, left, lines)]
    return result._replace(outcome=result.outcome._replace(leftover=tuple(kept)))


def _untouched(result: FixResult) -> FixResult:
    return result._replace(outcome=Result(result.original, result.original))


def _touches(piece: Piece, lines: Collection[int]) -> bool:
    """Tell whether a piece changes a changed line, or puts something beside one."""
    if piece.first <= piece.last:
        return any(line in lines for line in range(piece.first, piece.last + 1))
    if not piece.text:
        return any(made.line in lines for made in piece.fixes)
    return piece.first in lines or piece.first - 1 in lines


def _is_about(outcome: Result, left: Leftover, lines: Collection[int]) -> bool:
    finding = left.finding
    spans = [finding.at, *(edit.span for edit in (finding.fix.edits if finding.fix else ()))]
    source = Source(outcome.original)
    for start, end in spans:
        first = outcome.origin(len(outcome.steps), start)
        last = max(outcome.origin(len(outcome.steps), end), first)
        first_line, last_line = source.position(first).line, source.position(max(first, last - 1)).line
        if any(line in lines for line in range(first_line, last_line + 1)):
            return True
    return False
