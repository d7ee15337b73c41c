"""Hostile files take linear time and bounded memory, and end in an answer."""

from time import process_time

import pytest

from dockeropt.model import Model
from dockeropt.syntax import parse


def seconds(text: str) -> float:
    """Return the time that every question about a file takes, its parse left out."""
    tree = parse(text)
    start = process_time()
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
    return process_time() - start


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
def test_time(head: str, line: str, count: int) -> None:
    separator = "\n" if line.split(maxsplit=1)[0].isupper() else ""

    def text(lines: int) -> str:
        return head + separator.join(line.format(i, i + 1) for i in range(lines)) + "\n"

    small, large = seconds(text(count // 4)), seconds(text(count))
    assert large < max(16 * small, 0.5)
    assert large < 10


@pytest.mark.parametrize("depth", [100, 10_000])
@pytest.mark.parametrize(
    ("opening", "closing"), [("$(", ")"), ("(", ")"), ("{ ", "; }"), ("if a; then ", "; fi"), ("${a:-", "}")]
)
def test_nesting(opening: str, closing: str, depth: int) -> None:
    assert seconds("FROM a\nRUN " + opening * depth + "apt-get install b" + closing * depth + "\n") < 5
    assert seconds("FROM a\nENV A=" + "${a:-" * depth + "b" + "}" * depth + "\n") < 5


def test_bytes_that_are_no_text() -> None:
    model = Model(parse(b"FROM a\nENV A=\xff\nRUN apt-get install \xff$X\n"))
    assert model.observable().env[1][0] == "A"
    assert len(model.invocations) == 1
