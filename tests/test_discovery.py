"""What is found, in which order, and what a hostile folder cannot do."""

import os
import subprocess
import time
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from dockeropt.discovery import (
    DEFAULT_EXCLUDE,
    Search,
    discover,
    escape,
    is_dockerfile_name,
    is_excluded,
    translate,
)
from dockeropt.errors import FileProblem


def found(*paths: str | Path, **rules: object) -> list[str]:
    search = Search(**rules)  # type: ignore[arg-type]
    results = list(discover(map(str, paths), lambda _: search))
    assert all(isinstance(r, str) for r in results), results
    return [str(r) for r in results]


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("FROM scratch\n")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def git(folder: Path, *arguments: str) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    subprocess.run(
        ["git", "-c", "user.name=n", "-c", "user.email=e@example.org", *arguments],
        cwd=folder, check=True, capture_output=True, env=environment,
    )  # fmt: skip


# --- names -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    "Dockerfile dockerfile DOCKERFILE Dockerfile.dev Dockerfile.go api.Dockerfile api.dockerfile Containerfile "
    "Containerfile.x a.containerfile .dockerfile x.y.Dockerfile dockerfile.dev Dockerfile.alpine3.19".split(),
)
def test_names_of_dockerfiles(name: str) -> None:
    assert is_dockerfile_name(name)


@pytest.mark.parametrize(
    "name",
    "Dockerfile.j2 Dockerfile.tmpl Dockerfile.in Dockerfile.md Dockerfile.bak Dockerfile~ Dockerfile. "
    "Dockerfile.dockerignore .dockerignore dockerfile.go dockerfile.test.ts Dockerfile-dev mydockerfile "
    "docker-compose.yml README.md Makefile".split(),
)
def test_other_names(name: str) -> None:
    assert not is_dockerfile_name(name)


# --- patterns --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("vendor", "a/vendor/Dockerfile", True),
        ("vend*", "a/vendor/Dockerfile", True),
        ("vendor", "a/vendored/Dockerfile", False),
        ("Dockerfile.dev", "a/Dockerfile.dev", True),
        ("/r/a/*", "a/Dockerfile", True),
        ("/r/*/Dockerfile", "a/b/Dockerfile", False),
        ("/r/**/Dockerfile", "a/b/Dockerfile", True),
        ("/r/**/Dockerfile", "Dockerfile", True),
        ("/r/a", "a/b/c/Dockerfile", True),
        ("/r/a/", "a/b/Dockerfile", True),
        ("/r/[ab]/x", "a/x", True),
        ("/r/[!ab]/x", "a/x", False),
        ("/r/a?/x", "ab/x", True),
        ("/r/a.b/x", "aXb/x", False),
    ],
)
def test_patterns(pattern: str, path: str, matches: bool) -> None:
    assert is_excluded(f"/r/{path}", "/r", (pattern,)) is matches


def test_a_folder_above_the_root_does_not_count() -> None:
    assert not is_excluded("/home/vendor/project/Dockerfile", "/home/vendor/project", ("vendor",))


def test_escaped_patterns_match_themselves() -> None:
    import re

    for path in ("a[b]c", "a*b", "x?", "plain"):
        assert re.fullmatch(translate(escape(path)), path)
    assert not re.fullmatch(translate(escape("a*b")), "aXb")


# --- walking ---------------------------------------------------------------------------


def test_a_folder_is_searched_in_the_order_of_its_parts(here: Path) -> None:
    make(
        here,
        "b/Dockerfile",
        "a/z/Dockerfile",
        "a/Dockerfile",
        "Dockerfile.x",
        "a.Dockerfile",
        "a-b/Dockerfile",
    )
    names = [
        "Dockerfile.x",
        "a/Dockerfile",
        "a/z/Dockerfile",
        "a-b/Dockerfile",
        "a.Dockerfile",
        "b/Dockerfile",
    ]
    assert found(".", gitignore=False) == names
    git(here, "init", "-q")
    assert found(".") == names


def test_paths_begin_with_what_was_given(here: Path) -> None:
    make(here, "s/Dockerfile")
    assert found("s") == ["s/Dockerfile"]
    assert found(here) == [str(here / "s" / "Dockerfile")]
    assert found("s/Dockerfile", "s", "./s") == ["s/Dockerfile"]


def test_named_files_may_have_any_name_and_need_not_exist(here: Path) -> None:
    make(here, "build.txt", "vendor/Dockerfile")
    assert found("build.txt", "missing", "vendor/Dockerfile") == ["build.txt", "missing", "vendor/Dockerfile"]


def test_exclusion_of_named_files_has_to_be_asked_for(here: Path) -> None:
    make(here, "vendor/Dockerfile", "Dockerfile")
    assert found("vendor/Dockerfile", "Dockerfile", force=True, root=str(here)) == ["Dockerfile"]


@pytest.mark.parametrize("folder", DEFAULT_EXCLUDE)
def test_folders_of_other_people_are_left_out(here: Path, folder: str) -> None:
    make(here, f"a/{folder}/Dockerfile")
    assert found(".", gitignore=False) == []
    assert found(f"a/{folder}", gitignore=False) == [f"a/{folder}/Dockerfile"]


def test_an_unreadable_folder_is_reported_and_the_rest_is_found(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(here, "a/Dockerfile", "b/Dockerfile")
    real = os.scandir

    def scandir(path: str) -> Any:
        if path.endswith("a"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    first, second = discover(["."], lambda _: Search(gitignore=False))
    assert isinstance(first, FileProblem)
    assert str(first).startswith("a: folder cannot be read")
    assert second == "b/Dockerfile"


def test_loops_of_links_end(here: Path) -> None:
    make(here, "a/Dockerfile")
    (here / "a" / "loop").symlink_to(here, target_is_directory=True)
    (here / "self").symlink_to("self")
    (here / "Dockerfile.loop").symlink_to("Dockerfile.loop")
    assert found(".", gitignore=False) == ["a/Dockerfile"]
    git(here, "init", "-q")
    assert found(".") == ["a/Dockerfile"]


@pytest.mark.parametrize("in_git", [False, True])
def test_links_count_when_they_lead_to_a_file_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_git: bool
) -> None:
    make(tmp_path, "in/real.txt", "outside.txt", "in/Dockerfile")
    inside = tmp_path / "in"
    (inside / "Dockerfile.in-link").symlink_to("real.txt")
    (inside / "Dockerfile.out").symlink_to("../outside.txt")
    (inside / "Dockerfile.dangling").symlink_to("nowhere")
    (inside / "Dockerfile.twice").symlink_to("Dockerfile")
    monkeypatch.chdir(inside)
    if in_git:
        git(inside, "init", "-q")
    assert found(".", gitignore=in_git) == ["Dockerfile", "Dockerfile.in-link"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_called_dockerfile_is_no_file(here: Path) -> None:
    os.mkfifo("Dockerfile")
    assert found(".") == []


def test_a_deep_tree_needs_no_recursion(here: Path) -> None:
    os.makedirs("a/" * 900)
    Path("a/" * 900, "Dockerfile").write_text("FROM scratch\n")
    assert len(found(".", gitignore=False)) == 1


def test_the_search_is_lazy(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(here, "a/Dockerfile", "b/Dockerfile", "c/Dockerfile")
    opened: list[str] = []
    real = os.scandir

    def scandir(path: str) -> Any:
        opened.append(path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    assert list(islice(discover(["."], lambda _: Search(gitignore=False)), 1)) == ["a/Dockerfile"]
    assert opened == [".", "a"]


@pytest.mark.slow
def test_a_folder_with_many_entries_takes_a_moment(here: Path) -> None:
    for number in range(20_000):
        os.close(os.open(f"f{number}", os.O_CREAT | os.O_WRONLY))
    make(here, "Dockerfile")
    start = time.process_time()
    assert found(".", gitignore=False) == ["Dockerfile"]
    assert time.process_time() - start < 20


# --- git -------------------------------------------------------------------------------


def test_ignored_files_are_left_out_in_a_work_tree(here: Path) -> None:
    make(here, "Dockerfile", "out/Dockerfile", "sub/Dockerfile.local", "sub/Dockerfile", "gone/Dockerfile")
    (here / ".gitignore").write_text("out/\n*.local\n")
    git(here, "init", "-q")
    git(here, "add", "gone")
    (here / "gone" / "Dockerfile").unlink()
    assert found(".") == ["Dockerfile", "sub/Dockerfile"]
    assert found("sub") == ["sub/Dockerfile"]
    assert found(".", gitignore=False) == [
        "Dockerfile",
        "out/Dockerfile",
        "sub/Dockerfile",
        "sub/Dockerfile.local",
    ]


def test_names_that_git_would_quote(here: Path) -> None:
    make(here, "naïve dir/Dockerfile", 'q"x/Dockerfile', "new\nline/Dockerfile")
    git(here, "init", "-q")
    assert set(found(".")) == {"naïve dir/Dockerfile", 'q"x/Dockerfile', "new\nline/Dockerfile"}


def test_a_repository_cannot_make_us_run_its_programs(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(here, "Dockerfile")
    git(here, "init", "-q")
    git(here, "add", ".")
    script = here / "evil"
    script.write_text("#!/bin/sh\ntouch ran\n")
    script.chmod(0o755)
    for key in (
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "core.editor",
        "core.gitProxy",
        "diff.external",
        "alias.ls-files",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "credential.helper",
    ):
        git(here, "config", key, str(script))
    git(here, "config", "core.hooksPath", str(here))
    for hook in ("post-index-change", "fsmonitor-watchman", "query-watchman", "pre-auto-gc"):
        (here / hook).write_text(script.read_text())
        (here / hook).chmod(0o755)
    (here / ".gitattributes").write_text("* filter=x diff=x\n")
    (here / "git").write_text(script.read_text())
    (here / "git").chmod(0o755)
    monkeypatch.setenv("GIT_DIR", "/nonexistent")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(script))
    monkeypatch.setenv("PATH", "." + os.pathsep + os.environ["PATH"])
    from dockeropt.discovery import _find_git

    _find_git.cache_clear()
    assert found(".") == ["Dockerfile"]
    _find_git.cache_clear()
    assert not (here / "ran").exists()


def test_without_git_or_with_a_broken_repository_the_folder_is_walked(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(here, "Dockerfile")
    (here / ".git").write_text("gitdir: nowhere\n")
    assert found(".") == ["Dockerfile"]
    monkeypatch.setattr("dockeropt.discovery._find_git", lambda: None)
    assert found(".") == ["Dockerfile"]
