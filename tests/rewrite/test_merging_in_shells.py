"""Rows of RUNs, merged by the pass, run by the shells themselves against the separate RUNs."""

from __future__ import annotations

import random
import shutil
import subprocess

import pytest

from dockeropt.rewrite.context import Context
from dockeropt.rewrite.pipeline import run
from dockeropt.rewrite.registry import load_registry

ATOMS = (
    "echo 1",
    "echo 2",
    "true",
    "false",
    "cd /tmp",
    "X=3",
    "unset X",
    'echo "${X-unset} $PWD"',
    "export Y=1",
    "echo ${Y-unset}",
    "X=5 true",
    "set -u",
    "set -x",
    "umask 077",
    "umask",
    "exit 0",
    "exit 4",
    "echo a | cat",
    "(cd /; pwd)",
    "set -- a b; echo $#",
    "echo $#",
    'trap "echo bye" EXIT',
    "g() { echo in g; }",
    "g 2>/dev/null",
)


class Writer:
    """Write random scripts that leave something behind in their shell."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def script(self) -> str:
        start = self.random.choice(("", "", "", "set -e; ", "set -ex && ", "set -eu; "))
        return start + self.statements(0) + self.random.choice(("", "", ";"))

    def statements(self, depth: int) -> str:
        return "; ".join([self.chain(depth) for _ in range(self.random.choice((1, 1, 1, 2, 3)))])

    def chain(self, depth: int) -> str:
        text = self.command(depth)
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            text += self.random.choice((" && ", " && ", " || ")) + self.command(depth)
        return text

    def command(self, depth: int) -> str:
        if depth > 1 or self.random.random() < 0.75:
            return self.random.choice(ATOMS)
        inner, other = self.statements(depth + 1), self.statements(depth + 1)
        return self.random.choice(
            (
                f"if {inner}; then {other}; fi",
                f"for i in 1 2; do {inner}; done",
                f"( {inner} )",
                f"{{ {inner}; }}",
                f"case x in x) {inner};; esac",
            )
        )


@pytest.mark.oracle
@pytest.mark.fuzz
@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_a_merged_row_does_what_its_runs_did(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here")
    writer = Writer(11)
    passes = load_registry().select(("merge-runs",))
    merged = 0
    while merged < 60:
        flag = writer.random.choice(("-c", "-c", "-ec"))
        rows = [f"RUN {writer.script()}\n" for _ in range(writer.random.choice((2, 3, 3, 4)))]
        text = f'FROM debian\nWORKDIR /\nSHELL ["/bin/{shell}", "{flag}"]\n{"".join(rows)}'
        result = run(text, passes, strict=True)
        if not result.changed:
            continue
        merged += 1
        assert in_order(shell, flag, scripts(result.text)) == in_order(shell, flag, scripts(text)), (
            result.text
        )


def scripts(text: str) -> list[str]:
    return [found.script.text for found in Context.of(text).model.runs if found.script is not None]


def in_order(shell: str, flag: str, texts: list[str]) -> tuple[bool, str]:
    """Run scripts as a build does: each in a shell of its own, up to the first that fails."""
    output = ""
    for text in texts:
        done = subprocess.run(
            [shell, flag, text], capture_output=True, text=True, timeout=10, check=False, cwd="/"
        )
        output += done.stdout
        if done.returncode:
            return True, output
    return False, output
