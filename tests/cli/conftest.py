"""Fixtures for the command line: a folder of one's own, files in it, a way to run commands."""

import io
import os
import sys
from pathlib import Path

import pytest

from dockeropt.__main__ import main
from tests.cli.kit import Done, Run, Write


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DOCKEROPT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    return tmp_path


@pytest.fixture
def run(here: Path, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(*arguments: str, stdin: bytes | str = b"") -> Done:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        capsysbinary.readouterr()
        code = main(arguments)
        captured = capsysbinary.readouterr()
        out, err = (text.decode("utf-8", "surrogateescape") for text in captured)
        assert "Traceback" not in err
        return Done(code, out, err)

    return call


@pytest.fixture
def files(here: Path) -> Write:
    def write(**texts: str) -> None:
        for name, text in texts.items():
            path = here / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode("utf-8", "surrogateescape"))

    return write
