"""What a source of COPY or ADD brings from the build context.

Invariant: only what BuildKit would send is answered: an ignored file never appears, and an
ignored folder does only where an exception brings back something below it.

Sources: tonistiigi/fsutil ``copy.ResolveWildcards`` (the part before the first wildcard is a plain
path, the rest is matched with Go's ``filepath.Match``), ``filter.go``; BuildKit ``docopy``.
"""

from collections.abc import Callable, Iterator

from dockeropt.project.context import BuildContext, Entry
from dockeropt.project.dockerignore import IgnoreRule

ROOT = Entry("", "folder", 0, 0o755)
"""The context itself."""


def matches(build: BuildContext, pattern: str) -> tuple[Entry, ...]:
    """Return what a source names directly, ignored entries left out.

    Args:
        build: The context; an unknown one matches nothing.
        pattern: The source as BuildKit sees it, variables replaced: ``.``, ``src/``, ``*.json``.
            One that would lead out of the context stays at its top.

    Returns:
        Files, folders and links in the order of their names; ``.`` is :data:`ROOT`. What a folder
        holds is for :func:`everything_below`. A malformed pattern matches nothing.
    """
    return tuple([entry for entry in named_by(build, pattern) if not entry.path or sent(build, entry)])


def named_by(build: BuildContext, pattern: str) -> tuple[Entry, ...]:
    """Return what a source would name if nothing were ignored; else as :func:`matches`."""
    if not build.known:
        return ()
    fixed, rest = split(pattern)
    if not rest:
        entry = build.entry(fixed) if fixed else ROOT
        return (entry,) if entry is not None else ()
    try:
        tests = [glob(part) for part in rest]
    except ValueError:
        return ()
    found: list[str] = [fixed]
    for test in tests:
        found = [
            entry.path
            for folder in found
            for entry in build.children(folder)
            if test(entry.path.rpartition("/")[2])
        ]
    entries = [build.entry(path) for path in found]
    return tuple([entry for entry in entries if entry is not None])


def everything_below(build: BuildContext, entry: Entry) -> Iterator[Entry]:
    """Yield everything that is sent below a folder, folders before what they hold; nothing for others."""
    if entry.kind != "folder":
        return
    for below in build.children(entry.path):
        if below.kind != "folder":
            if ignored(build, below.path) is None:
                yield below
        elif ignored(build, below.path) is None:
            yield below
            yield from everything_below(build, below)
        elif build.ignore.has_exceptions:
            first = True
            for one in everything_below(build, below):
                if first:
                    yield below
                    first = False
                yield one


def ignored(build: BuildContext, path: str) -> IgnoreRule | None:
    """Return the rule that leaves ``path`` out of the context, ``None`` if it stays."""
    rule = build.ignore.decided_by(path)
    return rule if rule is not None and not rule.exception else None


def sent(build: BuildContext, entry: Entry) -> bool:
    """Tell whether BuildKit sends the entry, or at least something below it."""
    if ignored(build, entry.path) is None:
        return True
    if not build.ignore.has_exceptions:
        return False
    return next(everything_below(build, entry), None) is not None


def split(pattern: str) -> tuple[str, tuple[str, ...]]:
    """Return the plain path that a source begins with, and its further parts from the first wildcard on."""
    from posixpath import normpath

    parts = [part for part in normpath("/" + pattern).split("/") if part]
    for index, part in enumerate(parts):
        if has_wildcard(part):
            return "/".join(parts[:index]), tuple(parts[index:])
    return "/".join(parts), ()


def has_wildcard(text: str) -> bool:
    r"""Tell whether ``*``, ``?`` or ``[`` occurs without a backslash before it."""
    at = 0
    while at < len(text):
        if text[at] == "\\":
            at += 1
        elif text[at] in "*?[":
            return True
        at += 1
    return False


def glob(pattern: str) -> Callable[[str], bool]:
    """Return a test for one name, as Go's ``filepath.Match`` does it; ``**`` means ``*``.

    Raises:
        ValueError: The pattern is malformed.
    """
    import re

    from dockeropt.project.patterns import check

    check(pattern)
    # Between two stars the shortest match is as good as any, so no star is ever tried again.
    chunks: list[str] = [""]
    at = 0
    while at < len(pattern):
        char = pattern[at]
        at += 1
        if char == "*":
            chunks.append("")
        elif char == "?":
            chunks[-1] += "."
        elif char == "\\":
            chunks[-1] += re.escape(pattern[at])
            at += 1
        elif char == "[":
            chars, at = _brackets(pattern, at)
            chunks[-1] += chars
        else:
            chunks[-1] += re.escape(char)
    first, *rest = chunks
    middle = "".join([f"(?>.*?{chunk})" for chunk in rest[:-1] if chunk])
    expression = re.compile(first + middle + (f".*{rest[-1]}" if rest else ""), re.DOTALL)
    return lambda name: expression.fullmatch(name) is not None


def _brackets(pattern: str, at: int) -> tuple[str, int]:
    """Return the set that begins after a ``[`` as ``re`` writes it, and the place after it."""
    import re

    negated = pattern.startswith("^", at)
    at += negated
    items: list[str] = []
    while not items or pattern[at] != "]":
        low, at = _character(pattern, at)
        high = low
        if pattern[at] == "-":
            high, at = _character(pattern, at + 1)
        items.append(f"{re.escape(low)}-{re.escape(high)}" if low <= high else "")
    inside = "".join(items)
    if not inside:
        return ("." if negated else "(?!)"), at + 1
    return f"[{'^' if negated else ''}{inside}]", at + 1


def _character(pattern: str, at: int) -> tuple[str, int]:
    at += pattern[at] == "\\"
    return pattern[at], at + 1
