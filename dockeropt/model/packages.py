"""Package-manager calls of all kinds as one shape: tool, verb, options, packages.

Invariant: every word of the command line is an option, an option's value, a verb or an
operand, each with its place in the script; what only the shell knows makes the invocation
``dynamic`` and is never taken for a package name.
"""

from typing import NamedTuple

from dockeropt.model.calls import CallFacts
from dockeropt.model.commandlines import Spec, spec_of
from dockeropt.model.requirements import Package, split_package
from dockeropt.model.runs import RunFacts
from dockeropt.model.tools import MODULES, Tool, Verb, tool_of
from dockeropt.shell.nodes import DblQuoted, Word

__all__ = ["Invocation", "Option", "Package", "Tool", "Verb", "find_invocation"]

_FALSE = frozenset(("false", "no", "0", "off", "False"))


class Option(NamedTuple):
    """Hold one option.

    ``-qqy`` is three options that share a place, ``-oName=x`` is ``-o`` with a value.

    Args:
        name: ``-y``, ``--no-cache``, …; with two dashes up to the ``=``.
        value: The value, quotes removed when that is possible, else as written; ``None``
            without one.
        start: Script offset of the word.
        end: Script offset after the word, or after the value word that follows.
    """

    name: str
    value: str | None
    start: int
    end: int


class Invocation:
    """Hold one call of a package manager.

    Args:
        call: The call.
        tool: The program.
        verb: What it does.
        verb_words: The words that say so: none for ``yarn``, two for ``uv pip install``.
        options: All options in order, before and after the verb.
        packages: The operands of verbs that take packages.
        operands: The words after the verb that are neither options nor their values.
        options_end: Script offset after the last option that directly follows the verb, or
            after the verb, or after the program when there is none.
        program_word: The word that names the tool (``pip`` of ``python -m pip``).
        dynamic: Whether some word is only known at run time, or more words come from a pipe.
    """

    __slots__ = (
        "call",
        "dynamic",
        "operands",
        "options",
        "options_end",
        "packages",
        "program_word",
        "tool",
        "verb",
        "verb_words",
    )

    def __init__(self, call: CallFacts, tool: Tool, program_word: Word) -> None:
        self.call = call
        self.tool = tool
        self.program_word = program_word
        self.verb = Verb.OTHER
        self.verb_words: tuple[Word, ...] = ()
        self.options: tuple[Option, ...] = ()
        self.packages: tuple[Package, ...] = ()
        self.operands: tuple[Word, ...] = ()
        self.options_end = program_word.end
        self.dynamic = False

    @property
    def run(self) -> RunFacts:
        """Return the instruction that the call stands in."""
        return self.call.run

    @property
    def verb_word(self) -> Word | None:
        """Return the word that decides the verb, the last one of two; ``None`` without any."""
        return self.verb_words[-1] if self.verb_words else None

    @property
    def verb_text(self) -> str:
        """Return the verb words as typed, joined by a blank: ``pip install``, ``ci``."""
        return " ".join([word.literal or word.text for word in self.verb_words])

    def has(self, *names: str) -> bool:
        """Tell whether one of the options is given, also inside a cluster (``-qqy``).

        One that is switched off (``--assume-yes=false``) is not given.
        """
        return any(option.name in names and option.value not in _FALSE for option in self.options)

    def option(self, *names: str) -> Option | None:
        """Return the last option that has one of ``names``, or ``None``."""
        return next((option for option in reversed(self.options) if option.name in names), None)

    def values(self, *names: str) -> tuple[str, ...]:
        """Return the values of every option that has one of ``names``, in order."""
        return tuple([o.value for o in self.options if o.name in names and o.value is not None])

    @property
    def cache_paths(self) -> tuple[str, ...]:
        """Return where the tool keeps its caches here; empty when that is not known."""
        from dockeropt.model.caches import cache_paths

        return cache_paths(self)

    def __repr__(self) -> str:
        names = " ".join([package.text for package in self.packages])
        return f"Invocation({self.tool.value} {self.verb.value}: {names})"


def find_invocation(call: CallFacts) -> Invocation | None:
    """Return the package-manager call that ``call`` is, or ``None``."""
    if isinstance(call.invocation, bool):  # nobody has asked yet
        call.invocation = _find(call)
    return call.invocation


def _find(call: CallFacts) -> Invocation | None:
    program = call.program
    if program is None or call.program_word is None:
        return None
    tool = tool_of(program)
    if tool is not None:
        return _read(Invocation(call, tool, call.program_word), call.args)
    if program.startswith(("python", "pypy")):
        return _python_module(call)
    if program == "xargs":
        return _xargs(call)
    if (
        program == "php"
        and call.args
        and (call.args[0].literal or "").rpartition("/")[2]
        in (
            "composer",
            "composer.phar",
        )
    ):
        return _read(Invocation(call, Tool.COMPOSER, call.args[0]), call.args[1:])
    return None


def _python_module(call: CallFacts) -> Invocation | None:
    """Read ``python -m pip …``, other options before ``-m`` allowed."""
    for index, word in enumerate(call.args):
        text = word.literal
        if text is None or not text.startswith("-"):
            return None
        if text in ("-c", "-"):
            return None
        if text == "-m" or (text[1:2] != "-" and text.endswith("m") and text[1:].isalpha()):
            rest = call.args[index + 1 :]
            tool = MODULES.get(rest[0].literal or "") if rest else None
            return _read(Invocation(call, tool, rest[0]), rest[1:]) if tool and rest else None
        if text.startswith("-m"):
            tool = MODULES.get(text[2:])
            return _read(Invocation(call, tool, word), call.args[index + 1 :]) if tool else None
    return None


_XARGS_VALUES = frozenset(
    "-a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-procs --max-lines".split()
)


def _xargs(call: CallFacts) -> Invocation | None:
    """Read ``xargs apt-get install …``: its operands come from elsewhere."""
    words = iter(enumerate(call.args))
    for index, word in words:
        text = word.literal
        if text is None:
            return None
        if text.startswith("-"):
            if text in _XARGS_VALUES:
                next(words, None)
            continue
        tool = tool_of(text.rpartition("/")[2])
        if tool is None:
            return None
        found = _read(Invocation(call, tool, word), call.args[index + 1 :])
        found.dynamic = True
        return found
    return None


class _Reader:
    """Walk over the words after the program, taking options with their values."""

    __slots__ = ("at", "dynamic", "options", "spec", "tool", "words")

    def __init__(self, tool: Tool, spec: Spec, words: tuple[Word, ...]) -> None:
        self.tool = tool
        self.spec = spec
        self.words = words
        self.at = 0
        self.options: list[Option] = []
        self.dynamic = False

    def value(self, start: int) -> tuple[str | None, int]:
        """Take the next word as a value; return it and where it ends."""
        if self.at >= len(self.words):
            return None, start
        word = self.words[self.at]
        self.at += 1
        return (word.literal if word.literal is not None else word.text), word.end

    def option(self, word: Word, text: str, taking: frozenset[str]) -> int:
        """Take the option at ``word``; return where it and its value end."""
        start, end = word.start, word.end
        name, equals, value = text.partition("=")
        found: str | None = value if equals else None
        if (
            not text.startswith("--")
            and len(text) > 2
            and self.spec.clusters
            and self.is_cluster(text, taking)
        ):
            return self.cluster(word, text, taking)
        if not equals and (name in taking or self.is_boolean() or self.is_go_value(name, taking)):
            found, end = self.value(end)
        self.options.append(Option(name, found, start, end))
        return end

    def is_cluster(self, text: str, taking: frozenset[str]) -> bool:
        """Tell whether the letters of ``text`` are options, up to one that takes a value."""
        for index in range(1, len(text)):
            if f"-{text[index]}" in taking or text[index] == "=":
                return index > 1 or text[index] != "="
            if not text[index].isalpha():
                return False
        return True

    def is_boolean(self) -> bool:
        """Tell whether ``true`` or ``false`` comes next and belongs to the option before it."""
        return (
            "booleans" in self.spec.traits
            and self.at < len(self.words)
            and self.words[self.at].literal in ("true", "false")
        )

    def is_go_value(self, name: str, taking: frozenset[str]) -> bool:
        """Tell whether a long option of Go, written with two dashes, takes the next word."""
        return self.tool is Tool.GO and name.startswith("--") and name[1:] in taking

    def cluster(self, word: Word, text: str, taking: frozenset[str]) -> int:
        """Take ``-qqy``, ``-ofile`` or ``-q=2`` apart."""
        start, end = word.start, word.end
        for index in range(1, len(text)):
            name = "-" + text[index]
            rest = text[index + 1 :]
            if name in taking:
                value: str | None = rest.removeprefix("=")
                if not rest:
                    value, end = self.value(end)
                self.options.append(Option(name, value, start, end))
                break
            if rest.startswith("="):
                self.options.append(Option(name, rest[1:], start, end))
                break
            self.options.append(Option(name, None, start, end))
        return end


def _read(found: Invocation, words: tuple[Word, ...]) -> Invocation:
    """Fill ``found`` in from the words after the program."""
    tool = found.tool
    spec = spec_of(tool)
    reader = _Reader(tool, spec, words)
    verbs: list[Word] = []
    operands: list[Word] = []
    text = ""
    decided = only_operands = False
    adjacent = True
    while reader.at < len(words):
        word = words[reader.at]
        reader.at += 1
        raw = word.literal if word.literal is not None else word.text.lstrip("\"'")
        if raw.startswith("-") and len(raw) > 1 and not only_operands:
            if raw == "--":
                if tool is Tool.GEM:
                    break  # what follows goes to the builds of native extensions
                only_operands = True
                adjacent = False
                continue
            end = reader.option(word, raw, _taking(tool, spec, text, decided=decided))
            if adjacent:
                found.options_end = end
            continue
        if not decided and word.literal is None:
            reader.dynamic = True  # options, or a verb, that only the shell knows
            continue
        if not decided and not (tool is Tool.CARGO and raw.startswith("+")):
            verbs.append(word)
            text = f"{text} {raw}" if text else raw
            decided = len(verbs) == 2 or raw not in spec.prefixes
            adjacent = True
            found.options_end = word.end
        elif decided:
            adjacent = False
            operands.append(word)
    if tool is Tool.PACMAN:
        _read_pacman(found, reader, operands=[*verbs, *operands])
        return found
    found.verb = spec.verbs.get(text, Verb.OTHER)
    if not verbs:
        asks = any(o.name in ("--version", "--help", "-v", "-h", "-V") for o in reader.options)
        found.verb = Verb.OTHER if asks or reader.dynamic else spec.default
    found.verb_words = tuple(verbs)
    found.options = tuple(reader.options)
    found.operands = tuple(operands)
    found.dynamic = reader.dynamic
    if _takes_packages(spec, text, found.verb):
        found.packages = tuple([_package(tool, word) for word in operands])
    found.dynamic = found.dynamic or _any_dynamic(operands, found.packages)
    return found


def _taking(tool: Tool, spec: Spec, text: str, *, decided: bool) -> frozenset[str]:
    """Return the options that take the next word at this point."""
    if not decided:
        return spec.global_values
    if "conda" in spec.traits:
        if text == "clean":
            return frozenset()
        if tool is Tool.MICROMAMBA or text.startswith("env "):
            return spec.values | {"-f"}
    return spec.values


def _takes_packages(spec: Spec, text: str, verb: Verb) -> bool:
    if spec.packages:
        return text in spec.packages
    return verb in (Verb.INSTALL, Verb.REMOVE, Verb.UPGRADE) or text in ("download", "wheel")


def _any_dynamic(operands: list[Word], packages: tuple[Package, ...]) -> bool:
    """Tell whether an operand can only be known at run time.

    A pattern in a version (``curl=7.*``) or the extras of ``a[b]`` match no file in practice.
    """
    named = {package.start for package in packages if package.name is not None}
    return any(word.literal is None and (word.parts or word.start not in named) for word in operands)


def _package(tool: Tool, word: Word) -> Package:
    """Return the package that ``word`` asks for."""
    literal = word.literal
    if literal is None and not word.parts and not set(word.text) & set("\\'\"{~"):
        literal = word.text  # a glob, such as the version of curl=7.* or the extras of a[b]
        name, version = split_package(tool, literal)
        if not set(name) & set("*?["):
            return Package(word.text, name, version, word.start, word.end)
        return Package(word.text, None, None, word.start, word.end)
    if literal is None:
        fixed = _fixed_start(word)
        if fixed and not set(fixed) & set("\\'\"{*?[~"):
            name, _ = split_package(tool, fixed + "0")
            if len(name) < len(fixed) and not name.startswith((".", "/")) and "://" not in fixed:
                return Package(word.text, name, None, word.start, word.end)
        return Package(word.text, None, None, word.start, word.end)
    if set(literal) & set("{*"):
        name, version = split_package(tool, literal)
        known = None if set(name) & set("{*") else name
        return Package(word.text, known, version if known else None, word.start, word.end)
    name, version = split_package(tool, literal)
    return Package(word.text, name, version, word.start, word.end)


def _fixed_start(word: Word) -> str:
    """Return what stands before the first expansion of a word, bare or in double quotes."""
    start, parts = word.start, word.parts
    if parts and parts[0].start == start and isinstance(parts[0], DblQuoted):
        start, parts = start + 1, parts[0].parts
    first = min([part.start for part in parts], default=start)
    return word.text[start - word.start : first - word.start]


def _read_pacman(found: Invocation, reader: _Reader, operands: list[Word]) -> None:
    """Decide pacman's verb, which is an option: ``-Syu``, ``-Rns``, ``--sync``."""
    names = {option.name for option in reader.options}
    long = {
        "--sync": "-S",
        "--refresh": "-y",
        "--sysupgrade": "-u",
        "--remove": "-R",
        "--upgrade": "-U",
        "--clean": "-c",
    }
    letters = names | {long[name] for name in names if name in long}
    if "-S" in letters and "-c" in letters:
        found.verb = Verb.CLEAN
    elif letters & {"-S", "-U"} and operands and not letters & {"-s", "-i", "-l", "-g", "-p", "-w"}:
        found.verb = Verb.INSTALL
    elif "-S" in letters and "-u" in letters:
        found.verb = Verb.UPGRADE
    elif "-S" in letters and "-y" in letters:
        found.verb = Verb.UPDATE
    elif "-R" in letters:
        found.verb = Verb.REMOVE
    operation = next((o for o in reader.options if o.name[1:2].isupper() or o.name in long), None)
    words = {word.start: word for word in reader.words}
    if operation is not None:
        found.verb_words = (words[operation.start],)
        found.options_end = operation.end
        first = min([word.start for word in operands], default=found.call.node.end)
        for option in reader.options:
            if operation.start <= option.start < first:
                found.options_end = option.end
    found.options = tuple(reader.options)
    found.operands = tuple(operands)
    if found.verb in (Verb.INSTALL, Verb.REMOVE):
        found.packages = tuple([_package(found.tool, word) for word in operands])
    found.dynamic = reader.dynamic or _any_dynamic(operands, found.packages)
