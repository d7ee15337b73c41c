"""Sizes of compressed layers from archives in both forms, and ports from the tables of Linux."""

import gzip
import hashlib
import io
import json
import os
import socket
import tarfile

import pytest

from dockeropt.measure.compressed import layer_sizes
from dockeropt.measure.engine import EngineProblem
from dockeropt.measure.ports import listening, ports_of

LAYERS = [b"a" * 3_000_000, os.urandom(5000) + b"b" * 100]


def archive(members: dict[str, bytes], links: dict[str, str]) -> io.BytesIO:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as tar:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for name, target in links.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = tarfile.SYMTYPE, target
            tar.addfile(info)
    held.seek(0)
    return held


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def saved(form: str) -> io.BytesIO:
    digests = [digest(one) for one in LAYERS]
    config = json.dumps({"rootfs": {"diff_ids": [f"sha256:{one}" for one in digests]}}).encode()
    data, links = list(LAYERS), {}
    if form == "old":
        names, place = ["1/layer.tar", "2/layer.tar"], "config.json"
        links = {"2/layer.tar": "../0/layer.tar"}
        stored = {"1/layer.tar": data[0], "0/layer.tar": data[1]}
    else:
        if form == "packed":
            data = [gzip.compress(one, 6) for one in data]
        names = [f"blobs/sha256/{digest(one)}" for one in data]
        place = f"blobs/sha256/{digest(config)}"
        stored = dict(zip(names, data, strict=True))
    manifest = json.dumps([{"Config": place, "Layers": names}]).encode()
    return archive({**stored, place: config, "manifest.json": manifest}, links)


@pytest.mark.parametrize("form", ["old", "layout", "packed"])
def test_layers_are_measured(form: str) -> None:
    sizes = layer_sizes(saved(form), {})
    assert list(sizes) == [f"sha256:{digest(one)}" for one in LAYERS]
    for size, layer in zip(sizes.values(), LAYERS, strict=True):
        assert abs(size - len(gzip.compress(layer, 6))) <= 16


def test_what_is_known_is_taken_as_it_is() -> None:
    first = f"sha256:{digest(LAYERS[0])}"
    assert layer_sizes(saved("layout"), {first: 7})[first] == 7


@pytest.mark.parametrize("content", [b"", b"no archive at all", saved("layout").getvalue()[:9000]])
def test_what_is_no_saved_image(content: bytes) -> None:
    with pytest.raises(EngineProblem):
        layer_sizes(io.BytesIO(content), {})


def test_ports_of_a_process_are_its_own() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        with open("/proc/self/cgroup", encoding="ascii") as file:
            group = file.read().strip()
        mine = ports_of(os.getpid(), group)
        assert mine is None or server.getsockname()[1] in mine
        assert ports_of(os.getpid(), "f00dfeed" * 8) is None
        inode = str(os.fstat(server.fileno()).st_ino)
        with open("/proc/net/tcp", encoding="ascii") as file:
            table = file.read()
        assert listening(table, frozenset({inode})) == {server.getsockname()[1]}
        assert listening(table, frozenset()) == frozenset()
