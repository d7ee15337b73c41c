"""Microsoft's SARIF Multitool and a validator of reviewdog's format find nothing wrong."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.kit import Run
from tests.formats.samples import case_inputs, gather, unkind

pytestmark = [pytest.mark.oracle, pytest.mark.slow]

PACKAGES = ("@microsoft/sarif-multitool@5.7.0", "@umbrelladocs/rdformat-validator@1.0.1")


@pytest.fixture(scope="session")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the programs with npm; skipped, with the reason, where that cannot be done."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed")
    folder = tmp_path_factory.mktemp("npm")
    (folder / "package.json").write_text("{}")
    try:
        done = subprocess.run(
            [npm, "install", "--silent", "--no-audit", "--no-fund", "--fetch-retries=0", *PACKAGES],
            cwd=folder, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        pytest.skip("npm does not answer")
    if done.returncode:
        pytest.skip(f"npm cannot install them: {(done.stdout + done.stderr).strip()[-200:]}")
    for file in folder.rglob("Sarif.Multitool"):
        os.chmod(file, 0o755)  # npm may not run the script that does this
    return folder / "node_modules" / ".bin"


def validated(programs: Path, name: str, *arguments: str) -> str:
    done = subprocess.run([programs / name, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("command", ["check", "fix"])
def test_sarif(run: Run, here: Path, programs: Path, command: str) -> None:
    unkind(here)
    gather(case_inputs(20), here / "cases")
    done = run(command, "--output-format", "sarif", "--select", "ALL", "--unsafe", "-o", "out.sarif", ".")
    assert done.out == ""
    said = validated(programs, "sarif-multitool", "validate", str(here / "out.sarif"))
    assert "Analysis completed successfully." in said
    assert ": error " not in said
    # dockeropt has no address in the web that could be named there.
    warnings = [line for line in said.split("\n") if ": warning " in line and "informationUri" not in line]
    assert not warnings


def test_rdjson(run: Run, here: Path, programs: Path) -> None:
    unkind(here)
    run("check", "--output-format", "rdjson", "--select", "ALL", "--unsafe", "-o", "out.json", ".")
    assert json.loads((here / "out.json").read_text("utf-8"))["diagnostics"]
    validated(programs, "rdformat-validator", str(here / "out.json"))
