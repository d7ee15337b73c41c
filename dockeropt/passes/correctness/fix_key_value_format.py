r"""Write ENV and LABEL as key=value.

``ENV key value`` is a leftover from the first versions of Docker. It takes one variable a
line, and the whole rest of the line, blanks and all, is the value, which surprises whoever
meant two variables or a comment. BuildKit warns about it.

Before:
    FROM node:22-slim
    ENV NODE_ENV production
    ENV JAVA_OPTS -Xmx512m -Dgreeting="good morning" \
        -Dport=8080
    LABEL maintainer Jane Doe <jane@example.org>

After:
    FROM node:22-slim
    ENV NODE_ENV=production
    ENV JAVA_OPTS="-Xmx512m -Dgreeting=good morning \
        -Dport=8080"
    LABEL maintainer="Jane Doe <jane@example.org>"

Safety:
    Safe. The value is the same for whatever variables are in force: it is kept as it is where it
    has no blanks outside quotes, and else put in double quotes, with its own quotes and escapes
    written so that BuildKit reads the same characters. Where that cannot be shown, the
    instruction is left alone. ``ENV key = value`` sets the key to ``= value``, which is hardly
    what was meant: removing the blanks is unsafe.

References:
    - https://docs.docker.com/reference/build-checks/legacy-key-value-format/
    - https://docs.docker.com/reference/dockerfile/#env
"""

import re
from collections.abc import Iterator

from dockeropt.model.expand import ExpansionError, expand
from dockeropt.rewrite import Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.syntax.nodes import Env, KeyValue, Label, Onbuild, PairsInstruction
from dockeropt.text import Edit, Span

PLAIN_KEY = re.compile(r"[\w.$/{}-]+")
MAX_VALUE = 131_072
"""Characters of the longest value that is looked at: a longer one cannot be passed to a program."""

PROOF = Evidence(
    "the value stays the same for every environment", "BuildKit parseNameVal and Lex.ProcessWord"
)


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.REPAIR,
    aliases=("LegacyKeyValueFormat",),
    wants=("env", "label"),
)
def fix_key_value_format(ctx: Context) -> Iterator[Finding]:
    """Rewrite the form with a blank as the form with an equals sign."""
    for outer in ctx.tree.instructions:
        node = outer.inner if isinstance(outer, Onbuild) else outer
        if not isinstance(node, (Env, Label)) or not node.legacy:
            continue
        pair = node.pairs[0]
        assert pair.value is not None
        name = pair.key.text
        effects = {Effect.CONFIG} if outer is not node else set()
        if pair.value.text.startswith("="):
            changed = effects | {Effect.ENV if isinstance(node, Env) else Effect.LABELS}
            meant = _without_blanks(ctx, node, pair)
            yield Finding(
                f"the value of {name} begins with the equals sign: {pair.value.text}",
                pair.span,
                ctx.unsafe("Remove the blanks around the equals sign", meant, effects=changed)
                if meant
                else None,
            )
            continue
        edits = _edits(ctx, node, pair)
        if edits is not None:
            yield Finding(
                f"{node.name} {name} uses the old form with a blank",
                node.keyword,
                ctx.safe("Write key=value", edits, PROOF, effects),
            )


def _edits(ctx: Context, node: PairsInstruction, pair: KeyValue) -> list[Edit] | None:
    """Return edits that keep the line breaks of the value; ``None`` when nothing can be shown."""
    assert pair.value is not None
    text, where = pair.value.text, pair.value.map
    gap = _gap(node, pair)
    if gap is None or len(text) > MAX_VALUE:
        return None
    escape = ctx.tree.escape
    if _one_word(text, escape):
        return [Edit(gap, "=")]
    quoted = requote(text, escape)
    if quoted is None or not same_value(text, f'"{"".join(quoted)}"', escape):
        return None
    edits = [Edit(gap, '="')]
    edits += [
        Edit(where.span(i, i + 1), new)
        for i, (old, new) in enumerate(zip(text, quoted, strict=True))
        if old != new
    ]
    return [*edits, Edit.insert(where.end(len(text)), '"')]


def _without_blanks(ctx: Context, node: PairsInstruction, pair: KeyValue) -> list[Edit] | None:
    """Return the edit that makes ``key = value`` what it was meant to be."""
    assert pair.value is not None
    gap, text, where = _gap(node, pair), pair.value.text, pair.value.map
    value = text[1:].lstrip()
    at = len(text) - len(value)
    if (
        gap is None
        or not value
        or not _one_word(value, ctx.tree.escape)
        or not where.is_contiguous(0, at + 1)
    ):
        return None
    return [Edit(Span(gap.start, where.offset(at)), "=")]


def _gap(node: PairsInstruction, pair: KeyValue) -> Span | None:
    """Return what stands between key and value; ``None`` if a comment does, or the key is odd."""
    assert pair.value is not None
    gap = Span(pair.key.span.end, pair.value.span.start)
    if not PLAIN_KEY.fullmatch(pair.key.text) or any(gap.contains(c.span) for c in node.comments):
        return None
    return gap


def requote(text: str, escape: str) -> list[str] | None:
    """Return what each character of a value becomes inside double quotes, its own quotes gone.

    ``None`` when quotes or escapes inside ``${…}`` are in the way, or a quotation does not end.
    """
    special = ('"', "$", escape)
    result: list[str] = []
    quote, braces, at = "", 0, 0
    while at < len(text):
        char = text[at]
        following = text[at + 1 : at + 2]
        if braces and (char in "'\"" or char == escape):
            return None
        if char == quote or (not quote and char in "'\""):
            quote = "" if quote else char
            result.append("")
        elif quote == "'":
            result.append(escape + char if char in special else char)
        elif char == escape:
            if not following:
                return None
            keep = bool(quote) or following in special
            result += [escape if keep else "", following]
            at += 1
        else:
            if char == "$" and following == "{":
                braces += 1
            elif char == "}" and braces:
                braces -= 1
            result.append(char)
        at += 1
    return result if not quote else None


def same_value(old: str, new: str, escape: str) -> bool:
    """Tell whether BuildKit reads the same value in both, whatever the variables hold.

    Tried with every name in the text unset, empty, and set to something that needs quotes.
    """
    names = set(re.findall(r"\w+", old)) | set(re.findall(r"\w+", new))
    held = {name: f"{number} \"'${escape}" for number, name in enumerate(sorted(names))}
    try:
        return _one_word(new, escape) and all(
            expand(old, env, escape) == expand(new, env, escape)
            for env in ({}, dict.fromkeys(names, ""), held)
        )
    except ExpansionError:
        return False


def _one_word(text: str, escape: str) -> bool:
    """Tell whether BuildKit takes ``text`` for one word: no blank outside quotes (``parseWords``)."""
    if not any(char in text for char in ('"', "'", escape)):
        return len(text.split(None, 1)) == 1
    quote, at = "", 0
    while at < len(text):
        char = text[at]
        if char == escape and quote != "'":
            at += 1
        elif quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char.isspace():
            return False
        at += 1
    return not quote
