"""Templates: what is filled in later is never touched, and nothing is made that depends on it."""

import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dockeropt
from dockeropt.interop.python_literal import Reading, read_literal
from dockeropt.rewrite import Applicability
from dockeropt.rewrite.result import Applied, Step
from dockeropt.text import Edit, Span

MERGE = dockeropt.Options(select=("merge-runs",))


def fix(source: str, *passes: str, unsafe: bool = False) -> dockeropt.FixResult:
    options = dockeropt.Options(select=passes or MERGE.select, unsafe_fixes=unsafe)
    return dockeropt.fix_python(source, options=options, path="build.py")


def filled(source: str, **names: object) -> str:
    """Return what the variable ``dockerfile`` is once the file has run."""
    known = dict(names)
    exec(compile(source, "build.py", "exec"), known)
    return str(known["dockerfile"])


TEXT = "FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n"
MERGED = "FROM debian:12\nRUN mkdir /a \\\n    && mkdir /b\n"

TEMPLATES = [
    'dockerfile = f"""{T}LABEL a={x}\n"""',
    'dockerfile = """{T}LABEL a={x}\n""".format(x=x)',
    'dockerfile = """{T}LABEL a=%(x)s\n""" % {"x": x}',
    'dockerfile = """{T}LABEL a=%s\n""" % x',
    'import string\ndockerfile = string.Template("""{T}LABEL a=$x\n""").substitute(x=x)',
    'text = """{T}LABEL a={x}\n"""\ndockerfile = text.format_map({"x": x})',
    'from string import Template\ntext = Template("""{T}LABEL a=${x}\n""")\ndockerfile = text.substitute(x=x)',
    'dockerfile = """{T}LABEL a=XX\n""".replace("XX", x)',
    'text = """{T}LABEL a=XX\n"""\ndockerfile = text.replace("XX", x)',
    'dockerfile = """{T}LABEL a=""" + x + """\n"""',
    'dockerfile = (f"""{T}LABEL """\n    f"""a={x}\n""")',
    'dockerfile = f"""{T}LABEL a={x!s:>1}\n"""',
]


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_stands_beside_a_hole_is_fixed(template: str) -> None:
    source = template.replace("{T}", TEXT) + "\n"
    result = fix(source)
    assert filled(result.fixed, x="1") == MERGED + "LABEL a=1\n"
    assert filled(source, x="1") == TEXT + "LABEL a=1\n"
    assert not result.leftover


@pytest.mark.parametrize("template", TEMPLATES)
def test_what_touches_a_hole_is_only_shown(template: str) -> None:
    source = template.replace("{T}", TEXT).replace("a=", "a ") + "\n"
    result = fix(source, "fix-key-value-format")
    assert result.fixed == source
    (left,) = result.leftover
    assert (left.reason, left.finding.fix and left.finding.fix.applicability) == (
        "suggestion",
        Applicability.SUGGESTION,
    )
    assert "only shown: " in left.finding.message
    assert "hole" not in str(left)


def test_the_example_of_the_page_is_true() -> None:
    page = (Path(__file__).parents[2] / "docs" / "embedded.md").read_text("utf-8")
    start = page.index("    DOCKERFILE = ")
    source = textwrap.dedent(page[start : page.index("Holes are what")])
    assert fix(source).fixed == source.replace("/a\nRUN mkdir /b", "/a \\\\\n    && mkdir /b") != source


@pytest.mark.parametrize(
    ("template", "fixed"),
    [
        (
            'f"""FROM a:{x}\nRUN echo ${{a}}\nRUN echo b\n"""',
            'f"""FROM a:{x}\nRUN echo ${{a}} \\\\\n    && echo b\n"""',
        ),
        (
            '"""FROM a:{x}\nRUN echo ${{A}}\nRUN echo b\n""".format(x=1)',
            '"""FROM a:{x}\nRUN echo ${{A}} \\\\\n    && echo b\n""".format(x=1)',
        ),
    ],
)
def test_braces_that_are_no_holes_stay_doubled(template: str, fixed: str) -> None:
    assert fix(f"dockerfile = {template}\n").fixed == f"dockerfile = {fixed}\n"


def test_what_is_added_is_written_for_the_template() -> None:
    source = 'dockerfile = """FROM a:{x}\nENV A ${{B}}c\n""".format(x=1)\n'
    result = fix(source, "fix-key-value-format")
    assert result.fixed == source.replace("ENV A ", "ENV A=")
    assert filled(result.fixed) == "FROM a:1\nENV A=${B}c\n"


def test_a_template_whose_use_is_not_known_gets_no_braces() -> None:
    def add(source: str, text: str) -> str | None:
        held = read_literal(source, Span(0, len(source)))
        assert held is not None
        edit = Edit.insert(0, text)
        fix = Applied("m", "t", Applicability.SAFE, (), frozenset(), (edit,), Span(0, 1), 1, 1)
        made = held.step(source, Step("p", "size", (fix,), held.text, text + held.text), read_literal)
        return made[0].after if made else None

    assert add('"FROM {base}"', "ARG A=${B}\n") is None
    assert add('"FROM %s"', "# %\n") is None
    assert add('"FROM {base}"', "ARG A=%\n") == '"ARG A=%\\nFROM {base}"'
    assert add('f"FROM {base}"', "ARG A=${B}\n") == 'f"ARG A=${{B}}\\nFROM {base}"'


@pytest.mark.parametrize(
    "later",
    ["RUN {cmd}", "RUN x {cmd}", "RUN echo a; {cmd} x", "RUN <<E\n{cmd}\nE"],
)
def test_a_command_that_nobody_knows_may_need_what_a_fix_takes_away(later: str) -> None:
    base = "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n"
    clean = "&& rm -rf /var/lib/apt/lists/*"
    alone = fix(f'dockerfile = """{base}"""\n', "clean-apt-lists")
    assert clean in alone.fixed
    known = fix(f'dockerfile = """{base}USER x\n{later.format(cmd="true")}\n"""\n', "clean-apt-lists")
    assert clean in known.fixed
    held = fix(f'dockerfile = f"""{base}USER x\n{later}\n"""\n', "clean-apt-lists")
    assert not held.changed
    (left,) = held.leftover
    assert left.finding.message.endswith("only shown: it depends on what is filled in")


@pytest.mark.parametrize(
    "more",
    [
        "dockerfile += extra",
        "text = dockerfile + extra",
        'text = f"{dockerfile}\\n{extra}"',
        "'\\n'.join([dockerfile, extra])",
    ],
)
def test_a_text_that_something_is_added_to_is_not_the_whole_file(more: str) -> None:
    base = 'dockerfile = """FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n"""\n'
    assert fix(base, "clean-apt-lists").changed
    result = fix(base + more + "\n", "clean-apt-lists")
    assert not result.changed
    (left,) = result.leftover
    assert left.finding.message.endswith("only shown: it depends on what is added")
    both = base.replace("curl\n", "curl\nENV A b\n") + more + "\n"
    assert "ENV A=b" in fix(both, "fix-key-value-format").fixed


@pytest.mark.parametrize(
    "line",
    [
        "RUN find /x -exec rm {} +",
        "RUN ls | xargs -I{} echo {}",
        "RUN date +%s && printf '%s' a",
        "RUN awk '{print $1}' f",
        "RUN echo ${A} ${B:-c}",
        "RUN cp a.{js,ts} b",
        "RUN docker inspect --format '{{.Id}}' x",
    ],
)
def test_what_a_shell_writes_like_a_hole_is_none(line: str) -> None:
    text = f"FROM debian:12\n{line}\n"
    literal = read_literal(f'r"""{text}"""', Span(0, len(text) + 7))
    assert literal is not None
    assert literal.text == text
    assert not literal.holes


@pytest.mark.parametrize(
    "hole",
    ["{x}", "{x.y}", "{0}", "{}", "%(x)s", "%s", "{{ x }}", "__X_Y__", "@X@", "<IMAGE>"],
)
def test_what_looks_like_a_hole_is_one(hole: str) -> None:
    text = f"FROM a:{hole}\nRUN b\n"
    literal = read_literal(f'r"""{text}"""', Span(0, len(text) + 7))
    assert literal is not None
    assert list(literal.holes.values()) == [hole]
    assert literal.shown(literal.text) == text
    (word,) = literal.holes
    assert literal.place(Span(7, 7 + len(word))).of(f'r"""{text}"""') == hole


def test_a_text_that_cannot_be_formatted_is_not_the_one_that_is() -> None:
    source = (
        'text = """FROM {x}\nRUN a\nRUN b\n"""\ndockerfile = text.format(x=1)\n'
        "def f():\n    text = \"FROM a\\nRUN awk '{print $1}'\\nRUN b\\n\"\n    dockerfile = text\n"
    )
    assert fix(source).fixed.count("&& b") == 2


def test_stages_named_by_one_hole_are_one_stage() -> None:
    source = 'dockerfile = f"""FROM a AS {name}\nRUN x\nFROM b\nCOPY --from={name} /x /x\nCOPY --from={f()} / /\nCOPY --from={f()} / /"""'
    literal = read_literal(source, Span(13, len(source)))
    assert literal is not None
    assert len(literal.holes) == 3
    assert literal.text.count(next(iter(literal.holes))) == 2


PARTS = st.lists(
    st.sampled_from(["a", " ", "\n", "{{", "}}", "{x}", "{y[0]}", "$", "%", "hole1x", "\\\\", "RUN "]),
    max_size=12,
).map("".join)


@settings(deadline=None)
@given(PARTS)
def test_no_word_for_a_hole_collides(body: str) -> None:
    code = f'f"""{body}"""'
    literal = read_literal(code, Span(0, len(code)), Reading())
    assert literal is not None

    def once(text: str) -> str:
        return text.replace("{{", "{").replace("}}", "}")

    value = eval(code, {"x": "{x}", "y": ["{y[0]}"]})
    shown = literal.shown(literal.text)
    if set(literal.holes.values()) <= {"{x}", "{y[0]}"}:
        assert shown == value
    else:  # the value looks like a template of its own, in which {{ would stand for {
        assert once(shown) in {once(value), once(once(value))}
