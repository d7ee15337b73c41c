"""The plugin in ``examples/custom_pass`` is found once it is installed, and keeps its promises."""

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockeropt.rewrite.pipeline import run
from dockeropt.rewrite.registry import GROUP, Registry, load_registry
from dockeropt.testing import check_case, find_cases, missing_kinds, update_case

EXAMPLE = Path(__file__).parent.parent / "examples" / "custom_pass"
FOLDER = EXAMPLE / "tests" / "cases" / "acme-use-mirror"
CASES = find_cases(FOLDER)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Registry]:
    """Install the example as pip would, but for this run only."""
    site = tmp_path_factory.mktemp("site")
    project = tomllib.loads((EXAMPLE / "pyproject.toml").read_text())["project"]
    info = site / "acme_dockeropt-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: 1.0\n")
    points = project["entry-points"][GROUP]
    (info / "entry_points.txt").write_text(
        f"[{GROUP}]\n" + "".join(f"{k} = {v}\n" for k, v in points.items())
    )
    added = [str(site), str(EXAMPLE)]
    sys.path[:0] = added
    load_registry.cache_clear()
    yield load_registry(catalogue=False)
    load_registry.cache_clear()
    for path in added:
        sys.path.remove(path)


def test_it_is_found(registry: Registry) -> None:
    assert registry.problems == ()
    assert registry.passes["acme-use-mirror"].info.plugin == "acme_dockeropt"


@pytest.mark.parametrize("folder", CASES, ids=[case.name for case in CASES])
def test_case(registry: Registry, folder: Path, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        update_case(folder, registry=registry)
    check_case(folder, registry=registry)


def test_it_is_as_complete_as_ours(registry: Registry) -> None:
    assert missing_kinds(FOLDER) == []
    p = registry.passes["acme-use-mirror"]
    assert run(p.info.doc.before, [p], unsafe=True, strict=True).text == p.info.doc.after
