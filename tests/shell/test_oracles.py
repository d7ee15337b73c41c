"""Agreement with the shells themselves, and with shfmt on what the commands are."""

from __future__ import annotations

import shlex
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from dockeropt.shell import Dialect, parse
from dockeropt.shell.nodes import Call
from dockeropt.shell.query import walk
from tests.shell import shfmt
from tests.shell.constructs import ROWS
from tests.shell.generate import WORDS, Generator
from tests.shell.shells import COMMANDS, accepts, installed

LETTERS = {Dialect.DASH: "d", Dialect.ASH: "a", Dialect.BASH: "b"}
SCRIPTS = 400

# An extended pattern only after shopt; "time" is the program behind a pipe, and a carriage
# return part of a word (bash runs them so).
SHFMT_ERRS = ("!(a)", "a | time b", "echo a\rb")

pytestmark = pytest.mark.oracle


@pytest.fixture(params=list(Dialect), ids=lambda dialect: dialect.value)
def dialect(request: pytest.FixtureRequest) -> Dialect:
    found: Dialect = request.param
    if not installed(found):
        pytest.skip(f"{COMMANDS[found][0]} is not installed")
    return found


def ask_all(dialect: Dialect, scripts: list[str]) -> list[bool]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(lambda script: accepts(dialect, script), scripts))


def test_the_table_of_constructs_is_what_the_shells_say(dialect: Dialect) -> None:
    letter = LETTERS[dialect]
    answers = ask_all(dialect, [script for script, _ in ROWS])
    wrong = [
        script
        for (script, letters), answer in zip(ROWS, answers, strict=True)
        if answer is not (letter in letters.lower())
    ]
    assert not wrong


def test_valid_scripts_are_read(dialect: Dialect) -> None:
    source = Generator(1)
    scripts = [source.script() for _ in range(SCRIPTS)]
    for script, answer in zip(scripts, ask_all(dialect, scripts), strict=True):
        problem = parse(script, dialect).problem
        assert (problem is None) is answer, (script, problem and problem.message)


def test_what_the_shell_rejects_is_never_read(dialect: Dialect) -> None:
    source = Generator(2)
    scripts = [source.broken() for _ in range(2 * SCRIPTS)]
    answers = ask_all(dialect, scripts)
    assert 0.2 < answers.count(False) / len(answers) < 0.8
    read = [parse(script, dialect).problem is None for script in scripts]
    assert not [s for s, ours, theirs in zip(scripts, read, answers, strict=True) if ours and not theirs]
    declined = sum(theirs and not ours for ours, theirs in zip(read, answers, strict=True))
    assert declined < len(scripts) // 20


def test_literals_are_what_the_shell_passes_on(dialect: Dialect) -> None:
    """Every word whose value we know: printf must get exactly that."""
    words = [
        *WORDS,
        "a\\\nb",
        '"a\\\nb"',
        "'a\\b'",
        '"a\\b\\$\\`\\\\"',
        "$'a\\tb\\x41\\101\\''",
        '$"x"',
        "a~b",
        "x=~y",
    ]
    source = Generator(3)
    words += ["".join(source.pick(words) for _ in range(2)) for _ in range(300)]
    words += ["".join(source.pick(list("ab'\"\\$ {},.~[]#!=:@%")) for _ in range(5)) for _ in range(1500)]
    checked = 0
    for word in words:
        script = parse("printf '%s\\0' " + word, dialect)
        if script.problem is not None:
            continue
        call = script.body.statements[0].command.pipelines[0].commands[0]
        literals = [w.literal for w in call.words[1:]] if isinstance(call, Call) else [None]
        if len(script.body.statements) > 1 or None in literals or len(literals) < 2 or script.comments:
            continue
        if len(script.body.statements[0].command.pipelines) > 1 or script.body.statements[0].terminator:
            continue
        done = subprocess.run(
            [*COMMANDS[dialect], "-c", script.text], capture_output=True, check=True, cwd="/"
        )
        assert done.stdout.decode().split("\0")[:-1] == literals[1:], word
        checked += 1
    assert checked > 50


@pytest.mark.skipif(shfmt.program() is None, reason="no shfmt")
def test_commands_are_those_that_shfmt_finds() -> None:
    source = Generator(4)
    scripts = [source.script() for _ in range(SCRIPTS)]
    scripts += [script for script, letters in ROWS if "b" in letters]
    with ThreadPoolExecutor(2) as pool:
        theirs = list(pool.map(lambda script: shfmt.read(script, Dialect.BASH), scripts))
    compared = 0
    for script, found in zip(scripts, theirs, strict=True):
        tree = parse(script, Dialect.BASH)
        opaque = any(getattr(node, "body", tree) is None for node in walk(tree) if hasattr(node, "opening"))
        if found is None or tree.problem is not None or opaque or script in SHFMT_ERRS:
            continue
        assert shfmt.ours(tree) == found, shlex.quote(script)
        compared += 1
    assert compared > 0.9 * SCRIPTS
