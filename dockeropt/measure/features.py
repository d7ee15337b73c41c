"""What a Dockerfile uses, against what an engine of some version can build, before anything is built.

Invariant: only what was measured is held against an engine. A version newer than all that were
measured counts as the newest of them, an older one as the oldest.

Measured on 23 November 2026 with one small Dockerfile per feature: Docker (BuildKit) 20.10.24,
26.1.5 and 28.5.2, buildah 1.28.2 and 1.39.3; podman builds with the buildah inside it.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockeropt.syntax.nodes import Dockerfile, Instruction

HEREDOC_RUN = "RUN with a heredoc"
HEREDOC_FILE = "COPY or ADD with a heredoc"
CHMOD_WORDS = "--chmod with letters instead of a number"
LINK = "--link"
EXCLUDE = "--exclude"
PARENTS = "COPY --parents"
RUN_NETWORK = "RUN --network"
RUN_SECURITY = "RUN --security"
PATTERN = "${variable#pattern}"

_OLD = frozenset(
    {
        HEREDOC_RUN, HEREDOC_FILE, CHMOD_WORDS, LINK, EXCLUDE, PARENTS, RUN_NETWORK, RUN_SECURITY, PATTERN,
    }
)  # fmt: skip
_NEW = frozenset({PARENTS, RUN_SECURITY})
MISSING: dict[str, tuple[tuple[tuple[int, int], frozenset[str]], ...]] = {
    "docker": (
        ((20, 10), _OLD),
        ((26, 1), _NEW | {CHMOD_WORDS, EXCLUDE}),
        ((28, 5), _NEW),
    ),
    "buildah": (
        ((1, 28), _OLD),
        ((1, 39), _NEW | {CHMOD_WORDS, LINK}),
    ),
}
"""By engine: from which version on which features are missing, the oldest version first."""
_BRACED = re.compile(r"(?<!\\)\$\{\w+(?:##?|%%?|//?)")


def lacking(dockerfile: str, engine: str, version: str, *, called: str = "") -> tuple[str, ...]:
    """Return what a Dockerfile uses and an engine cannot build, as sentences without a full stop.

    Args:
        dockerfile: The text.
        engine: ``docker`` or ``buildah``.
        version: Of the engine; ``""`` when it is not known and counts as the newest.
        called: What messages call the engine; its name and version when it is ``""``.

    >>> lacking("FROM a\\nCOPY --link b /b\\n", "buildah", "1.28.2")
    ('line 2: --link, which buildah 1.28.2 cannot build',)
    """
    from dockeropt.syntax import parse

    missing = _missing(engine, version)
    called = called or f"{engine} {version}".strip()
    tree = parse(dockerfile)
    found: dict[str, None] = {}
    for instruction in tree.instructions:
        for feature in _used(instruction):
            if feature in missing:
                line = tree.source.position(instruction.keyword.start).line
                found[f"line {line}: {feature}, which {called} cannot build"] = None
    return (*found, *_no_frontend(tree, called, engine))


def _missing(engine: str, version: str) -> frozenset[str]:
    table = MISSING[engine]
    numbers = re.match(r"v?(\d+)\.(\d+)", version)
    if numbers is None:
        return table[-1][1]
    mine = int(numbers[1]), int(numbers[2])
    found = table[0][1]
    for since, missing in table:
        if mine >= since:
            found = missing
    return found


def _used(instruction: "Instruction") -> Iterator[str]:
    name = instruction.name
    if instruction.heredocs:
        yield HEREDOC_RUN if name == "RUN" else HEREDOC_FILE
    for flag in instruction.flags:
        value = flag.unquoted or ""
        if flag.name == "link" and value.lower() not in {"false", "0", "f"}:
            yield LINK
        elif flag.name == "exclude":
            yield EXCLUDE
        elif flag.name == "parents" and value.lower() not in {"false", "0", "f"}:
            yield PARENTS
        elif flag.name == "chmod" and value and "$" not in value and not value.isdigit():
            yield CHMOD_WORDS
        elif name == "RUN" and flag.name == "network":
            yield RUN_NETWORK
        elif name == "RUN" and flag.name == "security":
            yield RUN_SECURITY
    # The shell expands what stands in RUN, CMD and the like, and knows these patterns.
    if name in {"ENV", "ARG", "LABEL", "WORKDIR", "COPY", "ADD", "USER", "EXPOSE", "VOLUME", "FROM"} and (
        _BRACED.search(instruction.rest.text)
    ):
        yield PATTERN


def _no_frontend(tree: "Dockerfile", called: str, engine: str) -> tuple[str, ...]:
    """Return what is asked of another frontend: buildah has none, so it ignores the line."""
    from dockeropt.syntax.nodes import Directive

    for node in tree.body:
        if isinstance(node, Directive) and node.name == "syntax" and engine == "buildah":
            value = node.value.lower()
            if "docker/dockerfile" not in value:
                line = tree.source.position(node.span.start).line
                return (f"line {line}: the frontend {node.value}, which {called} cannot build",)
    return ()
