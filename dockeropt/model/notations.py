"""Ports and signals: the little languages of an image configuration.

Invariant: what BuildKit rejects raises ``ValueError`` with its reason, and what it accepts gives
its result. Sources: BuildKit ``convert_expose.go`` (``parsePort``),
github.com/moby/sys/signal (``ParseSignal``).
"""


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
