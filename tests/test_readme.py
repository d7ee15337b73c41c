"""The first page shows what really happens. ``pytest --update-golden`` writes the output into it."""

import re
from pathlib import Path

import pytest

from dockeropt.__main__ import main

README = Path(__file__).parent.parent / "README.md"
BLOCK = re.compile(r"(?ms)^```(\w*)\n(.*?)^```$")


def test_the_sample_is_the_real_output(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> None:
    page = README.read_text("utf-8")
    console, diff, reasons = list(BLOCK.finditer(page))[:3]
    assert (console[1], diff[1], reasons[1]) == ("console", "diff", "text")
    sample = console[2].removeprefix("$ cat Dockerfile\n").removesuffix("$ dockeropt fix Dockerfile\n")
    (tmp_path / "Dockerfile").write_text(sample)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    assert main(["fix", "--isolated", "Dockerfile"]) == 1
    shown = capsys.readouterr()
    if request.config.getoption("--update-golden"):
        for block, text in ((reasons, shown.err), (diff, shown.out)):
            page = page[: block.start(2)] + text + page[block.end(2) :]
        README.write_text(page, "utf-8")
    else:
        assert diff[2] == shown.out
        assert reasons[2] == shown.err


def test_every_link_leads_somewhere() -> None:
    for file in (README, *(README.parent / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[\w-]+)?\)", file.read_text("utf-8")):
            assert (file.parent / target).exists(), f"{file.name}: {target}"
