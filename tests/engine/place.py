"""Where the engine of the tests lives, and which Debian mirror its packages come from.

Invariant: nothing outside :func:`home` is written, except packages that apt installs from the
machine's own Debian; the mirror is read from the machine's configuration, never written here.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

NEWER = "trixie"
"""The release that Docker's packages are from: bookworm's own know no heredoc and bring no buildx."""
PACKAGES = ("docker.io", "docker-cli", "docker-buildx", "containerd", "busybox-static")
"""What is unpacked from it; all of them run with bookworm's C library (seen 2026-11-24)."""
TOOLS = {"runc": "runc", "mmdebstrap": "mmdebstrap", "xz": "xz-utils"}
"""Commands that come from the machine's own Debian, with their packages. runc of trixie does not run here."""
CERTIFICATES = Path("/usr/local/share/ca-certificates")
"""Where Debian keeps certificates that the machine trusts besides the usual ones."""


class Failure(Exception):
    """The engine cannot be brought up; the message says why."""


def home() -> Path:
    """Return the folder in which everything is: ``DOCKEROPT_ENGINE_HOME``, else below the user's cache."""
    named = os.environ.get("DOCKEROPT_ENGINE_HOME")
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(cache) / "dockeropt-engine"


def obstacle() -> str:
    """Return why no engine can be set up on this machine, ``""`` if one can."""
    if "VERSION_CODENAME=bookworm" not in _text("/etc/os-release"):
        return "an engine is set up on Debian 12 only"
    if os.geteuid() != 0:
        return "an engine is set up by root only"
    return "" if shutil.which("apt-get") else "there is no apt-get"


def ran(*command: str | Path, text: str = "", **more: object) -> str:
    """Run a command and return what it printed.

    Raises:
        Failure: It failed; with what it said at the end.
    """
    done = subprocess.run(  # type: ignore[call-overload]
        [str(word) for word in command], input=text, capture_output=True, text=True, check=False, **more
    )
    if done.returncode:
        said = (done.stderr or done.stdout).strip()[-2000:]
        raise Failure(f"{' '.join(map(str, command[:4]))} … exited {done.returncode}: {said}")
    return str(done.stdout)


class Archive(NamedTuple):
    """One archive of packages that apt is configured with.

    Args:
        uri: Address of the mirror.
        suites: The releases that are read from it.
        components: Parts of each release.
        signed_by: The keyring, as written; ``""`` for apt's own.
    """

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str = ""

    def stanza(self) -> str:
        """Return it in the format of ``*.sources`` (sources.list(5))."""
        lines = [
            "Types: deb",
            f"URIs: {self.uri}",
            f"Suites: {' '.join(self.suites)}",
            f"Components: {' '.join(self.components)}",
        ]
        return "\n".join([*lines, f"Signed-By: {self.signed_by}"] if self.signed_by else lines) + "\n"


def archives(folder: Path = Path("/etc/apt"), release: str = "bookworm") -> list[Archive]:
    """Return the archives of one release, its updates and security fixes among them."""
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    found = [archive for file in files if file.is_file() for archive in _archives(file)]
    return [one for one in found if any(suite.startswith(release) for suite in one.suites)]


def mirror() -> str:
    """Return the address of the machine's mirror of Debian.

    Raises:
        Failure: None is configured.
    """
    for archive in archives():
        if "bookworm" in archive.suites:
            return archive.uri
    raise Failure("no mirror of bookworm in /etc/apt")


def _archives(file: Path) -> Iterator[Archive]:
    lines = [line for line in _text(file).splitlines() if not line.lstrip().startswith("#")]
    if file.suffix == ".sources":
        for block in "\n".join(lines).split("\n\n"):
            pairs = (line.split(":", 1) for line in block.splitlines() if ":" in line and line[0] != " ")
            fields = {key.strip().lower(): value.split() for key, value in pairs}
            if "deb" in fields.get("types", ()):
                for uri in fields.get("uris", ()):
                    suites, components = (tuple(fields.get(key, ())) for key in ("suites", "components"))
                    yield Archive(uri, suites, components, " ".join(fields.get("signed-by", ())))
    elif file.suffix == ".list":
        for line in lines:
            words = line.split("]", 1)[-1].split() if "[" in line else line.split()[1:]
            if line.startswith(("deb ", "deb\t")) and len(words) > 2:
                yield Archive(words[0], (words[1],), tuple(words[2:]))


def install_tools(extra: Sequence[str] = ()) -> None:
    """Install what is missing of the machine's own Debian."""
    missing = [package for command, package in TOOLS.items() if shutil.which(command) is None]
    missing += [package for package in extra if shutil.which(package) is None]
    if missing:
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        wait = ("-o", "DPkg::Lock::Timeout=300")
        ran("apt-get", *wait, "update", "-qq", env=environment)
        ran("apt-get", *wait, "install", "-qq", "-y", "--no-install-recommends", *missing, env=environment)


def unpack(packages: Sequence[str], release: str, target: Path) -> None:
    """Unpack packages of a release into a folder, without installing them.

    Args:
        packages: Their names.
        release: Name of the release.
        target: The folder; packages that it has already are not fetched again.
    """
    done = target / ".packages"
    if set(packages) <= set(_text(done).split()):
        return
    apt = target.parent / f"apt-{release}"
    for folder in (target, apt / "lists/partial", apt / "cache/archives/partial"):
        folder.mkdir(parents=True, exist_ok=True)
    (apt / "status").touch()
    (apt / "sources.list").write_text(f"deb {mirror()} {release} main\n")
    (apt / "apt.conf").write_text(
        f'Dir::Etc::SourceList "{apt}/sources.list"; Dir::Etc::SourceParts "-";\n'
        f'Dir::State::Lists "{apt}/lists"; Dir::State::Status "{apt}/status"; Dir::Cache "{apt}/cache";\n'
        'APT::Sandbox::User "root"; Acquire::Languages "none"; Acquire::Retries "3";\n'
    )
    environment = {**os.environ, "APT_CONFIG": str(apt / "apt.conf")}
    ran("apt-get", "update", "-qq", env=environment)
    ran("apt-get", "download", "-qq", *packages, env=environment, cwd=apt)
    for file in sorted(apt.glob("*.deb")):
        ran("dpkg", "-x", file, target)
    shutil.rmtree(apt)
    done.write_text(" ".join(packages))


def _text(path: str | Path) -> str:
    try:
        return Path(path).read_text("utf-8", "replace")
    except OSError:
        return ""
