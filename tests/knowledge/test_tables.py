"""The tables: every record has a source and a date, nothing is read early, the sum stays small."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import dockeropt.knowledge
from dockeropt.knowledge.load import Source, is_stale, read_rows, source_of

DATA = Path(dockeropt.knowledge.__file__).parent / "data"
TABLES = sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*") if path.is_file())
WIDTHS = {
    "apk_names.tsv": (4, 4),
    "byproducts.tsv": (4, 4),
    "caches.tsv": (8, 8),
    "commands.tsv": (6, 7),
    "families.tsv": (2, 4),
    "libraries.tsv": (4, 5),
    "lifecycles.tsv": (9, 10),
    "native_gems.tsv": (6, 7),
    "native_npm.tsv": (6, 7),
    "native_pypi.tsv": (6, 7),
    "recommends/bookworm.tsv": (1, 5),
    "recommends/bullseye.tsv": (1, 5),
    "recommends/trixie.tsv": (1, 5),
    "sizes.tsv": (5, 5),
}


def test_the_tables_are_there() -> None:
    assert set(WIDTHS) | {"debs.tsv"} <= set(TABLES)
    assert sum(name.startswith("tags/") for name in TABLES) > 40


@pytest.mark.parametrize("name", TABLES)
def test_every_record_has_a_source_and_a_date(name: str) -> None:
    count = 0
    for _, source in read_rows(name):
        assert len(source.text) > 10
        assert re.fullmatch(r"20\d\d-[01]\d-[0-3]\d", source.date)
        count += 1
    assert count > 2
    assert source_of(name).date >= "2026-01-01"


@pytest.mark.parametrize(("name", "widths"), WIDTHS.items())
def test_records_have_the_fields_that_the_head_names(name: str, widths: tuple[int, int]) -> None:
    keys = []
    for fields, _ in read_rows(name):
        assert widths[0] <= len(fields) <= widths[1], fields
        assert all(field == field.strip() for field in fields)
        keys.append(tuple(fields[:2]) if name in ("lifecycles.tsv", "byproducts.tsv") else fields[0])
    if name != "caches.tsv":
        assert len(set(keys)) == len(keys)


def test_tables_are_lines_that_a_diff_can_show() -> None:
    for name in TABLES:
        text = (DATA / name).read_text("utf-8")
        assert text.endswith("\n")
        assert "\r" not in text
        assert not re.search(r"[ \t]+$", text, re.MULTILINE), name


def test_the_tables_stay_small() -> None:
    assert sum((DATA / name).stat().st_size for name in TABLES) < 1_500_000


def test_sections_have_sources_of_their_own() -> None:
    sources = {fields[0]: source for fields, source in read_rows("families.tsv")}
    assert "official-images" in sources["python"].text
    assert "own Dockerfile" in sources["nvidia/cuda"].text


def test_what_nobody_checked_says_so() -> None:
    assert not source_of("native_pypi.tsv").verified
    assert source_of("commands.tsv").verified


PROBE = """
import sys
opened = []
def hook(event, args):
    if event == "open" and isinstance(args[0], str) and "knowledge" in args[0] and "data" in args[0]:
        opened.append(args[0].replace("\\\\", "/").rpartition("data/")[2])
sys.addaudithook(hook)
from dockeropt.knowledge import caches, families, lifecycles, load, native, packages, sizes, tags
print(",".join(opened))
for heavy in ("json", "tomllib", "pathlib", "importlib.resources", "dataclasses", "gzip"):
    assert heavy not in sys.modules, heavy
families.family_of("python", "3.12")
families.family_of("node", "22")
print(",".join(opened))
packages.package_of("curl")
packages.package_of("git")
print(",".join(opened))
"""


def test_tables_are_read_when_first_used_and_once() -> None:
    run = subprocess.run(
        [sys.executable, "-S", "-c", PROBE],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONPATH": str(DATA.parents[2])},
    )
    assert run.stdout.split("\n")[:3] == ["", "families.tsv", "families.tsv,commands.tsv"]


@pytest.mark.parametrize(
    ("date", "today", "stale"),
    [
        ("2026-08-21", "2026-08-22", False),
        ("2026-08-21", "2027-08-21", False),
        ("2026-08-21", "2027-08-22", True),
        ("2024-02-29", "2025-02-28", False),
        ("2024-02-29", "2025-03-01", True),
        ("2025-06", "2026-06-01", False),
        ("2025-06", "2026-06-02", True),
        ("2025", "2026-01-02", True),
        ("", "2026-01-02", True),
        ("-", "2026-01-02", True),
    ],
)
def test_facts_go_stale_after_a_year(date: str, today: str, stale: bool) -> None:
    assert is_stale(date, today) is stale


def test_a_table_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        list(read_rows("nothing.tsv"))


def test_a_source_is_verified_unless_it_says_otherwise() -> None:
    assert Source("a", "2026-01-01").verified
