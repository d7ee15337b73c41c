"""Every pass is complete: named like its file, documented, with cases of every kind."""

import re
from pathlib import Path

import pytest

from dockeropt.rewrite import Pass
from dockeropt.rewrite.passdoc import options_of
from dockeropt.rewrite.pipeline import run
from dockeropt.rewrite.registry import load_registry, pass_files
from dockeropt.testing import missing_kinds

TESTS = Path(__file__).parent
ENGINE = TESTS.parent / "dockeropt" / "rewrite"
REGISTRY = load_registry(plugins=False, catalogue=False)
PASSES = list(REGISTRY)

every_pass = pytest.mark.parametrize("p", PASSES, ids=[p.info.id for p in PASSES])


@every_pass
def test_id_file_and_folder_share_one_name(p: Pass) -> None:
    name = p.info.id.replace("-", "_")
    assert p.info.module == f"dockeropt.passes.{p.info.category.value}.{name}"


@every_pass
def test_id_is_words(p: Pass) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", p.info.id)


@every_pass
def test_pass_has_cases_of_every_kind(p: Pass) -> None:
    assert missing_kinds(TESTS / "passes" / p.info.id) == []


@every_pass
def test_after_names_passes_that_exist(p: Pass) -> None:
    assert set(p.info.after) <= set(REGISTRY.passes)


@every_pass
def test_options_have_defaults_and_meanings(p: Pass) -> None:
    for option in options_of(p.info.options):
        assert re.search(rf"(?m)^{option.name.replace('_', '[-_]')}:", p.info.doc.options), option.name
    assert bool(p.info.doc.options) == bool(p.info.options)


def test_every_folder_of_cases_belongs_to_a_pass() -> None:
    assert {folder.name for folder in (TESTS / "passes").iterdir()} <= set(REGISTRY.passes)


def test_every_file_is_a_pass() -> None:
    assert REGISTRY.problems == ()
    assert len(pass_files()) == len(PASSES)


def test_the_engine_knows_no_pass_by_name() -> None:
    names = {name for p in PASSES for name in (p.info.id, p.info.id.replace("-", "_"))}
    for file in ENGINE.glob("*.py"):
        words = set(re.findall(r"[a-z]+(?:[-_][a-z0-9]+)+", re.sub(r'"""[\s\S]*?"""', "", file.read_text())))
        assert not words & names, file.name


@every_pass
def test_no_pass_fails_on_odd_texts(p: Pass) -> None:
    for text in ODD_TEXTS:
        result = run(text, [p], unsafe=True, strict=True)
        assert run(result.text, [p], unsafe=True, strict=True).text == result.text


ODD_TEXTS = (
    "",
    "\n\n",
    "\ufeffFROM a\n",
    "FROM a",
    "FROM a\nRUN ",
    "FROM a\nRUN <<EOF",
    "FROM a\nRUN \\",
    "FROM a\nRUN apt-get install \\\n",
    "FROM a\nRUN " + "$(" * 3000,
    "FROM a\nRUN (" + "x;" * 3000 + ")\n",
    "FROM a\nRUN apt-get update && apt-get install -y " + "a " * 3000 + "\n",
    "FROM a\nRUN x \\\n" + "# c\n" * 3000 + "y\n",
    "FROM ${A:-b}\nENV A=$A\nRUN echo ${A:?x}\nCMD [\n",
    "# escape=`\nFROM a\nRUN dir c:\\ `\n  && x\n",
    "FROM a\n" + "RUN x\n" * 300,
    "FROM a\nRUN \x00 \udcff\n",
)


# --- together ----------------------------------------------------------------------------

SAMPLES = sorted((TESTS / "passes").glob("*/*/input.Dockerfile"))


def test_every_pair_of_default_passes_comes_to_a_common_end() -> None:
    """Two passes may not fight: strict mode raises when one undoes the other, or no end is reached."""
    defaults = [p for p in PASSES if p.info.default]
    for sample in SAMPLES[:: max(1, len(SAMPLES) // 60)]:
        text = sample.read_bytes().decode("utf-8", "surrogateescape")
        able = [p for p in defaults if run(text, [p], unsafe=True).changed]
        for a in able:
            for b in defaults:
                if a is not b:
                    result = run(text, [a, b], unsafe=True, strict=True)
                    assert not run(result.text, [b, a], unsafe=True, strict=True).changed, (sample, a, b)
