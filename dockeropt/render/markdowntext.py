"""Text inside Markdown, as GitHub and GitLab read it.

Invariant: what comes from a file of the project cannot become markup, mention a person, name an issue,
or end the fence or the code span that it stands in.
"""

import re

from dockeropt.errors import printable


def escaped(text: str) -> str:
    r"""Return ``text`` on one line so that Markdown shows it as it is, in a table too.

    An empty comment keeps what follows ``@``, ``#``, ``!`` and ``%`` from being a name or a number.

    >>> escaped("a_b|c @me")
    'a\\_b\\|c @<!-- -->me'
    """
    text = re.sub(r"([\\`*_{}\[\]<>|~&$])", r"\\\1", printable(" ".join(text.split())))
    return re.sub(r"([@#!%])(?=\w)", r"\1<!-- -->", text)


def code(text: str, *, in_table: bool = False) -> str:
    """Return ``text`` on one line as a code span, ``""`` for none.

    Args:
        text: Anything, backquotes too.
        in_table: Whether it stands in a cell, where a ``|`` would end it.
    """
    text = printable(" ".join(text.split()))
    if in_table:
        text = text.replace("|", "\\|")
    ticks = "`" * (_longest_run(text) + 1)
    pad = " " if "`" in text else ""
    return f"{ticks}{pad}{text}{pad}{ticks}" if text else ""


def fence(text: str) -> str:
    """Return backquotes that can stand around the lines of ``text``."""
    return "`" * max(3, _longest_run(text) + 1)


def _longest_run(text: str) -> int:
    return max(map(len, re.findall("`+", text)), default=0)
