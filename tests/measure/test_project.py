"""Every state has a folder of its own, and the user's folder is only read."""

import os
from pathlib import Path

import pytest

from dockeropt.errors import FileProblem
from dockeropt.measure.project import Folder, Project, Version, link_tree
from dockeropt.rewrite.fix import FileChange


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "a").write_text("one")
    (folder / "run.sh").write_text("#!/bin/sh\n")
    (folder / "run.sh").chmod(0o750)
    (folder / "link").symlink_to("sub/a")
    (folder / "Dockerfile").write_text("FROM x\n")
    return folder


def folder_of(source: Path, tmp_path: Path, version: Version, dockerfile: str = "Dockerfile") -> Folder:
    root = tmp_path / "work" / "0"
    root.mkdir(parents=True)
    return Folder(str(root), Project(str(source), str(source / dockerfile)), version)


def test_files_modes_and_links_are_there_and_the_changes_of_fixes(source: Path, tmp_path: Path) -> None:
    change = FileChange(".dockerignore", None, "sub\n")
    made = folder_of(source, tmp_path, Version("FROM y\n", (change,)))
    context = Path(made.context)
    assert (context / "sub" / "a").read_text() == "one"
    assert (context / "run.sh").stat().st_mode & 0o777 == 0o750
    assert os.readlink(context / "link") == "sub/a"
    assert (context / ".dockerignore").read_text() == "sub\n"
    assert (context / "Dockerfile").read_text() == "FROM y\n"
    assert Path(made.dockerfile).read_text() == "FROM y\n"
    assert (source / "Dockerfile").read_text() == "FROM x\n"
    assert not (source / ".dockerignore").exists()


def test_an_edit_never_reaches_the_users_file(source: Path, tmp_path: Path) -> None:
    made = folder_of(source, tmp_path, Version("FROM x\n"))
    before = made.edit("run.sh", "# more\n")
    assert Path(made.context, "run.sh").read_text() == "#!/bin/sh\n# more\n"
    assert Path(made.context, "run.sh").stat().st_mode & 0o777 == 0o750
    assert (source / "run.sh").read_text() == "#!/bin/sh\n"
    made.restore("run.sh", before)
    assert Path(made.context, "run.sh").read_text() == "#!/bin/sh\n"


def test_the_ignore_file_of_a_dockerfile_goes_along(source: Path, tmp_path: Path) -> None:
    (source / "Dockerfile.dockerignore").write_text("sub\n")
    made = folder_of(source, tmp_path, Version("FROM x\n"))
    assert Path(f"{made.dockerfile}.dockerignore").read_text() == "sub\n"


def test_a_frontend_is_left_out_of_what_the_engine_gets_only(source: Path, tmp_path: Path) -> None:
    made = folder_of(source, tmp_path, Version("# syntax=docker/dockerfile:1\nFROM x\n"))
    assert "syntax=" not in Path(made.dockerfile).read_text().partition("\n")[0].replace(" ", "")[:9]
    assert Path(made.context, "Dockerfile").read_text().startswith("# syntax=")


def test_a_temporary_folder_inside_of_the_context_is_left_out(source: Path) -> None:
    work = source / "tmp" / "dockeropt-verify-x"
    (work / "0").mkdir(parents=True)
    link_tree(str(source), str(work / "0" / "context"), str(work))
    copied = work / "0" / "context"
    assert (copied / "sub" / "a").exists()
    assert list((copied / "tmp").iterdir()) == []


def test_sockets_and_pipes_are_left_out(source: Path, tmp_path: Path) -> None:
    os.mkfifo(source / "pipe")
    link_tree(str(source), str(tmp_path / "copy"), str(tmp_path / "none"))
    assert not (tmp_path / "copy" / "pipe").exists()


def test_a_context_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="no such file or directory"):
        link_tree(str(tmp_path / "none"), str(tmp_path / "copy"), str(tmp_path))
