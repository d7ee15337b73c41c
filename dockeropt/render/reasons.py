"""Why a line was changed or left alone: what was found there, what was done, and what is in force.

Invariant: every place is one of the original text, whatever the passes before made of it, and
nothing that touches the line is left out: done, not done, dropped, silenced.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from dockeropt.errors import printable
from dockeropt.render.console import GLYPHS, Palette
from dockeropt.results import FixResult
from dockeropt.rewrite.fix import HARMLESS, Effect, Finding, Fix
from dockeropt.syntax.nodes import Comment, Directive, From, Instruction, Onbuild
from dockeropt.text import Source, Span

if TYPE_CHECKING:
    from dockeropt.model.model import Model
    from dockeropt.syntax.nodes import Dockerfile, Node


class Remark(NamedTuple):
    """One finding, and what became of it.

    Args:
        code: The pass.
        status: ``fixed``, or why not: see :class:`dockeropt.Leftover`; also ``suppressed`` and
            ``unselected``.
        applicability: ``safe``, ``unsafe``, ``suggestion``; ``""`` without a fix.
        message: What was found.
        title: What the fix does, or ``""``.
        because: Evidence.
        effects: What of the image the fix may change.
        why: Why it was done or not, one sentence.
        files: What the fix changes beside the Dockerfile.
        lines: The lines of the original that it points at or that its fix changes, ascending.
    """

    code: str
    status: str
    applicability: str
    message: str
    title: str
    because: tuple[str, ...]
    effects: tuple[str, ...]
    why: str
    files: tuple[str, ...]
    lines: tuple[int, ...]


class Place(NamedTuple):
    """What stands in a line, and what is in force there.

    Args:
        line: 1-based.
        text: The line without the blanks around it.
        kind: ``RUN`` and so on; ``comment``, ``directive``, ``blank`` or ``nothing``.
        first: First line of the whole instruction.
        last: Last line of it.
        stage: The build stage, ``""`` before the first.
        user: Who runs commands; ``""`` when only the base image knows.
        workdir: The directory in force; ``""`` when only the base image knows.
        shell: What runs scripts, ``""`` where there is no stage.
    """

    line: int
    text: str
    kind: str
    first: int
    last: int
    stage: str = ""
    user: str = ""
    workdir: str = ""
    shell: str = ""


# --- what was found --------------------------------------------------------------------


def remarks_of(result: FixResult, silenced: Iterable[tuple[Finding, str]]) -> list[Remark]:
    """Return everything that was found in a file: what was done, what was not, what was not asked for.

    Args:
        result: What the passes did, at the level that the user asks for.
        silenced: Findings that something kept from them, with ``suppressed`` or ``unselected``.
    """
    outcome = result.outcome
    lines = _Lines(result.original)
    found: list[Remark] = []
    for number, step in enumerate(outcome.steps):
        for fix in step.fixes:
            spans = [fix.at, *[edit.span for edit in fix.edits]]
            places = lines.of(Span(*[outcome.origin(number, at) for at in span]) for span in spans)
            made = Fix(fix.title, fix.edits, fix.applicability, fix.because, fix.effects, fix.files)
            found.append(_remark(step.pass_id, "fixed", fix.message, made, _why_done(made), places))
    dropped = {(one.pass_id, one.title): one.reason for one in outcome.rejected}
    for left in outcome.leftover:
        finding = left.finding
        spans = [finding.at, *[edit.span for edit in (finding.fix.edits if finding.fix else ())]]
        steps = len(outcome.steps)
        places = lines.of(Span(*[outcome.origin(steps, at) for at in span]) for span in spans)
        reason = dropped.get((finding.pass_id, finding.fix.title if finding.fix else ""), "")
        why = _why_not(left.reason, finding, reason)
        found.append(_remark(finding.pass_id, left.reason, finding.message, finding.fix, why, places))
    for finding, status in silenced:
        spans = [finding.at, *[edit.span for edit in (finding.fix.edits if finding.fix else ())]]
        why = _why_not(status, finding, "")
        found.append(
            _remark(finding.pass_id, status, finding.message, finding.fix, why, lines.of(iter(spans)))
        )
    found.sort(key=lambda remark: (_RANKS.get(remark.status, 1), remark.lines, remark.code))
    return found


_RANKS = {"fixed": 0, "suppressed": 2, "unselected": 3}
"""What was done comes first, what nobody asked for last."""


class _Lines:
    """Turn spans of the original into lines."""

    def __init__(self, text: str) -> None:
        self._source = Source(text)
        self._length = len(text)

    def of(self, spans: Iterator[Span]) -> tuple[int, ...]:
        found: set[int] = set()
        for start, end in spans:
            last = max(start, min(end, self._length) - 1)
            first = self._source.position(min(start, self._length)).line
            found.update(range(first, self._source.position(last).line + 1))
        return tuple(sorted(found))


def _remark(
    code: str, status: str, message: str, fix: Fix | None, why: str, lines: tuple[int, ...]
) -> Remark:
    if fix is None:
        return Remark(code, status, "", message, "", (), (), why, (), lines)
    return Remark(
        code,
        status,
        fix.applicability.word,
        message,
        fix.title,
        tuple(map(str, fix.because)),
        tuple(sorted(effect.value for effect in fix.effects)),
        why,
        tuple(change.path for change in fix.files),
        lines,
    )


def _why_done(fix: Fix) -> str:
    harm = fix.effects - HARMLESS
    if fix.applicability.word == "unsafe":
        return f"done with --unsafe: it may change {_listed(harm)}"
    if not harm:
        return "safe: only layers and caches differ"
    return f"safe: it concerns {_listed(harm)}, and there is evidence"


def _why_not(reason: str, finding: Finding, dropped: str) -> str:
    harm = finding.fix.effects - HARMLESS if finding.fix is not None else frozenset()
    said = {
        "unsafe": f"needs --unsafe, because it may change {_listed(harm)}",
        "suggestion": "only ever suggested: the file does not tell whether it is wanted",
        "none": "there is no automatic fix",
        "unfixable": "the configuration keeps it as it is (fixable, unfixable)",
        "rejected": f"made and dropped: {dropped or 'it broke an invariant'}",
        "conflict": "it had to give way to another fix; run again after that one",
        "pending": "the file is not changed as it is",
        "suppressed": "a comment in the file asks to leave this alone",
        "unselected": f"the pass is not selected: --extend-select {finding.pass_id} adds it",
    }
    return said.get(reason, reason)


def _listed(effects: Iterable[Effect]) -> str:
    names = sorted(effect.value for effect in effects)
    if not names:
        return "more than can be proven"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


# --- what is in force ------------------------------------------------------------------


def place_of(tree: "Dockerfile", model: "Model", line: int) -> Place:
    """Return what stands in a line of a Dockerfile, and what is in force there.

    Args:
        tree: The file.
        model: Its meaning.
        line: 1-based line of it.
    """
    source = tree.source
    start, end = source.line_span(line)
    text = source.text[start:end].strip()
    node = next((node for node in tree.body if node.span.start <= start < node.span.end), None)
    if node is None:
        return Place(line, text, "nothing", line, line)
    first = source.position(node.span.start).line
    last = source.position(max(node.span.start, node.span.end - 1)).line
    if not isinstance(node, Instruction):
        return Place(line, text, _kind(node), first, last)
    stage = model.stage_of(node)
    if stage is None:
        return Place(line, text, node.name, first, last)
    name = f"stage {stage.index + 1} of {len(model.stages)}"
    called = f"{stage.name}, " if stage.name else ""
    title = f"{name} ({called}FROM {stage.node.image.text})"
    if isinstance(node, From):
        return Place(line, text, node.name, first, last, title)
    state = model.state_before(node.inner if isinstance(node, Onbuild) else node)
    user = state.user or ("root" if state.is_root else "")
    shell = " ".join(state.shell)
    if state.dialect is not None and state.dialect.value not in shell:
        shell = f"{shell} ({state.dialect.value})"
    return Place(line, text, node.name, first, last, title, user, state.workdir or "", shell)


def _kind(node: "Node") -> str:
    if isinstance(node, Comment):
        return "comment"
    return "directive" if isinstance(node, Directive) else "blank"


# --- as text ---------------------------------------------------------------------------


def place_lines(place: Place, path: str, palette: Palette) -> list[str]:
    """Return the heading of a line: its text, and what is in force there."""
    lines = [palette.paint("bold", f"{printable(path)}:{place.line}: {printable(place.text)}".rstrip(": "))]
    if place.first < place.last:
        lines.append(f"    a line of {place.kind} in lines {place.first} to {place.last}")
    if place.stage:
        facts = [place.stage]
        if place.kind != "FROM":
            facts += [
                f"user {place.user or 'of the base image'}",
                f"directory {place.workdir or 'of the base image'}",
                f"shell {place.shell}",
            ]
        lines.append(printable(f"    {'; '.join(facts)}"))
    return lines


def remark_lines(remark: Remark, palette: Palette) -> list[str]:
    """Return what is to say about one finding."""
    glyph = GLYPHS.get(remark.applicability, "[ ]")
    colour = {"[*]": "green", "[!]": "yellow"}.get(glyph, "dim")
    done = remark.status == "fixed"
    lines = [f"{palette.paint(colour, glyph)} {remark.code}: {'changed' if done else 'left alone'}"]
    facts = [("found", remark.message)]
    if remark.title:
        facts.append(("fix", remark.title))
    facts += [("beside", file) for file in remark.files]
    facts += [("because", claim) for claim in remark.because]
    facts.append(("level" if done else "why not", remark.why))
    return [*lines, *[f"    {name}: {printable(text)}" for name, text in facts]]


def elsewhere_line(remark: Remark, place: Place) -> str:
    """Return one line on a finding that concerns other lines of the same instruction."""
    inside = [str(line) for line in remark.lines if place.first <= line <= place.last]
    noun = "line" if len(inside) == 1 else "lines"
    where = inside[0] if len(inside) == 1 else f"{inside[0]}-{inside[-1]}"
    return printable(f"{noun} {where} of the same {place.kind}: {remark.code}: {remark.message}")
