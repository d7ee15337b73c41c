"""What BuildKit demands of flags and names, in the words of its refusals.

Facts from BuildKit's ``frontend/dockerfile/instructions``: ``parse.go``, ``bflag.go``,
``commands_run*.go``. What needs variables to be known (``--mount`` beyond its shape, image names)
is no matter of syntax: the model looks at it.
"""

from dockeropt.syntax.gotext import BadDuration, nanoseconds, quoted
from dockeropt.syntax.nodes import Flag
from dockeropt.text import Span

_SWITCH, _ONCE, _MANY = "switch", "once", "many"
FLAGS: dict[str, dict[str, str]] = {
    "FROM": {"platform": _ONCE},
    "RUN": {"mount": _MANY, "network": _ONCE, "security": _ONCE, "device": _MANY},
    "COPY": {
        "chown": _ONCE,
        "from": _ONCE,
        "chmod": _ONCE,
        "link": _SWITCH,
        "exclude": _MANY,
        "parents": _SWITCH,
    },
    "ADD": {
        "chown": _ONCE,
        "chmod": _ONCE,
        "link": _SWITCH,
        "keep-git-dir": _SWITCH,
        "checksum": _ONCE,
        "unpack": _SWITCH,
        "exclude": _MANY,
    },
    "HEALTHCHECK": dict.fromkeys(("interval", "timeout", "start-period", "start-interval", "retries"), _ONCE),
}
"""Flags of each instruction: a switch may stand without a value, some may be repeated."""

KEYWORDS = (
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL"
    " STOPSIGNAL USER VOLUME WORKDIR"
).split()


class Refused(Exception):
    """BuildKit refuses the instruction.

    Args:
        message: BuildKit's reason.
        at: The place to point at, the keyword if not given.
        hint: What to do about it.
        parse: Whether BuildKit's parser refuses, before any instruction is looked at.
    """

    def __init__(self, message: str, at: Span | None = None, hint: str = "", *, parse: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.hint = hint
        self.parse = parse


def instruction_name(keyword: str) -> str:
    """Return the keyword in upper case, as it is where that would make another word an instruction."""
    name = keyword.upper()
    return name if keyword.isascii() or name not in KEYWORDS else keyword


# --- flags -----------------------------------------------------------------------------


def check_flags(name: str, flags: tuple[Flag, ...]) -> None:
    """Look at names and number of the flags (``BFlags.Parse``).

    Raises:
        Refused: BuildKit does not take one of them.
    """
    allowed = FLAGS.get(name, {})
    seen: set[str] = set()
    for flag in flags:
        kind = allowed.get(flag.name)
        if kind is None:
            nearest = _nearest(flag.name, list(allowed), 2)
            hint = f"did you mean --{nearest}?" if nearest else f"{name} knows no such flag"
            raise Refused(f"unknown flag: --{flag.name}", flag.span, hint)
        if flag.name in seen and kind != _MANY:
            raise Refused(f"duplicate flag specified: --{flag.name}", flag.span, "keep one of them")
        seen.add(flag.name)
        value = flag.unquoted
        if (value is None) if kind != _SWITCH else (value == ""):
            raise Refused(f"missing a value on flag: --{flag.name}", flag.span, f"write --{flag.name}=value")
        if kind == _SWITCH and value is not None and value.lower() not in ("true", "false"):
            message = f"expecting boolean value for flag --{flag.name}, not: {value}"
            raise Refused(message, flag.span, "write true or false")


def check_run_flags(flags: tuple[Flag, ...]) -> None:
    """Look at the values of RUN's flags (the post hooks of ``parseRun``).

    Raises:
        Refused: BuildKit does not take one of them.
    """
    for name, check in (
        ("device", _device),
        ("mount", _mount),
        ("network", _network),
        ("security", _security),
    ):
        for flag in flags:
            message = check(flag.unquoted or "") if flag.name == name else None
            if message is not None:
                raise Refused(message, flag.span)


def _network(value: str) -> str | None:
    return None if value in ("default", "none", "host") else f"invalid network mode {quoted(value)}"


def _security(value: str) -> str | None:
    return None if value in ("sandbox", "insecure") else f"security {quoted(value)} is not valid"


def _mount(value: str) -> str | None:
    """Look at what needs no variables: the fields, and that ``from`` has none."""
    fields, problem = csv_fields(value)
    if problem is not None:
        return f"failed to parse csv mounts: {problem}"
    for field in fields:
        key, _, source = field.partition("=")
        if key.lower() == "from" and "$" in source and source.index("$") != len(source) - 1:
            return f"'{key.lower()}' doesn't support variable expansion, define alias stage instead"
    return None


def _device(value: str) -> str | None:
    fields, problem = csv_fields(value)
    if problem is not None:
        return f"failed to parse csv devices: {problem}"
    device = ""
    for field in fields:
        key, equals, setting = field.partition("=")
        key = key.lower()
        if key == "required":
            if equals and setting not in "1 t T TRUE true True 0 f F FALSE false False".split():
                return f"invalid value for {key}: {setting}"
        elif key == "name" and equals:
            if device:
                return f"device name already set to {device}"
            device = setting
        elif not device:
            device = field
        else:
            return (
                f"unexpected key '{key}' in '{field}'"
                if equals
                else f"invalid field '{field}' must be a key=value pair"
            )
    return None


def csv_fields(text: str) -> tuple[list[str], str | None]:
    """Split one line of comma-separated values; return the fields, and what is wrong or ``None``.

    A field in double quotes may hold commas, a doubled quote in it stands for one.

    >>> csv_fields('type=bind,"source=a,b"')
    (['type=bind', 'source=a,b'], None)
    """
    if not text:
        return [], "EOF"
    if '"' not in text:
        return text.split(","), None
    fields: list[str] = []
    at = 0
    while True:
        if not text.startswith('"', at):
            stop = text.find(",", at)
            stop = len(text) if stop < 0 else stop
            bare = text.find('"', at, stop)
            if bare >= 0:
                return fields, _csv_error(text, bare, 'bare " in non-quoted-field')
            fields.append(text[at:stop])
            if stop == len(text):
                return fields, None
            at = stop + 1
            continue
        field: list[str] = []
        at += 1
        while True:
            stop = text.find('"', at)
            if stop < 0:
                return fields, _csv_error(text, at, 'extraneous or missing " in quoted-field')
            field.append(text[at:stop])
            at = stop + 1
            if not text.startswith('"', at):
                break
            field.append('"')
            at += 1
        fields.append("".join(field))
        if at == len(text):
            return fields, None
        if text[at] != ",":
            return fields, _csv_error(text, stop, 'extraneous or missing " in quoted-field')
        at += 1


def _csv_error(text: str, at: int, problem: str) -> str:
    column = len(text[:at].encode("utf-8", "surrogateescape")) + 1
    return f"parse error on line 1, column {column}: {problem}"


def check_health_flags(flags: tuple[Flag, ...]) -> None:
    """Look at the durations and the count of HEALTHCHECK (``parseHealthcheck``).

    Raises:
        Refused: BuildKit does not take one of them.
    """
    for name in ("interval", "timeout", "start-period", "start-interval", "retries"):
        for flag in flags:
            if flag.name == name and flag.unquoted:
                message, hint = (_count if name == "retries" else _interval)(flag.unquoted, name)
                if message:
                    raise Refused(message, flag.span, hint)


def _interval(value: str, name: str) -> tuple[str, str]:
    try:
        found = nanoseconds(value)
    except BadDuration as why:
        return str(why), "write a number with its unit, as 30s or 1m30s"
    if found != 0 and found < 10**6:
        return f"Interval {quoted(name)} cannot be less than 1ms", ""
    return "", ""


def _count(value: str, name: str) -> tuple[str, str]:
    digits = value[1:] if value[:1] in ("+", "-") else value
    if not (digits.isascii() and digits.isdigit()):
        return f"strconv.ParseInt: parsing {quoted(value)}: invalid syntax", "write a whole number"
    number = int(digits.lstrip("0")[:20] or "0") * (-1 if value[0] == "-" else 1)
    if not -(1 << 31) <= number < 1 << 31:
        return f"strconv.ParseInt: parsing {quoted(value)}: value out of range", ""
    return (f"--{name} cannot be negative ({number})", "") if number < 0 else ("", "")


# --- names -----------------------------------------------------------------------------


def unknown(word: str, rest: str) -> Refused:
    """Return the refusal of a line that begins with ``word``, with what was probably meant.

    >>> unknown("COPY.", "/app").hint
    'did you mean COPY? write `COPY . /app`'
    """
    message = f"unknown instruction: {word}"
    for keyword in KEYWORDS:
        tail = word[len(keyword) :]
        if tail and word.upper().startswith(keyword) and not (tail[0].isalnum() or tail[0] in "-_"):
            arguments = f"{tail.lstrip(':,;=')} {rest}".strip()
            line = f"{keyword} {arguments}"
            shown = line if len(line) <= 60 else f"{line[:59]}…"
            return Refused(message, hint=f"did you mean {keyword}? write `{shown}`")
    nearest = nearest_keyword(word.upper())
    if nearest:
        return Refused(message, hint=f"did you mean {nearest}?")
    return Refused(message, hint="does the line above lack a continuation?")


def nearest_keyword(word: str) -> str | None:
    """Return the instruction that an unknown word was most likely meant to be.

    >>> nearest_keyword("COPPY")
    'COPY'
    """
    best = _nearest(word, KEYWORDS, 2)
    return best if best and distance(word, best) <= (1 if len(best) < 4 else 2) else None


def _nearest(word: str, options: list[str], limit: int) -> str | None:
    # A change alters at most two members of the set of letters: most words need no closer look.
    letters = set(word[:20])
    near = [
        (distance(word, option), option)
        for option in options
        if abs(len(word) - len(option)) <= limit and len(letters.symmetric_difference(option)) <= 2 * limit
    ]
    best = min(near, default=(limit + 1, ""))
    return best[1] if best[0] <= limit else None


def distance(a: str, b: str) -> int:
    """Return how many letters must be added, dropped, changed or swapped to get from a to b."""
    if abs(len(a) - len(b)) > 3:
        return 99
    before, last = list(range(len(b) + 1)), list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y)))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
