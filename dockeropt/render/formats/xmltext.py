"""Text inside XML 1.0, which has no way to hold most control characters.

Invariant: the result is well-formed whatever a message holds.
"""

from dockeropt.errors import printable


def attribute(text: object) -> str:
    """Return a value with its quotes, control characters written as escapes."""
    from xml.sax.saxutils import quoteattr

    return quoteattr(printable(str(text)))


def content(lines: "list[str]") -> str:
    """Return lines as the content of an element."""
    from xml.sax.saxutils import escape

    return "\n".join([escape(printable(line)) for line in lines])
