"""What shell scripts of the context run."""

import pytest

from dockeropt.project.scripts import interpreter_of, read_script


def names(text: str) -> list[str]:
    return [command.name for command in read_script(text).commands]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("#!/bin/sh\n", ("sh",)),
        ("#! /bin/bash -e\n", ("bash", "-e")),
        ("#!/usr/bin/env python3\n", ("python3",)),
        ("#!/usr/bin/env -S A=1 node --x\n", ("node", "--x")),
        ("#!\n", ()),
        ("#!/usr/bin/env\n", ()),
        ("echo #!/bin/sh\n", ()),
        ("", ()),
    ],
)
def test_interpreter(text: str, words: tuple[str, ...]) -> None:
    assert interpreter_of(text) == words


def test_commands_of_all_places() -> None:
    text = '#!/bin/sh\nset -e\nif [ -z "$(hostname)" ]; then\n  curl x | jq .\nfi\nwhile ! nc -z db 1; do sleep 1; done\n'
    assert names(text) == ["set", "[", "hostname", "curl", "jq", "nc", "sleep"]
    assert read_script(text).commands[3].line == 4


def test_prefixes_and_what_they_run() -> None:
    assert names("exec gosu app python app.py\n") == ["exec", "gosu", "python"]


def test_functions_are_no_programs() -> None:
    found = read_script("#!/bin/bash\nsetup() { mkdir /a; }\nsetup\n")
    assert [command.name for command in found.commands] == ["mkdir"]
    assert found.functions == {"setup"}


@pytest.mark.parametrize("text", ['exec "$@"', "exec $@", '"$@"', 'exec "${@}"'])
def test_what_the_caller_gives_is_looked_at_where_it_is_given(text: str) -> None:
    assert read_script(f"#!/bin/sh\n{text}\n").unknown == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("#!/bin/sh\n\n$RUNNER app\n", 3),
        ('#!/bin/sh\neval "$X"\n', 2),
        ("#!/bin/sh\n. $FILE\n", 2),
        ("#!/usr/bin/perl\nprint 1;\n", 1),
        ("#!/bin/sh\nif true\n", 1),
        ("#!/bin/sh\r\necho\r\n", 1),
    ],
)
def test_what_is_not_known_is_said(text: str, line: int) -> None:
    assert [number for _, number in read_script(text).unknown] == [line]


def test_the_program_that_is_given_the_file_decides_how_it_is_read() -> None:
    assert read_script("[[ -f a ]] && curl x\n", program="bash").unknown == ()
    assert [command.name for command in read_script("curl x\n", program="sh").commands] == ["curl"]
