"""ADD unpacks by content: what we call no archive is none for tar either."""

import io
import tarfile
from pathlib import Path

import pytest

from dockeropt.project.archives import is_archive, only_copied
from dockeropt.project.directory import Directory


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2", "w:xz"])
@pytest.mark.parametrize("kind", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_what_tarfile_writes_is_an_archive(tmp_path: Path, mode: str, kind: int) -> None:
    with tarfile.open(tmp_path / "x", mode, format=kind) as archive:  # type: ignore[call-overload]
        archive.addfile(tarfile.TarInfo("a"), io.BytesIO(b""))
    assert is_archive(Directory(str(tmp_path)), "x") is True
    assert only_copied(Directory(str(tmp_path)), "x") is False


def test_an_old_tar_is_known_by_its_sum(tmp_path: Path) -> None:
    block = bytearray(tarfile.TarInfo("a").tobuf(tarfile.USTAR_FORMAT))
    block[257:265] = bytes(8)
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    (tmp_path / "x").write_bytes(bytes(block) + bytes(1024))
    assert is_archive(Directory(str(tmp_path)), "x") is True


@pytest.mark.parametrize(
    "content", [b"", b"text", b"\x1f\x8b", bytes(2048), b"PK\3\4" + bytes(600), b"a" * 5000]
)
def test_other_files_are_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    assert is_archive(Directory(str(tmp_path)), "x") is False
    assert only_copied(Directory(str(tmp_path)), "./x") is True


def test_what_is_not_there_is_not_known(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / "folder").mkdir()
    build = Directory(str(tmp_path))
    assert is_archive(build, "nothing") is None
    assert only_copied(build, "nothing") is None
    assert only_copied(build, "link") is None
    assert only_copied(build, "folder") is True
    assert only_copied(build, ".") is True
