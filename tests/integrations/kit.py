"""What the tests of the integrations share: the files themselves, and a stand-in for the program."""

import json
import stat
import sys
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent.parent

HOSTILE = (
    "$(touch pwned)",
    "`touch pwned`",
    "; touch pwned",
    '"; touch pwned; "',
    "' ; touch pwned ; '",
    "a b/*",
    "| touch pwned",
    "$HOME ${IFS}x",
    "--version",
    "é\\n%0A::error::x",
)
"""What must arrive as it is: as one argument, and nothing run."""


def load_yaml(path: str) -> list[Any]:
    """Return the documents of a YAML file of this repository."""
    return list(YAML(typ="safe", pure=True).load_all(ROOT / path))


def stand_in(path: Path, log: Path, code: int = 0) -> None:
    """Write a program that notes the arguments of each call as a line of JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        f"#!{sys.executable}\nimport json, sys\n"
        f"with open({str(log)!r}, 'a', encoding='utf-8', errors='surrogateescape') as log:\n"
        f"    log.write(json.dumps(sys.argv[1:]) + '\\n')\nprint('::error::forged')\nsys.exit({code})\n"
    )
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def calls(log: Path) -> list[list[str]]:
    """Return the arguments of each call so far."""
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()] if log.exists() else []


def real_program(path: Path) -> None:
    """Write a program that runs dockeropt of this tree."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m dockeropt "$@"\n')
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
