"""The image configuration is the one that BuildKit makes."""

import pytest

from dockeropt.model import ImageConfig, Model
from dockeropt.model.image import HealthcheckConfig
from dockeropt.model.notations import is_signal, parse_port
from dockeropt.model.observable import Dependent
from dockeropt.model.scopes import DEFAULT_PATH
from dockeropt.syntax import parse


def config(text: str, **options: object) -> ImageConfig:
    """Return the configuration that a file makes."""
    return Model(parse(text), **options).observable()  # type: ignore[arg-type]


def test_scratch_has_a_directory() -> None:
    assert config("FROM scratch\n").workdir == "/"


def test_nothing_set() -> None:
    found = config("FROM debian:12\n")
    assert found.base is not None
    assert found.base.text == "debian:12"
    assert found == ImageConfig(env=(("PATH", DEFAULT_PATH),), base=found.base)


def test_env_keeps_its_order_and_is_replaced_in_place() -> None:
    text = "FROM x\nENV B=1 A=2\nENV B=3 C=$A$UNSET PATH=/x:$PATH\n"
    expected = (("PATH", f"/x:{DEFAULT_PATH}"), ("B", "3"), ("A", "2"), ("C", "2"))
    assert config(text, base_env={}).env == expected
    assert tuple((key, str(value)) for key, value in config(text).env) == expected


def test_args_do_not_stay() -> None:
    assert config("FROM x\nARG A=1\nENV B=$A\n").env[1:] == (("B", "1"),)


def test_platform_args_are_unknown_unless_told() -> None:
    text = "FROM x\nARG TARGETARCH\nENV B=$TARGETARCH\n"
    assert config(text).env[1:] == (("B", Dependent("", "${TARGETARCH}")),)
    assert config(text, base_env={}).env[1:] == (("B", None),)
    assert config("FROM x\nARG TARGETARCH\nENV B=$TARGETARCH\n", platform="linux/amd64").env[1:] == (
        ("B", "amd64"),
    )


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("ENV A=$HOME", "ENV A="),
        ("ENV A=$HOME", "ENV A=$HOSTNAME"),
        ("ENV A=${X:-a}", "ENV A=a"),
        ("ENV A=${X:-a}", "ENV A=${X:-b}"),
        ("ENV PATH=/x:$PATH", f"ENV PATH=/x:{DEFAULT_PATH}"),
        ("ARG V\nENV A=$V", "ENV A="),
        ("ARG TARGETARCH\nENV A=$TARGETARCH", "ARG TARGETOS\nENV A=$TARGETOS"),
        ("USER $X", "USER $Y"),
        ("WORKDIR $X/a", "WORKDIR $Y/a"),
        ("WORKDIR $X/a", "WORKDIR /a"),
        ("EXPOSE $X", "EXPOSE $Y"),
        ("EXPOSE 80 $X", "EXPOSE 80"),
        ("VOLUME a$X", "VOLUME a$Y"),
        ("LABEL a=$X", "LABEL a="),
        ("LABEL a$X=1", "LABEL a$Y=1"),
        ("STOPSIGNAL ${X:-9}", "STOPSIGNAL 9"),
    ],
)
def test_what_the_base_image_decides_is_told_apart(one: str, two: str) -> None:
    """Over an empty base the two are equal."""
    first, second = (f"FROM x\n{text}\n" for text in (one, two))
    assert config(first) != config(second)
    assert config(first) == config(first)


def test_a_dependent_value() -> None:
    value = Dependent("a", "a${X}")
    assert value == Dependent("a", "a${X}")
    assert hash(value) == hash(Dependent("a", "a${X}"))
    assert value != "a"
    assert value != Dependent("a", "a${Y}")
    assert str(value) == "a"
    assert repr(value) == "Dependent('a', 'a${X}')"


def test_base_environment() -> None:
    found = config("FROM x\nENV A=$HOME\n", base_env={"HOME": "/h", "PATH": "/p"})
    assert found.env == (("PATH", "/p"), ("HOME", "/h"), ("A", "/h"))


def test_commands() -> None:
    found = config('FROM x\nENTRYPOINT a $B\nCMD ["c", "$D"]\n')
    assert found.entrypoint == ("/bin/sh", "-c", "a $B")
    assert found.cmd == ("c", "$D")
    assert found.args_escaped


def test_shell_in_force_wraps_the_script() -> None:
    found = config('FROM x\nCMD a\nSHELL ["/bin/bash", "-ec"]\nENTRYPOINT b\n')
    assert found.cmd == ("/bin/sh", "-c", "a")
    assert found.entrypoint == ("/bin/bash", "-ec", "b")
    assert found.shell == ("/bin/bash", "-ec")


def test_entrypoint_resets_an_inherited_command_only() -> None:
    assert config("FROM x\nCMD a\nENTRYPOINT b\n").cmd is not None
    assert config("FROM x AS y\nCMD a\nFROM y\nENTRYPOINT b\n").cmd is None
    assert config("FROM x AS y\nCMD a\nFROM y\nCMD c\nENTRYPOINT b\n").cmd is not None
    assert config("FROM x AS y\nCMD a\nFROM y\n").cmd is not None


def test_empty_exec_form_is_none() -> None:
    found = config("FROM x\nCMD []\nENTRYPOINT []\n")
    assert (found.cmd, found.entrypoint, found.args_escaped) == (None, None, True)


def test_user_workdir_stopsignal() -> None:
    found = config("FROM x\nARG U=me\nUSER $U\nWORKDIR a\nWORKDIR b/../c\nSTOPSIGNAL SIGTERM\n")
    assert (found.user, found.workdir, found.stopsignal) == ("me", "/a/c", "SIGTERM")
    assert config("FROM x\nWORKDIR /a/\n").workdir == "/a/"


def test_labels_volumes_ports() -> None:
    found = config(
        'FROM x\nARG P="80 90/udp"\nLABEL b=1 "a c"="d e"\nLABEL b=2\nVOLUME ["/v"] \nVOLUME /u /w\nEXPOSE $P 8000-8001\n'
    )
    assert found.labels == (("a c", "d e"), ("b", "2"))
    assert found.volumes == ("/u", "/v", "/w")
    assert found.exposed == ("80/tcp", "8000/tcp", "8001/tcp", "90/udp")


def test_healthcheck() -> None:
    found = config(
        "FROM x\nHEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=2h --retries=3 CMD a || b\n"
    )
    assert found.healthcheck == HealthcheckConfig(
        ("CMD-SHELL", "a || b"), 90_000_000_000, 1_500_000_000, 7_200_000_000_000, 0, 3
    )
    assert config('FROM x\nHEALTHCHECK CMD ["a", "b"]\n').healthcheck == HealthcheckConfig(("CMD", "a", "b"))
    assert config("FROM x\nHEALTHCHECK NONE\n").healthcheck == HealthcheckConfig(("NONE",))


def test_maintainer() -> None:
    assert config("FROM x\nMAINTAINER A <b@c>\n").author == "A <b@c>"


def test_onbuild_is_kept_as_text_and_run_in_a_later_stage() -> None:
    found = config("FROM x AS y\nONBUILD   ENV A=1 \\\n B=2\nONBUILD EXPOSE 1\n", target="y")
    assert found.onbuild == ("ENV A=1  B=2", "EXPOSE 1")
    found = config("FROM x AS y\nONBUILD ENV A=1\nFROM y\nENV B=$A\n")
    assert found.onbuild == ()
    assert found.env[1:] == (("A", "1"), ("B", "1"))


def test_the_stage_asked_for() -> None:
    model = Model(parse("FROM x AS one\nENV A=1\nFROM y\nENV B=2\n"))
    assert model.observable(model.stages[0]).env[1:] == (("A", "1"),)
    assert model.observable().env[1:] == (("B", "2"),)


@pytest.mark.parametrize(
    ("text", "ports"),
    [
        ("80", ("80/tcp",)),
        ("80/UDP", ("80/udp",)),
        ("80/", ("80/tcp",)),
        ("1-3/sctp", ("1/sctp", "2/sctp", "3/sctp")),
        ("8080:80", ("80/tcp",)),
        ("8000-8001:80", ("80/tcp",)),
        ("127.0.0.1:8080:80", ("80/tcp",)),
        ("[::1]:8080:80", ("80/tcp",)),
        (":80", ("80/tcp",)),
    ],
)
def test_ports(text: str, ports: tuple[str, ...]) -> None:
    assert parse_port(text) == ports


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "80/abc",
        "3-1",
        "70000",
        "80:",
        "1-2:1-3:4-9",
        "a.b:1:2",
        "/tcp",
        "-",
        "1:2-3:4-6",
        "9" * 5000,
    ],
)
def test_bad_ports(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_port(text)


@pytest.mark.parametrize(
    ("text", "good"),
    [("9", True), ("0", False), ("SIGKILL", True), ("sigterm", True), ("TERM", True), ("RTMIN+3", True), ("RTMIN+16", False), ("RTMAX-1", True), ("SIGFOO", False), ("", False)],
)  # fmt: skip
def test_signals(text: str, good: bool) -> None:
    assert is_signal(text) is good
