"""Where package managers keep what they download.

Invariant: a path is only given when it is certain for the user and the variables in force;
an unknown home or an override of unknown value gives no path. Facts: the tools' manuals and,
for the places that official images choose (``CARGO_HOME``, ``GOPATH``, ``GEM_HOME``, …), their
Dockerfiles in docker-library.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dockeropt.model.tools import Tool

if TYPE_CHECKING:
    from dockeropt.model.packages import Invocation
    from dockeropt.model.state import State

SYSTEM = {
    Tool.APT_GET: ("/var/lib/apt/lists", "/var/cache/apt"),
    Tool.APT: ("/var/lib/apt/lists", "/var/cache/apt"),
    Tool.APTITUDE: ("/var/lib/apt/lists", "/var/cache/apt"),
    Tool.APK: ("/var/cache/apk", "/etc/apk/cache"),
    Tool.YUM: ("/var/cache/yum", "/var/cache/dnf"),
    Tool.DNF: ("/var/cache/dnf", "/var/cache/libdnf5"),
    Tool.MICRODNF: ("/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5"),
    Tool.TDNF: ("/var/cache/tdnf",),
    Tool.ZYPPER: ("/var/cache/zypp",),
    Tool.PACMAN: ("/var/cache/pacman/pkg",),
}
"""Caches of system package managers: the same for every user."""

# tool: (variable that moves it, path under the variable, path under HOME, official image → its value)
_MOVABLE: dict[Tool, tuple[tuple[str, str, str, Mapping[str, str]], ...]] = {
    Tool.PIP: (("PIP_CACHE_DIR", "", ".cache/pip", {}),),
    Tool.PIPX: (("PIP_CACHE_DIR", "", ".cache/pip", {}),),
    Tool.PIPENV: (("PIPENV_CACHE_DIR", "", ".cache/pipenv", {}), ("PIP_CACHE_DIR", "", ".cache/pip", {})),
    Tool.POETRY: (("POETRY_CACHE_DIR", "", ".cache/pypoetry", {}),),
    Tool.UV: (("UV_CACHE_DIR", "", ".cache/uv", {}),),
    Tool.CONDA: (("CONDA_PKGS_DIRS", "", "", {}),),
    Tool.MAMBA: (("CONDA_PKGS_DIRS", "", "", {}),),
    Tool.MICROMAMBA: (("MAMBA_ROOT_PREFIX", "pkgs", "micromamba/pkgs", {}),),
    Tool.NPM: (("npm_config_cache", "", ".npm", {}),),
    Tool.YARN: (("YARN_CACHE_FOLDER", "", ".cache/yarn", {}),),
    Tool.PNPM: (("PNPM_HOME", "store", ".local/share/pnpm/store", {}),),
    Tool.GEM: (("GEM_HOME", "cache", "", {"ruby": "/usr/local/bundle"}),),
    Tool.BUNDLE: (
        ("GEM_HOME", "cache", "", {"ruby": "/usr/local/bundle"}),
        ("BUNDLE_USER_CACHE", "", ".bundle/cache", {"ruby": "/usr/local/bundle/cache"}),
    ),
    Tool.COMPOSER: (("COMPOSER_CACHE_DIR", "", ".cache/composer", {"composer": "/tmp/cache"}),),  # noqa: S108
    Tool.GO: (
        ("GOMODCACHE", "", "go/pkg/mod", {"golang": "/go/pkg/mod"}),
        ("GOCACHE", "", ".cache/go-build", {}),
    ),
    Tool.CARGO: (
        ("CARGO_HOME", "registry", ".cargo/registry", {"rust": "/usr/local/cargo"}),
        ("CARGO_HOME", "git", ".cargo/git", {"rust": "/usr/local/cargo"}),
    ),
    Tool.MAVEN: (("", "", ".m2/repository", {}),),
    Tool.GRADLE: (("GRADLE_USER_HOME", "caches", ".gradle/caches", {"gradle": "/home/gradle/.gradle"}),),
}


def cache_paths(invocation: "Invocation") -> tuple[str, ...]:
    """Return the directories where ``invocation`` keeps caches; empty when not known."""
    tool, state = invocation.tool, invocation.run.state
    if tool in SYSTEM:
        return SYSTEM[tool]
    option = invocation.option("--cache-dir", "--cache-folder", "--cache", "--store-dir")
    if option is not None and option.value is not None:
        return (option.value,) if option.value.startswith("/") and "$" not in option.value else ()
    home = home_of(state, sudo="sudo" in invocation.call.prefixes)
    stage = invocation.run.stage
    image = stage.base if stage is not None else None
    official = image.name if image is not None and image.is_official else ""
    variables = state.variables
    paths: list[str] = []
    for variable, below, under_home, images in _MOVABLE[tool]:
        if variable in variables:
            root = variables[variable]
            if root is not None and root.startswith("/"):
                paths.append(_join(root, below))
        elif official in images:
            paths.append(_join(images[official], below))
        elif under_home and home is not None:
            moved = _under_cache(under_home, variables)
            paths.append(moved if moved.startswith("/") else _join(home, moved))
    if tool is Tool.YARN and state.is_root and "YARN_CACHE_FOLDER" not in variables:
        paths.insert(0, "/usr/local/share/.cache/yarn")  # where Yarn 1 keeps root's cache
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
