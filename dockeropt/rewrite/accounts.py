"""Say ``useradd`` and ``groupadd`` with the ``adduser`` and ``addgroup`` of BusyBox.

Invariant: an option whose counterpart is not certain gives ``None``.

Source: useradd(8), groupadd(8) of shadow; ``adduser --help`` and ``addgroup --help`` of BusyBox.
"""

from collections.abc import Iterable

from dockeropt.model.calls import CallFacts
from dockeropt.model.certainty import is_certain

_LONG = {
    "--system": "-r", "--uid": "-u", "--gid": "-g", "--home": "-d", "--home-dir": "-d", "--create-home": "-m",
    "--no-create-home": "-M", "--shell": "-s", "--comment": "-c", "--user-group": "-U",
}  # fmt: skip
_USER_VALUES = "ugdsc"
_USER_FLAGS = "rmMU"


def alpine_accounts(calls: Iterable[CallFacts]) -> dict[CallFacts, str] | None:
    """Return what does on Alpine what each ``useradd`` and ``groupadd`` among ``calls`` does.

    ``None`` when that is not known of one of them: then the programs themselves are needed.
    """
    found: dict[CallFacts, str] = {}
    groups: dict[str, str] = {}
    for call in calls:
        if call.program not in ("useradd", "groupadd"):
            continue
        text = _account(call, groups)
        if text is None or call.prefixes or call.node.redirects or ("&&" in text and not is_certain(call)):
            return None
        found[call] = text
    return found


def _account(call: CallFacts, groups: dict[str, str]) -> str | None:
    """Translate one call; ``groups`` holds the names of groups by number."""
    user = call.program == "useradd"
    read = _options(call, _USER_FLAGS if user else "r", _USER_VALUES if user else "g")
    if read is None:
        return None
    options, names = read
    if len(names) != 1:
        return None
    name = names[0]
    if not user:
        groups[options.get("-g", "")] = name
        return " ".join(
            ["addgroup", *(["-S"] if "-r" in options else []), *_value(options, "-g", "-g"), name]
        )
    if "-g" in options:
        options["-g"] = groups.get(options["-g"], options["-g"])
    if options.get("-g", "").isdigit() or ("-g" in options and "-U" in options):
        return None
    words = ["adduser", "-S" if "-r" in options else "-D"]
    if "-r" in options:
        words.append("-D")
    if "-m" not in options:
        words.append("-H")
    words += _value(options, "-u", "-u") + _value(options, "-d", "-h")
    words += _value(options, "-s", "-s") + _value(options, "-c", "-g") + _value(options, "-g", "-G")
    if "-r" in options and "-g" not in options:
        return f"addgroup -S {name} && {' '.join(words)} -G {name} {name}"
    return " ".join([*words, name])


def _value(options: dict[str, str], old: str, new: str) -> list[str]:
    return [new, options[old]] if old in options else []


def _options(call: CallFacts, flags: str, values: str) -> tuple[dict[str, str], list[str]] | None:
    """Return options with their values as written, and operands; ``None`` for an unknown option."""
    options: dict[str, str] = {}
    names: list[str] = []
    words = [word.text for word in call.args]
    while words:
        word = words.pop(0)
        if not word.startswith("-"):
            names.append(word)
            continue
        if word.startswith("--"):
            long, equals, value = word.partition("=")
            short = _LONG.get(long)
            if short is None or short[1] not in flags + values:
                return None
            if short[1] in values and not equals:
                if not words:
                    return None
                value = words.pop(0)
            options[short] = value
            continue
        for index, letter in enumerate(word[1:], 1):
            if letter in flags:
                options["-" + letter] = ""
            elif letter in values and index == len(word) - 1 and words:
                options["-" + letter] = words.pop(0)
            else:
                return None
    return options, names
