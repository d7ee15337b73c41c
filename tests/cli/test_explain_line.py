"""``dockeropt explain FILE:LINE``: why a line was changed or left alone."""

import json

import pytest

from tests.cli.kit import Run, Write

APT = """\
FROM debian:12
# what the service needs
RUN apt-get update
RUN apt-get install -y \\
    curl \\
    git
WORKDIR /srv
USER www-data
CMD ["true"]
"""


def test_a_line_tells_what_was_done_with_the_evidence(run: Run, files: Write) -> None:
    files(Dockerfile=APT)
    done = run("explain", "Dockerfile:3")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Dockerfile:3: RUN apt-get update\n")
    assert "stage 1 of 1 (FROM debian:12); user root; directory /; shell /bin/sh -c (dash)" in done.out
    assert "[*] join-apt-update-install: changed\n" in done.out
    assert "    because: nothing in between changes where the lists come from (this file)\n" in done.out
    assert "    level: safe: only layers and caches differ\n" in done.out
    assert "`dockeropt explain join-apt-update-install` tells more." in done.out


def test_lines_are_those_of_the_original_though_earlier_passes_moved_them(run: Run, files: Write) -> None:
    files(Dockerfile="FROM debian:12\nRUN mkdir /a\nRUN mkdir /b\nENV a b\nMAINTAINER me\n")
    for line, code, other in (
        (3, "merge-runs", "fix-key-value-format"),
        (4, "fix-key-value-format", "merge-runs"),
        (5, "replace-maintainer", "merge-runs"),
    ):
        out = run("explain", f"Dockerfile:{line}").out
        assert f"[*] {code}: changed\n" in out
        assert other not in out


def test_what_needs_unsafe_says_why_and_is_done_with_it(run: Run, files: Write) -> None:
    files(Dockerfile="FROM python:3.12\nCMD python app.py\n")
    left = run("explain", "Dockerfile:1", "--select", "use-slim-base").out
    assert "[!] use-slim-base: left alone\n" in left
    assert "    why not: needs --unsafe, because it may change base" in left
    made = run("explain", "--unsafe", "Dockerfile:1", "--select", "use-slim-base").out
    assert "[!] use-slim-base: changed\n" in made
    assert "    level: done with --unsafe: it may change base" in made


def test_comments_and_options_that_keep_a_pass_away_are_named(run: Run, files: Write) -> None:
    files(Dockerfile="FROM debian:12\n# dockeropt: ignore=fix-key-value-format\nENV a b\nENV c d\n")
    out = run("explain", "Dockerfile:3").out
    assert "fix-key-value-format: left alone" in out
    assert "why not: a comment in the file asks to leave this alone" in out
    out = run("explain", "Dockerfile:4", "--ignore", "fix-key-value-format").out
    assert "why not: the pass is not selected: --extend-select fix-key-value-format adds it" in out


def test_where_nothing_is_to_say_the_state_is_still_told(run: Run, files: Write) -> None:
    files(Dockerfile=APT)
    out = run("explain", "Dockerfile:9").out
    assert out == (
        'Dockerfile:9: CMD ["true"]\n'
        "    stage 1 of 1 (FROM debian:12); user www-data; directory /srv; shell /bin/sh -c (dash)\n"
        "\n"
        "No pass has anything to say about Dockerfile, line 9.\n"
    )


def test_a_line_inside_an_instruction_names_the_rest_of_it(run: Run, files: Write) -> None:
    files(Dockerfile=APT)
    out = run("explain", "Dockerfile:6").out
    assert out.startswith("Dockerfile:6: git\n    a line of RUN in lines 4 to 6\n")
    assert "line 4 of the same RUN: join-apt-update-install: " in out


def test_unknown_state_is_not_guessed(run: Run, files: Write) -> None:
    files(Dockerfile="FROM ghcr.io/acme/thing\nRUN true\n")
    out = run("explain", "Dockerfile:2").out
    assert "user of the base image; directory of the base image; shell /bin/sh -c\n" in out


def test_a_whole_file(run: Run, files: Write) -> None:
    files(Dockerfile=APT)
    out = run("explain", "Dockerfile").out
    assert out.index("Dockerfile:3: RUN apt-get update\n[*]") < out.index("Dockerfile:4: RUN apt-get install")
    files(Dockerfile="FROM scratch\nCOPY a /a\n")
    assert run("explain", "Dockerfile").out == "No pass has anything to say about Dockerfile.\n"


def test_json(run: Run, files: Write) -> None:
    files(Dockerfile=APT)
    record = json.loads(run("explain", "--output-format", "json", "Dockerfile:3").out)
    assert record["line"] == 3
    assert record["place"]["kind"] == "RUN"
    assert record["place"]["user"] == "root"
    found = {finding["code"]: finding for finding in record["findings"]}
    assert found["join-apt-update-install"]["status"] == "fixed"
    assert found["join-apt-update-install"]["because"]
    assert 3 in found["join-apt-update-install"]["lines"]


def test_the_context_counts(run: Run, files: Write) -> None:
    files(app__Dockerfile="FROM debian:12\nENV a b\n", app__a_py="")
    assert run("explain", "--context", "app", "app/Dockerfile:2").code == 0
    wrong = run("explain", "--context", "none", "app/Dockerfile:2")
    assert (wrong.code, wrong.out) == (2, "")
    assert "no such folder" in wrong.err


def test_a_place_as_reports_print_it_may_have_a_column(run: Run, files: Write) -> None:
    files(Dockerfile=APT)
    assert run("explain", "Dockerfile:3:1").out == run("explain", "Dockerfile:3").out


@pytest.mark.parametrize(
    ("place", "message"),
    [
        ("Dockerfile:99", "there is no line 99 (hint: the file has 9 lines)"),
        ("Dockerfile:0", "names line 0 (hint: lines are counted from 1)"),
        ("missing/Dockerfile:3", "missing/Dockerfile"),
        (".:3", "hint: "),
    ],
)
def test_a_place_that_is_not_there(run: Run, files: Write, place: str, message: str) -> None:
    files(Dockerfile=APT)
    done = run("explain", place)
    assert (done.code, done.out) == (2, "")
    assert message in done.err
    assert done.err.count("\n") == 1


def test_nothing_to_explain(run: Run) -> None:
    done = run("explain")
    assert done.code == 2
    assert "nothing to explain (hint: name a pass, a file, or FILE:LINE)" in done.err


def test_a_file_that_buildkit_rejects(run: Run, files: Write) -> None:
    files(Dockerfile="FROM debian:12\nENV a b\nCOPY a\n")
    done = run("explain", "Dockerfile:2")
    assert done.code == 4
    assert done.err.startswith("error: Dockerfile:3")
    assert "Dockerfile:2: ENV a b\n" in done.out


def test_a_dockerfile_in_python(run: Run, files: Write) -> None:
    files(app_py='dockerfile = """\nFROM debian:12\nENV a b\n"""\n')
    out = run("explain", "app.py:3").out
    assert "fix-key-value-format: changed" in out
