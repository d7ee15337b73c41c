"""Hostile files take linear time and bounded memory, and end in an answer."""

import pytest

from dockeropt.model import Model
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import Dockerfile
from tests.effort import effort


def work(text: str) -> int:
    """Return how much work every question about a file is, its parse left out."""
    tree = parse(text)
    return effort(lambda: ask_all(tree))


def ask_all(tree: Dockerfile) -> None:
    model = Model(tree)
    for stage in model.stages:
        assert model.state_at_end(stage).shell
        model.observable(stage)
    assert isinstance(model.problems, tuple)
    for run in (*model.runs, *model.commands):
        assert isinstance(run.mount_covers("/x"), bool)
        for call in run.calls:
            assert isinstance(call.failure_ignored, bool)
            assert isinstance(call.conditional, bool)
            assert isinstance(call.top_level, bool)
    assert all(found.options_end > 0 for found in model.invocations)


@pytest.mark.parametrize(
    ("head", "line", "count"),
    [
        ("FROM a\n", "ENV A{0}=$B{0}x B{0}='y\"' ", 5_000),
        ("FROM a\nENV A=" + "x" * 60_000 + "\n", "ENV A{0}=x$A", 5_000),
        ("FROM a\nENV A=x\n", "ENV A=$A$A", 5_000),
        ("FROM a AS s0\n", "FROM s{0} AS s{1}\nENV A{0}=1\nCOPY --from=s{0} a b", 400),
        ("", "FROM a AS s{0}\nCOPY --from={0} a b", 3_000),
        ("FROM a\n", 'RUN --mount=type=cache,target=/{0} --mount=type=bind,"source=a,b",target=x apt-get install a{0}', 1_500),
        ("FROM a\nRUN true", " && apt-get install -qqy a{0}=1 || b | c", 4_000),
        ("FROM a\nRUN apt-get install", " -y -o A=b pkg{0} $X{0}", 8_000),
        ("FROM a\nRUN pacman -S", " -y --needed pkg{0}", 8_000),
        ("FROM a\nRUN pip install '" + "a-" * 50_000 + "' && yum install ", "1-", 50_000),
        ("FROM a\n", "ONBUILD ENV A{0}=1", 4_000),
        ("FROM a\n", "EXPOSE 1-65535", 40),
        ("FROM a\n", "LABEL a{0}=$b", 5_000),
    ],
)  # fmt: skip
def test_work_grows_with_the_size_only(head: str, line: str, count: int) -> None:
    separator = "\n" if line.split(maxsplit=1)[0].isupper() else ""

    def text(lines: int) -> str:
        return head + separator.join(line.format(i, i + 1) for i in range(lines)) + "\n"

    assert work(text(count)) < 6 * work(text(count // 4))


@pytest.mark.parametrize("depth", [100, 10_000])
@pytest.mark.parametrize(
    ("opening", "closing"), [("$(", ")"), ("(", ")"), ("{ ", "; }"), ("if a; then ", "; fi"), ("${a:-", "}")]
)
def test_nesting(opening: str, closing: str, depth: int) -> None:
    assert work("FROM a\nRUN " + opening * depth + "apt-get install b" + closing * depth + "\n") < 100_000
    assert work("FROM a\nENV A=" + "${a:-" * depth + "b" + "}" * depth + "\n") < 100 * depth + 1_000


def test_bytes_that_are_no_text() -> None:
    model = Model(parse(b"FROM a\nENV A=\xff\nRUN apt-get install \xff$X\n"))
    assert model.observable().env[1][0] == "A"
    assert len(model.invocations) == 1
