"""Several builds of one Dockerfile: what is applied is what each of them would have applied."""

from collections.abc import Callable

import pytest

from dockeropt.api import levels_of, passes_of
from dockeropt.config import Options
from dockeropt.interop.uses import Use, agree
from dockeropt.project.context import UNKNOWN, BuildContext, InMemory
from dockeropt.rewrite.levels import Levels
from dockeropt.rewrite.pipeline import run
from dockeropt.rewrite.result import Result
from dockeropt.text import Source

DEFAULT = Options()
ARGS = """\
ARG TAG=12
FROM debian:${TAG} AS build
RUN mkdir /a
RUN mkdir /b
FROM debian:12
RUN apt-get update
RUN apt-get install -y curl
COPY . .
RUN pip install -r requirements.txt
"""
FLASK = InMemory({"requirements.txt": "flask==3.0.0\n", "a.py": "import flask\n"})


def use(
    name: str,
    *,
    args: dict[str, str | None] | None = None,
    target: str | None = None,
    build: BuildContext = UNKNOWN,
    unsafe: bool = False,
    frozen: bool = False,
) -> Use:
    def look(text: str, levels: Levels) -> Result:
        return run(
            Source(text), passes_of(DEFAULT, ""), unsafe=unsafe, levels=levels, build_args=args, target=target,
            build=build,
        )  # fmt: skip

    return Use(name, name if build.known else "", look, frozen)


def one(made: Use) -> Result:
    return made.run(ARGS, levels_of(DEFAULT))


PAIRS: list[Callable[[bool], Use]] = [
    lambda unsafe: use("plain", unsafe=unsafe),
    lambda unsafe: use("unknown", args={"TAG": None}, unsafe=unsafe),
    lambda unsafe: use("build", target="build", unsafe=unsafe),
    lambda unsafe: use("flask", build=FLASK, unsafe=unsafe),
    lambda unsafe: use("empty", build=InMemory({}), unsafe=unsafe),
]


@pytest.mark.parametrize("unsafe", [False, True])
@pytest.mark.parametrize("first", range(len(PAIRS)))
@pytest.mark.parametrize("second", range(len(PAIRS)))
def test_what_is_applied_is_applied_by_each(first: int, second: int, unsafe: bool) -> None:
    pair = [PAIRS[first](unsafe), PAIRS[second](unsafe)]
    result = agree(ARGS, pair, levels_of(DEFAULT))
    alone = [one(build) for build in pair]
    ids = [{step.pass_id for step in own.steps} for own in alone]
    assert {step.pass_id for step in result.steps} <= ids[0] & ids[1]
    if alone[0].text == alone[1].text and not alone[0].files and not alone[1].files:
        assert result.text == alone[0].text
    again = agree(result.text, pair, levels_of(DEFAULT))
    assert again.text == result.text
    for build in pair:  # no build finds that it was made worse
        assert not build.run(result.text, levels_of(DEFAULT)).problems


def test_one_build_is_that_build() -> None:
    plain = use("plain")
    assert agree(ARGS, [plain], levels_of(DEFAULT)) == one(plain)


def test_a_frozen_build_freezes_all() -> None:
    result = agree(ARGS, [use("a"), use("b", frozen=True)], levels_of(DEFAULT))
    assert result.text == ARGS
    shown = [left for left in result.leftover if left.finding.fix is not None]
    assert shown
    assert {left.reason for left in shown} == {"suggestion"}
    assert all(left.finding.message.endswith("; what it is built on is not known") for left in shown)


def test_files_of_one_build_among_several_stay() -> None:
    folder = {f"{name}/x.txt": "x" * 1000 for name in (".git", "node_modules", "a")}
    alone = agree(ARGS, [use("a", build=InMemory(folder), unsafe=True)], levels_of(DEFAULT))
    result = agree(ARGS, [use("a", build=InMemory(folder), unsafe=True)], levels_of(DEFAULT), files=False)
    assert not result.files
    if alone.files:
        assert any("files of one build" in left.finding.message for left in result.leftover)
