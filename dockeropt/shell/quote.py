"""Quoting: turn any text into one shell word that means exactly it, in every shell.

Invariant: ``printf %s`` with the quoted word prints the text in dash, busybox ash and bash.
"""

import re

_PLAIN = re.compile(r"[A-Za-z0-9_%+,./:@][A-Za-z0-9_%+,./:=@^-]*\Z|-[A-Za-z0-9_%+,./:=@^-]*\Z")


def quote(text: str) -> str:
    """Return ``text`` as one argument of a shell command, quoted only where needed.

    Single quotes, since nothing is special inside them; double quotes when the text holds
    a single quote and nothing that is special in double ones.

    Raises:
        ValueError: The text holds NUL, which no shell word can.
    """
    if _PLAIN.match(text):
        return text
    if "\0" in text:
        raise ValueError("a shell word cannot hold NUL")
    if "'" not in text:
        return f"'{text}'"
    if not any(c in text for c in '"$`\\!'):
        return f'"{text}"'
    return "'" + text.replace("'", "'\\''") + "'"
