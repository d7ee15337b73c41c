"""The package managers that are known, and by which program names.

Invariant: a program that is not in the table is no tool; nothing is guessed from its name but
a version at its end (``pip3.11``).
"""

from enum import Enum


class Tool(Enum):
    """A package manager or a build tool that downloads packages."""

    APT_GET = "apt-get"
    APT = "apt"
    APTITUDE = "aptitude"
    APK = "apk"
    YUM = "yum"
    DNF = "dnf"
    MICRODNF = "microdnf"
    TDNF = "tdnf"
    ZYPPER = "zypper"
    PACMAN = "pacman"
    PIP = "pip"
    PIPX = "pipx"
    PIPENV = "pipenv"
    POETRY = "poetry"
    UV = "uv"
    CONDA = "conda"
    MAMBA = "mamba"
    MICROMAMBA = "micromamba"
    NPM = "npm"
    YARN = "yarn"
    PNPM = "pnpm"
    GEM = "gem"
    BUNDLE = "bundle"
    COMPOSER = "composer"
    GO = "go"
    CARGO = "cargo"
    MAVEN = "mvn"
    GRADLE = "gradle"


class Verb(Enum):
    """What a call of a package manager is for.

    INSTALL adds packages, UPDATE refreshes the index, UPGRADE brings installed packages to
    newer versions, REMOVE takes packages away, CLEAN empties caches.
    """

    INSTALL = "install"
    UPDATE = "update"
    UPGRADE = "upgrade"
    REMOVE = "remove"
    CLEAN = "clean"
    OTHER = "other"


_PROGRAMS = {
    "apt-get": Tool.APT_GET,
    "apt": Tool.APT,
    "aptitude": Tool.APTITUDE,
    "apk": Tool.APK,
    "yum": Tool.YUM,
    "dnf": Tool.DNF,
    "dnf5": Tool.DNF,
    "microdnf": Tool.MICRODNF,
    "tdnf": Tool.TDNF,
    "zypper": Tool.ZYPPER,
    "pacman": Tool.PACMAN,
    "pip": Tool.PIP,
    "pipx": Tool.PIPX,
    "pipenv": Tool.PIPENV,
    "poetry": Tool.POETRY,
    "uv": Tool.UV,
    "conda": Tool.CONDA,
    "mamba": Tool.MAMBA,
    "micromamba": Tool.MICROMAMBA,
    "npm": Tool.NPM,
    "yarn": Tool.YARN,
    "yarnpkg": Tool.YARN,
    "pnpm": Tool.PNPM,
    "gem": Tool.GEM,
    "bundle": Tool.BUNDLE,
    "bundler": Tool.BUNDLE,
    "composer": Tool.COMPOSER,
    "composer.phar": Tool.COMPOSER,
    "go": Tool.GO,
    "cargo": Tool.CARGO,
    "mvn": Tool.MAVEN,
    "mvnw": Tool.MAVEN,
    "gradle": Tool.GRADLE,
    "gradlew": Tool.GRADLE,
}


def tool_of(program: str) -> Tool | None:
    """Return the tool that a program name stands for: ``pip3.11`` and ``gem2.7`` too."""
    tool = _PROGRAMS.get(program)
    if tool is None and program[:3] in ("pip", "gem", "bun") and program[-1:].isdigit():
        tool = _PROGRAMS.get(program.rstrip("0123456789.-"))
        return tool if tool in (Tool.PIP, Tool.GEM, Tool.BUNDLE) else None
    return tool


MODULES = {
    "pip": Tool.PIP,
    "pipenv": Tool.PIPENV,
    "poetry": Tool.POETRY,
    "pipx": Tool.PIPX,
    "uv": Tool.UV,
    "conda": Tool.CONDA,
}
"""Tools that ``python -m`` runs."""
