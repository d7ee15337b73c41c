"""What requirement files ask for."""

import pytest

from dockeropt.project.context import InMemory
from dockeropt.project.pip_files import Requirement, read_requirement, read_requirements


def read(**files: str) -> tuple[list[str], list[str]]:
    build = InMemory({name.replace("__", "/").replace("_", ".", 1): text for name, text in files.items()})
    found = read_requirements(build, "r.txt")
    return [item.name + item.version for item in found.known], [place for _, place in found.unknown]


@pytest.mark.parametrize(
    ("text", "name", "extras", "version"),
    [
        ("flask", "flask", (), ""),
        ("Flask == 3.0.3", "Flask", (), "==3.0.3"),
        ("uvicorn[standard,x]>=0.2,<1", "uvicorn", ("standard", "x"), ">=0.2,<1"),
        ("a~=1.0; python_version < '3'", "a", (), "~=1.0"),
        ("zope.interface (>=5)", "zope.interface", (), ">=5"),
    ],
)
def test_plain_requirements(text: str, name: str, extras: tuple[str, ...], version: str) -> None:
    assert read_requirement(text) == Requirement(name, extras, version, "", 0)


@pytest.mark.parametrize(
    "text", ["./lib", "git+https://example.org/a", "a @ https://example.org/a.whl", "", "a b"]
)
def test_what_is_no_plain_requirement(text: str) -> None:
    assert read_requirement(text) is None


def test_files_name_others_and_comments_go() -> None:
    known, unknown = read(
        r_txt="# all\n-r c_txt.in\nflask==3 # why\nb \\\n  --hash=sha256:00 \\\n  --hash=sha256:11\n",
    )
    assert known == ["flask==3", "b"]
    assert unknown == ["c_txt.in"]


def test_options_that_change_the_source_are_unknown() -> None:
    known, unknown = read(
        r_txt="--index-url https://example.org\n-e .\n-c con.txt\n--no-binary :all:\nflask\n"
    )
    assert known == ["flask"]
    assert unknown == ["r.txt:1", "r.txt:2", "r.txt:3", "r.txt:4"]


def test_what_other_systems_need_is_left_out() -> None:
    assert read(r_txt="pywin32==306; sys_platform == 'win32'\na; sys_platform != 'win32'\n") == (["a"], [])


def test_files_that_name_each_other_end() -> None:
    assert read(r_txt="-r r.txt\na\n") == (["a"], [])
