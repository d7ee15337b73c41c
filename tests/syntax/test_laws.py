"""What holds for any input at all."""

import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.syntax import parse, walk
from dockeropt.syntax.factory import json_array, pair, quote_value
from dockeropt.syntax.nodes import Cmd, CommandInstruction, Env, Error, Instruction, Node, Word

PIECES = st.sampled_from(
    [
        "FROM a", "FROM a AS b", "RUN", "RUN x", "COPY", "copy --from=b /x /y", "ENV", "A=1", "A b c", "LABEL",
        "ARG", "CMD", '["x", "y"]', "['x']", "ENTRYPOINT", "ONBUILD", "HEALTHCHECK", "SHELL", "# c", "#", "\n",
        "\r\n", "\\\n", "\\ \n", "\\\\\n", "`\n", "\n\n", " ", "\t", "<<EOF", "<<-'E F'", "EOF", "\nEOF\n", '"',
        "'", "$X", "${X:-", "--mount=type=cache", "# escape=`\n", "# syntax=x\n", "\ufeff", "\x00", "\xa0", "é", "<<",
    ]
)  # fmt: skip
DOCKERFILES = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60)


@given(DOCKERFILES)
def test_the_tree_is_the_text(text: str) -> None:
    assert str(parse(text)) == text


@given(st.binary(max_size=200))
def test_bytes_come_back(data: bytes) -> None:
    assert parse(data).source.encode() == data


@given(DOCKERFILES)
def test_the_body_tiles_the_source(text: str) -> None:
    at = 0
    for node in parse(text).body:
        assert node.span.start == at
        at = node.span.end
    assert at == len(text)


@given(DOCKERFILES)
def test_children_lie_inside_and_maps_lead_back(text: str) -> None:
    tree = parse(text)
    for node in walk(tree):
        assert 0 <= node.span.start <= node.span.end <= len(text)
        if isinstance(node, Word) and not (node.map.text and text[node.map.offset(0)] != node.map.text[0]):
            assert "".join(text[node.map.offset(i)] for i in range(len(node.text))) == node.text
        if isinstance(node, CommandInstruction) and node.script is not None:
            script = node.script
            assert "".join(text[script.offset(i)] for i in range(len(script.text))) == script.text


@given(DOCKERFILES)
def test_every_error_node_has_its_problem(text: str) -> None:
    tree = parse(text)
    messages = [problem.message for problem in tree.problems]
    assert all(node.message in messages for node in tree.body if isinstance(node, Error))


@given(
    st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=30),
    st.sampled_from("\\`"),
)
def test_written_values_are_read_back(value: str, escape: str) -> None:
    head = "# escape=`\n" if escape == "`" else ""
    tree = parse(f"{head}FROM a\nENV {pair('NAME', value, escape)} NEXT=1\n")
    env = next(node for node in tree.body if isinstance(node, Env))
    assert [p.key.text for p in env.pairs] == ["NAME", "NEXT"]
    assert env.pairs[0].value is not None
    assert env.pairs[0].value.text == quote_value(value, escape)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=10), max_size=4))
def test_written_arrays_are_read_back(values: list[str]) -> None:
    tree = parse(f"FROM a\nCMD {json_array(values)}\n")
    cmd = next(node for node in tree.body if isinstance(node, Cmd))
    assert cmd.exec_form is not None
    assert list(cmd.exec_form.values) == values
    assert len(cmd.exec_form.spans) == len(values)


def seconds(text: str) -> float:
    started = time.process_time()
    tree = parse(text)
    taken = time.process_time() - started
    assert str(tree) == text
    return taken


@pytest.mark.parametrize(
    "make",
    [
        lambda n: "FROM a\nRUN x \\\n" + "  y \\\n" * n + "  z\n",
        lambda n: "FROM a\nRUN x \\\n" + "# c\n" * n + "  z\n",
        lambda n: "FROM a\nRUN " + "x" * 20 * n + "\n",
        lambda n: "FROM a\nENV A=" + '"' * 20 * n + "\n",
        lambda n: "FROM a\nENV A=" + "\\" * 20 * n + "\n",
        lambda n: "FROM a\nCMD " + "[" * 20 * n + "\n",
        lambda n: "FROM a\nRUN <<E\n" + "x\n" * n + "E\n",
        lambda n: "FROM a\n" + "COPY a b\n" * n,
        lambda n: "FROM a\nRUN " + "<<A " * n + "\n",
    ],
    ids=[
        "continuations",
        "comments",
        "long-line",
        "quotes",
        "escapes",
        "brackets",
        "heredoc",
        "lines",
        "openers",
    ],
)
def test_time_grows_with_the_size_only(make: object) -> None:
    # Ten times the size may take ten times as long; a hundred times is another law.
    assert callable(make)
    small = max(min(seconds(make(5_000)) for _ in range(3)), 0.005)
    assert min(seconds(make(50_000)) for _ in range(3)) < 45 * small


ORACLE = """
import json, sys, dockerfile
for line in sys.stdin:
    try:
        found = [[c.cmd.upper(), list(c.flags), list(c.value)] for c in dockerfile.parse_string(json.loads(line))]
        print(json.dumps(found))
    except Exception as error:
        print("null")
"""


@pytest.mark.oracle
def test_the_same_as_buildkits_parser_on_generated_files() -> None:
    pytest.importorskip("dockerfile", reason="the binding to BuildKit's parser is not installed")
    import json
    import random

    pick = random.Random(11)
    words = [
        "x",
        "a b",
        "'q'",
        '"d e"',
        "\\\n  ",
        "# no",
        "A=1",
        "B='2 3'",
        "$V",
        "--from=x",
        "\\",
        "&&",
        "[x]",
        "é",
    ]
    heads = [
        "RUN",
        "run",
        "COPY",
        "ENV",
        "LABEL",
        "CMD",
        "EXPOSE",
        "WORKDIR",
        "ARG",
        "USER",
        "ENTRYPOINT",
        "ADD",
    ]
    texts = []
    for _ in range(1500):
        lines = ["FROM a"]
        for _ in range(pick.randint(1, 4)):
            lines.append(
                f"{pick.choice(heads)} " + " ".join(pick.choice(words) for _ in range(pick.randint(1, 5)))
            )
            if pick.random() < 0.3:
                lines.append(pick.choice(["", "# comment", "  # indented"]))
        texts.append("\n".join(lines) + pick.choice(["", "\n", "\n\n"]))
    sent = "".join(json.dumps(t) + "\n" for t in texts)
    run = subprocess.run(
        [sys.executable, "-c", ORACLE], input=sent, capture_output=True, text=True, check=True
    )
    for text, line in zip(texts, run.stdout.splitlines(), strict=True):
        theirs = json.loads(line)
        tree = parse(text)
        if theirs is None:
            assert any(p.kind == "parse" for p in tree.problems), text
            continue
        ours = [n for n in tree.body if isinstance(n, Instruction)]
        assert [n.name for n in ours] == [name for name, _, _ in theirs], text
        for node, (name, flags, value) in zip(ours, theirs, strict=True):
            assert len(node.flags) == len(flags), text
            if (
                name in ("RUN", "CMD", "ENTRYPOINT", "WORKDIR", "USER")
                and len(value) == 1
                and not node.rest.text.startswith("[")
            ):
                assert node.rest.text == value[0], text


def test_repr_names_the_place() -> None:
    assert repr(Node(parse("FROM a\n").body[0].span)) == "Node(0:7)"
