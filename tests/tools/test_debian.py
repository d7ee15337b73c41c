"""Debian's index: versions, relations, and what an installation takes."""

import gzip
from pathlib import Path

import pytest

from tools.debian import Index, Relation, compare, parse, read_index, satisfies
from tools.refresh_recommends import lines_of, main, minimal_base, row_of, rows_of

INDEX = """\
Package: base
Version: 1.0
Priority: required
Installed-Size: 10

Package: apt
Version: 2.0
Depends: base

Package: tool
Version: 1:2.0-1
Installed-Size: 100
Depends: base (>= 1.0), libtool (= 1:2.0-1),
 helper | other-helper
Recommends: extra | base, docs, mail-agent

Package: libtool
Version: 1:2.0-1
Installed-Size: 5
Depends: base
Recommends: plugins

Package: helper
Version: 1
Installed-Size: 1

Package: other-helper
Version: 1

Package: extra
Version: 1
Installed-Size: 50

Package: docs
Version: 1
Installed-Size: 40
Depends: reader

Package: reader
Version: 1
Installed-Size: 2

Package: plugins
Version: 1
Installed-Size: 7

Package: exim
Version: 1
Installed-Size: 70
Provides: mail-agent

Package: postfix
Version: 1
Provides: mail-agent

Package: sole
Version: 1
Provides: only (= 3)

Package: sender
Version: 1
Depends: mail-agent

Package: quiet
Version: 1
Depends: libquiet

Package: libquiet
Version: 1

Package: choosy
Version: 1
Recommends: nothing-here, helper

Package: broken
Version: 1
Depends: gone
"""
BASE = frozenset({"apt", "base"})


@pytest.fixture
def index() -> Index:
    return Index(parse(INDEX))


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        ("1.0", "1.0", 0),
        ("1.0~rc1", "1.0", -1),
        ("1.0~", "1.0~rc1", -1),
        ("1:0.1", "9.9", 1),
        ("1.10", "1.9", 1),
        ("1.0-1", "1.0-1+b1", -1),
        ("2.36-9+deb12u13", "2.36-9+deb12u9", 1),
        ("1.0a", "1.0+", -1),
        ("1.0", "1.0-0", 0),
        ("7.88.1-10+deb12u14", "7.88.1-10+deb12u15", -1),
        ("20250419~deb12u2", "20250419", -1),
    ],
)
def test_versions_have_the_order_of_dpkg(left: str, right: str, order: int) -> None:
    found = compare(left, right)
    assert (found > 0) - (found < 0) == order
    back = compare(right, left)
    assert (back > 0) - (back < 0) == -order


def test_relations() -> None:
    assert satisfies("2.0", Relation("a"))
    assert satisfies("2.0", Relation("a", ">=", "2.0"))
    assert not satisfies("2.0", Relation("a", ">>", "2.0"))
    assert not satisfies("2.0", Relation("a", "<<", "2.0"))
    assert satisfies("2.0", Relation("a", "<=", "2.0"))
    assert not satisfies("2.0", Relation("a", "=", "2.1"))


def test_the_newest_version_counts() -> None:
    index = Index(parse("Package: a\nVersion: 1\n\nPackage: a\nVersion: 1.1\n\nPackage: a\nVersion: 1.0\n"))
    assert index.records["a"].version == "1.1"


def test_fields_that_are_continued(index: Index) -> None:
    record = index.records["tool"]
    assert [group[0].name for group in record.depends] == ["base", "libtool", "helper"]
    assert [relation.name for relation in record.depends[2]] == ["helper", "other-helper"]
    assert record.depends[1][0] == Relation("libtool", "=", "1:2.0-1")


def test_choices(index: Index) -> None:
    assert index.choices((Relation("helper"), Relation("other-helper"))) == (
        ["helper", "other-helper"],
        False,
    )
    assert index.choices((Relation("mail-agent"),)) == (["exim", "postfix"], True)
    assert index.choices((Relation("only"),)) == (["sole"], False)
    assert index.choices((Relation("only", ">=", "4"),)) == ([], False)
    assert index.choices((Relation("helper", ">=", "2"), Relation("base"))) == (["base"], False)


def test_closures(index: Index) -> None:
    assert index.closure(["tool"], BASE) == BASE | {"tool", "libtool", "helper"}
    assert index.closure(["tool"], BASE | {"other-helper"}) == BASE | {"tool", "libtool", "other-helper"}
    assert index.closure(["only"], BASE) == BASE | {"sole"}
    with pytest.raises(LookupError):
        index.closure(["no-such"], BASE)
    with pytest.raises(LookupError):
        index.closure(["mail-agent"], BASE)
    with pytest.raises(LookupError):
        index.closure(["broken"], BASE)
    assert minimal_base(index) == BASE


def test_what_a_package_recommends(index: Index) -> None:
    row = row_of(index, "tool", BASE)
    assert row.groups == ("docs", "?exim|postfix", "plugins")
    assert row.brings == {"tool", "libtool"}  # helper has an alternative
    assert (row.extra, row.size) == (4, 40 + 2 + 70 + 7)
    assert row_of(index, "quiet", BASE).groups == ()
    assert row_of(index, "choosy", BASE).groups == ("helper",)
    assert row_of(index, "sender", BASE).groups == ("?",)
    assert row_of(index, "base", BASE).groups == ()


def test_rows_leave_out_what_cannot_be_installed(index: Index) -> None:
    rows = rows_of(index, ["tool", "no-such", "broken", "quiet", "choosy"], BASE, 2)
    assert list(rows) == ["tool", "quiet"]


def test_lines(index: Index) -> None:
    rows = rows_of(index, ["quiet", "choosy", "tool"], BASE, 9)
    assert list(lines_of(rows)) == [
        ("choosy", "helper", "", "1", "1"),
        ("quiet", "", ""),
        ("tool", "docs ?exim|postfix plugins", "", "4", "119"),
    ]


def test_the_script(tmp_path: Path) -> None:
    (tmp_path / "Packages").write_text(INDEX, "utf-8")
    (tmp_path / "used").write_text("quiet\t9\ntool 5\n", "utf-8")
    arguments = ["--suite", "sid", "--date", "2026-11-24", "--packages", str(tmp_path / "used")]
    main([*arguments, "--output", str(tmp_path), str(tmp_path / "Packages")])
    lines = (tmp_path / "sid.tsv").read_text("utf-8").splitlines()
    assert lines[-4:-2] == [
        "# source: package index of Debian sid, sid-updates and sid-security",
        "# date: 2026-11-24",
    ]
    assert lines[-2:] == ["quiet", "tool\tdocs ?exim|postfix plugins\t\t4\t119"]


def test_packed_indexes(tmp_path: Path) -> None:
    path = tmp_path / "Packages.gz"
    path.write_bytes(gzip.compress(INDEX.encode()))
    assert "tool" in read_index([str(path)]).records
    empty = tmp_path / "other"
    empty.write_text("no package\n", "utf-8")
    with pytest.raises(ValueError, match="no packages"):
        read_index([str(empty)])
