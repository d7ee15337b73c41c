"""Paths as scripts and instructions write them, made absolute.

Invariant: ``None`` is a path that is not known; a path that is given is absolute, and clean of
``.``, ``..`` and doubled or final slashes.
"""

from functools import lru_cache
from posixpath import join

from dockeropt.model.runs import RunFacts
from dockeropt.model.state import clean_path
from dockeropt.shell.nodes import Assign, Call, DblQuoted, Dialect, For, ParamExp, Script, SglQuoted, Word
from dockeropt.shell.query import walk


def text_of(word: Word, run: RunFacts) -> str | None:
    """Return what ``word`` means to the shell, variables of the Dockerfile replaced; ``None`` if unknown."""
    if word.literal is not None:
        return None if may_have_braces(word, run) else word.literal
    for node in walk(word):
        if isinstance(node, ParamExp):
            if (
                node.operator
                or node.prefix
                or not run.state.variables.get(node.name)
                or _assigned(run, node.name)
            ):
                return None
        elif not isinstance(node, Word | DblQuoted | SglQuoted):
            return None
    if any(char in word.text for char in "*?[~\\"):
        return None
    text = run.state.expand(word.text)
    return text if text is not None and not any(char in text for char in " \t\n*?[") else None


def may_have_braces(word: Word, run: RunFacts) -> bool:
    """Tell whether the shell may make several words of ``a{b,c}``: bash does, dash and ash do not."""
    if "{" not in word.text or word.text[:1] in ("'", '"'):
        return False
    return run.state.dialect not in (Dialect.DASH, Dialect.ASH)


def _assigned(run: RunFacts, name: str) -> bool:
    """Tell whether the script may give the variable another value."""
    assert run.shell is not None
    names = _assigned_names(run.shell)
    return names is None or name in names


@lru_cache(maxsize=256)
def _assigned_names(script: Script) -> frozenset[str] | None:
    """Return the variables that a script sets anywhere; ``None`` when it may be any."""
    names: set[str] = set()
    for node in walk(script):
        if isinstance(node, Assign | For):
            names.add(node.name)
        elif isinstance(node, Call) and node.words:
            program = node.words[0].literal
            if program in (".", "source", "eval", "getopts", "mapfile", "readarray") or program is None:
                return None
            if program in ("export", "read", "local", "declare", "typeset", "readonly", "unset", "printf"):
                if any(word.literal is None and "=" not in word.text for word in node.words):
                    return None
                names.update([word.text.partition("=")[0] for word in node.words[1:]])
    return frozenset(names)


def resolve(path: str, place: str | None) -> str | None:
    """Return the absolute, cleaned path; ``None`` if the directory that it starts from is unknown."""
    if path.startswith("/"):
        return clean_path(path)
    return clean_path(join(place, path)) if place is not None else None


def is_within(path: str, tree: str) -> bool:
    """Tell whether ``path`` is ``tree`` or lies below it."""
    return path == tree or path.startswith(tree.rstrip("/") + "/")


def overlap(a: str, b: str) -> bool:
    """Tell whether one of the paths lies at or below the other."""
    return is_within(a, b) or is_within(b, a)
