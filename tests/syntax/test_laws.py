"""What holds for any input at all."""

import json
import random
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.syntax import parse, walk
from dockeropt.syntax.nodes import CommandInstruction, Env, Error, Instruction, Label, Node, Word
from tests.effort import effort
from tests.syntax.answers import answer, arguments

PIECES = st.sampled_from(
    [
        "FROM a", "FROM a AS b", "RUN", "RUN x", "COPY", "copy --from=b /x /y", "ENV", "A=1", "A b c", "LABEL",
        "ARG", "CMD", "['x']", "ENTRYPOINT", "ONBUILD", "HEALTHCHECK", "SHELL", "# c", "#", "\n",
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


def work(text: str) -> int:
    assert str(parse(text)) == text
    return effort(lambda: parse(text))


HOSTILE: dict[str, Callable[[int], str]] = {
    "continuations": lambda n: "FROM a\nRUN x \\\n" + "  y \\\n" * n + "  z\n",
    "pairs over lines": lambda n: "FROM a\nENV A=1 \\\n" + '  B="2 3" \\\n' * n + "  C=1\n",
    "array over lines": lambda n: 'FROM a\nCOPY ["x", \\\n' + '  "y\\n", \\\n' * n + '  "z"]\n',
    "flags over lines": lambda n: "FROM a\nRUN " + "--mount=type=cache \\\n" * n + "  z\n",
    "comments": lambda n: "FROM a\nRUN x \\\n" + "# c\n\n" * n + "  z\n",
    "long line": lambda n: "FROM a\nRUN " + "x" * 20 * n + "\n",
    "spaces": lambda n: "FROM a\nRUN x " + (" " * 20 + "\\") * n + "\n",
    "quotes": lambda n: "FROM a\nENV A=" + "\"'" * 10 * n + "\n",
    "quotes in a flag": lambda n: "FROM a\nRUN --x=" + "\"'" * n + " y\n",
    "escapes": lambda n: "FROM a\nENV A=" + "\\" * 20 * n + "\n",
    "brackets": lambda n: "FROM a\nCMD " + "[" * 20 * n + "\n",
    "nested arrays": lambda n: "FROM a\nCMD " + "[" * n + "]" * n + "\n",
    "broken array": lambda n: "FROM a\nCMD [" + '"a",' * n + "x\n",
    "heredoc": lambda n: "FROM a\nRUN <<-E\n" + "\tx\n" * n + "E\n",
    "openers": lambda n: "FROM a\nRUN " + "<<A " * n + "\n" + "A\n" * n,
    "unterminated openers": lambda n: "FROM a\n" + "RUN <<A\n" * n,
    "substitutions": lambda n: "FROM a\nRUN <<A " + "${a:-b\\c}" * n + "\nA\n",
    "nested substitutions": lambda n: "FROM a\nRUN <<A " + "${a:-" * n + "}" * n + "\nA\n",
    "triggers": lambda n: "FROM a\nONBUILD " + "ONBUILD " * n + "RUN x\n",
    "lines": lambda n: "FROM a\n" + "COPY a b\n" * n,
    "unknown words": lambda n: "FROM a\n" + "".join([f"COPX{i} a\n" for i in range(n)]),
    "lone carriage returns": lambda n: "FROM a\nRUN x" + "\r" * 20 * n + "y\n",
    "directive": lambda n: "#" + " " * 20 * n + "syntax" + " " * 20 * n + "\nFROM a\n",
    "durations": lambda n: "FROM a\nHEALTHCHECK --interval=" + "1s" * n + " CMD x\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_with_the_size_only(name: str) -> None:
    make = HOSTILE[name]
    assert work(make(20_000)) < 12 * work(make(2_000)) + 1_000


ORACLE = """
import json, sys, dockerfile
for line in sys.stdin:
    try:
        found = [[c.cmd.upper(), list(c.flags), list(c.value)] for c in dockerfile.parse_string(json.loads(line))]
        print(json.dumps(found))
    except Exception as error:
        print("null")
"""
# No arrays: the binding's BuildKit is older and takes one whatever stands behind it.
WORDS = [
    "x", "a b", "'q'", '"d e"', "\\\n  ", "\\\n# no\n", "# no", "A=1", "B='2 3'", "$V", "--from=x", "--mount='a b'",
    "--", "\\", "&&", "[x]", "<<EOF", "é", "=", '"', "'",
]  # fmt: skip
HEADS = "RUN run COPY ENV LABEL CMD EXPOSE WORKDIR ARG USER ENTRYPOINT ADD VOLUME SHELL FROM FOO".split()


def generated(seed: int, count: int) -> list[str]:
    """Return Dockerfiles made of words that matter."""
    pick = random.Random(seed)
    texts = []
    for _ in range(count):
        lines = ["FROM a"]
        for _ in range(pick.randint(1, 4)):
            words = [pick.choice(WORDS) for _ in range(pick.randint(0, 5))]
            lines.append(" ".join([pick.choice(HEADS), *words]))
            if pick.random() < 0.4:
                lines.append(pick.choice(["", "# comment", "  # indented", "EOF"]))
        texts.append("\n".join(lines) + pick.choice(["", "\n", "\n\n", "\r\n"]))
    return texts


@pytest.mark.oracle
def test_the_same_as_buildkits_parser_on_generated_files() -> None:
    pytest.importorskip("dockerfile", reason="the binding to BuildKit's parser is not installed")
    texts = generated(11, 3000)
    sent = "".join([json.dumps(text) + "\n" for text in texts])
    run = subprocess.run(
        [sys.executable, "-c", ORACLE], input=sent, capture_output=True, text=True, check=True
    )
    for text, line in zip(texts, run.stdout.splitlines(), strict=True):
        theirs = json.loads(line)
        tree = parse(text)
        refused = any(problem.kind == "parse" for problem in tree.problems)
        assert refused is (theirs is None), text
        if theirs is None:
            continue
        ours = [node for node in tree.body if isinstance(node, Instruction)]
        assert [node.name for node in ours] == [name for name, _, _ in theirs], text
        for node, (_, flags, value) in zip(ours, theirs, strict=True):
            assert answer(node)[1] == flags, text
            if isinstance(node, Error):
                continue
            said = arguments(node)
            if isinstance(node, Env | Label):  # the binding's BuildKit keeps no separators
                del said[2::3]
            assert said == value, text


def test_repr_names_the_place() -> None:
    assert repr(Node(parse("FROM a\n").body[0].span)) == "Node(0:7)"
