"""What images have before anything is done to them, and what names say."""

import pytest

from dockeropt.knowledge.filenames import Kind, kind_of
from dockeropt.knowledge.layout import has_directory, is_free


@pytest.mark.parametrize(
    ("image", "tag", "path", "free"),
    [
        ("debian", "bookworm", "/app", True),
        ("debian", "bookworm", "/opt/app", True),
        ("debian", "bookworm", "/opt", False),
        ("debian", "bookworm", "/etc/app", False),
        ("debian", "bookworm", "/usr/local/app", False),
        ("node", "22", "/home/node/app", False),
        ("node", "22", "/usr/src/app", True),
        ("node", "8-onbuild", "/usr/src/app", False),
        ("php", "8.3", "/usr/src/php", False),
        ("golang", None, "/go", False),
        ("nothing-official", None, "/app", False),
        (None, None, "/app", False),
        ("debian", None, "/", False),
    ],
)
def test_free_paths(image: str | None, tag: str | None, path: str, free: bool) -> None:
    assert is_free(image, tag, path) is free


def test_directories_of_a_family() -> None:
    assert has_directory("debian", "/usr/local/bin")
    assert has_directory("alpine", "/etc")
    assert not has_directory("alpine", "/opt")
    assert has_directory(None, "/")
    assert not has_directory(None, "/usr/local/bin")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        (".", Kind.DIRECTORY),
        ("conf/", Kind.DIRECTORY),
        ("./src", Kind.DIRECTORY),
        ("a/start.sh", Kind.FILE),
        ("*.py", Kind.FILE),
        ("app-1.2.jar", Kind.FILE),
        ("Dockerfile.dev", Kind.FILE),
        (".bashrc", Kind.FILE),
        ("GEMFILE", Kind.FILE),
        ("a.tar.gz", Kind.ARCHIVE),
        ("a.tar.old", Kind.ARCHIVE),
        ("a.tgz", Kind.ARCHIVE),
        ("a.apk", Kind.ARCHIVE),
        ("dump.sql.gz", Kind.ARCHIVE),
        ("run", Kind.UNKNOWN),
        ("app-1.2", Kind.UNKNOWN),
        ("*", Kind.UNKNOWN),
        ("a.*", Kind.UNKNOWN),
        ("src*", Kind.UNKNOWN),
    ],
)
def test_kinds(path: str, kind: Kind) -> None:
    assert kind_of(path) is kind
