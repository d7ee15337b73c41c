"""Does a tool of an old image know an option that today's tool has?

An option that the tool does not know ends the build, so a pass asks here before it adds one.
Invariant: a function answers ``True`` wherever the file does not show that the tool is old; it
never guesses an age from anything but versions that are written down.

Sources, seen 2026-11-24: pip's release notes (caching and ``--no-cache-dir`` came with 6.0,
2014-12-22), the packages of Debian 8 (pip 1.5.6) and Ubuntu 14.04 (pip 1.5.4), the notes on
usage of docker-alpine (``apk --no-cache``: "as of Alpine Linux 3.3"), poetry's pull request 5519
(``--no-cache``, 1.2.0) and the manual of conda 4.6.0 (``conda clean --force-pkgs-dirs``).
"""

import re
from collections.abc import Sequence

from dockeropt.knowledge.families import version_of
from dockeropt.model.images import ImageRef
from dockeropt.model.packages import Invocation
from dockeropt.model.stages import Stage

FIRST_PIP_6 = {"debian": "9", "ubuntu": "16.04", "alpine": "3.3", "fedora": "23", "opensuse": "42"}
"""First release of each distribution whose own pip is certainly 6.0 or newer."""

OLD_SUITES = frozenset(("wheezy", "jessie", "precise", "trusty", "utopic", "vivid", "wily"))
OWN_PIP = frozenset(("python", "pypy"))
"""Images that bring a pip of their own, newer than that of the distribution below it."""

OLD_POETRY = re.compile(
    r"get-poetry\.py|arg\s+poetry_version\s*(?:\n|$)"
    r"|poetry(?:[_-]?version)?[\"']?\s*(?:[=~<]=|=|@|<|\s)\s*[\"']?[v^]?(?:0\.\d|1\.[01]\b)"
)
"""A poetry before 1.2, or of a version that only the build knows."""


def apk_knows_no_cache(stage: Stage) -> bool:
    """Tell whether apk takes ``--no-cache``; it does not before Alpine 3.3."""
    image = stage.base
    if image is None or image.name != "alpine":
        return True
    version = version_of(image.tag or "")
    return len(version) < 2 or version >= (3, 3)


def pip_knows_no_cache_dir(use: Invocation, earlier: Sequence[Invocation]) -> bool:
    """Tell whether pip takes ``--no-cache-dir``; it does not before 6.0, which kept no cache either.

    Args:
        use: The call of pip.
        earlier: The calls of pip before it: one may have brought a new pip.
    """
    stage = use.run.stage
    if stage is None or stage.base is None or not _has_old_pip(stage.base):
        return True
    if stage.mentions("get-pip", "easy_install pip", "easy_install -u pip"):
        return True
    chain = stage.chain
    return any(
        other.run is not use.run  # a shell goes on calling the program that it found first
        and other.run.stage in chain
        and other.has("-U", "--upgrade")
        and any(package.name == "pip" for package in other.packages)
        for other in earlier
    )


def _has_old_pip(image: ImageRef) -> bool:
    name = image.official
    if name is None or name in OWN_PIP:
        return False
    if any(part in OLD_SUITES for part in (image.tag or "").split("-")):
        return True
    first, version = FIRST_PIP_6.get(name), version_of(image.tag or "")
    return first is not None and bool(version) and version < version_of(first)


def poetry_knows_no_cache(text: str) -> bool:
    """Tell whether poetry takes ``--no-cache``; it does not before 1.2.

    Args:
        text: The whole file in lower case.
    """
    return OLD_POETRY.search(text) is None


def conda_knows_force(stage: Stage) -> bool:
    """Tell whether ``conda clean`` takes ``-f``; it does not before 4.6."""
    image = stage.base
    if image is None or image.full_name not in _MINICONDA:
        return True
    version = version_of(image.tag or "")
    return not version or version >= (4, 6)


_MINICONDA = ("docker.io/continuumio/miniconda3", "docker.io/continuumio/miniconda2")
