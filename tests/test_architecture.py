"""The shape of the house: who may import whom, how long a file may be, what a start costs."""

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import dockeropt

ROOT = Path(dockeropt.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))

GROUND = {"text", "errors"}
TREES = {*GROUND, "syntax", "shell", "knowledge"}
ENGINE = {*TREES, "project", "model", "rewrite"}
FILES = {"discovery", "config", "configkeys", "files"}
MAY_IMPORT = {
    "text": set(),
    "errors": {"text"},
    "syntax": GROUND,
    "shell": GROUND,
    "knowledge": GROUND,
    "project": TREES,
    "model": {*TREES, "project"},
    "rewrite": {*ENGINE, "passes"} - {"rewrite"},
    "passes": ENGINE,
    "discovery": {"errors"},
    "files": GROUND,
    "config": {"discovery", "configkeys", "errors"},
    "configkeys": {"discovery", "config", "errors", "rewrite"},
    "results": {*GROUND, "rewrite", "render", "measure"},
    "estimates": ENGINE,
    "render": {*ENGINE, "estimates", "results", "measure"},
    "interop": {*ENGINE, "results"},
    "measure": {*ENGINE, "estimates", "files"},
    "parallel": {"config", "errors", "project", "results"},
    "invocations": {*ENGINE, *FILES, "results", "interop", "parallel"},
    "writing": {"errors", "files", "results"},
    "api": {
        *ENGINE,
        "estimates",
        *FILES,
        "results",
        "writing",
        "render",
        "interop",
        "invocations",
        "parallel",
    },
    "review": {*ENGINE, *FILES, "results", "render", "api"},
    "proof": {*ENGINE, *FILES, "results", "api", "measure", "writing"},
    "testing": {
        *ENGINE,
        "estimates",
        *FILES,
        "results",
        "render",
        "interop",
        "invocations",
        "parallel",
        "api",
        "passes",
    },
    "server": {*ENGINE, *FILES, "results", "render", "interop", "invocations", "parallel", "api"},
    "cli": {
        *ENGINE,
        "estimates",
        *FILES,
        "results",
        "render",
        "interop",
        "invocations",
        "parallel",
        "api",
        "server",
        "measure",
        "proof",
        "review",
        "writing",
    },
    "codemod": {"config", "errors", "api"},
    "__main__": {"cli"},
    "__init__": {*ENGINE, "estimates", *FILES, "results", "api", "testing", "proof", "measure"},
}
"""First part of a module's name: the first parts that it may import, at any depth of its code."""

FOREIGN = {
    "dockerfile_parse": {"interop/dockerfile_parse.py"},
    "libcst": {
        "codemod.py",
        "interop/python_finder.py",
        "interop/python_literal.py",
        "interop/python_source.py",
        "project/python_app.py",
    },
    "markdown_it": {"interop/markdown.py"},
    "typer": {"cli/app.py"},
    "rich": {"cli/app.py", "cli/explain.py", "cli/show.py", "cli/progress.py"},
    "pytest": {"testing.py"},
    "ruamel": {"project/yamltree.py"},
    "hcl2": {"project/bake.py"},
    "watchfiles": {"cli/watch.py"},
    "httpx": {"review/remote.py"},
    "unidiff": {"review/hunks.py"},
    "lsprotocol": {"server/app.py", "server/actions.py", "server/diagnostics.py"},
    "pygls": {"server/app.py"},
}
"""What is not in the standard library, and where alone it may be imported."""

LATE = {
    "argparse", "asyncio", "concurrent", "dataclasses", "difflib", "importlib", "inspect", "json", "logging",
    "pathlib", "shutil", "subprocess", "tempfile", "tomllib", "traceback", "urllib",
}  # fmt: skip
"""What costs a millisecond or more to import, and so is imported only inside functions."""

MAY_IMPORT_EARLY = {
    "cli/app.py",
    "render/json_report.py",
    "render/passpage.py",
    "server/app.py",
    "testing.py",
}
"""Modules that are themselves loaded only when they are needed."""

UGLY = {"utils", "util", "helpers", "helper", "common", "base", "core", "misc", "tools_"}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def part_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield every imported module and whether that happens when the file itself is imported."""
    tree = ast.parse(path.read_text("utf-8"))

    def walk(node: ast.AST, early: bool, typing_only: bool) -> Iterator[tuple[str, bool]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from ((alias.name, early and not typing_only) for alias in child.names)
            elif isinstance(child, ast.ImportFrom):
                assert child.level == 0, f"relative import in {path}"
                if child.module == "dockeropt":
                    yield from (
                        (f"dockeropt.{alias.name}", early and not typing_only) for alias in child.names
                    )
                else:
                    yield str(child.module), early and not typing_only
            else:
                inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                guard = isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"
                yield from walk(child, early and not inside, typing_only or guard)

    yield from walk(tree, True, False)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_run_one_way(path: Path) -> None:
    part = part_of(path)
    allowed = MAY_IMPORT[part] | {part, "__version__"}
    for module, _ in imports(path):
        if module.startswith("dockeropt."):
            assert module.split(".")[1] in allowed, f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_foreign_packages_stay_in_their_corner(path: Path) -> None:
    for module, _ in imports(path):
        top = module.split(".")[0]
        if top not in sys.stdlib_module_names and top != "dockeropt":
            assert name_of(path) in FOREIGN[top], f"{name_of(path)} imports {module}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_slow_is_imported_early(path: Path) -> None:
    if name_of(path) in MAY_IMPORT_EARLY:
        return
    for module, early in imports(path):
        assert not (early and module.split(".")[0] in LATE), f"{name_of(path)} imports {module} at the top"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_file_can_be_read_in_one_sitting(path: Path) -> None:
    limit = 100_000 if path.name == "catalogue.py" else 450
    assert len(path.read_text("utf-8").splitlines()) <= limit


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_says_why_it_exists(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert path.stem not in UGLY


def test_passes_import_no_other_pass_and_no_pipeline() -> None:
    for path in (ROOT / "passes").rglob("*.py"):
        for module, _ in imports(path):
            assert not module.startswith(("dockeropt.passes", "dockeropt.rewrite.pipeline")), (
                f"{path.name}: {module}"
            )


# --- start-up --------------------------------------------------------------------------


def loaded(code: str, cwd: Path) -> set[str]:
    """Return the names of the modules that a fresh interpreter has loaded after ``code``."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT.parent)}
    script = f"{code}\nimport sys; sys.stderr.write('\\n' + ' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    return set(done.stderr.rsplit("\n", 1)[-1].split())


HEAVY = {
    "rich",
    "rich.console",
    "typer",
    "libcst",
    "pydantic",
    "json",
    "tomllib",
    "subprocess",
    "dataclasses",
    "dockeropt.invocations",
    "ruamel.yaml",
    "hcl2",
}


def test_importing_the_package_loads_nothing_of_it(tmp_path: Path) -> None:
    names = loaded("import dockeropt; dockeropt.__version__", tmp_path)
    assert {name for name in names if name.startswith("dockeropt")} == {"dockeropt"}


def test_asking_for_the_version_loads_next_to_nothing(tmp_path: Path) -> None:
    names = loaded("from dockeropt.__main__ import main; main(['--version'])", tmp_path)
    assert not names & {*HEAVY, "dockerfile_parse", "bisect"}
    assert "dockeropt.__main__" in names


def test_a_file_without_findings_needs_no_foreign_package(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM scratch\nCOPY a /a\n")
    names = loaded("from dockeropt.__main__ import main; main(['fix', 'Dockerfile'])", tmp_path)
    assert "dockeropt.rewrite.pipeline" in names
    assert not names & {*HEAVY, "dockerfile_parse", "difflib"}


def test_a_changed_file_needs_neither_typer_nor_rich(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\n")
    names = loaded("from dockeropt.__main__ import main; main(['fix', 'Dockerfile'])", tmp_path)
    assert "dockeropt.render.diff" in names
    assert not names & {"rich", "typer", "libcst", "pydantic", "tomllib", "subprocess"}


def test_groups_and_extras_are_the_same() -> None:
    project = tomllib.loads((ROOT.parent / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"]
    for name in ("lint", "test"):
        assert project["dependency-groups"][name] == extras[name]
