"""Which files of a build context ``.dockerignore`` leaves out.

Invariant: the answer for a path is the one that BuildKit gives while it walks the context: a
rule counts for a path if it matched a directory above it, and the last rule that matches
decides. A malformed pattern is reported, never raised; the other rules still count.

Sources: moby/patternmatcher ``ignorefile.ReadAll``, ``New``, ``MatchesUsingParentResults``;
tonistiigi/fsutil ``filter.go``; Docker reference, ".dockerignore files".
"""

from collections.abc import Callable
from typing import NamedTuple

MAX_LINE = 65_536
"""A line of as many bytes makes Docker give up (Go ``bufio.MaxScanTokenSize``)."""

MAX_PATH = 4_096
"""Longer paths are no files (Linux ``PATH_MAX``)."""

_BLANKS = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"


class IgnoreProblem(NamedTuple):
    """Say why Docker refuses a line: 1-based line number, the line as written, the reason."""

    line: int
    text: str
    message: str


class IgnoreRule:
    """A line of the file that counts.

    Args:
        line: 1-based number.
        text: The line as written, outer blanks trimmed.
        pattern: The pattern after cleaning, without ``!``.
        exception: Whether it is an exception (``!``).
        matches: Tells whether the pattern matches a path itself, directories above left aside.
    """

    __slots__ = ("exception", "line", "matches", "pattern", "text")

    def __init__(
        self, line: int, text: str, pattern: str, *, exception: bool, matches: Callable[[str], bool]
    ) -> None:
        self.line = line
        self.text = text
        self.pattern = pattern
        self.exception = exception
        self.matches = matches

    def __repr__(self) -> str:
        return f"IgnoreRule({self.line}: {self.text!r})"


class DockerIgnore:
    """Hold the rules of an ignore file.

    Args:
        rules: In the order of the file.
        problems: Lines that Docker refuses; with any of them a build fails.
    """

    __slots__ = ("_seen", "problems", "rules")

    def __init__(self, rules: tuple[IgnoreRule, ...], problems: tuple[IgnoreProblem, ...] = ()) -> None:
        self.rules = rules
        self.problems = problems
        self._seen: dict[str, tuple[IgnoreRule | None, int]] = {}

    @classmethod
    def parse(cls, text: str) -> "DockerIgnore":
        """Read the text of an ignore file. A byte order mark at its start is skipped."""
        from dockeropt.project.patterns import MalformedPattern, matcher

        rules: list[IgnoreRule] = []
        problems: list[IgnoreProblem] = []
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
            if len(line) >= MAX_LINE or (
                not line.isascii() and len(line.encode("utf-8", "surrogatepass")) >= MAX_LINE
            ):
                problems.append(IgnoreProblem(number, line[:80], "bufio.Scanner: token too long"))
                break
            if line.startswith("#"):
                continue
            written = line.strip(_BLANKS)
            if not written:
                continue
            exception = written.startswith("!")
            pattern = written[1:].strip(_BLANKS) if exception else written
            if pattern in ("", "/") and exception:
                problems.append(IgnoreProblem(number, written, 'illegal exclusion pattern: "!"'))
                continue
            pattern = clean(pattern)
            if len(pattern) > 1:
                pattern = pattern.removeprefix("/")
            try:
                matches = matcher(pattern)
            except MalformedPattern as error:
                problems.append(IgnoreProblem(number, written, str(error)))
                continue
            rules.append(IgnoreRule(number, written, pattern, exception=exception, matches=matches))
        return cls(tuple(rules), tuple(problems))

    @property
    def has_exceptions(self) -> bool:
        """Tell whether any rule brings files back."""
        return any(rule.exception for rule in self.rules)

    def ignores(self, path: str) -> bool:
        """Tell whether ``path`` is left out of the context.

        Args:
            path: Relative to the context, with slashes. The context itself is never left out.
        """
        rule = self.decided_by(path)
        return rule is not None and not rule.exception

    def decided_by(self, path: str) -> IgnoreRule | None:
        """Return the rule that has the last word on ``path``, ``None`` if no rule applies."""
        path = clean(path)
        if path == "." or len(path) > MAX_PATH:
            return None
        if len(path) > 1:
            path = path.removeprefix("/")
        at = path.find("/", 1)
        matched = 0
        while at >= 0:
            _, matched = self._look(path[:at], matched)
            at = path.find("/", at + 1)
        return self._look(path, matched)[0]

    def _look(self, path: str, above: int) -> tuple[IgnoreRule | None, int]:
        """Return the deciding rule, and as bits the rules that matched ``path`` or a directory above.

        A rule that could not change the answer is not tried, and then does not count for what
        lies below either (``MatchesUsingParentResults``).
        """
        known = self._seen.get(path)
        if known is not None:
            return known
        ignored = False
        decisive: IgnoreRule | None = None
        matched = 0
        for index, rule in enumerate(self.rules):
            bit = 1 << index
            if above & bit or (rule.exception is ignored and rule.matches(path)):
                matched |= bit
                ignored = not rule.exception
                decisive = rule
        if len(self._seen) > 20_000:
            self._seen.clear()
        self._seen[path] = decisive, matched
        return decisive, matched


def clean(path: str) -> str:
    """Return the shortest form of a path (Go ``path.Clean``); an empty one is ``.``."""
    from posixpath import normpath

    path = normpath(path)
    return path[1:] if path.startswith("//") else path


def ignore_files(dockerfile: str) -> tuple[tuple[str, bool], ...]:
    """Return where Docker looks for the ignore file of a Dockerfile, the first that exists counts.

    Args:
        dockerfile: Path of the Dockerfile.

    Returns:
        Pairs of a path and whether it is relative to the context instead of the Dockerfile's
        own place (Docker reference, "Filename and location").
    """
    return (f"{dockerfile}.dockerignore", False), (".dockerignore", True)
