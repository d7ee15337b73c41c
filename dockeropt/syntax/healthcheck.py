"""The flag values of HEALTHCHECK: durations in Go's notation and a count.

Facts: Go ``time.ParseDuration``; BuildKit ``parseOptInterval`` (at least one millisecond).
"""

import re

from dockeropt.syntax.nodes import Flag

_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}


def seconds(text: str) -> float | None:
    """Return a duration such as ``1m30s`` in seconds, ``None`` if it is none.

    >>> seconds("1m30s")
    90.0
    """
    sign = -1 if text.startswith("-") else 1
    body = text.lstrip("+-") if text[:1] in "+-" else text
    if body == "0":
        return 0.0
    total, at = 0.0, 0
    while at < len(body):
        part = _PART.match(body, at)
        if part is None:
            return None
        total += float(part[1]) * _SECONDS[part[2]]
        at = part.end()
    return sign * total if body else None


def duration_problem(flag: Flag) -> str | None:
    """Return why BuildKit refuses the value of a HEALTHCHECK flag, ``None`` if it does not."""
    if flag.value is None or "$" in flag.value:
        return None
    if flag.name == "retries":
        if not re.fullmatch(r"[+-]?\d+", flag.value):
            return f'strconv.ParseInt: parsing "{flag.value}": invalid syntax'
        return f"--retries cannot be negative ({flag.value})" if flag.value.startswith("-") else None
    found = seconds(flag.value)
    if found is None:
        return f'time: invalid duration "{flag.value}"'
    if 0 < found < 0.001:
        return f'Interval "{flag.name}" cannot be less than 1ms'
    return None
