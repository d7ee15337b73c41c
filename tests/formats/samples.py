"""Folders of Dockerfiles to report on: the inputs of the passes' own cases, and unkind ones."""

import os
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
CORPUS = os.environ.get("DOCKEROPT_CORPUS", "")  # the fixtures take such variables away

APT = "FROM debian:12\nRUN apt-get update && apt-get install -y gcc\n"
UNKIND: dict[str, bytes] = {
    "plain/Dockerfile": APT.encode(),
    "copy/Dockerfile": APT.encode(),
    "twice/Dockerfile": (APT + APT).encode(),
    "with blank/my Dockerfile.dev": ("# ä €uro 𐀀\n" + APT.replace("gcc", "gcc # ü")).encode(),
    "ünï/Dockerfile": ("FROM debian:12\nRUN echo '𐀀𐀀' && apt-get update && apt-get install -y é\n").encode(),
    "100%,a:b/Dockerfile": APT.replace("\n", "\r\n").encode(),
    "end/Dockerfile": APT.rstrip("\n").encode() + b"\nRUN mkdir /a\nRUN mkdir /b",
    "latin/Dockerfile": APT.encode() + b"# caf\xe9\nRUN echo caf\xe9\nRUN echo \xff\xfe\n",
    "bom/Dockerfile": b"\xef\xbb\xbf" + APT.encode(),
    "bad/Dockerfile": b"FROM debian:12\nRUNN x ]]> <a> & \"'\x1b[31m\n",
    "bad-utf8/Dockerfile": b"FROM debian:12\nR\xff x\n",
    "empty/Dockerfile": b"",
    "binary/Dockerfile": b"FROM a\0",
    "fence/Dockerfile": b"FROM debian:12\n# ````\nRUN echo '```' | tee a\nRUN echo '|' `ls` <b> @all\n",
    "command/Dockerfile": b"FROM debian:12\nRUN echo ::error::x \\\n    ##[error]x\nRUN echo %0A%25 :: , ##[warning]y\n",
    "onbuild/Dockerfile": b"FROM debian:12\nONBUILD RUN apt-get update\nMAINTAINER a|b `c` @d\nENV a b\n",
}


def unkind(folder: Path) -> None:
    """Write the unkind Dockerfiles below ``folder``."""
    for name, data in UNKIND.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def case_inputs(step: int) -> list[Path]:
    """Return the inputs of every ``step``-th case of the passes."""
    return sorted((ROOT / "tests" / "passes").rglob("input.Dockerfile"))[::step]


def real_files(number: int) -> list[Path]:
    """Return ``number`` files of the folder that DOCKEROPT_CORPUS names, spread evenly."""
    paths = sorted(path for path in Path(CORPUS).rglob("*") if path.is_file())
    return paths[:: max(len(paths) // number, 1)][:number]


def gather(paths: Iterable[Path], folder: Path) -> None:
    """Copy files into folders of their own below ``folder``, each as ``Dockerfile``."""
    for number, path in enumerate(paths):
        target = folder / f"{number:04}" / "Dockerfile"
        target.parent.mkdir(parents=True)
        target.write_bytes(path.read_bytes())
