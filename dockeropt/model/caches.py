"""Where package managers keep what they download, in a given call.

Invariant: a path is only given when it is certain for the user and the variables in force;
an unknown home or an override of unknown value gives no path. The places themselves are in
:mod:`dockeropt.knowledge.caches`, each with the manual that names it.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dockeropt.model.tools import Tool

if TYPE_CHECKING:
    from dockeropt.model.packages import Invocation
    from dockeropt.model.state import State

SYSTEM = frozenset(
    (
        Tool.APT_GET,
        Tool.APT,
        Tool.APTITUDE,
        Tool.APK,
        Tool.YUM,
        Tool.DNF,
        Tool.MICRODNF,
        Tool.TDNF,
        Tool.ZYPPER,
        Tool.PACMAN,
    )
)
"""System package managers: their caches are the same for every user."""


def cache_paths(invocation: "Invocation") -> tuple[str, ...]:
    """Return the directories where ``invocation`` keeps caches; empty when not known."""
    from dockeropt.knowledge.caches import cache_paths as places_of

    tool, state = invocation.tool, invocation.run.state
    if tool in SYSTEM:
        return tuple([place.path for place in places_of(tool.value)])
    option = invocation.option("--cache-dir", "--cache-folder", "--cache", "--store-dir")
    if option is not None and option.value is not None:
        return (option.value,) if option.value.startswith("/") and "$" not in option.value else ()
    home = home_of(state, sudo="sudo" in invocation.call.prefixes)
    stage = invocation.run.stage
    image = stage.base if stage is not None else None
    official = image.name if image is not None and image.is_official else ""
    variables = state.variables
    places = places_of(tool.value)
    chosen = {(place.variable, place.below) for place in places if place.image and place.image == official}
    paths: dict[str, None] = {}
    for place in places:
        key = (place.variable, place.below)
        if place.variable is not None and place.variable in variables:
            root = variables[place.variable]
            if root is not None and root.startswith("/"):
                paths[_join(root, place.below)] = None
        elif place.user == "root" and not state.is_root:
            continue
        elif place.image == official or (place.image is None and key not in chosen):
            moved = place.path
            if moved.startswith("~/"):
                moved = _under_cache(moved[2:], variables)
                if not moved.startswith("/"):
                    if home is None:
                        continue
                    moved = _join(home, moved)
            paths[moved] = None
    return tuple(paths)


def home_of(state: "State", *, sudo: bool = False) -> str | None:
    """Return HOME of the user in force, ``None`` if it is not known.

    ENV HOME wins; root's is ``/root``; of other users only a name tells, by convention.
    """
    home = state.variables.get("HOME", "")
    if home != "":
        return home
    if sudo or state.is_root:
        return "/root"
    name = (state.user or "").partition(":")[0]
    if not name or name.isdigit():
        return None
    return f"/home/{name}"


def _under_cache(path: str, variables: Mapping[str, str | None]) -> str:
    """Return ``path`` moved to XDG_CACHE_HOME when that is set and ``path`` is below .cache."""
    cache = variables.get("XDG_CACHE_HOME")
    return _join(cache, path.removeprefix(".cache/")) if cache and path.startswith(".cache/") else path


def _join(root: str, below: str) -> str:
    return f"{root.rstrip('/')}/{below}" if below else root
