"""Pieces stand alone: none of them needs a fix that is in another one."""

from __future__ import annotations

from collections.abc import Collection

import pytest

from dockeropt import api
from dockeropt.config import Options
from dockeropt.results import FixResult
from dockeropt.review.changed import again_of
from dockeropt.review.hunks import FileDiff, Hunk, read_patch
from dockeropt.review.pieces import Piece, cuts_of, made_in, pieces_of, with_cuts
from dockeropt.review.suggestions import (
    LAST_LINE,
    NOT_IN_DIFF,
    OTHER_FILES,
    OTHER_LINES,
    TOO_LARGE,
    UNWRITABLE,
    Review,
    review_of,
    with_pieces,
)
from dockeropt.rewrite.fix import Applicability
from dockeropt.rewrite.result import Applied, Result, Step
from dockeropt.text import Edit, Span


def cut(text: str, **options: object) -> list[Piece]:
    chosen = Options(**options)  # type: ignore[arg-type]
    result = api.fix_str(text, options=chosen, path="Dockerfile")
    return pieces_of(result, again_of(result, chosen))


def whole(text: str) -> FileDiff:
    """Return the diff of a new file."""
    lines = text.removesuffix("\n").split("\n")
    return FileDiff("Dockerfile", "Dockerfile", (Hunk(1, tuple(lines), (0,) * len(lines)),))


def test_steps_that_build_on_each_other_are_one() -> None:
    text = "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y gcc\nENV A b\n"
    first, second = cut(text)
    assert (first.first, first.last) == (2, 3)
    assert [made.pass_id for made in first.fixes] == ["join-apt-update-install", "clean-apt-lists"]
    assert (second.first, second.last, second.text) == (4, 4, "ENV A=b\n")


def test_equal_lines_with_equal_fixes_are_two() -> None:
    assert [piece.first for piece in cut("FROM debian:12\nENV A b\nCOPY x /x\nENV A b\n")] == [2, 4]


def test_a_fix_that_stands_in_two_places_is_one() -> None:
    text = "FROM debian:12\nRUN mkdir /a\n\n# why\nRUN mkdir /b\nENV A b\n"
    first, second = cut(text)
    assert (first.first, first.last) == (2, 5)
    assert second.first == 6


def test_what_needs_another_fix_is_joined_with_it() -> None:
    # The lists may only be removed at the end of the RUN because it was merged first.
    text = """FROM debian:12
RUN apt-get update && apt-get install -y ssh
RUN ssh-keygen -A
RUN adduser --disabled-login \\
    --gecos "x" jenkins && \\
    (echo "root:root" | chpasswd)
COPY x /x
"""
    (piece,) = cut(text)
    assert {made.pass_id for made in piece.fixes} >= {"merge-runs", "clean-apt-lists"}


def test_nothing_is_cut_where_nobody_can_run_it_again() -> None:
    text = 'DOCKERFILE = """\nFROM debian:12\nENV A b\nCOPY x /x\nENV B c\n"""\n'
    result = api.fix_str(text, path="build.py")
    (piece,) = pieces_of(result, again_of(result, Options()))
    assert (piece.first, piece.last) == (3, 5)
    assert with_pieces(text, [piece]) == result.fixed


def test_a_fix_of_two_files_is_not_suggested(tmp_path: object) -> None:
    import pathlib

    folder = pathlib.Path(str(tmp_path))
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("x" * 50000)
    (folder / "app.py").write_text("pass\n")
    text = "FROM python:3.12\nCOPY . /app\nENV A b\n"
    (folder / "Dockerfile").write_text(text)
    options = Options(
        context=str(folder), select=("create-dockerignore", "fix-key-value-format"), unsafe_fixes=True
    )
    result = api.fix_file(folder / "Dockerfile", options=options)
    assert result.files, "the example needs another file"
    review = review_of(result, "Dockerfile", whole(text), again_of(result, options))
    assert [one.first for one in review.suggestions] == [3]
    assert [one.reason for one in review.remainder] == [OTHER_FILES]
    assert "+++ b/" in review.patch()
    assert ".dockerignore" in review.patch()


# --- steps that no pass makes ----------------------------------------------------------


def made(before: str, *edits: tuple[int, int, str], fixes: int = 1) -> Step:
    """Return a step; each edit a fix of its own, or all edits one fix."""
    spans = [Edit(Span(start, end), text) for start, end, text in edits]
    groups = [(one,) for one in spans] if fixes > 1 else [tuple(spans)]
    applied = tuple(
        [
            Applied("found", "Do it", Applicability.SAFE, (), frozenset(), group, group[0].span, 1, 1)
            for group in groups
        ]
    )
    after = before
    for edit in sorted(spans, reverse=True):
        after = after[: edit.span.start] + edit.text + after[edit.span.end :]
    return Step("a-pass", "style", applied, before, after)


def result_of(text: str, *steps: Step) -> FixResult:
    return FixResult("Dockerfile", Result(text, steps[-1].after, steps))


def yes(result: FixResult) -> object:
    """Return an engine that makes exactly what is not refused, as if all fixes were independent."""
    cuts, fixes = cuts_of(result.outcome), made_in(result.outcome)

    def again(refused: Collection[object]) -> Result:
        kept = [one for one in cuts if not any(fixes[n].mark in refused for n in one.fixes)]
        return Result(result.original, with_cuts(result.original, kept))

    return again


TEXT = "a\nb\nc\nd\ne\n"


@pytest.mark.parametrize(
    ("steps", "ranges"),
    [
        ([made(TEXT, (2, 3, "B"))], [(2, 2, "B\n")]),
        ([made(TEXT, (2, 4, ""))], [(2, 2, "")]),
        ([made(TEXT, (4, 4, "x\n"))], [(3, 2, "x\n")]),
        ([made(TEXT, (3, 3, "\nx"))], [(3, 2, "x\n")]),
        ([made(TEXT, (2, 3, "B"), (4, 5, "C"), fixes=2)], [(2, 2, "B\n"), (3, 3, "C\n")]),
        ([made(TEXT, (2, 3, "B"), (6, 7, "D"))], [(2, 4, "B\nc\nD\n")]),
        ([made(TEXT, (4, 4, "x\n"), (4, 5, "C"), fixes=2)], [(3, 3, "x\nC\n")]),
        ([made(TEXT, (4, 4, "x\n")), made("a\nb\nx\nc\nd\ne\n", (4, 5, "y"))], [(3, 2, "y\n")]),
        ([made(TEXT, (4, 4, "x\n")), made("a\nb\nx\nc\nd\ne\n", (4, 6, ""))], [(1, 0, "")]),
        ([made(TEXT, (3, 4, " ")), made("a\nb c\nd\ne\n", (3, 4, "+"))], [(2, 3, "b+c\n")]),
        ([made(TEXT, (10, 10, "x\n"))], [(6, 5, "x\n")]),
        ([made(TEXT, (10, 10, "x"))], [(6, 5, "x")]),
    ],
)
def test_places_are_traced_to_the_original(steps: list[Step], ranges: list[tuple[int, int, str]]) -> None:
    result = result_of(TEXT, *steps)
    pieces = pieces_of(result, yes(result))  # type: ignore[arg-type]
    found = [(piece.first, piece.last, piece.text) for piece in pieces]
    if ranges != [(1, 0, "")]:
        assert found == ranges
    assert with_pieces(TEXT, pieces) == result.fixed
    assert sum(len(piece.fixes) for piece in pieces) == sum(len(step.fixes) for step in steps)


def placed(text: str, edit: tuple[int, int, str], diff: FileDiff | None) -> Review:
    result = result_of(text, made(text, edit))
    return review_of(result, "Dockerfile", diff, yes(result))  # type: ignore[arg-type]


def test_lines_are_put_somewhere_by_repeating_one_beside_them() -> None:
    (one,) = placed(TEXT, (4, 4, "x\n"), whole(TEXT)).suggestions
    assert (one.first, one.last, one.lines) == (2, 2, ("b", "x"))
    (one,) = placed(TEXT, (0, 0, "x\n"), whole(TEXT)).suggestions
    assert (one.first, one.last, one.lines) == (1, 1, ("x", "a"))
    below = read_patch("Dockerfile", "", "@@ -2,0 +3,2 @@\n+c\n+d")
    (one,) = placed(TEXT, (4, 4, "x\n"), below).suggestions
    assert (one.first, one.last, one.lines) == (3, 3, ("x", "c"))


def test_blank_lines_are_not_taken_for_a_removal() -> None:
    (one,) = placed(TEXT, (2, 3, ""), whole(TEXT)).suggestions
    assert (one.first, one.last, one.lines) == (1, 2, ("a", ""))
    (one,) = placed(TEXT, (2, 4, ""), whole(TEXT)).suggestions
    assert (one.first, one.last, one.lines) == (2, 2, ())


@pytest.mark.parametrize(
    ("text", "edit", "reason"),
    [
        (TEXT, (10, 10, "x"), LAST_LINE),
        ("a\nb", (3, 3, "\n"), LAST_LINE),
        ("a\nb", (2, 3, ""), LAST_LINE),
        ("a\r\nb\r\n", (3, 4, "B"), UNWRITABLE),
        ("a\nb\n", (2, 3, "\x1b"), UNWRITABLE),
        ("a\nb\n", (2, 3, "\udcff"), UNWRITABLE),
        ("\ufeffa\nb\n", (1, 2, "A"), UNWRITABLE),
    ],
)
def test_what_a_click_could_not_do_exactly_is_not_suggested(
    text: str, edit: tuple[int, int, str], reason: str
) -> None:
    review = placed(text, edit, whole(text))
    assert [one.reason for one in review.remainder] == [reason]
    assert review.suggestions == ()


def test_a_last_line_without_a_line_end_can_be_replaced() -> None:
    (one,) = placed("a\nb", (2, 3, "B"), whole("a\nb")).suggestions
    assert (one.lines, one.text) == (("B",), "B")
    (one,) = placed("a\nb", (1, 3, ""), whole("a\nb")).suggestions
    assert (one.first, one.last, one.text) == (1, 2, "a")


def test_places_that_the_diff_does_not_show() -> None:
    two = read_patch("Dockerfile", "", "@@ -1 +1,2 @@\n a\n+b\n@@ -4,2 +4,2 @@\n-x\n+d\n e")
    result = result_of(TEXT, made(TEXT, (2, 3, "B"), (6, 7, "D")))
    review = review_of(result, "Dockerfile", two, yes(result))  # type: ignore[arg-type]
    assert [one.reason for one in review.remainder] == [OTHER_LINES]
    assert [one.reason for one in placed(TEXT, (4, 5, "C"), two).remainder] == [OTHER_LINES]
    assert [one.reason for one in placed(TEXT, (4, 5, "C"), None).remainder] == [NOT_IN_DIFF]
    assert [one.reason for one in placed(TEXT, (4, 5, "C"), whole(TEXT)._replace(hunks=())).remainder] == [
        TOO_LARGE
    ]
    assert placed(TEXT, (2, 3, "B"), two).suggestions
