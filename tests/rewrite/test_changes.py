"""A fix may change other files of the build context; the same promises hold for them."""

from collections.abc import Callable, Iterator

import pytest

from dockeropt.project.context import UNKNOWN, InMemory
from dockeropt.rewrite import Applicability, Context, Effect, Finding, Fix, Pass
from dockeropt.rewrite.fix import FileChange
from dockeropt.rewrite.pipeline import run
from dockeropt.text import Edit, Span

Wrap = Callable[[str, Callable[[Context], Iterator[Finding]]], Pass]
TEXT = "FROM a\nCOPY . /a\n"
AT = Span(0, 4)


def writer(path: str, text: str, *, edits: tuple[Edit, ...] = ()) -> Callable[[Context], Iterator[Finding]]:
    """Return a pass that wants ``path`` to hold ``text``."""

    def find(ctx: Context) -> Iterator[Finding]:
        before = ctx.build.read(path)
        if before != text:
            change = FileChange(path, before, text)
            yield Finding("it does not", AT, ctx.safe("Write it", edits, files=change))

    return find


def test_a_file_is_made_and_the_next_pass_sees_it(wrap: Wrap) -> None:
    seen: list[bool] = []

    def look(ctx: Context) -> Iterator[Finding]:
        seen.append(ctx.build.ignore.ignores("x.log"))
        yield from ()

    passes = [wrap("a", writer(".dockerignore", "*.log\n")), wrap("b", look)]
    result = run(TEXT, passes, build=InMemory({"x.log": ""}))
    assert result.changed
    assert result.text == TEXT
    assert result.files == (FileChange(".dockerignore", None, "*.log\n"),)
    assert result.steps[0].fixes[0].files == result.files
    assert seen[-1] is True
    assert run(TEXT, passes, build=InMemory({"x.log": "", ".dockerignore": "*.log\n"})).files == ()


def test_changes_of_several_passes_become_one_for_each_file(wrap: Wrap) -> None:
    def more(ctx: Context) -> Iterator[Finding]:
        text = ctx.build.read("f")
        if text == "2":
            yield Finding("two", AT, ctx.safe("Three", (), files=FileChange("f", "2", "3")))

    def second(ctx: Context) -> Iterator[Finding]:
        if ctx.build.read("f") == "1":
            yield Finding("one", AT, ctx.safe("Two", (), files=FileChange("f", "1", "2")))

    result = run(TEXT, [wrap("a", second), wrap("b", more)], build=InMemory({"f": "1"}))
    assert result.files == (FileChange("f", "1", "3"),)
    assert [step.pass_id for step in result.steps] == ["a", "b"]


@pytest.mark.parametrize("path", ["", "../f", "a/../f", "/f", "./f", "a//f"])
def test_a_path_that_leads_elsewhere_is_refused(wrap: Wrap, path: str) -> None:
    result = run(TEXT, [wrap("a", writer(path, "x"))], build=InMemory({}))
    assert not result.changed
    assert "no file of a known build context" in result.rejected[0].reason


def test_a_change_without_a_context_is_refused(wrap: Wrap) -> None:
    result = run(TEXT, [wrap("a", writer("f", "x"))], build=UNKNOWN)
    assert not result.changed
    assert result.rejected


def test_a_change_of_another_text_is_refused(wrap: Wrap) -> None:
    def stale(ctx: Context) -> Iterator[Finding]:
        yield Finding("x", AT, ctx.safe("X", (), files=FileChange("f", "old", "new")))

    result = run(TEXT, [wrap("a", stale)], build=InMemory({"f": "other"}))
    assert not result.changed
    assert "does not hold" in result.rejected[0].reason


def test_two_fixes_of_one_file_wait_for_each_other(wrap: Wrap) -> None:
    def both(ctx: Context) -> Iterator[Finding]:
        text = ctx.build.read("f") or ""
        for word in ("a", "b"):
            if word not in text:
                yield Finding(word, AT, ctx.safe(word, (), files=FileChange("f", text, text + word)))

    result = run(TEXT, [wrap("a", both)], build=InMemory({"f": ""}))
    assert result.files == (FileChange("f", "", "ab"),)
    assert result.rejected == ()


def test_passes_that_undo_each_other_are_noticed(wrap: Wrap) -> None:
    def flip(before: str, after: str) -> Callable[[Context], Iterator[Finding]]:
        def find(ctx: Context) -> Iterator[Finding]:
            if ctx.build.read("f") == before:
                yield Finding("x", AT, ctx.safe("X", (), files=FileChange("f", before, after)))

        return find

    result = run(TEXT, [wrap("a", flip("1", "2")), wrap("b", flip("2", "1"))], build=InMemory({"f": "1"}))
    assert not result.changed
    assert "undoes" in result.rejected[0].reason


def test_text_and_file_change_together_or_not_at_all(wrap: Wrap) -> None:
    bad = Edit(Span(0, 4), "FORM")
    result = run(TEXT, [wrap("a", writer("f", "x", edits=(bad,)))], build=InMemory({}))
    assert not result.changed
    assert result.rejected


def test_a_fix_needs_something_to_change() -> None:
    with pytest.raises(ValueError, match="has no edit"):
        Fix("x", (), Applicability.SAFE)
    change = FileChange("f", None, "x")
    assert Fix("x", (), Applicability.SAFE, files=change).at_level(Applicability.UNSAFE).files == (change,)
    with pytest.raises(ValueError, match="gives no evidence"):
        Fix("x", (), Applicability.SAFE, effects={Effect.FILES}, files=change)
