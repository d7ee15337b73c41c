"""Ten thousand real Dockerfiles: BuildKit's verdict, its reason and its line; every byte comes back."""

import json
import lzma
import os
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dockeropt.syntax import parse
from dockeropt.syntax.nodes import From
from tests.syntax.answers import first_problem

SHARED = Path(os.environ.get("DOCKEROPT_SHARED", Path(__file__).parents[2].parent / "shared"))
FOLDER = SHARED / "data" / "corpus"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not FOLDER.exists(), reason=f"no corpus at {FOLDER}"),
]


def files() -> Iterator[tuple[str, bytes]]:
    with tarfile.open(FOLDER / "dockerfiles.tar.xz") as archive:
        for member in archive:
            file = archive.extractfile(member) if member.isfile() else None
            if file is not None:
                yield Path(member.name).name.split(".")[0], file.read()


def answers() -> dict[str, dict[str, Any]]:
    with lzma.open(FOLDER / "buildkit.jsonl.xz", "rt", encoding="utf-8") as lines:
        return {answer["sha"]: answer for answer in map(json.loads, lines)}


def reason(answer: dict[str, Any]) -> tuple[str | None, str, int | None]:
    """Return who refuses, why, and in which line, if BuildKit says."""
    kind = "parse" if "parse_err" in answer else "instruction" if "instr_err" in answer else None
    said = answer.get("parse_err") or answer.get("instr_err") or ""
    match = re.fullmatch(r"(?:dockerfile parse error on line (\d+): )?(.*?)(?: \(did you mean .*\?\))?", said)
    assert match is not None
    return kind, match[2], int(match[1]) if match[1] else None


def test_the_same_verdict_as_buildkit() -> None:
    theirs = answers()
    wrong: list[str] = []
    refused = 0
    for sha, data in files():
        tree = parse(data)
        if str(tree).encode("utf-8", "surrogateescape") != data:
            wrong.append(f"{sha}: round trip")
        kind, message, line = reason(theirs[sha])
        problem = first_problem(tree)
        ours = (problem.kind, problem.message) if problem else (None, "")
        refused += problem is not None
        if ours != (kind, message):
            wrong.append(f"{sha}: {ours} instead of {kind}, {message}")
        elif problem and line and tree.source.position(problem.span.start).line != line:
            wrong.append(f"{sha}: line {tree.source.position(problem.span.start).line} instead of {line}")
        if theirs[sha].get("escape", tree.escape) != tree.escape:
            wrong.append(f"{sha}: escape {tree.escape}")
        stages = sum(isinstance(node, From) for node in tree.body)
        if theirs[sha].get("stages", stages) != stages:
            wrong.append(f"{sha}: {stages} stages instead of {theirs[sha]['stages']}")
    assert not wrong
    assert refused > 0
