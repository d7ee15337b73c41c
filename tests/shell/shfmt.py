"""Read a script with shfmt (mvdan/sh) and give its simple commands, for comparison."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from dockeropt.shell import Dialect, Script
from dockeropt.shell.query import calls

DECLARATIONS = frozenset(["declare", "local", "export", "readonly", "typeset", "nameref", "let"])
LANGUAGES = {Dialect.DASH: "posix", Dialect.ASH: "bash", Dialect.BASH: "bash"}

Command = tuple[int, tuple[str, ...]]


@cache
def program() -> str | None:
    beside = Path(sys.executable).with_name("shfmt")
    return str(beside) if beside.exists() else shutil.which("shfmt")


def read(script: str, dialect: Dialect) -> list[Command] | None:
    """Return ``(offset, words)`` of every simple command, ``None`` if shfmt declines."""
    path = program()
    assert path is not None
    done = subprocess.run(
        [path, "--to-json", f"-ln={LANGUAGES[dialect]}"],
        input=script.encode(),
        capture_output=True,
        check=False,
        timeout=30,
    )
    if done.returncode:
        return None
    source = script.encode()
    found: list[Command] = []

    def text(node: dict[str, object]) -> str:
        start, end = (node[key]["Offset"] for key in ("Pos", "End"))  # type: ignore[index]
        return source[start:end].decode()

    def visit(node: object) -> None:
        if isinstance(node, list):
            for inner in node:
                visit(inner)
        elif isinstance(node, dict):
            kind = node.get("Type")
            if kind == "CallExpr" and node.get("Args"):
                words = tuple(text(word) for word in node["Args"])
                found.append((node["Args"][0]["Pos"]["Offset"], words))
            elif kind == "DeclClause":
                found.append((node["Pos"]["Offset"], (node["Variant"]["Value"],)))
            elif kind == "LetClause":
                found.append((node["Pos"]["Offset"], ("let",)))
            for inner in node.values():
                visit(inner)

    visit(json.loads(done.stdout))
    found.sort()
    characters = (
        {len(script[:at].encode()): at for at in range(len(script) + 1)} if not script.isascii() else None
    )
    return [(characters[at] if characters else at, words) for at, words in found]


def ours(script: Script) -> list[Command]:
    """Return the same list from our tree."""
    found: list[Command] = []
    for place in calls(script):
        words = place.call.words
        if words:
            texts = tuple(word.text for word in words)
            found.append((words[0].start, texts[:1] if texts[0] in DECLARATIONS else texts))
    return sorted(found)
