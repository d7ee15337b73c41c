"""Images of Python and of Node: the interpreter that the machine has, the one that npm packs.

Invariant: what is copied into an image knows no path of the machine that it came from.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.engine.place import CERTIFICATES, Failure, ran

if TYPE_CHECKING:
    from tests.engine.bases import Workshop

LIBRARIES = (
    "ca-certificates netbase tzdata libbz2-1.0 libdb5.3 libexpat1 libffi8 libgdbm6 liblzma5 libncursesw6"
    " libreadline8 libsqlite3-0 libssl3 libuuid1 zlib1g"
)
"""What CPython's own modules are linked with."""
LEFT_OUT = shutil.ignore_patterns(
    "site-packages", "__pycache__", "test", "tests", "idle_test", "*.a", "config-*", "*-config"
)
BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
SETUP = "apt-get update && apt-get install -y --no-install-recommends"
CLEAN = "rm -rf /var/lib/apt/lists/*"


def python(shop: "Workshop", version: str, base: str, *, slim: bool) -> None:
    """Make ``python:3.11`` or its slim variant.

    From pyenv's interpreter, or the one that runs this when it stands alone; for bookworm's own
    version else Debian's packages.
    """
    name = f"python:{version}" + ("-slim" if slim else "")
    if shop.has(name):
        return
    prefix = interpreter(version)
    context = shop.fresh(f"python{version}")
    config = f"[global]\ncert = {BUNDLE}\n" if any(CERTIFICATES.glob("*.crt")) else ""
    (context / "pip.conf").write_text(config)
    if prefix is not None:
        _copied(prefix, version, context / "local")
        made = (
            f"RUN {SETUP} {LIBRARIES} && {CLEAN}\nCOPY local /usr/local\n"
            "RUN ldconfig && python3 -m ensurepip --default-pip && python3 -c 'import ssl, sqlite3, ctypes'"
            " && find /usr/local -depth -name __pycache__ -exec rm -rf {} +\n"
        )
    elif version == "3.11":
        made = (
            f"RUN {SETUP} ca-certificates python3 python3-pip python3-venv && {CLEAN}"
            " && rm -f /usr/lib/python3.11/EXTERNALLY-MANAGED && ln -s /usr/bin/python3 /usr/local/bin/python\n"
        )
    else:
        raise Failure(f"there is no Python {version} on this machine")
    text = f'FROM {base}\nENV LANG=C.UTF-8\n{made}COPY pip.conf /etc/pip.conf\nCMD ["python3"]\n'
    shop.build(name, text, context)
    shutil.rmtree(context)


def interpreter(version: str) -> Path | None:
    """Return the prefix of an installation of CPython that can be moved, ``None`` for none."""
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = sorted(
        (pyenv / "versions").glob(f"{version}.*"),
        key=lambda path: [int(n) for n in path.name.split(".") if n.isdigit()],
    )
    own = Path(sys.base_prefix)
    if not found and own != Path("/usr") and f"{sys.version_info[0]}.{sys.version_info[1]}" == version:
        found = [own]
    return next((path for path in reversed(found) if (path / "bin" / f"python{version}").exists()), None)


def _copied(prefix: Path, version: str, target: Path) -> None:
    """Copy an interpreter and its library, and write its new place where the old one stands."""
    (target / "bin").mkdir(parents=True)
    shutil.copy(prefix / "bin" / f"python{version}", target / "bin")
    for link, goal in {"python3": f"python{version}", "python": "python3"}.items():
        (target / "bin" / link).symlink_to(goal)
    for part in (f"lib/python{version}", f"include/python{version}"):
        shutil.copytree(prefix / part, target / part, symlinks=True, ignore=LEFT_OUT)
    for library in prefix.glob("lib/libpython*.so*"):
        shutil.copy(library, target / "lib", follow_symlinks=False)
    (target / f"lib/python{version}/site-packages").mkdir()
    old = os.fsencode(prefix)
    for file in target.rglob("*"):
        if file.is_file() and not file.is_symlink():
            content = file.read_bytes()
            if old in content and b"\0" not in content:
                file.write_bytes(content.replace(old, b"/usr/local"))


NPM = {"18": "10.8.2", "20": "10.8.2"}
"""The npm that comes with the last release of each Node, by its release notes."""


def node(shop: "Workshop", version: str, base: str, *, slim: bool) -> None:
    """Make ``node:20`` or its slim variant: the program, npm and yarn as npm packs them."""
    name = f"node:{version}" + ("-slim" if slim else "")
    if shop.has(name):
        return
    if shutil.which("npm") is None:
        raise Failure("there is no npm on this machine")
    context = shop.folder / f"node{version}"
    if not (context / "ready").exists():
        _packed(shop.fresh(context.name), version)
        (context / "ready").touch()
    certificates = f" && {SETUP} ca-certificates && {CLEAN}" if slim else ""
    shop.build(
        name,
        f"FROM {base}\n"
        "RUN groupadd --gid 1000 node && useradd --uid 1000 --gid node --shell /bin/bash --create-home node"
        f"{certificates}\nENV NODE_VERSION={version}\nCOPY local /usr/local\n"
        'RUN node --version && npm --version && yarn --version && rm -rf /root/.npm /tmp/*\nCMD ["node"]\n',
        context,
    )


def _packed(context: Path, version: str) -> None:
    """Fetch Node, npm and yarn and lay them out as ``/usr/local`` has them."""
    packed, local = context / "packed", context / "local"
    packed.mkdir()
    machine = {"aarch64": "arm64", "x86_64": "x64"}[os.uname().machine]
    modules = local / "lib/node_modules"
    modules.mkdir(parents=True)
    for what in (f"node-linux-{machine}@{version}", f"npm@{NPM[version]}", "yarn@1"):
        archive = ran("npm", "pack", "--silent", what, cwd=packed).split()[-1]
        folder = context / what.partition("@")[0]
        folder.mkdir()
        ran("tar", "-xzf", packed / archive, "-C", folder, "--strip-components=1", "--no-same-owner")
    shutil.rmtree(packed)
    (context / "npm").rename(modules / "npm")
    (context / "yarn").rename(modules / "yarn")
    program = context / f"node-linux-{machine}"
    for part in ("bin", "include", "share"):
        if (program / part).exists():
            (program / part).rename(local / part)
    shutil.rmtree(program)
    links = {"npm": "npm/bin/npm-cli.js", "npx": "npm/bin/npx-cli.js", "yarn": "yarn/bin/yarn.js"}
    for command, goal in links.items():
        (local / "bin" / command).unlink(missing_ok=True)
        (local / "bin" / command).symlink_to(f"../lib/node_modules/{goal}")
        (modules / goal).chmod(0o755)
    if not (local / "bin/nodejs").exists():
        (local / "bin/nodejs").symlink_to("node")
    (local / "bin/node").chmod(0o755)
    ran("chmod", "-R", "a+rX", local)
    (local / "etc").mkdir()
    (local / "etc/npmrc").write_text(f"cafile={BUNDLE}\n" if any(CERTIFICATES.glob("*.crt")) else "")
