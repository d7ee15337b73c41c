"""What a client asks for: its settings, checked, in our own names.

Invariant: a setting that is unknown or of the wrong type is said once and left out; the others count.
"""

import os
from collections.abc import Mapping

from dockeropt.server.look import Asked

KEYS = ("config", "context", "target", "buildArgs", "select", "extendSelect", "ignore")
_LISTS = {"select": "select", "extendSelect": "extend_select", "ignore": "ignore"}


def read_wishes(given: object, folder: str) -> tuple[Asked, list[str]]:
    """Return what the client asks for, and what is wrong with it.

    Args:
        given: The settings as they came; those of a section ``dockeropt`` count when there is one.
        folder: What relative paths are relative to.
    """
    if isinstance(given, Mapping) and isinstance(given.get("dockeropt"), Mapping):
        given = given["dockeropt"]
    if given is None:
        return Asked(), []
    if not isinstance(given, Mapping):
        return Asked(), ["the settings have to be an object"]
    values: dict[str, object] = {}
    wrong: list[str] = []
    guess = True
    for key, value in given.items():
        if value is None:
            continue
        if key in _LISTS:
            if _is_texts(value):
                values[_LISTS[key]] = tuple(value)
                continue
        elif key == "buildArgs":
            if isinstance(value, Mapping) and _is_texts([*value, *value.values()]):
                values["build_arg"] = tuple([f"{name}={text}" for name, text in value.items()])
                continue
        elif key == "target" and isinstance(value, str):
            values["target"] = value
            continue
        elif key == "context" and isinstance(value, str):
            guess = False
            if value:
                values["context"] = os.path.join(folder, value)
            continue
        elif key == "config" and isinstance(value, str):
            values["config"] = (os.path.join(folder, value),) if value else ()
            continue
        wrong.append(_complaint(key))
    return Asked(values, guess), wrong


def _is_texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


def _complaint(key: object) -> str:
    if key in KEYS:
        return f"the setting {key} has the wrong type"
    return f"there is no setting {key}; there are {', '.join(KEYS)}"
