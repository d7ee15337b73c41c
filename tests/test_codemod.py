"""LibCST's own tool runs our codemod: as a process, in a project."""

import os
import subprocess
import sys
from pathlib import Path

import libcst as cst
import pytest
from libcst.codemod import CodemodContext

import dockeropt
from dockeropt.cli.init import init
from dockeropt.codemod import OptimizeEmbeddedDockerfiles

ROOT = Path(dockeropt.__file__).parent.parent
NAME = "dockeropt.codemod.OptimizeEmbeddedDockerfiles"
BUILD = 'import docker\n\nDOCKERFILE = """\\\nFROM debian:12\nRUN mkdir /a\nRUN mkdir /b\nENV A b\n"""\n'


def codemod(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "libcst.tool", "codemod", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "build.py").write_text(BUILD)
    (tmp_path / "src" / "other.py").write_text("x = 1\n")
    return tmp_path


def test_it_does_what_fix_does(project: Path) -> None:
    done = codemod(project, "-x", "--no-format", NAME, "src")
    assert done.returncode == 0, done.stderr
    assert (project / "src" / "build.py").read_text() == dockeropt.fix_python(BUILD).fixed != BUILD
    assert (project / "src" / "other.py").read_text() == "x = 1\n"
    assert "build.py:4:6: use-slim-base" in done.stderr


def test_passes_can_be_chosen_and_unsafe_fixes_asked_for(project: Path) -> None:
    done = codemod(
        project,
        "-x",
        "--no-format",
        NAME,
        "--unsafe",
        "--select",
        "size,base",
        "--ignore",
        "merge-runs",
        "src",
    )
    assert done.returncode == 0, done.stderr
    assert (project / "src" / "build.py").read_text() == BUILD.replace("debian:12", "debian:12-slim")


def test_a_project_can_name_us_in_its_configuration(project: Path) -> None:
    (project / ".libcst.codemod.yaml").write_text("modules:\n- dockeropt\n")
    done = codemod(
        project,
        "--no-format",
        "codemod.OptimizeEmbeddedDockerfiles",
        "--select",
        "merge-runs",
        "src/build.py",
    )
    assert done.returncode == 0, done.stderr
    assert "RUN mkdir /a \\\\\n    && mkdir /b\nENV A b" in (project / "src" / "build.py").read_text()


def test_the_file_of_init_makes_the_plain_name_work(project: Path) -> None:
    assert init(str(project), ("libcst",), "", stdout=False) == 0
    done = codemod(project, NAME, "src")
    assert done.returncode == 0, done.stderr
    assert (project / "src" / "build.py").read_text() == dockeropt.fix_python(BUILD).fixed != BUILD


def test_the_file_of_init_leaves_the_commands_of_libcst(project: Path) -> None:
    assert init(str(project), ("libcst",), "", stdout=False) == 0
    done = codemod(project, "noop.NOOPCommand", "src")
    assert done.returncode == 0, done.stderr


def test_a_pass_that_does_not_exist_is_an_error(project: Path) -> None:
    done = codemod(project, "-x", "--no-format", NAME, "--select", "nonsense", "src/build.py")
    assert done.returncode == 1
    assert "unknown pass 'nonsense'" in done.stderr
    assert (project / "src" / "build.py").read_text() == BUILD


def test_what_is_left_alone_is_a_warning() -> None:
    context = CodemodContext(filename="build.py")
    source = "dockerfile = f'''FROM a\n{code}\nRUN b\n'''\n"
    module = OptimizeEmbeddedDockerfiles(context).transform_module(cst.parse_module(source))
    assert module.code == source
    assert context.warnings == ["build.py:2:1: {code} stands for whole instructions, so nothing is changed"]
