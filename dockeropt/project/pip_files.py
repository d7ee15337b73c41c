"""What requirement files ask pip for.

Invariant: a line that is not a plain requirement (an address, a local path, an option that changes
where packages come from) is said as unknown, with file and line, never skipped.

Source: pip documentation, "Requirements File Format"; PEP 508.
"""

import re
from posixpath import dirname, join, normpath
from typing import NamedTuple

from dockeropt.project.context import BuildContext

_HARMLESS = ("--hash", "--trusted-host", "--prefer-binary", "--pre", "--use-feature", "--require-hashes")
_ELSEWHERE = "win32|windows|darwin|cygwin"


class Requirement(NamedTuple):
    """One requirement: a package, its extras, its version specifier, and where it stands."""

    name: str
    extras: tuple[str, ...]
    version: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """Return ``file:line``, ``""`` when it stands in no file."""
        return f"{self.file}:{self.line}" if self.file else ""


class Requirements(NamedTuple):
    """What files ask for, and what of them cannot be known: a clause and its place."""

    known: tuple[Requirement, ...]
    unknown: tuple[tuple[str, str], ...]


def read_requirement(text: str, file: str = "", line: int = 0) -> Requirement | None:
    """Return one requirement, ``None`` if the text is something else.

    >>> read_requirement("uvicorn[standard]>=0.20,<1; python_version > '3.7'").version
    '>=0.20,<1'
    """
    head = text.partition(";")[0].strip()
    found = re.fullmatch(
        r"([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*(?:\[([\w\s,.-]*)\])?\s*\(?((?:[~=!<>]=?=?\s*[\w.*+!-]+\s*,?\s*)*)\)?",
        head,
        re.ASCII,
    )
    if found is None:
        return None
    extras = tuple([part.strip() for part in (found[2] or "").split(",") if part.strip()])
    return Requirement(found[1], extras, re.sub(r"\s+", "", found[3] or ""), file, line)


def read_requirements(build: BuildContext, path: str) -> Requirements:
    """Return what a requirement file and those that it names with ``-r`` ask for.

    Args:
        build: The build context.
        path: The file's path in it.
    """
    known: list[Requirement] = []
    unknown: list[tuple[str, str]] = []
    seen: set[str] = set()
    todo = [path]
    while todo:
        current = todo.pop(0)
        if current in seen:
            continue
        seen.add(current)
        text = build.read(current)
        if text is None or build.ignore.ignores(current):
            unknown.append((f"what {current} asks for", current))
            continue
        for number, line in _lines(text):
            place = f"{current}:{number}"
            option = re.match(r"(?:-r|--requirement)[ =]*(\S+)$", line)
            if option is not None:
                todo.append(normpath(join(dirname(current), option[1])))
            elif re.match(r"(?:-c|--constraint)\b", line):
                unknown.append(("which versions the constraints allow", place))
            elif line.startswith("-"):
                if not line.startswith(_HARMLESS):
                    unknown.append((f"what {line.split()[0]} brings", place))
            else:
                plain = re.split(r"\s--?[a-z]", line, maxsplit=1)[0]
                found = read_requirement(plain, current, number)
                if found is None:
                    unknown.append((f"what {plain[:40]} brings", place))
                elif not re.search(rf"(?:==|in)\s*['\"](?:{_ELSEWHERE})", plain, re.IGNORECASE):
                    known.append(found)
    return Requirements(tuple(known), tuple(unknown))


def _lines(text: str) -> list[tuple[int, str]]:
    """Return the logical lines with their numbers: joined at backslashes, without comments."""
    found: list[tuple[int, str]] = []
    start, joined = 0, ""
    for number, raw in enumerate(text.splitlines(), 1):
        start = start or number
        line = re.sub(r"(?:^|\s)#.*$", "", raw) if not raw.rstrip().endswith("\\") else raw
        if line.rstrip().endswith("\\"):
            joined += line.rstrip()[:-1] + " "
            continue
        joined = (joined + line).strip()
        if joined:
            found.append((start, joined))
        start, joined = 0, ""
    if joined.strip():
        found.append((start, joined.strip()))
    return found
