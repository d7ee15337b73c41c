"""Stages are found and linked the way BuildKit does it."""

from dockeropt.model import Model
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import Onbuild


def model(text: str, target: str | None = None) -> Model:
    """Return the model of a file."""
    return Model(parse(text), target=target)


def test_parts_of_a_file() -> None:
    found = model("ARG V=1\nFROM a AS One\nRUN x\n\nFROM b:$V\nUSER u\nRUN y\n")
    one, two = found.stages
    assert (one.index, one.name, one.base_name, one.parent) == (0, "one", "a", None)
    assert (two.index, two.name, two.base_name) == (1, None, "b:1")
    assert [node.name for node in two.instructions] == ["USER", "RUN"]
    assert two.image is not None
    assert (two.image.name, two.image.tag) == ("b", "1")
    assert found.final is two
    assert found.global_args == {"V": "1"}


def test_no_stage() -> None:
    found = model("ARG A=1\n")
    assert found.stages == ()
    assert found.final is None
    assert found.runs == ()
    assert found.observable().env == ()


def test_from_a_stage_by_name_after_expansion() -> None:
    one, two, three = model("ARG B=base\nFROM debian AS Base\nFROM $B AS two\nFROM two\n").stages
    assert two.parent is one
    assert three.parent is two
    assert one.children == (two,)
    assert [stage.index for stage in three.chain] == [0, 1, 2]
    assert three.root is one
    assert three.base is not None
    assert three.base.name == "debian"
    assert three.image is None
    assert all(stage.reaches_final for stage in (one, two, three))


def test_from_compares_case_sensitively() -> None:
    """BuildKit looks the word up as written among lower-case names."""
    _, two = model("FROM debian AS Base\nFROM Base\n").stages
    assert two.parent is None


def test_a_later_stage_of_the_same_name_hides_the_earlier() -> None:
    one, two, three, four = model("FROM a AS x\nFROM x AS x\nFROM x\nCOPY --from=x / /\nFROM 0\n").stages
    assert two.parent is one
    assert three.parent is two
    assert four.parent is None
    assert (one.copied_from, two.copied_from) == (False, True)


def test_unknown_image() -> None:
    (stage,) = model("ARG TAG\nFROM node:$TAG\n").stages
    assert stage.base_name is None
    assert stage.image is None
    (stage,) = model("FROM --platform=$BUILDPLATFORM x:$TARGETARCH\n").stages
    assert stage.base_name is None
    assert stage.platform == "$BUILDPLATFORM"


def test_build_arguments_decide_the_image() -> None:
    found = Model(parse("ARG TAG=1\nFROM node:$TAG\n"), build_args={"TAG": "20"})
    assert found.stages[0].base_name == "node:20"


def test_copied_from() -> None:
    stages = model(
        "FROM a AS one\nFROM b\nFROM c AS three\nFROM d AS four\nFROM e AS five\nFROM f\n"
        "COPY --from=ONE / /\nCOPY --from=1 / /\nRUN --mount=from=Three,target=/x y\n"
        "COPY --from=9 / /\nRUN --mount=type=bind,from=4,target=/y z\nONBUILD COPY --from=four a b\n"
    ).stages
    assert [stage.copied_from for stage in stages] == [True, True, True, True, False, False]


def test_target() -> None:
    text = "FROM a AS one\nFROM one AS two\nFROM c\n"
    assert model(text).final is not None
    found = model(text, target="TWO")
    assert found.final is found.stages[1]
    assert [stage.reaches_final for stage in found.stages] == [True, True, False]
    found = model(text, target="0")
    assert found.final is found.stages[0]
    found = model(text, target="nowhere")
    assert found.final is found.stages[2]


def test_stage_of() -> None:
    found = model("ARG A\nFROM a\nONBUILD RUN x\nFROM b\nRUN y\n")
    nodes = list(found.tree.instructions)
    assert found.stage_of(nodes[0]) is None
    assert found.stage_of(nodes[1]) is found.stages[0]
    assert isinstance(nodes[2], Onbuild)
    assert found.stage_of(nodes[2].inner) is found.stages[0]
    assert found.stage_of(nodes[4]) is found.stages[1]


def test_scratch() -> None:
    one, two = model("FROM scratch AS s\nFROM s\n").stages
    assert one.is_scratch
    assert two.is_scratch
    assert not model("FROM debian\n").stages[0].is_scratch
