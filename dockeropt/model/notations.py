"""Ports, durations and signals: the little languages of an image configuration.

Invariant: what BuildKit rejects raises ``ValueError`` with its reason, and what it accepts gives
its result. Sources: BuildKit ``convert_expose.go`` (``parsePort``), Go ``time.ParseDuration``,
github.com/moby/sys/signal (``ParseSignal``).
"""

import re

_UNITS = {
    "ns": 1,
    "us": 1_000,
    "µs": 1_000,
    "μs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}


def parse_port(text: str) -> tuple[str, ...]:
    """Return the ports that one word of EXPOSE stands for.

    >>> parse_port("8000-8001/udp")
    ('8000/udp', '8001/udp')
    """
    *outer, inner = text.split(":")
    ports, _, protocol = inner.partition("/")
    if not ports:
        raise ValueError(f'invalid port: "{text}": no port specified')
    protocol = protocol.lower() or "tcp"
    if protocol not in ("tcp", "udp", "sctp"):
        raise ValueError(f'invalid port: "{text}": invalid proto: {protocol}')
    if len(outer) > 1:
        _check_address(":".join(outer[:-1]))
    first, last = _port_range(ports, "containerPort")
    if outer and outer[-1]:
        start, end = _port_range(outer[-1], "hostPort")
        if last - first != end - start and last != first:
            raise ValueError(
                f"invalid ranges specified for container and host Ports: {ports} and {outer[-1]}"
            )
    return tuple([f"{port}/{protocol}" for port in range(first, last + 1)])


def parse_duration(text: str) -> int:
    """Return a Go duration such as ``1m30s`` in nanoseconds."""
    sign = -1 if text.startswith("-") else 1
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0
    total, at = 0, 0
    for found in re.finditer(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", body):
        if found.start() != at:
            break
        number = found[1]
        whole, _, fraction = number.partition(".")
        unit = _UNITS[found[2]]
        total += int(whole or "0") * unit
        if fraction:
            total += int(fraction) * unit // 10 ** len(fraction)
        at = found.end()
    if not at or at != len(body):
        raise ValueError(f'time: invalid duration "{text}"')
    return sign * total


def _port_range(text: str, what: str) -> tuple[int, int]:
    start, dash, end = text.partition("-")
    try:
        first = _number(start)
        last = first if not dash or start == end else _number(end)
    except ValueError:
        raise ValueError(f"invalid {what}: {text}") from None
    if last < first:
        raise ValueError(f"invalid {what}: {text}")
    return first, last


def _number(text: str) -> int:
    digits = text.removeprefix("+") if text[:1] == "+" else text
    if not digits.isascii() or not digits.isdigit() or int(digits[:9]) > 65_535 or len(digits) > 9:
        raise ValueError(text)
    return int(digits)


def _check_address(text: str) -> None:
    if text:
        from ipaddress import ip_address

        try:
            ip_address(text.removeprefix("[").removesuffix("]"))
        except ValueError:
            raise ValueError(f"invalid IP address: {text}") from None


_SIGNALS = frozenset(
    (
        "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS"
        " TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX"
    ).split()
)


def is_signal(text: str) -> bool:
    """Tell whether STOPSIGNAL takes ``text`` (github.com/moby/sys/signal ``ParseSignal``)."""
    if text.lstrip("+-").isdigit() and text.isascii():
        return int(text[:9]) != 0
    name = text.upper().removeprefix("SIG")
    if name in _SIGNALS:
        return True
    start, sign, number = name[:5], name[5:6], name[6:]
    if not number.isdigit() or not number.isascii():
        return False
    return ((start, sign) == ("RTMIN", "+") and 1 <= int(number[:3]) <= 15) or (
        (start, sign) == ("RTMAX", "-") and 1 <= int(number[:3]) <= 14
    )
