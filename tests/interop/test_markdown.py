"""Dockerfiles in Markdown: fixed in their block, wherever it stands; fragments are let be."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

import dockeropt
from dockeropt.interop.markdown import fences_in

MERGE = dockeropt.Options(select=("merge-runs",))
BODY = "FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n"
MERGED = "FROM debian:12\nRUN mkdir /a \\\n    && mkdir /b\n"


def fix(text: str, options: dockeropt.Options = MERGE) -> dockeropt.FixResult:
    return dockeropt.fix_str(text, options=options, path="README.md")


def block(body: str, opening: str = "```dockerfile", margin: str = "", first: str | None = None) -> str:
    lines = [opening, *body.splitlines(), opening[:3]]
    return "".join(
        f"{(margin if number or first is None else first)}{line}".rstrip() + "\n"
        for number, line in enumerate(lines)
    )


@pytest.mark.parametrize(
    "opening",
    ["```dockerfile", "```Dockerfile", "```docker", "~~~dockerfile", "``` dockerfile", '```dockerfile title="a"', "```{.dockerfile}", "```containerfile", "```dockerfile{1,3}"],
)  # fmt: skip
def test_blocks_that_say_so(opening: str) -> None:
    assert fix(f"# a\n\n{block(BODY, opening)}\nb\n").fixed == f"# a\n\n{block(MERGED, opening)}\nb\n"


@pytest.mark.parametrize(
    "opening", ["```", "```sh", "```docker-compose", "```dockerignore", "    ```dockerfile", "```yaml"]
)
def test_blocks_that_do_not(opening: str) -> None:
    text = f"a\n\n{block(BODY, opening)}"
    assert fix(text).fixed == text
    assert fences_in(text) == []


@pytest.mark.parametrize(
    ("first", "margin"),
    [("- ", "  "), ("1. ", "   "), ("> ", "> "), ("> - ", ">   "), ("  ", "  "), ("- a\n\n  ", "  ")],
)
def test_blocks_inside_of_lists_and_quotes(first: str, margin: str) -> None:
    before, after = block(BODY, margin=margin, first=first), block(MERGED, margin=margin, first=first)
    for newline in ("\n", "\r\n"):
        result = fix(before.replace("\n", newline))
        assert result.fixed == after.replace("\n", newline)


def test_a_fragment_is_let_be() -> None:
    text = block("RUN apt-get update\nBOGUS x\n...\n") + "\n" + block("...")
    result = fix(text, dockeropt.Options())
    assert not result.changed
    assert not result.leftover
    assert not result.notes
    assert not result.errors


def test_what_buildkit_rejects_is_named_and_let_be() -> None:
    text = "x\n\n" + block("FROM debian:12\n...\nRUN a\nRUN b\n")
    result = fix(text)
    assert not result.changed
    assert result.notes == ("README.md:5:1: this Dockerfile is left alone: unknown instruction: ...",)


def test_findings_point_into_the_file() -> None:
    text = "- a\n\n" + block(BODY, margin="  ") + "\n" + block(BODY)
    result = fix(text, MERGE._replace(unfixable=("merge-runs",)))
    assert [(left.line, left.column) for left in result.leftover] == [(5, 3), (11, 1)]


def test_a_place_to_fill_in_is_a_hole() -> None:
    text = block("FROM <IMAGE>\nENV A b\nENV C <VALUE>\n")
    result = fix(text, dockeropt.Options(select=("fix-key-value-format",)))
    assert result.fixed == text.replace("A b", "A=b")
    assert "only shown" in result.leftover[0].finding.message


def test_several_blocks_and_an_open_one() -> None:
    text = block(BODY) + "\né\n" + block(BODY, "~~~docker") + "\n" + block(BODY).rsplit("```", 1)[0]
    result = fix(text)
    assert result.fixed == text.replace(BODY, MERGED)
    assert len(result.steps) == 3


def test_markdown_files_have_to_be_named(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(block(BODY))
    assert list(dockeropt.fix_paths([tmp_path], options=MERGE)) == []
    (result,) = dockeropt.fix_paths([tmp_path / "README.md"], options=MERGE, write=True)
    assert result.written
    assert (tmp_path / "README.md").read_text() == block(MERGED)


LINES = st.lists(
    st.sampled_from(
        ["```dockerfile", "```", "~~~", "- ```docker", "  ```docker", "> ```docker", "> x", "FROM debian:12", "RUN mkdir /a", "RUN mkdir /b", "  FROM a", "  RUN b", "  RUN c", "> FROM a", "> RUN b", "> RUN c", "", "- x", "\tRUN d", "\t```docker"]
    ),
    max_size=14,
)  # fmt: skip


@settings(deadline=None, max_examples=200)
@given(LINES, st.sampled_from(["\n", "\r\n"]))
def test_whatever_the_file_the_blocks_hold_what_fix_str_gives(lines: list[str], newline: str) -> None:
    text = newline.join(lines)
    result = fix(text)
    assert result.error is None

    def others(of: str) -> list[tuple[str, str, str]]:
        return [
            (t.type, t.markup, t.info if t.type == "fence" else t.content)
            for t in MarkdownIt("commonmark").parse(of)
        ]

    def blocks(of: str) -> list[str]:
        return [t.content for t in MarkdownIt("commonmark").parse(of) if t.type == "fence"]

    assert others(text) == others(result.fixed)
    for before, after in zip(blocks(text), blocks(result.fixed), strict=True):
        assert after in (before, dockeropt.fix_str(before, options=MERGE).fixed)


@pytest.mark.parametrize("before", ["", "> ", "  "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_block_that_ends_with_the_file(before: str, end: str) -> None:
    lines = ["```dockerfile", "FROM a", "ENV A b"]
    text = end.join(before + line for line in lines)
    for whole in (text, text + end):
        assert fix(whole, dockeropt.Options()).fixed == whole.replace("A b", "A=b")
