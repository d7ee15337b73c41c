"""The second observer objects where it can judge, and only there."""

import os
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from dockerfile_parse import DockerfileParser
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.interop import dockerfile_parse as interop
from dockeropt.interop.dockerfile_gaps import (
    COMMENTS,
    DIRECTIVE,
    DOUBTFUL,
    GAPS,
    LINES,
    UNFINISHED,
    VALUES,
    WORDS,
    Gap,
)
from dockeropt.interop.dockerfile_parse import (
    abstains,
    from_parser,
    may_explode,
    our_lines,
    structure,
    to_parser,
)
from dockeropt.model.model import Model
from dockeropt.rewrite import Effect
from dockeropt.syntax import parse

NONE: frozenset[Effect] = frozenset()

ORDINARY = """\
# syntax=docker/dockerfile:1
# a comment
ARG VERSION=3.20
FROM alpine:${VERSION} AS base
ENV A=1 B="two words"
LABEL x=y
USER nobody
RUN apk add curl \\
    # inside
    git && \\
    echo $A
ENTRYPOINT ["/bin/sh"]
CMD echo "hi"
"""


def our_instructions(text: str) -> list[tuple[str, int, int]]:
    return our_lines(parse(text))


def agrees(before: str, after: str, effects: frozenset[Effect]) -> str | None:
    return interop.agrees(parse(before), parse(after), effects)


def theirs(text: str) -> list[tuple[str, int, int]]:
    parser = DockerfileParser(fileobj=BytesIO(text.encode()))
    return [
        (e["instruction"], e["startline"], e["endline"])
        for e in parser.structure
        if e["instruction"] != "COMMENT"
    ]


# --- where it is known to be wrong: each row shows that it is, and that we know ----------


def examples(gaps: tuple[Gap, ...]) -> list[tuple[str, str]]:
    return [(gap.what, text) for gap in gaps for text in gap.examples]


def its(text: str) -> dict[str, str] | None:
    """Return the variables that it reads, ``None`` when it raises."""
    try:
        return dict(DockerfileParser(fileobj=BytesIO(text.encode())).envs)
    except ValueError:
        return None


def variables(text: str) -> dict[str, str | None]:
    """Return the variables that we read."""
    return {name: value for name, value in Model(parse(text), base_env={}).observable().env if name != "PATH"}


@pytest.mark.parametrize(("what", "text"), examples(LINES))
def test_a_gap_in_the_lines_is_there_and_abstained_from(what: str, text: str) -> None:
    assert abstains(text) == what
    assert theirs(text) != our_instructions(text), "it reads this rightly: the gap is closed"


@pytest.mark.parametrize("text", DIRECTIVE.examples)
def test_the_gap_of_directives_is_there_and_abstained_from(text: str) -> None:
    assert abstains(text) == DIRECTIVE.what
    assert theirs(text) != our_instructions(text) or its(text) != variables(text)


@pytest.mark.parametrize(("what", "text"), examples(WORDS))
def test_a_gap_in_the_words_is_there_and_not_compared(what: str, text: str) -> None:
    gap = next(gap for gap in WORDS if gap.what == what)
    assert re.search(gap.pattern, text.split("\n")[1])
    assert its(text) != variables(text), "it reads this rightly: the gap is closed"
    assert agrees(text, text.replace("ENV A", "ENV zA"), NONE) is None


@pytest.mark.parametrize(("what", "text"), examples(VALUES))
def test_a_gap_in_the_values_is_there(what: str, text: str) -> None:
    assert theirs(text) == our_instructions(text)
    assert its(text) != variables(text), "it reads this rightly: the gap is closed"


@pytest.mark.parametrize("text", UNFINISHED.examples)
def test_the_gap_at_the_end_is_there(text: str) -> None:
    assert theirs(text) != our_instructions(text)
    assert parse(text).problems


@pytest.mark.parametrize("text", COMMENTS.examples)
def test_the_gap_of_comments_is_there_and_left_out(text: str) -> None:
    (its, *rest), (ours, *others) = (
        DockerfileParser(fileobj=BytesIO(text.encode())).structure,
        structure(parse(text)),
    )
    assert rest == others
    assert its["value"] == ours["value"] + "\r"


def test_the_page_lists_every_gap() -> None:
    page = (Path(__file__).parents[2] / "docs" / "dockerfile-parse.md").read_text("utf-8")
    assert [
        line.split("|")[1].strip() for line in page.splitlines() if line.startswith(("| it ", "| a"))
    ] == [gap.what.replace("|", "\\|") for gap in GAPS]


@pytest.mark.parametrize(
    "text",
    [
        ORDINARY,
        ORDINARY.replace("\n", "\r\n"),
        "FROM a\n# << in a comment\nRUN a \\\n # << \\\\\n b\n",
        "# escape is a word\nFROM a\n",
        "FROM a\nRUN echo \\\\ x\n",
        "FROM a",
    ],
)
def test_an_ordinary_file_is_judged(text: str) -> None:
    assert abstains(text) is None
    assert theirs(text) == our_instructions(text)


def test_many_comments_in_a_continuation_take_linear_time() -> None:
    assert abstains("FROM a\nRUN a \\\n" + "# x\\\n" * 60_000 + "b\n") is None


# --- agreeing ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "effect", "what"),
    [
        ("alpine:${VERSION}", "debian:12", Effect.BASE, "base images"),
        ("A=1", "A=2", Effect.ENV, "variables"),
        ("x=y", "x=z", Effect.LABELS, "labels"),
        ('echo "hi"', "echo ho", Effect.CMD, "command"),
        ("/bin/sh", "/bin/bash", Effect.ENTRYPOINT, "entry point"),
        ("nobody", "root", Effect.USER, "user"),
    ],
)
def test_an_undeclared_change_is_seen(old: str, new: str, effect: Effect, what: str) -> None:
    after = ORDINARY.replace(old, new)
    assert what in (agrees(ORDINARY, after, NONE) or "")
    assert agrees(ORDINARY, after, frozenset({effect})) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("apk add curl", "apk add --no-cache curl"),
        ("# a comment\n", "# a comment\n\n\n"),
        ("USER nobody\n", "USER nobody\nWORKDIR /app\n"),
        ('echo "hi"', 'echo   "hi"'),
        ("FROM alpine", "FROM --platform=linux/amd64 alpine"),
        ("LABEL x=y", "LABEL x='y'"),
        ("RUN apk", "RUN set -e; apk"),
    ],
)
def test_other_changes_are_accepted(old: str, new: str) -> None:
    assert old in ORDINARY
    assert agrees(ORDINARY, ORDINARY.replace(old, new), NONE) is None


def test_another_instruction_list_is_seen() -> None:
    before = "FROM a\nRUN b\n"
    after = "FROM a\nRUN b\nUSER"  # it skips a last line of one word, we do not
    assert our_instructions(after) != theirs(after)
    assert "other instructions" in (agrees(before, after, NONE) or "")
    assert (
        agrees(after, "LABEL a=b\n" + after, frozenset({Effect.LABELS})) is None
    )  # it disagreed before: nothing to say


def test_a_stage_by_another_name_is_no_other_image() -> None:
    before = "FROM a AS Base\nFROM base\nRUN x\n"
    after = "FROM a AS base\nFROM base\nRUN x\n"
    assert agrees(before, after, NONE) is None
    assert agrees("FROM a AS b\nFROM b\n", "FROM a AS c\nFROM c\n", NONE) is None


def test_what_it_cannot_read_it_cannot_refuse() -> None:
    broken = "FROM a\nENV A=1 B\n"
    with pytest.raises(ValueError):
        _ = DockerfileParser(fileobj=BytesIO(broken.encode())).envs
    assert agrees(broken, "FROM b\n", NONE) is None
    assert agrees("FROM a\n", "FROM b\nRUN <<E\nE\n", NONE) is None
    assert agrees("FROM a\nRUN \udcff\n", "FROM b\n", NONE) is None


def test_it_never_touches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Dockerfile").write_text("FROM other\n")
    monkeypatch.chdir(tmp_path)

    def forbidden(*args: object, **kwargs: object) -> None:
        raise AssertionError(args)

    agrees(ORDINARY, ORDINARY, NONE)  # everything is imported now
    monkeypatch.setattr("builtins.open", forbidden)
    assert agrees(ORDINARY, ORDINARY.replace("x=y", "x=z"), NONE)
    parser = to_parser(parse(ORDINARY))
    parser.labels["x"] = "new"
    assert from_parser(parser).source.text != ORDINARY


# --- for its users -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", [ORDINARY, ORDINARY.removesuffix("\n"), "", "# only\n", "FROM a\nrun   b  \n"]
)
def test_structure_is_theirs_where_they_are_right(text: str) -> None:
    assert structure(parse(text)) == DockerfileParser(fileobj=BytesIO(text.encode())).structure


def test_structure_holds_heredocs_together() -> None:
    text = "FROM a\nRUN <<EOF cat\nFROM evil\n# no comment\nEOF\nCOPY <<A <<B /x/\n1\nA\n2\nB\nCMD x\n"
    entries = structure(parse(text))
    assert [(e["instruction"], e["startline"], e["endline"]) for e in entries] == [
        ("FROM", 0, 0),
        ("RUN", 1, 4),
        ("COPY", 5, 9),
        ("CMD", 10, 10),
    ]
    assert entries[1]["value"] == "<<EOF cat\nFROM evil\n# no comment\nEOF"
    assert "".join(e["content"] for e in entries) == text


def test_there_and_back() -> None:
    tree = from_parser(to_parser(parse(ORDINARY), build_args={"VERSION": "edge"}))
    assert str(tree) == ORDINARY
    assert to_parser(tree, build_args={"VERSION": "edge"}).baseimage == "alpine:edge"


# --- against each other ------------------------------------------------------------------

lines = st.sampled_from(
    [
        "FROM debian:12",
        "FROM alpine AS base",
        "RUN echo a \\",
        "  && echo b",
        "  && echo c \\",
        "# comment",
        "  # comment \\",
        "ENV A=1",
        'ENV A=1 B="x y" \\',
        "  C=3",
        "COPY a b",
        "",
        "LABEL a=b",
        'CMD ["a", "b"]',
        "ONBUILD RUN x",
        "run x",
        "\tUSER me",
        "EXPOSE 80",
        "RUN cat <<E",
        "E",
        "RUN x \\\\",
        "NOTHING",
        "   ",
    ]
)


@given(st.lists(lines, max_size=12), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_both_parsers_see_the_same_where_it_judges(some: list[str], newline: str, closed: bool) -> None:
    text = "FROM scratch\n" + newline.join(some) + (newline if closed else "")
    if abstains(text) or any(not node.rest.text for node in parse(text).instructions):
        return
    assert theirs(text) == our_instructions(text)


WRITTEN = st.lists(
    st.sampled_from(
        ["x", "$A", "${B}", "'a b'", '"$A b"', "=", ".", "\\\\", "$", "'$A'", '""', "${C:-d}", "é", "#"]
    ),
    min_size=1,
    max_size=4,
).map("".join)


@given(
    st.lists(st.tuples(st.sampled_from("ABCD"), WRITTEN), min_size=1, max_size=4),
    st.sampled_from(["ENV", "LABEL"]),
)
def test_both_read_the_same_words_where_it_judges(pairs: list[tuple[str, str]], keyword: str) -> None:
    text = "FROM scratch\nENV A=one\n" + "".join([f"{keyword} {name}={word}\n" for name, word in pairs])
    tree = parse(text)
    if re.search(DOUBTFUL, text, re.MULTILINE) or tree.problems or abstains(text):
        return
    try:
        parser = DockerfileParser(fileobj=BytesIO(text.encode()))
        theirs = (dict(parser.envs), dict(parser.labels))
    except ValueError:
        return
    assert theirs == (variables(text), dict(Model(tree, base_env={}).observable().labels))


def corpus() -> Iterator[Path]:
    root = os.environ.get("DOCKEROPT_CORPUS")
    if root:
        yield from sorted(path for path in Path(root).rglob("*") if path.is_file())


@pytest.mark.corpus
@pytest.mark.skipif(not os.environ.get("DOCKEROPT_CORPUS"), reason="DOCKEROPT_CORPUS names no folder")
def test_both_parsers_see_the_same_in_real_files() -> None:
    judged, different = 0, []
    for path in corpus():
        text = path.read_bytes().decode("utf-8", "surrogateescape")
        if abstains(text) or parse(text).problems:
            continue
        judged += 1
        try:
            if theirs(text) != our_instructions(text):
                different.append(path.name)
        except UnicodeError:
            continue
    assert judged > 0
    assert not different, f"{len(different)} of {judged}: {different[:10]}"


def test_it_is_not_asked_where_it_would_fill_the_memory() -> None:
    lines = ["FROM a", "ENV A0=xx", *(f"ENV A{i}=$A{i - 1}$A{i - 1}" for i in range(1, 200))]
    text = "\n".join(lines) + "\n"
    assert may_explode(parse(text))
    assert interop.agrees(parse(text), parse(text.replace("=xx", '="xx"')), frozenset()) is None
    assert not may_explode(parse("FROM a\nENV A=1 B=$A$A C=$B\n"))
