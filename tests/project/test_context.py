"""A build context is read lazily, exactly, and never beyond its own folder."""

import os
from pathlib import Path

import pytest

from dockeropt.project.context import UNKNOWN, BuildContext, Entry, InMemory
from dockeropt.project.directory import Directory
from dockeropt.project.overlay import Overlay

FILES = {"Dockerfile": "FROM a\n", ".dockerignore": "*.md\n", "src/app.py": "print()\n", "README.md": "#\n"}


def write(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
        (root / path).chmod(0o644)


@pytest.fixture(params=["folder", "mapping", "overlay"])
def build(request: pytest.FixtureRequest, tmp_path: Path) -> BuildContext:
    if request.param == "folder":
        write(tmp_path, FILES)
        return Directory(str(tmp_path))
    if request.param == "mapping":
        return InMemory(FILES)
    old = {**FILES, "src/app.py": "old", ".dockerignore": "old"}
    return Overlay(InMemory(old), {name: FILES[name] for name in ("src/app.py", ".dockerignore")})


def test_every_kind_of_context_answers_alike(build: BuildContext) -> None:
    assert build.known
    assert build.complete
    assert build.name
    assert build.entry("src/app.py") == Entry("src/app.py", "file", 8)
    assert [entry.path for entry in build.entries("src")] == ["src/app.py"]
    assert {entry.path: entry.kind for entry in build.entries()} == {
        **dict.fromkeys(FILES, "file"),
        "src": "folder",
    }
    assert build.read("src/app.py") == "print()\n"
    assert build.read("src") is None
    assert build.entry("nothing") is None
    assert build.read("nothing") is None
    assert build.ignore_name == ".dockerignore"
    assert build.ignore.ignores("README.md")
    assert not build.ignore.ignores("src/README.md")


def test_an_unknown_context_holds_nothing() -> None:
    assert not UNKNOWN.known
    assert not UNKNOWN.complete
    assert list(UNKNOWN.entries()) == []
    assert UNKNOWN.entry("a") is None
    assert UNKNOWN.read("a") is None
    assert not UNKNOWN.ignore.ignores("a")
    assert not Directory("/does/not/exist").known


def test_the_ignore_file_of_the_dockerfile_goes_first(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "docker/x.Dockerfile": "", "docker/x.Dockerfile.dockerignore": "src\n"})
    build = Directory(str(tmp_path), dockerfile=str(tmp_path / "docker/x.Dockerfile"))
    assert build.ignore_name == "docker/x.Dockerfile.dockerignore"
    assert build.ignore.ignores("src/app.py")
    assert not build.ignore.ignores("README.md")
    assert (
        InMemory({"x.dockerignore": "", ".dockerignore": ""}, dockerfile="x").ignore_name == "x.dockerignore"
    )


def test_nothing_outside_is_read(tmp_path: Path) -> None:
    root = tmp_path / "context"
    write(tmp_path, {"secret": "s", "context/a": "a", "outside/b": "b"})
    (root / "file").symlink_to("../secret")
    (root / "folder").symlink_to("../outside")
    (root / "inside").symlink_to("a")
    build = Directory(str(root))
    assert build.entry("file") == Entry("file", "link", 0, 0o777, "../secret")
    assert build.read("file") is None
    assert build.read("folder/b") is None
    assert build.entry("folder/b") is None
    assert build.read("../secret") is None
    assert build.read("inside") == "a"
    assert [entry.path for entry in build.entries()] == ["a", "file", "folder", "inside"]


def test_what_is_no_text_has_no_text(tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\0\1")
    (tmp_path / "latin").write_bytes(b"\xe9")
    (tmp_path / "bom").write_bytes(b"\xef\xbb\xbfx")
    os.mkfifo(tmp_path / "pipe")
    build = Directory(str(tmp_path))
    assert build.read("binary") is None
    assert build.read("latin") == "\udce9"
    assert build.read("bom") == "x"
    assert build.read("pipe") is None
    assert build.entry("pipe") == Entry("pipe", "other", 0, (tmp_path / "pipe").lstat().st_mode & 0o7777)
    assert build.read("a\0b") is None
    assert build.entry("a\0b") is None


def test_version_control_is_named_and_not_listed(tmp_path: Path) -> None:
    write(tmp_path, {".git/objects/aa": "x", "a": "a"})
    assert [entry.path for entry in Directory(str(tmp_path)).entries()] == [".git", "a"]


def test_a_limit_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dockeropt.project.directory.MAX_ENTRIES", 2)
    write(tmp_path, {"a/1": "", "a/2": "", "b/1": ""})
    build = Directory(str(tmp_path))
    assert build.complete
    assert len(list(build.entries())) < 5
    assert not build.complete


def test_an_overlay_adds_files_last() -> None:
    build = Overlay(InMemory({"b": "1"}), {"a": "22", ".dockerignore": "b\n"})
    assert [entry.path for entry in build.entries()] == ["b", "a", ".dockerignore"]
    assert build.entry("a") == Entry("a", "file", 2)
    assert build.ignore_name == ".dockerignore"
    assert build.ignore.ignores("b")
