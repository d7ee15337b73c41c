"""One way to write a table, so that none is without its source and its day.

Invariant: what is written here, :mod:`dockeropt.knowledge.load` reads back: comment lines that say
what the columns are, ``# source:``, ``# date:``, then one record a line with tabs between fields.
A file is replaced whole or not at all.
"""

import os
import re
from collections.abc import Iterable, Sequence

DATA = os.path.join(
    os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "dockeropt", "knowledge", "data"
)


def heading(about: Sequence[str], source: str, date: str, *, verified: bool = True) -> str:
    """Return the comment lines above a section.

    Args:
        about: What the records are and which columns they have, one line each.
        source: Where they come from, in words, with commits or versions.
        date: Of which day the source is, ``YYYY-MM-DD``.
        verified: False for what was written from general knowledge.

    Raises:
        ValueError: The date is none, or the source is empty or of more than one line.
    """
    if not re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", date):
        raise ValueError(f"no date: {date}")
    if not source.strip() or "\n" in source:
        raise ValueError("a source is one line of text")
    lines = [*about, f"source: {source}", f"date: {date}", *([] if verified else ["verified: no"])]
    return "".join(f"# {line}\n" for line in lines)


def table(head: str, rows: Iterable[Sequence[str]]) -> str:
    """Return a section: its heading and a line for every row, empty fields at the end left off.

    Raises:
        ValueError: A field holds a tab or a line end, or a row would read as a comment.
    """
    lines = [head]
    for row in rows:
        line = "\t".join(row).rstrip("\t ")
        if line.count("\t") > len(row) - 1 or "\n" in line or "\r" in line or not line or line[0] == "#":
            raise ValueError(f"not a record: {row}")
        lines.append(line + "\n")
    return "".join(lines)


def write(path: str, *sections: str) -> None:
    """Write sections to a file, a blank line between them."""
    os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
    partial = path + ".new"
    with open(partial, "w", encoding="utf-8", newline="\n") as file:
        file.write("\n".join(sections))
    os.replace(partial, path)
