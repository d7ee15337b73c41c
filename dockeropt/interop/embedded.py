"""Fix a Dockerfile where another file holds it: the way from the engine's answer to changes of the file.

Invariant: what the holder cannot hold, and what depends on what a program fills in, is only
said; all else is done as if the text stood in a file of its own.
"""

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, Protocol

from dockeropt.interop.held import Held
from dockeropt.interop.holes import Judge, shown_only, whole_instruction
from dockeropt.rewrite.blame import fingerprint
from dockeropt.rewrite.fix import Fix
from dockeropt.rewrite.result import Applied, Leftover, Rejection, Result, Step
from dockeropt.syntax import find, parse
from dockeropt.syntax.nodes import From
from dockeropt.text import Source, Span

MAX_ATTEMPTS = 60
"""Runs over one text, each without the fixes that the last one showed to be impossible."""


class Engine(Protocol):
    """Fixes one Dockerfile."""

    def __call__(self, text: str, *, refused: Collection[object] = (), only: str = "") -> Result:
        """Return what the passes make of ``text``.

        Args:
            text: The Dockerfile.
            refused: Fixes not to be made, see :func:`dockeropt.rewrite.pipeline.run`.
            only: The one pass to ask; then nothing is applied.
        """


class Embedded(NamedTuple):
    """What became of one file that holds Dockerfiles.

    Args:
        result: All that was done and found, with places in the file.
        notes: Texts that were left alone, and why.
    """

    result: Result
    notes: tuple[str, ...] = ()


class Place(NamedTuple):
    """A text to look at.

    Args:
        span: Where it stands in the original file.
        read: Reads it at a span of any state of the file.
        is_open: Whether a program adds to it.
    """

    span: Span
    read: Callable[[str, Span], Held | None]
    is_open: bool = False


class Fixing:
    """The work on one file."""

    def __init__(self, text: str, path: str, engine: Engine) -> None:
        self.original = self.current = text
        self.path = path
        self.engine = engine
        self.steps: list[Step] = []
        self.leftover: list[Leftover] = []
        self.rejected: list[Rejection] = []
        self.notes: list[str] = []

    def done(self) -> Embedded:
        """Return what became of the file."""
        result = Result(
            self.original, self.current, tuple(self.steps), tuple(self.leftover), tuple(self.rejected)
        )
        return Embedded(result, tuple(self.notes))

    def fix(self, place: Place) -> None:
        """Fix the text at one place; those before it in the file have had their turn."""
        span = place.span.shift(len(self.current) - len(self.original))
        held = place.read(self.current, span)
        if held is None or "FROM" not in held.text.upper():
            return
        tree = parse(held.text)
        whole = whole_instruction(tree, tuple(held.holes))
        if whole is not None:
            if next(find(tree, From), None) is not None:
                word = next(word for word in held.holes if word.lower() in whole.name.lower())
                self._note(
                    held,
                    whole.span.start,
                    f"{held.holes[word]} stands for whole instructions, so nothing is changed",
                )
            return
        if next(find(tree, From), None) is None:
            return
        if tree.problems:
            problem = tree.problems[0]
            self._note(
                held, problem.span.start, f"this Dockerfile is left alone: {held.shown(problem.message)}"
            )
            return
        self._fix(held, place)

    def _note(self, held: Held, at: int, said: str) -> None:
        # As in a preview, places are those of the file as it is; all changes so far stand before this one.
        start = held.place(Span(at, at)).start - len(self.current) + len(self.original)
        place = Source(self.original).position(start)
        self.notes.append(f"{self.path}:{place.line}:{place.column}: {said}")

    def _fix(self, held: Held, place: Place) -> None:
        judge = Judge(
            tuple(held.holes),
            place.is_open,
            lambda text, name: [left.finding for left in self.engine(text, only=name).leftover],
        )
        refused: dict[object, str] = {}
        for _ in range(MAX_ATTEMPTS):
            outcome = self.engine(held.text, refused=refused.keys())
            guilty = _objections(outcome.steps, judge)
            made = None if guilty else self._moved(held, outcome.steps, place)
            if isinstance(made, Step):
                guilty = {_print(made, fix): "" for fix in made.fixes}
            elif made is not None:
                steps, now = made
                break
            if not guilty or guilty.keys() <= refused.keys():
                return
            refused |= guilty
        else:
            return
        self.steps += steps
        if steps:
            self.current = steps[-1].after
        self.rejected += [r._replace(line=self._line(now, r.line)) for r in outcome.rejected]
        self.leftover += [self._left(now, outcome.text, left, judge, refused) for left in outcome.leftover]

    def _line(self, held: Held, line: int) -> int:
        """Return the line of the file for one of the text, 0 for none."""
        if not line:
            return 0
        start, _ = Source(held.text).line_span(min(line, held.text.count("\n") + 1))
        return Source(self.current).position(held.place(Span(start, start)).start).line

    def _moved(self, held: Held, steps: Sequence[Step], place: Place) -> "tuple[list[Step], Held] | Step":
        """Return the steps as steps on the file, or the first one that it cannot hold."""
        current = self.current
        moved: list[Step] = []
        for step in steps:
            made = held.step(current, step, place.read)
            if made is None:
                return step
            moved.append(made[0])
            current, held = made[0].after, made[1]
        return moved, held

    def _left(
        self, held: Held, text: str, left: Leftover, judge: Judge, refused: dict[object, str]
    ) -> Leftover:
        finding = left.finding
        fix = finding.fix
        if fix is None or left.reason in {"suggestion", "unfixable"}:
            return held.left(self.current, left)
        reason = refused.get(fingerprint(text, finding.pass_id, fix.edits, fix.files))
        if reason == "" and left.reason == "rejected":
            position = Source(text).position(finding.at.start)
            lost = Applied(
                finding.message, fix.title, fix.applicability, fix.because, fix.effects, fix.edits, finding.at,
                position.line, position.line,
            )  # fmt: skip
            return held.refused(self.current, lost, finding.pass_id)
        objection = reason or (
            "it changes other files" if fix.files else judge.objection(text, finding.pass_id, fix)
        )
        if objection:
            left = left._replace(finding=shown_only(finding, objection), reason="suggestion")
        return held.left(self.current, left)


def _print(step: Step, fix: Applied) -> object:
    return fingerprint(step.before, step.pass_id, fix.edits, fix.files)


def _objections(steps: Sequence[Step], judge: Judge) -> dict[object, str]:
    """Return the fixes of the first step that has any which must not be made, with the reasons."""
    for step in steps:
        found: dict[object, str] = {}
        for fix in step.fixes:
            said = Fix(fix.title, fix.edits, fix.applicability, fix.because, fix.effects, fix.files)
            objection = (
                "it changes other files" if fix.files else judge.objection(step.before, step.pass_id, said)
            )
            if objection:
                found[_print(step, fix)] = objection
        if found:
            return found
    return {}
