"""What compose and bake files say about builds: which Dockerfile, which context, which inputs.

Invariant: one record for each build that can be known, and one reason for each that cannot;
nothing is guessed. A value that is only known when the build runs is ``None``.
"""

import os
import re
from collections.abc import Iterable
from typing import NamedTuple

from dockeropt.text import Span

COMPOSE_NAMES = frozenset({"compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml"})
"""The names that ``docker compose`` looks for (Compose file reference, "The Compose file")."""

_COMPOSE_STEMS = ("compose.", "docker-compose.", "docker-compose-", "docker-compose_")
_BAKE_STEMS = ("docker-bake.",)
# A scheme, or what Docker takes for a Git repository without one (docker build reference, "Git repositories").
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|git@|github\.com/")


class BuildUse(NamedTuple):
    """One build of one Dockerfile.

    Args:
        service: The service or target that is built.
        context: The folder of the build context, relative to where we are or absolute.
        dockerfile: The path of the Dockerfile; ``""`` for one that stands in the file itself.
        inline: The text of a Dockerfile that stands in the file itself, or ``None``.
        span: Where that text's value stands in the file, from its first character on.
        args: Build arguments, ``None`` for a value that is not known.
        target: The stage that is built, ``""`` for the last one.
        contexts: Named contexts besides, as they are written.
        file: The compose or bake file that says so.
        line: 1-based line there.
        column: 1-based column there.
    """

    service: str
    context: str
    dockerfile: str
    inline: str | None
    span: Span | None
    args: tuple[tuple[str, str | None], ...]
    target: str
    contexts: tuple[tuple[str, str], ...]
    file: str
    line: int
    column: int


class Skipped(NamedTuple):
    """A build that nothing is done about.

    Args:
        service: The service or target.
        reason: Why, a sentence without a full stop.
        file: The file that says so.
        line: 1-based line there.
        column: 1-based column there.
        dockerfile: The Dockerfile that it builds all the same, ``""`` when that is not known either.
    """

    service: str
    reason: str
    file: str
    line: int
    column: int
    dockerfile: str = ""


class Builds(NamedTuple):
    """Everything that a compose or bake file builds.

    Args:
        uses: The builds, in the order of the file.
        skipped: Those that nothing is done about.
        names: All services, or all targets and groups, whether they are built or not.
        groups: Groups of targets, with their targets.
    """

    uses: tuple[BuildUse, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    names: tuple[str, ...] = ()
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()


def is_compose_name(path: str) -> bool:
    """Tell whether a file of this name is a compose file.

    >>> [is_compose_name(n) for n in ("a/compose.yaml", "docker-compose.dev.yml", "compose.json", "my.yaml")]
    [True, True, False, False]
    """
    name = os.path.basename(path).lower()
    return name.endswith((".yaml", ".yml")) and (name in COMPOSE_NAMES or name.startswith(_COMPOSE_STEMS))


def is_bake_name(path: str) -> bool:
    """Tell whether a file of this name is a bake file.

    >>> [is_bake_name(n) for n in ("docker-bake.hcl", "a/docker-bake.override.json", "bake.toml")]
    [True, True, False]
    """
    name = os.path.basename(path).lower()
    return name.endswith((".hcl", ".json")) and name.startswith(_BAKE_STEMS)


def is_remote(context: str) -> bool:
    """Tell whether a context is fetched from elsewhere.

    >>> [is_remote(c) for c in ("https://x.org/a.git", "git@x.org:a", "./github.com", "..")]
    [True, True, False, False]
    """
    return _REMOTE.match(context) is not None


def joined(folder: str, path: str) -> str:
    """Return ``path`` as seen from ``folder``, without ``.`` and ``..`` where they can go.

    >>> joined("a/b", "../c"), joined("", "."), joined("a", "/c")
    ('a/c', '.', '/c')
    """
    return os.path.normpath(os.path.join(folder, path))


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that was probably meant, ``""`` when none is close.

    >>> nearest("dockerfile-inline", ["dockerfile_inline", "args"])
    'dockerfile_inline'
    """
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(known), 1, 0.7)), "")
