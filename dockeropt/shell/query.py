"""Questions about shell trees: which program a call runs, with which options, where it stands.

Invariant: a program or an option is named only when it is certain. A word that only the
shell can know, or an option that is not in our tables, gives ``None``, never a guess.
Loops here have a stack of their own; nesting is bounded by the parser.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from dockeropt.shell.nodes import AndOr, Call, Node, Script, Stmt, Word

# --- walking ---------------------------------------------------------------------------


def walk(node: Node) -> Iterator[Node]:
    """Yield ``node`` and everything inside it, parents first, in source order."""
    stack = [node]
    while stack:
        node = stack.pop()
        yield node
        inner = node.children
        if inner:
            stack.extend(reversed(inner))


class Place(NamedTuple):
    """Say where a call stands.

    Args:
        call: The simple command.
        ancestors: The nodes around it, outermost first, its pipeline last.
    """

    call: Call
    ancestors: tuple[Node, ...]

    @property
    def statement(self) -> Stmt:
        """Return the innermost statement around the call."""
        for node in reversed(self.ancestors):
            if isinstance(node, Stmt):
                return node
        raise LookupError("the call was not found inside a script")

    @property
    def top_level(self) -> bool:
        """Tell whether the call is a member of the script's own and-or lists."""
        return len(self.ancestors) == 5 and isinstance(self.ancestors[0], Script)


def calls(root: Node) -> Iterator[Place]:
    """Yield every simple command under ``root``, those in substitutions too, in source order."""
    stack: list[tuple[Node, tuple[Node, ...]]] = [(root, ())]
    while stack:
        node, ancestors = stack.pop()
        inner: Sequence[Node]
        if isinstance(node, Call):
            yield Place(node, ancestors)
            inner = [child for child in node.children if child.children]
        else:
            inner = node.children
        if inner:
            around = (*ancestors, node)
            stack.extend([(child, around) for child in reversed(inner)])


def top_statements(script: Script) -> tuple[Stmt, ...]:
    """Return the statements of the script itself."""
    return script.body.statements


def single_chain(script: Script) -> AndOr | None:
    """Return the and-or list of a script that is one list joined by ``&&`` alone."""
    statements = script.body.statements
    if len(statements) != 1 or statements[0].terminator == "&":
        return None
    chain = statements[0].command
    return chain if all(operator == "&&" for operator, _, _ in chain.operators) else None


def is_pure_chain(script: Script) -> bool:
    """Tell whether the script is simple commands joined by ``&&``, without pipes."""
    chain = single_chain(script)
    return chain is not None and all(
        len(p.commands) == 1 and isinstance(p.commands[0], Call) for p in chain.pipelines
    )


# --- programs --------------------------------------------------------------------------


class Prefix(NamedTuple):
    """Describe a program that runs the command in its arguments.

    Args:
        flags: Letters of the options without a value.
        valued: Letters of the options with one.
        long: Long options without a value (``--name=value`` is always understood).
        long_valued: Long options that take the next word.
        operands: How many words stand before the command.
        assigns: Whether ``NAME=value`` may stand before the command.
    """

    flags: str = ""
    valued: str = ""
    long: tuple[str, ...] = ()
    long_valued: tuple[str, ...] = ()
    operands: int = 0
    assigns: bool = False


_SUDO = Prefix(
    "AEHnPSkB",
    "ughpCTrtRD",
    ("--preserve-env", "--set-home", "--non-interactive", "--stdin", "--preserve-groups", "--bell"),
    ("--user", "--group", "--host", "--prompt", "--chdir", "--chroot", "--role", "--type"),
    assigns=True,
)
_TIMEOUT = Prefix(
    "v", "ks", ("--foreground", "--preserve-status", "--verbose"), ("--kill-after", "--signal"), 1
)
PREFIXES: dict[str, Prefix] = {
    "sudo": _SUDO,
    "doas": Prefix("n", "uC"),
    "env": Prefix("iv0", "uC", ("--ignore-environment",), ("--unset", "--chdir"), assigns=True),
    "time": Prefix("pvaq", "fo", ("--portability", "--verbose", "--append"), ("--format", "--output")),
    "nice": Prefix("", "n", (), ("--adjustment",)),
    "ionice": Prefix("t", "cn", ("--ignore",), ("--class", "--classdata")),
    "exec": Prefix("cl", "a"),
    "command": Prefix("p"),
    "builtin": Prefix(),
    "nohup": Prefix(),
    "setsid": Prefix("cfw", "", ("--ctty", "--fork", "--wait")),
    "eatmydata": Prefix(),
    "fakeroot": Prefix(),
    "chronic": Prefix("ve"),
    "stdbuf": Prefix("", "ioe", (), ("--input", "--output", "--error")),
    "timeout": _TIMEOUT,
    "gosu": Prefix(operands=1),
    "su-exec": Prefix(operands=1),
    "linux32": Prefix(),
    "linux64": Prefix(),
}
"""Programs that run another one with the same file system and shell words.

Options after the manuals of sudo 1.9, doas, GNU coreutils 9, util-linux 2.40, POSIX.
``chroot`` (another root), ``su -c`` (a string), ``sudo -i`` and ``env -S`` are not here: what
they run is unknown. ``xargs`` counts as the program itself.
"""

_UNKNOWN_TARGET = frozenset(["chroot", "unshare", "nsenter", "setpriv", "runuser", "chpst", "setarch"])


class Resolved(NamedTuple):
    """Say which program a call runs.

    Args:
        program: Base name after prefixes; ``None`` when only the shell knows, and for
            assignments alone.
        path: The program as written, quotes removed; ``None`` like ``program``.
        word: The word that names it.
        prefixes: Names of the programs in front of it, outermost first.
        args: The words after ``word``.
    """

    program: str | None
    path: str | None
    word: Word | None
    prefixes: tuple[str, ...]
    args: tuple[Word, ...]


def basename(path: str) -> str:
    """Return what follows the last slash."""
    return path[path.rfind("/") + 1 :]


def resolve(call: Call) -> Resolved:
    """Return the program of ``call`` with prefixes such as ``sudo`` and ``env`` taken off.

    A prefix whose options are not understood gives the unknown program; a prefix that
    runs nothing (``command -v x``, ``exec 3>f``) is the program itself.
    """
    words = call.words
    prefixes: list[str] = []
    index = 0
    while index < len(words):
        word = words[index]
        path = word.literal
        if not path:
            return Resolved(None, None, word, tuple(prefixes), words[index + 1 :])
        name = basename(path)
        if name in _UNKNOWN_TARGET:
            return Resolved(None, None, word, (*prefixes, name), words[index + 1 :])
        prefix = PREFIXES.get(name)
        if prefix is None:
            return Resolved(name, path, word, tuple(prefixes), words[index + 1 :])
        target = _target(words, index + 1, prefix)
        if target is None:
            if name == "command" and any(w.text.startswith(("-v", "-V", "-pv")) for w in words[index + 1 :]):
                return Resolved(name, path, word, tuple(prefixes), words[index + 1 :])
            return Resolved(None, None, word, (*prefixes, name), words[index + 1 :])
        if target >= len(words):
            return Resolved(name, path, word, tuple(prefixes), words[index + 1 :])
        prefixes.append(name)
        index = target
    return Resolved(None, None, None, (), ())


def _target(words: Sequence[Word], index: int, prefix: Prefix) -> int | None:
    """Return the index of the word that a prefix runs; ``None`` if it cannot be told."""
    while index < len(words):
        text = words[index].literal
        if text is None:
            raw = words[index].text
            if prefix.assigns and "=" in raw and raw.partition("=")[0].isidentifier():
                index += 1  # NAME=$value
                continue
            return (
                None
                if raw[:1] in ("-", "$", "`", '"') and not prefix.operands
                else _skip(words, index, prefix)
            )
        if text == "--":
            index += 1
            break
        if not text.startswith("-") or text == "-":
            if text == "-" and "i" in prefix.flags and prefix.assigns:  # env -
                index += 1
                continue
            if prefix.assigns and "=" in text and text.partition("=")[0].isidentifier():
                index += 1
                continue
            break
        if text.startswith("--"):
            name, equals, _ = text.partition("=")
            if name in prefix.long_valued:
                index += 1 if equals else 2
            elif name in prefix.long or (equals and name == "--preserve-env"):
                index += 1
            else:
                return None
            continue
        skipped = _short_options(text, prefix)
        if skipped is None:
            return None
        index += skipped
    return _skip(words, index, prefix)


def _skip(words: Sequence[Word], index: int, prefix: Prefix) -> int | None:
    """Skip the operands of a prefix, then the assignments of one that takes both."""
    index += prefix.operands
    while prefix.assigns and index < len(words):
        raw = words[index].text
        if "=" not in raw or not raw.partition("=")[0].isidentifier():
            break
        index += 1
    return index


def _short_options(text: str, prefix: Prefix) -> int | None:
    """Return how many words a cluster of short options takes, ``None`` if not understood."""
    if prefix.valued == "n" and text[1:].isdigit():
        return 1  # nice -10
    for place, letter in enumerate(text[1:], 1):
        if letter in prefix.valued:
            return 2 if place == len(text) - 1 else 1
        if letter not in prefix.flags:
            return None
    return 1


# --- options ---------------------------------------------------------------------------


class Option(NamedTuple):
    """Hold an option that a call is given.

    Args:
        name: ``-y``, ``--no-cache``; one of these for each letter of ``-qqy``.
        value: Its value when it takes one, quotes removed; ``None`` if absent or dynamic.
        start: Offset of the word, in the script.
        end: Offset behind the word, or behind the value's own word.
        word: The word that the option stands in.
    """

    name: str
    value: str | None
    start: int
    end: int
    word: Word


class Arguments(NamedTuple):
    """Hold arguments told apart: options, operands, and the words not understood.

    Args:
        options: In order; clusters such as ``-qqy`` taken apart.
        operands: The other words, all words after ``--`` among them.
        dynamic: Words that may be options, operands, several words or none at run time.
    """

    options: tuple[Option, ...]
    operands: tuple[Word, ...]
    dynamic: tuple[Word, ...]

    def has(self, *names: str) -> bool:
        """Tell whether one of the options is given."""
        return any(option.name in names for option in self.options)

    def value(self, *names: str) -> str | None:
        """Return the value of the last of the named options."""
        for option in reversed(self.options):
            if option.name in names:
                return option.value
        return None


def arguments(
    words: Sequence[Word], valued: AbstractSet[str] = frozenset(), *, long_dash: bool = False
) -> Arguments:
    """Tell options and operands apart.

    Args:
        words: The words after the program.
        valued: Options that take a value: ``-o``, ``--option``.
        long_dash: Whether ``-name`` is one option, not letters (``find``, ``java``, ``go``).
    """
    options: list[Option] = []
    operands: list[Word] = []
    dynamic: list[Word] = []
    index = 0
    while index < len(words):
        word = words[index]
        index += 1
        text = word.literal
        if text is None:
            name, equals, _ = word.text.partition("=")
            if equals and name.startswith("--") and name[2:].replace("-", "").isalnum():
                options.append(Option(name, None, word.start, word.end, word))
            elif word.text.startswith("-") or word.text[:1] in ("$", "`"):
                dynamic.append(word)
            else:
                operands.append(word)
            continue
        if text == "--":
            operands.extend(words[index:])
            break
        if not text.startswith("-") or text == "-":
            operands.append(word)
            continue
        if text.startswith("--") or long_dash:
            name, equals, value = text.partition("=")
            if equals:
                options.append(Option(name, value, word.start, word.end, word))
            elif name in valued and index < len(words):
                options.append(Option(name, words[index].literal, word.start, words[index].end, word))
                index += 1
            else:
                options.append(Option(name, None, word.start, word.end, word))
            continue
        index += _cluster(text, word, words[index] if index < len(words) else None, valued, options)
    return Arguments(tuple(options), tuple(operands), tuple(dynamic))


def _cluster(
    text: str, word: Word, following: Word | None, valued: AbstractSet[str], options: list[Option]
) -> int:
    """Add the options of ``-xyz``; return 1 when the last takes the next word."""
    for place, letter in enumerate(text[1:], 1):
        name = "-" + letter
        if name not in valued:
            options.append(Option(name, None, word.start, word.end, word))
        elif place < len(text) - 1:
            options.append(Option(name, text[place + 1 :], word.start, word.end, word))
            return 0
        elif following is not None:
            options.append(Option(name, following.literal, word.start, following.end, word))
            return 1
        else:
            options.append(Option(name, None, word.start, word.end, word))
    return 0
