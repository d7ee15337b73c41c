"""Which Python packages are known to need what."""

import pytest

from dockeropt.knowledge.load import read_rows
from dockeropt.knowledge.pypi import needs_of, normal, packages_of, source


@pytest.mark.parametrize(
    ("name", "version", "python", "known"),
    [
        ("Flask", "==3.0.3", (3, 11), True),
        ("psycopg2-binary", "==2.9.9", (3, 12), True),
        ("psycopg2-binary", "==2.9.9", (3, 13), False),
        ("psycopg2-binary", "", (3, 13), True),
        ("psycopg2-binary", ">=2.9,<2.10", (3, 13), False),
        ("psycopg2-binary", "~=2.9.10", (3, 13), True),
        ("psycopg2-binary", "", (), False),
        ("psycopg2-binary", "", (3, 5), False),
        ("psycopg2-binary", "", (3, 99), False),
        ("cryptography", "==42.0.0", (3, 12), True),
        ("cryptography", "==2.8", (3, 12), False),
        ("cryptography", "", (3, 99), False),
        ("pydantic", "==1.10.13", (3, 12), True),
        ("pydantic", "==2.4.0", (3, 12), False),
        ("numpy", "==1!2.0", (3, 12), False),
        ("nobody-knows-this", "", (3, 12), False),
    ],
)
def test_whether_a_requirement_is_known(
    name: str, version: str, python: tuple[int, ...], known: bool
) -> None:
    assert (needs_of(name, (), version, python).unknown == "") is known


def test_what_it_takes_to_compile_and_to_run() -> None:
    found = needs_of("psycopg2", (), "", (3, 12))
    assert found.build == ("gcc", "libc6-dev", "libpq-dev")
    assert found.run == ("libpq5",)


def test_extras_are_packages_of_their_own() -> None:
    assert needs_of("uvicorn", ("standard",), "", (3, 12)).unknown == ""
    assert needs_of("uvicorn", ("other",), "", (3, 12)).unknown == "whether uvicorn[other] has to be compiled"
    assert needs_of("psycopg", (), "", (3, 12)).run == ("libpq5",)
    assert needs_of("psycopg", ("binary",), "", (3, 12)).run == ()


def test_modules_and_packages() -> None:
    assert packages_of("yaml") == ("pyyaml",)
    assert packages_of("flask_cors") == ("flask-cors",)


def test_the_table_is_sound() -> None:
    kinds: dict[str, str] = {}
    required: set[str] = set()
    for (kind, name, *fields), source_ in read_rows("pypi.tsv"):
        assert source_.date == source().date
        names = name.split() if kind == "pure" else [name]
        if kind in ("pure", "with", "wheel", "build"):
            for key in names:
                assert key not in kinds, key
                assert normal(key.partition("[")[0]) == key.partition("[")[0]
                kinds[key] = kind
        if kind in ("with", "wheel", "build"):
            field = fields[0] if kind == "with" else fields[1]
            required.update(field.split() if field != "-" else ())
    assert len(kinds) > 300
    assert required <= set(kinds)
