"""TextMap: every character of a derived text leads back to where it stands."""

from hypothesis import given
from hypothesis import strategies as st

from dockeropt.text import Span, TextMap

SOURCE = "RUN a \\\n# note\n  b c"
MAP = TextMap.from_runs([(4, "a "), (15, "  b c")])


def test_text_is_the_joined_runs() -> None:
    assert MAP.text == "a   b c"


def test_characters_lead_back() -> None:
    at = MAP.text.index("b")
    assert SOURCE[MAP.offset(at)] == "b"
    assert MAP.span(at, at + 3).of(SOURCE) == "b c"


def test_the_place_after_a_token_is_on_its_own_line() -> None:
    # The next character stands two lines below, behind a comment.
    assert MAP.end(1) == SOURCE.index("a \\") + 1
    assert MAP.end(2) == SOURCE.index("\\")


def test_contiguity_tells_of_swallowed_lines() -> None:
    assert MAP.is_contiguous(0, 2)
    assert not MAP.is_contiguous(0, 5)


def test_slices_keep_their_places() -> None:
    part = MAP.slice(1, 5)
    assert part.text == "   b"
    assert part.span(3, 4).of(SOURCE) == "b"
    assert MAP.slice(3, 3).offset(0) == MAP.offset(3)


def test_empty_map_stands_at_its_anchor() -> None:
    assert TextMap.identity("", 7).span(0, 0) == Span(7, 7)


def test_adjacent_runs_become_one() -> None:
    assert TextMap.from_runs([(0, "ab"), (2, "cd")]).starts == (0,)


@st.composite
def maps(draw: st.DrawFn) -> tuple[str, TextMap]:
    source = draw(st.text(min_size=1, max_size=40))
    cuts = sorted(draw(st.lists(st.integers(0, len(source)), max_size=8)))
    runs = [(a, source[a:b]) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return source, TextMap.from_runs(runs)


@given(maps())
def test_offsets_hold_for_every_character(case: tuple[str, TextMap]) -> None:
    source, derived = case
    assert [source[derived.offset(i)] for i in range(len(derived.text))] == list(derived.text)


@given(maps(), st.data())
def test_composition_is_the_same_text_through_two_layers(
    case: tuple[str, TextMap], data: st.DataObject
) -> None:
    source, inner_source = case
    text = inner_source.text
    a = data.draw(st.integers(0, len(text)))
    b = data.draw(st.integers(a, len(text)))
    inner = TextMap.from_runs([(a, text[a:b])])
    composed = inner.compose(inner_source)
    assert composed.text == text[a:b]
    assert [source[composed.offset(i)] for i in range(b - a)] == list(text[a:b])
