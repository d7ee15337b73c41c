"""Where package managers keep what they download, by the word of their manuals."""

from functools import cache
from typing import NamedTuple

from dockeropt.knowledge.families import family_of
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


def cleans_apt_cache(name: str, tag: str | None) -> bool | None:
    """Tell whether apt removes downloaded packages by itself in an image (``docker-clean``).

    Args:
        name: An official image's bare name, or ``registry/path`` (Docker Hub: ``owner/path``).
        tag: The tag; ``None`` means ``latest``.

    Returns:
        True for official images of Debian and Ubuntu and those known to stand on them, ``None``
        otherwise. The file may have been removed by an instruction since: that is for the
        caller to look at.
    """
    if family_of(name, tag) not in ("debian", "ubuntu"):
        return None
    return True if "/" not in name or name in _docker_clean() else None


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


@cache
def _docker_clean() -> frozenset[str]:
    return frozenset(fields[0] for fields, _ in read_rows("docker_clean.tsv"))
