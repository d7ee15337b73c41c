"""BuildKit's own parser cases: the same instructions, flags and words out of the same text."""

import json
import os
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from dockeropt.syntax import parse
from dockeropt.syntax.jsonform import parse_json
from dockeropt.syntax.nodes import Flag, Instruction
from dockeropt.syntax.words import plain_words, quoted_words, split_keyword
from dockeropt.text import TextMap

SHARED = Path(os.environ.get("DOCKEROPT_SHARED", Path(__file__).parents[2].parent / "shared"))
VECTORS = SHARED / "data" / "conformance" / "buildkit-parser.json"

OWN = [
    (
        "FROM a AS b\nRUN <<A <<B\none\nA\ntwo\nB\nRUN x\n",
        ['(from "a" "AS" "b")', '(run "<<A <<B")', '(run "x")'],
    ),
    ("FROM a\nRUN x \\\n# c\n\n  y\n", ['(from "a")', '(run "x   y")']),
    ("# escape=`\nFROM a\nCOPY a `\n C:\\\n", ['(from "a")', '(copy "a" "C:\\\\")']),
    ("FROM a\nRUN a \\\\\nRUN b\n", ['(from "a")', '(run "a \\\\\\\\")', '(run "b")']),
    ("FROM a\r\nENV A=1 \\\r\n B='2 3'\r\n", ['(from "a")', '(env "A" "1" "=" "B" "\'2 3\'" "=")']),
    ("\ufeffFROM a\nCMD ['x']", ['(from "a")', "(cmd \"['x']\")"]),
    ("FROM a\nONBUILD RUN <<E\nx\nE\n", ['(from "a")', '(onbuild (run "<<E"))']),
]


def cases() -> list[ParameterSet]:
    if not VECTORS.exists():
        return [pytest.param({}, marks=pytest.mark.skip(reason=f"no vectors at {VECTORS}"), id="vectors")]
    return [pytest.param(case, id=case["name"]) for case in json.loads(VECTORS.read_text())["cases"]]


def quote(text: str) -> str:
    """Quote as Go's ``%q`` does, as far as the cases need it."""
    short = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
    return '"' + "".join(short.get(c, c if ord(c) >= 32 else f"\\x{ord(c):02x}") for c in text) + '"'


def dump(name: str, flags: tuple[Flag, ...], rest: TextMap, escape: str, *, heredocs: bool) -> str:
    """Write one instruction as BuildKit's ``Node.Dump`` does, from our lexer's answers alone."""
    parts = [name.lower()]
    if flags:
        words = [f"--{f.name}" + (f"={f.value}" if f.value is not None else "") for f in flags]
        parts.append("[" + " ".join(quote(w) for w in words) + "]")
    array = None if heredocs else parse_json(rest)
    text = rest.text
    if name == "ONBUILD":
        keyword, inner_flags, inner = split_keyword(rest, escape)
        parts.append(dump(keyword.upper(), inner_flags, inner, escape, heredocs=heredocs))
    elif name in ("ENV", "LABEL"):
        words = [text[a:b] for a, b in quoted_words(rest, escape)]
        if words and "=" not in words[0]:
            key = plain_words(rest)[0].text
            parts += [quote(key), quote(text[len(key) :].lstrip()), '""']
        for word in words if words and "=" in words[0] else []:
            key, _, value = word.partition("=")
            parts += [quote(key), quote(value), '"="']
    elif name == "ARG":
        parts += [quote(text[a:b]) for a, b in quoted_words(rest, escape)]
    elif name == "HEALTHCHECK":
        kind, _, command = text.partition(" ")
        if kind:
            parts.append(quote(kind))
        inner = rest.slice(len(text) - len(command.lstrip()), len(text))
        array = parse_json(inner)
        parts += [quote(v) for v in array.values] if array else [quote(inner.text)] if inner.text else []
    elif array is not None and name in ("CMD", "RUN", "ENTRYPOINT", "SHELL", "VOLUME", "COPY", "ADD"):
        parts += [quote(value) for value in array.values]
    elif name in ("FROM", "COPY", "ADD", "EXPOSE", "VOLUME"):
        parts += [quote(word.text) for word in plain_words(rest)]
    elif text:
        parts.append(quote(text))
    return "(" + " ".join(parts) + ")"


def dump_file(text: str) -> list[str]:
    tree = parse(text)
    nodes = [node for node in tree.body if isinstance(node, Instruction)]
    return [dump(n.name, n.flags, n.rest, tree.escape, heredocs=bool(n.heredocs)) for n in nodes]


@pytest.mark.parametrize("case", cases())
def test_buildkits_case(case: dict[str, str]) -> None:
    tree = parse(case["dockerfile"])
    assert str(tree) == case["dockerfile"]
    if case["rejected"]:
        assert any(problem.kind == "parse" for problem in tree.problems)
    else:
        assert not any(problem.kind == "parse" for problem in tree.problems)
        assert dump_file(case["dockerfile"]) == case["result"].strip().splitlines()


@pytest.mark.parametrize(("text", "expected"), OWN)
def test_own_case(text: str, expected: list[str]) -> None:
    assert dump_file(text) == expected
