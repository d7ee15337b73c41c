"""Which instructions make layers."""

from dockeropt.model import Model
from dockeropt.model.layers import image_layers, layers_of
from dockeropt.syntax import parse


def test_layers() -> None:
    model = Model(
        parse(
            "FROM a AS b\nRUN x\nENV A=1\nWORKDIR /\nWORKDIR /w\nFROM c AS builder\nRUN no\nFROM b\n"
            "COPY d e\nADD f g\nLABEL h=i\nONBUILD RUN j\nCMD k\n"
        )
    )
    assert [node.name for node in layers_of(model.stages[0])] == ["RUN", "WORKDIR"]
    assert [(stage.index, node.name) for stage, node in image_layers(model)] == [
        (0, "RUN"),
        (0, "WORKDIR"),
        (2, "COPY"),
        (2, "ADD"),
    ]


def test_no_stage_no_layers() -> None:
    assert list(image_layers(Model(parse("")))) == []
