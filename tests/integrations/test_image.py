"""The image of dockeropt: its Dockerfile is as we ask of others, it builds, and it works."""

import pytest

from dockeropt import api
from dockeropt.config import Options
from dockeropt.syntax.nodes import From, User
from tests.engine.fixtures import Engine
from tests.integrations.kit import ROOT

BASE = "python:3.12-slim"
STAND_IN = "python:3.11-slim"
"""What takes its place where it cannot be had."""


def test_our_own_check_finds_nothing() -> None:
    (result,) = api.fix_paths([ROOT / "Dockerfile"], options=Options(context=str(ROOT)), apply=False)
    assert result.errors == ()
    assert result.leftover == ()


def test_it_does_not_run_as_root() -> None:
    tree = api.parse((ROOT / "Dockerfile").read_bytes())
    last = [node for node in tree.instructions if isinstance(node, From | User)][-1]
    assert isinstance(last, User)
    assert last.argument.text == "65532:65532"


@pytest.mark.engine
@pytest.mark.slow
def test_it_builds_and_works(engine: Engine) -> None:
    base, instead = BASE, tuple[str, ...]()
    if not engine.has(BASE) and engine("pull", "-q", BASE, check=False).returncode:
        base, instead = STAND_IN, ("--build-context", f"{BASE}=docker-image://{STAND_IN}")
        engine.needs(base)
    name = engine.name()
    built = engine.build(ROOT, *instead, "-q", "-t", name)
    assert built.returncode == 0, built.stderr
    run = ("run", "--rm", "-i", *engine.options)
    assert engine(*run, name, "--version").stdout.startswith("dockeropt ")
    assert "Usage" in engine(*run, name).stdout
    text = "FROM debian:12-slim\nRUN mkdir /a\nRUN mkdir /b\n"
    fixed = engine(*run, name, "fix", "-", text=text, check=False)
    assert fixed.returncode == 1  # there is something to fix
    assert fixed.stdout == "FROM debian:12-slim\nRUN mkdir /a \\\n    && mkdir /b\n"
    assert engine(*run, "--entrypoint", "id", name, "-u").stdout == "65532\n"
    # Nothing but the package was copied, and no file of it can be changed by who runs it.
    look = "ls -A /src /build; find /opt -writable ! -type l"
    seen = engine(*run, "--entrypoint", "sh", name, "-c", look, check=False)
    assert seen.stdout.split() == ["/src:"]
    assert engine.image(name)["Size"] - engine.image(base)["Size"] < 100_000_000
