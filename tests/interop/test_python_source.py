"""Dockerfiles in Python files: what is fixed, what is left alone, that Python sees the right text."""

import ast
import inspect
import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dockeropt
from dockeropt.errors import FileProblem
from dockeropt.interop.python_literal import Reading, evaluate, read_literal
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


TEXT = "FROM debian:12\\nRUN mkdir /a\\nRUN mkdir /b\\n"


@pytest.mark.parametrize(
    "source",
    [
        f"text = '{TEXT}'",
        f"dockerfile = render('{TEXT}')",
        "dockerfile = 'RUN mkdir /a\\nRUN mkdir /b\\n'",
        "dockerfile = 'Dockerfile'",
        "dockerfile = None",
        "dockerfile = ''",
        "dockerfile = b'FROM debian:12\\n# \\xff\\nRUN mkdir /a\\nRUN mkdir /b\\n'",
        "dockerfile = '{TEXT}'.format('%s' % x)",
        "dockerfile = 'FROM debian:12\\nRUN echo ${A}\\nRUN mkdir {,b}\\nRUN mkdir /b\\n'.format()",
        f"dockerfile_path = '{TEXT}'",
        f"#!/usr/bin/python\n# about a dockerfile\nx = '{TEXT}'",
        f"build(fileobj=open(x), tag='{TEXT}')",
        f"log.write('{TEXT}')",
        f"subprocess.run(['cat'], input='{TEXT}')",
        "",
    ],
)
def test_what_is_left_alone(source: str) -> None:
    result = fix(source)
    assert result.fixed == source
    assert not result.rejected
    assert not result.leftover


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("dockerfile = 'FROM debian:12\\nRUNN\\nRUN a\\n'", "build.py:1:31: this Dockerfile is left alone"),
        (
            'dockerfile = """\n    FROM debian:12\n    RUN <<EOF\n    x\n    EOF\n"""',
            "build.py:3:9: this Dockerfile is left alone",
        ),
        (
            "dockerfile = f'FROM a\\n{code}\\nRUN a\\nRUN b\\n'",
            "build.py:1:24: {code} stands for whole instructions",
        ),
        (
            "dockerfile = 'FROM a\\n' + more + 'RUN a\\nRUN b\\n'",
            "build.py:1:27: more stands for whole instructions",
        ),
        ("dockerfile = 'FROM a\\n{{ code }}\\nRUN a\\nRUN b'", "build.py:1:23: {{ code }} stands for whole"),
    ],
)
def test_what_is_left_alone_with_a_word_about_it(source: str, said: str) -> None:
    result = fix(source)
    assert result.fixed == source
    assert not result.leftover
    (note,) = result.notes
    assert note.startswith(said)


def test_notes_name_places_of_the_file_as_it_is() -> None:
    result = fix("a_dockerfile = 'FROM a\\nRUN x\\n' 'RUN y\\n'\nb_dockerfile = f'FROM a\\n{b}\\n'\n")
    assert result.changed
    assert result.notes == ("build.py:2:26: {b} stands for whole instructions, so nothing is changed",)


@pytest.mark.parametrize(
    "source",
    [
        "x.images.build(fileobj=io.BytesIO(b'{}'))",
        "x.images.build(fileobj=BytesIO('{}'.encode('utf-8')), tag='a')",
        "text = '{}'\nf = BytesIO(text.encode())\nclient.build(fileobj=f)",
        "DockerfileParser(fileobj=BytesIO(b'{}'))",
        "from dockerfile_parse import DockerfileParser\ndfp.content = '{}'",
        "Path('Dockerfile').write_text('{}')",
        "(tmp / 'app.dockerfile').write_text('{}', encoding='utf-8')",
        "p = tmp / 'Dockerfile'\np.write_bytes(b'{}')",
        "open('x/Dockerfile', 'w').write('{}')",
        "with open(os.path.join(d, 'Dockerfile'), 'w') as f:\n    f.write('{}')",
        "with (d / 'Containerfile').open('w') as f:\n    print('{}', file=f)",
        "name = 'Dockerfile'\nwith open(name, 'w') as f:\n    f.write('{}')",
        "subprocess.run(['docker', 'build', '-'], input=b'{}')",
        "subprocess.check_output('podman build -', shell=True, input='{}')",
        "cmd = ['docker', 'build', '-']\nsubprocess.run(cmd, input='{}')",
        "proc = Popen(['docker', 'build', '-'])\nproc.communicate(input=b'{}')",
        "archive.writestr('Dockerfile', '{}')",
        "File('.', 'Dockerfile', '{}')",
        "make_dockerfile('{}')",
        "image(dockerfile='{}')",
        "files = {{'Dockerfile': '{}'}}",
        "files['Dockerfile'] = '{}'",
        "DOCKERFILES = ['{}', other]",
        "dockerfile = '{}' if a else None",
        "dockerfile = given or '{}'",
        "def dockerfile(self):\n    return '{}'",
        "def f(dockerfile='{}'): pass",
        "if (dockerfile := '{}'): pass",
        "# language=dockerfile\nreturn_it('{}')",
        "# Dockerfile\nx = '{}'",
    ],
)
def test_every_use_that_tells(source: str) -> None:
    result = fix(source.format(TEXT))
    assert result.fixed == source.format(TEXT.replace("\\nRUN mkdir /b", " \\\\\\n    && mkdir /b")), (
        result.notes
    )
    assert fix(result.fixed).fixed == result.fixed


def test_literals_next_to_each_other_keep_a_line_each() -> None:
    source = (
        "dockerfile = (\n    'FROM debian:12\\n'\n    \"RUN mkdir /a\\n\"\n    'RUN mkdir /b\\n'\n"
        "    'CMD [\"a\"]\\n'\n)\n"
    )
    result = fix(source)
    assert result.fixed == source.replace("/a\\n", "/a \\\\\\n").replace("'RUN mkdir /b", "'    && mkdir /b")
    assert value(result.fixed) == ONE + 'CMD ["a"]\n'


def test_a_literal_that_loses_all_it_holds_goes() -> None:
    source = "dockerfile = (\n    'FROM debian:12\\n'\n    'MAINTAINER me\\n'\n    'RUN a\\n'\n)\n"
    result = fix(source, dockeropt.Options(select=("replace-maintainer",)))
    expected = dockeropt.fix_str(
        str(value(source)), options=dockeropt.Options(select=("replace-maintainer",))
    ).fixed
    assert value(result.fixed) == expected
    assert "''" not in result.fixed


def test_cleandoc_and_strip_are_what_python_makes_of_them() -> None:
    source = 'import inspect\ndockerfile = inspect.cleandoc("""FROM debian:12\n    RUN mkdir /a\n    RUN mkdir /b\n\n    """)\n'
    result = fix(source)
    assert "    RUN mkdir /a \\\\\n        && mkdir /b\n\n    " in result.fixed
    assert value(result.fixed) == ONE.strip()


@pytest.mark.parametrize("blank", ["", "    ", "        "])
def test_lines_are_added_with_the_margin(blank: str) -> None:
    body = f"\n    FROM debian:12\n{blank}\n    RUN mkdir /a\n    RUN mkdir /b\n    "
    source = f'import textwrap\ndockerfile = textwrap.dedent("""{body}""")\n'
    result = fix(source)
    assert value(result.fixed) == dockeropt.fix_str(textwrap.dedent(body), options=MERGE).fixed
    assert result.changed


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


def test_an_error_names_the_place_and_what_python_says() -> None:
    error = fix("x = 1\ny = [1,\nz = 2\n").error
    assert str(error).startswith("build.py:2:5: not valid Python: '[' was never closed (hint: ")


def test_a_byte_order_mark_stays_where_it_is() -> None:
    source = '\ufeffé = 1\nDOCKERFILE = """\\\nFROM a\nRUN mkdir /é\nRUN mkdir /b\n"""\n'
    assert fix(source).fixed == "\ufeff" + fix(source[1:]).fixed != source


@pytest.mark.parametrize(
    "nested",
    [
        "[" * 5000 + "]" * 5000,
        "(" * 5000 + "1" + ")" * 5000,
        "-" * 50_000 + "1",
        "1" + "+1" * 50_000,
        "1" + " and 1" * 50_000,
    ],
)
def test_python_nested_without_end_is_an_error_and_no_crash(nested: str) -> None:
    error = fix(f'DOCKERFILE = """FROM a\nRUN mkdir /a\nRUN mkdir /b\n"""\nx = {nested}\n').error
    assert error is not None
    assert "nested too deep" in error.message


def test_python_in_another_encoding_is_an_error() -> None:
    error = fix('# coding: latin-1\nDOCKERFILE = """FROM a\nLABEL b=\udce9\n"""\n').error
    assert error is not None
    assert (error.message, error.hint) == ("not UTF-8", "save it as UTF-8")


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
@given(BODY, st.sampled_from(["", "r", "u", "R", "b", "f"]), st.sampled_from(['"""', "'''", '"', "'"]))
def test_reading_is_what_python_reads(body: str, prefix: str, quote: str) -> None:
    code = prefix + quote + body + quote
    expected = evaluate(code)
    if expected is None or (len(quote) == 1 and "\n" in body.replace("\\\n", "")):
        return
    literal = read_literal("x = " + code, Span(4, 4 + len(code)))
    assert literal is not None
    if literal.holes:  # {BULLET} may be one
        return
    assert literal.text == expected
    for index in range(len(literal.text)):
        place = literal.place(Span(index, index + 1))
        assert not place.is_empty
        assert 4 < place.start < place.end < 4 + len(code)


LINES = st.lists(
    st.sampled_from(["a", "  b", "", "  ", "\t", "    c", "\td", "    "]), min_size=1, max_size=6
).map("\n".join)


@settings(deadline=None)
@given(LINES, st.sampled_from(["dedent", "cleandoc", "strip", "rstrip", "lstrip"]))
def test_what_is_done_with_a_text_is_what_python_does(text: str, call: str) -> None:
    does = {"dedent": textwrap.dedent, "cleandoc": inspect.cleandoc}.get(call) or getattr(str, call)
    literal = read_literal(f'"""{text}"""', Span(0, len(text) + 6), Reading((call,)))
    if literal is None:  # cleandoc turns tabs into blanks
        assert call == "cleandoc"
        assert "\t" in text
    else:
        assert literal.text == does(text)
