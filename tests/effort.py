"""How much work a piece of code does, counted instead of timed.

Invariant: the same on a busy machine and an idle one. What one call into C costs is not seen;
`make bench` prints how times grow.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType


def effort(work: Callable[[], object]) -> int:
    """Return how many functions, Python's own among them, are called while ``work`` runs."""
    count = 0

    def seen(_frame: FrameType, event: str, _what: object) -> None:
        nonlocal count
        if event in {"call", "c_call"}:
            count += 1

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
