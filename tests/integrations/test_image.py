"""The image of dockeropt: its Dockerfile is as we ask of others, it builds, and it works."""

import shutil
import subprocess
from pathlib import Path

import pytest

from dockeropt import api
from dockeropt.config import Options
from dockeropt.syntax.nodes import From, User
from tests.integrations.kit import ROOT

BASE = "python:3.12-slim"


def test_our_own_check_finds_nothing() -> None:
    (result,) = api.fix_paths([ROOT / "Dockerfile"], options=Options(context=str(ROOT)), apply=False)
    assert result.errors == ()
    assert result.leftover == ()


def test_it_does_not_run_as_root() -> None:
    tree = api.parse((ROOT / "Dockerfile").read_bytes())
    last = [node for node in tree.instructions if isinstance(node, From | User)][-1]
    assert isinstance(last, User)
    assert last.argument.text == "65532:65532"


def docker(*words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", *words], input=given, cwd=ROOT, capture_output=True, text=True, check=False
    )


@pytest.mark.engine
@pytest.mark.slow
def test_it_builds_and_works(tmp_path: Path) -> None:
    if shutil.which("docker") is None:
        pytest.skip("no docker command")
    if docker("version").returncode:
        pytest.skip("no engine answers")
    if docker("image", "inspect", BASE).returncode and docker("pull", "-q", BASE).returncode:
        pytest.skip(f"no {BASE}")
    name = f"dockeropt-test-{tmp_path.parent.name.lower()}"
    built = docker("build", "-q", "--network", "host", "-t", name, ".")
    try:
        assert built.returncode == 0, built.stderr
        run = ("run", "--rm", "-i", "--network", "host")
        assert docker(*run, name, "--version").stdout.startswith("dockeropt ")
        assert "Usage" in docker(*run, name).stdout
        fixed = docker(*run, name, "fix", "-", given="FROM debian:12-slim\nRUN mkdir /a\nRUN mkdir /b\n")
        assert fixed.stdout == "FROM debian:12-slim\nRUN mkdir /a \\\n    && mkdir /b\n"
        assert docker(*run, "--entrypoint", "id", name, "-u").stdout == "65532\n"
        # Nothing but the package was copied, and no file of it can be changed by who runs it.
        seen = docker(
            *run, "--entrypoint", "sh", name, "-c", "ls -A /src /build; find /opt -writable ! -type l"
        )
        assert seen.stdout.split() == ["/src:"]
        sizes = [int(docker("image", "inspect", "-f", "{{.Size}}", image).stdout) for image in (BASE, name)]
        assert sizes[1] - sizes[0] < 100_000_000
    finally:
        docker("image", "rm", "-f", name)
