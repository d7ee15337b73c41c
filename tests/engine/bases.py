"""Stand-ins for the usual base images, made without a registry: from Debian's packages and npm's.

They are close to the images of the same name in what they hold and how large they are, not equal to
them. The machine's extra certificates are in them, so that pip and npm reach their registries in RUN.

Invariant: an image that is there is left alone; each group makes what it stands on.
"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.engine.dockerd import Daemon
from tests.engine.languages import node, python
from tests.engine.place import CERTIFICATES, Failure, archives, ran

DEBIAN = "debian:bookworm"
SLIM = "debian:bookworm-slim"
SMALL = ("debian", "busybox", "python-slim")
"""The groups that tests may count on in CI."""
PYTHONS = ("3.11", "3.12")
NODES = ("20", "18")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CLEAN = "rm -rf /var/lib/apt/lists/*"
INSTALL = "apt-get update && apt-get install -y --no-install-recommends"

APT = {
    "etc/apt/apt.conf.d/80-image": (
        'Acquire::Languages "none";\nAcquire::GzipIndexes "true";\nAcquire::Retries "3";\n'
        'Apt::AutoRemove::SuggestsImportant "false";\nDir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n'
        'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };\n'
    ),
    "etc/dpkg/dpkg.cfg.d/80-image": "force-unsafe-io\n",
    "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n",
    "etc/machine-id": "",
}
"""What an image of Debian says to its package manager: keep no archives, start no services."""

DOCUMENTATION = ("man", "info", "groff", "lintian", "linda", "locale")
"""Folders below ``/usr/share`` that the slim image leaves empty, and keeps empty."""


class Workshop:
    """Makes images with one engine.

    Args:
        daemon: The engine, running.
    """

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        self.folder = daemon.folder / "bases"
        self.folder.mkdir(exist_ok=True)

    def has(self, *names: str) -> bool:
        """Return whether all images are there."""
        try:
            self.daemon.docker("image", "inspect", *names)
        except Failure:
            return False
        return True

    def take(self, folder: Path, name: str, command: str) -> None:
        """Make an image of one layer from a folder."""
        pack = ["tar", "-C", str(folder), "--sort=name", "--numeric-owner", "-cf", "-", "."]
        changes = ("--change", f"ENV PATH={PATH}", "--change", f'CMD ["{command}"]')
        with subprocess.Popen(pack, stdout=subprocess.PIPE) as packing:
            subprocess.run(
                [self.daemon.root / "usr/bin/docker", "import", *changes, "-", name],
                stdin=packing.stdout,
                env=self.daemon.environment,
                stdout=subprocess.DEVNULL,
                check=True,
            )
        if packing.returncode:
            raise Failure(f"tar of {folder} failed")

    def build(self, name: str, dockerfile: str, context: Path | None = None) -> None:
        """Make an image from a Dockerfile."""
        empty = self.folder / "empty"
        empty.mkdir(exist_ok=True)
        words = ("--quiet", "--network", "host", "--provenance=false", "--tag", name, "--file", "-")
        self.daemon.docker("buildx", "build", *words, context or empty, text=dockerfile)

    def fresh(self, name: str) -> Path:
        """Return a new, empty folder to work in."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


def debian(shop: Workshop) -> None:
    """Make Debian and its slim variant from one bootstrap."""
    if not shop.has(DEBIAN, SLIM):
        root = shop.fresh("debian")
        root.rmdir()
        sources = shop.folder / "debian.sources"
        sources.write_text("\n".join(archive.stanza() for archive in archives()))
        # with usr-is-merged there already, apt does not take usrmerge and all of Perl
        hooks = "--hook-dir=/usr/share/mmdebstrap/hooks/merged-usr"
        words = ("--variant=minbase", "--include=usr-is-merged", "--quiet", hooks)
        ran("mmdebstrap", *words, "bookworm", root, sources)
        _tidy(root, sources)
        shop.take(root, DEBIAN, "bash")
        _slim(root)
        shop.take(root, SLIM, "bash")
        shutil.rmtree(root)
    for tag in ("debian:latest", "debian:12"):
        shop.daemon.docker("tag", DEBIAN, tag)
    for tag in ("debian:stable-slim", "debian:12-slim"):
        shop.daemon.docker("tag", SLIM, tag)


def _tidy(root: Path, sources: Path) -> None:
    """Take away what belongs to one machine, and add the settings of an image."""
    for file in (root / "etc/apt/sources.list.d").iterdir():
        file.unlink()
    shutil.copy(sources, root / "etc/apt/sources.list.d/debian.sources")
    for name, text in APT.items():
        (root / name).write_text(text)
    (root / "usr/sbin/policy-rc.d").chmod(0o755)
    for name in ("etc/hostname", "etc/resolv.conf", "var/cache/ldconfig/aux-cache"):
        (root / name).unlink(missing_ok=True)
    for pattern in ("var/lib/apt/lists/*", "var/cache/apt/*", "var/log/**/*.log", "var/lib/dpkg/*-old"):
        for path in root.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    trusted = root / CERTIFICATES.relative_to("/")
    trusted.mkdir(parents=True, exist_ok=True)
    for file in CERTIFICATES.glob("*.crt"):
        shutil.copyfile(file, trusted / file.name)
        (trusted / file.name).chmod(0o644)


def _slim(root: Path) -> None:
    """Take away documentation, copyright files excepted, and have dpkg leave it out from now on."""
    share = root / "usr/share"
    rules = ["path-exclude /usr/share/doc/*", "path-include /usr/share/doc/*/copyright"]
    rules += [f"path-exclude /usr/share/{name}/*" for name in DOCUMENTATION]
    (root / "etc/dpkg/dpkg.cfg.d/81-slim").write_text("\n".join(rules) + "\n")
    for folder in (share / name for name in DOCUMENTATION):
        for path in folder.iterdir() if folder.is_dir() else ():
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for path in sorted((share / "doc").rglob("*"), reverse=True):
        if path.is_dir() and not path.is_symlink():
            if not any(path.iterdir()):
                path.rmdir()
        elif path.name != "copyright":
            path.unlink()


def busybox(shop: Workshop) -> None:
    """Make busybox of Debian's static one, a hard link for each applet."""
    if shop.has("busybox"):
        return
    root = shop.fresh("busybox")
    for name, mode in {"bin": 0o755, "etc": 0o755, "home": 0o755, "root": 0o700, "tmp": 0o1777}.items():
        (root / name).mkdir()
        (root / name).chmod(mode)
    program = shop.daemon.root / "bin/busybox"
    if not program.exists():
        program = shop.daemon.root / "usr/bin/busybox"
    shutil.copy(program, root / "bin/busybox")
    for applet in ran(program, "--list").split():
        if not (root / "bin" / applet).exists():
            (root / "bin" / applet).hardlink_to(root / "bin/busybox")
    (root / "etc/passwd").write_text(
        "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/home:/bin/false\n"
    )
    (root / "etc/group").write_text("root:x:0:\nnobody:x:65534:\n")
    shop.take(root, "busybox", "sh")
    shutil.rmtree(root)


BUILD_TOOLS = (
    "ca-certificates curl gnupg netbase sq wget tzdata",
    "git mercurial openssh-client subversion procps",
    (
        "autoconf automake bzip2 default-libmysqlclient-dev dpkg-dev file g++ gcc imagemagick libbz2-dev"
        " libc6-dev libcurl4-openssl-dev libdb-dev libevent-dev libffi-dev libgdbm-dev libglib2.0-dev libgmp-dev"
        " libjpeg-dev libkrb5-dev liblzma-dev libmagickcore-dev libmagickwand-dev libmaxminddb-dev"
        " libncurses5-dev libncursesw5-dev libpng-dev libpq-dev libreadline-dev libsqlite3-dev libssl-dev libtool"
        " libwebp-dev libxml2-dev libxslt1-dev libyaml-dev make patch unzip xz-utils zlib1g-dev"
    ),
)
"""The packages of buildpack-deps, layer by layer: to fetch, to check out, to compile."""


def buildpack(shop: Workshop) -> None:
    """Make what the large images of languages stand on."""
    debian(shop)
    if not shop.has("buildpack-deps:bookworm"):
        steps = [f"RUN {INSTALL} {packages} && {CLEAN}" for packages in BUILD_TOOLS]
        shop.build("buildpack-deps:bookworm", "\n".join([f"FROM {DEBIAN}", *steps]) + "\n")


PORT_80 = """server {
  listen 80;
  location / { root /usr/share/nginx/html; index index.html; }
}
"""

SERVICES = {
    "nginx": (
        "nginx",
        (
            "COPY default.conf /etc/nginx/conf.d/default.conf\n"
            "RUN rm /etc/nginx/sites-enabled/default && ln -sf /dev/stdout /var/log/nginx/access.log"
            " && ln -sf /dev/stderr /var/log/nginx/error.log"
            " && groupadd --system --gid 101 nginx"
            " && useradd --system --uid 101 --gid nginx --no-create-home --shell /bin/false nginx\n"
            'EXPOSE 80\nSTOPSIGNAL SIGQUIT\nCMD ["nginx", "-g", "daemon off;"]\n'
        ),
    ),
    "redis": (
        "redis-server",
        (
            "RUN mkdir -p /data && chown redis:redis /data\nVOLUME /data\nWORKDIR /data\nEXPOSE 6379\n"
            'CMD ["redis-server", "--protected-mode", "no"]\n'
        ),
    ),
    "postgres": (
        "postgresql gosu",
        (
            f"ENV PATH=/usr/lib/postgresql/15/bin:{PATH} PGDATA=/var/lib/postgresql/data\n"
            'VOLUME /var/lib/postgresql/data\nSTOPSIGNAL SIGINT\nEXPOSE 5432\nCMD ["postgres"]\n'
        ),
    ),
}
"""For each service its packages and the rest of its Dockerfile."""


def service(shop: Workshop, name: str) -> None:
    """Make the image of a service of Debian's packages."""
    debian(shop)
    if not shop.has(name):
        context = shop.fresh(name)
        (context / "default.conf").write_text(PORT_80)
        packages, rest = SERVICES[name]
        shop.build(name, f"FROM {SLIM}\nRUN {INSTALL} {packages} && {CLEAN}\n{rest}", context)


def _language(
    make: Callable[..., None], versions: tuple[str, ...], *, slim: bool
) -> Callable[[Workshop], None]:
    def group(shop: Workshop) -> None:
        (debian if slim else buildpack)(shop)
        for version in versions:
            make(shop, version, SLIM if slim else "buildpack-deps:bookworm", slim=slim)

    return group


GROUPS: dict[str, Callable[[Workshop], None]] = {
    "debian": debian,
    "busybox": busybox,
    "python-slim": _language(python, PYTHONS[:1], slim=True),
    "pythons-slim": _language(python, PYTHONS, slim=True),
    "node-slim": _language(node, NODES, slim=True),
    "buildpack": buildpack,
    "python": _language(python, PYTHONS, slim=False),
    "node": _language(node, NODES, slim=False),
    **{name: lambda shop, name=name: service(shop, name) for name in SERVICES},  # type: ignore[misc]
}
"""What can be made, by name; ``all`` is all of it."""
