"""Quoting: the shells print exactly what was quoted."""

from __future__ import annotations

import shlex
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dockeropt.shell import Dialect, parse
from dockeropt.shell.nodes import Call
from dockeropt.shell.quote import quote
from tests.shell.shells import COMMANDS, installed

SAMPLES = [
    "", "a", "-y", "--name=value", "a b", "it's", '"', "'", "'\"", "$HOME", "`x`", "\\", "\\'", "a\nb", "\t", "*", "?", "[x]",
    "~", "~/x", "a~", "{a,b}", "{}", "#x", "x#y", "!", "!!", "=x", "a=b", "A=~", "x;y", "x&y", "(x)", "<x>", "|", "%s", "\\n",
    "é", "\u00a0", "\U0001f600", "\r", "\x01", "a^b", "^a", "1>2", "if", "-", "--", "+x", "@(x)", "$'x'", "x\\", "''", "x$", "$",
]  # fmt: skip

texts = st.text(
    alphabet=st.one_of(
        st.sampled_from(list("ab \"'\\$`!*?[]{}~#;&|()<>=-\n\t")),
        st.characters(exclude_characters="\0", exclude_categories=["Cs"]),
    ),
    max_size=12,
)


def printed(dialect: Dialect, values: list[str]) -> list[str]:
    script = "printf '%s\\0' " + " ".join(quote(value) for value in values)
    done = subprocess.run([*COMMANDS[dialect], "-c", script], capture_output=True, check=True, cwd="/")
    return done.stdout.decode().split("\0")[:-1]


@pytest.mark.oracle
@pytest.mark.parametrize("dialect", list(Dialect))
def test_the_shells_print_what_was_quoted(dialect: Dialect) -> None:
    if not installed(dialect):
        pytest.skip(f"{COMMANDS[dialect][0]} is not installed")
    assert printed(dialect, SAMPLES) == SAMPLES


@pytest.mark.oracle
@pytest.mark.parametrize("dialect", [Dialect.DASH, Dialect.BASH])
@given(values=st.lists(texts, min_size=1, max_size=20))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_shells_print_any_text(dialect: Dialect, values: list[str]) -> None:
    if not installed(dialect):
        pytest.skip(f"{COMMANDS[dialect][0]} is not installed")
    assert printed(dialect, values) == values


@given(texts, st.sampled_from(list(Dialect)))
def test_our_own_parser_agrees(text: str, dialect: Dialect) -> None:
    script = parse(f"printf {quote(text)}", dialect)
    assert script.problem is None
    command = script.body.statements[0].command.pipelines[0].commands[0]
    assert isinstance(command, Call)
    assert [word.literal for word in command.words] == ["printf", text]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("curl", "curl"),
        ("--no-install-recommends", "--no-install-recommends"),
        ("a=1.2:3+4", "a=1.2:3+4"),
        ("/var/lib/apt", "/var/lib/apt"),
        ("", "''"),
        ("a b", "'a b'"),
        ("it's", '"it\'s"'),
        ("it's $5", "'it'\\''s $5'"),
        ("~", "'~'"),
        ("*", "'*'"),
        ("{a,b}", "'{a,b}'"),
    ],
)
def test_quotes_are_used_only_where_needed(text: str, quoted: str) -> None:
    assert quote(text) == quoted
    assert shlex.split(quoted) == [text]


def test_nul_cannot_be_quoted() -> None:
    with pytest.raises(ValueError, match="NUL"):
        quote("a\0b")
