"""Diffs, judged by the program that has to read them: git."""

import os
import random
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockeropt.render.diff import changes, header_name, lines_of, unified

LINES = [
    "FROM a\n",
    "RUN x\n",
    "RUN y\r\n",
    "\n",
    "# é\n",
    "a\x0cb\n",
    "a\u2028b\n",
    "\ufeff#\n",
    "no end",
    "-- a\n",
    "\udcff\n",
]


def make(rng: random.Random, length: int) -> str:
    return "".join(rng.choice(LINES) for _ in range(length))


def edit(rng: random.Random, text: str) -> str:
    lines = lines_of(text)
    for _ in range(rng.randint(0, 4)):
        at = rng.randint(0, len(lines))
        lines[at : at + rng.randint(0, 3)] = lines_of(make(rng, rng.randint(0, 3)))
    return "".join(lines)


Git = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    def run(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
        environment |= {"GIT_CEILING_DIRECTORIES": str(tmp_path.parent), "LC_ALL": "C"}
        return subprocess.run(
            ["git", *arguments], cwd=tmp_path, input=stdin, capture_output=True, env=environment, check=False
        )

    return run


@pytest.mark.parametrize("context", [0, 1, 3])
def test_git_applies_the_diff_of_any_two_texts(git: Git, tmp_path: Path, context: int) -> None:
    rng = random.Random(context)
    patch, wanted = [], {}
    for number in range(250):
        before = make(rng, rng.randint(1, 25))
        after = edit(rng, before) if number % 5 else make(rng, rng.randint(1, 20))
        path = tmp_path / f"{number}.Dockerfile"
        path.write_bytes(before.encode("utf-8", "surrogateescape"))
        patch.append(unified(before, after, path.name, context=context))
        wanted[path] = after.encode("utf-8", "surrogateescape")
    data = "".join(patch).encode("utf-8", "surrogateescape")
    flags = ["--unidiff-zero"] if context == 0 else []
    done = git("apply", "--whitespace=nowarn", *flags, stdin=data)
    assert done.returncode == 0, done.stderr.decode()
    assert {p: p.read_bytes() for p in wanted} == wanted


@pytest.mark.parametrize(
    "name", ["a b", "naïve", 'q"uote', "back\\slash", "tab\there", " lead", "trail ", "日本/x", "a/b"]
)
def test_git_finds_the_file_under_any_name(git: Git, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"FROM a\nUSER b")
    patch = unified("FROM a\nUSER b", "FROM a\nUSER c", name)
    done = git("apply", stdin=patch.encode())
    assert done.returncode == 0, done.stderr.decode()
    assert path.read_bytes() == b"FROM a\nUSER c"


def test_header_names_that_need_no_quotes_have_none() -> None:
    assert header_name("a/Dockerfile.dev") == "a/Dockerfile.dev"
    assert header_name("a/my file") == "a/my file\t"


def test_equal_texts_have_no_diff() -> None:
    assert unified("a\n", "a\n", "x") == ""


def test_an_empty_side() -> None:
    assert unified("", "a\n", "x") == "--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n"
    assert unified("a\n", "", "x") == "--- a/x\n+++ b/x\n@@ -1 +0,0 @@\n-a\n"


def test_prefixes_can_be_chosen() -> None:
    assert unified("a\n", "b\n", "x", prefix=("", "")).startswith("--- x\n+++ x\n")


def test_lines_end_at_newlines_only() -> None:
    assert lines_of("a\x0cb\r\nc\u2028d") == ["a\x0cb\r\n", "c\u2028d"]
    assert lines_of("") == []


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcd")), st.lists(st.sampled_from("abcd")))
def test_changes_lead_from_one_list_to_the_other(old: list[str], new: list[str]) -> None:
    result, at = [], 0
    for i, j, k, m in changes(old, new):
        assert old[i:j] != new[k:m]
        result += old[at:i] + new[k:m]
        at = j
    assert result + old[at:] == new


def test_a_large_file_takes_near_linear_time() -> None:
    old = [f"RUN step {n}\n" if n % 3 else "RUN same\n" for n in range(60_000)]
    new = [line.replace("step", "other") if n % 50 == 1 else line for n, line in enumerate(old)]
    start = time.process_time()
    found = list(changes(old, new))
    assert sum(j - i for i, j, _, _ in found) == sum(a != b for a, b in zip(old, new, strict=True))
    assert time.process_time() - start < 30


def test_many_equal_lines_take_bounded_time() -> None:
    start = time.process_time()
    assert list(changes(["a\n", "\n"] * 30_000, ["\n", "b\n"] * 30_000))
    assert time.process_time() - start < 20
