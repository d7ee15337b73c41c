"""What a diff says of the lines of the new file."""

from __future__ import annotations

import random
import subprocess
from pathlib import Path

import pytest

from dockeropt.errors import ConfigError
from dockeropt.review.hunks import FileDiff, read_diff, read_patch
from tests.review import fakes
from tests.review.kit import branch, earlier, git

TEXT = "".join(f"line {n}\n" for n in range(40))


def test_lines_are_kept_or_added() -> None:
    file = read_patch("Dockerfile", "", "@@ -1,3 +1,4 @@\n a\n-b\n+c\n+d\n e\n@@ -9,2 +10 @@\n x\n-y")
    assert [(hunk.first, hunk.last, hunk.old) for hunk in file.hunks] == [
        (1, 4, (1, 0, 0, 3)),
        (10, 10, (9,)),
    ]
    assert file.hunk_of(2, 4) is file.hunks[0]
    assert file.hunk_of(4, 5) is None
    assert file.hunk_of(4, 10) is None
    assert list(file.added()) == [2, 3]
    assert file.is_about(["a", "c", "d", "e", *"56789", "x"])
    assert not file.is_about(["a", "c", "D", "e", *"56789", "x"])
    assert not file.is_about(["a", "c", "d", "e"])


def test_a_file_that_is_too_large_has_no_lines() -> None:
    assert read_patch("Dockerfile", "", "").hunks == ()


def test_deleted_files_are_left_out_and_renamed_ones_known() -> None:
    diff = """diff --git a/gone b/gone
deleted file mode 100644
--- a/gone
+++ /dev/null
@@ -1 +0,0 @@
-a
diff --git a/old/Dockerfile b/new/Dockerfile
similarity index 90%
rename from old/Dockerfile
rename to new/Dockerfile
--- a/old/Dockerfile
+++ b/new/Dockerfile
@@ -1,2 +1,2 @@
 FROM a
-USER b
+USER c
\\ No newline at end of file
"""
    found = read_diff(diff)
    assert list(found) == ["new/Dockerfile"]
    assert found["new/Dockerfile"].old_path == "old/Dockerfile"
    assert found["new/Dockerfile"].hunks[0].lines == ("FROM a", "USER c")


@pytest.mark.parametrize("text", ["nonsense", "@@ -1 +1 @@\n x\n", "--- a/x\n+++ b/x\n@@ -1,5 +1,5 @@\n a\n"])
def test_what_is_no_diff_is_a_clear_error(text: str) -> None:
    with pytest.raises(ConfigError, match="no unified diff"):
        read_diff(text)


@pytest.mark.parametrize(
    "name", ["Dockerfile", "a b/Dockerfile", "ä/Dockerfile", "a b/x b/y", 'q"uote', "t\tab", "back\\slash"]
)
@pytest.mark.parametrize("quoted", ["true", "false"])
def test_names_are_those_that_git_means(tmp_path: Path, name: str, quoted: str) -> None:
    branch(tmp_path, {name: "a\n"}, {name: "b\n"})
    diff = git(tmp_path, "-c", f"core.quotePath={quoted}", "diff", "main", "branch")
    assert list(read_diff(diff)) == [name]


def test_line_ends_of_other_systems_stay_in_their_lines(tmp_path: Path) -> None:
    text = "a\r\nb\x0cc\u2028d\x85\r\rlast"
    diff = branch(tmp_path, {"f": "a\r\nx"}, {"f": text})
    file = read_diff(diff)["f"]
    assert file.is_about(text.split("\n"))


@pytest.mark.parametrize("seed", range(25))
def test_two_readers_agree(seed: int, tmp_path: Path) -> None:
    diff = branch(tmp_path, {"f": earlier(TEXT, random.Random(seed))}, {"f": TEXT})
    (theirs,) = fakes.read(diff)
    ours = read_diff(diff)["f"]
    shown = {
        hunk.first + at: (number, old)
        for number, hunk in enumerate(ours.hunks, 1)
        for at, old in enumerate(hunk.old)
    }
    assert shown == {line: tuple(found) for line, found in theirs.shown.items()}
    assert ours.is_about(TEXT.split("\n")[:-1])
    assert read_patch("f", "", theirs.patch).hunks == ours.hunks


def test_a_diff_of_plain_diff_is_understood(tmp_path: Path) -> None:
    for name, text in (("old", "a\nb\n"), ("new", "a\nc\n")):
        (tmp_path / name).write_text(text)
    done = subprocess.run(
        ["diff", "-u", "old", "new"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert list(read_diff(done.stdout)["new"].added()) == [2]


def test_a_file_that_became_empty_is_still_there() -> None:
    hunk = "@@ -1,2 +0,0 @@\n-FROM a\n-RUN b\n"
    assert read_patch("a", "", hunk) == FileDiff("a", "a", ())
    found = read_diff(f"diff --git a/a b/a\n--- a/a\n+++ b/a\n{hunk}")
    assert found == {"a": FileDiff("a", "a", ())}
    assert found["a"].is_about([])
