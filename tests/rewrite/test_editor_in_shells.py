"""An appended command, run by the shells themselves."""

from __future__ import annotations

import random
import shutil
import subprocess

import pytest

from dockeropt.rewrite.context import Context
from dockeropt.text import apply_edits


class Writer:
    """Write random scripts of ``true``, ``false`` and everything that errexit depends on."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def script(self) -> str:
        return self.random.choice(("", "", "set -e; ", "set -ex; ", "set -e && ")) + self.statements(0)

    def statements(self, depth: int) -> str:
        return "; ".join([self.chain(depth) for _ in range(self.random.choice((1, 1, 2, 2, 3)))])

    def chain(self, depth: int) -> str:
        text = self.command(depth)
        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            text += self.random.choice((" && ", " && ", " || ")) + self.command(depth)
        return text

    def command(self, depth: int) -> str:
        if depth > 2 or self.random.random() < 0.6:
            return self.random.choice(("true", "true", "false"))
        inner, other = self.statements(depth + 1), self.statements(depth + 1)
        return self.random.choice(
            (
                f"if {inner}; then {other}; fi",
                f"if {inner}; then true; else {other}; fi",
                f"for i in 1 2; do {inner}; done",
                f"( {inner} )",
                f"{{ {inner}; }}",
                f"case x in x) {inner};; esac",
                "false | true",
                "true | false",
                f"( {inner} ) | {{ {other}; }}",
                "! true",
                "! false",
                f"f() {{ {inner}; }}",
                "f",
                f"x=$({inner})",
                f'echo "$({inner})" >/dev/null',
                "exit 3",
                "set -e",
                "set +e",
                'eval "false; true"',
                "while false; do true; done",
                "true & wait",
            )
        )


@pytest.mark.oracle
@pytest.mark.fuzz
@pytest.mark.parametrize("shell", ["dash", "bash"])
def test_an_appended_command_runs_exactly_when_the_script_succeeds(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not here")
    writer = Writer(7)
    tried = 0
    while tried < 120:
        script, flag = writer.script(), writer.random.choice(("-c", "-c", "-ec"))
        context = Context.of(f'FROM debian\nSHELL ["/bin/{shell}", "{flag}"]\nRUN {script}\n')
        edits = context.edit.append_command(context.model.runs[0], "echo ran")
        if edits is None:
            continue
        tried += 1
        longer = context.view.of(apply_edits(context.source.text, edits)).model.runs[0].script
        assert longer is not None
        status, _ = execute(shell, flag, script)
        new_status, output = execute(shell, flag, longer.text)
        assert (new_status, "ran" in output) == (status, status == 0), f"{shell} {flag}: {longer.text}"


def execute(shell: str, flag: str, script: str) -> tuple[int, str]:
    done = subprocess.run([shell, flag, script], capture_output=True, text=True, timeout=10, check=False)
    return done.returncode, done.stdout
