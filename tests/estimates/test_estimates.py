"""What the changes save, as it is said: facts, estimates, and silence where nothing is known."""

from pathlib import Path

import pytest

import dockeropt
from dockeropt.estimates import Estimate, estimates_of, megabytes
from dockeropt.estimates.contextfiles import Side, files_of
from dockeropt.estimates.edited import edited_file, is_manifest
from dockeropt.model.model import Model
from dockeropt.project.context import UNKNOWN, BuildContext, InMemory
from dockeropt.project.directory import Directory
from dockeropt.rewrite.fix import FileChange
from dockeropt.rewrite.result import Result
from dockeropt.syntax import parse

BIG = "x" * 1_000_000


def of(
    before: str, after: str, build: BuildContext = UNKNOWN, files: tuple[FileChange, ...] = ()
) -> dict[str, Estimate]:
    found = estimates_of(Result(before, after, files=files), build)
    assert len({one.kind for one in found}) == len(found)
    return {one.kind: one for one in found}


LATE = "FROM {}\nCOPY . /app\nWORKDIR /app\nRUN pip install -r requirements.txt\nCMD ls\n"
EARLY = "FROM {0}\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ls\n"
UNKNOWN_BASE = "ghcr.io/acme/base"


# --- rebuild ---------------------------------------------------------------------------


def test_with_a_context_the_rebuild_is_a_fact() -> None:
    context = InMemory({"app.py": "", "tests/test_app.py": "", "requirements.txt": ""})
    found = of(LATE.format(UNKNOWN_BASE), EARLY.format(UNKNOWN_BASE), context)
    assert str(found["rebuild"]) == (
        "rebuild after an edit of app.py: 3 of 3 steps run again -> 1 of 4; pip install no longer"
        " (fact: BuildKit's cache rules)"
    )
    assert (found["rebuild"].before, found["rebuild"].of_before) == (3, 3)
    assert (found["rebuild"].after, found["rebuild"].of_after, found["rebuild"].unit) == (1, 4, "steps")
    assert list(found) == ["rebuild"]


def test_without_a_context_it_is_an_estimate() -> None:
    found = of(LATE.format(UNKNOWN_BASE), EARLY.format(UNKNOWN_BASE))
    assert found["rebuild"].certainty == "estimate"
    assert "after an edit of a source file: 3 of 3" in found["rebuild"].text
    assert found["rebuild"].source == "BuildKit's cache rules; no build context given"


def test_merging_what_runs_again_anyway_saves_no_rebuild() -> None:
    before = f"FROM {UNKNOWN_BASE}\nRUN a\nRUN b\nCOPY . /app\nRUN c\nRUN d\n"
    after = f"FROM {UNKNOWN_BASE}\nRUN a && b\nCOPY . /app\nRUN c && d\n"
    assert of(before, after) == {}


def test_one_command_for_another_of_the_same_tool_is_no_saving() -> None:
    before = f"FROM {UNKNOWN_BASE}\nCOPY . /app\nRUN npm install\nRUN npm install -g x\n"
    assert of(before, before.replace("npm install\n", "npm ci\n")) == {}
    assert of(before.replace(" -g x", ""), before.replace("install", "ci").replace(" -g x", "")) == {}


def test_what_a_change_costs_is_said_too() -> None:
    found = of(EARLY.format(UNKNOWN_BASE), LATE.format(UNKNOWN_BASE))
    assert found["rebuild"].text.endswith("1 of 4 steps run again -> 3 of 3; pip install too now")


def test_a_context_that_is_not_copied_says_nothing_of_a_rebuild() -> None:
    before = "FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n"
    assert "rebuild" not in of(before, before.replace("\nRUN apt-get install", " && apt-get install"))


@pytest.mark.parametrize(
    ("text", "files", "edited"),
    [
        ("COPY . .", {"a.py": "", "b/c.py": "", "d.md": ""}, "a.py"),
        ("COPY . .", {"tests/a.py": "", "src/x/b.py": ""}, "src/x/b.py"),
        ("COPY . .", {"x.js": "", "src/a.go": "", "src/b.go": ""}, "src/a.go"),
        ("COPY . .", {".x.js": "", "x.config.js": "", "lib/a.js": ""}, "lib/a.js"),
        ("COPY src .", {"a.py": "", "src/b.py": ""}, "src/b.py"),
        ("COPY . .", {"setup.py": "", "requirements.txt": ""}, None),
        ("COPY . .", {"a.py": "", ".dockerignore": "*.py"}, None),
        ("COPY a.txt .", {"a.py": "", "a.txt": ""}, None),
        ("RUN --mount=type=bind,target=/s make", {"a.c": ""}, "a.c"),
    ],
)
def test_the_file_that_is_edited_is_really_there(
    text: str, files: dict[str, str], edited: str | None
) -> None:
    context = InMemory(files)
    side = Side(context, context.ignore)
    found = edited_file(Model(parse(f"FROM a\n{text}\n")), files_of(side), side)
    assert (found.path if found else None) == edited


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        ("COPY package.json .\nCOPY src .\nCOPY . .", "a source file"),
        ("COPY package*.json .\nCOPY src /app", "src/a source file"),
        ("COPY thing /app\nCOPY src /app\nCOPY other /x", "src/a source file"),
        ("COPY package.json go.mod ./", None),
        ("COPY nginx.conf /etc/\nCOPY app.py /app", "app.py"),
        ("COPY --from=x . .", None),
        ("RUN true", None),
    ],
)
def test_without_a_context_a_copied_folder_stands_for_the_source(text: str, edited: str | None) -> None:
    side = Side(UNKNOWN, UNKNOWN.ignore)
    found = edited_file(Model(parse(f"FROM a\n{text}\n")), None, side)
    assert (found.path if found else None) == edited
    assert found is None or str(found) == "a source file"


def test_manifests() -> None:
    assert all(
        map(is_manifest, ("a/go.mod", "Api.csproj", "requirements/dev.txt", "pom.xml", "package*.json"))
    )
    assert not any(map(is_manifest, ("main.go", "package.py", "notes.txt")))


# --- sizes -----------------------------------------------------------------------------


def test_measured_images_are_a_fact() -> None:
    found = of("FROM python:3.12-bookworm\nRUN a\n", "FROM python:3.12-slim-bookworm\nRUN a\n")["base-image"]
    assert (found.before, found.after, found.certainty) == (1_020_000_000, 124_300_000, "fact")
    assert "1.02 GB -> 124.3 MB on disk" in found.text


def test_of_others_the_packages_are_estimated() -> None:
    found = of(
        "FROM node:20-bookworm\nRUN a\n",
        "FROM node:20-bookworm-slim\nRUN apt-get update && apt-get install -y --no-install-recommends gcc\n",
    )["base-packages"]
    assert found.certainty == "estimate"
    assert found.before > 5 * found.after
    assert "413 -> 88 Debian packages" in found.text
    assert found.text.endswith("on top come gcc")


def test_what_only_the_larger_image_held_comes_on_top() -> None:
    before = "FROM node:20-bookworm\nRUN apt-get install -y git vim\n"
    found = of(before, before.replace("bookworm", "bookworm-slim"))["base-packages"]
    assert found.text.endswith("; on top come git")


def test_what_the_same_run_removes_again_does_not_come_on_top() -> None:
    after = "FROM node:20-bookworm-slim\nRUN apt-get install -y gcc make && a && apt-get purge -y gcc{}\n"
    for more, end in (("", "; on top come make"), (" $x", " installed")):
        found = of("FROM node:20-bookworm\nRUN a\n", after.format(more))["base-packages"]
        assert found.text.endswith(end)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ghcr.io/acme/a", "ghcr.io/acme/b"),
        ("python:3.12-bookworm", "python:3.12-bookworm"),
        ("httpd:2", "httpd:2-alpine"),  # read from undated copies: not to be compared
        ("python:3.12-nosuchthing", "python:3.12-slim"),
    ],
)
def test_unknown_images_say_nothing(old: str, new: str) -> None:
    assert of(f"FROM {old}\nRUN a\n", f"FROM {new}\nRUN a\n# x\n") == {}


def test_a_builder_stage_is_not_the_image() -> None:
    before = "FROM python:3.12-bookworm AS b\nRUN a\nFROM scratch\nCOPY --from=b /a /a\n"
    assert of(before, before.replace("12-bookworm", "12-slim-bookworm")) == {}


def test_files_stored_twice_by_chown() -> None:
    context = InMemory({"data.bin": BIG, "lib/more.bin": BIG})
    before = "FROM debian:12\nRUN useradd u\nCOPY . /app\nRUN chown -R u /app/lib\n"
    after = "FROM debian:12\nRUN useradd u\nCOPY --chown=u . /app\n"
    found = of(before, after, context)["context-files"]
    assert (found.before, found.after, found.certainty) == (3_000_000, 2_000_000, "fact")
    assert "3 MB -> 2 MB" in found.text
    assert of(before, after) == {}


def test_an_ignore_file_made_by_a_fix(tmp_path: Path) -> None:
    (tmp_path / ".git" / "objects").mkdir(parents=True)
    (tmp_path / ".git" / "objects" / "pack").write_text(BIG * 2)
    (tmp_path / "app.py").write_text("1234567890")
    text = "FROM debian:12\nCOPY . /app\n"
    change = (FileChange(".dockerignore", None, ".git\n"),)
    wanted = {"context-files": (2_000_010, 15), "build-context": (2_000_010, 15)}
    found = of(text, text, Directory(str(tmp_path)), change)
    assert {kind: (one.before, one.after) for kind, one in found.items()} == wanted
    assert {one.certainty for one in found.values()} == {"fact"}
    (tmp_path / ".dockerignore").write_text(".git\n")  # the same once it is written
    found = of(text, text, Directory(str(tmp_path)), change)
    assert {kind: (one.before, one.after) for kind, one in found.items()} == wanted


def test_package_lists() -> None:
    before = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y curl\n"
    found = of(before, before.rstrip() + " && rm -rf /var/lib/apt/lists/*\n")["package-lists"]
    assert (found.before, found.after, found.certainty) == (19_857_442, 0, "estimate")
    mounted = before.replace("RUN", "RUN --mount=type=cache,target=/var/lib/apt/lists")
    assert "package-lists" in of(before, mounted)
    assert of(before + "USER a\n", before) == {}


def test_recommended_packages() -> None:
    before = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y build-essential\n"
    after = before.replace("-y", "-y --no-install-recommends")
    found = of(before, after)["recommended-packages"]
    assert found.before > 1_000_000
    assert "up to" in found.text
    assert (
        of(before.replace("debian:bookworm", UNKNOWN_BASE), after.replace("debian:bookworm", UNKNOWN_BASE))
        == {}
    )


# --- as a whole ------------------------------------------------------------------------


def test_nothing_changed_nothing_said() -> None:
    text = LATE.format("python:3.12")
    assert estimates_of(Result(text, text), UNKNOWN) == ()


def test_what_could_not_be_built_is_not_compared() -> None:
    after = "FROM python:3.12-slim-bookworm\nCOPY . /app\n"
    assert of("FROM python:3.12-bookworm\nCOPY. /app\n", after) == {}


def test_the_library_answers_for_a_result() -> None:
    result = dockeropt.fix_str("FROM debian:12\nRUN apt-get update && apt-get install -y curl\n")
    assert [one.kind for one in dockeropt.estimate(result)] == ["package-lists"]
    python = dockeropt.fix_python('dockerfile = """\nFROM debian:12\nENV a b\n"""\n')
    assert python.changed
    assert dockeropt.estimate(python) == ()


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (19_857_442, "19.86 MB"), (1_109_000_000, "1.109 GB")],
)
def test_sizes_are_written_as_docker_does(size: int, text: str) -> None:
    assert megabytes(size) == text
