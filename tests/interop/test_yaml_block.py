"""Blocks of YAML: what is read out is what YAML reads, what is written back changes nothing else."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt import Options, fix_str
from dockeropt.interop.yaml_block import Block
from dockeropt.project.compose import read_compose
from dockeropt.project.yamltree import Tree

HEAD = "services:\n  a:\n    build:\n      dockerfile_inline: |\n"
TAIL = "    image: x   # kept\n"
EVERYTHING = Options(unsafe_fixes=True)


def embedded(text: str, indent: str) -> str:
    """Return a compose file that holds a Dockerfile."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("$", "$$").splitlines(keepends=True)
    body = "".join([indent + line if line.strip("\r\n") else line for line in lines])
    return HEAD.replace("\n", newline) + body + TAIL.replace("\n", newline)


def value(source: str) -> str:
    (use,) = read_compose(source, "compose.yaml").uses
    assert use.inline is not None
    return use.inline


@given(st.lists(st.text(alphabet="ab #\\$\"':|-\t", max_size=8), max_size=8), st.integers(7, 11))
def test_a_block_is_read_as_yaml_reads_it(lines: list[str], blanks: int) -> None:
    source = embedded("\n".join(["FROM a", *lines, "RUN b", ""]), " " * blanks)
    block = Block.read(source, source.index("|\n"))
    assert block is not None
    assert block.text == value(source)
    assert source[: block.body.start] == HEAD
    assert source[block.body.end :] == TAIL


@given(st.text(alphabet="|-+ 12a#\n\t$", max_size=40))
def test_what_is_no_plain_block_is_not_read_otherwise_than_yaml_reads_it(text: str) -> None:
    source = f"a: |{text}"
    block = Block.read(source, 3)
    if block is not None and "$" not in text:
        try:
            root = Tree(source, "").root
        except Exception:  # noqa: BLE001 - what YAML refuses never comes this far
            return
        assert root is not None
        assert block.text == root.value[0][1].value


WAYS = [
    'FROM debian:12\n\nRUN mkdir /a\n\n# why\nRUN mkdir /b\n\n\nCMD ["a"]\n',
    "FROM debian:12\nRUN apt-get update\n\nRUN apt-get install -y curl\n",
    "FROM debian:12\nMAINTAINER a@example.org\nRUN cd /a && \\\n      make $X\n",
    "FROM debian:12\r\nRUN mkdir /a\r\nRUN mkdir /b\r\n",
    "FROM debian:12\nRUN <<EOF\nmkdir /a\n\n  mkdir /b\nEOF\nRUN mkdir /c\nCMD a\nCMD b\n",
    "FROM debian:12\nCMD a\n\nCMD b\n",
]


def check(text: str, indent: str) -> None:
    """The Dockerfile in the block becomes what it becomes alone, and nothing else changes."""
    alone = fix_str(text.replace("\r\n", "\n"), options=EVERYTHING)
    source = embedded(text, indent)
    result = fix_str(source, options=EVERYTHING, path="compose.yaml")
    assert bool(result.problems) == bool(alone.problems)
    assert value(result.fixed) == alone.fixed
    newline = "\r\n" if "\r\n" in text else "\n"
    head, tail = HEAD.replace("\n", newline), TAIL.replace("\n", newline)
    assert result.fixed.startswith(head)
    assert result.fixed.endswith(tail)
    assert not [line for line in result.diff().splitlines() if line[:1] == "+" and line[1:].isspace()]
    places = [(left.line - 4, left.column - len(indent)) for left in result.leftover]
    assert places == [(left.line, left.column) for left in alone.leftover]
    assert not fix_str(result.fixed, options=EVERYTHING, path="compose.yaml").changed


@pytest.mark.parametrize("text", WAYS)
@pytest.mark.parametrize("blanks", [7, 8, 12])
def test_inside_a_block_the_same_is_done_as_outside(text: str, blanks: int) -> None:
    check(text, " " * blanks)


@pytest.mark.corpus
@pytest.mark.skipif(not os.environ.get("DOCKEROPT_CORPUS"), reason="DOCKEROPT_CORPUS names no folder")
def test_real_files_in_blocks() -> None:
    paths = sorted(path for path in Path(os.environ["DOCKEROPT_CORPUS"]).rglob("*") if path.is_file())
    done = 0
    for path in random.Random(7).sample(paths, min(300, len(paths))):
        text = path.read_bytes().decode("utf-8", "surrogateescape").rstrip("\r\n")
        mixed = text.count("\r") != text.count("\r\n") or text.count("\r\n") not in {0, text.count("\n")}
        if (
            text[:1].isspace()
            or not text.isascii()
            or mixed
            or any(c < " " and c not in "\n\r\t" for c in text)
        ):
            continue
        check(text + ("\r\n" if "\r" in text else "\n"), " " * 8)
        done += 1
    assert done
