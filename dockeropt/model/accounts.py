"""The home directories that useradd and adduser make.

Invariant: a home is only given when its place and its owner are certain. Facts: the manuals of
shadow's ``useradd``, Debian's ``adduser`` and busybox' ``adduser``, which share names and differ
in options.
"""

from typing import NamedTuple

from dockeropt.model.calls import CallFacts
from dockeropt.model.paths import text_of
from dockeropt.model.state import clean_path
from dockeropt.shell.query import Arguments, Option, arguments

ACCOUNT_TOOLS = frozenset(
    (
        "useradd adduser groupadd addgroup usermod groupmod gpasswd chpasswd passwd groupdel userdel deluser"
        " delgroup"
    ).split()
)
"""Programs that change the user database."""

_VALUED = frozenset(
    (
        "-b --base-dir -c --comment -d --home-dir --home -e --expiredate -f --inactive -g --gid -G --groups -k --skel"
        " -K --key -p --password -R --root -s --shell -u --uid -Z --gecos --ingroup --firstuid --lastuid"
        " --firstgid --lastgid --conf"
    ).split()
)
_BUSYBOX_VALUED = frozenset("-h -g -s -G -u -k --home --gecos --shell --ingroup --uid --skel".split())
_ELSEWHERE = ("-b", "--base-dir", "-R", "--root", "-k", "--skel", "-K", "--key", "--conf")


class Home(NamedTuple):
    """A home directory with the skeleton in it.

    Args:
        path: Where it is.
        user: Who owns everything in it.
        group: The group of everything in it.
        certain: Whether it is there once the command has succeeded.
    """

    path: str
    user: str
    group: str
    certain: bool


def homes_made_by(call: CallFacts) -> tuple[Home, ...] | None:
    """Return the homes that one of :data:`ACCOUNT_TOOLS` makes, ``None`` if that is not known."""
    if call.program == "usermod":
        return None if call.has_flag("-m", "--move-home") else ()
    if call.program == "useradd":
        return _made(call, arguments(call.args, _VALUED), busybox=False)
    if call.program != "adduser":
        return ()
    busybox = any(
        word.text[:1] == "-" and word.text[1:2] != "-" and set(word.text[1:]) & set("DSGhHsku")
        for word in call.args
    )
    return _made(call, arguments(call.args, _BUSYBOX_VALUED if busybox else _VALUED), busybox=busybox)


def _made(call: CallFacts, parsed: Arguments, *, busybox: bool) -> tuple[Home, ...] | None:
    names = [text_of(word, call.run) for word in parsed.operands]
    user = names[0] if names else None
    if parsed.dynamic or not user or parsed.has(*_ELSEWHERE):
        return None
    debian = call.program == "adduser" and not busybox
    if len(names) == 2 and call.program == "adduser" and not parsed.options:  # adduser USER GROUP
        return ()
    if parsed.has("--no-create-home", "-M") or (busybox and parsed.has("-H")):
        return ()
    home: str | None = f"/home/{user}"
    group: str | None = user
    for option in parsed.options:
        if option.name in ("--home", "--home-dir") or option.name == ("-h" if busybox else "-d"):
            home = _value(call, option)
        elif (option.name in ("-g", "--gid", "--ingroup") and not (busybox and option.name == "-g")) or (
            option.name == "-G" and busybox
        ):
            group = _value(call, option)
    if home is None or not home.startswith("/") or group is None:
        return None
    if parsed.has("-N", "--no-user-group") or (
        parsed.has("--system", "-S") and group == user and call.program == "adduser"
    ):
        group = ""  # users, nogroup: as the system is set up
    certain = (
        parsed.has("-m", "--create-home") if call.program == "useradd" else not parsed.has("--system", "-S")
    )
    return (Home(clean_path(home), user, group, certain=certain or (debian and parsed.has("--home"))),)


def _value(call: CallFacts, option: Option) -> str | None:
    word = next((w for w in call.args if w.end == option.end), option.word)
    return option.value if word is option.word else text_of(word, call.run)
