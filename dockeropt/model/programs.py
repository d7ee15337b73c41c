"""Which programs write where.

Invariant: a program or an option that is not in the tables may write anywhere. Facts: the
manuals of the programs, and the Filesystem Hierarchy Standard for what packages may do.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from posixpath import dirname

from dockeropt.model.accounts import ACCOUNT_TOOLS, homes_made_by
from dockeropt.model.calls import CallFacts
from dockeropt.model.packages import find_invocation
from dockeropt.model.paths import resolve, text_of
from dockeropt.model.runs import RunFacts
from dockeropt.model.state import clean_path
from dockeropt.model.tools import Tool
from dockeropt.model.writes import (
    ANYWHERE,
    NOTHING,
    Footprint,
    Places,
    here,
    paths_of,
    touches_users,
    trees_of,
)
from dockeropt.shell.nodes import Dialect, Word
from dockeropt.shell.query import arguments
from dockeropt.syntax.nodes import Env

_HARMLESS = frozenset(
    (
        ": [ arch basename break case cat cmp command comm continue cut date df diff dirname du echo egrep"
        " env exit expr export false fgrep file getconf getent grep groups hash head hostname id local ls lsb_release"
        " md5sum nproc od printenv printf ps pwd read readlink readonly realpath return seq set"
        " sha1sum sha256sum sha512sum shift shopt sleep sort ssh-keyscan stat sync tail test time tr true tty type ulimit umask"
        " uname unset wait wc which whoami yes"
    ).split()
)
"""Programs that write to their output and nowhere else."""

_SYSTEM_TOOLS = frozenset(
    (
        "a2dismod a2dissite a2enconf a2enmod a2ensite add-apt-repository apt-add-repository apt-key apt-mark"
        " chsh debconf-set-selections depmod docker-php-ext-configure docker-php-ext-enable docker-php-ext-install"
        " dpkg dpkg-divert dpkg-reconfigure gpg ldconfig locale-gen localedef pear pecl phpdismod phpenmod"
        " phpize rpm service systemctl update-alternatives update-ca-certificates"
        " update-ca-trust update-locale update-rc.d yum-config-manager"
    ).split()
)
"""Programs that keep to the directories that packages use, whatever they are asked to do."""

_FOREIGN = ("-i", "-U", "-F", "-o", "--install", "--unpack", "--upgrade", "--output", "--root", "--homedir")
"""Options of dpkg, rpm and gpg with which they do more."""

_SYSTEM_MANAGERS = frozenset(
    {
        Tool.APT_GET, Tool.APT, Tool.APTITUDE, Tool.APK, Tool.YUM, Tool.DNF, Tool.MICRODNF, Tool.TDNF,
        Tool.ZYPPER, Tool.PACMAN,
    }
)  # fmt: skip

_ELSEWHERE: dict[Tool, tuple[str, ...]] = {
    Tool.PIP: ("-t", "--target", "--prefix", "--root", "--src", "--log"),
    Tool.NPM: ("--prefix", "-C", "--cache", "--userconfig"),
    Tool.YARN: ("--cwd", "--modules-folder", "--prefix", "--global-folder"),
    Tool.PNPM: ("--dir", "-C", "--prefix", "--global-dir"),
    Tool.GEM: ("-i", "--install-dir", "-n", "--bindir"),
    Tool.BUNDLE: ("--path", "--gemfile", "--binstubs"),
    Tool.COMPOSER: ("-d", "--working-dir", "--install-dir"),
}
"""Options with which tools of languages install elsewhere than in the system and the directory."""

_TRANSPARENT = frozenset(
    "sudo exec command time nice env gosu su-exec timeout ionice setsid eatmydata".split()
)
_USER_MAKERS = frozenset("dpkg rpm pecl pear service dpkg-reconfigure".split())
_AWK_WRITES = re.compile(r">|system|\||getline")

# Options with a value, after the manuals of GNU coreutils, curl, wget and git.
_COPY_VALUED = frozenset("-t --target-directory -S --suffix -m --mode -o --owner -g --group".split())
_PRESERVING = ("-a", "-p", "--archive", "--preserve", "--no-dereference", "-d")
_CURL_VALUED = frozenset(
    (
        "-o --output -H --header -d --data -X --request -u --user -A --user-agent -e -b --cookie -m --max-time --retry"
        " --retry-delay --connect-timeout -x --proxy -w -F --output-dir -c --cookie-jar -D --dump-header -T --cacert"
        " -E --cert --key -K"
    ).split()
)
_WGET_VALUED = frozenset(
    "-O --output-document -P --directory-prefix -o -a -t -T --header -U --tries -e".split()
)
_GIT_VALUED = frozenset("-b --branch --depth -c --config -o --origin -j --jobs --reference".split())


def mark_of(call: CallFacts, places: Places) -> Footprint:
    """Return what a simple command may leave behind, its redirections aside.

    Args:
        call: The command.
        places: The directories that it may be run in.
    """
    name = call.program
    if name is None:
        return NOTHING if not call.node.words else ANYWHERE
    if set(call.prefixes) - _TRANSPARENT:
        return ANYWHERE
    if "/" in call.path and not call.path.startswith(("/bin/", "/sbin/", "/usr/")):
        return _of_manager(call, places, dirname(dirname(call.path))) if call.path[0] == "/" else ANYWHERE
    if name in _HARMLESS or name in ("cd", "pushd", "popd"):
        return NOTHING
    if name in ("dpkg", "rpm", "gpg") and call.has_flag(*_FOREIGN):
        return ANYWHERE
    if name in _SYSTEM_TOOLS:
        return Footprint(packages=True, users=name in _USER_MAKERS)
    handler = _HANDLERS.get(name)
    if handler is not None:
        return handler(call, places)
    return _of_manager(call, places)


def _of_manager(call: CallFacts, places: Places, prefix: str | None = None) -> Footprint:
    """Return what a package manager may write; ``prefix`` is where one with a path of its own stands."""
    invocation = find_invocation(call)
    if invocation is None:
        return ANYWHERE
    tool = invocation.tool
    if tool in _SYSTEM_MANAGERS:
        return Footprint(packages=True, users=True) if prefix is None else ANYWHERE
    homes = _prefixes(call.run)
    if homes is None or invocation.has(*_ELSEWHERE.get(tool, ())) or tool not in _ELSEWHERE:
        return ANYWHERE
    found = Footprint(packages=True, trees=homes + ((prefix,) if prefix else ()))
    shared = (
        invocation.has("-g", "--global") or tool is Tool.GEM or (tool is Tool.YARN and "global" in call.path)
    )
    if shared or (tool is Tool.PIP and not invocation.has("-r", "-e") and not _local(call)):
        return found
    return found | here(places)


def _prefixes(run: RunFacts) -> tuple[str, ...] | None:
    """Return where tools of languages install that the file puts on PATH; ``None`` if not known."""
    if "VIRTUAL_ENV" in run.state.variables:
        path = run.state.variables["VIRTUAL_ENV"]
        return None if path is None else (clean_path(path),)
    if "PATH" not in run.state.variables or run.stage is None:
        return ()
    found: list[str] = []
    for node in [node for part in run.stage.chain for node in part.instructions if isinstance(node, Env)]:
        for pair in node.pairs:
            if pair.key.text == "PATH" and pair.value is not None:
                for entry in pair.value.text.strip("\"'").split(":"):
                    known = run.state.expand(entry) if entry not in ("$PATH", "${PATH}") else ""
                    if known is None or (known and not known.startswith("/")):
                        return None
                    found += [dirname(clean_path(known))] if known else []
    return tuple(found)


def _local(call: CallFacts) -> bool:
    return any(word.text.startswith((".", "/", "$")) for word in call.operands)


def make_directory(call: CallFacts, places: Places) -> Footprint:
    """Return what a mkdir makes."""
    parsed = arguments(call.args, frozenset({"-m", "--mode"}))
    if parsed.dynamic:
        return ANYWHERE
    found = NOTHING
    for word in parsed.operands:
        braces = _braced(word.text) if call.run.state.dialect is Dialect.BASH else ()
        exact = [resolve(path, place) for path in braces for place in places]
        if not braces and text_of(word, call.run) is None:
            found |= trees_of([word], call.run, places)
            continue
        exact = exact or list(paths_of([word], call.run, places) or (None,))
        known = [path for path in exact if path is not None]
        if len(known) < len(exact):
            return ANYWHERE
        if parsed.has("-p", "--parents"):
            known = [above for path in known for above in _with_parents(path)]
        found |= Footprint(directories=tuple(known))
    return found


def _with_parents(path: str) -> Iterator[str]:
    while path != "/":
        yield path
        path = dirname(path)


def _braced(text: str) -> tuple[str, ...]:
    """Return the paths that ``a/{b,c}`` stands for; nothing if there is more than that in it."""
    start, brace, rest = text.partition("{")
    inner, closing, end = rest.partition("}")
    if not brace or not closing or any(char in text for char in "$`*?[\\\"'~") or "{" in rest or "}" in end:
        return ()
    return tuple([start + item + end for item in inner.split(",")])


def _last_operand(call: CallFacts, places: Places) -> Footprint:
    parsed = arguments(call.args, _COPY_VALUED)
    if parsed.dynamic:
        return ANYWHERE
    sources: tuple[Word, ...] = parsed.operands[:-1]
    if parsed.has("-t", "--target-directory"):
        path = resolve(parsed.value("-t", "--target-directory") or "", None)
        found = Footprint(trees=(path,), users=touches_users((path,))) if path else ANYWHERE
        sources = parsed.operands
    elif call.program == "ln" and len(parsed.operands) == 1:
        found = here(places)
    elif call.program == "install" and parsed.has("-d", "--directory"):
        found = trees_of(parsed.operands, call.run, places)
    else:
        found = trees_of(parsed.operands[-1:], call.run, places)
    if call.program in ("mv", "rsync") or (call.program == "cp" and parsed.has(*_PRESERVING)):
        paths = paths_of(sources, call.run, places) or ("/",)
        found |= Footprint(owned=paths, removed=paths if call.program == "mv" else ())
    return found


def _removed(call: CallFacts, places: Places) -> Footprint:
    return Footprint(removed=paths_of(call.operands, call.run, places) or ("/",))


def _find(call: CallFacts, _: Places) -> Footprint:
    texts = [word.text for word in call.args]
    if any(text.startswith(("-fprint", "-fls", "-ok")) for text in texts):
        return ANYWHERE
    found = Footprint(removed=("/",)) if "-delete" in texts else NOTHING
    for index, text in enumerate(texts):
        if text in ("-exec", "-execdir"):
            program = texts[index + 1] if index + 1 < len(texts) else ""
            found |= _of_named(program, texts[index + 2 :])
    return found


def _xargs(call: CallFacts, _: Places) -> Footprint:
    parsed = arguments(call.args, frozenset("-n -P -I -L -d -E -s -a".split()))
    names = [word.text for word in parsed.operands]
    return _of_named(names[0], [word.text for word in call.args]) if names else NOTHING


def _of_named(program: str, texts: Sequence[str]) -> Footprint:
    """Return what a program may do to files that only come up at run time."""
    if program in _HARMLESS:
        return NOTHING
    if program in ("rm", "rmdir", "unlink"):
        return Footprint(removed=("/",))
    special = any("s" in text or "t" in text or (text.isdigit() and len(text) > 3) for text in texts[:3])
    if program == "chmod" and not special:
        return NOTHING
    return Footprint(owned=("/",)) if program in ("chown", "chgrp", "chmod") else ANYWHERE


def _awk(call: CallFacts, _: Places) -> Footprint:
    return ANYWHERE if any(_AWK_WRITES.search(word.text) for word in call.args) else NOTHING


def _temporary(call: CallFacts, _: Places) -> Footprint:
    elsewhere = call.operands or call.has_flag("-p", "--tmpdir")
    return ANYWHERE if elsewhere else Footprint(trees=("/tmp",))  # noqa: S108


def _keys(call: CallFacts, places: Places) -> Footprint:
    """Return what ssh-keygen and keytool may write: the file that they are given."""
    names = ("-f",) if call.program == "ssh-keygen" else ("-keystore", "-file", "-destkeystore")
    if call.program == "ssh-keygen" and call.has_flag("-A"):
        return Footprint(trees=("/etc/ssh",))
    words = [after for word, after in pairwise(call.args) if word.text in names]
    found = Footprint(trees=("/root",))
    for word in words:
        paths = paths_of([word], call.run, places)
        found |= ANYWHERE if paths is None else Footprint(trees=(*paths, *[path + ".pub" for path in paths]))
    return found


def _all_operands(call: CallFacts, places: Places) -> Footprint:
    parsed = arguments(call.args)
    return ANYWHERE if parsed.dynamic else trees_of(parsed.operands, call.run, places)


def _sed(call: CallFacts, places: Places) -> Footprint:
    in_place = any(w.text.startswith("--in-place") or (w.text[:1] == "-" and w.text[1:2] != "-" and "i" in w.text)
                   for w in call.args)  # fmt: skip
    if not in_place:
        return NOTHING if not any(w.text.startswith("w ") for w in call.args) else ANYWHERE
    scripted = any(w.text in ("-e", "--expression", "-f") for w in call.args)
    files = [w for w in call.operands if not scripted or w.text[:1] in "/.$~" or "/" not in w.text]
    return trees_of(files if scripted else files[1:], call.run, places)


def _download(call: CallFacts, places: Places) -> Footprint:
    curl = call.program == "curl"
    parsed = arguments(call.args, _CURL_VALUED if curl else _WGET_VALUED)
    if parsed.has("--output-dir", "-K", "--config", "-c", "-D", "--dump-header", "--cookie-jar") and curl:
        return ANYWHERE
    found = NOTHING
    to_file = False
    for option in parsed.options:
        if (
            option.name in ("-o", "--output")
            if curl
            else option.name in ("-O", "--output-document", "-P", "--directory-prefix")
        ):
            to_file = True
            if option.value != "-":
                word = next((w for w in call.args if w.end == option.end), option.word)
                found |= (
                    trees_of([word], call.run, places)
                    if word is not option.word
                    else _by_value(option.value, places)
                )
    if curl:
        return found | (here(places) if parsed.has("-O", "--remote-name") else NOTHING)
    return found if to_file else here(places)


def _by_value(value: str | None, places: Places) -> Footprint:
    paths = [resolve(value, place) for place in places] if value else [None]
    known = tuple([path for path in paths if path is not None])
    return Footprint(trees=known, users=touches_users(known)) if len(known) == len(paths) else ANYWHERE


def _unpack(call: CallFacts, places: Places) -> Footprint:
    args = list(call.args)
    words = [w for w in args[1:] if w.text[:1] == "-"]
    if any(w.text.startswith(("--absolute-names", "--one-top-level")) for w in words) or any(
        "P" in w.text[:8] for w in args[:2] if not w.text.startswith(("--", "/")) and call.program == "tar"
    ):
        return ANYWHERE
    directory: Word | None = None
    for index, word in enumerate(args):
        if word.text in ("-C", "--directory", "-d") and index + 1 < len(args):
            directory = args[index + 1]
        elif word.text.startswith("--directory="):
            return _by_value(word.literal.partition("=")[2] if word.literal else None, places)
        elif word.text.startswith("-C"):
            return ANYWHERE
    found = trees_of([directory], call.run, places) if directory is not None else here(places)
    packs = call.program == "tar" and not (
        args and any(w.text[:1] != "/" and set("xt") & set(w.text) for w in args[:2])
    )
    return found | Footprint(owned=("/",)) if packs else found


def _clone(call: CallFacts, places: Places) -> Footprint:
    if not call.args or call.args[0].literal not in ("clone", "config"):
        return (
            here(places)
            if call.args and call.args[0].literal and call.args[0].literal[0] != "-"
            else ANYWHERE
        )
    if call.args[0].literal == "config":
        return Footprint(trees=("/root", "/etc/gitconfig")) | here(places)
    parsed = arguments(call.args[1:], _GIT_VALUED)
    if parsed.dynamic or len(parsed.operands) not in (1, 2):
        return here(places) if not parsed.dynamic else ANYWHERE
    return trees_of(parsed.operands[1:], call.run, places) if len(parsed.operands) == 2 else here(places)


def _owner(call: CallFacts, places: Places) -> Footprint:
    paths = paths_of(call.operands[1:], call.run, places)
    if paths is None:
        return Footprint(owned=("/",))
    if call.program == "chmod":
        mode = call.operands[0].text.strip("\"'") if call.operands else ""
        plain = (len(mode) <= 3 or mode[:1] == "0") if mode.isdigit() else not set(mode) & set("st$`")
        return NOTHING if plain else Footprint(owned=paths)
    return Footprint(owned=paths)


def _account(call: CallFacts, _: Places) -> Footprint:
    homes = homes_made_by(call)
    return ANYWHERE if homes is None else Footprint(users=True, homes=homes)


_HANDLERS: dict[str, Callable[[CallFacts, Places], Footprint]] = {
    "mkdir": make_directory,
    "cp": _last_operand,
    "mv": _last_operand,
    "ln": _last_operand,
    "install": _last_operand,
    "rsync": _last_operand,
    "touch": _all_operands,
    "tee": _all_operands,
    "truncate": _all_operands,
    "gzip": _all_operands,
    "gunzip": _all_operands,
    "dos2unix": _all_operands,
    "sed": _sed,
    "curl": _download,
    "wget": _download,
    "tar": _unpack,
    "unzip": _unpack,
    "git": _clone,
    "chown": _owner,
    "chgrp": _owner,
    "chmod": _owner,
    "find": _find,
    "xargs": _xargs,
    "awk": _awk,
    "gawk": _awk,
    "mktemp": _temporary,
    "ssh-keygen": _keys,
    "keytool": _keys,
    "rm": _removed,
    "rmdir": _removed,
    **dict.fromkeys(ACCOUNT_TOOLS, _account),
}
