"""Stale command hashes: a script upgrades a tool that it has run before.

A shell remembers where it found a program. When a script runs ``pip``, then installs a newer
one earlier in PATH, the next RUN finds the new one, but a joined script would run the old
one (measured in dash, bash, busybox ash, mksh). Around a subshell the memory is lost.

Invariant: the answer is "yes" unless what is installed cannot be the program in question.
"""

from dockeropt.shell.effects import Effects
from dockeropt.shell.nodes import Word
from dockeropt.shell.query import Resolved, arguments, basename

BUILTINS = frozenset(
    (
        ": . [ [[ alias bg break builtin case cd chdir command continue declare dirs disown echo enable eval exec"
        " exit export false fg getopts hash help if jobs kill let local mapfile popd printf pushd pwd read"
        " readarray readonly return set shift shopt source test time times trap true type typeset ulimit"
        " umask unalias unset wait"
    ).split()
)
"""What the shells do themselves: there is no file to remember."""

NEVER_REPLACED = BUILTINS | frozenset(
    (
        "apt-get apt apt-key apt-cache apt-mark apt-file aptitude dpkg dpkg-query dpkg-reconfigure"
        " add-apt-repository debconf-set-selections apk yum dnf microdnf tdnf rpm zypper pacman emerge"
        " yum-config-manager dnf-config-manager update-ca-certificates update-alternatives ldconfig"
        " locale-gen update-locale useradd usermod userdel groupadd groupmod adduser addgroup deluser chpasswd"
        " passwd su chown chgrp chmod mkdir rmdir rm cp mv ln ls cat touch echo dirname basename head tail sort"
        " uniq wc tr cut tee date sleep id uname env nproc mktemp stat sha256sum sha1sum sha512sum md5sum"
        " readlink realpath find xargs sed grep egrep fgrep awk sh getent"
    ).split()
)
"""System tools that neither a build from source nor a vendor's script brings along."""

SYSTEM_TOOLS = NEVER_REPLACED | frozenset(
    (
        "bash dash ash curl wget tar unzip zip gzip gunzip bzip2 xz zcat git svn hg make cmake gcc g++ cc ld"
        " strip patch openssl gpg gpg2 gpgconf ssh ssh-keygen ssh-keyscan rsync sudo gosu file which install"
        " perl python python2 python3 ruby java javac php locale localedef a2enmod a2ensite a2dismod"
        " docker-php-ext-install docker-php-ext-configure docker-php-ext-enable pecl pear sync dd diff cmp ps"
        " rpm2cpio cpio mysql psql createdb createuser systemctl service openssl lsb_release jq"
    ).split()
)
"""Tools that no package of a language's own package manager brings along."""

_SYSTEM_MANAGERS = frozenset(
    (
        "apt-get apt aptitude dpkg yum dnf microdnf tdnf rpm zypper pacman add-apt-repository apt-key"
        " apt-mark apt-cache emerge yum-config-manager"
    ).split()
)
_REMOVING = frozenset("remove purge autoremove erase del --purge -r -e -R unlink".split())
_LANGUAGE_MANAGERS = frozenset(
    (
        "gem bundle bundler conda mamba micromamba cargo rustup go composer luarocks cpan cpanm cpm stack cabal"
        " opam dart pub flutter dotnet sdk nvm pyenv rbenv asdf brew mix rebar3 R Rscript julia poetry"
        " pipenv uv pipx easy_install easy_install3 virtualenv"
    ).split()
)
_SELF = frozenset("update upgrade self-update selfupdate self".split())
_NODE = frozenset("npm npx node yarn pnpm corepack n".split())
_SCRIPT_RUNNERS = frozenset("sh bash dash ash zsh ksh . source eval su runuser xargs".split())
_BUILDERS = frozenset("make gmake ninja cmake meson scons rake waf b2 bjam checkinstall ant".split())
_PLACERS = frozenset("cp mv ln install curl wget tee dd chmod update-alternatives rm unlink rsync".split())
_UNPACKERS = frozenset("tar unzip bsdtar 7z cpio rsync rpm2cpio git svn".split())

_APPLETS = {
    "coreutils": None,
    "busybox": None,
    "util-linux": None,
    "findutils": frozenset(["find", "xargs"]),
    "procps": frozenset(["ps", "sysctl"]),
    "gawk": frozenset(["awk", "gawk"]),
}
"""Alpine packages that take the place of busybox applets; ``None`` for "any of them"."""


def may_run_stale(a: Effects, b: Effects) -> bool:
    """Tell whether ``b``, joined to ``a``, may run another file than in a RUN of its own."""
    shared = set(a.first_runs) if b.runs_unknown else set(a.first_runs) & b.runs
    shared -= BUILTINS
    return any(
        _may_bring(found, name)
        for at, found in a.resolved
        for name in shared
        if a.loops or at >= a.first_runs[name]
    )


def _may_bring(found: Resolved, name: str) -> bool:
    """Tell whether a call may put another file in the way of the program ``name``."""
    program, path = found.program, found.path or ""
    if program is None:
        return name not in NEVER_REPLACED
    texts = [word.literal if word.literal is not None else word.text for word in found.args]
    if program in _SYSTEM_MANAGERS:
        return any(text in _REMOVING for text in texts) and name in texts
    if program == "apk":
        return any(_applet(text, name) for text in texts)
    if _is_pip(program, texts):
        return _pip_brings(found.args, name)
    if program in _NODE:
        return _node_brings(texts, name)
    if program in _LANGUAGE_MANAGERS:
        itself = name == program and any(text in _SELF or _requirement_name(text) == name for text in texts)
        return itself or (name != program and name not in SYSTEM_TOOLS and not name.startswith("python"))
    if program in _BUILDERS or program.startswith("python"):
        return any("install" in text for text in texts) and name not in NEVER_REPLACED
    if program in _UNPACKERS:
        return name not in NEVER_REPLACED and any(_in_path(text) for text in texts)
    if program in _PLACERS:
        return any(
            name in basename(text) or _dynamic(word) for text, word in zip(texts, found.args, strict=True)
        ) and (name not in NEVER_REPLACED or any(basename(text) == name for text in texts))
    own_script = "/" in path and not path.startswith(("/bin/", "/usr/", "/sbin/"))
    if own_script or program in _SCRIPT_RUNNERS or program.endswith((".sh", ".py", ".run", ".bin")):
        return name not in NEVER_REPLACED
    return False


def _dynamic(word: Word) -> bool:
    return word.literal is None and ("bin" in word.text or "/usr/local" in word.text)


def _in_path(text: str) -> bool:
    return text == "/" or "bin" in text or text.startswith(("/usr", "/opt", "-C/"))


def _applet(text: str, name: str) -> bool:
    package = text.partition("=")[0].partition("~")[0].partition("@")[0]
    if package == name or "$" in text:
        return name != "apk" or package == name
    if package.startswith("busybox-"):
        package = "busybox"
    if package not in _APPLETS:
        return False
    applets = _APPLETS[package]
    return name in (applets if applets is not None else SYSTEM_TOOLS - {"apk"})


def _is_pip(program: str, texts: list[str]) -> bool:
    if program.startswith("pip") and not program[3:].strip("0123456789."):
        return True
    return program.startswith("python") and texts[:2] == ["-m", "pip"]


def _pip_brings(args: tuple[Word, ...], name: str) -> bool:
    if name in SYSTEM_TOOLS or name.startswith("python"):
        return False
    given = arguments(args, frozenset(["-r", "-c", "-i", "--index-url", "--extra-index-url", "-f", "-t"]))
    if not any(word.literal == "install" for word in given.operands):
        return False
    if not name.startswith("pip"):
        return True
    if given.dynamic or given.has("-r", "--requirement", "-e", "--editable"):
        return True
    packages = [word.text.strip("\"'") for word in given.operands]
    return any(
        package.startswith((".", "/", "$")) or "$" in package or _requirement_name(package) == "pip"
        for package in packages
    )


def _requirement_name(requirement: str) -> str:
    """Return the project that a requirement such as ``pip<21`` or ``pip[x]==1`` names."""
    for place, c in enumerate(requirement):
        if not (c.isalnum() or c in "._-"):
            return requirement[:place]
    return requirement


def _node_brings(texts: list[str], name: str) -> bool:
    everywhere = any(text in ("-g", "--global", "global", "enable", "prepare") for text in texts) or any(
        text.startswith("-") and not text.startswith("--") and "g" in text for text in texts
    )
    if not everywhere or name in SYSTEM_TOOLS:
        return False
    if name not in _NODE:
        return True
    return any("$" in text or text.partition("@")[0] in _NODE | {"enable"} for text in texts)
