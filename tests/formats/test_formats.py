"""Every format is what its readers expect, and all formats tell of the same findings."""

import json
from pathlib import Path
from urllib.parse import unquote

import pytest

from dockeropt.config import OUTPUT_FORMATS
from dockeropt.render.formats import CHANGES, FORMATS
from tests.cli.kit import ONE, TWO, Run, Write
from tests.formats.judges import JUDGES, rdjson_applied, read, sarif_applied
from tests.formats.samples import CORPUS, case_inputs, gather, real_files, unkind

every_judge = pytest.mark.parametrize("name", sorted(JUDGES))


def judged(run: Run, name: str, folder: Path, *more: str) -> int:
    """Write a report to a file and judge it; return how many findings it has."""
    target = folder.parent / "report.out"
    done = run("check", "--output-format", name, "-o", str(target), *more, ".")
    assert done.out == ""
    assert done.code in {0, 1, 2, 4}
    number = JUDGES[name](target.read_text("utf-8"), folder)
    target.unlink()
    return number


def test_the_tables_agree() -> None:
    assert tuple(FORMATS) == OUTPUT_FORMATS[2:]
    assert set(JUDGES) | CHANGES == set(FORMATS)


@every_judge
def test_unkind_files(run: Run, here: Path, name: str) -> None:
    unkind(here)
    expected = judged(run, "json", here, "--unsafe")
    assert judged(run, name, here, "--unsafe") == expected > 20


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "files"
    gather(case_inputs(6), folder)
    return folder


@every_judge
def test_many_files(run: Run, many: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(many)
    select = ("--select", "ALL")
    expected = judged(run, "json", many, *select)
    found = judged(run, name, many, *select)
    assert expected > 100
    assert found == expected or (name == "markdown" and 0 < found < expected)


@pytest.mark.corpus
@pytest.mark.skipif(not CORPUS, reason="DOCKEROPT_CORPUS names no folder")
@every_judge
def test_real_files(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    folder = here / "files"
    gather(real_files(500), folder)
    monkeypatch.chdir(folder)
    for more in ((), ("--select", "ALL", "--unsafe")):
        expected = judged(run, "json", folder, *more)
        found = judged(run, name, folder, *more)
        assert expected > 500
        assert found == expected or (name == "markdown" and 0 < found < expected)


@every_judge
def test_nothing_found_is_a_report_too(run: Run, here: Path, name: str) -> None:
    (here / "Dockerfile").write_text("FROM scratch\nCOPY a /a\n")
    done = run("check", "--output-format", name, ".")
    assert done.code == 0
    assert JUDGES[name](done.out, here) == 0


@every_judge
def test_no_file_is_a_report_too(run: Run, here: Path, name: str) -> None:
    (here / "sub").mkdir()
    done = run("check", "--output-format", name, "sub", "--allow-empty")
    assert done.code == 0
    assert JUDGES[name](done.out, here) == 0


# --- fixes -----------------------------------------------------------------------------


def single_fixes(run: Run, folder: Path) -> dict[str, list[tuple[str, str]]]:
    """Return for each file the findings with edits: fingerprint and the text after that fix alone."""
    report = json.loads(run("check", "--output-format", "json", "--unsafe", ".").out)
    found: dict[str, list[tuple[str, str]]] = {}
    for file in report["files"]:
        data = (folder / file["filename"]).read_bytes()
        fixes = found.setdefault(file["filename"], [])
        for finding in file["findings"]:
            edits = finding["fix"]["edits"] if finding["fix"] else []
            lossy = file["filename"].startswith("latin") and any("?" in edit["content"] for edit in edits)
            if not edits or lossy:  # JSON cannot hold what such a fix writes, so no format offers it
                continue
            after = data
            for edit in sorted(edits, key=lambda e: -e["location"]["byte"]):
                start, end = edit["location"]["byte"], edit["end_location"]["byte"]
                after = after[:start] + edit["content"].encode() + after[end:]
            fixes.append((finding["fingerprint"], after.decode("utf-8", "surrogateescape")))
    return found


def test_a_sarif_fix_makes_exactly_the_edits(run: Run, here: Path) -> None:
    unkind(here)
    gather(case_inputs(20), here / "cases")
    expected = single_fixes(run, here)
    log = json.loads(run("check", "--output-format", "sarif", "--unsafe", ".").out)
    found: dict[str, list[tuple[str, str]]] = {name: [] for name in expected}
    names = {name.encode("utf-8", "replace").decode(): name for name in expected}
    for result in log["runs"][0]["results"]:
        for fix in result.get("fixes", []):
            (change,) = fix["artifactChanges"]
            name = names[unquote(change["artifactLocation"]["uri"])]
            mark = result["partialFingerprints"]["primaryLocationLineHash"]
            found[name].append((mark, sarif_applied(change, read(here, name))))
    assert found == expected
    assert sum(map(len, found.values())) > 20


def test_a_suggestion_for_reviewdog_makes_exactly_the_edits(run: Run, here: Path) -> None:
    unkind(here)
    gather(case_inputs(20), here / "cases")
    expected = {name: [text for _, text in fixes] for name, fixes in single_fixes(run, here).items()}
    lines = run("check", "--output-format", "rdjsonl", "--unsafe", ".").out.split("\n")[:-1]
    found: dict[str, list[str]] = {name: [] for name in expected}
    for record in map(json.loads, lines):
        for suggestion in record.get("suggestions", []):
            name = record["location"]["path"]
            found[name].append(rdjson_applied(suggestion, read(here, name)))
    for name, texts in expected.items():
        unlike = [text for text in texts if text not in found[name]]
        # Only the end of a file that has no line end cannot be said in whole lines.
        assert all(text.endswith("\n") != read(here, name).endswith("\n") for text in unlike), name
        assert len(found[name]) + len(unlike) == len(texts)
    assert sum(map(len, found.values())) > 20


def with_context(here: Path, ignore: str | None) -> None:
    (here / "Dockerfile").write_text("FROM node:20\nWORKDIR /app\nCOPY . .\nRUN npm ci\n")
    (here / "package.json").write_text('{"name": "a"}')
    (here / "package-lock.json").write_text('{"lockfileVersion": 3}')
    (here / "node_modules").mkdir()
    (here / ".git").mkdir()
    (here / ".git" / "HEAD").write_text("x")
    (here / "node_modules" / "a.js").write_text("x")
    (here / "app" / "node_modules").mkdir(parents=True)
    (here / "app" / "node_modules" / "b.js").write_text("x")
    if ignore is not None:
        (here / ".dockerignore").write_text(ignore)


def test_fixes_of_other_files(run: Run, here: Path) -> None:
    with_context(here, "# é\nnode_modules\n.git\n")
    arguments = ("--context", ".", "--select", "fix-dockerignore-patterns", "--unsafe", "Dockerfile")
    log = json.loads(run("check", "--output-format", "sarif", *arguments).out)
    plain = json.loads(run("check", "--output-format", "json", *arguments).out)
    (finding,) = plain["files"][0]["findings"]
    (result,) = log["runs"][0]["results"]
    ((change,),) = [fix["artifactChanges"] for fix in result["fixes"]]
    assert change["artifactLocation"]["uri"] == ".dockerignore"
    after = sarif_applied(change, read(here, ".dockerignore"))
    assert [after] == [one["after"] for one in finding["fix"]["files"]]
    assert after != read(here, ".dockerignore")
    (diagnostic,) = json.loads(run("check", "--output-format", "rdjson", *arguments).out)["diagnostics"]
    assert "suggestions" not in diagnostic
    assert "The fix changes .dockerignore: `dockeropt fix` shows how." in diagnostic["message"]


def test_a_file_that_a_fix_creates_is_named_where_it_cannot_be_made(run: Run, here: Path) -> None:
    with_context(here, None)
    arguments = ("--context", ".", "--select", "create-dockerignore", "--unsafe", "Dockerfile")
    (result,) = json.loads(run("check", "--output-format", "sarif", *arguments).out)["runs"][0]["results"]
    assert "fixes" not in result
    assert "creates .dockerignore" in result["message"]["text"]
    assert "creates .dockerignore" in run("check", "--output-format", "github", *arguments).out


# --- the command line around them ------------------------------------------------------


def test_a_preview_lists_what_it_would_do_and_a_write_what_is_left(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    only = ("--select", "merge-runs", "Dockerfile")
    assert "merge-runs" in run("fix", "--output-format", "github", *only).out
    assert run("fix", "--write", "--output-format", "github", *only).out == ""
    assert Path("Dockerfile").read_text() == ONE
    files(Dockerfile=TWO)
    assert "merge-runs" in run("fix", "--write", "--show-fixes", "--output-format", "github", *only).out


@pytest.mark.parametrize("name", sorted(JUDGES))
def test_a_wrong_configuration_is_part_of_the_report(run: Run, files: Write, here: Path, name: str) -> None:
    files(Dockerfile=TWO, dockeropt_toml="nonsense = 1\n")
    done = run("check", "--output-format", name, "Dockerfile")
    assert done.code == 2
    assert "unknown key 'nonsense'" in done.err
    JUDGES[name](done.out, here)
    assert "nonsense" in done.out


def test_check_with_a_diff_as_format_shows_the_fixes(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    shown = run("fix", "--diff", "Dockerfile", "--select", "merge-runs")
    for command in ("fix", "check"):
        done = run(command, "--output-format", "diff", "Dockerfile", "--select", "merge-runs")
        assert (done.code, done.out) == (1, shown.out)
    assert Path("Dockerfile").read_text() == TWO


@pytest.mark.parametrize("name", OUTPUT_FORMATS)
def test_every_way_to_choose_a_format(
    run: Run, files: Write, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    files(Dockerfile=TWO)
    chosen = run("check", "--output-format", name, ".").out
    assert chosen
    monkeypatch.setenv("DOCKEROPT_OUTPUT_FORMAT", name)
    assert run("check", ".").out == chosen
    monkeypatch.delenv("DOCKEROPT_OUTPUT_FORMAT")
    files(dockeropt_toml=f'output-format = "{name}"\n')
    assert run("check", ".").out == chosen
    assert run("check", "-o", "report", ".").out == ""
    assert Path("report").read_bytes().decode("utf-8", "surrogateescape") == chosen


@pytest.mark.parametrize("name", OUTPUT_FORMATS)
def test_statistics_have_a_place_in_every_format(run: Run, files: Write, here: Path, name: str) -> None:
    files(Dockerfile=TWO)
    done = run("check", "--statistics", "--output-format", name, ".", "--select", "merge-runs")
    if name in {"text", "concise"}:
        assert done.out == "1  [*]  merge-runs\n"
    elif name == "json":
        assert JUDGES[name](done.out, here) == 0
        counted = json.loads(done.out)["summary"]["statistics"]
        assert counted == [{"code": "merge-runs", "count": 1, "fixable": True}]
    elif name == "markdown":
        assert "| 1 | `merge-runs` |" in done.out
    else:
        assert "1  [*]  merge-runs\n" in done.err
        assert name in CHANGES or JUDGES[name](done.out, here) == 1


def test_names_are_relative_however_they_are_given(run: Run, files: Write, here: Path) -> None:
    files(sub__Dockerfile=TWO)
    for given in ("sub/../sub/Dockerfile", str(here / "sub" / "Dockerfile"), "./sub"):
        (issue,) = json.loads(run("check", "--output-format", "gitlab", given, "--select", "merge-runs").out)
        assert issue["location"]["path"] == "sub/Dockerfile"


def test_what_lies_outside_has_an_absolute_uri(
    run: Run, files: Write, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(a__Dockerfile=TWO, b__x="")
    monkeypatch.chdir(here / "b")
    log = json.loads(run("check", "--output-format", "sarif", "../a/Dockerfile").out)
    location = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert location == {"uri": f"file://{here}/a/Dockerfile"}


def test_a_file_on_another_drive_has_an_absolute_uri() -> None:
    from dockeropt.render.formats.sarif import _artifact

    assert _artifact("C:/a b/Dockerfile") == {"uri": "file:///C:/a%20b/Dockerfile"}
    assert _artifact("C:x") == {"uri": "C%3Ax", "uriBaseId": "%SRCROOT%"}


def test_an_explanation_heeds_no_format_of_reports(
    run: Run, files: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    files(Dockerfile=TWO)
    plain = run("explain", "Dockerfile:2")
    monkeypatch.setenv("DOCKEROPT_OUTPUT_FORMAT", "sarif")
    assert run("explain", "Dockerfile:2") == plain
    assert run("explain", "--output-format", "sarif", "Dockerfile:2").code == 2


def test_an_unknown_format_is_refused_with_the_known_ones(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    done = run("check", "--output-format", "pdf", ".")
    assert done.code == 2
    assert "sarif" in done.err


# --- Markdown --------------------------------------------------------------------------


def test_no_line_of_a_diff_ends_its_code_block(run: Run, here: Path) -> None:
    (here / "Dockerfile").write_text("FROM debian:12\nCOPY <<E /a\n````\nE\nRUN mkdir /a\nRUN mkdir /b\n")
    text = run("fix", "--output-format", "markdown", "--select", "merge-runs", "Dockerfile").out
    opening = text.split("\n").index("`````diff")
    assert text.split("\n")[opening:].count("`````") == 1
    assert " ````\n" in text


def test_names_are_code_whatever_they_hold(run: Run, here: Path) -> None:
    for name in ("a`b", "a|b"):
        (here / name).mkdir()
        (here / name / "Dockerfile").write_text(TWO)
    text = run("check", "--output-format", "markdown", ".").out
    assert "#### `` a`b/Dockerfile ``\n" in text
    assert "#### `a|b/Dockerfile`\n" in text


# --- GitHub ----------------------------------------------------------------------------


def test_no_more_annotations_than_github_shows(run: Run, here: Path) -> None:
    (here / "Dockerfile").write_text("FROM debian:12\n" + "ENV a b\n" * 25)
    done = run("check", "--output-format", "github", "--select", "fix-key-value-format", ".")
    lines = done.out.split("\n")
    assert sum(line.startswith("::") for line in lines) == 10
    assert lines[-2].startswith("15 findings have no annotation: ")
    assert sum(line.startswith("Dockerfile:") for line in lines) == 25


@pytest.mark.parametrize("name", ["github", "markdown"])
def test_the_step_summary_is_appended_to(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (here / "Dockerfile").write_text(TWO)
    (here / "summary").write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "summary"))
    run("check", "--output-format", name, "Dockerfile")
    text = (here / "summary").read_text()
    assert text.startswith("before\n### dockeropt\n")
    assert JUDGES["markdown"](text.removeprefix("before\n"), here) > 0
    run("check", "Dockerfile")
    assert (here / "summary").read_text() == text


def test_a_summary_that_cannot_be_written_is_said_and_changes_nothing(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "Dockerfile").write_text(TWO)
    before = run("check", "--output-format", "github", "Dockerfile")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(here / "none" / "summary"))
    after = run("check", "--output-format", "github", "Dockerfile")
    assert (after.code, after.out) == (before.code, before.out)
    assert "no summary was written" in after.err


def test_no_text_of_a_file_begins_a_command(run: Run, here: Path) -> None:
    folder = here / "::error::x"
    folder.mkdir()
    (folder / "Dockerfile").write_text("FROM debian:12\nMAINTAINER ##[error]a\nENV a b\nRUNN ##[warning]\n")
    done = run("check", "--output-format", "github", ".", "--select", "ALL")
    for line in done.out.split("\n"):
        if line.startswith("::"):
            assert line.startswith(("::error title=dockeropt", "::warning title=dockeropt", "::notice title"))
        else:
            assert "##[" not in line


# --- Dockerfiles inside of other files -------------------------------------------------

PYTHON = '''import docker

DOCKERFILE = """\\
# é 𐀀
FROM debian:12
RUN mkdir /a
RUN mkdir /b
"""
docker.from_env().images.build(fileobj=DOCKERFILE)
'''
COMPOSE = """\
services:
  # é 𐀀
  app:
    build:
      context: .
      dockerfile_inline: |
        FROM debian:12
        RUN mkdir /a
        RUN mkdir /b
"""


@every_judge
def test_embedded_dockerfiles(run: Run, here: Path, name: str) -> None:
    (here / "build.py").write_text(PYTHON, "utf-8")
    (here / "compose.yaml").write_text(COMPOSE, "utf-8")
    select = ("--select", "merge-runs", "--output-format", name)
    done = run("check", *select, "build.py", "compose.yaml")
    assert JUDGES[name](done.out, here) == 2
    if name == "sarif":
        for result in json.loads(done.out)["runs"][0]["results"]:
            location = result["locations"][0]["physicalLocation"]
            path = here / location["artifactLocation"]["uri"]
            ((change,),) = [fix["artifactChanges"] for fix in result["fixes"]]
            after = sarif_applied(change, read(here, path.name))
            run("fix", "--write", "--select", "merge-runs", path.name)
            assert path.read_text("utf-8") == after
