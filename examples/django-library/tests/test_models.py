"""A book is shown by its title."""

from catalogue.models import Book


def test_title() -> None:
    assert str(Book(title="Emma", author="Jane Austen")) == "Emma"
