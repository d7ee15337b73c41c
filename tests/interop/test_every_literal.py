"""The examples of all passes, written into Python and Markdown in every way: the same fixes come out."""

import inspect
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

import dockeropt
from dockeropt.syntax import find, parse
from dockeropt.syntax.nodes import From

EXAMPLES = sorted((Path(__file__).parents[1] / "passes").rglob("input.Dockerfile"))
EVERY = 18
"""Each way takes another eighteenth of the examples."""


def escaped(text: str, quote: str) -> str:
    return text.replace("\\", "\\\\").replace(quote, "\\" + quote)


def indented(text: str) -> str:
    return textwrap.indent(text, "    ", lambda line: bool(line.strip()))


def triple(text: str) -> str:
    return '"""' + escaped(text, '"') + '"""'


def one_line(text: str) -> str:
    return "'" + escaped(text, "'").replace("\n", "\\n") + "'"


def a_line_each(text: str) -> str:
    return "(\n" + "".join([f"    {one_line(line)}\n" for line in text.splitlines(keepends=True)]) + ")"


def dedented(text: str) -> str:
    return 'dedent("""\\\n' + indented(escaped(text, '"')) + '    """)'


def cleaned(text: str) -> str:
    return 'cleandoc("""\n' + indented(escaped(text, '"')) + '    """)'


def formatted(text: str) -> str:
    return "f" + triple(text).replace("{", "{{").replace("}", "}}")


def template(text: str) -> str:
    return triple(text).replace("{", "{{").replace("}", "}}") + ".format(x=1)"


def in_bytes(text: str) -> str:
    return "b" + triple(text) + ".decode()"


def raw(text: str) -> str:
    return "r'''" + text + "'''"


WAYS = (triple, one_line, a_line_each, dedented, cleaned, formatted, template, in_bytes, raw)


def texts(way: Callable[[str], str]) -> list[str]:
    """Return those examples that can be written in this way, and that one file alone can show."""
    found: list[str] = []
    for path in EXAMPLES[WAYS.index(way) % EVERY :: EVERY]:
        text = path.read_bytes().decode("utf-8", "replace")
        tree = parse(text)
        if "\r" in text or "\ufffd" in text or tree.problems or next(find(tree, From), None) is None:
            continue
        if way in (dedented, cleaned) and (
            textwrap.dedent(text) != text or "\t" in text or not text.endswith("\n")
        ):
            continue
        if (way is in_bytes and not text.isascii()) or (
            way is raw and ("'''" in text or text.endswith(("\\", "'")))
        ):
            continue
        found.append(text)
    return found


@pytest.mark.parametrize("way", WAYS)
def test_what_python_makes_of_a_literal_is_what_fix_str_gives(way: Callable[[str], str]) -> None:
    fixed = unheld = 0
    names = {"dedent": textwrap.dedent, "cleandoc": inspect.cleandoc}
    examples = texts(way)
    for text in examples:
        source = f"x = 1\ndockerfile = {way(text)}\n"
        result = dockeropt.fix_python(source, path="build.py")
        before: dict[str, object] = dict(names)
        after: dict[str, object] = dict(names)
        exec(source, before)
        exec(result.fixed, after)
        wanted = dockeropt.fix_str(str(before["dockerfile"])).fixed
        if any("cannot hold" in left.finding.message for left in result.leftover):
            unheld += 1
            continue
        if "only shown" in str(result.leftover) or result.notes:
            continue  # <NAME>, __NAME__ and the like are holes
        assert after["dockerfile"] == wanted, source
        fixed += wanted != before["dockerfile"]
    assert fixed > len(examples) / 5
    assert unheld <= (2 if way is raw else 0)


def test_what_a_block_holds_is_what_fix_str_gives() -> None:
    changed = 0
    for path in EXAMPLES[::EVERY]:
        text = path.read_bytes().decode("utf-8", "replace")
        tree = parse(text)
        if (
            "\r" in text
            or "\0" in text
            or "~~~" in text
            or tree.problems
            or next(find(tree, From), None) is None
        ):
            continue
        text = text.removesuffix("\n") + "\n"
        for margin in ("", "  "):
            block = textwrap.indent(f"~~~dockerfile\n{text}~~~\n", margin, lambda line: bool(line.strip()))
            result = dockeropt.fix_str(f"- a\n\n{block}\nb\n", path="a.md")
            if "only shown" in str(result.leftover) or result.notes:
                continue
            wanted = dockeropt.fix_str(text).fixed
            lines = result.fixed.splitlines(keepends=True)[3:]
            held = "".join([line.removeprefix(margin) for line in lines[: lines.index(f"{margin}~~~\n")]])
            assert held == wanted
            changed += wanted != text
    assert changed > 20
