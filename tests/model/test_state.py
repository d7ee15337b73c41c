"""What is in force at an instruction: variables, user, directory, shell."""

import pytest

from dockeropt.model import Model, State
from dockeropt.shell import Dialect
from dockeropt.syntax import parse


def model(text: str, **options: object) -> Model:
    """Return the model of a file."""
    return Model(parse(text), **options)  # type: ignore[arg-type]


def end(text: str, **options: object) -> State:
    """Return the state at the end of the last stage."""
    found = model(text, **options)
    assert found.final is not None
    return found.state_at_end(found.final)


# --- variables -------------------------------------------------------------------------


def test_env_is_expanded_with_what_stood_before() -> None:
    state = end("FROM scratch\nENV A=1 B=$A\nENV C=${A}x D='$A'\n")
    assert dict(state.env) == {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "A": "1",
        "B": "",
        "C": "1x",
        "D": "$A",
    }


def test_what_the_base_image_may_set_is_unknown() -> None:
    state = end("FROM debian\nENV A=$HOME B=${X:-y} C=c PATH=/x:$PATH\n")
    assert dict(state.env) == {"A": None, "B": None, "C": "c", "PATH": None}


def test_a_known_base_environment() -> None:
    state = end("FROM debian\nENV A=$HOME B=${X:-y}\n", base_env={"HOME": "/h"})
    assert dict(state.env) == {"HOME": "/h", "A": "/h", "B": "y"}


def test_global_args_are_for_from_lines_only() -> None:
    state = end("ARG A=1\nARG B=2\nFROM scratch\nARG B\nENV X=$A Y=$B\n")
    assert state.env["X"] == ""
    assert state.env["Y"] == "2"
    assert dict(state.args) == {"B": "2"}


def test_arg_default_in_the_stage_wins_over_the_global_one() -> None:
    assert end("ARG A=1\nFROM scratch\nARG A=2\n").args["A"] == "2"


def test_arg_without_value_is_unknown_until_it_is_passed() -> None:
    assert end("FROM scratch\nARG A\nENV B=$A\n").env["B"] is None
    assert end("FROM scratch\nARG A\nENV B=$A\n", build_args={"A": "x"}).env["B"] == "x"
    assert end("FROM scratch\nARG A=1\nENV B=$A\n", build_args={"A": "x"}).env["B"] == "x"


def test_platform_args() -> None:
    assert end("FROM scratch\nARG TARGETARCH\nENV B=$TARGETARCH\n").env["B"] is None
    text = (
        "FROM scratch\nARG TARGETARCH\nARG TARGETPLATFORM\nENV B=$TARGETARCH C=$TARGETPLATFORM D=$TARGETOS\n"
    )
    env = end(text, platform="linux/arm64").env
    assert (env["B"], env["C"], env["D"]) == ("arm64", "linux/arm64", "")


def test_the_later_of_env_and_arg_wins() -> None:
    state = end("FROM scratch\nARG A=arg\nENV A=env\nENV B=$A\nARG A=late\nENV C=$A\n")
    assert (state.env["B"], state.env["C"], state.env["A"]) == ("env", "late", "env")
    assert state.variables["A"] == "late"


def test_a_stage_inherits_variables_and_the_rest() -> None:
    state = end(
        'FROM scratch AS one\nARG A=1\nENV E=2\nUSER u\nWORKDIR /w\nSHELL ["bash","-c"]\nFROM one\nENV X=$A Y=$E\n'
    )
    assert (state.env["X"], state.env["Y"]) == ("1", "2")
    assert (state.user, state.workdir, state.shell) == ("u", "/w", ("bash", "-c"))


def test_env_of_the_parent_stage_is_applied_again() -> None:
    state = end("FROM scratch AS one\nENV A=env\nARG A=arg\nFROM one\nENV X=$A\n")
    assert state.env["X"] == "env"


def test_onbuild_of_the_parent_stage_runs_first() -> None:
    state = end("FROM scratch AS one\nONBUILD ENV A=1\nONBUILD USER u\nFROM one\nENV B=$A\n")
    assert (state.env["B"], state.user) == ("1", "u")
    assert end("FROM scratch AS one\nONBUILD USER u\n").user is None


def test_states_are_those_before_the_instruction() -> None:
    found = model("FROM scratch\nENV A=1\nRUN x\nENV A=2\nRUN y\n")
    first, second = found.runs
    assert first.state.env["A"] == "1"
    assert second.state.env["A"] == "2"
    assert found.state_before(first.node).env["A"] == "1"


def test_instructions_that_change_nothing_share_a_state() -> None:
    first, second = model("FROM debian\nRUN x\nLABEL a=b\nRUN y\n").runs
    assert first.state is second.state


def test_a_state_expands_words() -> None:
    (run,) = model("FROM debian\nENV A=1\nRUN x\n").runs
    assert run.state.expand("a$A") == "a1"
    assert run.state.expand("$UNKNOWN") is None
    assert run.state.expand("${A") is None


# --- user ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "user", "known", "root"),
    [
        ("FROM debian", None, True, True),
        ("FROM python:3.12-slim", None, True, True),
        ("FROM docker:24-dind-rootless", None, False, None),
        ("FROM memcached", None, False, None),
        ("FROM acme/thing", None, False, None),
        ("FROM scratch", None, True, True),
        ("FROM debian\nUSER app", "app", True, False),
        ("FROM acme/thing\nUSER root", "root", True, True),
        ("FROM acme/thing\nUSER 0:0", "0:0", True, True),
        ("FROM acme/thing\nUSER 00", "00", True, True),
        ("FROM debian\nUSER 1000:0", "1000:0", True, False),
        ("FROM debian\nUSER :root", ":root", True, True),
        ("FROM debian\nUSER $WHO", None, False, None),
        ("FROM debian\nARG WHO=app\nUSER $WHO", "app", True, False),
    ],
)
def test_user(text: str, user: str | None, known: bool, root: bool | None) -> None:
    state = end(text + "\n")
    assert (state.user, state.user_known, state.is_root) == (user, known, root)


# --- directory -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "workdir"),
    [
        ("FROM debian", "/"),
        ("FROM acme/thing", None),
        ("FROM acme/thing\nWORKDIR x", None),
        ("FROM acme/thing\nWORKDIR /a/\nWORKDIR b/../c", "/a/c"),
        ("FROM debian\nWORKDIR a", "/a"),
        ("FROM debian\nWORKDIR /a/../b", "/a/../b"),
        ("FROM debian\nWORKDIR $X", None),
        ("FROM debian\nENV X=/x\nWORKDIR $X/y", "/x/y"),
    ],
)
def test_workdir(text: str, workdir: str | None) -> None:
    assert end(text + "\n").workdir == workdir


# --- shell -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "dialect", "posix"),
    [
        ("FROM debian", Dialect.DASH, True),
        ("FROM alpine", Dialect.ASH, True),
        ("FROM fedora", Dialect.BASH, True),
        ("FROM acme/thing", None, True),
        ('FROM acme/thing\nSHELL ["/bin/bash", "-c"]', Dialect.BASH, True),
        ('FROM debian\nSHELL ["bash", "-o", "pipefail", "-c"]', Dialect.BASH, True),
        ('FROM debian\nSHELL ["/usr/bin/env", "bash", "-c"]', Dialect.BASH, True),
        ('FROM alpine\nSHELL ["/bin/busybox", "ash", "-c"]', Dialect.ASH, True),
        ('FROM debian\nSHELL ["/bin/zsh", "-c"]', None, False),
        ('FROM debian\nSHELL ["pwsh", "-command"]', None, False),
        ('FROM debian\nSHELL ["bash"]', None, False),
        ('FROM debian\nSHELL ["bash", "script", "-c"]', None, False),
        ('FROM debian\nSHELL ["conda", "run", "-n", "x", "bash", "-c"]', None, False),
        ("FROM mcr.microsoft.com/windows/servercore:ltsc2022", None, False),
        ("FROM debian\nRUN rm /bin/sh && ln -s /bin/bash /bin/sh", None, True),
        ("FROM debian\nRUN echo y | dpkg-reconfigure dash", None, True),
        ('FROM debian\nRUN ["ln", "-sf", "/bin/bash", "/bin/sh"]', None, True),
        ("FROM debian\nRUN /bin/sh -c x", Dialect.DASH, True),
    ],
)
def test_dialect(text: str, dialect: Dialect | None, posix: bool) -> None:
    state = end(text + "\n")
    assert (state.dialect, state.posix) == (dialect, posix)


@pytest.mark.parametrize(
    ("shell", "errexit", "pipefail", "login"),
    [
        ('["/bin/sh", "-c"]', False, False, False),
        ('["/bin/bash", "-euo", "pipefail", "-c"]', True, True, False),
        ('["/bin/bash", "-o", "errexit", "-o", "pipefail", "-c"]', True, True, False),
        ('["/bin/bash", "-exc"]', True, False, False),
        ('["/bin/bash", "-lc"]', False, False, True),
        ('["/bin/bash", "--login", "-c"]', False, False, True),
        ('["/bin/bash", "-ic"]', False, False, True),
        ('["/bin/bash", "--noprofile", "-c"]', False, False, False),
    ],
)
def test_shell_options(shell: str, errexit: bool, pipefail: bool, login: bool) -> None:
    state = end(f"FROM debian\nSHELL {shell}\n")
    assert (state.errexit, state.pipefail, state.login) == (errexit, pipefail, login)


def test_before_the_first_from_nothing_is_known() -> None:
    found = model("ARG A=1\nFROM debian\n")
    state = found.state_before(next(iter(found.tree.instructions)))
    assert (state.user_known, state.workdir, dict(state.env)) == (False, None, {})


def test_many_variables_take_linear_time() -> None:
    text = "FROM debian\n" + "".join(f"ENV V{i}=$V{i - 1}x\n" for i in range(20_000)) + "RUN x\n"
    (run,) = model(text).runs
    assert len(run.state.env) == 20_000
