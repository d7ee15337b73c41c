"""From what a result changes to suggestions for the lines of a diff, and to what cannot be suggested.

A suggestion replaces whole lines of the new file by the lines of its block, and that is all that
a service does when it is accepted. Invariants: suggestions of one file lie on different lines of
single hunks; applying all of them and the remainder gives exactly the fixed file; every fix is either
in one suggestion or in the remainder, never in both, never in neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dockeropt.render.diff import lines_of, unified
from dockeropt.render.fingerprints import numbered
from dockeropt.results import FixResult
from dockeropt.review.hunks import FileDiff
from dockeropt.review.pieces import Again, Made, Piece, pieces_of

NOT_IN_DIFF = "the file is not part of the diff"
TOO_LARGE = "the diff of the file is too large to be shown"
OTHER_FILE = "the file here is not the one that the diff is about"
OTHER_LINES = "the lines are not in one hunk of the diff"
OTHER_FILES = "another file has to change with it"
UNWRITABLE = "the lines hold characters that a comment does not keep"
LAST_LINE = "it changes whether the file ends with a line end"
TAKEN_BACK = "a later fix takes it back, nothing is left to change"


class Suggestion(NamedTuple):
    """Lines of a new file and what shall stand there instead.

    Args:
        path: The file, relative to the top of the repository.
        first: The first line, 1-based.
        last: The last line.
        lines: The lines that take their place, without line ends; none to remove them.
        text: The same with the line ends that the file gets.
        fixes: The fixes that do it.
        mark: What recognises the suggestion in a later run.
        diff: What the diff says of the file.
    """

    path: str
    first: int
    last: int
    lines: tuple[str, ...]
    text: str
    fixes: tuple[Made, ...]
    mark: str
    diff: FileDiff


class Unplaced(NamedTuple):
    """Fixes that no comment can carry.

    Args:
        path: The file, relative to the top of the repository.
        piece: What they change.
        reason: Why there is no suggestion, half a sentence.
    """

    path: str
    piece: Piece
    reason: str


class Review(NamedTuple):
    """What is said about all files.

    Args:
        suggestions: In the order of files and lines.
        remainder: What could not be placed.
        texts: Original and fixed text of each file, by path.
        files: Changes of files beside the Dockerfiles: path, text before, text after.
    """

    suggestions: tuple[Suggestion, ...] = ()
    remainder: tuple[Unplaced, ...] = ()
    texts: Mapping[str, tuple[str, str]] = {}
    files: tuple[tuple[str, str | None, str], ...] = ()

    @property
    def suggested(self) -> int:
        """Return the number of fixes that suggestions carry."""
        return sum(len(one.fixes) for one in self.suggestions)

    @property
    def unplaced(self) -> int:
        """Return the number of fixes in the remainder."""
        return sum(len(one.piece.fixes) for one in self.remainder)

    @property
    def fixes(self) -> int:
        """Return the number of all fixes."""
        return self.suggested + self.unplaced

    def patch(self) -> str:
        """Return the remainder as a patch of the files as they are, for ``git apply``."""
        out: list[str] = []
        for path, (original, _) in self.texts.items():
            left = [one.piece for one in self.remainder if one.path == path]
            out.append(unified(original, with_pieces(original, left), path))
        out += [unified(before, after, path) for path, before, after in self.files]
        return "".join(out)

    def joined(self, other: "Review") -> "Review":
        """Return both as one."""
        return Review(
            self.suggestions + other.suggestions,
            self.remainder + other.remainder,
            {**self.texts, **other.texts},
            self.files + other.files,
        )

    def limited(self, most: int) -> "Review":
        """Return the review with at most so many suggestions; the others go to the remainder."""
        if len(self.suggestions) <= most:
            return self
        reason = f"there are more than {most} suggestions"
        return self.without(self.suggestions[most:], reason)

    def without(self, dropped: Iterable[Suggestion], reason: str) -> "Review":
        """Return the review with some suggestions moved to the remainder, for ``reason``."""
        gone = list(dropped)
        more = [Unplaced(one.path, Piece(one.first, one.last, one.text, one.fixes), reason) for one in gone]
        kept = tuple([one for one in self.suggestions if one not in gone])
        return self._replace(suggestions=kept, remainder=(*self.remainder, *more))


def with_pieces(text: str, pieces: Iterable[Piece]) -> str:
    """Return a text after the changes of some pieces of it."""
    lines = lines_of(text)
    out: list[str] = []
    at = 0
    for piece in sorted(pieces, key=lambda one: (one.first, one.last)):
        if piece.first <= piece.last or piece.text:
            out += [*lines[at : piece.first - 1], piece.text]
            at = max(piece.last, piece.first - 1)
    return "".join([*out, *lines[at:]])


def review_of(result: FixResult, path: str, diff: FileDiff | None, again: Again | None) -> Review:
    """Return what is to say about one file.

    Args:
        result: What was done to it.
        path: Its path relative to the top of the repository.
        diff: What the diff says of it, ``None`` when it is not part of the diff.
        again: Runs the engine on it again, see :func:`dockeropt.review.pieces.pieces_of`.
    """
    pieces = pieces_of(result, again)
    files = tuple([(change.path, change.before, change.after) for change in result.files])
    if not pieces:
        return Review(files=files)
    lines = lines_of(result.original)
    taken = {line for piece in pieces for line in range(piece.first, piece.last + 1)}
    found: list[Suggestion] = []
    remainder: list[Unplaced] = []
    is_new_file = diff is not None and diff.is_about([line.removesuffix("\n") for line in lines])
    for piece in pieces:
        placed: Suggestion | str = _reason_against(piece, diff, is_new_file=is_new_file)
        if diff is not None and not placed:
            placed = _place(piece, lines, diff, taken)
        if isinstance(placed, Suggestion):
            taken.update(range(placed.first, placed.last + 1))
            found.append(placed._replace(path=path))
        else:
            remainder.append(Unplaced(path, piece, str(placed)))
    marks = numbered([_identity(one, lines) for one in found])
    found = [one._replace(mark=mark) for one, mark in zip(found, marks, strict=True)]
    return Review(tuple(found), tuple(remainder), {path: (result.original, result.fixed)}, files)


def _identity(one: Suggestion, lines: Sequence[str]) -> tuple[str, ...]:
    """Return what makes a suggestion the same as that of an earlier run, wherever it stood."""
    passes = " ".join(sorted({made.pass_id for made in one.fixes}))
    old = " ".join("".join(lines[one.first - 1 : one.last]).split())
    return one.path, passes, old, "\n".join(one.lines)


# --- placing ---------------------------------------------------------------------------


def _reason_against(piece: Piece, diff: FileDiff | None, *, is_new_file: bool) -> str:
    """Return why a piece cannot be placed anywhere, ``""`` when it perhaps can."""
    if any(made.fix.files for made in piece.fixes):
        return OTHER_FILES
    if diff is None:
        return NOT_IN_DIFF
    if not diff.hunks:
        return TOO_LARGE
    if not is_new_file:
        return OTHER_FILE
    if piece.last < piece.first and not piece.text:
        return TAKEN_BACK
    return ""


def _place(piece: Piece, lines: list[str], diff: FileDiff, taken: set[int]) -> Suggestion | str:
    """Return the suggestion for a piece, or why there is none."""
    free = taken - set(range(piece.first, piece.last + 1))
    reason = OTHER_LINES
    for first, last, text in _anchored(piece, lines, free):
        if diff.hunk_of(first, last) is None:
            continue
        new = [line.removesuffix("\n") for line in lines_of(text)]
        if not all(map(_can_be_written, new)):
            return UNWRITABLE
        ends_file = last == len(lines) and not lines[-1].endswith("\n")
        if _as_applied(lines, last, new) != text or (ends_file and not new):
            reason = LAST_LINE
            continue
        return Suggestion("", first, last, tuple(new), text, piece.fixes, "", diff)
    return reason


def _anchored(piece: Piece, lines: list[str], taken: set[int]) -> Iterable[tuple[int, int, str]]:
    """Yield ranges of lines and their new text that make the change of a piece.

    Lines are put somewhere by repeating a line beside them. A block with nothing but blank lines
    gets a line beside it too, because GitLab takes it for an empty one.
    """
    if piece.first <= piece.last and (piece.text.strip() or not piece.text):
        yield piece.first, piece.last, piece.text
        return
    above, below = piece.first - 1, piece.last + 1
    while above >= 1 and above not in taken and not lines[above - 1].strip():
        above -= 1
    while below <= len(lines) and below not in taken and not lines[below - 1].strip():
        below += 1
    if above >= 1 and above not in taken:
        before = "".join(lines[above - 1 : piece.first - 1])
        if before.endswith("\n"):
            yield above, max(piece.last, piece.first - 1), before + piece.text
    if below <= len(lines) and below not in taken:
        yield piece.first, below, piece.text + "".join(lines[piece.last : below])


def _can_be_written(line: str) -> bool:
    """Tell whether a comment in JSON and Markdown keeps a line as it is."""
    return all(c == "\t" or (c >= " " and c not in "\x7f\ufeff\ufffe\uffff") for c in line) and not any(
        "\ud800" <= c <= "\udfff" for c in line
    )


def _as_applied(lines: list[str], last: int, new: list[str]) -> str:
    """Return what takes the place of lines up to ``last`` when the suggestion is accepted.

    The last line keeps the line end that stood there: GitLab's ``Suggestion#to_content``
    (gitlab-org/gitlab, lib/gitlab/diff/suggestion.rb, read 2026-11-24).
    """
    if not new:
        return ""
    return "\n".join(new) + ("\n" if lines[last - 1].endswith("\n") else "")
