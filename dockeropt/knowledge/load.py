"""Reading the tables: each when it is first asked for, once.

Invariant: importing this module reads nothing. Files lie beside it and are opened by path:
``importlib.resources`` costs more than the reading.
"""

import os
from collections.abc import Iterator

_DATA = os.path.join(os.path.dirname(__file__), "data")


def read_text(name: str) -> str:
    """Return the text of a table file."""
    with open(os.path.join(_DATA, name), encoding="utf-8") as file:
        return file.read()


def read_lines(name: str) -> Iterator[str]:
    """Yield the lines of a table file that are neither empty nor comments (``#``)."""
    return (line for line in read_text(name).split("\n") if line and line[0] != "#")
