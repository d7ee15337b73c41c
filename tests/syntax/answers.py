"""Say what our tree holds in the shape of BuildKit's parse: keyword, flags, arguments, here-documents."""

import re
from typing import Any

from dockeropt.syntax.nodes import (
    Arg,
    Dockerfile,
    Error,
    FileInstruction,
    From,
    Healthcheck,
    Instruction,
    Onbuild,
    PairsInstruction,
    Problem,
    WordsInstruction,
)


def first_problem(tree: Dockerfile) -> Problem | None:
    """Return the problem that BuildKit reports: its parser's first, or else its first."""
    ours = [problem for problem in tree.problems if problem.kind == "parse"] or list(tree.problems)
    return ours[0] if ours else None


def answer(node: Instruction) -> list[Any]:
    """Return one instruction as the vectors have it."""
    flags = [f"--{flag.name}" + ("" if flag.unquoted is None else f"={flag.unquoted}") for flag in node.flags]
    if isinstance(node, Onbuild):
        return [node.name, flags, [answer(node.inner)[:3]], *_heredocs(node)]
    return [node.name, flags, arguments(node), *_heredocs(node)]


def _heredocs(node: Instruction) -> list[Any]:
    # BuildKit strips the tabs of `<<-` later: so does the comparison.
    found = [[doc.name, doc.fd, doc.expand, doc.chomp, doc.body.text] for doc in node.heredocs]
    return [found] if found else []


def arguments(node: Instruction) -> list[str]:
    """Return the arguments of an instruction that is no error."""
    rest = node.rest.text
    if isinstance(node, Healthcheck):
        kind, *command = re.split(r"[\t\v\f\r ]+", rest, maxsplit=1)
        if node.disabled:
            return [kind]
        return [kind, *(node.exec_form.values if node.exec_form else command)]
    if isinstance(node, Arg):
        return [pair.key.text + ("" if pair.value is None else f"={pair.value.text}") for pair in node.pairs]
    if isinstance(node, PairsInstruction):
        return [
            text
            for pair in node.pairs
            for text in (pair.key.text, pair.value.text if pair.value else "", "" if node.legacy else "=")
        ]
    if isinstance(node, FileInstruction):
        return [word.text for word in (*node.sources, node.destination)]
    if isinstance(node, From):
        as_word = re.split(r"[\t\v\f\r ]+", rest)[1:2] if node.alias else []
        return [node.image.text, *as_word, *([node.alias.text] if node.alias else [])]
    exec_form = getattr(node, "exec_form", None)
    if exec_form is not None:
        return list(exec_form.values)
    if isinstance(node, WordsInstruction):
        return [word.text for word in node.words]
    return [rest] if rest else []


def same(node: Instruction, theirs: list[Any]) -> bool:
    """Tell whether a node and BuildKit's parse of the instruction say the same."""
    name, flags, args, *heredocs = theirs
    stripped = [
        [[*doc[:4], re.sub(r"(?m)^\t+", "", doc[4]) if doc[3] else doc[4]] for doc in docs]
        for docs in heredocs
    ]
    if isinstance(node, Error):  # what BuildKit's parser takes and its instruction parser does not
        return [node.name, *_heredocs(node)] == [name, *stripped]
    if isinstance(node, Onbuild) and isinstance(node.inner, Error):
        return [node.name, node.inner.name, *_heredocs(node)] == [name, args[0][0], *stripped]
    return answer(node) == [name, flags, args, *stripped]
