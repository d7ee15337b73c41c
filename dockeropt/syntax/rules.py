"""What BuildKit demands of each instruction: its flags, and the words of its refusals.

Facts from BuildKit's ``frontend/dockerfile/instructions`` (``parse.go``, ``bflag.go``).
"""

from dockeropt.syntax.nodes import Flag

FLAGS: dict[str, frozenset[str]] = {
    "FROM": frozenset({"platform"}),
    "RUN": frozenset({"mount", "network", "security", "device"}),
    "COPY": frozenset({"from", "chown", "chmod", "link", "parents", "exclude"}),
    "ADD": frozenset({"chown", "chmod", "link", "keep-git-dir", "checksum", "exclude", "unpack"}),
    "HEALTHCHECK": frozenset({"interval", "timeout", "start-period", "start-interval", "retries"}),
}
SWITCHES = frozenset({"link", "parents", "keep-git-dir", "unpack"})
"""Flags that may stand without a value."""

REPEATABLE = frozenset({"mount", "exclude", "device"})
KEYWORDS = (
    "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL"
    " STOPSIGNAL USER VOLUME WORKDIR"
).split()


def flag_problem(name: str, flags: tuple[Flag, ...]) -> tuple[str, Flag] | None:
    """Return why BuildKit refuses the flags of an instruction, and which one."""
    allowed = FLAGS.get(name, frozenset())
    seen: set[str] = set()
    for flag in flags:
        if flag.name not in allowed:
            return f"unknown flag: --{flag.name}", flag
        if flag.name in seen and flag.name not in REPEATABLE:
            return f"duplicate flag specified: --{flag.name}", flag
        seen.add(flag.name)
        if flag.value is None and flag.name not in SWITCHES:
            return f"missing a value on flag: --{flag.name}", flag
        if flag.name in SWITCHES and flag.value is not None and flag.value.lower() not in ("true", "false"):
            return f"expecting boolean value for flag --{flag.name}, not: {flag.value}", flag
    return None


def nearest_keyword(word: str) -> str | None:
    """Return the instruction that an unknown word was most likely meant to be.

    >>> nearest_keyword("COPPY")
    'COPY'
    """
    best = min(KEYWORDS, key=lambda keyword: (distance(word, keyword), keyword))
    return best if distance(word, best) <= (1 if len(best) < 4 else 2) else None


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
