"""Fixes that overlap are not made together."""

from hypothesis import given
from hypothesis import strategies as st

from dockeropt.rewrite import Applicability, Finding, Fix
from dockeropt.rewrite.resolve import choose, own_conflict
from dockeropt.text import Edit, EditConflict, Span, apply_edits

SAFE, UNSAFE, SUGGESTION = Applicability.SAFE, Applicability.UNSAFE, Applicability.SUGGESTION


def finding(name: str, *edits: Edit, level: Applicability = SAFE) -> Finding:
    return Finding(name, edits[0].span, Fix(name, edits, level))


def names(found: list[Finding]) -> list[str]:
    return [f.message for f in found]


def test_the_first_of_two_overlapping_fixes_wins() -> None:
    a = finding("a", Edit(Span(2, 5), "x"))
    b = finding("b", Edit(Span(4, 8), "y"))
    c = finding("c", Edit(Span(8, 9), "z"))
    chosen, waiting = choose([c, b, a], SAFE)
    assert names(chosen) == ["a", "c"]
    assert waiting


def test_a_safer_fix_goes_first() -> None:
    a = finding("a", Edit(Span(2, 5), "x"), level=UNSAFE)
    b = finding("b", Edit(Span(4, 8), "y"))
    assert names(choose([a, b], UNSAFE)[0]) == ["b"]


def test_levels_below_are_left_and_suggestions_always() -> None:
    a = finding("a", Edit.insert(1, "x"), level=UNSAFE)
    b = finding("b", Edit.insert(2, "x"), level=SUGGESTION)
    assert choose([a, b, Finding("c", Span(0, 1))], SAFE) == ([], False)
    assert names(choose([a, b], UNSAFE)[0]) == ["a"]
    assert names(choose([a, b], SUGGESTION)[0]) == ["a"]


def test_a_fix_is_taken_whole_or_not_at_all() -> None:
    a = finding("a", Edit(Span(5, 6), "x"))
    b = finding("b", Edit(Span(1, 2), "y"), Edit(Span(5, 7), "y"))
    chosen, waiting = choose([a, b], SAFE)
    assert names(chosen) == ["b"]
    assert waiting
    assert names(choose([finding("a", Edit(Span(0, 1), "x"), Edit(Span(5, 6), "x")), b], SAFE)[0]) == ["a"]


def test_equal_edits_are_one_edit() -> None:
    a = finding("a", Edit.insert(3, "x"))
    b = finding("b", Edit.insert(3, "x"), Edit.insert(5, "y"))
    c = finding("c", Edit.insert(3, "other"))
    chosen, waiting = choose([a, b, c], SAFE)
    assert names(chosen) == ["a", "b"]
    assert waiting
    assert apply_edits("abcdef", [e for f in chosen if f.fix for e in f.fix.edits]) == "abcxdeyf"


def test_a_fix_at_odds_with_itself_is_noticed() -> None:
    assert own_conflict(Fix("x", (Edit(Span(1, 4), "a"), Edit.insert(2, "b")), SAFE))
    assert own_conflict(Fix("x", (Edit.insert(2, "a"), Edit.insert(2, "b")), SAFE))
    assert not own_conflict(Fix("x", (Edit.insert(1, "a"), Edit(Span(1, 4), "b"), Edit.insert(4, "c")), SAFE))


edits = st.builds(
    lambda start, length, text: Edit(Span(start, start + length), text),
    st.integers(0, 12),
    st.integers(0, 4),
    st.sampled_from(["", "x", "y"]),
)


@given(st.lists(st.lists(edits, min_size=1, max_size=3), max_size=8))
def test_whatever_is_chosen_can_be_applied(groups: list[list[Edit]]) -> None:
    text = "0123456789abcdefgh"
    found = [finding(str(i), *group) for i, group in enumerate(groups)]
    found = [f for f in found if f.fix is not None and not own_conflict(f.fix)]
    chosen, waiting = choose(found, SAFE)
    apply_edits(text, [edit for f in chosen if f.fix for edit in f.fix.edits])
    assert bool(found) <= bool(chosen)
    for loser in found:  # maximal: whoever had to wait is in the way of someone
        if loser not in chosen and loser.fix is not None:
            assert waiting
            try:
                apply_edits(text, [e for f in (*chosen, loser) if f.fix for e in f.fix.edits])
            except EditConflict:
                continue
            raise AssertionError(loser)
