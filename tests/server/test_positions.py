"""Offsets and positions lead to each other, in all three ways of counting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types

from dockeropt.server.positions import ENCODINGS, Positions
from dockeropt.text import Edit, Span, apply_edits
from tests.server.kit import edited

TEXTS = st.text(st.sampled_from("aé€😀\r\n\u2028\x0b\x85\ufeff\udcff"), max_size=30)
SOUND = st.text(st.sampled_from("aé€😀\r\n\u2028\x0b\x85\ufeff"), max_size=30)


@given(TEXTS, st.sampled_from(ENCODINGS))
def test_every_offset_comes_back(text: str, encoding: str) -> None:
    positions = Positions(text, encoding)
    for offset in range(len(text) + 1):
        if text[max(offset - 1, 0) : offset + 1] != "\r\n" or not offset:
            assert positions.offset(*positions.at(offset)) == offset


@given(TEXTS, st.sampled_from(ENCODINGS), st.integers(-2, 40), st.integers(-2, 99))
def test_any_position_is_a_place_in_the_text(text: str, encoding: str, line: int, character: int) -> None:
    assert 0 <= Positions(text, encoding).offset(line, character) <= len(text)


@pytest.mark.parametrize(("encoding", "character"), [("utf-16", 4), ("utf-8", 7), ("utf-32", 3)])
def test_characters_are_counted_as_agreed(encoding: str, character: int) -> None:
    assert Positions("\n😀é a", encoding).at(4) == (1, character)


def test_an_unknown_way_of_counting_is_utf_16() -> None:
    assert Positions("😀a", "utf-7").at(1) == (0, 2)


@given(SOUND, st.sampled_from(ENCODINGS), st.data())
def test_an_editor_makes_the_same_of_an_edit(text: str, encoding: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    edit = Edit(Span(start, end), data.draw(st.sampled_from(["", "x", "\n", "é😀"])))
    first, last, new = Positions(text, encoding).edit(edit)
    there = types.TextEdit(types.Range(types.Position(*first), types.Position(*last)), new)
    assert edited(text, [there], encoding) == apply_edits(text, [edit])
