"""Titles are found in pages."""

from bookmarks.titles import title_in


def test_title() -> None:
    assert title_in("<title> A page </title>", "x") == "A page"
    assert title_in("<p>nothing</p>", "x") == "x"
