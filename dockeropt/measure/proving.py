"""Keep of a rewrite what real builds prove, and find the fix at fault where they do not.

Safe fixes are built together, unsafe ones one after the other; what fails is taken back to the last
state that was good. Invariant: the state that is returned was built and compared with the original,
and nothing of it differs that was not declared.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dockeropt.measure.project import Version
from dockeropt.measure.records import Verification
from dockeropt.measure.verify import Original, refuse_unsupported, with_rebuilds
from dockeropt.rewrite.blame import fingerprint
from dockeropt.rewrite.fix import Applicability, Effect, Evidence, FileChange
from dockeropt.rewrite.result import Applied, Rejection, Result, Step

if TYPE_CHECKING:
    from dockeropt.measure.engine import BuildOutcome

MAX_TRIALS = 60
"""States that are built for one file; then the rest is left as it is."""
MAX_DROPS = 3
"""Fixes of one pass that may fail until the pass is left out."""

Fixer = Callable[[str, tuple[FileChange, ...], bool, frozenset[object]], Result]
"""Gives what the passes make of a text: the text, the files changed so far, whether unsafe fixes are
made, and what is refused."""


class Dropped(NamedTuple):
    """A fix that a build disproved.

    Args:
        pass_id: The pass.
        title: What it would have done.
        applicability: The level that it claimed.
        line: 1-based line, in the text at that time.
        reason: What was wrong, a sentence without a full stop.
        output: The end of what the failing step printed, ``""`` when all steps succeeded.
    """

    pass_id: str
    title: str
    applicability: Applicability
    line: int
    reason: str
    output: str = ""

    def __str__(self) -> str:
        fault = (
            "; it claimed to be safe, so this is a bug" if self.applicability is Applicability.SAFE else ""
        )
        return f"{self.pass_id}: {self.title!r} was rolled back: {self.reason}{fault}"


class Proof(NamedTuple):
    """What became of a file.

    Args:
        result: What was kept, every fix with what was measured as evidence.
        dropped: What was rolled back.
        verification: The final state against the original, ``None`` when nothing was kept.
        failure: How the original failed to build, ``None`` when it did build.
        trials: Number of states that were built and compared.
    """

    result: Result
    dropped: tuple[Dropped, ...] = ()
    verification: Verification | None = None
    failure: "BuildOutcome | None" = None
    trials: int = 0


class _State(NamedTuple):
    """A state of the project, and how it was reached."""

    text: str
    files: tuple[FileChange, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def effects(self) -> frozenset[Effect]:
        return frozenset().union(*(step.effects for step in self.steps))

    def then(self, step: Step) -> "_State":
        files = {change.path: change for change in self.files}
        for change in [change for fix in step.fixes for change in fix.files]:
            first = files.get(change.path)
            files[change.path] = change._replace(before=first.before if first else change.before)
        return _State(step.after, tuple(files.values()), (*self.steps, step))

    def after(self, steps: Sequence[Step]) -> "_State":
        state = self
        for step in steps:
            state = state.then(step)
        return state


def prove(original: Original, fixer: Fixer, *, unsafe: bool = False) -> Proof:
    """Return what of the fixes real builds prove.

    Args:
        original: The original, built.
        fixer: Runs the passes.
        unsafe: Whether to try unsafe fixes, one after the other, once the safe ones stand.

    Raises:
        EngineProblem: The engine cannot build what the original or a fix uses.
    """
    text = original.version.text
    if not original.builds:
        return Proof(Result(text, text), failure=original.sample.build)
    prover = _Prover(original, fixer)
    state = prover.together(_State(text))
    if unsafe:
        state = prover.one_by_one(state)
    last = fixer(state.text, state.files, unsafe, frozenset(prover.refused))
    result = Result(
        text,
        state.text,
        state.steps,
        last.leftover,
        (*prover.rejected.values(),),
        last.problems,
        files=tuple([change for change in state.files if change.before != change.after]),
    )
    return Proof(result, tuple(prover.dropped), prover.measured(state), trials=prover.trials)


class _Prover:
    """Try states, remember what failed.

    Args:
        original: What all states are compared with.
        fixer: Runs the passes.
    """

    def __init__(self, original: Original, fixer: Fixer) -> None:
        self.original = original
        self.fixer = fixer
        self.refused: set[object] = set()
        self.dropped: list[Dropped] = []
        self.rejected: dict[object, Rejection] = {}
        self.trials = 0
        self.size = original.sample.image.size if original.sample.image is not None else 0

    # --- the two ways ------------------------------------------------------------------

    def together(self, state: _State) -> _State:
        """Return the state with all safe fixes that hold."""
        while self.trials < MAX_TRIALS:
            steps = self.fixed(state, unsafe=False).steps
            if not steps:
                break
            found = self.test(state.after(steps))
            if found.proven:
                return self.accepted(state, steps, found)
            good, bad, found = self.first_bad(state, steps, found)
            if good is not state:
                state = good
            self.blame(state, bad, found)
        return state

    def one_by_one(self, state: _State) -> _State:
        """Return the state with those unsafe fixes that hold."""
        while self.trials < MAX_TRIALS:
            steps = self.fixed(state, unsafe=True).steps
            risky = [i for i, step in enumerate(steps) if step.applicability is not Applicability.SAFE]
            if not risky:
                return state
            upto = steps[: risky[0] + 1]
            candidate = state.after(upto)
            follow = self.fixed(candidate, unsafe=False).steps
            found = self.test(candidate.after(follow))
            if found.proven:
                state = self.accepted(state, (*upto, *follow), found)
                continue
            if follow:
                alone = self.test(candidate)
                if alone.proven:
                    state = self.together(self.accepted(state, upto, alone))
                    continue
                found = alone
            self.blame(state.after(upto[:-1]), upto[-1], found)
        return state

    def fixed(self, state: _State, *, unsafe: bool) -> Result:
        """Return what the passes make of a state."""
        result = self.fixer(state.text, state.files, unsafe, frozenset(self.refused))
        for one in result.rejected:
            self.rejected.setdefault((one.pass_id, one.title, one.reason), one)
        return result

    # --- trials ------------------------------------------------------------------------

    def test(self, state: _State) -> Verification:
        """Build a state and compare it; a build that fails gets a second chance."""
        self.trials += 1
        version = self.version(state)
        refuse_unsupported(self.original.bench, version)
        found = self.original.compare(version, "trial")
        if not found.after.build.ok:
            found = self.original.compare(version, "trial")
        return found

    def version(self, state: _State) -> Version:
        """Return what is built for a state."""
        ids = list(dict.fromkeys(step.pass_id for step in state.steps))
        return Version(state.text, state.files, state.effects, f"trying {', '.join(ids[-3:])}")

    def first_bad(
        self, state: _State, steps: Sequence[Step], found: Verification
    ) -> tuple[_State, Step, Verification]:
        """Return the last good state, the step after it, and what is wrong with that.

        Args:
            state: A good state.
            steps: Steps that lead from it to a bad one.
            found: What is wrong with that.
        """
        good, bad, best = -1, len(steps) - 1, state
        while bad - good > 1 and self.trials < MAX_TRIALS:
            middle = (good + bad) // 2
            tried = self.test(state.after(steps[: middle + 1]))
            if tried.proven:
                good, best = middle, self.accepted(state, steps[: middle + 1], tried)
            else:
                bad, found = middle, tried
        return best, steps[bad], found

    def blame(self, state: _State, step: Step, found: Verification) -> None:
        """Refuse the fixes of a step that are at fault."""
        guilty = [(fix, found) for fix in step.fixes]
        if len(step.fixes) > 1:
            tried = [(fix, self.test(state.then(alone(step, fix)))) for fix in step.fixes]
            guilty = [(fix, one) for fix, one in tried if not one.proven] or guilty
        for fix, one in guilty:
            self.refused.add(fingerprint(step.before, step.pass_id, fix.edits, fix.files))
            reason = "; ".join(one.objections[:2])
            output = "" if one.after.build.ok else one.after.build.reason
            self.dropped.append(Dropped(step.pass_id, fix.title, fix.applicability, fix.line, reason, output))
            self.original.bench.say(f"rolled back {step.pass_id}: {reason}")
        if sum(one.pass_id == step.pass_id for one in self.dropped) >= MAX_DROPS:
            self.refused.add(step.pass_id)

    # --- what was proven ---------------------------------------------------------------

    def accepted(self, state: _State, steps: Sequence[Step], found: Verification) -> _State:
        """Return the state after some steps, with what was measured as evidence for each fix."""
        evidence = self.evidence(found, sum(len(step.fixes) for step in steps) - 1)
        proven = [
            step._replace(fixes=tuple([fix._replace(because=(*fix.because, evidence)) for fix in step.fixes]))
            for step in steps
        ]
        return state.after(proven)

    def evidence(self, found: Verification, others: int) -> Evidence:
        """Return what a trial measured.

        Args:
            found: What was measured.
            others: How many other fixes were built together with the one that the evidence is for.
        """
        from dockeropt.estimates.records import megabytes

        size = found.after.image.size if found.after.image is not None else 0
        before, self.size = self.size, size
        files = found.files
        same = f", {files.identical:,} paths identical" if files is not None else ""
        change = "same size" if size == before else f"{megabytes(before)} -> {megabytes(size)}"
        together = f" with {others} other {'fix' if others == 1 else 'fixes'}" if others else ""
        return Evidence(f"built{together}: {change}, 0 unexpected differences{same}", found.engine, _today())

    def measured(self, state: _State) -> Verification | None:
        """Return everything about the final state, built from nothing."""
        if not state.steps:
            return None
        version = self.version(state)._replace(called="the result")
        found = self.original.compare(version, "after", cold=True)
        return with_rebuilds(self.original, found, version) if self.original.terms.runs else found


def alone(step: Step, fix: Applied) -> Step:
    """Return a step that makes one of its fixes only."""
    from dockeropt.text import apply_edits

    return step._replace(fixes=(fix,), after=apply_edits(step.before, fix.edits))


def _today() -> str:
    from datetime import UTC, datetime

    return datetime.now(tz=UTC).date().isoformat()
