"""Run passes over a text until nothing changes any more.

Invariants: what is returned is the original or passed every check; running again on the
result changes nothing; a pass that fails costs its own change only. If no end is reached
the original is returned. No pass is known by name here.

Every pass sees freshly parsed text, so edits of two passes can never overlap. Two passes that
undo each other are noticed when a text comes up a second time: both are left out, and the run
starts over, so that a second run finds the same.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from dockeropt.errors import PassError
from dockeropt.project.context import UNKNOWN, BuildContext
from dockeropt.rewrite.blame import fingerprint, innocent, objections
from dockeropt.rewrite.changes import StaleFile, merged
from dockeropt.rewrite.context import Context, View
from dockeropt.rewrite.fix import Applicability, Effect, Finding
from dockeropt.rewrite.levels import AS_WRITTEN, Levels
from dockeropt.rewrite.passes import Pass, PassInfo
from dockeropt.rewrite.resolve import choose, own_conflict
from dockeropt.rewrite.result import Applied, Leftover, Rejection, Result, Step
from dockeropt.rewrite.suppress import Suppressions, read_suppressions
from dockeropt.rewrite.verify import Observer, verify
from dockeropt.text import EditConflict, Source, apply_edits

MAX_CALLS = 60
"""Calls of one pass in a row, while overlapping fixes of it wait for each other."""

MAX_RESTARTS = 8
"""Times that a run starts over without what was found to be at fault."""


class _Terms(NamedTuple):
    """What is asked for, the same for every attempt."""

    unsafe: bool
    apply: bool
    options: Mapping[str, Mapping[str, object]]
    levels: Levels
    obey_ignores: bool
    strict: bool


def run(
    source: Source | str,
    passes: Sequence[Pass],
    *,
    unsafe: bool = False,
    apply: bool = True,
    options: Mapping[str, Mapping[str, object]] | None = None,
    levels: Levels = AS_WRITTEN,
    obey_ignores: bool = True,
    build_args: Mapping[str, str | None] | None = None,
    target: str | None = None,
    build: BuildContext = UNKNOWN,
    observer: Observer | None = None,
    refused: Collection[object] = (),
    max_rounds: int = 10,
    strict: bool = False,
) -> Result:
    """Return what ``passes`` make of ``source``.

    Args:
        source: The text of a Dockerfile.
        passes: The passes, in order.
        unsafe: Whether to make unsafe fixes too.
        apply: Whether to make any; if not, all findings on the original are left over.
        options: Options of passes, by id.
        levels: Changes to the levels of fixes.
        obey_ignores: Whether comments can keep passes away.
        build_args: Values that are passed to the build.
        target: The stage that is built.
        build: The build context, where it is known.
        observer: A second opinion on the change as a whole.
        refused: Ids of passes and fingerprints of fixes (:func:`dockeropt.rewrite.blame.fingerprint`) that
            were found wrong by other means, such as a build, and are not to be made.
        max_rounds: Rounds over all passes before the run is given up.
        strict: Raise instead of dropping a change; for tests.

    Raises:
        ConfigError: An option is unknown or has the wrong type.
        PassError: Only if ``strict``: a pass raised or broke an invariant.
    """
    given = options or {}
    parsed = {p.info.id: _options(p, given) for p in passes if p.info.id in given}
    terms = _Terms(unsafe, apply, parsed, levels, obey_ignores, strict)
    view = View(
        source if isinstance(source, Source) else Source(source),
        build_args=build_args,
        target=target,
        build=build,
    )
    banned: set[object] = set(refused)
    rejected: dict[object, Rejection] = {}
    for _ in range(MAX_RESTARTS):
        attempt = _Attempt(view, terms, banned, rejected)
        result = attempt.run(passes, max_rounds)
        if result is not None and (observer is None or attempt.agrees(observer)):
            return result
    return _given_up(view, rejected)


def _given_up(view: View, rejected: Mapping[object, Rejection]) -> Result:
    return Result(
        view.text, view.text, rejected=tuple(rejected.values()), problems=view.tree.problems, stable=False
    )


def _options(p: Pass, given: Mapping[str, Mapping[str, object]]) -> Mapping[str, object]:
    _ = p.function  # a pass from the catalogue knows its options only once it is loaded
    return p.info.parse_options(given.get(p.info.id, {}))


class _Attempt:
    """One run over one text, up to the first need to start over.

    Args:
        view: The text.
        terms: What is asked for.
        banned: Ids of passes and fingerprints of fixes that were found guilty; added to.
        rejected: What was dropped, by what makes it different; added to.
    """

    def __init__(
        self, view: View, terms: _Terms, banned: set[object], rejected: dict[object, Rejection]
    ) -> None:
        self.first = self.view = view
        self.terms = terms
        self.banned = banned
        self.rejected = rejected
        self.apply = terms.apply
        self.lowest = Applicability.UNSAFE if terms.unsafe else Applicability.SAFE
        self.steps: list[Step] = []
        self.round_start = 0
        self.mending = 0  # steps that were made while BuildKit still rejected the file
        self.seen = {view.state: 0}
        self.views = {view.text: view}
        self.restart = False
        self.suppressions: tuple[View, Suppressions] | None = None
        # What each pass found last, and the text that it has nothing (more) to do on.
        self.found: dict[str, list[Finding]] = {}
        self.done: dict[str, View] = {}
        self.plugins: dict[str, str] = {}

    # --- rounds ------------------------------------------------------------------------

    def run(self, passes: Sequence[Pass], max_rounds: int) -> Result | None:
        """Return the outcome, ``None`` when the run has to start over without the banned."""
        self.plugins = {p.info.id: p.info.plugin or "" for p in passes}
        if self.first.tree.problems:
            repairs = [p for p in passes if p.info.repairs]
            stable = self.rounds(repairs, max_rounds)
            if self.restart:
                return None
            if not stable or self.view.tree.problems:
                if self.steps:  # mended in part: nothing of it is kept, but all of it is said
                    self.view, self.apply, self.steps, self.done = self.first, False, [], {}
                    self.rounds(repairs, 1)
                return self.result(repairs) if stable else _given_up(self.first, self.rejected)
            self.mending = len(self.steps)
        stable = self.rounds(passes, max_rounds)
        if self.restart:
            return None
        if not stable:
            for name in sorted({step.pass_id for step in self.steps[self.round_start :]}):
                reason = f"it came to no end in {max_rounds} rounds, so nothing was changed"
                self.reject(Rejection(name, "", reason, 0, self.plugins[name]))
            return _given_up(self.first, self.rejected)
        return self.result(passes)

    def rounds(self, passes: Sequence[Pass], max_rounds: int) -> bool:
        """Call the passes until none has anything to do; tell whether that was reached."""
        for _ in range(max_rounds):
            start, self.round_start = self.view, len(self.steps)
            for p in passes:
                if self.done.get(p.info.id) is not self.view:
                    self.one_pass(p)
                    if self.restart:
                        return False
            if self.view is start:
                return True
        return False

    def one_pass(self, p: Pass) -> None:
        """Call one pass, and again while fixes of it had to wait for others of it."""
        info = p.info
        for _ in range(MAX_CALLS):
            if info.wants and not any(word in self.view.lower for word in info.wants):
                self.found[info.id] = []
                break
            findings = self.call(p)
            self.found[info.id] = findings
            if not self.apply or not findings:
                break
            chosen, waiting = choose(self.allowed(info, findings), self.lowest)
            if not chosen or not self.settle(info, chosen) or self.restart:
                break
            if not waiting:
                return
        else:
            return
        self.done[info.id] = self.view

    def call(self, p: Pass) -> list[Finding]:
        """Return what a pass finds and was not asked to leave alone; nothing when it raises."""
        try:
            options = self.terms.options.get(p.info.id)
            if options is None:
                options = _options(p, {})
            findings = list(p(Context(self.view, options=options, wants_unsafe=self.terms.unsafe)))
        except Exception as error:  # whatever a pass does wrong, the file and the others go on
            if self.terms.strict:
                raise
            self.reject(Rejection(p.info.id, "", f"{type(error).__name__}: {error}", 0, p.info.plugin or ""))
            return []
        if not findings:
            return findings
        adjust = self.terms.levels.adjust
        findings = [adjust(finding._replace(pass_id=p.info.id)) for finding in findings]
        if self.terms.obey_ignores:
            if self.suppressions is None or self.suppressions[0] is not self.view:
                self.suppressions = (self.view, read_suppressions(self.view.tree))
            closed = self.suppressions[1]
            if closed:
                return [finding for finding in findings if not closed.covers(p.info, finding)]
        return findings

    # --- one step ----------------------------------------------------------------------

    def allowed(self, info: PassInfo, findings: list[Finding]) -> list[Finding]:
        """Return the findings whose fix makes sense and was not found guilty before."""
        if info.id in self.banned:
            return []
        good: list[Finding] = []
        for finding in findings:
            if finding.fix is None or self.is_banned(finding):
                continue
            if own_conflict(finding.fix):
                self.accuse(info, finding, "its edits overlap")
            else:
                good.append(finding)
        return good

    def is_banned(self, finding: Finding) -> bool:
        if not self.banned or finding.fix is None:
            return False
        return (
            finding.pass_id in self.banned
            or fingerprint(self.view.text, finding.pass_id, finding.fix.edits, finding.fix.files)
            in self.banned
        )

    def settle(self, info: PassInfo, chosen: list[Finding]) -> bool:
        """Make the fixes that pass every check; tell whether the text is another one now."""
        kept, after = innocent(chosen, self.attempt, lambda f, reason: self.accuse(info, f, reason))
        if after is None or after.state == self.view.state:
            return False
        if after.state in self.seen:
            self.circle(info, after)
            return True
        applied = tuple([self.applied(finding) for finding in kept])
        self.steps.append(Step(info.id, info.category.value, applied, self.view.text, after.text))
        self.seen[after.state] = len(self.steps)
        self.views[after.text] = self.view = after
        return True

    def attempt(self, findings: list[Finding]) -> tuple[View | None, str | None]:
        """Return the text that the fixes give, or why it cannot be had."""
        fixes = [finding.fix for finding in findings if finding.fix is not None]
        effects: frozenset[Effect] = frozenset().union(*(fix.effects for fix in fixes))
        try:
            text = apply_edits(self.view.text, [edit for fix in fixes for edit in fix.edits])
            files = merged(self.view, [change for fix in fixes for change in fix.files])
            if text == self.view.text and files == self.view.files:
                return self.view, None
            after = self.view.of(text, files)
            return after, verify(self.view, after, effects)
        except (EditConflict, StaleFile) as error:
            return None, str(error)
        except Exception as error:  # a result that we cannot even read is a result we do not want
            if self.terms.strict:
                raise
            return None, f"the result cannot be checked: {type(error).__name__}: {error}"

    def applied(self, finding: Finding) -> Applied:
        fix = finding.fix
        assert fix is not None
        source = self.view.source
        return Applied(
            finding.message,
            fix.title,
            fix.applicability,
            fix.because,
            fix.effects,
            fix.edits,
            finding.at,
            source.position(finding.at.start).line,
            source.position(max(finding.at.start, finding.at.end - 1)).line,
            fix.files,
        )

    # --- what goes wrong ---------------------------------------------------------------

    def reject(self, rejection: Rejection) -> None:
        if self.terms.strict:
            raise PassError(str(rejection))
        self.rejected.setdefault((rejection.pass_id, rejection.title, rejection.reason), rejection)

    def accuse(self, info: PassInfo, finding: Finding, reason: str) -> None:
        assert finding.fix is not None
        self.banned.add(fingerprint(self.view.text, info.id, finding.fix.edits, finding.fix.files))
        line = self.view.source.position(finding.at.start).line
        self.reject(Rejection(info.id, finding.fix.title, reason, line, info.plugin or ""))

    def circle(self, info: PassInfo, view: View) -> None:
        """Leave out all passes that took part in coming back to ``view``."""
        guilty = sorted({info.id, *(step.pass_id for step in self.steps[self.seen[view.state] :])})
        self.banned.update(guilty)
        self.restart = True
        others = [name for name in guilty if name != info.id]
        reason = f"it undoes what {', '.join(others)} did" if others else "it undoes its own change"
        self.reject(Rejection(info.id, "", f"{reason}, so neither was applied", 0, info.plugin or ""))

    def agrees(self, observer: Observer) -> bool:
        """Tell whether the observer accepts the whole change; if not, ban the fixes at fault.

        A mended file had no meaning before: the comparison starts where it has one.
        """
        found = objections(observer, self.steps[self.mending :], self.view_of)
        for step, fix, reason in found:
            self.banned.add(fingerprint(step.before, step.pass_id, fix.edits, fix.files))
            self.reject(Rejection(step.pass_id, fix.title, reason, fix.line, self.plugins[step.pass_id]))
        return not found

    def view_of(self, text: str) -> View:
        return self.views.get(text) or self.first.of(text)

    # --- the outcome -------------------------------------------------------------------

    def result(self, passes: Collection[Pass]) -> Result:
        leftover: list[Leftover] = []
        for p in passes:
            for finding in self.found.get(p.info.id, ()):
                place = self.view.source.position(finding.at.start)
                leftover.append(Leftover(finding, self.why(finding), place.line, place.column))
        leftover.sort(key=lambda left: (left.line, left.column, left.finding.pass_id))
        return Result(
            self.first.text,
            self.view.text,
            tuple(self.steps),
            tuple(leftover),
            tuple(self.rejected.values()),
            self.view.tree.problems,
            files=self.view.files,
        )

    def why(self, finding: Finding) -> str:
        fix = finding.fix
        if fix is None:
            return "none"
        if self.terms.levels.frozen(finding.pass_id):
            return "unfixable"
        if fix.applicability is Applicability.SUGGESTION:
            return "suggestion"
        if fix.applicability < self.lowest:
            return "unsafe"
        if self.is_banned(finding):
            return "rejected"
        return "conflict" if self.apply else "pending"
