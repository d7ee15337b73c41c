"""Spans, sources, edits: the ground that everything stands on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.text import Edit, EditConflict, Source, Span, apply_edits


@given(st.binary())
def test_any_bytes_come_back(data: bytes) -> None:
    assert Source.from_bytes(data).encode() == data


def test_positions_count_lines_and_code_points_from_one() -> None:
    source = Source("FROM é\r\nRUN x\n")
    assert source.position(0) == (1, 1)
    assert source.position(source.text.index("é")) == (1, 6)
    assert source.position(source.text.index("x")) == (2, 5)
    assert source.position(len(source.text)) == (3, 1)
    assert str(source.position(5)) == "1:6"


@pytest.mark.parametrize(
    ("text", "newline"), [("a\r\nb\n", "\r\n"), ("a\nb\r\n", "\n"), ("a", "\n"), ("\n\r\n", "\n")]
)
def test_first_line_end_decides_for_inserted_text(text: str, newline: str) -> None:
    assert Source(text).newline == newline


def test_line_span_includes_the_line_end() -> None:
    source = Source("one\ntwo")
    assert Span(*source.line_span(1)).of(source.text) == "one\n"
    assert Span(*source.line_span(2)).of(source.text) == "two"


def test_edits_apply_in_any_order() -> None:
    edits = [Edit(Span(4, 7), "2"), Edit.insert(0, ">"), Edit.delete(Span(7, 8))]
    assert apply_edits("one two three", edits) == ">one 2three"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (Edit(Span(0, 3), "x"), Edit(Span(2, 4), "y")),
        (Edit.insert(2, "x"), Edit.insert(2, "y")),
        (Edit(Span(0, 4), "x"), Edit.insert(2, "y")),
    ],
)
def test_conflicting_edits_are_refused(first: Edit, second: Edit) -> None:
    assert first.conflicts(second)
    assert second.conflicts(first)
    with pytest.raises(EditConflict):
        apply_edits("abcdef", [first, second])


def test_touching_edits_are_no_conflict() -> None:
    edits = [Edit(Span(0, 2), "x"), Edit.insert(2, "+"), Edit(Span(2, 4), "y")]
    assert apply_edits("abcdef", edits) == "x+yef"


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(0, 40), st.text(max_size=3)), max_size=5))
def test_insertions_only_add(text: str, places: list[tuple[int, str]]) -> None:
    edits = {min(at, len(text)): Edit.insert(min(at, len(text)), new) for at, new in places}
    changed = apply_edits(text, edits.values())
    assert len(changed) == len(text) + sum(len(e.text) for e in edits.values())
