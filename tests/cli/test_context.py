"""``--context`` and the key ``context``: what lies beside the Dockerfile counts, and may change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from dockeropt import Options, fix_file
from dockeropt.rewrite import Context, Finding, registry
from dockeropt.rewrite.fix import FileChange
from tests.cli.kit import Run, Write


@pytest.fixture
def ignoring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a pass in the place of one that makes an ignore file, whatever the real ones do."""
    p = registry.load_registry().get("replace-maintainer")

    def find(ctx: Context) -> Iterator[Finding]:
        if ctx.build.known and not ctx.build.ignore_name:
            at = next(iter(ctx.tree.instructions)).keyword
            yield Finding(
                "no ignore file",
                at,
                ctx.safe("Make one", (), files=FileChange(".dockerignore", None, ".git\n")),
            )

    monkeypatch.setattr(p, "_function", find, raising=True)
    monkeypatch.setattr(p.info, "wants", (), raising=False)


SELECT = ("--select", "replace-maintainer")
TEXT = "FROM a\nMAINTAINER b\nCOPY . /a\n"


def test_the_folder_has_to_exist(run: Run, files: Write) -> None:
    files(Dockerfile=TEXT)
    done = run("fix", "--context", "nowhere", "Dockerfile")
    assert done.code == 2
    assert "error: nowhere: no such folder" in done.err
    assert "hint: " in done.err


def test_without_a_context_nothing_is_known(run: Run, files: Write, ignoring: None) -> None:
    files(Dockerfile=TEXT)
    assert run("fix", *SELECT, "Dockerfile").code == 0


def test_the_diff_shows_all_files_and_git_applies_it(
    run: Run, files: Write, ignoring: None, here: Path
) -> None:
    import subprocess

    files(Dockerfile=TEXT)
    done = run("fix", *SELECT, "--context", ".", "Dockerfile")
    assert done.code == 1
    assert done.out == "--- /dev/null\n+++ b/.dockerignore\n@@ -0,0 +1 @@\n+.git\n"
    subprocess.run(["git", "init", "-q"], cwd=here, check=True)
    subprocess.run(["git", "apply", "-"], input=done.out.encode(), cwd=here, check=True)
    assert Path(".dockerignore").read_text() == ".git\n"
    assert run("fix", *SELECT, "--context", ".", "Dockerfile").code == 0


def test_write_makes_the_file(run: Run, files: Write, ignoring: None, here: Path) -> None:
    (here / "sub").mkdir()
    files(Dockerfile=TEXT)
    done = run("fix", *SELECT, "--context", "sub", "--write", "Dockerfile")
    assert done.code == 0
    assert Path("sub/.dockerignore").read_text() == ".git\n"
    assert Path("sub/.dockerignore").stat().st_mode & 0o777 == 0o644
    assert Path("Dockerfile").read_text() == TEXT
    assert sorted(path.name for path in here.iterdir() if path.is_file()) == ["Dockerfile"]


def test_json_names_the_files(run: Run, files: Write, ignoring: None) -> None:
    import json

    files(Dockerfile=TEXT)
    done = run("fix", *SELECT, "--context", ".", "--output-format", "json", "Dockerfile")
    (record,) = json.loads(done.out)["files"]
    assert record["files"] == [{"filename": ".dockerignore", "before": None, "after": ".git\n"}]
    assert record["changed"] is True


def test_the_configuration_names_it_relative_to_itself(
    run: Run, files: Write, ignoring: None, here: Path
) -> None:
    (here / "sub").mkdir()
    files(Dockerfile=TEXT)
    (here / "dockeropt.toml").write_text('context = "sub"\n')
    assert "b/sub/.dockerignore" in run("fix", *SELECT, "Dockerfile").out


def test_the_library_takes_it_too(ignoring: None, files: Write) -> None:
    files(Dockerfile=TEXT)
    result = fix_file("Dockerfile", options=Options(select=("replace-maintainer",), context="."), write=True)
    assert result.files == (FileChange(".dockerignore", None, ".git\n"),)
    assert result.written
    assert Path(".dockerignore").exists()


def test_a_file_that_somebody_else_made_is_kept(
    ignoring: None, files: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dockeropt import files as disk

    files(Dockerfile=TEXT)
    write = disk.write_all

    def late(replacements: list[disk.Replacement]) -> None:
        Path(".dockerignore").write_text("mine\n")
        write(replacements)

    monkeypatch.setattr(disk, "write_all", late)
    result = fix_file("Dockerfile", options=Options(select=("replace-maintainer",), context="."), write=True)
    assert result.error is not None
    assert not result.written
    assert Path(".dockerignore").read_text() == "mine\n"
