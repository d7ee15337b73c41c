"""Dockerfiles in Python files: what is fixed, what is left alone, that Python sees the right text."""

import ast
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dockeropt
from dockeropt.errors import FileProblem
from dockeropt.interop.python_literal import Literal, evaluate
from dockeropt.text import Span

MERGE = dockeropt.Options(select=("merge-runs",))
ONE = "FROM debian:12\nRUN mkdir /a \\\n    && mkdir /b\n"


def fix(source: str, options: dockeropt.Options = MERGE) -> dockeropt.FixResult:
    return dockeropt.fix_python(source, options=options, path="build.py")


def value(source: str) -> object:
    """Return what the first variable of the file is."""
    names: dict[str, object] = {}
    exec(compile(source, "build.py", "exec"), names)
    return next(v for k, v in names.items() if isinstance(v, str) and k != "__doc__")


PLAIN = 'DOCKERFILE = """\nFROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n"""\n'


def test_a_plain_literal() -> None:
    result = fix(PLAIN)
    assert result.fixed == 'DOCKERFILE = """\nFROM debian:12\nRUN mkdir /a \\\\\n    && mkdir /b\n"""\n'
    assert value(result.fixed) == "\n" + ONE
    assert "-RUN mkdir /a\n" in result.diff()
    (step,) = result.steps
    assert (step.before, step.after, step.fixes[0].line) == (PLAIN, result.fixed, 3)


@pytest.mark.parametrize(
    "source",
    [
        'x_dockerfile = r"""FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n"""',
        "dockerfile: str = '''FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n'''",
        'dockerfile = "FROM debian:12\\nRUN mkdir /a\\nRUN mkdir /b\\n"',
        'dockerfile = "\\x46ROM debian:12\\nRUN \\u006dkdir /a\\nRUN mkdir \\\n/b\\n"',
        '# dockerfile\nimage = """FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n"""',
        '#Dockerfile\nimage = u"""FROM debian:12\r\nRUN mkdir /a\r\nRUN mkdir /b\r\n"""',
        'dockerfile = """\\\nFROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n"""  # é',
        '"é"; Dockerfile = other = """FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n"""',
        'dockerfile = """FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n""".lstrip()',
    ],
)
def test_every_way_to_write_a_literal(source: str) -> None:
    result = fix(source)
    assert value(result.fixed) == ONE
    assert fix(result.fixed).fixed == result.fixed
    assert ("\r\n    && mkdir" in result.fixed) == ("\r\n" in source)


def test_a_common_indentation_stays() -> None:
    source = (
        'from textwrap import dedent\n\ndef f():\n    dockerfile = dedent("""\\\n'
        '        FROM debian:12\n        RUN mkdir /a\n        RUN mkdir /b\n        """)\n    return dockerfile\n'
    )  # fmt: skip
    result = fix(source)
    assert "        RUN mkdir /a \\\\\n            && mkdir /b\n" in result.fixed
    names: dict[str, object] = {}
    exec(result.fixed, names)
    assert names["f"]() == ONE  # type: ignore[operator]


def test_attributes_and_classes() -> None:
    source = "class A:\n    def f(self):\n        self.dockerfile = 'FROM debian:12\\nRUN mkdir /a\\nRUN mkdir /b\\n'\n"
    assert fix(source).fixed == source.replace("/a\\nRUN", "/a \\\\\\n    &&")


@pytest.mark.parametrize(
    "source",
    [
        "text = 'FROM debian:12\\nRUN mkdir /a\\nRUN mkdir /b\\n'",
        "dockerfile = f'FROM debian:12\\nRUN mkdir /a\\nRUN mkdir /b\\n'",
        "dockerfile = b'FROM debian:12\\nRUN mkdir /a\\nRUN mkdir /b\\n'",
        "dockerfile = 'FROM debian:12\\n' 'RUN mkdir /a\\nRUN mkdir /b\\n'",
        "dockerfile = 'FROM debian:12\\n' + 'RUN mkdir /a\\nRUN mkdir /b\\n'",
        "dockerfile = 'FROM debian:{version}\\nRUN mkdir /a\\nRUN mkdir /b\\n'",
        "dockerfile = 'FROM debian:%s\\nRUN mkdir /a\\nRUN mkdir /b\\n'",
        "dockerfile = 'FROM debian:12\\nRUN mkdir /a\\nRUN mkdir /b\\n'.format()",
        "dockerfile = render('FROM debian:12\\nRUN mkdir /a\\nRUN mkdir /b\\n')",
        "dockerfile = 'RUN mkdir /a\\nRUN mkdir /b\\n'",
        "dockerfile = 'FROM debian:12\\nRUNN\\nRUN mkdir /a\\nRUN mkdir /b\\n'",
        "dockerfile = 'Dockerfile'",
        "dockerfile = None",
        "dockerfile = ''",
        "#!/usr/bin/python\n# about a dockerfile\nx = 'FROM debian:12\\nRUN mkdir /a\\nRUN mkdir /b\\n'",
        'dockerfile = """\n    FROM debian:12\n    RUN mkdir /a\n    RUN mkdir /b\n    RUN <<EOF\n    x\n    EOF\n"""',
        "",
    ],
)
def test_what_is_left_alone(source: str) -> None:
    result = fix(source)
    assert result.fixed == source
    assert not result.rejected
    assert not result.leftover


def test_a_literal_that_cannot_hold_the_fix_is_named() -> None:
    options = dockeropt.Options(select=("fix-key-value-format",))
    escaped = 'dockerfile = r"""FROM debian:12\nLABEL a b c"""'
    refused = fix(escaped, options)
    # The new text ends in a quote, which a raw literal in quotes of that kind cannot.
    assert refused.fixed == escaped
    (left,) = refused.leftover
    assert "this literal cannot hold the fix" in left.finding.message
    assert left.reason == "none"
    assert left.line == 2


def test_several_literals_in_one_file() -> None:
    source = (
        PLAIN
        + "x = 1  # é\n"
        + PLAIN.replace("DOCKERFILE", "B_DOCKERFILE")
        + PLAIN.replace("DOCKER", "OTHER")
    )
    result = fix(source)
    assert result.fixed.count("&& mkdir /b") == 2
    assert len(result.steps) == 2
    ast.parse(result.fixed)


def test_findings_point_into_the_python_file() -> None:
    unfixable = MERGE._replace(unfixable=("merge-runs",))
    (left,) = fix("x = 1\n" + PLAIN, unfixable).leftover
    assert (left.line, left.column) == (4, 1)


@pytest.mark.parametrize("source", ["def (", "x = '''", "dockerfile = (" * 3000, "x = \udcff"])
def test_what_is_no_python_is_an_error(source: str) -> None:
    result = fix(source)
    assert isinstance(result.error, FileProblem)
    assert result.fixed == source
    assert "(hint: " in str(result.error)


def test_python_files_have_to_be_named(tmp_path: Path) -> None:
    (tmp_path / "build.py").write_text(PLAIN)
    assert list(dockeropt.fix_paths([tmp_path], options=MERGE)) == []
    (result,) = dockeropt.fix_paths([tmp_path / "build.py"], options=MERGE, write=True)
    assert result.written
    assert value((tmp_path / "build.py").read_text()) == "\n" + ONE


BODY = st.lists(
    st.sampled_from(["\\", "\\n", "\\\\", "\n", "\r\n", "\\\n", "\\'", '\\"', "\\x41", "\\101", "\\0", "\\N{BULLET}", "\\d", "é", " ", "  a", "\t", "b", "\\u00e9"])
).map("".join)  # fmt: skip


@settings(deadline=None)
@given(BODY, st.sampled_from(["", "r", "u", "R"]), st.sampled_from(['"""', "'''", '"', "'"]))
def test_reading_is_what_python_reads(body: str, prefix: str, quote: str) -> None:
    code = prefix + quote + body + quote
    expected = evaluate(code)
    if expected is None or (len(quote) == 1 and "\n" in body.replace("\\\n", "")):
        return
    literal = Literal.read("x = " + code, Span(4, 4 + len(code)))
    assert literal is not None
    assert "".join(expected.split()) == "".join(literal.text.split())
    if not literal.margin:
        assert literal.text == expected
    for index in range(len(literal.text)):
        place = literal.place(Span(index, index + 1))
        assert not place.is_empty
        assert 4 < place.start < place.end < 4 + len(code)


def test_the_margin_is_that_of_dedent() -> None:
    text = "    a\n\n      b\n    c\n"
    literal = Literal.read(f'"""{text}"""', Span(0, len(text) + 6))
    assert literal is not None
    assert literal.text == textwrap.dedent(text)
