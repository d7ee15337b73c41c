"""Fixtures of reviews: no variable of a CI system, a way to run the command."""

import os
from pathlib import Path

import pytest

from dockeropt.__main__ import main
from tests.cli.kit import Done
from tests.review.fakes import TOKEN


@pytest.fixture(autouse=True)
def no_ci(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith(("DOCKEROPT_", "GITHUB_", "GITLAB_", "CI_")) or name in {"GH_TOKEN", "CI"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("NO_PROXY", "*")


class Suggest:
    """Run ``dockeropt suggest`` in a folder."""

    def __init__(self, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> None:
        self.capture, self.patch = capsysbinary, monkeypatch

    def __call__(self, folder: Path, *words: str, command: str = "suggest", isolated: bool = True) -> Done:
        self.patch.chdir(folder)
        self.capture.readouterr()
        code = main([command, *["--isolated"][: int(isolated)], *words])
        out, err = (text.decode("utf-8", "surrogateescape") for text in self.capture.readouterr())
        assert TOKEN not in out + err
        assert "Traceback" not in err
        return Done(code, out, err)


@pytest.fixture
def suggest(capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Suggest:
    return Suggest(capsysbinary, monkeypatch)
