"""What the sources of COPY and ADD bring from a context."""

from pathlib import Path

import pytest

from dockeropt.project.context import UNKNOWN, InMemory
from dockeropt.project.directory import Directory
from dockeropt.project.overlay import Overlay
from dockeropt.project.sources import ROOT, everything_below, glob, ignored, matches, sent

FILES = {
    "Dockerfile": "",
    "package.json": "{}",
    "package-lock.json": "{}",
    "src/a.js": "",
    "src/lib/b.js": "",
    "src/lib/c.txt": "",
    "arr[0].txt": "",
    "docs/x.md": "",
}


def names(build: InMemory, pattern: str) -> str:
    return " ".join([entry.path or "." for entry in matches(build, pattern)])


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        (".", "."),
        ("./", "."),
        ("/", "."),
        ("..", "."),
        ("", "."),
        ("package.json", "package.json"),
        ("/package.json", "package.json"),
        ("./src/", "src"),
        ("../src/../src", "src"),
        ("package*.json", "package-lock.json package.json"),
        ("s*", "src"),
        ("*/*.js", "src/a.js"),
        ("src/*/b.??", "src/lib/b.js"),
        ("**/b.js", ""),
        ("[sd]*", "docs src"),
        ("[^sd]*", "Dockerfile arr[0].txt package-lock.json package.json"),
        ("arr[[]0].txt", "arr[0].txt"),
        ("nothing", ""),
        ("nothing/*", ""),
        ("[", ""),
    ],
)
def test_matches(pattern: str, found: str) -> None:
    assert names(InMemory(FILES), pattern) == found


@pytest.mark.parametrize(
    ("pattern", "name", "is_match"),
    [
        ("a*b*c", "axxbyyc", True),
        ("a*b*c", "abcabc", True),
        ("*ab", "aab", True),
        ("*a*a*", "a", False),
        ("**", "x", True),
        ("a**b", "ab", True),
        (r"\*", "*", True),
        (r"\*", "x", False),
        ("^a", "^a", True),
        (r"[\]]", "]", True),
        ("[a-c]", "b", True),
        ("[c-a]", "b", False),
        ("[^c-a]", "b", True),
    ],
)
def test_a_name_is_matched_as_go_does(pattern: str, name: str, is_match: bool) -> None:
    assert glob(pattern)(name) is is_match


def test_many_stars_cost_no_more_than_a_few() -> None:
    assert not glob("*a" * 60 + "b")("a" * 255)


@pytest.mark.parametrize("pattern", ["[", "[]a]", "[a", "a\\", "[-]"])
def test_a_malformed_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match="syntax error"):
        glob(pattern)


def test_ignored_entries_do_not_match() -> None:
    build = InMemory({**FILES, ".dockerignore": "src/lib\n*.json\n!package.json\n"})
    assert names(build, "package*.json") == "package.json"
    assert names(build, "src/lib") == ""
    assert [entry.path for entry in everything_below(build, ROOT)] == [
        ".dockerignore",
        "Dockerfile",
        "arr[0].txt",
        "docs",
        "docs/x.md",
        "package.json",
        "src",
        "src/a.js",
    ]
    rule = ignored(build, "package-lock.json")
    assert rule is not None
    assert (rule.line, rule.text) == (2, "*.json")
    assert ignored(build, "package.json") is None


def test_an_ignored_folder_is_sent_for_what_an_exception_brings_back() -> None:
    build = InMemory({**FILES, ".dockerignore": "*\n!src/lib/b.js\n"})
    assert names(build, "src") == "src"
    assert names(build, "docs") == ""
    assert [entry.path for entry in everything_below(build, ROOT)] == ["src", "src/lib", "src/lib/b.js"]
    entry = build.entry("docs")
    assert entry is not None
    assert not sent(build, entry)


def test_nothing_is_known_of_an_unknown_context() -> None:
    assert matches(UNKNOWN, ".") == ()
    assert list(everything_below(UNKNOWN, ROOT)) == []
    assert list(UNKNOWN.children()) == []
    assert UNKNOWN.head("a", 4) is None


def test_children_and_heads_of_a_folder_on_disk(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b").write_bytes(b"\x1f\x8b\0\0")
    (tmp_path / "c").write_text("text")
    (tmp_path / "out").symlink_to("/etc/passwd")
    build = Directory(str(tmp_path))
    assert [entry.path for entry in build.children()] == ["a", "c", "out"]
    assert [entry.path for entry in build.children("a")] == ["a/b"]
    assert build.head("a/b", 2) == b"\x1f\x8b"
    assert build.head("c", 99) == b"text"
    assert (build.head("a", 1), build.head("x", 1), build.head("out", 1)) == (None, None, None)
    over = Overlay(build, {"a/b": "new", "a/d": ""})
    assert [entry.path for entry in over.children("a")] == ["a/b", "a/d"]
    assert (over.head("a/b", 2), over.head("c", 2)) == (b"ne", b"te")
