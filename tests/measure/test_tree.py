"""What is read of the file system of an image."""

import hashlib
import importlib.util
import io
import marshal
import os
import py_compile
import tarfile
import tracemalloc
from pathlib import Path

import pytest

from dockeropt.measure.engine import EngineProblem
from dockeropt.measure.tree import CHUNK, Node, read_tree, without_time
from tests.measure.images import Entry, archive, folder, hard, link, tree


def test_every_kind_of_node() -> None:
    found = tree(
        {
            "/a": folder(0o1777),
            "/a/file": Entry(b"text", 0o4755, 33, 34),
            "/a/link": link("../b", uid=5),
            "/a/pipe": Entry(type=tarfile.FIFOTYPE, mode=0o600),
            "/a/tape": Entry(type=tarfile.CHRTYPE, mode=0o660, device=(9, 3)),
            "/a/disk": Entry(type=tarfile.BLKTYPE, mode=0o660, device=(9, 3)),
        }
    ).nodes
    assert found["/a"] == Node("folder", 0o1777, "0:0")
    assert found["/a/file"] == Node("file", 0o4755, "33:34", 4, hashlib.sha256(b"text").hexdigest())
    assert found["/a/link"] == Node("link", 0o777, "5:0", content="../b")
    assert found["/a/pipe"] == Node("pipe", 0o600, "0:0")
    assert found["/a/tape"] == Node("device", 0o660, "0:0", content="c 9:3")
    assert found["/a/disk"].content == "b 9:3"


def test_capabilities_are_part_of_a_file() -> None:
    raw = b"\x01\x00\x00\x02\x00\x20\x00\x00".decode("utf-8", "surrogateescape")
    entry = Entry(b"ping", pax={"SCHILY.xattr.security.capability": raw})
    assert tree({"/bin/ping": entry}).nodes["/bin/ping"].capabilities == "0100000200200000"


@pytest.mark.parametrize("order", [("/one", "/two"), ("/two", "/one")])
def test_a_hard_link_is_the_file_that_it_names_whatever_the_order(order: tuple[str, str]) -> None:
    files = {"/one": Entry(b"content", 0o755, 7, 8), "/two": hard("one")}
    found = tree({path: files[path] for path in order}).nodes
    assert found["/two"] == found["/one"] == Node("file", 0o755, "7:8", 7, found["/one"].content)


def test_hard_links_to_hard_links_and_to_nothing() -> None:
    found = tree({"/c": hard("b"), "/b": hard("a"), "/a": "x", "/lost": hard("gone"), "/ring": hard("ring")})
    assert found.nodes["/c"] == found.nodes["/a"]
    assert "not there" in found.nodes["/lost"].content
    assert "/ring" in found.nodes


def test_the_last_of_two_members_of_one_name_counts() -> None:
    first, second = archive({"/x": "old", "/y": hard("x")}), archive({"/x": "new", "/y": "own"})
    end = first.rstrip(b"\0")
    joined = end + b"\0" * (-len(end) % 512) + second
    found = read_tree(io.BytesIO(joined)).nodes
    assert found["/x"].content == hashlib.sha256(b"new").hexdigest()
    assert found["/y"].content == hashlib.sha256(b"own").hexdigest()


def test_odd_names_survive() -> None:
    odd = ["/caf\udce9", "/a\nb", "/ blank ", "/.hidden", "/..two", "/x/" + "long" * 60, "/tab\there", "/é"]
    assert set(tree(dict.fromkeys(odd, "x")).nodes) == set(odd)


def test_what_the_engine_puts_into_every_container_is_left_out() -> None:
    own = ("/.dockerenv", "/run/.containerenv", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf")
    found = tree(
        dict.fromkeys(own, "x")
        | {
            "/dev": folder(),
            "/dev/console": "",
            "/proc": folder(),
            "/sys": folder(),
            "/etc/mtab": link("/proc/mounts"),
            "/device": "",
            "/etc/hosts.allow": "",
            "/opt/dev/tool": "",
        }
    )
    assert set(found.nodes) == {"/device", "/etc/hosts.allow", "/opt/dev/tool"}
    assert "/etc/mtab" in tree({"/etc/mtab": "a file of its own"}).nodes


def test_byte_code_counts_without_the_time_of_its_source(tmp_path: Path) -> None:
    source, made = tmp_path / "x.py", []
    source.write_text("x = 1\n")
    for time in (1, 2_000_000):
        os.utime(source, (time, time))
        target = py_compile.compile(
            str(source),
            str(tmp_path / f"{time}.pyc"),
            dfile="x.py",
            invalidation_mode=py_compile.PycInvalidationMode.TIMESTAMP,
        )
        made.append(Path(str(target)).read_bytes())
    assert made[0] != made[1]
    nodes = [tree({"/x.pyc": one}).nodes["/x.pyc"] for one in made]
    assert nodes[0] == nodes[1]
    names = [tree({"/x.bin": one}).nodes["/x.bin"] for one in made]
    assert names[0] != names[1]


def test_other_byte_code_is_not_the_same() -> None:
    magic = importlib.util.MAGIC_NUMBER
    head = magic + b"\0\0\0\0" + b"TIME" + b"\6\0\0\0"
    codes = [head + marshal.dumps(compile(text, "x.py", "exec")) for text in ("x = 1", "x = 2")]
    assert without_time(codes[0]) != without_time(codes[1])


def test_byte_code_that_names_its_source_by_hash_is_kept_whole() -> None:
    magic = importlib.util.MAGIC_NUMBER
    for flags in (b"\1\0\0\0", b"\3\0\0\0"):
        code = magic + flags + b"HASHHASH" + b"code"
        assert without_time(code) == code


def test_byte_code_of_old_versions() -> None:
    python36 = (3379).to_bytes(2, "little") + b"\r\n"
    assert without_time(python36 + b"TIMEsizecode") == python36 + b"sizecode"
    python27 = (62211).to_bytes(2, "little") + b"\r\n"
    assert without_time(python27 + b"TIMEcode and more") == python27 + b"code and more"
    for other in (b"", b"no byte code at all", b"\0\0\r\n" + b"x" * 20):
        assert without_time(other) == other


def test_books_of_package_managers_are_kept_and_nothing_else() -> None:
    books = [
        "/etc/passwd",
        "/var/lib/dpkg/status",
        "/var/lib/dpkg/info/libc6:amd64.list",
        "/lib/apk/db/installed",
        "/var/lib/rpm/rpmdb.sqlite",
        "/opt/venv/lib/python3.11/site-packages/flask-3.0.0.dist-info/RECORD",
        "/app/node_modules/express/package.json",
        "/app/node_modules/@types/node/package.json",
    ]
    others = [
        "/etc/passwd2",
        "/app/package.json",
        "/app/node_modules/express/test/package.json",
        "/var/lib/dpkg/info/libc6.md5sums",
        "/srv/var/lib/dpkg/status",
    ]
    found = tree(dict.fromkeys([*books, *others], "text"))
    assert found.texts == dict.fromkeys(books, b"text")


def test_of_a_description_only_the_headers_are_kept() -> None:
    path = "/site-packages/x-1.dist-info/METADATA"
    found = tree({path: "Name: x\nVersion: 1\n\nVersion: 2\n"})
    assert found.texts[path] == b"Name: x\nVersion: 1"


def test_a_book_behind_a_hard_link_is_read() -> None:
    path, store = "/app/node_modules/x/package.json", "/app/node_modules/y/package.json"
    assert tree({store: "{}", path: hard(store.lstrip("/"))}).texts[path] == b"{}"


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_contents_of_any_size(size: int) -> None:
    content = b"x" * size
    found = tree({"/big": content}).nodes["/big"]
    assert (found.size, found.content) == (size, hashlib.sha256(content).hexdigest())


def test_big_files_are_never_in_memory_whole() -> None:
    member = tarfile.TarInfo("big")
    member.size = 64 << 20
    head = io.BytesIO(member.tobuf())

    class Stream(io.RawIOBase):
        """The header, then zeros, then the end."""

        left = (64 << 20) + 1024

        def read(self, size: int = -1) -> bytes:
            found = head.read(size)
            rest = min(size - len(found), self.left)
            self.left -= rest
            return found + bytes(rest)

    tracemalloc.start()
    try:
        found = read_tree(Stream())  # type: ignore[arg-type]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert found.nodes["/big"].size == 64 << 20
    assert peak < 16 << 20


@pytest.mark.parametrize("data", [b"", b"no archive", archive({"/a": b"x" * 5000})[:2000]])
def test_what_is_no_whole_archive_is_an_error(data: bytes) -> None:
    with pytest.raises(EngineProblem, match="cannot be read"):
        read_tree(io.BytesIO(data))
