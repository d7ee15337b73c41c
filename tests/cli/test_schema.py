"""The published schemas say what the program says."""

import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dockeropt.config import Options, load_options
from dockeropt.configkeys import _readers
from dockeropt.errors import ConfigError
from tests.cli.kit import Run

GOOD = [
    "",
    'select = ["size", "merge-runs", "DL3059"]\nignore = ["DL3008"]\n',
    'exclude = ["a"]\nforce-exclude = true\n[per-file-ignores]\n"dev/**" = ["size"]\n',
    'output-format = "sarif"\nfail-level = "none"\ntarget = "x"\n[build-args]\nA = "b"\n',
    'required-version = ">=0.1"\ncontext = "."\n',
]
BAD = [
    "slect = []\n",
    'select = "size"\n',
    "select = [1]\n",
    "unsafe-fixes = 1\n",
    'output-format = "pdf"\n',
    "[build-args]\nA = 1\n",
    "exclude = [1]\n",
    "[passes.merge-runs]\nnone = 1\n",
    "target = 1\n",
]


@pytest.fixture
def config(run: Run) -> Any:
    done = run("schema", "config")
    assert done.code == 0
    schema = json.loads(done.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    return schema


def is_valid(schema: Any, text: str) -> bool:
    return bool(jsonschema.Draft202012Validator(schema).is_valid(tomllib.loads(text)))


def test_the_schema_of_the_configuration_has_its_keys(config: Any) -> None:
    assert set(config["properties"]) == {*_readers(""), "extend", "required-version"}
    assert all(value.get("description") for value in config["properties"].values())
    fields = {key.replace("-", "_") for key in config["properties"]}
    assert fields >= set(Options._fields) - {"root", "origin"}


@pytest.mark.parametrize("text", GOOD)
def test_what_the_program_takes_the_schema_takes(config: Any, here: Path, text: str) -> None:
    (here / "dockeropt.toml").write_text(text)
    load_options(here)
    assert is_valid(config, text)


@pytest.mark.parametrize("text", BAD)
def test_what_the_program_refuses_the_schema_refuses(config: Any, here: Path, text: str) -> None:
    (here / "dockeropt.toml").write_text(text)
    with pytest.raises(ConfigError):
        load_options(here)
    assert not is_valid(config, text)


def test_options_of_passes_are_described(config: Any, here: Path) -> None:
    passes = config["properties"]["passes"]["properties"]
    assert passes
    for name, described in passes.items():
        lines = [f"[passes.{name}]"]
        for key, option in described["properties"].items():
            lines.append(f"{key} = {json.dumps(option['default'])}")
        text = "\n".join(lines) + "\n"
        (here / "dockeropt.toml").write_text(text)
        load_options(here)
        assert is_valid(config, text)


@pytest.mark.parametrize("arguments", [(), ("report",), ("verify",)])
def test_the_schemas_of_reports(run: Run, arguments: tuple[str, ...]) -> None:
    done = run("schema", *arguments)
    assert done.code == 0
    jsonschema.Draft202012Validator.check_schema(json.loads(done.out))
    assert done.out == run("schema", *(arguments or ("report",))).out


def test_there_is_no_other(run: Run) -> None:
    assert run("schema", "moon").code == 2
