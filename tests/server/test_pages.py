"""What docs/editors.md tells people to paste can be read by who has to read it."""

import json
import re
import tomllib
from pathlib import Path

import pytest

import dockeropt
from dockeropt.server.wishes import KEYS, read_wishes

PAGE = (Path(dockeropt.__file__).parent.parent / "docs" / "editors.md").read_text("utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("text", [text for language, text in BLOCKS if language == "json"])
def test_json_can_be_read(text: str) -> None:
    assert isinstance(json.loads(text), dict)


@pytest.mark.parametrize("text", [text for language, text in BLOCKS if language == "toml"])
def test_toml_can_be_read(text: str) -> None:
    config = tomllib.loads(text).get("language-server", {}).get("dockeropt", {}).get("config", {})
    assert read_wishes(config, "/")[1] == []


def test_every_setting_is_described() -> None:
    table = PAGE.partition("## settings")[2].partition("##")[0]
    assert set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE)))) == set(
        KEYS
    )


def test_every_command_line_starts_the_server() -> None:
    assert (
        PAGE.count('"lsp"')
        == len(re.findall(r'args: \["lsp"\]|"dockeropt", "lsp"|args = \["lsp"\]|vec!\["lsp"', PAGE))
        == 4
    )
