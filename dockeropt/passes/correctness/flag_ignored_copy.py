"""Report a COPY or ADD of files that the build context does not hold.

A source that .dockerignore leaves out, or that is not there at all, makes the build fail with
"not found", which says nothing of the rule that is to blame. A pattern that matches nothing is worse:
BuildKit copies nothing and says nothing.

Before:
    FROM alpine:3.20
    COPY config.json /etc/app/

Safety:
    A suggestion: nothing is changed, because only the author knows whether the COPY or the rule is
    wrong. Silent where the build context is not known.

References:
    - https://docs.docker.com/reference/build-checks/copy-ignored-file/
    - https://docs.docker.com/build/concepts/context/#dockerignore-files
"""

from collections.abc import Iterator

from dockeropt.project.context import BuildContext
from dockeropt.project.sources import ignored, matches, named_by, split
from dockeropt.rewrite import Applicability, Category, Context, Finding, Phase, rewrite
from dockeropt.rewrite.localsources import local_sources


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.STYLE,
    aliases=("CopyIgnoredFile",),
    wants=("copy", "add"),
    level=Applicability.SUGGESTION,
)
def flag_ignored_copy(ctx: Context) -> Iterator[Finding]:
    """Point at sources that the build will not find."""
    build = ctx.build
    if not build.known or not build.complete:
        return
    for source in local_sources(ctx.model):
        text = source.text
        if text is None or any(flag.name == "parents" for flag in source.node.flags):
            continue
        message = _reason(build, text)
        if message is not None:
            yield Finding(message, source.word.span)


def _reason(build: BuildContext, text: str) -> str | None:
    """Return why nothing is found, ``None`` if something is."""
    if matches(build, text):
        return None
    path, rest = split(text)
    for entry in named_by(build, text):
        rule = ignored(build, entry.path)
        if rule is not None:
            what = "and everything it matches is" if rest else "and is"
            return (
                f"{text} is copied, {what} left out of the build context by"
                f" {rule.text!r} in line {rule.line} of {build.ignore_name}"
            )
    if rest and (not path or matches(build, path)):
        return f"{text} matches nothing in the build context, so nothing is copied"
    if not rest and "\\" in text:
        return None
    return f"{text} is not in the build context, so the build fails"
