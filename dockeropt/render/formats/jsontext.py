"""JSON as every format writes it.

Invariant: valid Unicode whatever a Dockerfile holds: what stands for an invalid byte becomes a
question mark, since JSON cannot hold it.
"""


def dumped(value: object, *, indent: int | None = None) -> str:
    """Return ``value`` as JSON, without a final line end."""
    import json

    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return text.encode("utf-8", "replace").decode("utf-8")


def is_exact(text: str) -> bool:
    """Tell whether JSON can hold ``text`` as it is."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
