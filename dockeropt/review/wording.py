"""The texts of a review: one for each suggestion, and one that names what has none.

Invariant: what comes from a file of the project cannot become markup, mention a person, or command
GitLab: it is escaped, stands on one line behind words of ours, or is in a fence that is longer
than any row of backticks in it.
"""

import re
from collections.abc import Iterable, Sequence

from dockeropt.render.markdowntext import code, escaped, fence
from dockeropt.review.suggestions import Review, Suggestion, Unplaced

MOST = 60_000
"""Characters of a comment: GitHub takes 65,536 (its answer to a longer one, "body is too long (maximum
is 65536 characters)"), GitLab a million."""

MARK = "dockeropt:v1:"
SUMMARY_MARK = "dockeropt:summary:v1:"

_FOUND = re.compile(r"<!-- (dockeropt:(?:summary:)?v1:)([0-9a-f]+) -->")


def marks_in(body: str, kind: str = MARK) -> list[str]:
    """Return the marks of one kind that a comment holds."""
    return [mark for found, mark in _FOUND.findall(body) if found == kind]


def comment(one: Suggestion, info: str = "suggestion") -> str:
    """Return the text of the comment that carries a suggestion.

    Args:
        one: The suggestion.
        info: What stands behind the opening fence.
    """
    return "\n".join([*_reasons(one), "", *block(one.lines, info), "", f"<!-- {MARK}{one.mark} -->"])


def block(lines: Sequence[str], info: str) -> list[str]:
    """Return the lines of a fenced block that holds ``lines``, whatever they are."""
    ticks = fence("\n".join(lines))
    return [f"{ticks}{info}", *lines, ticks]


def _reasons(one: Suggestion) -> list[str]:
    said: dict[tuple[str, ...], int] = {}
    for made in one.fixes:
        fix = made.fix
        level = fix.applicability.word
        lines = [f"- **{escaped(fix.title)}** (`{made.pass_id}`, {level}): {escaped(fix.message)}"]
        lines += [f"  - because {escaped(str(reason))}" for reason in fix.because]
        if level != "safe" and fix.effects:
            lines.append(f"  - may change {', '.join(sorted(effect.value for effect in fix.effects))}")
        said[tuple(lines)] = said.get(tuple(lines), 0) + 1
    out = [
        "dockeropt suggests:"
        if len(said) == 1
        else "dockeropt suggests, in one go because the changes share lines or need each other:",
        "",
    ]
    for (first, *rest), times in said.items():
        out += [f"{first} ({times} times)" if times > 1 else first, *rest]
    return out


def summary(review: Review, command: str, patch: str) -> str:
    """Return the text of the review as a whole, with everything that has no comment.

    Args:
        review: What is suggested and what is not.
        command: The command that makes all fixes locally.
        patch: The name of the file with the remainder as a patch, ``""`` for none.
    """
    count, fixes = len(review.suggestions), review.suggested
    if count:
        head = f"dockeropt makes {_number(count, 'suggestion')} for {_number(fixes, 'fix', 'fixes')}."
    else:
        head = "dockeropt has no new suggestion for lines of this diff."
    out = [head]
    if review.remainder:
        left = _number(review.unplaced, "fix has", "fixes have")
        where = f" They are in the patch file {code(patch)}, for `git apply`." if patch else ""
        out += ["", f"{left} no suggestion.{where} To make all fixes: {code(command)}", ""]
        out += _listed(review.remainder, MOST - 1000)
    mark = _summary_mark(review)
    return "\n".join([*out, "", f"<!-- {SUMMARY_MARK}{mark} -->"])


def _summary_mark(review: Review) -> str:
    from dockeropt.render.fingerprints import numbered

    left = [
        (one.path, made.pass_id, one.reason, one.piece.text)
        for one in review.remainder
        for made in one.piece.fixes
    ]
    return numbered([("remainder", *(word for part in left for word in part))])[0]


def _listed(remainder: Iterable[Unplaced], most: int) -> list[str]:
    """Return a line for each fix without a suggestion; what is too much is counted."""
    lines = [
        f"- {code(f'{one.path}:{made.line}')} **{escaped(made.fix.title)}** (`{made.pass_id}`, "
        f"{made.fix.applicability.word}): {one.reason}"
        for one in remainder
        for made in one.piece.fixes
    ]
    size = 0
    for at, line in enumerate(lines):
        size += len(line) + 1
        if size > most:
            return [*lines[:at], f"- and {len(lines) - at} more, which the command shows"]
    return lines


def _number(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
