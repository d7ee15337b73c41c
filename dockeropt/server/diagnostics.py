"""What was found, as the diagnostics of the protocol.

Invariant: every place lies inside the text that was looked at, in the client's own units.
"""

from lsprotocol import types

from dockeropt.errors import DockeroptError
from dockeropt.results import SEVERITIES
from dockeropt.rewrite.fix import Finding
from dockeropt.rewrite.registry import load_registry
from dockeropt.server.look import Found
from dockeropt.server.positions import Positions
from dockeropt.text import Source, Span

SOURCE = "dockeropt"

_LEVELS = {
    "warning": types.DiagnosticSeverity.Warning,
    "info": types.DiagnosticSeverity.Information,
    "style": types.DiagnosticSeverity.Hint,
}


def diagnostics_of(found: Found, positions: Positions) -> list[types.Diagnostic]:
    """Return what an editor shows: errors first, then the findings in the order of their places.

    Args:
        found: What was found.
        positions: Of the same text.
    """
    result = found.result
    shown: list[types.Diagnostic] = []
    if result.error is not None:
        shown.append(_error(result.error, found.job.path, positions))
    for problem in result.outcome.problems:
        text = f"{problem.message} ({problem.hint})" if problem.hint else problem.message
        shown.append(_diagnostic(text, problem.span, positions, "rejected", types.DiagnosticSeverity.Error))
    shown += [diagnostic_of(left.finding, positions) for left in result.leftover]
    return shown


def diagnostic_of(finding: Finding, positions: Positions) -> types.Diagnostic:
    """Return one finding as a diagnostic."""
    known = load_registry().passes.get(finding.pass_id)
    category = known.info.category.value if known is not None else "correctness"
    severity = _LEVELS[SEVERITIES.get(category, "info")]
    return _diagnostic(finding.message, finding.at, positions, finding.pass_id, severity)


def _error(error: DockeroptError, path: str, positions: Positions) -> types.Diagnostic:
    """Return what is wrong with the whole: at its place when that is in this text, else at the top."""
    source = Source(positions.text)
    line = error.line if error.path == path and 0 < error.line <= len(source.line_starts) else 1
    text = str(error) if error.path and error.path != path else error.message
    if error.hint and text is error.message:
        text = f"{text} ({error.hint})"
    return _diagnostic(
        text, Span(*source.line_span(line)), positions, "error", types.DiagnosticSeverity.Error
    )


def _diagnostic(
    message: str, span: Span, positions: Positions, code: str, severity: types.DiagnosticSeverity
) -> types.Diagnostic:
    return types.Diagnostic(
        range=range_of(_shown(span, positions.text), positions),
        message=message,
        severity=severity,
        code=code,
        source=SOURCE,
    )


def _shown(span: Span, text: str) -> Span:
    """Return the span without the line ends at its end: an editor would underline the next line."""
    end = span.end
    while end > span.start and text[end - 1 : end] in {"\n", "\r"}:
        end -= 1
    return Span(span.start, end)


def range_of(span: Span, positions: Positions) -> types.Range:
    """Return a span as a range of the protocol."""
    start, end = positions.range(span)
    return types.Range(types.Position(*start), types.Position(*end))
