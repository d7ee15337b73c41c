"""The other refresh scripts, on small files."""

import subprocess
from pathlib import Path

import pytest

from dockeropt.knowledge.load import _heading
from tools import tables
from tools.debian import Index, parse
from tools.refresh_debsets import compute, kept_packages
from tools.refresh_debsets import lines_of as debset_lines
from tools.refresh_lifecycles import main as refresh_lifecycles
from tools.refresh_lifecycles import records, row_of
from tools.refresh_sizes import main as refresh_sizes
from tools.refresh_tags import entries, lines_of, lives, suite_of


def commit(folder: Path, day: str) -> None:
    git = ["git", "-C", str(folder), "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "add", "-A"], check=True)
    stamp = {
        "GIT_AUTHOR_DATE": f"{day}T12:00:00Z",
        "GIT_COMMITTER_DATE": f"{day}T12:00:00Z",
        "PATH": "/usr/bin:/bin",
    }
    subprocess.run([*git, "commit", "-q", "-m", "x"], check=True, env=stamp)


def test_tables_are_read_back_with_source_and_date(tmp_path: Path) -> None:
    head = tables.heading(["Columns: a, b."], "somewhere@123", "2026-11-24", verified=False)
    path = tmp_path / "new" / "x.tsv"
    tables.write(str(path), tables.table(head, [("a", "b", ""), ("c", "", "d")]))
    text = path.read_text("utf-8")
    assert text.endswith("a\tb\nc\t\td\n")
    source = _heading(text[: text.index("\na\t")])
    assert (source.text, source.date, source.verified) == ("somewhere@123", "2026-11-24", False)


@pytest.mark.parametrize("row", [("a\tb", "c"), ("a\nb",), ("",), ("# a",)])
def test_what_is_no_record_is_refused(row: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="not a record"):
        tables.table("", [row])


@pytest.mark.parametrize(
    ("source", "date"), [("", "2026-11-24"), ("a\nb", "2026-11-24"), ("a", "24.11.2026"), ("a", "")]
)
def test_no_table_without_source_and_date(source: str, date: str) -> None:
    with pytest.raises(ValueError):
        tables.heading([], source, date)


DOCKERFILE = """\
FROM debian:sid-slim AS build
RUN apt-get install -y gcc
FROM debian:sid
ENV DEPS="make patch"
RUN apt-get update; apt-get install -y --no-install-recommends $DEPS curl
RUN apt-get install -y wget gnupg; wget x; apt-get purge -y --auto-remove wget
RUN apt-get install -y libx-dev && make && apt-mark auto '.*' && apt-get purge -y --auto-remove
RUN if [ "$arch" = arm64 ]; then apt-get install -y gold; fi
"""


def test_what_a_dockerfile_keeps() -> None:
    assert kept_packages(DOCKERFILE) == ["make", "patch", "curl", "gnupg"]


def test_package_sets() -> None:
    names = "base curl libcurl gnupg make patch extra"
    index = Index(
        parse(
            "".join(
                f"Package: {name}\nVersion: 1\n{'Depends: libcurl' * (name == 'curl')}\n\n"
                for name in names.split()
            )
        )
    )
    files = {("buildpack-deps", "debian/bookworm/curl/Dockerfile"): DOCKERFILE}
    sets = compute({"bookworm": index}, {"bookworm": frozenset({"base"})}, files)
    assert sets == {
        "bookworm": {"base"},
        "bookworm-curl": {"base", "curl", "libcurl", "gnupg", "make", "patch"},
    }
    old = [
        ["set", "bookworm", "-", "base"],
        ["set", "bookworm-curl", "bookworm", "stale"],
        ["set", "bookworm-mine", "bookworm-curl", "extra"],
        ["image", "mine", "bookworm", "", "bookworm-mine", "bookworm", "exact"],
        ["image", "buildpack-deps", "bookworm", "curl", "bookworm", "-", "exact"],
        ["own", "mine", "cmd"],
    ]
    assert list(debset_lines(sets, old)) == [
        ["set", "bookworm", "-", "base"],
        ["set", "bookworm-curl", "bookworm", "curl gnupg libcurl make patch"],
        ["set", "bookworm-mine", "bookworm-curl", "extra stale"],
        ["image", "buildpack-deps", "bookworm", "curl", "bookworm-curl", "-", "exact"],
        ["image", "mine", "bookworm", "", "bookworm-mine", "bookworm", "exact"],
        ["own", "mine", "cmd"],
    ]


PRODUCT = """\
---
title: X
releases:
  - releaseCycle: "2.0"
    codename: "Blue Sky"
    lts: true
    releaseDate: 2026-01-01
    eoas: false
    eol: 2028-01-01 # expected with 3.0
    latest: "2.0.1"

  - releaseCycle: "1.0"
    releaseDate: 2020-01-01
    eol: true
    latest: '1.0.9'
---
releaseCycle: "none"
"""


def test_release_lines() -> None:
    rows = [row_of("x", record) for record in records(PRODUCT)]
    assert rows == [
        ["x", "2.0", "2026-01-01", "-", "2028-01-01", "-", "2.0.1", "blue sky", "lts", "guessed"],
        ["x", "1.0", "2020-01-01", "-", "yes", "-", "1.0.9", "-", "-"],
    ]


def test_the_lifecycle_script_keeps_what_the_clone_lacks(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    (clone / "products").mkdir(parents=True)
    (clone / "products" / "x.md").write_text(PRODUCT, "utf-8")
    subprocess.run(["git", "init", "-q", str(clone)], check=True)
    commit(clone, "2026-08-22")
    table = tmp_path / "lifecycles.tsv"
    table.write_text(
        "# source: old\n# date: 2020-01-01\nx\t1\t-\t-\t-\t-\t-\t-\t-\ny\t3\t-\t-\t-\t-\t-\t-\t-\n", "utf-8"
    )
    refresh_lifecycles(["--clone", str(clone), "--table", str(table)])
    lines = table.read_text("utf-8").splitlines()
    assert "# date: 2026-08-22" in lines
    assert [line.split("\t")[:2] for line in lines[-3:]] == [["x", "2.0"], ["x", "1.0"], ["y", "3"]]


OLD = "# maintainer\n1.0: git://github.com/x/x@abc 1.0\nlatest: git://github.com/x/x@abc 1.0\n"
NEW = """\
Maintainers: a
GitRepo: https://github.com/x/x.git

Tags: 2.0-bookworm, 2.0, latest
Architectures: amd64, arm64v8
GitCommit: abc
Directory: 2.0

Tags: 2.0-slim-trixie, 2.0-slim, slim
GitCommit: abc
Directory: 2.0/slim

Tags: 2.0-windowsservercore
Architectures: windows-amd64
Constraints: windowsservercore
"""


def test_entries_of_both_formats() -> None:
    assert list(entries(OLD)) == [("1.0",), ("latest",)]
    assert list(entries(NEW)) == [("2.0-bookworm", "2.0", "latest"), ("2.0-slim-trixie", "2.0-slim", "slim")]
    assert suite_of(("2.0-bookworm", "2.0")) == "bookworm"
    assert suite_of(("2.0-bookworm", "2.0-trixie")) == ""


def test_the_life_of_tags() -> None:
    found, now = lives([("200101", OLD), ("200201", OLD), ("260101", NEW)])
    assert found["1.0"] == ("200101", "200201", "")
    assert found["latest"] == ("200101", "260101", "bookworm")
    assert now == {"2.0-bookworm", "2.0", "latest", "2.0-slim-trixie", "2.0-slim", "slim"}
    assert lines_of(found, now) == [
        "1.0 200101 200201 .",
        "latest 200101 * . =bookworm",
        "2.0 260101 * . bookworm slim slim-trixie =bookworm/trixie",
        "slim 260101 * . =/trixie",
    ]


def test_tags_of_one_version_on_two_releases_get_two_lines() -> None:
    text = "Tags: 1-bookworm, 1\n\nTags: 1-fpm, 1-fpm-trixie\n"
    found, now = lives([("260101", text)])
    assert lines_of(found, now) == ["1 260101 * . bookworm fpm-trixie =bookworm", "1 260101 * fpm =trixie"]


REMOTE = """\
## `x:1`
-\tPlatforms:
\t-\tlinux; amd64
\t-\tlinux; arm64 variant v8

### `x:1` - linux; amd64
-\tTotal Size: **45.4 MB (45380240 bytes)**
```dockerfile
# Wed, 23 Jun 2021 00:20:51 GMT
ADD x
# Thu, 01 Jul 2021 00:20:51 GMT
CMD x
```

### `x:1` - linux; arm64 variant v8
-\tTotal Size: **40.0 MB (40000000 bytes)**
# Thu, 01 Jul 2022 00:20:51 GMT
"""
LOCAL = "- Created: `2026-08-10T21:12:47Z`\n- Virtual Size: ~ 118.06 Mb\n"


def test_sizes(tmp_path: Path) -> None:
    for kind, name, text in (("remote", "1.md", REMOTE), ("local", "1.md", LOCAL), ("local", "2.md", LOCAL)):
        folder = tmp_path / "repos" / "x" / kind
        folder.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    table = tmp_path / "sizes.tsv"
    head = "# Sizes.\n# source: a\n# date: 2020-01-01\n"
    rest = "# source: b\n# date: 2020-01-02\nold:2\t5\t-\t-\tb\n"
    table.write_text(f"{head}old:1\t7\t-\t-\ta\nx:1\t9\t-\t-\ta\n\n{rest}", "utf-8")
    refresh_sizes(["--date", "2026-11-24", "--table", str(table), str(tmp_path)])
    assert table.read_text("utf-8") == (
        "# Sizes.\n# source: docker-library/repo-info\n# date: 2026-11-24\n"
        "old:1\t7\t-\t-\ta\n"
        "x:1\t45380240\t118060000\t2021-07-01\trepos/x/remote/1.md\n"
        "x:2\t-\t118060000\t2026-08-10\trepos/x/local/2.md\n"
        f"\n{rest}"
    )
