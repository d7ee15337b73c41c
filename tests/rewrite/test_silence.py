"""The comment that keeps a pass away: where it goes, and that it works."""

from pathlib import Path

import pytest

from dockeropt import api
from dockeropt.config import Options
from dockeropt.rewrite.fix import Finding
from dockeropt.rewrite.registry import load_registry
from dockeropt.rewrite.silence import silencing_edit
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import Directive
from dockeropt.text import Span, apply_edits

CASES = Path(__file__).parent.parent / "passes"


def silenced(text: str, name: str) -> str | None:
    """Keep the first finding of a pass away; return the text, ``None`` when that is not possible."""
    info = load_registry().passes[name].info
    finding = next(f for f in api.check_str(text) if f.pass_id == name)
    edit = silencing_edit(parse(text), info, finding)
    return None if edit is None else apply_edits(text, [edit])


APT = "RUN apt-get update && apt-get install -y curl\n"
NOTE = "# dockeropt: ignore=clean-apt-lists\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"FROM debian:12\n{APT}", f"FROM debian:12\n{NOTE}{APT}"),
        (f"FROM debian:12\n  {APT}", f"FROM debian:12\n  {NOTE}  {APT}"),
        (f"FROM debian:12\n\n# why\n{APT}", f"FROM debian:12\n\n{NOTE}# why\n{APT}"),
        (f"FROM debian:12\n# why\n\n{APT}", f"FROM debian:12\n# why\n\n{NOTE}{APT}"),
        (
            f"FROM debian:12\n# dockeropt: ignore=merge-runs -- slow\n{APT}",
            f"FROM debian:12\n# dockeropt: ignore=merge-runs,clean-apt-lists -- slow\n{APT}",
        ),
        (
            "FROM debian:12\nRUN apt-get update \\\n && apt-get install -y curl\n",
            f"FROM debian:12\n{NOTE}RUN apt-get update \\\n && apt-get install -y curl\n",
        ),
        (
            "FROM debian:12\nRUN <<E\napt-get update\napt-get install -y curl\nE\n",
            f"FROM debian:12\n{NOTE}RUN <<E\napt-get update\napt-get install -y curl\nE\n",
        ),
    ],
    ids=["plain", "indented", "comment", "distant comment", "ours is there", "continued", "heredoc"],
)
def test_the_comment_stands_above_the_instruction(before: str, after: str) -> None:
    assert silenced(before, "clean-apt-lists") == after


def test_it_never_stands_above_a_directive() -> None:
    before = "\ufeff# syntax=docker/dockerfile:1\n# escape=`\nFROM debian:12\n"
    after = silenced(before, "use-slim-base")
    assert (
        after
        == "\ufeff# syntax=docker/dockerfile:1\n# escape=`\n# dockeropt: ignore=use-slim-base\nFROM debian:12\n"
    )


def test_it_stands_behind_a_byte_order_mark() -> None:
    assert (
        silenced("\ufeffFROM debian:12\n", "use-slim-base")
        == "\ufeff# dockeropt: ignore=use-slim-base\nFROM debian:12\n"
    )


def test_it_ends_as_the_lines_of_the_file_do() -> None:
    after = silenced("FROM debian:12\r\nUSER a\r\n", "use-slim-base")
    assert after == "# dockeropt: ignore=use-slim-base\r\nFROM debian:12\r\nUSER a\r\n"


def test_what_stands_in_no_instruction_cannot_be_silenced() -> None:
    tree = parse("FROM a\n# end\n")
    info = load_registry().passes["merge-runs"].info
    assert silencing_edit(tree, info, Finding("x", Span(8, 9), None, "merge-runs")) is None


@pytest.mark.parametrize(
    "path", sorted(CASES.glob("*/*/input.Dockerfile")), ids=lambda p: f"{p.parts[-3]}-{p.parts[-2]}"
)
def test_what_is_silenced_is_silent_and_nothing_else_moves(path: Path) -> None:
    """For every finding on every test case: the finding is gone, directives and instructions are not."""
    text = path.read_bytes().decode("utf-8", "surrogateescape")
    tree = parse(text)
    everything = Options(select=("ALL",))
    for finding in api.check_str(text, options=everything)[:6]:
        edit = silencing_edit(tree, load_registry().passes[finding.pass_id].info, finding)
        if edit is None:
            continue
        after = apply_edits(text, [edit])
        before_directives = [n for n in tree.body if isinstance(n, Directive)]
        assert len([n for n in parse(after).body if isinstance(n, Directive)]) == len(before_directives)
        assert len(list(parse(after).instructions)) == len(list(tree.instructions))
        places = {
            (f.pass_id, parse(after).source.position(f.at.start).line)
            for f in api.check_str(after, options=everything)
        }
        moved = finding.at.start + (len(edit.text) if finding.at.start >= edit.span.start else 0)
        assert (finding.pass_id, parse(after).source.position(moved).line) not in places
