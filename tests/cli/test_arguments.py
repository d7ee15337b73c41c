"""The two readers of the command line give one answer."""

import random
from collections.abc import Sequence

import pytest

from dockeropt.cli import app
from dockeropt.cli.arguments import parse
from dockeropt.cli.options import TABLE, Request, options_of


def by_typer(arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> Request | int:
    """Return what typer hands to the command, or the exit code of its refusal."""
    seen: list[Request] = []

    def run(request: Request) -> int:
        seen.append(request)
        return 77

    monkeypatch.setattr("dockeropt.cli.run.run", run)
    code = app.run(arguments)
    return seen[0] if seen else code


def words(rng: random.Random, command: str) -> list[str]:
    out: list[str] = []
    for option in rng.sample(list(options_of(command)), rng.randint(0, 4)) * rng.choice([1, 1, 2]):
        flag = rng.choice([*option.flags, *option.negations])
        if option.takes_value:
            value = {"int": "3"}.get(option.kind) or rng.choice(
                option.choices or ("a", "b,c", "x=y", "-", "é")
            )
            out += rng.choice(
                [[flag, value], [f"{flag}={value}"] if flag.startswith("--") else [flag, value]]
            )
        else:
            out.append(flag)
        if rng.random() < 0.3:
            out.append(rng.choice(["Dockerfile", "-", "a b", "./x"]))
    if rng.random() < 0.2:
        out += ["--", rng.choice(["Dockerfile", "--write", "-w"])]
    return out


@pytest.mark.parametrize("command", ["fix", "check"])
def test_both_readers_agree_on_random_command_lines(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rng = random.Random(7)
    understood = 0
    for _ in range(250):
        before = words(rng, "") if rng.random() < 0.3 else []
        before = [word for word in before if word.startswith("-") and word not in {"-", "--"}]
        line = [*before, command, *words(rng, command)]
        ours = parse(line)
        if ours is None:
            continue
        understood += 1
        assert ours == by_typer(line, monkeypatch), line
    assert understood > 150


@pytest.mark.parametrize(
    "line",
    [
        [],
        ["--help"],
        ["fix", "--help"],
        ["fix", "-wq"],
        ["fix", "--selct", "x"],
        ["fix", "--select"],
        ["fix", "--write=yes"],
        ["fix", "--workers", "many"],
        ["fix", "--workers", "0"],
        ["fix", "--output-format", "xml"],
        ["check", "--write"],
        ["fx", "Dockerfile"],
        ["passes"],
        ["Dockerfile"],
        ["--write", "fix"],
    ],
)
def test_what_is_out_of_the_ordinary_is_left_to_typer(line: list[str]) -> None:
    assert parse(line) is None


def test_short_flags_can_be_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    request = by_typer(["fix", "-wqo", "out", "Dockerfile"], monkeypatch)
    assert isinstance(request, Request)
    assert request.write
    assert request.quiet
    assert request.output_file == "out"


@pytest.mark.parametrize(
    "line", [["fix", "--selct", "x"], ["fix", "--workers", "many"], ["fx"], ["check", "--write"]]
)
def test_typer_refuses_with_code_2(
    line: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert by_typer(line, monkeypatch) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_every_option_is_an_attribute_of_the_request() -> None:
    for option in TABLE:
        assert hasattr(Request, option.name), option
        assert option.kind in {"flag", "switch", "text", "int", "list"}
        assert option.help.endswith("."), option


def test_no_flag_means_two_things() -> None:
    for command in ("fix", "check", "files", ""):
        flags = [flag for option in options_of(command) for flag in (*option.flags, *option.negations)]
        assert len(flags) == len(set(flags))
