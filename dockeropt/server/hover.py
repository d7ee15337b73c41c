"""What an editor shows when the pointer rests on a finding: why, how sure, and the page of the pass.

Invariant: the words of the pages are those of ``dockeropt explain``; nothing is written for here.
"""

import re
from functools import cache

from dockeropt.render.passpage import page
from dockeropt.rewrite.fix import Applicability, Finding, Fix
from dockeropt.rewrite.registry import load_registry
from dockeropt.server.look import Found
from dockeropt.text import Source, Span

_LEVELS = {
    Applicability.SAFE: "safe",
    Applicability.UNSAFE: "unsafe",
    Applicability.SUGGESTION: "suggestion, never applied",
}


def hover_at(found: Found, offset: int) -> tuple[str, Span] | None:
    """Return Markdown for a place, and what it is about; ``None`` where there is nothing to say.

    Args:
        found: What was found.
        offset: The place.
    """
    here = [left.finding for left in found.result.leftover if _covers(left.finding.at, offset)]
    if not here:
        return _name_at(found.text, offset)
    parts = [_about(finding) for finding in here]
    names = list(dict.fromkeys([finding.pass_id for finding in here]))
    pages = [_page(name) for name in names[:1] if name in load_registry().passes]
    parts += ["\n---\n".join(["", *pages])] if pages else []
    parts += [f"`dockeropt explain {name}` tells more." for name in names[1:]]
    narrow = min(here, key=lambda finding: finding.at.end - finding.at.start)
    return "\n\n".join(parts), narrow.at


def _covers(at: Span, offset: int) -> bool:
    return at.start <= offset < at.end or at.start == offset


def _about(finding: Finding) -> str:
    parts = [f"**{finding.pass_id}**: {_escaped(finding.message)}"]
    if finding.fix is not None:
        parts += [_fix(finding.fix)]
    return "\n\n".join(parts)


def _fix(fix: Fix) -> str:
    effects = ", ".join(sorted(effect.value for effect in fix.effects)) or "nothing of the image"
    lines = [f"Fix ({_LEVELS[fix.applicability]}): {_escaped(fix.title)}. It concerns {effects}."]
    lines += [f"Changes {_escaped(change.path)} too." for change in fix.files]
    text = "\n\n".join(lines)
    if fix.because:
        text += "\n\nBecause:\n\n" + "\n".join(f"* {_escaped(str(why))}" for why in fix.because)
    return text


def _name_at(text: str, offset: int) -> tuple[str, Span] | None:
    """Return the page of the pass whose name stands in a comment that keeps passes away."""
    source = Source(text)
    start, end = source.line_span(source.position(offset).line)
    if not _pragma().match(text, start, end):
        return None
    for match in _word().finditer(text, start, end):
        if match.start() <= offset <= match.end():
            name = match.group()
            if name in load_registry().passes:
                return _page(name), Span(*match.span())
    return None


def _escaped(text: str) -> str:
    """Return text with what Markdown would take for markup, or HTML, made harmless."""
    return _markup().sub(r"\\\g<0>", text)


@cache
def _page(name: str) -> str:
    return page(load_registry().passes[name])


@cache
def _markup() -> re.Pattern[str]:
    return re.compile(r"[\\`*_{}\[\]<>#|~!]")


@cache
def _pragma() -> re.Pattern[str]:
    return re.compile(r"[ \t\ufeff]*#[ \t]*dockeropt[ \t]*:", re.IGNORECASE)


@cache
def _word() -> re.Pattern[str]:
    return re.compile(r"[a-z][\w-]+")
