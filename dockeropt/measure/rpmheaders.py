"""Read the packages of a red hat or SUSE image from rpm's database.

Only the format of today is read (``rpmdb.sqlite``, rpm 4.16 and later). Invariant: a database that
cannot be read gives ``None``, never fewer packages.

Source: rpm ``docs/manual/hregions.md`` and ``include/rpm/rpmtag.h``, 2026-11-24.
"""

import struct
from collections.abc import Iterator
from typing import NamedTuple

NAME, VERSION, RELEASE, EPOCH = 1000, 1001, 1002, 1003
DIRECTORY_INDEXES, BASE_NAMES, DIRECTORY_NAMES = 1116, 1117, 1118
INT32, STRING, STRING_ARRAY, I18N_STRING = 4, 6, 8, 9


class RpmPackage(NamedTuple):
    """A package as rpm knows it.

    Args:
        name: Its name.
        version: ``[epoch:]version-release``.
        paths: What it holds, folders among them.
    """

    name: str
    version: str
    paths: tuple[str, ...] = ()


def read_database(database: bytes, log: bytes = b"") -> tuple[RpmPackage, ...] | None:
    """Return the packages of an ``rpmdb.sqlite``, ``None`` when it is not readable.

    Args:
        database: The file.
        log: The file with ``-wal`` at its end, where there is one.
    """
    import os
    import sqlite3
    from contextlib import closing
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="dockeropt-rpm-") as folder:
        path = os.path.join(folder, "rpmdb.sqlite")
        for suffix, content in (("", database), ("-wal", log)):
            if content or not suffix:
                with open(path + suffix, "wb") as file:
                    file.write(content)
        try:
            with closing(sqlite3.connect(path)) as connection:
                blobs = [bytes(row[0]) for row in connection.execute("SELECT blob FROM Packages")]
            return tuple([read_header(blob) for blob in blobs])
        except (sqlite3.Error, struct.error, ValueError, TypeError):
            return None


def read_header(blob: bytes) -> RpmPackage:
    """Return what a header says of its package.

    Args:
        blob: Number of entries and bytes of data, the entries (tag, type, offset, count), the data;
            all numbers with the highest byte first.

    Raises:
        ValueError: It has no name.
        struct.error: It breaks off.
    """
    count, _ = struct.unpack_from(">II", blob)
    start = 8 + 16 * count
    texts: dict[int, list[str]] = {}
    numbers: dict[int, tuple[int, ...]] = {}
    for tag, kind, offset, number in struct.iter_unpack(">IIII", blob[8:start]):
        if kind in (STRING, STRING_ARRAY, I18N_STRING):
            texts[tag] = list(_strings(blob, start + offset, 1 if kind == STRING else number))
        elif kind == INT32:
            numbers[tag] = struct.unpack_from(f">{number}I", blob, start + offset)
    if not texts.get(NAME):
        raise ValueError("the header names no package")
    epoch = f"{numbers[EPOCH][0]}:" if numbers.get(EPOCH) else ""
    version, release = ("".join(texts.get(tag, ())[:1]) for tag in (VERSION, RELEASE))
    folders = texts.get(DIRECTORY_NAMES, [])
    paths = [
        f"{folders[index]}{name}"
        for name, index in zip(texts.get(BASE_NAMES, ()), numbers.get(DIRECTORY_INDEXES, ()), strict=False)
        if index < len(folders)
    ]
    return RpmPackage(texts[NAME][0], f"{epoch}{version}-{release}", tuple(paths))


def _strings(blob: bytes, start: int, count: int) -> Iterator[str]:
    for _ in range(count):
        end = blob.index(b"\0", start)
        yield blob[start:end].decode("utf-8", "surrogateescape")
        start = end + 1
