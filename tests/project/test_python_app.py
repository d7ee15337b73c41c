"""What a Python application runs and loads, found in its files."""

import pytest

from dockeropt.project.python_app import MAX_FILES, MAX_TEXT, App, read_app


def app(text: str) -> App:
    return read_app([("app.py", text)])


def programs(text: str) -> list[str]:
    return [found.name for found in app(text).programs]


def scripts(text: str) -> list[str]:
    return [found.name for found in app(text).scripts]


def unknown(text: str) -> list[str]:
    return [f"{item.what} at {item.line}" for item in app(text).unknown]


def test_imports_are_the_top_modules() -> None:
    found = app("import os.path, cv2 as c\nfrom PIL import Image\nfrom . import own\nfrom .own import a\n")
    assert [(item.name, item.line) for item in found.imports] == [("os", 1), ("cv2", 1), ("PIL", 2)]
    assert found.imports[0].place == "app.py:1"


def test_an_import_inside_a_function_counts() -> None:
    assert [
        item.name for item in app("def f():\n    try:\n        import magic\n    except E: pass\n").imports
    ] == ["magic"]


@pytest.mark.parametrize(
    "text",
    [
        "import subprocess\nsubprocess.run(['git', 'log'])\n",
        "import subprocess as sp\nsp.Popen(('git', 'log'))\n",
        "from subprocess import run\nrun('git')\n",
        "from subprocess import check_output as out\nx = out(args=['git'])\n",
        "import subprocess\nsubprocess.call(['git', variable], shell=False)\n",
        "import shutil\nif shutil.which('git'): pass\n",
        "import os\nos.execvp('git', ['git'])\n",
        "import os\nos.spawnlp(os.P_WAIT, 'git', 'git')\n",
        "import asyncio\nasync def f():\n    await asyncio.create_subprocess_exec('git', 'log')\n",
    ],
)
def test_programs_are_found_by_qualified_name(text: str) -> None:
    assert programs(text) == ["git"]
    assert unknown(text) == []


def test_other_functions_of_the_same_name_do_not_count() -> None:
    assert (
        app("def run(x): pass\nrun(['git'])\nclass A:\n    def system(self): pass\nA().system()\n") == App()
    )


@pytest.mark.parametrize(
    "text",
    [
        "import os\nos.system('curl x | jq .')\n",
        "import os\nos.popen('curl x | jq .').read()\n",
        "import subprocess\nsubprocess.run('curl x | jq .', shell=True)\n",
        "import subprocess\nsubprocess.getoutput('curl x ' '| jq .')\n",
        "import subprocess\nsubprocess.run(['sh', '-c', 'curl x | jq .'])\n",
    ],
)
def test_what_the_shell_gets_is_a_script(text: str) -> None:
    assert scripts(text) == ["curl x | jq ."]
    assert unknown(text) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import subprocess\nsubprocess.run(command)\n", 2),
        ("import subprocess\nsubprocess.run([program, 'x'])\n", 2),
        ("import subprocess\nsubprocess.run(*words)\n", 2),
        ("import subprocess\nsubprocess.run(f'curl {url}', shell=True)\n", 2),
        ("import subprocess\nsubprocess.run('a b', shell=maybe, executable=x)\n", 2),
        ("import os\nos.system('a ' + b)\n", 2),
        ("import importlib\n\nimportlib.import_module(name)\n", 3),
        ("__import__(name)\n", 1),
        ("import ctypes\nctypes.CDLL(path)\n", 2),
        ("from subprocess import *\nrun(['x'])\n", 1),
        ("import subprocess\nstart = subprocess.run\nstart(['x'])\n", 2),
        ("import subprocess\npool.submit(subprocess.run, x)\n", 2),
        ("from PIL import ImageFont\nImageFont.truetype('Arial.ttf', 12)\n", 2),
        ("print 'hello'\n", 1),
    ],
)
def test_what_only_the_run_decides_is_said(text: str, line: int) -> None:
    found = app(text).unknown
    assert [item.line for item in found] == [line]
    assert found[0].place == f"app.py:{line}"


def test_the_interpreter_itself_is_no_program() -> None:
    found = app("import subprocess, sys\nsubprocess.run([sys.executable, '-m', 'flask.cli', 'run'])\n")
    assert not found.programs
    assert not found.unknown
    assert "flask" in [item.name for item in found.imports]


def test_libraries_by_name() -> None:
    found = app(
        "from ctypes import CDLL\nfrom ctypes.util import find_library as f\nCDLL(f('xml2'))\nCDLL('libpq.so.5')\nCDLL(None)\n"
    )
    assert sorted(item.name for item in found.libraries) == ["libpq.so.5", "xml2"]
    assert not found.unknown


def test_modules_by_literal_name_are_imports() -> None:
    found = app(
        "from importlib import import_module\nimport_module('magic.compat')\nimport_module('.own', p)\n"
    )
    assert [item.name for item in found.imports] == ["importlib", "magic"]


def test_files_that_cannot_be_read_are_unknown() -> None:
    found = read_app([("a.py", None), ("b.py", "x = 1\n" * MAX_TEXT)])
    assert [item.file for item in found.unknown] == ["a.py", "b.py"]


def test_too_many_files_are_unknown() -> None:
    found = read_app((f"{n}.py", "") for n in range(MAX_FILES + 5))
    assert len(found.unknown) == 1


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + ")" * 3000,
        "+".join(["a"] * 20_000),
        "x = (\n" + " +\n".join(["'a'"] * 20_000) + ")",
        "a" + ".b" * 20_000,
        "lambda:" * 20_000 + "1",
        "not " * 20_000 + "a",
        "if a:\n  pass\n" + "elif a:\n  pass\n" * 5000,
    ],
)
def test_hostile_files_are_unknown_and_cost_nothing(text: str) -> None:
    assert read_app([("a.py", text)]).unknown
