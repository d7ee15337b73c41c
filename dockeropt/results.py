"""What the library answers for one file: the engine's result, its path, and what went wrong.

Invariant: a result says everything; it is immutable and crosses process borders. A file
that cannot be read gives a result like any other, so that it never stops the others.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from dockeropt.errors import DockeroptError, SyntaxProblem
from dockeropt.rewrite.fix import FileChange
from dockeropt.rewrite.result import Leftover, Rejection, Result, Step
from dockeropt.text import Source

if TYPE_CHECKING:
    from dockeropt.measure.proving import Proof

SEVERITIES: Mapping[str, str] = {
    "correctness": "warning",
    "security": "warning",
    "base": "info",
    "size": "info",
    "cache": "info",
    "style": "style",
}
"""How severe a finding is, by the category of its pass; what BuildKit rejects is an error."""


class FixResult(NamedTuple):
    """The outcome for one file or text.

    Args:
        path: The name that was given, ``""`` for a text without one.
        outcome: What the engine answered; empty texts when the file could not be read.
        error: Why the file could not be read, fixed or written, or ``None``.
        written: Whether the file on disk was replaced.
        context: The folder of the build context, ``""`` when it is not known.
        notes: What else there is to say, such as which service of a compose file is left alone, or
            that the file calls itself generated.
        builds: Arguments and target of each build, when a compose or bake file names them.
        proof: What real builds showed, when they were asked for.
    """

    path: str
    outcome: Result
    error: DockeroptError | None = None
    written: bool = False
    context: str = ""
    notes: tuple[str, ...] = ()
    builds: tuple[tuple[Mapping[str, str | None], str], ...] = ()
    proof: "Proof | None" = None

    @property
    def original(self) -> str:
        """Return the text as it was."""
        return self.outcome.original

    @property
    def fixed(self) -> str:
        """Return the text as it is after the fixes; the original where there were none."""
        return self.outcome.text

    @property
    def files(self) -> tuple[FileChange, ...]:
        """Return what becomes of other files, their paths joined to that of the context."""
        from posixpath import join, normpath

        return tuple(
            [change._replace(path=normpath(join(self.context, change.path))) for change in self.outcome.files]
        )

    @property
    def changed(self) -> bool:
        """Tell whether ``fixed`` is another text than ``original``, or another file changes."""
        return self.outcome.changed

    @property
    def steps(self) -> tuple[Step, ...]:
        """Return what was done, in order: one step for each pass, with its fixes and reasons."""
        return self.outcome.steps

    @property
    def leftover(self) -> tuple[Leftover, ...]:
        """Return the findings that remain in ``fixed``, each with the reason why."""
        return self.outcome.leftover

    @property
    def rejected(self) -> tuple[Rejection, ...]:
        """Return the changes that were dropped because an invariant did not hold."""
        return self.outcome.rejected

    @property
    def problems(self) -> tuple[SyntaxProblem, ...]:
        """Return what makes BuildKit reject ``fixed``, with lines and columns."""
        source = Source(self.fixed)
        return tuple(
            [
                SyntaxProblem.at(source, problem.span, problem.message, path=self.path, hint=problem.hint)
                for problem in self.outcome.problems
            ]
        )

    @property
    def errors(self) -> tuple[DockeroptError, ...]:
        """Return everything that is wrong with the file: ``error`` and ``problems``."""
        return (*((self.error,) if self.error else ()), *self.problems)

    def diff(self, *, context: int = 3, prefix: tuple[str, str] = ("a/", "b/")) -> str:
        """Return the change as a unified diff that ``git apply`` accepts, ``""`` for none.

        Args:
            context: How many unchanged lines to show around a change.
            prefix: What stands before the old and the new name.
        """
        from dockeropt.render.diff import unified

        texts: list[tuple[str, str | None, str]] = [(self.path or "Dockerfile", self.original, self.fixed)]
        texts += [(change.path, change.before, change.after) for change in self.files]
        return "".join(
            [unified(before, after, path, context=context, prefix=prefix) for path, before, after in texts]
        )


def notes_on(path: str, outcome: Result) -> tuple[str, ...]:
    """Return what to know before the change of a Dockerfile is taken."""
    if not outcome.changed:
        return ()
    from dockeropt.text.origin import generated_line

    line = generated_line(outcome.original)
    if not line:
        return ()
    said = "the file says that it is generated: what it is generated from has to change, too"
    return (f"{path or 'Dockerfile'}:{line}: {said}",)


def failure(path: str, error: DockeroptError, text: str = "") -> FixResult:
    """Return the result for a file that nothing can be said about but ``error``."""
    return FixResult(path, Result(text, text), error)


def untouched(path: str, text: str) -> FixResult:
    """Return the result for a text that nothing was to be done with."""
    return FixResult(path, Result(text, text))
