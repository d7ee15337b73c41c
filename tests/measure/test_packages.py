"""Packages are read from the managers' own books, and so is what belongs to them."""

import contextlib
import sqlite3
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.measure.packages import Package, changed_packages, packages_of
from dockeropt.measure.rpmheaders import read_database, read_header
from tests.measure.images import dpkg, hard, link, tree, vim


def test_dpkg_knows_what_is_installed_and_whose_it_is() -> None:
    status = dpkg(("libc6", "2.36"), ("bash", "5.2"))
    status += "\nPackage: gone\nStatus: deinstall ok config-files\nVersion: 1\n"
    found = packages_of(
        tree(
            {
                "/bin": link("usr/bin"),
                "/var/lib/dpkg/status": status,
                "/var/lib/dpkg/info/libc6:amd64.list": "/.\n/usr\n/usr/lib/libc.so.6\n",
                "/var/lib/dpkg/info/bash.list": "/.\n/usr\n/bin\n/bin/bash\n",
            }
        )
    )
    assert found.of("dpkg") == {"libc6": "2.36", "bash": "5.2"}
    assert found.owners_of("/usr/lib/libc.so.6") == {Package("dpkg", "libc6")}
    assert found.owners_of("/usr/bin/bash") == found.owners_of("/bin/bash") == {Package("dpkg", "bash")}
    assert found.owners_of("/usr") == {Package("dpkg", "libc6"), Package("dpkg", "bash")}
    assert found.owners_of("/usr/bin/other") == frozenset()


def test_dpkg_in_images_without_a_shell() -> None:
    found = packages_of(tree({"/var/lib/dpkg/status.d/tzdata": "Package: tzdata\nVersion: 2024a\n"}))
    assert found.of("dpkg") == {"tzdata": "2024a"}


def test_byte_code_belongs_to_whom_its_source_does() -> None:
    found = packages_of(tree(vim(files={"/usr/lib/python3/x.py": "x = 1"})))
    assert found.owners_of("/usr/lib/python3/__pycache__/x.cpython-311.pyc") == {Package("dpkg", "vim")}
    assert found.owners_of("/usr/lib/python3/__pycache__/y.cpython-311.pyc") == frozenset()


def test_apk() -> None:
    book = "C:Q1x=\nP:musl\nV:1.2.5-r0\nF:lib\nR:ld-musl-x86_64.so.1\nZ:Q1y=\n\nP:busybox\nV:1.36\nF:\nR:x\n"
    found = packages_of(tree({"/lib/apk/db/installed": book}))
    assert found.of("apk") == {"musl": "1.2.5-r0", "busybox": "1.36"}
    assert found.owners_of("/lib/ld-musl-x86_64.so.1") == {Package("apk", "musl")}
    assert found.owners_of("/x") == {Package("apk", "busybox")}


def test_pip() -> None:
    site = "/usr/local/lib/python3.11/site-packages"
    found = packages_of(
        tree(
            {
                f"{site}/Flask_Login-0.6.3.dist-info/METADATA": "Name: Flask_Login\nVersion: 0.6.3\n\ntext",
                f"{site}/Flask_Login-0.6.3.dist-info/RECORD": (
                    "flask_login/__init__.py,sha256=x,1\n"
                    '"flask_login/odd,name.py",,\n'
                    "../../../bin/flask-login,,\n"
                ),
                f"{site}/old.egg-info": "Name: old\nVersion: 1",
                f"{site}/pip/_vendor/cached-1.dist-info/METADATA": "Name: cached\nVersion: 1",
                "/opt/venv/lib/python3.11/site-packages/old-2.dist-info/METADATA": "Name: old\nVersion: 2",
            }
        )
    )
    assert found.of("pip") == {"flask-login": "0.6.3", "old": "1, 2"}
    for path in ("/usr/local/bin/flask-login", f"{site}/flask_login/odd,name.py", f"{site}/flask_login"):
        assert found.owners_of(path) == {Package("pip", "flask-login")}
    assert found.owners_of(site) == frozenset()


def test_npm() -> None:
    found = packages_of(
        tree(
            {
                "/app/node_modules/a/package.json": '{"name": "a", "version": "1.0.0"}',
                "/app/node_modules/b/node_modules/a/package.json": '{"name": "a", "version": "2.0.0"}',
                "/app/node_modules/@x/c/package.json": '{"name": "@x/c", "version": "3.0.0"}',
                "/app/node_modules/broken/package.json": "{",
                "/app/node_modules/list/package.json": "[]",
                "/app/package.json": '{"name": "app", "version": "9"}',
                "/app/node_modules/linked/package.json": hard("app/node_modules/a/package.json"),
            }
        )
    )
    assert found.of("npm") == {"a": "1.0.0, 2.0.0", "@x/c": "3.0.0", "broken": "", "list": ""}
    assert found.owners_of("/app/node_modules/@x/c/lib/deep/x.js") == {Package("npm", "@x/c")}
    assert found.owners_of("/app/node_modules/.bin/a") == frozenset()
    assert found.owners_of("/app/index.js") == frozenset()


def header(name: str, version: str, release: str, epoch: int | None, paths: tuple[str, ...]) -> bytes:
    """Return a header as rpm writes it."""
    folders = sorted({path.rpartition("/")[0] + "/" for path in paths})
    entries: list[tuple[int, int, int, bytes]] = [
        (1000, 6, 1, name.encode() + b"\0"),
        (1001, 6, 1, version.encode() + b"\0"),
        (1002, 6, 1, release.encode() + b"\0"),
    ]
    if epoch is not None:
        entries.append((1003, 4, 1, struct.pack(">I", epoch)))
    if paths:
        indexes = [folders.index(path.rpartition("/")[0] + "/") for path in paths]
        bases = b"".join(path.rpartition("/")[2].encode() + b"\0" for path in paths)
        entries += [
            (1116, 4, len(paths), struct.pack(f">{len(paths)}I", *indexes)),
            (1117, 8, len(paths), bases),
            (1118, 8, len(folders), b"".join(folder.encode() + b"\0" for folder in folders)),
        ]
    index, data = b"", b""
    for tag, kind, count, content in entries:
        data += bytes(-len(data) % 4)
        index += struct.pack(">IIII", tag, kind, len(data), count)
        data += content
    return struct.pack(">II", len(entries), len(data)) + index + data


def database(path: Path, *headers: bytes, log: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    if log:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY, blob BLOB NOT NULL)")
    connection.executemany("INSERT INTO Packages (blob) VALUES (?)", [(one,) for one in headers])
    connection.commit()
    return connection


def test_rpm(tmp_path: Path) -> None:
    file = tmp_path / "rpmdb.sqlite"
    headers = (
        header("bash", "5.1", "9.el9", None, ("/usr/bin/bash", "/etc/bashrc")),
        header("bind", "9.16", "1", 32, ()),
    )
    database(file, *headers).close()
    for place in ("/var/lib/rpm", "/usr/lib/sysimage/rpm"):
        found = packages_of(tree({f"{place}/rpmdb.sqlite": file.read_bytes()}))
        assert found.of("rpm") == {"bash": "5.1-9.el9", "bind": "32:9.16-1"}
        assert found.owners_of("/etc/bashrc") == {Package("rpm", "bash")}
        assert not found.unknown


def test_rpm_with_a_log_that_was_not_written_back(tmp_path: Path) -> None:
    file = tmp_path / "rpmdb.sqlite"
    connection = database(file, header("bash", "5", "1", None, ()), log=True)
    log = (tmp_path / "rpmdb.sqlite-wal").read_bytes()
    found = read_database(file.read_bytes(), log)
    connection.close()
    assert found is not None
    assert [one.name for one in found] == ["bash"]


@pytest.mark.parametrize("name", ["rpmdb.sqlite", "Packages", "Packages.db"])
def test_a_database_that_cannot_be_read_makes_rpm_unknown(name: str) -> None:
    found = packages_of(tree({f"/var/lib/rpm/{name}": b"not a database that we can read"}))
    assert found.unknown == {"rpm"}
    assert not found.of("rpm")
    assert not changed_packages(found, packages_of(tree({})), declared=False)


@given(st.binary(max_size=200))
def test_a_broken_header_is_an_error_of_the_kind_that_is_expected(blob: bytes) -> None:
    with contextlib.suppress(ValueError, struct.error):
        read_header(blob)


@given(st.binary(max_size=60), st.integers(0, 200))
def test_a_header_with_bytes_gone_wrong(junk: bytes, place: int) -> None:
    blob = header("bash", "5", "1", 1, ("/a/b", "/c/d"))
    with contextlib.suppress(ValueError, struct.error):
        read_header(blob[:place] + junk + blob[place + len(junk) :])


def test_packages_that_differ() -> None:
    old = packages_of(tree({"/var/lib/dpkg/status": dpkg(("a", "1"), ("b", "1"), ("c", "1"))}))
    new = packages_of(tree({"/var/lib/dpkg/status": dpkg(("b", "2"), ("c", "1"), ("d", "1"))}))
    found = changed_packages(old, new, declared=True)
    assert [one[1:] for one in found] == [
        ("a", "1", "", True),
        ("b", "1", "2", True),
        ("d", "", "1", True),
    ]
    assert {one.manager for one in found} == {"dpkg"}
    assert not changed_packages(old, old, declared=False)


def test_a_ring_of_links_ends() -> None:
    found = packages_of(tree({"/a": link("b"), "/b": link("a"), "/c": link("c/d"), **vim()}))
    assert found.owners_of("/a/x") == frozenset()
    assert found.owners_of("/c/x/y") == frozenset()
