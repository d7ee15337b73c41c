"""What COPY and ADD put where.

Invariant: an output covers all that the instruction may write. It is exact, one file, only
where the names say so; else it stands for a path and everything below it.

Facts, seen in builds with BuildKit 0.13 (and in its ``fsutil`` copier): ``--chown`` applies to
the files, to the directories below the destination, existing ones included, and to missing
directories that lead to it, but not to a destination directory that exists; without it, files
of the build context belong to root while ``--from`` keeps the owners of the source; WORKDIR
makes directories for the USER in force.
"""

from functools import lru_cache
from posixpath import basename, join
from typing import NamedTuple

from dockeropt.knowledge.filenames import Kind, kind_of
from dockeropt.model.paths import resolve
from dockeropt.model.state import State, clean_path
from dockeropt.syntax.nodes import FileInstruction


class Output(NamedTuple):
    """A path that an instruction writes: one file if ``exact``, else it and all below it."""

    path: str
    exact: bool


@lru_cache(maxsize=512)  # PERF: every chown and every install asks about all copies before it
def outputs(node: FileInstruction, state: State) -> tuple[Output, ...] | None:
    """Return what ``node`` writes, ``None`` if its destination is not known.

    Args:
        node: The instruction.
        state: What is in force there.
    """
    written = state.expand(node.destination.text)
    if not written:
        return None
    target = resolve(written, state.workdir)
    if target is None:
        return None
    into = written.endswith(("/", "/.")) or written in (".", "..") or len(node.sources) > 1
    found: list[Output] = []
    for source in node.sources:
        name = source.text
        heredoc = name.startswith("<<")
        if heredoc:
            name = name.lstrip("<-").strip("\"'")
        else:
            expanded = state.expand(name) if "$" not in name else None
            name = expanded if expanded is not None else name
        single = heredoc or (kind_of(name) is Kind.FILE and not any(char in name for char in "*?[$"))
        if single and into:
            found.append(Output(clean_path(join(target, basename(name))), exact=True))
        elif heredoc or (single and (basename(target) == basename(name) or kind_of(target) is Kind.FILE)):
            found.append(Output(target, exact=True))
        else:
            found.append(Output(target, exact=False))
    return tuple(dict.fromkeys(found))
