"""What the commands of a stage need of their base image, as far as the file shows it.

Invariant: errs to the side of "it needs that". Whatever cannot be read (scripts of the build
context, words that only the shell knows) is named in :attr:`Needs.unknown`, never dropped.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dockeropt.model.calls import CallFacts, find_calls
from dockeropt.model.model import Model
from dockeropt.model.packages import Invocation, Verb, find_invocation
from dockeropt.model.runs import RunFacts, read_script
from dockeropt.model.stages import Stage
from dockeropt.model.tools import Tool
from dockeropt.shell.nodes import Word
from dockeropt.syntax.nodes import Run

DEBIAN_TOOLS = frozenset((Tool.APT_GET, Tool.APT, Tool.APTITUDE))
SHELLS = frozenset(("sh", "bash", "ash", "dash", "zsh"))
LAUNCHERS = frozenset(("tini", "dumb-init", "docker-init", "catatonit", "xargs", "gosu", "su-exec", "watch"))
"""Programs that run another one, beyond those that the model takes off."""

COMPILES = {
    "gcc": "gcc",
    "cc": "gcc",
    "g++": "g++",
    "c++": "g++",
    "cmake": "cmake",
    "configure": "configure",
    "autoreconf": "autoreconf",
    "autogen.sh": "autogen.sh",
    "phpize": "phpize",
    "bootstrap.sh": "bootstrap.sh",
    "meson": "meson",
}
"""Programs that build C or C++: which headers they look for is not in the file."""

BRINGS = {
    "build-essential": ("gcc", "g++", "make", "libc6-dev", "dpkg-dev", "patch", "binutils", "cpp"),
    "g++": ("gcc", "libc6-dev", "cpp", "binutils"),
    "gcc": ("cpp", "binutils"),
    "gnupg": ("gpg", "gpg-agent", "dirmngr", "gpgconf"),
    "gnupg2": ("gnupg", "gpg", "gpg-agent", "dirmngr", "gpgconf"),
    "gnupg1": ("gnupg",),
    "git-core": ("git",),
    "procps": (),
    "mercurial": (),
    "python": ("python3",),
    "python-dev": ("python3",),
    "python3-dev": ("python3",),
    "python3-pip": ("python3",),
    "pkgconf": ("pkg-config",),
    "pkg-config": ("pkgconf",),
    "imagemagick": (),
    "openssh-server": ("openssh-client",),
    "ssh": ("openssh-client",),
    "default-libmysqlclient-dev": ("libmariadb-dev",),
    "libmysqlclient-dev": ("default-libmysqlclient-dev",),
    "libmariadbclient-dev": ("default-libmysqlclient-dev",),
    "git-all": ("git",),
    "devscripts": ("wget", "patch"),
}
"""Packages that come with others in every Debian release (Depends of the Debian archive)."""


class Use(NamedTuple):
    """Say where a command, or a package, is used.

    Args:
        name: The command or the package.
        run: The instruction; ``None`` for what the application uses when it runs.
        call: The call inside of its script, ``None`` for exec form.
    """

    name: str
    run: RunFacts | None
    call: CallFacts | None = None

    @property
    def order(self) -> tuple[int, int]:
        """Return a number pair that grows with the order in which things run."""
        if self.run is None:
            return (sys.maxsize, 0)
        return (self.run.node.span.start, self.call.node.start if self.call is not None else 0)


class Started(NamedTuple):
    """Say that a file is run that the Dockerfile does not hold.

    Args:
        program: The shell or Python that is given it; ``""`` when it is run itself.
        path: As written.
        run: The instruction.
    """

    program: str
    path: str
    run: RunFacts


class Needs:
    """Hold what one stage uses.

    Args:
        commands: First use of each program, by name.
        installs: Calls of package managers that install something.
        unknown: Scripts and words whose needs the file does not show, as written.
        text: Words of scripts that could not be read.
        started: Files that are run.
        unclear: Those of ``unknown`` that are no files that are run.
    """

    __slots__ = ("commands", "installs", "invocations", "started", "text", "unclear", "unknown")

    def __init__(self) -> None:
        self.commands: dict[str, Use] = {}
        self.installs: list[Invocation] = []
        self.invocations: list[Invocation] = []
        self.unknown: list[str] = []
        self.text: set[str] = set()
        self.started: list[Started] = []
        self.unclear: list[str] = []

    def doubt(self, text: str) -> None:
        """Note something that the file does not show."""
        self.unknown.append(text)
        self.unclear.append(text)

    def start(self, path: str, run: RunFacts, *, program: str = "", shown: str | None = None) -> None:
        """Note a file that is run; ``shown`` is what messages call it, ``""`` for nothing."""
        self.started.append(Started(program, path, run))
        if shown != "":
            self.unknown.append(shown or path)

    @property
    def debs(self) -> dict[str, Invocation]:
        """Return the Debian packages that the stage installs, and those they bring, by name.

        Each with the first call that installs it.
        """
        found: dict[str, Invocation] = {}
        stack = [
            (package.name, use)
            for use in reversed(self.installs)
            if use.tool in DEBIAN_TOOLS
            for package in use.packages
            if package.name is not None
        ]
        while stack:
            name, use = stack.pop()
            if name not in found:
                found[name] = use
                stack += [(other, use) for other in BRINGS.get(name, ())]
        return found

    @property
    def brought(self) -> frozenset[str]:
        """Return the names of packages that are installed by managers of languages."""
        return frozenset(
            package.name
            for use in self.installs
            if use.tool not in DEBIAN_TOOLS
            for package in use.packages
            if package.name is not None
        )

    def uses_of(self, tools: Iterable[Tool]) -> list[Invocation]:
        """Return the installs by one of the tools."""
        wanted = frozenset(tools)
        return [use for use in self.installs if use.tool in wanted]


def needs_of(model: Model, stage: Stage) -> Needs:
    """Return what the instructions of ``stage`` itself use; not those it is built on."""
    needs = Needs()
    facts = [run for run in (*model.runs, *model.commands) if run.stage is stage]
    for run in sorted(facts, key=lambda run: run.node.span.start):
        if run.script is not None and run.shell is not None:
            for call in run.calls:
                _read_call(needs, run, call)
        elif run.node.exec_form is not None:
            _read_words(needs, run, None, list(run.node.exec_form.values))
        elif isinstance(run.node, Run):
            text = run.script.text if run.script is not None else run.node.rest.text
            needs.doubt(_short(text))
            needs.text.update(re.findall(r"[\w.+-]+", text))
    return needs


def _read_call(needs: Needs, run: RunFacts, call: CallFacts) -> None:
    use = find_invocation(call)
    if use is not None:
        needs.invocations.append(use)
        if use.verb is Verb.INSTALL:
            needs.installs.append(use)
    for prefix in call.prefixes:
        needs.commands.setdefault(prefix, Use(prefix, run, call))
    if call.program is None:
        if call.node.words:
            needs.doubt(_short(call.node.words[0].text))
        return
    words = [_text(word) for word in call.args]
    if call.program == "find":
        for index, word in enumerate(words):
            if word in ("-exec", "-execdir", "-ok"):
                _read_words(needs, run, call, words[index + 1 : index + 2])
    if call.program == "tar" and words:
        _read_tar(needs, run, call, words)
    _read_words(needs, run, call, [call.path or call.program, *words])


def _read_tar(needs: Needs, run: RunFacts, call: CallFacts, words: list[str]) -> None:
    """Add the programs that tar decompresses with."""
    letters = "".join(word for word in words[:3] if word.startswith("-") and word[1:2] != "-")
    letters += "" if words[0].startswith("-") or "/" in words[0] or "." in words[0] else words[0]
    for program, letter, endings in (
        ("bzip2", "j", (".bz2", ".tbz", ".tbz2")),
        ("xz", "J", (".xz", ".txz")),
        ("zstd", " ", (".zst",)),
    ):
        if letter in letters or any(word.rstrip("\"'").endswith(endings) for word in words):
            needs.commands.setdefault(program, Use(program, run, call))


def _text(word: Word) -> str:
    return word.literal if word.literal is not None else word.text


def _read_words(needs: Needs, run: RunFacts, call: CallFacts | None, words: list[str]) -> None:
    """Read a command line: the program, and what it runs in turn."""
    while words and not words[0].startswith("-"):  # else they belong to the ENTRYPOINT
        path = words[0]
        name = path.rpartition("/")[2]
        needs.commands.setdefault(name, Use(name, run, call))
        if name in SHELLS:
            _read_shell(needs, run, call, name, words[1:])
            return
        if "/" in path and not path.startswith(("/usr/", "/bin/", "/sbin/")) and name not in COMPILES:
            needs.start(path, run)
        elif path.startswith("/usr/local/"):
            hidden = path.startswith("/usr/local/bin/") and name.endswith((".sh", "entrypoint"))
            needs.start(path, run, shown=None if hidden else "")
        if name.startswith(("python", "pypy")):
            _read_python(needs, run, words[1:])
        if name not in LAUNCHERS and name not in ("env", "exec", "nice", "nohup", "timeout"):
            return
        rest = words[1:]
        while rest and (rest[0].startswith("-") or "=" in rest[0]):
            rest = rest[1:]
        words = rest[1:] if name in ("gosu", "su-exec", "timeout") else rest


def _read_shell(needs: Needs, run: RunFacts, call: CallFacts | None, shell: str, words: list[str]) -> None:
    """Read ``sh -c 'script'``; a script file is unknown."""
    for index, word in enumerate(words):
        if word.startswith("-") and not word.startswith("--") and "c" in word:
            if index + 1 < len(words):
                inner = read_script(words[index + 1], run.state)
                if inner is None:
                    needs.text.update(re.findall(r"[\w.+-]+", words[index + 1]))
                    needs.unclear.append(_short(words[index + 1]))
                    return
                for found in find_calls(inner, run):
                    _read_inner(needs, run, call, found)
            return
        if not word.startswith(("-", "+")):
            needs.start(word, run, program=shell, shown=_short(word))
            return
    needs.unclear.append(f"{shell} without a script")


def _read_inner(needs: Needs, run: RunFacts, outer: CallFacts | None, found: CallFacts) -> None:
    """Read a call inside of ``sh -c``."""
    if found.program is None:
        if found.node.words:
            needs.unclear.append(_short(found.node.words[0].text))
        return
    needs.commands.setdefault(found.program, Use(found.program, run, outer))
    if found.program.startswith(("python", "pypy")):
        _read_python(needs, run, [_text(word) for word in found.args])
    elif found.program in SHELLS and found.args:
        needs.unclear.append(_short(f"{found.program} {found.args[0].text}"))
    if "/" in found.path and not found.path.startswith(("/usr/", "/bin/")):
        needs.start(found.path, run)


def _read_python(needs: Needs, run: RunFacts, words: list[str]) -> None:
    """Note the file that Python is given; modules are looked at with the application."""
    while words and words[0].startswith("-"):
        if words[0] in ("-m", "-c") or words[0][1:2] in ("m", "c"):
            needs.start(" ".join(words[:2]), run, program="python", shown="")
            return
        words = words[2:] if words[0] in ("-W", "-X") else words[1:]
    needs.start(words[0] if words else "", run, program="python", shown="")


def _short(text: str) -> str:
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 40 else line[:37] + "…"


def descendants(stage: Stage) -> Iterator[Stage]:
    """Yield the stage and all that are built on it, in order of the file."""
    found = [stage]
    for item in found:
        found.extend(item.children)
    yield from sorted(found, key=lambda item: item.index)
