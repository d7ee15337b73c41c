"""JSON as every report writes it.

Invariant: valid Unicode whatever a Dockerfile holds: what stands for an invalid byte becomes a
question mark, since JSON cannot hold it.
"""


def dumped(value: object, *, indent: int | None = None) -> str:
    """Return ``value`` as JSON, without a final line end."""
    import json

    return clean(json.dumps(value, ensure_ascii=False, indent=indent))


def clean(text: str) -> str:
    """Return ``text`` as valid Unicode: what stands for an invalid byte becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def is_exact(text: str) -> bool:
    """Tell whether JSON can hold ``text`` as it is."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
