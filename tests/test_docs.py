"""The documentation is what the code says, and its examples really happen."""

import doctest
import importlib.util
import inspect
from pathlib import Path
from types import ModuleType

import pytest

from dockeropt.interop.dockerfile_parse import agrees
from dockeropt.project.context import UNKNOWN, BuildContext
from dockeropt.project.directory import Directory
from dockeropt.rewrite import Applicability, Pass, rewrite
from dockeropt.rewrite.pipeline import run
from dockeropt.rewrite.registry import load_registry
from dockeropt.testing import VARIANTS

ROOT = Path(__file__).parent.parent
PASSES = list(load_registry(plugins=False, catalogue=False))

every_pass = pytest.mark.parametrize("p", PASSES, ids=[p.info.id for p in PASSES])


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_files_are_up_to_date(generator: ModuleType) -> None:
    stale = [str(file.relative_to(ROOT)) for file in generator.stale()]
    assert not stale, "run `python docs/generate.py`"


def test_the_guide_for_pass_writers_is_true() -> None:
    guide = ROOT / "docs" / "writing-a-pass.md"
    assert doctest.testfile(str(guide), module_relative=False).failed == 0
    text = guide.read_text("utf-8")
    for word in (*inspect.signature(rewrite).parameters, "build-args", *(name for name, _, _ in VARIANTS)):
        if word != "since":
            assert word in text, word


@every_pass
def test_all_sections_are_there(p: Pass) -> None:
    doc = p.info.doc
    assert doc.summary.endswith(".")
    assert len(doc.summary) <= 100
    assert doc.why
    assert doc.before
    assert doc.after or p.info.level is Applicability.SUGGESTION or example_of(p).known
    assert doc.safety
    assert doc.references
    assert doc.unknown == ()


@every_pass
def test_the_safety_section_names_the_level(p: Pass) -> None:
    assert p.info.level.word in p.info.doc.safety.lower()


def example_of(p: Pass) -> BuildContext:
    """Return the build context that the example of a pass supposes, if it needs one."""
    folder = ROOT / "tests" / "passes" / p.info.id / "example"
    return Directory(str(folder)) if folder.is_dir() else UNKNOWN


@every_pass
def test_before_becomes_after(p: Pass) -> None:
    doc = p.info.doc
    unsafe = p.info.level is not Applicability.SAFE
    result = run(doc.before, [p], unsafe=unsafe, build=example_of(p), observer=agrees, strict=True)
    assert result.text == (doc.after or doc.before)
    if not doc.after:
        assert result.leftover or result.files, "nothing is found in the example"


@every_pass
def test_the_level_is_the_best_that_is_reached(p: Pass) -> None:
    result = run(p.info.doc.before, [p], unsafe=True, build=example_of(p), strict=True)
    levels = [fix.applicability for step in result.steps for fix in step.fixes]
    levels += [left.finding.fix.applicability for left in result.leftover if left.finding.fix]
    assert not levels or max(levels) == p.info.level
