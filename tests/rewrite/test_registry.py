"""Passes are found, named, selected and ordered the same way every time."""

import os
import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from dockeropt.errors import ConfigError
from dockeropt.rewrite import Pass, Phase
from dockeropt.rewrite import registry as registry_module
from dockeropt.rewrite.pipeline import run
from dockeropt.rewrite.registry import Registry, load_registry, order

MakePass = Callable[..., Pass]


def ids(passes: object) -> list[str]:
    return [p.info.id for p in passes]  # type: ignore[attr-defined]


@pytest.fixture
def registry(make_pass: MakePass) -> Registry:
    return Registry(
        [
            make_pass("merge-runs", "x", "y", aliases=("DL3059", "moreThanOneInstall")),
            make_pass("clean-lists", "x", "y", aliases=("DL3009", "tally/clean"), phase=Phase.PACKAGES),
            make_pass("sort-packages", "x", "y", phase=Phase.STYLE, default=False, aliases=("DL3009",)),
        ]
    )


def test_order_is_phase_then_after_then_id(make_pass: MakePass) -> None:
    passes = [
        make_pass("c", "x", "y"),
        make_pass("b", "x", "y", after=("c",)),
        make_pass("a", "x", "y", after=("b", "not-installed")),
        make_pass("z", "x", "y", phase=Phase.REPAIR),
        make_pass("d", "x", "y"),
    ]
    assert ids(order(passes)) == ["z", "c", "b", "a", "d"]
    assert ids(order(reversed(passes))) == ["z", "c", "b", "a", "d"]


def test_a_circle_is_an_error(make_pass: MakePass) -> None:
    passes = [make_pass("a", "x", "y", after=("b",)), make_pass("b", "x", "y", after=("a",))]
    with pytest.raises(ValueError, match="wait for each other: a, b"):
        order(passes)


def test_after_cannot_go_against_the_phases(make_pass: MakePass) -> None:
    passes = [
        make_pass("a", "x", "y", phase=Phase.REPAIR, after=("b",)),
        make_pass("b", "x", "y", phase=Phase.STYLE),
    ]
    with pytest.raises(ValueError, match="a cannot run after b"):
        order(passes)


def test_selectors(registry: Registry) -> None:
    assert ids(registry.select()) == ["clean-lists", "merge-runs"]
    assert ids(registry.select(["merge-runs"])) == ["merge-runs"]
    assert ids(registry.select(["dl3009"])) == ["clean-lists", "sort-packages"]
    assert ids(registry.select(["hadolint/DL3059"])) == ["merge-runs"]
    assert ids(registry.select(["tally/clean"])) == ["clean-lists"]
    assert ids(registry.select(["ALL"])) == ["clean-lists", "merge-runs", "sort-packages"]
    assert ids(registry.select(["size"], ignore=["merge-runs"])) == ["clean-lists", "sort-packages"]
    assert ids(registry.select(extend_select=["sort-packages"])) == [
        "clean-lists",
        "merge-runs",
        "sort-packages",
    ]
    assert ids(registry.select(ignore=["DL3059", "DL4444", "SC2086", "tally/none"])) == ["clean-lists"]
    assert ids(registry.select(["security"])) == []
    assert registry.get("DL3059").info.id == "merge-runs"


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("merge-rusn", "did you mean 'merge-runs'"),
        ("Clean_Lists", "did you mean 'clean-lists'"),
        ("xyz", "lists them"),
    ],
)
def test_an_unknown_selector_is_explained(registry: Registry, selector: str, hint: str) -> None:
    for arguments in ({"select": [selector]}, {"ignore": [selector]}):
        with pytest.raises(ConfigError) as caught:
            registry.select(**arguments)
        assert f"unknown pass {selector!r}" in str(caught.value)
        assert hint in str(caught.value)


def test_a_code_without_a_pass_cannot_be_selected(registry: Registry) -> None:
    with pytest.raises(ConfigError, match="DL4444"):
        registry.select(["DL4444"])
    with pytest.raises(ConfigError, match="stands for 2 passes"):
        registry.get("DL3009")


# --- our own -----------------------------------------------------------------------------


def test_a_pass_from_the_catalogue_is_imported_when_called() -> None:
    registry = load_registry(plugins=False)
    p = registry.get("replace-maintainer")
    again = pickle.loads(pickle.dumps(p))
    assert again.info.id == "replace-maintainer"
    assert p.function is again.function
    assert p.info.module == "dockeropt.passes.correctness.replace_maintainer"


CATALOGUE_ROW = (
    "replace-maintainer", "correctness", 0, (), ("DL4000", "Other"), "0.1", 2, True, False, ("maintainer",)
)  # fmt: skip


@pytest.fixture
def catalogue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    module = ModuleType("dockeropt.passes.catalogue")
    module.__file__ = str(tmp_path / "catalogue.py")
    (tmp_path / "catalogue.py").touch()
    module.PASSES = (CATALOGUE_ROW, ("gone-away", "size", 0, (), (), "0.1", 2, True, False, ()))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    load_registry.cache_clear()
    yield tmp_path / "catalogue.py"
    load_registry.cache_clear()


@pytest.mark.usefixtures("catalogue")
def test_the_catalogue_spares_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "dockeropt.passes.correctness.replace_maintainer"
    monkeypatch.delitem(sys.modules, name, raising=False)
    registry = load_registry(plugins=False)
    assert registry.get("Other").info.id == "replace-maintainer"
    passes = registry.select(["replace-maintainer"])
    assert not run("FROM a\nRUN x\n", passes).changed
    assert name not in sys.modules
    assert run("FROM a\nMAINTAINER x\n", passes).changed
    assert name in sys.modules
    assert "Other" not in passes[0].info.aliases  # what the file says counts, once it is loaded


@pytest.mark.usefixtures("catalogue")
def test_files_that_the_catalogue_does_not_name_are_found_all_the_same() -> None:
    registry = load_registry(plugins=False)
    assert set(registry.passes) == set(load_registry(plugins=False, catalogue=False).passes)
    assert "gone-away" not in registry.passes


def test_a_file_that_changed_after_the_catalogue_is_asked_itself(catalogue: Path) -> None:
    os.utime(catalogue, (0, 0))
    aliases = load_registry(plugins=False).passes["replace-maintainer"].info.aliases
    assert "Other" not in aliases
    assert "DD017" in aliases


def test_a_broken_pass_is_told_and_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {**registry_module.pass_files(), ("size", "no_such_pass"): 0.0}
    monkeypatch.setattr(registry_module, "pass_files", lambda: files)
    load_registry.cache_clear()
    registry = load_registry(plugins=False, catalogue=False)
    load_registry.cache_clear()
    assert "'no_such_pass' was left out: ModuleNotFoundError" in registry.problems[0]
    assert "replace-maintainer" in registry.passes


def test_the_registry_is_made_once() -> None:
    assert load_registry(plugins=False) is load_registry(plugins=False)


# --- plugins -----------------------------------------------------------------------------

GOOD = '''\
"""Shout.

Safety:
    Unsafe.
"""
from dockeropt.rewrite import Category, Phase, rewrite


@rewrite(category=Category.STYLE, phase=Phase.STYLE)
def {name}(ctx):
    yield from ()
'''


@pytest.fixture
def install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str, str, dict[str, str]], None]]:
    """Return what installs a plugin package, as pip would leave it behind."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(str(tmp_path))

    def make(name: str, target: str, files: dict[str, str]) -> None:
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        info = tmp_path / f"{name}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(f"[dockeropt.passes]\n{name} = {target}\n")

    load_registry.cache_clear()
    yield make
    load_registry.cache_clear()
    for module in set(sys.modules) - before:
        if module.startswith(("acme", "bad_", "loud")):
            del sys.modules[module]


Install = Callable[[str, str, dict[str, str]], None]


def test_a_plugin_package_is_walked(install: Install) -> None:
    files = {
        "acme_passes/__init__.py": "",
        "acme_passes/acme_shout.py": GOOD.format(name="acme_shout"),
        "acme_passes/more/__init__.py": "",
        "acme_passes/more/acme_whisper.py": GOOD.format(name="acme_whisper"),
    }
    install("acme", "acme_passes", files)
    registry = load_registry()
    assert {"acme-shout", "acme-whisper"} <= set(registry.passes)
    assert registry.problems == ()
    assert registry.passes["acme-shout"].info.plugin == "acme_passes"
    assert registry.passes["acme-shout"].info.summary == "Shout."
    assert "acme-shout" not in load_registry(plugins=False).passes


def test_a_broken_plugin_is_told_and_left_out(install: Install) -> None:
    install("bad_import", "bad_import_module", {"bad_import_module.py": "import no_such_thing_at_all\n"})
    install("bad_exit", "bad_exit_module", {"bad_exit_module.py": "raise SystemExit(3)\n"})
    install("bad_gone", "bad_gone_module", {})
    install("acme", "acme_passes", {"acme_passes.py": GOOD.format(name="acme_shout")})
    registry = load_registry()
    assert "acme-shout" in registry.passes
    assert [problem.split("'")[1] for problem in registry.problems] == ["bad_exit", "bad_gone", "bad_import"]
    assert "no_such_thing_at_all" in registry.problems[2]


def test_ids_of_a_plugin_begin_with_its_name(install: Install) -> None:
    install("loud", "loud_passes", {"loud_passes.py": GOOD.format(name="merge_runs")})
    registry = load_registry()
    assert registry.passes["merge-runs"].info.plugin is None
    assert "has to start with 'loud-'" in registry.problems[0]


def test_without_plugins_the_heavy_import_is_spared(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    assert not registry_module._some_plugin()
