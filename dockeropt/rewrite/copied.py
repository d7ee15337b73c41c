"""Which files of the build context lie where in a stage.

Invariant: only what COPY and ADD bring from a known, complete context, ignore rules respected. What
comes from elsewhere (other stages and images, addresses, archives) is named in ``unknown``.
"""

from collections.abc import Iterable
from posixpath import basename, join, normpath
from typing import NamedTuple

from dockeropt.model.model import Model
from dockeropt.model.stages import Stage
from dockeropt.project.context import BuildContext, Entry
from dockeropt.project.patterns import MalformedPattern, matcher
from dockeropt.syntax.nodes import Add, FileInstruction

STATIC = ("ghcr.io/astral-sh/uv", "astral/uv")
"""Images whose programs are linked statically: copied from there they need nothing of the base."""

_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".tar.zst")


class Copied(NamedTuple):
    """Hold what lies in a stage.

    Args:
        files: Entry in the context of each path in the image.
        texts: Texts of here-documents, by path in the image.
        unknown: What else is brought in, as clauses that begin with "what".
    """

    files: dict[str, Entry]
    texts: dict[str, str]
    unknown: tuple[str, ...]

    def source(self, path: str) -> Entry | None:
        """Return what of the context lies at a path of the image."""
        return self.files.get(normpath(path))


def copied_into(model: Model, build: BuildContext, stages: Iterable[Stage]) -> Copied:
    """Return what COPY and ADD put into a chain of stages.

    Args:
        model: The file.
        build: The build context; nothing is found in an unknown one.
        stages: The stage and those it is built on, the first one first.
    """
    files: dict[str, Entry] = {}
    texts: dict[str, str] = {}
    unknown: list[str] = []
    for stage in stages:
        for node in stage.instructions:
            if isinstance(node, FileInstruction):
                _read(model, build, node, files, texts, unknown)
    return Copied(files, texts, tuple(dict.fromkeys(unknown)))


def _read(
    model: Model,
    build: BuildContext,
    node: FileInstruction,
    files: dict[str, Entry],
    texts: dict[str, str],
    unknown: list[str],
) -> None:
    state = model.state_before(node)
    flag = node.flag("from")
    if flag is not None:
        name = (flag.unquoted or "").partition("@")[0]
        if name.startswith(STATIC):
            return
        unknown.append(f"what is copied from {name}")
        return
    if node.flag("exclude") is not None or node.flag("parents") is not None:
        unknown.append(f"what {node.name} with --exclude or --parents brings")
        return
    written = state.expand(node.destination.text)
    if written is None or (not written.startswith("/") and state.workdir is None):
        unknown.append(f"where {node.name} puts its files")
        return
    target = normpath(join(state.workdir or "/", written))
    into = written.endswith(("/", "/.")) or written in (".", "..") or len(node.sources) > 1
    for source in node.sources:
        text = source.text
        if text.startswith("<<"):
            docs = [word.text for word in node.sources if word.text.startswith("<<")]
            name = text.lstrip("<-").strip("\"'")
            body = node.heredocs[docs.index(text)].body.text
            if "$" in body and name == text.lstrip("<-"):
                unknown.append(f"what the variables in {text} become")
            texts[join(target, name) if into else target] = body
            continue
        expanded = state.expand(text)
        if not build.known:
            unknown.append("what the build context holds")
        elif expanded is None:
            unknown.append(f"what {text} is")
        elif "://" in expanded or expanded.startswith("git@"):
            unknown.append(f"what {expanded} holds")
        else:
            _bring(build, expanded, target, files, unknown, into=into, unpacks=isinstance(node, Add))


def _bring(
    build: BuildContext,
    source: str,
    target: str,
    files: dict[str, Entry],
    unknown: list[str],
    *,
    into: bool,
    unpacks: bool,
) -> None:
    """Add the files that one source stands for."""
    cleaned = normpath("/" + source).lstrip("/")
    if any(char in cleaned for char in "*?[\\"):
        try:
            matches = matcher(cleaned)
        except MalformedPattern:
            unknown.append(f"what {source} is")
            return
        depth = cleaned.count("/")
        found = [e for e in build.entries() if e.path.count("/") == depth and matches(e.path)]
        into = into or len(found) > 1
    elif not cleaned:
        found = [Entry("", "folder")]
    else:
        entry = build.entry(cleaned)
        found = [entry] if entry is not None else []
    if not found:
        unknown.append(f"what {source} is: it is not in the build context")
    for entry in found:
        if entry.kind == "folder":
            for inner in build.entries(entry.path):
                if inner.kind != "folder" and not build.ignore.ignores(inner.path):
                    rest = inner.path[len(entry.path) :].lstrip("/")
                    files[normpath(join(target, rest))] = inner
        elif not build.ignore.ignores(entry.path):
            if unpacks and entry.path.endswith(_ARCHIVES):
                unknown.append(f"what {entry.path} holds")
            files[normpath(join(target, basename(entry.path)) if into else target)] = entry
