"""Where package managers keep what they download, by the word of their manuals."""

from functools import cache
from typing import NamedTuple

from dockeropt.knowledge.load import Source, read_rows


class CachePath(NamedTuple):
    """Hold a directory where a tool keeps downloads.

    Args:
        tool: The program, e.g. ``apt-get``, ``pip``, ``mvn``.
        user: ``root``, ``other`` (any but root) or ``*``.
        path: The directory; ``~`` stands for HOME.
        variable: Environment variable that moves it; ``None`` if there is none.
        below: Where it lies below the variable's directory; empty for the directory itself.
        image: The image that has it there; ``None`` for every other one. ``?``: it is there only
            sometimes.
        what: What lies there.
        source: The manual that says so.
    """

    tool: str
    user: str
    path: str
    variable: str | None
    below: str
    image: str | None
    what: str
    source: Source


def cache_paths(tool: str, *, root: bool | None = None) -> tuple[CachePath, ...]:
    """Return where a tool keeps caches.

    Args:
        tool: The program's name.
        root: Whether root runs it; ``None`` gives the places of all users.
    """
    wanted = {None: ("root", "other", "*"), True: ("root", "*"), False: ("other", "*")}[root]
    return tuple(path for path in _table() if path.tool == tool and path.user in wanted)


def all_cache_paths() -> tuple[CachePath, ...]:
    """Return where any tool keeps caches, in any image."""
    return _table()


@cache
def _table() -> tuple[CachePath, ...]:
    return tuple(
        CachePath(
            tool,
            user,
            path,
            None if variable == "-" else variable,
            "" if below == "-" else below,
            None if image == "-" else image,
            what,
            Source(manual, source.date),
        )
        for (tool, user, path, variable, below, image, what, manual), source in read_rows("caches.tsv")
    )
