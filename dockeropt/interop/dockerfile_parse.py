"""Talk to ``dockerfile-parse``: as a second observer of our changes, and for its users.

Invariant: it may object only where it is known to read a file as BuildKit does. Where it is
known not to (``dockerfile_gaps.py``), or raises, or already disagreed
with us about the input, it has nothing to say. It never gets a path, so it never touches
the disk. It is imported only when a change is to be checked: it costs more than a run.
"""

import re
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from dockeropt.interop.dockerfile_gaps import DIRECTIVE, DOUBTFUL, LINES
from dockeropt.rewrite.fix import Effect
from dockeropt.syntax.nodes import Arg, Comment, Directive, Dockerfile, Env, Instruction
from dockeropt.text import Source

if TYPE_CHECKING:
    from dockerfile_parse import DockerfileParser

COMMENT_LINES = r"^[ \t]*\#[^\n]*(?:\n|\Z)"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.MULTILINE | re.IGNORECASE)


def abstains(text: str) -> str | None:
    """Return why ``dockerfile-parse`` cannot judge ``text``, or ``None`` when it can."""
    if _compiled(DIRECTIVE.pattern).match(text):
        return DIRECTIVE.what
    bare = _compiled(COMMENT_LINES).sub("", text) if "#" in text else text
    for gap in LINES:
        if _compiled(gap.pattern).search(bare):
            return gap.what
    return None


# --- the second observer ---------------------------------------------------------------

MAX_GROWTH = 100_000
"""How many times the variables of a file may multiply; each ``ENV B=$A$A`` doubles."""


def may_explode(tree: Dockerfile) -> bool:
    """Tell whether variables that hold variables could grow past any memory.

    ``dockerfile-parse`` expands all of them, without a limit.
    """
    growth = 1
    for node in tree.body:
        if isinstance(node, Env | Arg):
            for pair in node.pairs:
                growth *= max(1, pair.value.text.count("$") if pair.value is not None else 1)
                if growth > MAX_GROWTH:
                    return True
    return False


def agrees(before: Dockerfile, after: Dockerfile, effects: frozenset[Effect]) -> str | None:
    """Return why ``dockerfile-parse`` does not accept a change, or ``None``.

    If both parsers see the same instructions in the same lines of ``before``, they must do
    so in ``after``; and images, variables, labels, command, entry point and user must be what
    they were, except for what ``effects`` declare. It accepts whatever it cannot judge.
    """
    if abstains(before.source.text) or abstains(after.source.text) or may_explode(before):
        return None
    try:
        old, new = _parse(before.source), _parse(after.source)
        if _lines_of(old) == our_lines(before) and _lines_of(new) != our_lines(after):
            return "dockerfile-parse sees other instructions in the result"
        differences = _differences(old, new, effects)
    except Exception:  # noqa: BLE001 - it raises ValueError, AssertionError, UnicodeError, …
        return None
    if differences:
        return f"dockerfile-parse sees another value for {differences[0]}, which the fix does not declare"
    return None


def _differences(old: Any, new: Any, effects: frozenset[Effect]) -> list[str]:
    found = [
        name
        for name, effect, instruction in (
            ("the command", Effect.CMD, "CMD"),
            ("the entry point", Effect.ENTRYPOINT, "ENTRYPOINT"),
            ("the user", Effect.USER, "USER"),
        )
        if effect not in effects and _last(old.structure, instruction) != _last(new.structure, instruction)
    ]
    # PERF: its word splitter is slow, and most changes touch none of the lines it would read.
    before, after = _words(old.structure), _words(new.structure)
    if before != after and not any(_compiled(DOUBTFUL).search(v) for _, v in set(before) ^ set(after)):
        found += [
            name
            for name, effect, value in (
                ("the base images", Effect.BASE, _images),
                ("the variables", Effect.ENV, lambda parser: parser.envs),
                ("the labels", Effect.LABELS, lambda parser: parser.labels),
            )
            if effect not in effects and value(old) != value(new)
        ]
    return found


def _words(entries: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return all that images, variables and labels depend on."""
    return [
        (entry["instruction"], entry["value"])
        for entry in entries
        if entry["instruction"] in ("FROM", "ARG", "ENV", "LABEL")
    ]


@cache
def _parser_class() -> Any:
    from dockerfile_parse import DockerfileParser

    class Observer(DockerfileParser):  # type: ignore[misc]
        """PERF: every property of its base class computes the structure anew."""

        _known: list[dict[str, Any]] | None = None

        @property
        def structure(self) -> list[dict[str, Any]]:
            if self._known is None:
                self._known = super().structure
            return self._known

    return Observer


def _parse(source: Source) -> Any:
    return _parser_class()(fileobj=BytesIO(source.encode()))


def _lines_of(parser: Any) -> list[tuple[str, int, int]]:
    return [
        (entry["instruction"], entry["startline"], entry["endline"])
        for entry in parser.structure
        if entry["instruction"] != "COMMENT"
    ]


def _images(parser: Any) -> list[str]:
    """Return the images that stages are built on; a stage by whatever name is no image."""
    names: set[str] = set()
    found: list[str] = []
    stages = [e["value"] for e in parser.structure if e["instruction"] == "FROM"]
    for image, value in zip(parser.parent_images, stages, strict=True):
        if image.lower() not in names:
            found.append(image)
        alias = re.search(r"\sas\s+(\S+)\s*$", value, re.IGNORECASE)
        if alias:
            names.add(alias[1].lower())
    return found


def _last(entries: list[dict[str, Any]], instruction: str) -> str | None:
    """Return the value in force at the end of the last stage, blanks made single."""
    value: str | None = None
    for entry in entries:
        if entry["instruction"] == "FROM":
            value = None
        elif entry["instruction"] == instruction:
            value = " ".join(entry["value"].split())
    return value


def our_lines(tree: Dockerfile) -> list[tuple[str, int, int]]:
    """Return ``(name, first line, last line)`` of each instruction as we read it, from line 0."""
    return [_lines(tree.source, node) for node in tree.instructions]


def _lines(source: Source, node: Instruction) -> tuple[str, int, int]:
    first = source.position(node.keyword.start).line - 1
    last = source.position(max(node.span.start, node.span.end - 1)).line - 1
    return node.name, first, last


# --- for its users ---------------------------------------------------------------------


def structure(tree: Dockerfile) -> list[dict[str, Any]]:
    """Return the tree in the shape of ``DockerfileParser.structure``.

    A list of dictionaries with ``instruction``, ``startline``, ``endline`` (from 0),
    ``content`` and ``value``, comments as the instruction ``COMMENT``, those inside an
    instruction in front of it. Heredocs, unlike there, belong to their instruction: ``value``
    then ends with the lines of the heredocs, terminators included.
    """
    source = tree.source
    entries: list[dict[str, Any]] = []
    for node in tree.body:
        if isinstance(node, (Comment, Directive)):
            entries.append(_comment(source, node))
        elif isinstance(node, Instruction):
            entries += [_comment(source, comment) for comment in node.comments]
            name, first, last = _lines(source, node)
            entries.append(
                {
                    "instruction": name,
                    "startline": first,
                    "endline": last,
                    "content": _without_comments(source.text, node),
                    "value": _value(source.text, node),
                }
            )
    return entries


def _comment(source: Source, node: Comment | Directive) -> dict[str, Any]:
    line = source.position(node.span.start).line - 1
    content = node.span.of(source.text)
    return {
        "instruction": "COMMENT",
        "startline": line,
        "endline": line,
        "content": content,
        "value": content.strip("\r\n").lstrip(" \t\ufeff").removeprefix("#").lstrip(),
    }


def _without_comments(text: str, node: Instruction) -> str:
    pieces: list[str] = []
    at = node.span.start
    for comment in node.comments:
        pieces.append(text[at : comment.span.start])
        at = comment.span.end
    pieces.append(text[at : node.span.end])
    return "".join(pieces)


def _value(text: str, node: Instruction) -> str:
    value = node.logical.text.strip()[len(node.name) :].strip()
    return "\n".join([value, *(doc.span.of(text).rstrip("\r\n") for doc in node.heredocs)])


def to_parser(tree: Dockerfile, **options: Any) -> "DockerfileParser":
    """Return a ``DockerfileParser`` over the text of ``tree``, kept in memory.

    Args:
        tree: The file.
        options: Further arguments of ``DockerfileParser``, such as ``build_args``.
    """
    from dockerfile_parse import DockerfileParser

    return DockerfileParser(fileobj=BytesIO(tree.source.encode()), **options)


def from_parser(parser: "DockerfileParser") -> Dockerfile:
    """Return the tree of what a ``DockerfileParser`` holds."""
    from dockeropt.syntax import parse

    return parse(Source(parser.content))
