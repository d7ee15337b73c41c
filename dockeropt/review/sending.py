"""What sending a review means for every service: what is known, what is new, what came of it.

Invariant: a suggestion that is there already is not sent again.
"""

from collections.abc import Callable
from typing import NamedTuple

from dockeropt.review.suggestions import Review
from dockeropt.review.wording import MOST, SUMMARY_MARK, comment, marks_in

TOO_LONG = "the comment would be longer than the service takes"

Words = Callable[[Review], str]
"""Gives the text of the review as a whole."""


class Known(NamedTuple):
    """What a pull request carries already.

    Args:
        comments: Marks of suggestions that can still be applied.
        summaries: Marks of the texts of earlier reviews.
    """

    comments: frozenset[str] = frozenset()
    summaries: frozenset[str] = frozenset()


class Sent(NamedTuple):
    """What came of sending a review.

    Args:
        review: What was to be said, those of its suggestions that were refused moved to the remainder.
        sent: How many suggestions were sent.
        known: How many were there before.
        address: Where the review can be seen, ``""`` when nothing was sent.
    """

    review: Review
    sent: int
    known: int
    address: str = ""


def fitting(review: Review) -> Review:
    """Return the review without suggestions that are too long for a comment."""
    long = [one for one in review.suggestions if len(comment(one)) > MOST]
    return review.without(long, TOO_LONG) if long else review


def is_said(words: str, known: Known) -> bool:
    """Tell whether the text of a review was sent by an earlier run."""
    return set(marks_in(words, SUMMARY_MARK)) <= known.summaries


def unknown(review: Review, known: Known) -> Review:
    """Return the review without the suggestions that are there already."""
    fresh = tuple([one for one in review.suggestions if one.mark not in known.comments])
    return review._replace(suggestions=fresh)
