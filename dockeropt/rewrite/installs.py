"""Recognise commands that install what manifests ask for, and those that read no copied file.

Invariant: errs to the side of "it may read": a program, an option or a word that is not understood
may read anything.
"""

import re
from itertools import pairwise
from typing import NamedTuple

from dockeropt.model.accounts import ACCOUNT_TOOLS
from dockeropt.model.calls import CallFacts
from dockeropt.model.packages import Invocation, Verb, find_invocation
from dockeropt.model.paths import is_within, resolve, text_of
from dockeropt.model.runs import RunFacts
from dockeropt.model.tools import Tool
from dockeropt.shell.nodes import Redirect, Word
from dockeropt.shell.query import walk

SYSTEM = frozenset(
    {
        Tool.APT_GET, Tool.APT, Tool.APTITUDE, Tool.APK, Tool.YUM, Tool.DNF, Tool.MICRODNF, Tool.TDNF,
        Tool.ZYPPER, Tool.PACMAN,
    }
)  # fmt: skip

_NO_FILES = frozenset(
    (
        ": [ echo printf true false set export test exit sleep groupadd addgroup locale-gen ldconfig id whoami"
        " update-ca-certificates ulimit umask uname date command which type apt-key apt-mark unset localedef"
        " dpkg-reconfigure update-alternatives add-apt-repository debconf-set-selections a2enmod"
        " docker-php-ext-install docker-php-ext-enable docker-php-ext-configure pecl"
    ).split()
)
"""Programs that read no file of the directory whatever their words are."""

_ONLY_NAMED = frozenset(
    "mkdir rm rmdir curl wget tar chmod chown ln gpg dpkg install tee touch grep sed".split()
)
"""Programs that read no file but those that their words name."""

_INTO_PLACE = frozenset(("wget", "tar", "curl"))
"""Programs among them that may write into the directory without naming it."""

_VERBS = {
    "pdm": ("install", "sync"),
    "bun": ("install", "i"),
    "dotnet": ("restore",),
    "mix": ("deps.get",),
}
_MANIFEST_TOOLS = frozenset(
    {
        Tool.PIP, Tool.PIPENV, Tool.POETRY, Tool.UV, Tool.NPM, Tool.YARN, Tool.PNPM, Tool.BUNDLE,
        Tool.COMPOSER, Tool.GO, Tool.MAVEN,
    }
)  # fmt: skip

_STEERING = frozenset(
    (
        "PIP_CONFIG_FILE PIP_CONSTRAINT PIP_REQUIREMENT PIP_FIND_LINKS PIP_EDITABLE PIP_TARGET PIP_PREFIX PIP_SRC"
        " UV_CONFIG_FILE UV_PROJECT UV_WORKING_DIRECTORY UV_CONSTRAINT UV_FIND_LINKS BUNDLE_GEMFILE COMPOSER"
        " COMPOSER_VENDOR_DIR GOFLAGS GOWORK GOENV NPM_CONFIG_USERCONFIG NODE_OPTIONS RUBYOPT MAVEN_CONFIG"
        " YARN_RC_FILENAME PIPENV_PIPFILE"
    ).split()
)
"""Variables that make a tool read or write elsewhere than its manual says."""

_RELATIVE = ("UV_PROJECT_ENVIRONMENT", "BUNDLE_PATH", "VIRTUAL_ENV", "GEM_HOME", "GOPATH", "GOMODCACHE")
"""Variables that do so if their value is no absolute path."""

_FROZEN = {
    Tool.UV: ("UV_FROZEN", "UV_LOCKED"),
    Tool.BUNDLE: ("BUNDLE_FROZEN", "BUNDLE_DEPLOYMENT"),
    Tool.PNPM: ("CI",),
}


class Install(NamedTuple):
    """Hold an install from manifests.

    Args:
        call: The command.
        tool: Its name as :class:`~dockeropt.project.manifests.Request` has it.
        verb: The verb as typed.
        place: The absolute directory it runs in.
        options: The options given.
        operands: The words that are neither options nor values.
        requirements: Absolute paths of what ``-r`` names.
        constraints: Absolute paths of what ``-c`` names.
        frozen: Whether the lock file must not change, as variables or settings say.
        targets: Absolute paths of the directories that options tell it to install into.
    """

    call: CallFacts
    tool: str
    verb: str
    place: str
    options: frozenset[str]
    operands: tuple[str, ...]
    requirements: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    frozen: bool = False
    targets: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """Return what two installs of the same have in common."""
        return self.tool, "" if self.requirements else self.place, self.requirements

    @property
    def words(self) -> str:
        """Return the command as messages call it: ``npm ci``."""
        return f"{self.tool} {self.verb}".strip()


def install_of(call: CallFacts, place: str) -> Install | None:
    """Return the install that ``call`` is, if manifests tell it what to install.

    Args:
        call: A command.
        place: The absolute directory it runs in.
    """
    if call.prefixes or call.node.assigns or call.node.redirects:
        return None
    program = call.program
    if program in _VERBS:
        return _by_name(call, program, place)
    found = find_invocation(call)
    if found is None or found.dynamic:
        return None
    if found.tool is Tool.GRADLE and found.verb_text == "dependencies":
        return _install(found, place)
    if found.verb is not Verb.INSTALL or found.tool not in _MANIFEST_TOOLS:
        return None
    if found.tool is Tool.GO and found.verb_text != "mod download":
        return None
    if found.tool in (Tool.NPM, Tool.YARN, Tool.PNPM, Tool.BUNDLE, Tool.UV, Tool.POETRY):
        if found.verb_text.startswith(("global", "add", "tool", "link", "ln", "self")):
            return None
        if found.operands and not found.verb_text.startswith("pip"):
            return None
        if found.has("-g", "--global"):
            return None
    if found.tool is Tool.COMPOSER and found.verb_text not in ("install", "i"):
        return None
    if found.tool is Tool.PIP or found.verb_text.startswith("pip"):
        return _pip(found, place)
    return _install(found, place)


def _by_name(call: CallFacts, program: str, place: str) -> Install | None:
    words = [word.literal for word in call.args]
    if any(word is None for word in words):
        return None
    texts = [word or "" for word in words]
    verbs = [word for word in texts if not word.startswith("-")]
    if not verbs or verbs[0] not in _VERBS[program]:
        return None
    operands = verbs[1:]
    valued = {"--only", "--runtime", "-r", "-a", "--arch", "-v", "--verbosity", "-p"}
    for before, word in pairwise(texts):
        if before in valued and word in operands:
            operands.remove(word)
    options = frozenset([word.partition("=")[0] for word in texts if word.startswith("-")])
    return Install(call, program, verbs[0], place, options, tuple(operands))


def _install(found: Invocation, place: str) -> Install:
    names = _FROZEN.get(found.tool, ())
    values = found.run.state.variables
    frozen = any(values.get(name) in ("1", "true", "True") for name in names)
    if found.tool is Tool.BUNDLE and not frozen:
        frozen = _bundle_frozen(found.call)
    options = {option.name for option in found.options}
    if found.tool is Tool.UV and values.get("UV_NO_INSTALL_PROJECT") in ("1", "true"):
        options.add("--no-install-project")
    operands = tuple([word.literal or word.text for word in found.operands])
    return Install(
        found.call, found.tool.value, found.verb_text, place, frozenset(options), operands, frozen=frozen
    )


def _bundle_frozen(call: CallFacts) -> bool:
    """Tell whether an earlier command of the same script forbids changes of Gemfile.lock."""
    for other in call.run.calls:
        if other is call:
            return False
        words = [word.literal for word in other.args]
        set_true = other.program == "bundle" and words[:1] == ["config"] and "true" in words
        if set_true and {"deployment", "frozen"} & set(words):
            return True
    return False


def _pip(found: Invocation, place: str) -> Install | None:
    """Read ``pip install -r …``; an install of named packages alone reads nothing."""
    files: list[str] = []
    limits: list[str] = []
    for option in found.options:
        if option.name in ("-r", "--requirement", "--requirements", "-c", "--constraint", "--constraints"):
            if option.value is None or "$" in option.value or "://" in option.value:
                return None
            path = resolve(option.value, place)
            assert path is not None
            (files if "r" in option.name.lstrip("-")[:1] else limits).append(path)
    operands = tuple([word.literal or word.text for word in found.operands])
    named = files or limits or found.has("-e", "--editable")
    if not named and not any(text.startswith((".", "/")) for text in operands):
        return None
    tool = "uv" if found.tool is Tool.UV else "pip"
    options = frozenset([option.name for option in found.options])
    values = found.values("-t", "--target", "--prefix", "--root")
    targets = tuple([resolve(value, place) or place for value in values])
    return Install(
        found.call,
        tool,
        found.verb_text,
        place,
        options,
        operands,
        tuple(files),
        tuple(limits),
        targets=targets,
    )


_BELONGS = {
    "PIP": ("pip", "pipenv"), "UV": ("uv",), "BUNDLE": ("bundle",), "COMPOSER": ("composer",), "GOFLAGS": ("go",),
    "GOWORK": ("go",), "GOENV": ("go",), "GOPATH": ("go",), "GOMODCACHE": ("go",), "NPM": ("npm", "pnpm", "yarn"),
    "NODE": ("npm", "pnpm", "yarn"), "RUBYOPT": ("bundle",), "GEM": ("bundle",), "MAVEN": ("mvn",),
    "YARN": ("yarn",), "PIPENV": ("pipenv",), "VIRTUAL": ("pip", "uv", "poetry", "pipenv"),
}  # fmt: skip
"""The tools that variables steer, by the first part of their names."""


def steered(run: RunFacts, tool: str) -> str | None:
    """Return a variable in force that makes a tool read or write elsewhere, or ``None``."""
    values = run.state.variables
    for name, value in values.items():
        if tool not in _BELONGS.get(name.upper().partition("_")[0], ()):
            continue
        if name == "NODE_OPTIONS" and value is not None and not _LOADS.search(value):
            continue
        if name.upper() in _STEERING or (name in _RELATIVE and not (value or "").startswith("/")):
            return name
    return None


_LOADS = re.compile(r"-r\b|require|import|loader|env-file")


def reads_nothing(call: CallFacts, places: tuple[str | None, ...], tree: str) -> bool:
    """Tell whether a command certainly reads no file at or below ``tree``.

    Args:
        call: The command.
        places: The directories that it may run in; ``None`` for an unknown one.
        tree: An absolute path.
    """
    program = call.program
    if set(call.prefixes) - {"sudo"}:
        return False
    for node in walk(call.node):
        if isinstance(node, Redirect) and not _harmless(node, call.run, places, tree):
            return False
    if program is None:
        return not call.node.words
    if "/" in call.path and not call.path.startswith(("/bin/", "/sbin/", "/usr/")):
        return False
    if program in _NO_FILES or program in ACCOUNT_TOOLS:
        return True
    if program == "corepack":
        return "enable" in [word.literal for word in call.args]
    if program == "cd":
        return not any(_names(word, call.run, places, tree) for word in call.args)
    if program in _INTO_PLACE and any(place is None or is_within(place, tree) for place in places):
        return False
    if program in _ONLY_NAMED:
        return not any(_names(word, call.run, places, tree) for word in call.args)
    if program.startswith("python"):
        words = [word.literal for word in call.args[:2]]
        if words == ["-m", "venv"]:
            return not any(_names(word, call.run, places, tree) for word in call.args[2:])
    if program == "mix" and call.args and (call.args[0].literal or "").startswith("local."):
        return True  # it reads mix.exs at most
    found = find_invocation(call)
    if found is None:
        return False
    if any(_names(word, call.run, places, tree, paths=True) for word in found.operands):
        return False
    if found.tool in SYSTEM or found.verb is Verb.CLEAN or _configures(found):
        return True
    if found.has("-r", "--requirement", "-c", "--constraint", "-e", "--editable", "-f", "--find-links"):
        return False
    if found.verb is not Verb.INSTALL or not found.operands or found.dynamic:
        return False
    if found.tool in (Tool.PIP, Tool.GEM, Tool.PIPX) or found.verb_text == "pip install":
        return True
    if found.tool in (Tool.NPM, Tool.PNPM):
        return found.has("-g", "--global")
    return found.tool is Tool.YARN and found.verb_text.startswith("global")


def _harmless(node: Redirect, run: RunFacts, places: tuple[str | None, ...], tree: str) -> bool:
    """Tell whether a redirection neither reads nor writes at or below ``tree``."""
    if node.is_heredoc or node.operator == "<<<":
        return True
    if node.operator in (">&", "<&") and node.target.text.strip("-").isdigit():
        return True
    if node.target.literal in ("/dev/null", "/dev/stdout", "/dev/stderr"):
        return True
    return not _names(node.target, run, places, tree)


def _configures(found: Invocation) -> bool:
    """Tell whether a command sets an option of a tool, in a file that is not the project's."""
    if not found.verb_text.startswith("config"):
        return False
    if found.tool is Tool.BUNDLE:
        return True  # what it may write, .bundle, counts as written by the install
    if found.has("--local", "--location"):
        return False
    if found.tool is Tool.COMPOSER:
        return found.has("-g", "--global")
    return found.tool in (Tool.PIP, Tool.NPM, Tool.PNPM, Tool.POETRY)


def _names(
    word: Word, run: RunFacts, places: tuple[str | None, ...], tree: str, *, paths: bool = False
) -> bool:
    """Tell whether a word may name something at, below or above ``tree``."""
    text = text_of(word, run)
    if text is None:
        text = word.text.strip("\"'")
        if text.startswith(("http://", "https://")) or (text.startswith("/") and "$" not in text[:2]):
            text = text.partition("$")[0].partition("*")[0]
        else:
            return not paths
    if text.startswith("-"):
        text = text.partition("=")[2]
    if not text or "://" in text or (paths and not text.startswith((".", "/"))):
        return False
    for place in places:
        path = resolve(text, place)
        if path is None or is_within(path, tree) or is_within(tree, path):
            return True
    return False
