"""What engines cannot build, and the line that names another frontend."""

import pytest

from dockeropt.measure.features import lacking
from dockeropt.measure.syntaxline import without_syntax_line
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import Directive

MEASURED = [
    # text after FROM; then what could build it: Docker 20.10, 26.1.5, 28.5.2, buildah 1.28.2, 1.39.3
    ("RUN <<EOF\ntrue\nEOF\n", "nyyny"),
    ("COPY <<EOF /a\nb\nEOF\n", "nyyny"),
    ("RUN --mount=type=cache,target=/c true\n", "yyyyy"),
    ("RUN --mount=type=secret,id=a true\n", "yyyyy"),
    ("COPY --chown=33:33 a /a\n", "yyyyy"),
    ("COPY --chmod=0750 a /a\n", "yyyyy"),
    ("COPY --chmod=u=rwx,go=rx a /a\n", "nnynn"),
    ("COPY --link a /a\n", "nyynn"),
    ("COPY --link=false a /a\n", "yyyyy"),
    ("COPY --exclude=*.md . /a\n", "nnyny"),
    ("COPY --parents a/b /a\n", "nnnnn"),
    ("RUN --network=none true\n", "nyyny"),
    ("RUN --security=sandbox true\n", "nnnnn"),
    ("ENV A=${B#c}\n", "nyyny"),
    ("RUN echo ${B#c}\n", "yyyyy"),
    ("ENV A=${B:-c}\n", "yyyyy"),
]
VERSIONS = [
    ("docker", "20.10.24+dfsg1"), ("docker", "26.1.5"), ("docker", "28.5.2"), ("buildah", "1.28.2"),
    ("buildah", "1.39.3"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "able"), MEASURED)
def test_measured(text: str, able: str) -> None:
    found = ["n" if lacking(f"FROM a\n{text}", *version) else "y" for version in VERSIONS]
    assert "".join(found) == able


def test_other_versions_count_as_their_neighbours() -> None:
    text = "FROM a\nCOPY --exclude=x . /\n"
    assert not lacking(text, "docker", "31.0.0")
    assert not lacking(text, "docker", "")
    assert lacking(text, "docker", "18.9")
    assert lacking(text, "docker", "27.0") == ("line 2: --exclude, which docker 27.0 cannot build",)


def test_every_feature_is_named_with_its_line() -> None:
    text = "FROM a\n\nCOPY --link --parents a /\nRUN --security=insecure true\n"
    assert [one.partition(",")[0] for one in lacking(text, "buildah", "1.39.3")] == [
        "line 3: --link",
        "line 3: COPY --parents",
        "line 4: RUN --security",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# syntax=docker/dockerfile:1\nFROM a\n",
        "#Syntax = docker/dockerfile:1\r\n# escape=`\r\nFROM a `\r\n  AS b\r\n",
        "# escape=`\n# syntax=x\n# check=skip=all\nFROM a `\n AS b\n",
        "# syntax=x",
        "# syntax=x\n# escape=`",
        "\ufeff# syntax=x\nFROM a\n",
    ],
)
def test_the_syntax_line_goes_and_nothing_else(text: str) -> None:
    changed, was_there = without_syntax_line(text)
    before, after = parse(text), parse(changed)

    def directives(tree: object) -> list[tuple[str, str]]:
        return [(one.name, one.value) for one in tree.body if isinstance(one, Directive)]  # type: ignore[attr-defined]

    assert was_there
    assert directives(after) == [one for one in directives(before) if one[0] != "syntax"]
    assert changed.count("\n") == text.count("\n")
    assert after.escape == before.escape
    assert [str(one.rest.text) for one in after.instructions] == [
        str(one.rest.text) for one in before.instructions
    ]
    assert without_syntax_line(changed) == (changed, False)


@pytest.mark.parametrize("text", ["FROM a\n", "FROM a\n# syntax=x\n", "# hello\n# syntax=x\nFROM a\n", ""])
def test_a_comment_that_is_no_directive_stays(text: str) -> None:
    assert without_syntax_line(text) == (text, False)
