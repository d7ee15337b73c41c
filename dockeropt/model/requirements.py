"""Split what stands on a package manager's command line into name and version.

Invariant: a name is only given when it is certain; what the shell or the build decides has
none. The forms are those of the tools' manuals: ``curl=7.88*`` (apt), ``py3-pip~=23`` (apk),
``requests[socks]>=2`` (PEP 508), ``@scope/name@1`` (npm), ``channel::name=1.2`` (conda).
"""

import re
from functools import cache
from typing import NamedTuple

from dockeropt.model.tools import Tool


class Package(NamedTuple):
    """Hold one operand of an install.

    Args:
        text: The word as written, quotes included.
        name: The package's name, or the path or address as written when it is one; ``None``
            when only the build knows it.
        version: What follows the name: a bare version for ``=``, ``==`` and ``@``, else with
            its operator (``>=2,<3``); ``None`` when none is given.
        start: Script offset of the word.
        end: Script offset after the word.
    """

    text: str
    name: str | None
    version: str | None
    start: int
    end: int

    @property
    def is_location(self) -> bool:
        """Tell whether the operand is a file, a directory or an address, not a name."""
        name = self.name or ""
        return name.startswith((".", "/", "~", "git+")) or "://" in name


_LONGEST = 512
_APT = frozenset((Tool.APT_GET, Tool.APT, Tool.APTITUDE))
_RPM = frozenset((Tool.YUM, Tool.DNF, Tool.MICRODNF, Tool.TDNF))
_PYTHON = frozenset((Tool.PIP, Tool.PIPX, Tool.PIPENV, Tool.POETRY, Tool.UV))
_CONDA = frozenset((Tool.CONDA, Tool.MAMBA, Tool.MICROMAMBA))
_AT = frozenset((Tool.NPM, Tool.YARN, Tool.PNPM, Tool.CARGO, Tool.GO))


def split_package(tool: Tool, literal: str) -> tuple[str, str | None]:
    """Return name and version of a package as ``tool`` reads ``literal``.

    >>> split_package(Tool.PIP, "requests[socks]>=2,<3")
    ('requests', '>=2,<3')
    """
    if len(literal) > _LONGEST:
        return literal, None
    if literal.startswith((".", "/", "~", "git+", "git@")) or "://" in literal:
        return literal, None
    if tool in _APT:
        name, _, version = literal.partition("=")
        if not version:
            name, _, suite = literal.partition("/")
            return name.partition(":")[0], f"/{suite}" if suite else None
        return name.partition(":")[0], version
    if tool in _AT:
        at = literal.find("@", 1)
        return (literal[:at], literal[at + 1 :] or None) if at > 0 else (literal, None)
    pattern = _pattern(tool)
    found = pattern.match(literal) if pattern else None
    if found is None:
        return literal, None
    operator = found["operator"] or ""
    version = found["version"] or ""
    if operator in ("", "=", "==", "@", ":", "-"):
        return found["name"], version or None
    return found["name"], operator + version


@cache
def _pattern(tool: Tool) -> re.Pattern[str] | None:
    if tool is Tool.APK or tool is Tool.ZYPPER:
        return re.compile(r"(?P<name>!?[^=<>~@]+)(?P<operator>[=<>~]+|@)?(?P<version>.*)\Z")
    if tool in _RPM:
        return re.compile(
            r"(?P<name>[^@\s*?\[]+?)(?P<operator>-)(?P<version>(?:\d+:)?\d+(?:\.[\w+~^]+)*(?:-\d[\w.+~^]*)?(?:\.?\*)?)"
            r"(?:\.(?:x86_64|noarch|aarch64|i[3-6]86|ppc64le|s390x))?\Z"
        )
    if tool in _PYTHON:
        return re.compile(
            r"(?P<name>[A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*"
            r"(?P<operator>===?|~=|!=|<=|>=|<|>|@)?\s*(?P<version>[^;]*?)\s*(?:;.*)?\Z"
        )
    if tool in _CONDA:
        return re.compile(r"(?:[^:\s]+::)?(?P<name>[\w.-]+)\s*(?P<operator>==?|[<>!~]=?)?(?P<version>.*)\Z")
    if tool is Tool.COMPOSER or tool is Tool.GEM:
        return re.compile(r"(?P<name>[^:=\s]+)(?P<operator>[:=])?(?P<version>.*)\Z")
    return None
