"""The same finding is recognised where its lines move; two findings are never taken for one."""

from dockeropt import Options, api
from dockeropt.render.fingerprints import LENGTH, fingerprints
from dockeropt.render.rows import Row, rows_of

TEXT = (
    "FROM debian:12\nRUN apt-get update && apt-get install -y gcc\n"
    "FROM debian:12\nRUN apt-get update && apt-get install -y gcc\n"
)


def checked(text: str, *, path: str = "Dockerfile") -> tuple[list[Row], list[str]]:
    result = api.work([api.job(path, text, Options(), apply=False)])[0]
    rows = rows_of(result)
    return rows, fingerprints(path, text, rows)


def test_equal_findings_of_one_file_differ() -> None:
    rows, found = checked(TEXT)
    assert len(rows) > 2
    assert len({row.pass_id for row in rows}) < len(rows)
    assert len(set(found)) == len(found)
    assert {len(one) for one in found} == {LENGTH}


def test_lines_that_move_keep_their_fingerprints() -> None:
    _, before = checked(TEXT)
    _, after = checked("# syntax=docker/dockerfile:1\n\n# why\n" + TEXT.replace("\n", "\r\n"))
    assert sorted(before) == sorted(after)


def test_blanks_are_not_words() -> None:
    _, before = checked(TEXT)
    _, after = checked(TEXT.replace("RUN apt-get", "RUN   apt-get"))
    assert sorted(before) == sorted(after)


def test_other_words_are_another_finding() -> None:
    rows, before = checked(TEXT)
    _, after = checked(TEXT.replace("gcc", "g++"))
    changed = {one for row, one in zip(rows, before, strict=True) if row.line in {2, 4}}
    assert changed
    assert changed.isdisjoint(after)
    assert set(before) - changed <= set(after)


def test_other_files_have_other_fingerprints() -> None:
    rows, here = checked(TEXT)
    _, there = checked(TEXT, path="sub/Dockerfile")
    assert set(here).isdisjoint(there)
    assert fingerprints("", TEXT, rows) == fingerprints("", TEXT, rows)


def test_bytes_that_are_no_text_have_fingerprints_too() -> None:
    rows, _ = checked(TEXT)
    broken = "FROM debian:12\nRUN apt-get update && apt-get install -y g\udcffc\n"
    assert fingerprints("a\udcffb", broken, rows[:1])
