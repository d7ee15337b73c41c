"""What the scripts of a build context run.

Invariant: a command that only the shell knows at run time, a script that is not understood, and an
interpreter that is no shell are said as unknown, never dropped.
"""

from typing import NamedTuple

from dockeropt.shell import Dialect, parse
from dockeropt.shell.nodes import FuncDecl, Node
from dockeropt.shell.query import calls, resolve, walk

SHELLS = {"sh": Dialect.DASH, "dash": Dialect.DASH, "ash": Dialect.DASH, "bash": Dialect.BASH}
"""Interpreters whose scripts are read, with their language."""

_ENTRY = frozenset(("$@", "${@}", "${1+@}", "$*", "$1"))
"""Words that run what CMD or the caller gives, which is looked at where it is given."""

_SOURCES = (".", "source")


class Command(NamedTuple):
    """A command of a script.

    Args:
        name: The program's base name.
        path: The program as written.
        args: The words after it, ``None`` for those that only the shell knows.
        line: 1-based line in the script.
    """

    name: str
    path: str
    args: tuple[str | None, ...]
    line: int


class Script(NamedTuple):
    """What a script runs.

    Args:
        interpreter: Base name of the program in its first line; ``""`` when it has none.
        commands: In order of the text, those in functions too.
        functions: Names that it defines itself.
        unknown: What cannot be known: a clause and the 1-based line.
    """

    interpreter: str
    commands: tuple[Command, ...] = ()
    functions: frozenset[str] = frozenset()
    unknown: tuple[tuple[str, int], ...] = ()


def interpreter_of(text: str) -> tuple[str, ...]:
    """Return the words of a file's ``#!`` line, ``env`` and its options taken off; empty if none.

    >>> interpreter_of("#!/usr/bin/env -S python3 -u")
    ('python3', '-u')
    """
    if not text.startswith("#!"):
        return ()
    words = text[2:].partition("\n")[0].split()
    if words and words[0].rpartition("/")[2] == "env":
        words = words[1:]
        while words and (words[0].startswith("-") or "=" in words[0]):
            words = words[1:]
    return (words[0].rpartition("/")[2], *words[1:]) if words else ()


def read_script(text: str, *, program: str = "") -> Script:
    """Return what a script runs.

    Args:
        text: The whole file.
        program: Base name of the shell that is given the file (``sh file``); by default its first
            line decides, and a file without one is read by ``sh`` (POSIX).
    """
    words = interpreter_of(text)
    interpreter = words[0] if words else ""
    language = program or interpreter or "sh"
    if "\r\n" in text and interpreter:
        return Script(interpreter, unknown=(("how its line ends are read", 1),))
    dialect = SHELLS.get(language)
    if dialect is None:
        return Script(interpreter, unknown=((f"what a script of {language} runs", 1),))
    tree = parse(text, dialect)
    if tree.problem is not None:
        return Script(interpreter, unknown=(("what a script that cannot be read runs", 1),))
    functions = frozenset(_functions(tree))
    commands: list[Command] = []
    unknown: list[tuple[str, int]] = []
    for place in calls(tree):
        node = place.call
        line = text.count("\n", 0, node.start) + 1
        found = resolve(node)
        commands += [Command(prefix, prefix, (), line) for prefix in found.prefixes]
        if found.program is None or found.path is None:
            if node.words:
                first = next((word.text for word in node.words if word.literal is None), node.words[0].text)
                if first.strip("\"'") not in _ENTRY:
                    unknown.append((f"which program {first.strip()[:40]} is", line))
            continue
        args = tuple([word.literal for word in found.args])
        if found.program == "eval":
            unknown.append(("what eval runs", line))
        if found.program in _SOURCES and (not args or args[0] is None):
            unknown.append(("which file is read in", line))
        if found.program not in functions or "/" in found.path:
            commands.append(Command(found.program, found.path, args, line))
    return Script(interpreter, tuple(commands), functions, tuple(unknown))


def _functions(tree: Node) -> list[str]:
    """Return the names of the functions that a script defines."""
    return [node.name for node in walk(tree) if isinstance(node, FuncDecl)]
