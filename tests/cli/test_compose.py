"""``fix compose.yaml``: the Dockerfiles that it builds, those inside it, and their several builds."""

import json
from pathlib import Path

import pytest

from tests.cli.kit import BROKEN, ONE, ONLY, TWO, Run, Write

INLINE = """\
services:
  a:
    image: x   # kept
    build:
      context: .
      dockerfile_inline: |
        FROM debian:12
        # why
        RUN mkdir /a

        # and
        RUN mkdir /b
        RUN echo $$HOME
    ports: [ "80:80" ]   # kept too
  b: {image: "y"}
"""
PIP = "FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt\n"
MANIFESTS = ("--select", "copy-manifests-first")


def test_what_is_built_is_fixed(run: Run, files: Write) -> None:
    files(
        compose_yaml="services:\n  a:\n    build: .\n  b:\n    build: sub\n",
        Dockerfile=TWO,
        sub__Dockerfile=TWO,
    )
    done = run("fix", "compose.yaml", *ONLY)
    assert done.code == 1
    assert [line for line in done.out.splitlines() if line.startswith("+++")] == [
        "+++ b/Dockerfile",
        "+++ b/sub/Dockerfile",
    ]
    assert run("fix", "-w", "compose.yaml", *ONLY).code == 0
    assert Path("Dockerfile").read_text() == Path("sub/Dockerfile").read_text() == ONE
    assert run("fix", "compose.yaml", *ONLY).code == 0
    assert run("check", "compose.yaml", *ONLY).code == 0


def test_a_file_is_fixed_once(run: Run, files: Write) -> None:
    files(compose_yaml="services:\n  a:\n    build: .\n  b:\n    build: ./\n", Dockerfile=TWO)
    done = run("fix", "compose.yaml", "Dockerfile", ".", *ONLY)
    assert done.out.count("+++") == 1


def test_one_service(run: Run, files: Write) -> None:
    files(
        compose_yaml="services:\n  a:\n    build: .\n  b:\n    build: sub\n",
        Dockerfile=TWO,
        sub__Dockerfile=TWO,
    )
    for arguments in (["compose.yaml"], ["--compose", "compose.yaml"]):
        done = run("fix", *arguments, "--service", "b", *ONLY)
        assert "+++ b/sub/Dockerfile" in done.out
        assert "+++ b/Dockerfile" not in done.out
    done = run("fix", "--compose", "compose.yaml", "--service", "b", *ONLY)
    assert "Run `dockeropt fix --write compose.yaml --service b` to apply" in done.err
    done = run("fix", "compose.yaml", "--service", "bb", *ONLY)
    assert done.code == 2
    assert "compose.yaml: no service or target 'bb' (hint: there are a, b)" in done.err


def test_the_context_of_a_build_proves_a_fix(run: Run, files: Write) -> None:
    files(
        compose_yaml="services:\n  a:\n    build: app\n", app__Dockerfile=PIP, app__main_py="import flask\n"
    )
    Path("app/requirements.txt").write_text("flask==3.0.0\n")
    assert run("fix", "app/Dockerfile", *MANIFESTS).out == ""
    done = run("fix", "compose.yaml", *MANIFESTS)
    assert "+COPY requirements.txt ./" in done.out


def test_a_fix_has_to_hold_for_all_builds(run: Run, files: Write) -> None:
    both = "services:\n  a:\n    build: app\n  b:\n    build: {context: ., dockerfile: app/Dockerfile}\n"
    files(
        compose_yaml=both,
        app__Dockerfile=PIP.replace("RUN", "RUN mkdir /a\nRUN"),
        app__main_py="import flask\n",
    )
    Path("app/requirements.txt").write_text("flask==3.0.0\n")
    done = run("fix", "compose.yaml", "--select", "copy-manifests-first,merge-runs")
    assert "+COPY requirements.txt" not in done.out
    assert "&& pip install" in done.out  # what holds for both is done
    assert "not the same for all builds of this file, only for a" in done.err
    alone = run("fix", "compose.yaml", "--service", "a", *MANIFESTS)
    assert "+COPY requirements.txt" in alone.out


def test_an_argument_that_is_not_known_is_not_its_default(run: Run, files: Write) -> None:
    text = "ARG TAG=12\nFROM debian:${TAG}\nRUN mkdir /a\nRUN mkdir /b\n"
    files(compose_yaml="services:\n  a:\n    build: {context: ., args: {TAG: $X}}\n", Dockerfile=text)
    assert "use-slim-base" not in run("check", "compose.yaml").out
    assert "use-slim-base" in run("check", "Dockerfile").out


def test_a_context_that_replaces_the_base(run: Run, files: Write) -> None:
    build = "{context: ., additional_contexts: {'debian:12': 'docker-image://x'}}"
    files(compose_yaml=f"services:\n  a:\n    build: {build}\n", Dockerfile=TWO)
    done = run("fix", "compose.yaml", *ONLY)
    assert done.out == ""
    assert "what it is built on is not known" in done.err


def test_an_inline_dockerfile_is_fixed_in_its_block(run: Run, files: Write) -> None:
    files(compose_yaml=INLINE)
    done = run("fix", "compose.yaml", *ONLY)
    assert done.code == 1
    assert done.out.startswith("--- a/compose.yaml\n+++ b/compose.yaml\n")
    assert "compose.yaml:9:9" in done.err
    assert run("fix", "-w", "compose.yaml", *ONLY).code == 0
    after = Path("compose.yaml").read_text()
    start, end = "dockerfile_inline: |\n", '    ports: [ "80:80" ]'
    assert after.partition(start)[0] == INLINE.partition(start)[0]
    assert after.partition(end)[2] == INLINE.partition(end)[2]
    block = after.partition(start)[2].partition(end)[0]
    assert "        RUN mkdir /a \\\n" in block
    assert "echo $$HOME\n" in block
    assert "# why" in block
    assert "# and" in block
    assert all(line.startswith("        ") for line in block.splitlines() if line)
    assert run("fix", "compose.yaml", *ONLY).code == 0


@pytest.mark.parametrize(
    ("old", "new"), [("\n", "\r\n"), ("inline: |", "inline: |-"), ("        ", "         ")]
)
def test_blocks_of_other_shapes(run: Run, files: Write, old: str, new: str) -> None:
    text = INLINE.replace(old, new)
    files(compose_yaml=text)
    assert run("fix", "-w", "compose.yaml", *ONLY).code == 0
    after = Path("compose.yaml").read_bytes().decode()
    assert "&& mkdir /b" in after
    assert after.count("\r\n") in {0, after.count("\n")}
    assert after.partition("inline: |")[0] == text.partition("inline: |")[0]
    assert after.partition("ports:")[2] == text.partition("ports:")[2]


@pytest.mark.parametrize(
    "scalar",
    [
        '"FROM debian:12\\nRUN mkdir /a\\nRUN mkdir /b\\n"',
        ">\n        FROM debian:12\n\n        RUN mkdir /a\n\n        RUN mkdir /b\n",
        "|2\n        FROM debian:12\n        RUN mkdir /a\n        RUN mkdir /b\n",
        "|+\n        FROM debian:12\n        RUN mkdir /a\n        RUN mkdir /b\n\n",
        "&x |\n        FROM debian:12\n        RUN mkdir /a\n        RUN mkdir /b\n",
    ],
)
def test_other_scalars_are_only_shown(run: Run, files: Write, scalar: str) -> None:
    text = f"services:\n  a:\n    build:\n      dockerfile_inline: {scalar}\n"
    files(compose_yaml=text)
    done = run("fix", "-w", "compose.yaml", *ONLY)
    assert Path("compose.yaml").read_text() == text
    assert done.code == 0
    shown = run("check", "compose.yaml", *ONLY)
    assert "compose.yaml:4:26" in shown.out
    assert "merge-runs" in shown.out


def test_standard_input(run: Run, here: Path) -> None:
    done = run("fix", "-", "--stdin-filename", "compose.yaml", *ONLY, stdin=INLINE)
    assert "RUN mkdir /a \\\n" in done.out
    assert done.out.endswith('  b: {image: "y"}\n')


def test_mistakes_are_one_clear_line(run: Run, files: Write) -> None:
    files(compose_yaml="services:\n  web:\n    build:.\n    ports: [1]\n", Dockerfile=TWO)
    done = run("fix", "compose.yaml")
    assert (done.code, done.out) == (2, "")
    assert (
        "error: compose.yaml:3:5: no blank after 'build:' (hint: write 'build: ' before the value)\n"
        in done.err
    )


def test_a_dockerfile_that_is_not_there(run: Run, files: Write) -> None:
    files(compose_yaml="services:\n  web:\n    build: api\n  ok:\n    build: .\n", Dockerfile=TWO)
    done = run("fix", "compose.yaml", *ONLY)
    assert done.code == 2
    assert "error: compose.yaml:3:5: web builds api/Dockerfile, and there is no such file (hint: " in done.err
    assert "+++ b/Dockerfile" in done.out


def test_what_is_left_alone_says_why(run: Run, files: Write) -> None:
    files(
        compose_yaml="services:\n  a:\n    build: https://x.org/a.git\n  b:\n    build: .\n", Dockerfile=TWO
    )
    done = run("fix", "compose.yaml", *ONLY)
    assert done.code == 1
    assert "note: compose.yaml:3:5: a: the context is not on this machine\n" in done.err


def test_what_buildkit_rejects_has_its_place_in_the_compose_file(run: Run, files: Write) -> None:
    body = "".join(f"        {line}\n" for line in BROKEN.splitlines())
    files(compose_yaml=f"services:\n  a:\n    build:\n      dockerfile_inline: |\n{body}")
    done = run("fix", "compose.yaml")
    assert done.code == 4
    assert "error: compose.yaml:6:9: unknown instruction: RUNN" in done.err


def test_json_output_stays_json(run: Run, files: Write) -> None:
    noted = "  d: {build: git@x.org:a}\n"
    files(compose_yaml=INLINE + "  c: {build: sub}\n" + noted, sub__Dockerfile=TWO)
    report = json.loads(run("fix", "compose.yaml", "--output-format", "json", *ONLY).out)
    assert sorted(file["filename"] for file in report["files"]) == ["compose.yaml", "sub/Dockerfile"]
    assert report["files"][0]["notes"] == ["compose.yaml:17:7: d: the context is not on this machine"]


def test_one_change_for_two_dockerfiles_of_one_context(run: Run, files: Write) -> None:
    services = "services:\n" + "".join(
        [f"  {name}: {{build: {{context: ., dockerfile: {name}}}}}\n" for name in "ab"]
    )
    text = "FROM node:20-slim\nWORKDIR /app\nCOPY . .\n"
    files(compose_yaml=services, a=text, b=text, package_json="{}")
    Path(".git").mkdir()
    Path(".git/object").write_text("x" * 300_000)
    arguments = ("fix", "--unsafe", "--select", "create-dockerignore", "compose.yaml")
    assert run(*arguments).out.count("+++ b/.dockerignore") == 1
    assert run(*arguments, "--write", "-j", "2").code == 0
    assert ".git\n" in Path(".dockerignore").read_text()
    assert run(*arguments).code == 0


def test_names_that_only_the_disk_knows(run: Run, files: Write) -> None:
    files(
        compose_yaml="services:\n  a:\n    build: .\n", dockerfile=TWO, compose_override_yaml="services: {}\n"
    )
    done = run("fix", "compose.yaml", *ONLY)
    assert "+++ b/dockerfile" in done.out
    assert "note: compose.override.yaml: compose adds this file by itself, name it too\n" in done.err
    done = run("fix", "compose.yaml", "compose.override.yaml", *ONLY)
    assert "by itself" not in done.err


def test_bake_files(run: Run, files: Write) -> None:
    targets = {"a": {"context": "."}, "b": {"context": "sub"}, "c": {"matrix": {"x": [1]}, "name": "c"}}
    text = json.dumps({"group": {"g": {"targets": ["b"]}}, "target": targets})
    files(bake_json=text, Dockerfile=TWO, sub__Dockerfile=TWO)
    done = run("fix", "bake.json", *ONLY)
    assert done.out.count("+++ b/") == 2
    assert "note: bake.json:1:" in done.err
    assert "c: a matrix is not supported" in done.err
    done = run("fix", "--bake", "bake.json", "--bake-target", "g", *ONLY)
    assert [line for line in done.out.splitlines() if line.startswith("+++")] == ["+++ b/sub/Dockerfile"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--compose", "x.json"], "its name has to end in .yaml or .yml"),
        (["--bake", "x.yaml"], "its name has to end in .hcl or .json"),
        (["--compose", "x.yaml", "Dockerfile"], "name all of them as paths"),
        (["Dockerfile", "--service", "a"], "name it with --compose"),
        (["x.yaml", "--bake-target", "a"], "name it with --bake"),
    ],
)
def test_contradictions_are_refused(run: Run, here: Path, arguments: list[str], said: str) -> None:
    done = run("fix", *arguments)
    assert done.code == 2
    assert said in done.err


def test_the_folder_search_does_not_touch_compose_files(run: Run, files: Write) -> None:
    files(compose_yaml=INLINE, Dockerfile=TWO)
    assert run("fix", "-w", *ONLY).code == 0
    assert Path("compose.yaml").read_text() == INLINE
    assert Path("Dockerfile").read_text() == ONE
