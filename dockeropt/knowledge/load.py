"""Reading the tables: each when it is first asked for, once.

Invariant: importing this module reads nothing. A table is plain lines with tabs, under comment
lines that say where its records come from and of which day they are: a reader of JSON or TOML
would cost more at start-up than the reading, and a change of one fact is a change of one line.
Files are opened by path: ``importlib.resources`` is slower.
"""

import os
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

_DATA = os.path.join(os.path.dirname(__file__), "data")


class Source(NamedTuple):
    """Say where a fact comes from and of which day (``YYYY-MM-DD``) it is.

    ``verified`` is false for tables that were written from general knowledge.
    """

    text: str
    date: str
    verified: bool = True


def read_text(name: str) -> str:
    """Return the text of a table file.

    Raises:
        FileNotFoundError: There is no such table.
    """
    with open(os.path.join(_DATA, name), encoding="utf-8") as file:
        return file.read()


def has_table(name: str) -> bool:
    """Tell whether there is a table file of this name."""
    return os.path.exists(os.path.join(_DATA, name))


def read_rows(name: str) -> Iterator[tuple[list[str], Source]]:
    """Yield the fields of each record of a table, with the source of its section."""
    text = read_text(name)
    source: Source | None = None
    for line in text.split("\n"):
        if line[:1] == "#":
            source = None
        elif line:
            if source is None:
                source = _heading(text[: text.index("\n" + line)])
            yield line.split("\t"), source


@cache
def source_of(name: str) -> Source:
    """Return the source of a table's first section."""
    text = read_text(name)
    return _heading(text[: text.index("\n", text.index("\n# date: ") + 1)])


def _heading(above: str) -> Source:
    """Read ``# source:``, ``# date:`` and ``# verified:`` from the lines above a record."""
    block = above[above.rfind("\n\n") + 1 :]
    values = dict.fromkeys(("source", "date", "verified"), "")
    for line in block.split("\n"):
        key, colon, value = line.lstrip("# ").partition(": ")
        if line[:1] == "#" and colon and key in values:
            values[key] = value
    return Source(values["source"], values["date"], values["verified"] != "no")


def is_stale(date: str, today: str) -> bool:
    """Tell whether a fact of ``date`` is more than a year old on ``today``, or of no day at all.

    Both are ``YYYY-MM-DD``; a shorter date counts as its first day. Where a fix is made of
    dated facts, :meth:`dockeropt.rewrite.context.Context.safe` asks, and no pass has to.
    """
    if not date[:4].isdigit():
        return True
    rest = date[4:] or "-01-01"
    return f"{int(date[:4]) + 1}{rest if len(rest) == 6 else rest[:3] + '-01'}" < today


def today() -> str:
    """Return the day by the clock, ``YYYY-MM-DD``: only for asking how old a fact is."""
    import time

    return time.strftime("%Y-%m-%d")
