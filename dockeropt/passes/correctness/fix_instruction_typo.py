"""Repair mistyped instructions.

A letter too many, a missing blank (``COPY. /app``) or an invisible character copied from a web
page makes BuildKit refuse the whole file, and most tools with it. Nothing else can be improved
before the file can be read again.

Before:
    FORM python:3.12-slim
    WORKDIR /app
    COPY. /app
    ENTRYPOINT["python", "main.py"]

After:
    FROM python:3.12-slim
    WORKDIR /app
    COPY . /app
    ENTRYPOINT ["python", "main.py"]

Safety:
    Unsafe: what was meant is guessed. A line is changed only when one instruction is nearest to
    the unknown word and BuildKit reads the result. A line that begins like a shell command
    (``&& make``, ``apt-get install …``) probably lost the continuation above it: what is missing
    is shown, not changed. Templates (``{{ … }}``, ``<% … %>``) are left alone.

References:
    - https://docs.docker.com/reference/dockerfile/#overview
"""

from collections.abc import Iterator

from dockeropt.rewrite import Applicability, Category, Context, Finding, Phase, rewrite
from dockeropt.syntax.nodes import Blank, CommandInstruction, Comment, Error, Instruction
from dockeropt.syntax.rules import KEYWORDS, distance
from dockeropt.text import Edit, Span, apply_edits

INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060"
ODD_BLANKS = "\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
TEMPLATE_MARKS = ("{{", "{%", "<%", "@@", "#{")
OPERATORS = ("&&", "||", "|", ";", "-", "}", ")", ">", "<", "2>")
MAX_ERRORS = 20
"""Unknown instructions that may be typos; a file with more of them is something else."""

MAX_TEXT = 200_000
"""Characters of the longest file that is repaired."""

SHELL_WORDS = frozenset(
    (
        "add-apt-repository addgroup adduser apk apt apt-get apt-key autoreconf awk bash bundle bunzip2 bzip2 case cat cd"
        " chgrp chmod chown clear cmake command composer conda cp curl cut date dd debconf-set-selections"
        " dnf do docker done dpkg echo elif else end esac eval exec exit export false fi find for ftp function gem gcc"
        " git go gpg grep groupadd gunzip gzip head if install java kill ldconfig ln locale-gen ls make"
        " microdnf mkdir mv mvn node npm npx openssl passwd patch perl php pip pip2 pip3 pnpm printf ps"
        " pushd popd python python2 python3 read rm rmdir rpm rsync ruby sed service set sh sleep sort source ssh su sudo"
        " systemctl tail tar tee test then time touch true umask uname unset unzip update-ca-certificates"
        " update-rc.d useradd usermod vi virtualenv wget while xargs yarn yum zip zypper"
    ).split()
)


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.REPAIR,
    aliases=("DL3061", "unknown-instruction"),
    level=Applicability.UNSAFE,
    repairs=True,
)
def fix_instruction_typo(ctx: Context) -> Iterator[Finding]:
    """Replace unknown instructions by the one that was meant."""
    if not ctx.tree.problems or len(ctx.source.text) > MAX_TEXT:
        return
    errors = [node for node in ctx.tree.body if isinstance(node, Error) and _is_unknown(node)]
    words = [node.at.of(ctx.source.text) for node in errors]
    if len(errors) > MAX_ERRORS or any(word.startswith(TEMPLATE_MARKS) for word in words):
        return
    for node, word in zip(errors, words, strict=True):
        yield from _repaired(ctx, node, word) or _slipped(ctx, node, word)


def _is_unknown(node: Error) -> bool:
    return node.message.startswith("unknown instruction")


# --- mistyped ----------------------------------------------------------------------------


def _repaired(ctx: Context, node: Error, word: str) -> list[Finding]:
    """Return the finding with the first repair that BuildKit reads."""
    for keyword, edit in _candidates(node, word):
        if not _is_better(ctx, node, edit, keyword):
            continue
        start = ctx.source.text.rfind("\n", 0, edit.span.start) + 1
        end = ctx.source.text.find("\n", edit.span.end)
        end = end if end >= 0 else len(ctx.source.text)
        line = apply_edits(ctx.source.text[start:end], [Edit(edit.span.shift(-start), edit.text)]).strip()
        shown = line if len(line) <= 60 else line[:59] + "…"
        return [
            Finding(
                f"{_visible(word)} is no instruction, {keyword} is",
                node.at,
                ctx.unsafe(f"Write {shown}", edit),
            )
        ]
    return []


def _candidates(node: Error, word: str) -> Iterator[tuple[str, Edit]]:
    """Yield keywords with the edit that makes the word one, the likeliest first."""
    start = node.at.start
    clean = word.strip(INVISIBLE)
    if clean.upper() in KEYWORDS and clean != word:
        yield clean.upper(), Edit(node.at, clean)
        return
    for keyword in KEYWORDS:
        rest = word[len(keyword) :]
        if not rest or not word.upper().startswith(keyword):
            continue
        at = start + len(keyword)
        if rest[0] in ODD_BLANKS:
            blanks = len(rest) - len(rest.lstrip(ODD_BLANKS))
            yield keyword, Edit(Span(at, at + blanks), " ")
        elif rest in (":", "=", ";", ","):
            yield keyword, Edit.delete(Span(at, at + 1))
        elif rest[0] in ":=":
            yield keyword, Edit(Span(at, at + 1), " ")
        elif (
            rest[0] in "./[\"'$~"
            or rest.startswith("--")
            or (rest[0].isdigit() and keyword == "EXPOSE")
            or (word.startswith(keyword) and rest[0].islower())
        ):
            yield keyword, Edit.insert(at, " ")
    nearest = _nearest(clean)
    if nearest is not None:
        yield nearest, Edit(node.at, nearest.lower() if word.islower() else nearest)


def _nearest(word: str) -> str | None:
    """Return the one instruction that ``word`` is nearest to, if it is near enough."""
    upper = word.upper()
    if len(word) < 3 or not upper.isalpha() or word.lower() in SHELL_WORDS:
        return None
    ranked = sorted((distance(upper, keyword), keyword) for keyword in KEYWORDS)
    best, keyword = ranked[0]
    near = 1 if len(keyword) <= 4 or len(word) <= 4 else 2
    return keyword if best <= near and ranked[1][0] > best else None


def _is_better(ctx: Context, node: Error, edit: Edit, keyword: str) -> bool:
    """Tell whether BuildKit reads ``keyword`` at the place, and refuses less than before."""
    tree = ctx.view.of(apply_edits(ctx.source.text, [edit])).tree
    place = node.span.start
    found = next((other for other in tree.body if other.span.start == place), None)
    return (
        isinstance(found, Instruction)
        and not isinstance(found, Error)
        and keyword in (found.name, getattr(getattr(found, "inner", None), "name", ""))
        and len(tree.problems) < len(ctx.tree.problems)
        and {p.message for p in tree.problems} <= {p.message for p in ctx.tree.problems}
    )


def _visible(word: str) -> str:
    shown = "".join([char if char.isprintable() and char not in ODD_BLANKS else "␣" for char in word])
    return shown if len(shown) <= 40 else shown[:39] + "…"


# --- slipped out of the instruction above ------------------------------------------------


def _slipped(ctx: Context, node: Error, word: str) -> Iterator[Finding]:
    """Yield what is missing above or before a line that belongs to a shell script."""
    before = _above(ctx, node)
    joins = word.startswith(OPERATORS)
    if not joins and word not in SHELL_WORDS:
        return
    if isinstance(before, (CommandInstruction, Error)):
        at = before.code.end
        text = ctx.source.text
        tail = text[at : node.span.start].partition("\n")[0].rstrip("\r")
        odd = _after_escape(ctx, before.code.of(text) + tail)
        if odd:
            end = at + len(tail)
            yield Finding(
                f"an invisible character follows the {ctx.tree.escape} of the line above, which ends there",
                Span(end - odd, end),
                ctx.unsafe("Remove the invisible character", Edit.delete(Span(end - odd, end))),
            )
            return
        glue = f" {ctx.tree.escape}" if joins else f" && {ctx.tree.escape}"
        fix = None
        if not tail.strip() and "#" not in text[text.rfind("\n", 0, at) + 1 : at] and not before.heredocs:
            fix = ctx.suggestion(f"End the line above with{glue}", Edit(Span(at, at + len(tail)), glue))
        yield Finding(
            f"{_visible(word)} is no instruction: does the line above lack its continuation?", node.at, fix
        )
    elif not joins:
        fix = ctx.suggestion("Put RUN in front", Edit.insert(node.at.start, "RUN "))
        yield Finding(f"{_visible(word)} is no instruction: does it lack its RUN?", node.at, fix)


def _after_escape(ctx: Context, line: str) -> int:
    """Return how many characters hide behind an escape character at the end of ``line``."""
    bare = line.rstrip(ODD_BLANKS + INVISIBLE + " \t")
    hidden = line[len(bare) :]
    return len(hidden) if bare.endswith(ctx.tree.escape) and hidden.strip(" \t") else 0


def _above(ctx: Context, node: Error) -> Instruction | None:
    """Return the instruction directly above, only comments between."""
    for other in reversed(ctx.tree.body[: ctx.tree.body.index(node)]):
        if isinstance(other, Instruction):
            unknown = isinstance(other, Error) and not _is_unknown(other)
            return None if unknown else other
        if isinstance(other, Blank) or not isinstance(other, Comment):
            return None
    return None
