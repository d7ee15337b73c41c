"""Programs behind prefixes, options, places."""

from __future__ import annotations

import pytest

from dockeropt.shell import Dialect, parse
from dockeropt.shell.nodes import Call, Pipeline, Script, Word
from dockeropt.shell.query import (
    Arguments,
    arguments,
    calls,
    is_pure_chain,
    resolve,
    single_chain,
    top_statements,
    walk,
)


def call(text: str) -> Call:
    script = parse(text, Dialect.DASH)
    assert script.problem is None
    return next(calls(script)).call


@pytest.mark.parametrize(
    ("text", "program", "prefixes", "args"),
    [
        ("apt-get install x", "apt-get", (), ["install", "x"]),
        ("/usr/bin/apt-get -y", "apt-get", (), ["-y"]),
        ("'apt-get' -y", "apt-get", (), ["-y"]),
        ("A=1 pip x", "pip", (), ["x"]),
        ("sudo pip x", "pip", ("sudo",), ["x"]),
        ("sudo -E -u root A=1 pip x", "pip", ("sudo",), ["x"]),
        ("sudo -uroot -- pip x", "pip", ("sudo",), ["x"]),
        ("sudo --user=root pip x", "pip", ("sudo",), ["x"]),
        ("sudo --user root pip x", "pip", ("sudo",), ["x"]),
        ('sudo A="$B" pip x', "pip", ("sudo",), ["x"]),
        ("sudo -i", None, ("sudo",), ["-i"]),
        ("sudo -s pip x", None, ("sudo",), ["-s", "pip", "x"]),
        ("env A=1 B=$C pip x", "pip", ("env",), ["x"]),
        ("env -i -u HOME pip x", "pip", ("env",), ["x"]),
        ("env - pip", "pip", ("env",), []),
        ("env -S 'pip x'", None, ("env",), ["-S", "'pip x'"]),
        ("env", "env", (), []),
        ("env $X pip", None, ("env",), ["$X", "pip"]),
        ("time -p nice -n 5 make -j", "make", ("time", "nice"), ["-j"]),
        ("nice -19 make", "make", ("nice",), []),
        ("nice --adjustment=5 make", "make", ("nice",), []),
        ("exec nginx -g x", "nginx", ("exec",), ["-g", "x"]),
        ("exec -a name nginx", "nginx", ("exec",), []),
        ("exec 3>f", "exec", (), []),
        ("command pip x", "pip", ("command",), ["x"]),
        ("command -v pip", "command", (), ["-v", "pip"]),
        ("nohup eatmydata apt-get x", "apt-get", ("nohup", "eatmydata"), ["x"]),
        ("gosu user:group ls -l", "ls", ("gosu",), ["-l"]),
        ('gosu "$USER" ls -l', "ls", ("gosu",), ["-l"]),
        ("su-exec nobody ls", "ls", ("su-exec",), []),
        ("timeout -k 5 10 make", "make", ("timeout",), []),
        ("chroot /mnt pip x", None, ("chroot",), ["/mnt", "pip", "x"]),
        ("xargs pip x", "xargs", (), ["pip", "x"]),
        ("$PIP install x", None, (), ["install", "x"]),
        ('"$(which pip)" x', None, (), ["x"]),
        ("sudo $PIP x", None, ("sudo",), ["$PIP", "x"]),
        ("A=1", None, (), []),
        (">f", None, (), []),
    ],
)
def test_the_program_of_a_call(
    text: str, program: str | None, prefixes: tuple[str, ...], args: list[str]
) -> None:
    found = resolve(call(text))
    assert (found.program, found.prefixes) == (program, prefixes)
    assert [word.text for word in found.args] == args
    if program is not None:
        assert found.word is not None
        assert found.path == found.word.literal


def test_the_path_is_kept_as_written() -> None:
    assert resolve(call("./configure --x")).path == "./configure"


def options(text: str, *valued: str, long_dash: bool = False) -> Arguments:
    return arguments(call("x " + text).words[1:], frozenset(valued), long_dash=long_dash)


@pytest.mark.parametrize(
    ("text", "valued", "found", "operands"),
    [
        ("-y install a", [], [("-y", None)], ["install", "a"]),
        ("-qqy a", [], [("-q", None), ("-q", None), ("-y", None)], ["a"]),
        ("--name=value a", [], [("--name", "value")], ["a"]),
        ("--name value a", ["--name"], [("--name", "value")], ["a"]),
        ("--name value a", [], [("--name", None)], ["value", "a"]),
        ("-o value a", ["-o"], [("-o", "value")], ["a"]),
        ("-ovalue a", ["-o"], [("-o", "value")], ["a"]),
        ("-yo value a", ["-o"], [("-y", None), ("-o", "value")], ["a"]),
        ("-o", ["-o"], [("-o", None)], []),
        ("a -y b", [], [("-y", None)], ["a", "b"]),
        ("a -- -y b", [], [], ["a", "-y", "b"]),
        ("- a", [], [], ["-", "a"]),
        ("'--name=a b'", [], [("--name", "a b")], []),
        ("-o $V a", ["-o"], [("-o", None)], ["a"]),
        ("--name=$V a", [], [("--name", None)], ["a"]),
        ("a'b'$c", [], [], ["a'b'$c"]),
    ],
)
def test_options_and_operands(
    text: str, valued: list[str], found: list[tuple[str, str | None]], operands: list[str]
) -> None:
    answer = options(text, *valued)
    assert [(option.name, option.value) for option in answer.options] == found
    assert [word.text for word in answer.operands] == operands
    assert not answer.dynamic


def test_words_that_may_be_options_are_told_apart() -> None:
    answer = options('$OPTS -x"$y" a')
    assert [word.text for word in answer.dynamic] == ["$OPTS", '-x"$y"']
    assert [word.text for word in answer.operands] == ["a"]


def test_single_dash_long_options() -> None:
    answer = options("-name x -o=y", "-name", long_dash=True)
    assert [(option.name, option.value) for option in answer.options] == [("-name", "x"), ("-o", "y")]


def test_an_option_knows_its_place() -> None:
    answer = options("-q --name value b", "--name")
    assert [(option.start, option.end) for option in answer.options] == [(2, 4), (5, 17)]
    assert answer.has("-z", "-q")
    assert not answer.has("--nam")
    assert answer.value("--name") == "value"
    assert answer.value("-z") is None


def test_calls_come_in_source_order_with_what_is_around_them() -> None:
    script = parse("a $(b) && if c; then d | e; fi; f", Dialect.DASH)
    places = list(calls(script))
    assert [place.call.words[0].text for place in places] == ["a", "b", "c", "d", "e", "f"]
    assert [place.top_level for place in places] == [True, False, False, False, False, True]
    for place in places:
        assert isinstance(place.ancestors[0], Script)
        assert isinstance(place.ancestors[-1], Pipeline)
        assert place.call in place.ancestors[-1].commands
    assert places[0].statement is script.body.statements[0]
    assert places[5].statement is script.body.statements[1]
    assert isinstance(places[1].ancestors[-1], Pipeline)
    assert places[1].statement is not script.body.statements[0]


def test_a_walk_from_a_part_of_the_tree_has_no_script() -> None:
    script = parse("a", Dialect.DASH)
    command = script.body.statements[0].command.pipelines[0].commands[0]
    place = next(calls(command))
    assert place.ancestors == ()
    assert not place.top_level
    with pytest.raises(LookupError):
        _ = place.statement


def test_walking_meets_parents_first() -> None:
    script = parse("a 'b' && c", Dialect.DASH)
    seen = list(walk(script))
    assert seen[0] is script
    assert [n.text for n in seen if isinstance(n, Word)] == ["a", "'b'", "c"]
    assert len({id(n) for n in seen}) == len(seen)


@pytest.mark.parametrize(
    ("text", "single", "pure"),
    [
        ("a && b && c", True, True),
        ("a;", True, True),
        ("a", True, True),
        ("a && b | c", True, False),
        ("a && (b)", True, False),
        ("a || b", False, False),
        ("a; b", False, False),
        ("a &", False, False),
        ("", False, False),
        ("if", False, False),
    ],
)
def test_chains(text: str, single: bool, pure: bool) -> None:
    script = parse(text, Dialect.DASH)
    assert (single_chain(script) is not None) is single
    assert is_pure_chain(script) is pure
    assert top_statements(script) == script.body.statements
