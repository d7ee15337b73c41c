"""Places lead back through the steps to the original."""

from dockeropt.rewrite.result import place_before
from dockeropt.text import Edit, Span, apply_edits


def test_a_place_is_found_again() -> None:
    old = "one two three four"
    edits = [Edit(Span(4, 7), "TWO TWO"), Edit.insert(8, "and "), Edit.delete(Span(13, 18))]
    new = apply_edits(old, edits)
    assert new == "one TWO TWO and three"
    assert old[place_before(edits, new.index("three")) :].startswith("three")
    assert place_before(edits, 0) == 0
    assert place_before(edits, new.index("TWO")) == 4
    assert place_before(edits, new.index("TWO") + 5) == 4  # inside written text: where it was put
    assert place_before(edits, new.index("and")) == 8
    assert place_before(edits, len(new)) == len(old)


def test_nothing_changed_nothing_moved() -> None:
    assert [place_before([], i) for i in range(4)] == [0, 1, 2, 3]
