"""``fix`` and ``check`` end with what the changes save."""

import json

import pytest

from tests.cli.kit import Run, Write

LISTS = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y curl\n"
ONLY = ("--select", "clean-apt-lists")
LINE = "  package lists of apt in the image: 19.86 MB -> none (estimate: apt-get update on bookworm, 2026-11-24)\n"


def test_fix_says_what_it_would_save_before_the_next_command(run: Run, files: Write) -> None:
    files(Dockerfile=LISTS)
    done = run("fix", "Dockerfile", *ONLY)
    assert f"(1 safe).\nWhat that would save:\n{LINE}Run `dockeropt fix --write Dockerfile`" in done.err
    assert "save" not in done.out


def test_what_was_written_has_saved(run: Run, files: Write) -> None:
    files(Dockerfile=LISTS)
    assert run("fix", "--write", "Dockerfile", *ONLY).err.endswith(f"What that saves:\n{LINE}")
    assert "save" not in run("fix", "--write", "Dockerfile", *ONLY).err


def test_check_says_what_fix_would_save(run: Run, files: Write) -> None:
    files(Dockerfile=LISTS)
    assert run("check", "Dockerfile", *ONLY).err.endswith(f"What `dockeropt fix` would save:\n{LINE}")
    assert run("check", "--fix", "Dockerfile", *ONLY).err.endswith(f"What that saves:\n{LINE}")


@pytest.mark.parametrize("flag", ["-q", "-s", "--statistics"])
def test_who_wants_little_gets_little(
    run: Run, files: Write, monkeypatch: pytest.MonkeyPatch, flag: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("computed for nothing")

    monkeypatch.setattr("dockeropt.api.estimate", fail)
    files(Dockerfile=LISTS)
    assert run("fix", flag, "Dockerfile", *ONLY).code == 1


def test_several_files_are_named_and_many_left_out(run: Run, files: Write) -> None:
    files(a__Dockerfile=LISTS, b__Dockerfile=LISTS)
    assert f"  a/Dockerfile: {LINE.strip()}\n  b/Dockerfile: {LINE.strip()}\n" in run("fix", ".", *ONLY).err
    files(c__Dockerfile=LISTS, d__Dockerfile=LISTS)
    assert "save" not in run("fix", ".", *ONLY).err


def test_json_has_numbers(run: Run, files: Write) -> None:
    files(Dockerfile=LISTS)
    report = json.loads(run("fix", "--output-format", "json", "Dockerfile", *ONLY).out)
    (one,) = report["files"][0]["estimates"]
    assert (one["kind"], one["before"], one["after"], one["unit"]) == (
        "package-lists",
        19_857_442,
        0,
        "bytes",
    )
    assert (one["certainty"], one["source"]) == ("estimate", "apt-get update on bookworm, 2026-11-24")


def test_the_context_makes_a_fact(run: Run, files: Write) -> None:
    files(
        Dockerfile="FROM debian:bookworm\nRUN useradd u\nCOPY . /app\nRUN chown -R u /app\n",
        data_bin="x" * 1_000_000,
    )
    done = run("fix", "--unsafe", "--context", ".", "Dockerfile", "--select", "use-copy-chown")
    assert "files of the context in the image's layers: 2 MB -> 1 MB (fact: the files of .)" in done.err


def test_a_bug_in_an_estimate_spoils_nothing(run: Run, files: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("oh no")

    monkeypatch.setattr("dockeropt.api.estimate", fail)
    files(Dockerfile=LISTS)
    done = run("fix", "Dockerfile", *ONLY)
    assert done.code == 1
    assert "RuntimeError: oh no; this is a bug in dockeropt" in done.err
    assert done.out.startswith("--- a/Dockerfile")


def test_a_build_of_a_compose_file_has_its_context(run: Run, files: Write) -> None:
    files(
        compose_yaml="services:\n  web:\n    build: app\n",
        app__Dockerfile="FROM debian:bookworm\nRUN useradd u\nCOPY . /app\nRUN chown -R u /app\n",
        app__data_bin="x" * 1_000_000,
    )
    for command in ("fix", "check"):
        done = run(command, "--unsafe", "compose.yaml", "--select", "use-copy-chown")
        assert "files of the context in the image's layers: 2 MB -> 1 MB (fact: " in done.err
