"""What a command changes outside the files of the image: the tables behind joining.

A RUN gets a fresh shell, fresh processes, a fresh ``/etc/hosts`` and ``/dev``, and looks the
user up anew. Whatever a command does to one of these ends with its RUN; after a merge it
would reach the next script. Invariant: a table may only grow; a name too many costs a
merge, a name missing costs a wrong one.
"""

import re
from fnmatch import fnmatchcase
from functools import cache
from posixpath import join as join_path
from posixpath import normpath

from dockeropt.shell.nodes import Word
from dockeropt.shell.query import Arguments, arguments, basename

LEAKING_BUILTINS = frozenset(
    (
        "cd chdir pushd popd dirs export readonly declare typeset local unset shopt alias unalias umask"
        " ulimit source . eval read mapfile readarray getopts shift hash let enable bind complete"
        " compopt"
    ).split()
)
"""Builtins that change the shell they run in: directory, variables, options, tables."""

SPECIAL_BUILTINS = frozenset(
    ": . break continue eval exec exit export readonly return set shift times trap unset".split()
)
"""POSIX special builtins: an assignment in front of one stays."""

JOB_BUILTINS = frozenset("wait bg fg jobs disown suspend coproc".split())

DAEMONS = frozenset(
    (
        "service systemctl invoke-rc.d rc-service rc initctl start-stop-daemon daemon daemonize"
        " supervisord supervisorctl runsvdir s6-svscan init openrc monit"
        " mysqld mysqld_safe mysqld_multi mysql.server mariadbd mariadbd-safe postgres postmaster pg_ctl"
        " pg_ctlcluster redis-server mongod mongos memcached rabbitmq-server elasticsearch cassandra"
        " couchdb influxd neo4j slapd dockerd containerd podman crond cron anacron atd rsyslogd syslogd"
        " syslog-ng sshd dropbear nginx apache2 apache2ctl apachectl httpd lighttpd caddy haproxy squid"
        " varnishd php-fpm named dnsmasq unbound avahi-daemon dbus-daemon dbus-launch dbus-run-session"
        " Xvfb Xorg Xvnc vncserver tightvncserver xvfb-run x11vnc startx ssh-agent gpg-agent dirmngr"
        " nix-daemon udevd inetd xinetd in.tftpd smbd nmbd nscd polkitd pulseaudio screen tmux"
        " consul vault etcd zookeeper-server-start kafka-server-start pm2 forever adb watchman distccd"
        " ccacheproxy sccache emacs buildkitd tailscaled"
    ).split()
)
"""Programs that start, or are, processes which outlive their command."""

LINGERING = frozenset("gradle gradlew bazel bazelisk dotnet gpg gpg2 gpgconf sbt kotlinc mvnd buck".split())
"""Programs that leave a helper process behind, which may hold or re-create its files."""

STARTING_WORDS = frozenset(
    "start restart --daemon -daemon --daemonize daemonize daemon --background --fork -D".split()
)
_NOT_A_SERVER = frozenset(
    (
        "curl wget tar unzip gzip install cmake gcc cc g++ c++ make ninja clang clang++ apt-get apt apk yum"
        " dnf echo printf grep sed awk git pip pip3 python python3 npm yarn pnpm dpkg patch test ["
        " set-cont cp mv rm mkdir ln ls cat perl ruby java javac mvn useradd adduser usermod groupadd date sort"
        " find xz objdump nm readelf composer php node"
    ).split()
)
"""Programs for which a word such as ``-D`` or ``start`` starts nothing."""

WORLD_PROGRAMS = frozenset(
    (
        "mount umount sysctl hostname hostnamectl domainname ifconfig ip route iptables ip6tables nft swapon"
        " swapoff losetup modprobe insmod rmmod unshare nsenter renice chrt mknod setenforce dmsetup"
        " timedatectl keyctl fuser-mount fusermount mkfifo"
    ).split()
)
"""Programs that change what belongs to one RUN: mounts, kernel settings, device nodes."""

USER_PROGRAMS = frozenset(
    (
        "useradd usermod userdel adduser deluser addgroup delgroup groupadd groupmod groupdel groupmems"
        " chsh chfn gpasswd vipw vigr newusers pwconv pwunconv grpconv authconfig"
    ).split()
)
"""Programs that edit the user database, which is read when a RUN starts."""

SHELLS = frozenset("sh bash dash ash zsh ksh mksh".split())
STRING_RUNNERS = SHELLS | frozenset("su runuser script".split())
"""Programs that take a script as the value of ``-c``."""

_LEAD = r"(?<![\w./:-])"


@cache
def run_bound_paths() -> "re.Pattern[str]":
    """Return the pattern of paths that exist anew in every RUN.

    BuildKit mounts ``/etc/hosts``, ``/etc/resolv.conf``, ``/proc``, ``/sys`` and ``/dev``.
    """
    harmless = r"(?:null|zero|full|u?random|tty|std(?:in|out|err)|fd)(?![\w-])"
    return re.compile(
        rf"{_LEAD}(?:/etc/(?:hosts|resolv\.conf|hostname)(?![\w.-])|/dev/(?!{harmless})|/proc/sys|/sys(?![\w.-]))"
    )


@cache
def user_database() -> "re.Pattern[str]":
    """Return the pattern of the files that say who a user is."""
    return re.compile(rf"{_LEAD}/etc/(?:passwd|group|nsswitch\.conf)(?![\w.])")


@cache
def shell_path() -> "re.Pattern[str]":
    """Return the pattern of the paths of shells."""
    return re.compile(rf"{_LEAD}(?:/usr)?/bin/(?:sh|bash|dash|ash|busybox)(?![\w.-])|dash/sh")


@cache
def background_text() -> "re.Pattern[str]":
    """Return the pattern of a background ``&`` or a daemon's name in an unparsed script."""
    names = "|".join(sorted(re.escape(name) for name in DAEMONS if len(name) > 3))
    return re.compile(rf"(?<![&>|<])&(?![&>])|(?<![\w.-])(?:{names}|nohup|setsid)(?![\w-])|\bstart\b")


@cache
def assigning_arithmetic() -> "re.Pattern[str]":
    """Return the pattern of an assignment inside arithmetic."""
    return re.compile(r"(?<![=!<>])=(?!=)|<<=|>>=|\+\+|--")


_SHELL_MOVERS = frozenset(
    "ln mv cp rm install dpkg-divert update-alternatives dpkg-reconfigure debconf-set-selections unlink".split()
)


def replaces_shell(program: str, words: tuple[Word, ...]) -> bool:
    """Tell whether a call may change which shell the next RUN gets.

    ``ln -sf bash /bin/sh``, ``dpkg-reconfigure dash``, ``echo 'dash dash/sh …' | debconf…``.
    """
    texts = [word.literal if word.literal is not None else word.text for word in words]
    if program in _SHELL_MOVERS:
        return any(shell_path().search(text) or text in SHELLS for text in texts)
    return any("dash/sh" in text for text in texts)


def starts_daemon(program: str, path: str, prefixes: tuple[str, ...], args: tuple[Word, ...]) -> bool:
    """Tell whether a call may leave a process behind when it ends."""
    if program in DAEMONS or "nohup" in prefixes or "setsid" in prefixes:
        return True
    if "/init.d/" in path or path.startswith("/etc/rc"):
        return True
    if program.endswith(("ctl", "-daemon", "-server")) and program != "update-rc.d":
        return not args or args[0].literal not in ("enable", "version", "--version", "-v")
    if program in _NOT_A_SERVER:
        return False
    return any(word.literal in STARTING_WORDS for word in args)


# --- the working directory -------------------------------------------------------------


def removes_directory(program: str, args: tuple[Word, ...], workdir: str | None, *, moved: bool) -> bool:
    """Tell whether a call may take the working directory away from under the next script.

    The engine makes the directory anew for every RUN; a joined script would go on in a
    deleted one.

    Args:
        program: ``rm``, ``rmdir``, ``mv``; others remove nothing.
        args: Its arguments.
        workdir: The directory that the scripts start in; ``None`` if unknown.
        moved: Whether the script changes directory, so that relative paths are unknown.
    """
    if program not in ("rm", "rmdir", "mv") or workdir == "/":
        return False
    given: Arguments = arguments(args)
    if program == "rm" and not (given.has("-r", "-R", "-d", "--recursive", "--dir") or given.dynamic):
        return False
    operands = [*given.operands, *given.dynamic]
    if program == "mv" and len(operands) > 1 and not given.has("-t", "--target-directory"):
        operands.pop()
    return any(_may_name(word, workdir, moved=moved) for word in operands)


_NEVER_A_WORKDIR = tuple(
    (
        "/tmp/ /var/tmp/ /var/cache /var/lib/ /var/log /usr/share /usr/lib /usr/include"  # noqa: S108 - in an image
        " /usr/local/lib /usr/local/share /usr/local/include /etc/ /root/. /lib /boot /media"
        " /mnt/ /run/ /var/run/ /var/spool"
    ).split()
)


def _may_name(word: Word, workdir: str | None, *, moved: bool) -> bool:
    """Tell whether a word may name ``workdir`` or a directory around it."""
    text = word.literal if word.literal is not None else word.text.replace('"', "").replace("'", "")
    if "$" in text or "`" in text:
        # The part behind the last expansion must still fit the end of a directory's path.
        tail = re.split(r"\$\{[^}]*\}|\$\([^)]*\)|\$\w+|`[^`]*`", text)[-1]
        if workdir is None:
            return False
        return _fits_inside(tail.strip("/"), workdir)
    if text.startswith("~"):
        return workdir is None or workdir.startswith(("/root", "/home"))
    if workdir is None:
        if not text.startswith("/"):
            return False
        return not (text.startswith(_NEVER_A_WORKDIR) or "." in basename(text.rstrip("/")))
    if text.startswith("/"):
        return _fits_start(normpath(text), workdir)
    if moved:
        return _fits_inside(normpath(text), workdir)
    return _fits_start(normpath(join_path(workdir, text)), workdir)


def _fits_start(pattern: str, workdir: str) -> bool:
    names = pattern.strip("/").split("/") if pattern.strip("/") else []
    wanted = workdir.strip("/").split("/")
    return len(names) <= len(wanted) and all(
        _name_fits(have, name) for name, have in zip(names, wanted, strict=False)
    )


def _fits_inside(pattern: str, workdir: str) -> bool:
    """Tell whether a relative path may end at a directory on the way to ``workdir``."""
    if not pattern or pattern.startswith(".."):
        return True
    last = basename(pattern)
    return any(_name_fits(name, last) for name in workdir.strip("/").split("/"))


def _name_fits(name: str, pattern: str) -> bool:
    return "{" in pattern or "\\" in pattern or fnmatchcase(name, pattern)
