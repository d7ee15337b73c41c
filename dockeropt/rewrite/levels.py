"""What the user's configuration says about the levels of fixes.

Invariant: a suggestion stays one. Everything else can be made stricter or more lenient.
"""

from typing import NamedTuple

from dockeropt.rewrite.fix import Applicability, Finding


class Levels(NamedTuple):
    """Hold the changes to levels, by pass id.

    Args:
        safe: Passes whose unsafe fixes count as safe.
        unsafe: Passes whose safe fixes count as unsafe; this goes before ``safe``.
        fixable: Passes that may change anything; ``None`` for all.
        unfixable: Passes that may only report.
    """

    safe: frozenset[str] = frozenset()
    unsafe: frozenset[str] = frozenset()
    fixable: frozenset[str] | None = None
    unfixable: frozenset[str] = frozenset()

    def frozen(self, pass_id: str) -> bool:
        """Tell whether the pass may only report."""
        return pass_id in self.unfixable or (self.fixable is not None and pass_id not in self.fixable)

    def adjust(self, finding: Finding) -> Finding:
        """Return the finding with its fix at the level that counts."""
        fix = finding.fix
        if fix is None or fix.applicability is Applicability.SUGGESTION:
            return finding
        if self.frozen(finding.pass_id):
            return finding._replace(fix=fix.at_level(Applicability.SUGGESTION))
        if finding.pass_id in self.unsafe:
            return finding._replace(fix=fix.at_level(Applicability.UNSAFE))
        if finding.pass_id in self.safe:
            return finding._replace(fix=fix.at_level(Applicability.SAFE))
        return finding


AS_WRITTEN = Levels()
"""The levels that the passes themselves give."""
