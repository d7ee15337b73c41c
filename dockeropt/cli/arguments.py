"""Read an ordinary command line of ``fix`` and ``check`` without loading typer.

Invariant: either the same answer as typer's (a test compares the two on thousands of
random command lines) or ``None``, and then typer reads it, explains it, or refuses it.
"""

from collections.abc import Sequence

from dockeropt.cli.options import Opt, Request, options_of


def parse(arguments: Sequence[str]) -> Request | None:
    """Return what the command line asks for; ``None`` when typer has to look at it."""
    found: dict[str, object] = {}
    at = _read(arguments, 0, _flags(""), found, None)
    if at is None or at >= len(arguments) or arguments[at] not in {"fix", "check"}:
        return None
    request = Request(arguments[at])
    paths: list[str] = []
    if _read(arguments, at + 1, _flags(arguments[at]), found, paths) is None:
        return None
    for name, value in found.items():
        setattr(request, name, tuple(value) if isinstance(value, list) else value)
    if paths:
        request.paths = tuple(paths)
    return request


def _flags(command: str) -> dict[str, tuple[Opt, bool]]:
    table = {flag: (option, True) for option in options_of(command) for flag in option.flags}
    for option in options_of(command):
        for flag in option.negations:
            table[flag] = (option, False)
    return table


def _read(
    arguments: Sequence[str],
    at: int,
    flags: dict[str, tuple[Opt, bool]],
    found: dict[str, object],
    paths: list[str] | None,
) -> int | None:
    """Read options from ``at`` on, and paths where they are allowed.

    Returns:
        Where reading stopped, ``None`` for anything out of the ordinary.
    """
    while at < len(arguments):
        word = arguments[at]
        at += 1
        if word == "--" and paths is not None:
            paths += arguments[at:]
            return len(arguments)
        if word[:1] != "-" or word == "-":
            if paths is None:
                return at - 1
            paths.append(word)
            continue
        flag, equals, value = word.partition("=")
        if word[:2] != "--" and len(word) > 2:  # -wq, -ofile: rare enough to leave to typer
            return None
        known = flags.get(flag)
        if known is None:
            return None
        option, meaning = known
        if not option.takes_value:
            if equals:
                return None
            found[option.name] = meaning
            continue
        if not equals:
            if at >= len(arguments):
                return None
            value = arguments[at]
            at += 1
        if not _store(option, value, found):
            return None
    return at


def _store(option: Opt, value: str, found: dict[str, object]) -> bool:
    if option.kind == "list":
        values = found.setdefault(option.name, [])
        assert isinstance(values, list)
        values.append(value)
    elif option.kind == "int":
        if not (value.isascii() and value.isdigit()) or not 0 < int(value) < 1000:
            return False
        found[option.name] = int(value)
    elif option.choices and value not in option.choices:
        return False
    else:
        found[option.name] = value
    return True
