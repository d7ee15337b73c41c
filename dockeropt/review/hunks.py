"""Which lines of a pull request's new files can be commented on, and where a change fits.

Invariant: a place is offered only inside one hunk, on lines that the diff shows as kept or added,
and only in a file that is, on all those lines, the one that the diff is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dockeropt.errors import ConfigError
from dockeropt.render.diff import lines_of


class Hunk(NamedTuple):
    """The lines of the new file that one hunk shows.

    Args:
        first: Its first line, 1-based.
        lines: Text of each line, in order, without line end.
        old: The line of the old file that each was, 0 for an added one.
    """

    first: int
    lines: tuple[str, ...]
    old: tuple[int, ...]

    @property
    def last(self) -> int:
        """Return its last line, 1-based."""
        return self.first + len(self.lines) - 1

    def holds(self, first: int, last: int) -> bool:
        """Tell whether all lines from ``first`` to ``last`` are in it."""
        return self.first <= first <= last <= self.last

    def old_line(self, line: int) -> int:
        """Return where a line of the new file stood in the old one, 0 when it was added."""
        return self.old[line - self.first]


class FileDiff(NamedTuple):
    """What a diff says of one file.

    Args:
        path: Its name now, relative to the top of the repository, with slashes.
        old_path: Its name before, the same for a new file.
        hunks: What is shown of it, in order; empty for one that is too large to be shown.
    """

    path: str
    old_path: str
    hunks: tuple[Hunk, ...]

    def hunk_of(self, first: int, last: int) -> Hunk | None:
        """Return the hunk that holds all lines from ``first`` to ``last``, if one does."""
        return next((hunk for hunk in self.hunks if hunk.holds(first, last)), None)

    def is_about(self, lines: Sequence[str]) -> bool:
        """Tell whether the file with these lines (no line ends) is the new file of the diff."""
        return all(tuple(lines[hunk.first - 1 : hunk.last]) == hunk.lines for hunk in self.hunks)

    def added(self) -> Iterable[int]:
        """Yield the lines of the new file that are new, 1-based."""
        for hunk in self.hunks:
            yield from (hunk.first + at for at, old in enumerate(hunk.old) if not old)


def read_diff(text: str) -> Mapping[str, FileDiff]:
    """Return the files of a unified diff by their new path; deleted ones are left out.

    Raises:
        ConfigError: It is no unified diff, or unidiff is not installed.
    """
    try:
        from unidiff.errors import UnidiffParseError
        from unidiff.patch import PatchSet
    except ImportError:
        hint = "pip install 'dockeropt[review]'"
        raise ConfigError("reading a diff needs the package unidiff", hint=hint) from None
    # Only what starts like this can be part of a hunk. The rest repeats the names, and unidiff cannot
    # tell where the first ends when one holds " b/".
    shown = [line for line in lines_of(text) if line[0] in " +-@\\\r\n"]
    try:
        patches = PatchSet("".join(shown))
    except UnidiffParseError as error:
        raise ConfigError(f"this is no unified diff: {error}", hint="use what `git diff` prints") from None
    found: dict[str, FileDiff] = {}
    for patch in patches:
        if patch.target_file == "/dev/null":  # unidiff takes an emptied file for a removed one, too
            continue
        path = _name(patch.target_file) or patch.path
        old_path = _name(patch.source_file) or path
        hunks = []
        for hunk in patch:
            kept = [line for line in hunk if line.is_context or line.is_added]
            if kept:
                lines = tuple([line.value.removesuffix("\n") for line in kept])
                old = tuple([0 if line.is_added else line.source_line_no or 0 for line in kept])
                hunks.append(Hunk(hunk.target_start, lines, old))
        found[path] = FileDiff(path, old_path, tuple(hunks))
    if not found and text.strip() and "diff --git " not in text:
        raise ConfigError("this is no unified diff: it names no file", hint="use what `git diff` prints")
    return found


def read_patch(path: str, old_path: str, patch: str) -> FileDiff:
    """Return what the hunks of one file say, as GitHub and GitLab give them: without a header.

    Args:
        path: The new name.
        old_path: The old name, ``""`` for the same.
        patch: The hunks; ``""`` when the service does not show them.

    Raises:
        ConfigError: See :func:`read_diff`.
    """
    old_path = old_path or path
    if not patch.startswith("@@"):
        return FileDiff(path, old_path, ())
    if not patch.endswith("\n"):
        patch += "\n"
    found = read_diff(f"--- a/file\n+++ b/file\n{patch}")
    hunks = next(iter(found.values())).hunks if found else ()
    return FileDiff(path, old_path, hunks)


def _name(name: str) -> str:
    r"""Return a file name of a header without prefix and quotes, ``""`` for no file.

    >>> _name('"b/na\\303\\257ve"')
    'naïve'
    """
    if name == "/dev/null":
        return ""
    if name.startswith('"') and name.endswith('"'):
        name = _unquoted(name[1:-1])
    return name[2:] if name[:2] in {"a/", "b/", "c/", "i/", "o/", "w/"} else name


_LETTERS = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13}


def _unquoted(name: str) -> str:
    """Undo what git does to a name with special characters: see git-config(1), core.quotePath."""
    out = bytearray()
    at = 0
    while at < len(name):
        if name[at] != "\\" or at + 1 == len(name):
            out += name[at].encode("utf-8", "surrogateescape")
            at += 1
        elif name[at + 1 : at + 4].isdigit():
            out.append(int(name[at + 1 : at + 4], 8) & 255)
            at += 4
        else:
            letter = name[at + 1]
            out += bytes([_LETTERS[letter]]) if letter in _LETTERS else letter.encode()
            at += 2
    return out.decode("utf-8", "surrogateescape")
