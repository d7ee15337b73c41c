"""Bake files: what they build, in both forms, and what is said of those that are wrong."""

import json
import sys
from typing import Any

import pytest

from dockeropt.errors import FileProblem
from dockeropt.project.bake import read_bake
from dockeropt.project.builds import Builds

pytest.importorskip("hcl2", reason="python-hcl2 is an extra")

HCL = """\
variable "TAG" { default = "1.0" }
variable "FULL" { default = "v${TAG}" }
variable "EMPTY" {}

group "default" { targets = ["app", "tools"] }
group "tools" { targets = ["lint"] }

target "_common" {
  dockerfile = "docker/Dockerfile"
  args = {
    VERSION = TAG
    FULL = FULL
    EMPTY = EMPTY
    COUNT = 3
    NAME = "a-${TAG}"
    CHOICE = TAG == "1.0" ? "x" : "y"
  }
}

target "meta" { tags = ["x"] }

target "app" {
  inherits = ["_common", "meta"]
  target = "prod"
  args = { VERSION = "2" }
  contexts = { base = "target:meta" }
}

target "lint" {
  inherits = ["_common"]
  context = "sub"
  target = "lint"
}

target "plain" {}
"""


def hcl(text: str) -> Builds:
    return read_bake(text, "p/docker-bake.hcl")


def parsed(data: Any) -> Builds:
    return read_bake(json.dumps(data), "p/docker-bake.json")


def test_targets_variables_and_inheritance() -> None:
    found = hcl(HCL)
    assert found.skipped == ()
    app, lint, plain = found.uses
    assert (app.service, app.context, app.dockerfile, app.target) == (
        "app", "p", "p/docker/Dockerfile", "prod",
    )  # fmt: skip
    assert dict(app.args) == {
        "VERSION": "2", "FULL": "v1.0", "EMPTY": None, "COUNT": "3", "NAME": "a-1.0", "CHOICE": None,
    }  # fmt: skip
    assert app.contexts == (("base", "target:meta"),)
    assert (app.line, app.column) == (22, 1)
    assert (lint.context, lint.dockerfile, lint.target) == ("p/sub", "p/sub/docker/Dockerfile", "lint")
    assert dict(lint.args)["VERSION"] == "1.0"
    assert (plain.context, plain.dockerfile, plain.args) == ("p", "p/Dockerfile", ())


def test_groups_and_names() -> None:
    found = hcl(HCL)
    assert dict(found.groups) == {"default": ("app", "lint"), "tools": ("lint",)}
    assert found.names == ("_common", "meta", "app", "lint", "plain", "default", "tools")


def test_json_says_the_same() -> None:
    found = parsed(
        {
            "variable": {"TAG": {"default": "1.0"}},
            "group": {"default": {"targets": ["app"]}},
            "target": {
                "base": {"args": {"A": "${TAG}", "B": None, "C": "$${x}"}},
                "app": {"inherits": ["base"], "context": "sub", "dockerfile": "D"},
            },
        }
    )
    (app,) = found.uses
    assert (app.context, app.dockerfile) == ("p/sub", "p/sub/D")
    assert app.args == (("A", "1.0"), ("B", None), ("C", "${x}"))
    assert dict(found.groups) == {"default": ("app",)}


def test_an_inline_dockerfile() -> None:
    for found in (
        hcl('target "a" {\n  dockerfile-inline = <<EOT\nFROM a\nRUN b\nEOT\n}\n'),
        hcl('target "a" {\n  dockerfile-inline = "FROM a\\nRUN b\\n"\n}\n'),
        parsed({"target": {"a": {"dockerfile-inline": "FROM a\nRUN b\n"}}}),
    ):
        (use,) = found.uses
        assert (use.inline, use.dockerfile, use.span) == ("FROM a\nRUN b\n", "", None)


@pytest.mark.parametrize(
    ("body", "reason", "dockerfile"),
    [
        ('matrix = { v = ["1"] }\n name = "a-${v}"', "a matrix is not supported", "p/Dockerfile"),
        ("context = X", "context depends on what is known only when bake runs", ""),
        ('dockerfile = "${v}/D"', "dockerfile depends on what is known only when bake runs", ""),
        ("target = X", "target depends on what is known only when bake runs", "p/Dockerfile"),
        ('context = "https://x.org/a.git"', "the context is not a folder of this machine", ""),
        ('context = "target:b"', "the context is not a folder of this machine", ""),
        ('inherits = ["no"]', "it inherits 'no', which is not in this file", ""),
        ('inherits = ["a"]', "target 'a' inherits itself", ""),
    ],
)
def test_what_is_not_known_is_skipped(body: str, reason: str, dockerfile: str) -> None:
    (skipped,) = hcl(f'target "a" {{\n {body}\n}}\n').skipped
    assert (skipped.service, skipped.reason, skipped.dockerfile) == ("a", reason, dockerfile)
    assert (skipped.line, skipped.column) == (1, 1)


def test_variables_that_need_each_other_end() -> None:
    text = 'variable "A" { default = B }\nvariable "B" { default = A }\ntarget "t" { args = { X = A } }\n'
    assert hcl(text).uses[0].args == (("X", None),)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.hcl", 'target "a" {\n  context = \n}\n', "a.hcl:2:13: not valid HCL"),
        ("a.hcl", 'target "a" {', "a.hcl:"),
        ("a.hcl", "", "a.hcl:1:1: no target in this bake file"),
        ("a.json", "{", "a.json:1:2: not valid JSON"),
        ("a.json", "[]", "a.json:1:1: a bake file has to be an object"),
        ("a.json", '{"group": {}}', "a.json:1:1: no target"),
        ("a.json", '{"target": {\n"a": 3}}', "a.json:2:1: target 'a' has to be a block"),
        ("a.json", "[" * 100_000, "a.json: JSON nested too deep"),
    ],
)
def test_malformed_files(name: str, text: str, said: str) -> None:
    with pytest.raises(FileProblem) as caught:
        read_bake(text, name)
    assert str(caught.value).startswith(said), str(caught.value)
    assert caught.value.hint


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hcl2", None)
    with pytest.raises(FileProblem) as caught:
        hcl(HCL)
    assert "reading HCL needs python-hcl2" in str(caught.value)
    assert "dockeropt[bake]" in caught.value.hint
    assert parsed({"target": {"a": {}}}).uses
