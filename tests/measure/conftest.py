"""Small passes to plant, the same as those that the engine of passes is tried with."""

from tests.rewrite.conftest import make_pass

__all__ = ["make_pass"]
