"""What COPY, ADD and bind mounts take from the build context, and what commands say.

Invariant: a source whose value is only known at build time is ``None``, never a guess.
"""

from collections.abc import Iterator
from typing import NamedTuple

from dockeropt.model import Model
from dockeropt.syntax.nodes import Add, FileInstruction, Onbuild, Word


class LocalSource(NamedTuple):
    """A source of COPY or ADD that lies in the build context.

    Args:
        node: The instruction.
        word: The source as written.
        text: The same with variables replaced, ``None`` when their values are not known.
    """

    node: FileInstruction
    word: Word
    text: str | None


def local_sources(model: Model) -> Iterator[LocalSource]:
    """Yield the sources that this build takes from its own context, in the order of the file.

    Instructions in ONBUILD are left out: they copy from another context.
    """
    for outer in model.tree.instructions:
        if isinstance(outer, Onbuild) or not isinstance(outer, FileInstruction):
            continue
        if any(flag.name == "from" for flag in outer.flags):
            continue
        for word in outer.sources:
            if word.text.startswith("<<") or is_remote(word.text):
                continue
            text = model.state_before(outer).expand(word.text)
            if text is not None and isinstance(outer, Add) and is_remote(text):
                continue
            yield LocalSource(outer, word, text or None)


def bind_sources(model: Model) -> Iterator[str | None]:
    """Yield the sources of bind mounts of the build context; ``""`` and ``.`` are the whole of it."""
    for run in model.runs:
        for mount in run.mounts:
            if mount.type in ("bind", None) and mount.from_ is None:
                named = any(key in ("source", "src") for key, _ in mount.options)
                yield mount.source if named else "."


def is_remote(text: str) -> bool:
    """Tell whether ADD downloads the source."""
    return "://" in text or text.startswith("git@") or text.endswith(".git")


def spoken(model: Model) -> str:
    """Return all that commands and arrays of the file say, one after another, comments left out."""
    parts: list[str] = []
    for run in (*model.runs, *model.commands):
        if run.script is not None:
            parts.append(run.script.text)
        elif run.node.exec_form is not None:
            parts.append(" ".join(run.node.exec_form.values))
        else:
            parts.extend(doc.body.text for doc in run.node.heredocs)
    return "\n".join(parts)
