"""The JSON (exec) form of an instruction, with the place of every string.

BuildKit tries it first and silently falls back to the shell form when the text is no JSON
array; an array that holds something else than strings is an error (``parseJSON``).
"""

import re

from dockeropt.syntax.nodes import JsonArray
from dockeropt.text import TextMap

_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)


class NotOnlyStrings(ValueError):
    """The text is a JSON array, but not one of strings."""


def parse_json(text: TextMap) -> JsonArray | None:
    """Return the array that ``text`` is, ``None`` if it is not JSON.

    Raises:
        NotOnlyStrings: It is an array that holds something else.
    """
    if not text.text.startswith("["):
        return None
    import json

    try:
        values = json.loads(text.text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list):
        return None
    if not all(isinstance(value, str) for value in values):
        raise NotOnlyStrings
    spans = tuple([text.span(m.start(), m.end()) for m in _STRING.finditer(text.text)])
    return JsonArray(text.span(0, len(text.text)), tuple(values), spans)
