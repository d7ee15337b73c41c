"""Write new pieces of a Dockerfile with the quoting that Docker reads back unchanged.

Invariant: what a function here writes, the parser and Docker's expansion read as the value
that was given (tested with random values).
"""

import re
from collections.abc import Iterable

_BARE = re.compile(r"[A-Za-z0-9_./:@%+,-]+\Z")


def quote_value(text: str, escape: str = "\\") -> str:
    """Return ``text`` as a value of ENV, LABEL or ARG that Docker takes literally.

    Args:
        text: The value; it must not hold a line end.
        escape: The escape character of the file.

    Raises:
        ValueError: The value holds a line end, which no instruction can.

    >>> quote_value('say "hi" for $5')
    '"say \\\\"hi\\\\" for \\\\$5"'
    """
    if "\n" in text or "\r" in text:
        raise ValueError("a value cannot hold a line end")
    if _BARE.match(text):
        return text
    for special in (escape, '"', "$"):
        text = text.replace(special, escape + special)
    return f'"{text}"'


def pair(name: str, value: str, escape: str = "\\") -> str:
    """Return ``name=value`` for ENV, LABEL or ARG.

    >>> pair("GREETING", "hello world")
    'GREETING="hello world"'
    """
    return f"{name}={quote_value(value, escape)}"


def json_array(values: Iterable[str]) -> str:
    """Return the exec form of ``values``.

    >>> json_array(["python", "app.py"])
    '["python", "app.py"]'
    """
    import json

    return json.dumps(list(values), ensure_ascii=False)
