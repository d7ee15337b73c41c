"""Reading what may be read, writing whole files or none."""

import os
import stat
from pathlib import Path

import pytest

from dockeropt import files
from dockeropt.errors import (
    ConfigError,
    DockeroptError,
    FileProblem,
    InternalProblem,
    SyntaxProblem,
    printable,
)
from dockeropt.text import Source, Span

ROOT = hasattr(os, "geteuid") and os.geteuid() == 0


def problem(path: Path | str) -> str:
    with pytest.raises(FileProblem) as caught:
        files.read(str(path))
    text = str(caught.value)
    assert "\n" not in text
    assert "(hint: " in text
    return text


# --- reading ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data", [b"", b"FROM a", b"FROM a\r\n", b"\xef\xbb\xbfFROM a\n", b"# \xff\xfe\n", "é\n".encode()]
)
def test_any_bytes_come_back(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "Dockerfile"
    path.write_bytes(data)
    assert files.read(str(path)).encode() == data


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    assert "no such file" in problem(tmp_path / "missing")
    assert "a directory" in problem(tmp_path)
    (tmp_path / "link").symlink_to("nowhere")
    assert "a link to a file that does not exist" in problem(tmp_path / "link")
    assert "nowhere" in problem(tmp_path / "link")
    (tmp_path / "binary").write_bytes(b"FROM a\nRUN \0\n")
    assert "binary:2: binary file" in problem(tmp_path / "binary")
    (tmp_path / "utf16").write_bytes("FROM a\n".encode("utf-16"))
    assert "UTF-16" in problem(tmp_path / "utf16")
    with pytest.raises(FileProblem, match="NUL"):
        files.read("a\0b")


def test_a_missing_name_brings_up_a_near_one(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM a\n")
    assert "did you mean" in problem(tmp_path / "DockerFile2")
    assert str(tmp_path / "Dockerfile") in problem(tmp_path / "dockerfil")


def test_a_large_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    assert "too large: 50.0 MiB, the limit is 5 MiB" in problem(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "Dockerfile")
    assert "not a regular file" in problem(tmp_path / "Dockerfile")


@pytest.mark.skipif(ROOT, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "Dockerfile"
    path.write_text("FROM a\n")
    path.chmod(0)
    assert "permission denied" in problem(path)


def test_permission_errors_have_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert "permission denied (hint: check owner and mode" in problem(tmp_path / "x")


# --- writing ---------------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "Dockerfile"
    path.write_bytes(b"FROM a\n")
    return path


@pytest.mark.parametrize("text", ["", "FROM b", "FROM b\r\n", "\ufeffFROM b\n", "# \udcff\n"])
def test_bytes_are_written_as_they_are(path: Path, text: str) -> None:
    files.write(str(path), text)
    assert path.read_bytes() == text.encode("utf-8", "surrogateescape")
    assert os.listdir(path.parent) == ["Dockerfile"]


@pytest.mark.parametrize("mode", [0o644, 0o600, 0o755, 0o664])
def test_the_mode_is_kept(path: Path, mode: int) -> None:
    path.chmod(mode)
    files.write(str(path), "FROM b\n")
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(not ROOT, reason="only root can give files away")
def test_the_owner_is_kept(path: Path) -> None:
    os.chown(path, 12345, 23456)
    files.write(str(path), "FROM b\n")
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


def test_a_link_stays_a_link_and_its_target_changes(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "file").write_text("FROM a\n")
    (tmp_path / "middle").symlink_to("real/file")
    (tmp_path / "Dockerfile").symlink_to("middle")
    files.write(str(tmp_path / "Dockerfile"), "FROM b\n")
    assert (tmp_path / "Dockerfile").is_symlink()
    assert (tmp_path / "middle").is_symlink()
    assert (tmp_path / "real" / "file").read_text() == "FROM b\n"
    assert os.listdir(tmp_path / "real") == ["file"]


def test_a_file_that_changed_meanwhile_is_left_alone(path: Path) -> None:
    with pytest.raises(FileProblem, match="changed while it was being fixed"):
        files.write(str(path), "FROM b\n", before="FROM other\n")
    assert path.read_text() == "FROM a\n"


@pytest.mark.parametrize("call", ["fsync", "replace", "chmod"])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(FileProblem, match="no space left on device"):
        files.write(str(path), "FROM b\n")
    monkeypatch.undo()
    assert path.read_text() == "FROM a\n"
    assert os.listdir(path.parent) == ["Dockerfile"]


def test_an_interrupt_leaves_the_old_file_and_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        files.write(str(path), "FROM b\n")
    assert path.read_text() == "FROM a\n"
    assert os.listdir(path.parent) == ["Dockerfile"]


def test_a_read_only_file_is_not_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(FileProblem, match="read-only"):
        files.write(str(path), "FROM b\n")


def test_a_long_name_still_fits(tmp_path: Path) -> None:
    path = tmp_path / ("D" * 250)
    path.write_text("FROM a\n")
    files.write(str(path), "FROM b\n")
    assert path.read_text() == "FROM b\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("FROM a\n", 0),
        ("<<<<<<< ours\nFROM a\n", 1),
        ("FROM a\n<<<<<<< ours\nx\n=======\ny\n>>>>>>> theirs\n", 2),
        ("FROM a\n>>>>>>> theirs\n", 2),
        ("RUN cat <<<<<<< x\n", 0),
        ("RUN <<EOF\n=======\nEOF\n", 0),
    ],
)
def test_conflict_markers(text: str, line: int) -> None:
    assert files.conflict_line(text) == line


# --- errors ----------------------------------------------------------------------------


def test_an_error_is_one_line() -> None:
    error = ConfigError("bad", path="a\nb\x1b[31m", line=3, column=4, hint="do this")
    assert str(error) == r"a\nb\x1b[31m:3:4: bad (hint: do this)"
    assert str(DockeroptError("bad")) == "bad"


def test_errors_cross_process_borders() -> None:
    import pickle

    error = SyntaxProblem.at(Source("FROM a\nRUN\n"), Span(7, 10), "bad", path="x", hint="h")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is SyntaxProblem
    assert str(again) == str(error) == "x:2:1: bad (hint: h)"


def test_a_bug_keeps_its_trace() -> None:
    import pickle

    with pytest.raises(ValueError, match="oh") as caught:
        int("oh\nno")
    problem = InternalProblem.of(caught.value, "p")
    again = pickle.loads(pickle.dumps(problem))
    assert str(again) == (
        r"p: ValueError: invalid literal for int() with base 10: 'oh\nno'; this is a bug in dockeropt "
        "(hint: -v shows the traceback)"
    )
    assert again.trace.startswith("Traceback ")


def test_printable_leaves_ordinary_text_alone() -> None:
    assert printable("naïve 日本") == "naïve 日本"
    assert printable("a\udcff\u202eb") == r"a\udcff\u202eb"


def test_several_files_are_replaced_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, new = tmp_path / "one", tmp_path / "two", tmp_path / "new"
    one.write_text("1")
    two.write_text("2")
    all_three = [
        files.Replacement(str(new), "n", new=True),
        files.Replacement(str(one), "11", "1"),
        files.Replacement(str(two), "22", "2"),
    ]
    replace = os.replace
    for failing in range(3):
        left = [failing]

        def sometimes(source: str, target: str, left: list[int] = left) -> None:
            left[0] -= 1
            if left[0] == -1:
                raise OSError(28, "No space left on device")
            replace(source, target)

        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", sometimes)
            with pytest.raises(FileProblem, match="no space"):
                files.write_all(all_three)
        assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"one": "1", "two": "2"}
    files.write_all(all_three)
    after = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert after == {"one": "11", "two": "22", "new": "n"}
    with pytest.raises(FileProblem, match="somebody else"):
        files.write_all(all_three)


def test_a_file_is_put_where_none_was_and_where_one_was(tmp_path: Path) -> None:
    path = tmp_path / "report"
    files.put(str(path), "one\n", hint="")
    path.chmod(0o640)
    files.put(str(path), "two \udcff\n", hint="")
    assert path.read_bytes() == b"two \xff\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["report"]
    with pytest.raises(FileProblem, match="try that"):
        files.put(str(tmp_path / "none" / "report"), "", hint="try that")
    with pytest.raises(FileProblem, match="a directory"):
        files.put(str(tmp_path), "", hint="")
    files.put(os.devnull, "gone", hint="")
    assert not os.path.isfile(os.devnull)


def test_what_is_put_is_whole_or_not_there(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileProblem, match="no space left"):
        files.put(str(path), "new", hint="")
    assert path.read_bytes() == old
    assert [file.name for file in path.parent.iterdir()] == [path.name]
