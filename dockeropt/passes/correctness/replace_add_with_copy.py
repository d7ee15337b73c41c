"""Copy local files with COPY instead of ADD.

ADD does more than it says: it downloads addresses, clones repositories and unpacks a local
tar archive wherever it meets one. Where none of that is meant, COPY does the same and tells
the reader so; Docker's own guide recommends it for everything that is only copied.

Before:
    FROM python:3.12-slim
    ADD requirements.txt setup.cfg /app/
    ADD https://example.org/data.csv /data/
    ADD vendor.tar.gz /opt/

After:
    FROM python:3.12-slim
    COPY requirements.txt setup.cfg /app/
    ADD https://example.org/data.csv /data/
    ADD vendor.tar.gz /opt/

Safety:
    Safe when every source is local and its name says what it is: a directory, a here-document,
    or a file whose extension is that of no archive (``.sh``, ``.json``, ``Gemfile``, …). ADD
    goes by a file's content, so a name that says nothing (``ADD run /etc/service/run``) makes
    the fix unsafe, unless the build context shows what the file is. Addresses, repositories, archives, patterns that may match an archive, names
    that begin with a variable, and options that COPY does not have are left alone.

References:
    - https://docs.docker.com/build/building/best-practices/#add-or-copy
    - https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives
"""

from collections.abc import Iterator

from dockeropt.knowledge.filenames import Kind, kind_of
from dockeropt.project.archives import only_copied
from dockeropt.project.context import BuildContext
from dockeropt.rewrite import Applicability, Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.syntax.nodes import Add, Onbuild
from dockeropt.text import Edit, Span

COMMON_FLAGS = frozenset({"chown", "chmod", "link", "exclude"})
"""Options that COPY takes as well, with the same meaning."""


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.REPAIR,
    aliases=("DL3020", "DD007", "addUsedInsteadOfCopy"),
    wants=("add",),
)
def replace_add_with_copy(ctx: Context) -> Iterator[Finding]:
    """Turn an ADD that only copies into a COPY."""
    for outer in ctx.tree.instructions:
        node = outer.inner if isinstance(outer, Onbuild) else outer
        if not isinstance(node, Add) or any(flag.name not in COMMON_FLAGS for flag in node.flags):
            continue
        sources = [_unquoted(word.text) for word in node.sources]
        seen = [_seen(ctx.build, source) for source in sources]
        levels = [
            _level(source) if look is None else Applicability.SAFE if look else Applicability.SUGGESTION
            for source, look in zip(sources, seen, strict=True)
        ]
        level = min(levels)
        if level is Applicability.SUGGESTION:
            continue
        written = node.keyword.of(ctx.source.text)
        after = ctx.source.text[node.keyword.end : node.keyword.end + 2]
        # One blank of several goes, so that what was aligned stays aligned.
        span = Span(node.keyword.start, node.keyword.end + 1) if after == "  " else node.keyword
        edit = Edit(span, "copy" if written.islower() else "COPY")
        effects = {Effect.CONFIG} if outer is not node else {Effect.LAYERS}
        if level is Applicability.SAFE:
            names = ", ".join(dict.fromkeys(sources))
            claim = (
                f"{names}: local, and no tar archive by {'its name' if len(sources) == 1 else 'their names'}"
            )
            because = Evidence(claim, "Dockerfile reference, ADD")
            if True in seen:
                because = Evidence(f"{names}: local, and no tar archive by content", "the build context")
            fix = ctx.safe("Use COPY", edit, because, effects)
            message = "ADD is used for files that are only copied"
        else:
            unclear = ", ".join(
                dict.fromkeys(s for s, one in zip(sources, levels, strict=True) if one is level)
            )
            message = f"ADD is used where COPY would do unless {unclear} is a tar archive"
            fix = ctx.unsafe("Use COPY", edit, effects={*effects, Effect.FILES})
        yield Finding(message, node.keyword, fix)


def _seen(build: BuildContext, source: str) -> bool | None:
    """Tell whether the build context shows that ADD only copies ``source``; ``None`` if it shows nothing."""
    if not build.known or "$" in source or "://" in source or source.startswith(("<<", "git@")):
        return None
    return only_copied(build, source)


def _level(source: str) -> Applicability:
    """Return how sure it is that ADD only copies ``source``; SUGGESTION means leave it alone."""
    if source.startswith("<<"):
        return Applicability.SAFE
    if "://" in source or source.startswith("git@") or source.endswith(".git"):
        return Applicability.SUGGESTION
    start, dollar, _ = source.partition("$")
    if dollar and "/" not in start:
        return Applicability.SUGGESTION  # the value may be an address
    kind = kind_of(source)
    pattern = any(char in source.rpartition("/")[2] for char in "*?[")
    if kind is Kind.ARCHIVE or (kind is Kind.UNKNOWN and pattern):
        return Applicability.SUGGESTION
    if kind is Kind.UNKNOWN or (dollar and kind is Kind.DIRECTORY):
        return Applicability.UNSAFE
    return Applicability.SAFE


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text
