"""The commands as a user types them: output and exit codes."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from dockeropt.cli.exitcodes import exit_code
from dockeropt.rewrite.registry import Registry
from tests.cli.kit import BROKEN, ONE, ONLY, PLAIN, TWO, Run, Write

# --- fix -------------------------------------------------------------------------------


def test_a_preview_shows_the_diff_and_says_why(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    done = run("fix", "Dockerfile", *ONLY)
    assert done.code == 1
    assert done.out == (
        "--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,3 +1,3 @@\n FROM debian:12\n-RUN mkdir /a\n-RUN mkdir /b\n"
        "+RUN mkdir /a \\\n+    && mkdir /b\n"
    )
    assert "Dockerfile:2:1  merge-runs  [*] " in done.err
    assert "Would apply 1 fix in 1 file (1 safe)." in done.err
    assert "Run `dockeropt fix --write Dockerfile` to apply, `dockeropt explain merge-runs`" in done.err
    assert Path("Dockerfile").read_text() == TWO


def test_the_diff_can_be_applied(run: Run, files: Write, here: Path) -> None:
    files(sub__Dockerfile=TWO.rstrip("\n").replace("\n", "\r\n"))
    done = run("fix", ".", *ONLY)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    environment["GIT_CEILING_DIRECTORIES"] = str(here.parent)
    subprocess.run(["git", "apply"], input=done.out.encode(), check=True, env=environment)
    assert Path("sub/Dockerfile").read_bytes() == ONE.rstrip("\n").replace("\n", "\r\n").encode()


@pytest.mark.parametrize("absolute", [False, True])
def test_the_diff_names_files_from_here(run: Run, files: Write, here: Path, absolute: bool) -> None:
    files(sub__Dockerfile=TWO)
    name = str(here / "sub" / "Dockerfile") if absolute else "./sub/../sub/Dockerfile"
    assert run("fix", name, *ONLY).out.startswith("--- a/sub/Dockerfile\n+++ b/sub/Dockerfile\n")


def test_write_writes_and_is_done(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    done = run("fix", "--write", "Dockerfile", *ONLY)
    assert (done.code, done.out) == (0, "")
    assert "Applied 1 fix in 1 file (1 safe)." in done.err
    assert Path("Dockerfile").read_text() == ONE
    again = run("fix", "--write", "Dockerfile", *ONLY)
    assert (again.code, again.err) == (0, "Nothing to change in 1 file.\n")


def test_show_fixes_names_what_was_written(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    assert "Dockerfile:2:" in run("fix", "-w", "--show-fixes", "Dockerfile", *ONLY).err


def test_check_only_names_the_files(run: Run, files: Write) -> None:
    files(a__Dockerfile=TWO, b__Dockerfile=PLAIN)
    done = run("fix", "--check", ".", *ONLY)
    assert (done.code, done.out) == (1, "Would rewrite a/Dockerfile\n")


def test_unsafe_fixes_have_to_be_asked_for(run: Run, files: Write) -> None:
    files(Dockerfile=TWO, dockeropt_toml="extend-unsafe-fixes = ['merge-runs']\n")
    done = run("fix", "Dockerfile", *ONLY)
    assert (done.code, done.out) == (0, "")
    assert "[!]" in done.err
    assert "1 finding has an unsafe fix: see with --unsafe." in done.err
    for flag in ("--unsafe", "--unsafe-fixes"):
        done = run("fix", flag, "Dockerfile", *ONLY)
        assert done.code == 1
        assert "(1 unsafe)" in done.err
        assert "fix --write --unsafe Dockerfile" in done.err


def test_what_may_not_be_fixed_is_reported(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    done = run("fix", "--unfixable", "merge-runs", "Dockerfile", *ONLY)
    assert (done.code, done.out) == (0, "")
    assert "(the configuration keeps it as it is)" in done.err
    assert run("fix", "--fixable", "style", "Dockerfile", *ONLY).code == 0


def test_quiet_and_silent(run: Run, files: Write) -> None:
    files(Dockerfile=TWO, b__Dockerfile=BROKEN)
    quiet = run("fix", "-q", "Dockerfile", *ONLY)
    assert (quiet.code, quiet.err) == (1, "")
    assert quiet.out.startswith("--- a/Dockerfile")
    silent = run("fix", "-s", ".", *ONLY)
    assert (silent.code, silent.out) == (4, "")
    assert silent.err.startswith("error: b/Dockerfile:2:1: ")
    assert silent.err.count("\n") == 1


def test_colours_only_where_they_are_wanted(run: Run, files: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    files(Dockerfile=TWO)
    assert "\x1b" not in "".join(run("fix", "Dockerfile", *ONLY)[1:])
    coloured = run("fix", "--color", "always", "Dockerfile", *ONLY)
    assert "\x1b[31m-RUN mkdir /a\x1b[0m\n" in coloured.out
    assert "\x1b[32m[*]\x1b[0m" in coloured.err
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in run("fix", "Dockerfile", *ONLY).out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in run("fix", "Dockerfile", *ONLY).out


def test_output_file(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    done = run("fix", "-o", "out.diff", "Dockerfile", *ONLY)
    assert (done.code, done.out) == (1, "")
    assert Path("out.diff").read_text().startswith("--- a/Dockerfile")
    done = run("fix", "-o", "no/such/folder", "Dockerfile")
    assert done.code == 2
    assert "no/such/folder: no such file" in done.err


def test_verbose_names_the_configuration(run: Run, files: Write) -> None:
    files(a__Dockerfile=PLAIN, b__Dockerfile=PLAIN, a__dockeropt_toml="ignore = ['style']\n")
    err = run("fix", "-v", ".").err
    assert f"a/Dockerfile: configuration {Path('a/dockeropt.toml').resolve()}\n" in err
    assert "b/Dockerfile: configuration none\n" in err


def test_a_plugin_that_was_left_out_is_named(run: Run, files: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    files(Dockerfile=PLAIN)
    registry = Registry((), ("the plugin 'x' was left out",))
    monkeypatch.setattr("dockeropt.cli.run.load_registry", lambda: registry)
    assert run("fix", "Dockerfile").err.startswith("warning: the plugin 'x' was left out\n")


# --- check -----------------------------------------------------------------------------


def test_check_lists_findings(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    done = run("check", "Dockerfile", *ONLY)
    assert done.code == 1
    assert done.out.startswith("Dockerfile:2:1  merge-runs  [*] ")
    assert "Found 1 finding in 1 file.\n[*] 1 fixable" in done.err
    assert Path("Dockerfile").read_text() == TWO
    assert run("check", "--diff", "Dockerfile", *ONLY).out.startswith("--- a/Dockerfile")


def test_check_fix_is_fix_write_with_a_report(run: Run, files: Write) -> None:
    files(Dockerfile=TWO, b__Dockerfile=TWO, b__dockeropt_toml="unfixable = ['merge-runs']\n")
    done = run("check", "--fix", ".", *ONLY)
    assert done.code == 1
    assert Path("Dockerfile").read_text() == ONE
    assert done.out.startswith("b/Dockerfile:2:1  merge-runs  [ ] ")
    assert "Applied 1 fix in 1 file (1 safe).\nFound 1 finding in 2 files." in done.err


@pytest.mark.parametrize(
    ("level", "code"), [("error", 0), ("warning", 0), ("info", 1), ("style", 1), ("none", 0)]
)
def test_fail_level(run: Run, files: Write, level: str, code: int) -> None:
    files(Dockerfile=TWO)
    assert run("check", "--fail-level", level, "Dockerfile", *ONLY).code == code
    assert run("check", "-t", level, "Dockerfile", *ONLY).code == code


def test_concise_output_has_one_line_for_a_finding(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    assert run("check", "--output-format", "concise", "Dockerfile", *ONLY).out.count("\n") == 1
    assert run("check", "Dockerfile", *ONLY).out.count("\n") > 1


def test_statistics(run: Run, files: Write) -> None:
    files(a__Dockerfile=TWO, b__Dockerfile=TWO, c__Dockerfile=PLAIN)
    assert run("check", "--statistics", ".", *ONLY).out == "2  [*]  merge-runs\n"


def test_json(run: Run, files: Write) -> None:
    files(a__Dockerfile="# é\n" + TWO, b__Dockerfile=BROKEN, c__Dockerfile="FROM a\nRUN \0\n")
    done = run("check", "--output-format", "json", ".", *ONLY)
    report = json.loads(done.out)
    assert report["schema_version"] == 1
    assert report["summary"] == {
        "files": 3, "changed": 0, "written": 0, "fixes": 0, "findings": 1, "exit_code": 2,
    }  # fmt: skip
    good, broken, binary = report["files"]
    (finding,) = good["findings"]
    assert (finding["code"], finding["category"], finding["status"]) == ("merge-runs", "size", "pending")
    assert finding["location"] == {
        "line": 3,
        "row": 3,
        "column": 1,
        "byte": len("# é\nFROM debian:12\n".encode()),
    }
    assert finding["fix"]["applicability"] == "safe"
    data = Path("a/Dockerfile").read_bytes()
    for edit in sorted(finding["fix"]["edits"], key=lambda e: -e["location"]["byte"]):
        start, end = edit["location"]["byte"], edit["end_location"]["byte"]
        data = data[:start] + edit["content"].encode() + data[end:]
    assert data.decode() == "# é\n" + ONE
    assert broken["problems"][0]["line"] == 2
    assert binary["error"]["message"].startswith("binary file")


def test_json_of_a_preview_has_the_diff(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    done = run("fix", "--output-format", "json", "Dockerfile", *ONLY)
    (record,) = json.loads(done.out)["files"]
    assert record["changed"]
    assert record["diff"].startswith("--- a/Dockerfile\n")
    assert [f["status"] for f in record["findings"]] == ["fixed"]


def test_json_survives_invalid_bytes(run: Run, files: Write) -> None:
    files(Dockerfile=TWO + "# \udcff\n")
    assert json.loads(run("fix", "--output-format", "json", "Dockerfile", *ONLY).out)["files"][0]["changed"]


# --- standard input --------------------------------------------------------------------


def test_standard_input_gives_the_whole_fixed_file(run: Run) -> None:
    done = run("fix", "-", *ONLY, stdin=TWO)
    assert (done.code, done.out) == (1, ONE)
    assert run("fix", "--exit-zero", "-", *ONLY, stdin=TWO).code == 0


@pytest.mark.parametrize(
    "text", [b"", PLAIN.encode(), b"\xef\xbb\xbfFROM a\r\n# \xff", BROKEN.encode(), b"FROM a"]
)
def test_what_is_not_changed_comes_back_byte_for_byte(run: Run, text: bytes) -> None:
    assert run("fix", "-", stdin=text).out.encode("utf-8", "surrogateescape") == text


def test_standard_input_as_a_diff(run: Run) -> None:
    done = run("fix", "--diff", "-", "--stdin-filename", "x/Dockerfile.dev", *ONLY, stdin=TWO)
    assert done.code == 1
    assert done.out.startswith("--- a/x/Dockerfile.dev\n")
    assert run("fix", "--diff", "-", *ONLY, stdin=TWO).out.startswith("--- a/Dockerfile\n")


def test_findings_of_standard_input(run: Run) -> None:
    assert run("check", "-", *ONLY, stdin=TWO).out.startswith("-:2:1  merge-runs")
    fixed = run("check", "--fix", "-", *ONLY, stdin=TWO)
    assert (fixed.code, fixed.out) == (0, ONE)


def test_the_name_of_standard_input_finds_its_configuration(run: Run, files: Write) -> None:
    files(a__dockeropt_toml="unfixable = ['merge-runs']\nexclude = ['Dockerfile.x']\n")
    assert run("fix", "-", "--stdin-filename", "a/Dockerfile", *ONLY, stdin=TWO).out == TWO
    name = ("--force-exclude", "--stdin-filename", "a/Dockerfile.x")
    assert run("check", "-", *name, *ONLY, stdin=TWO) == (0, "", "Nothing found in 1 file.\n")


def test_what_is_no_text_on_standard_input(run: Run) -> None:
    done = run("fix", "-", stdin=b"FROM a\0")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("error: -:1: binary file")
    assert run("fix", "-", stdin=b"#" * (5 * 1024 * 1024 + 1)).code == 2


# --- exit codes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("codes", "result"),
    [
        ((), 0),
        ((0,), 0),
        ((3,), 3),
        ((1, 3), 1),
        ((5, 1), 5),
        ((4, 5), 4),
        ((2, 4), 2),
        ((0, 1, 2, 3, 4, 5), 2),
    ],
)
def test_the_gravest_code_wins(codes: tuple[int, ...], result: int) -> None:
    assert exit_code(codes) == result


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ("plain", 0),
        ("two plain", 1),
        ("broken two plain", 4),
        ("missing broken two plain", 2),
        ("missing two", 2),
    ],
)
def test_one_bad_file_never_stops_the_others(run: Run, files: Write, names: str, code: int) -> None:
    files(plain=PLAIN, two=TWO, broken=BROKEN)
    done = run("fix", *names.split(), *ONLY)
    assert done.code == code
    assert ("--- a/two" in done.out) == ("two" in names)


def test_exit_zero_hides_findings_and_nothing_else(run: Run, files: Write) -> None:
    files(two=TWO, broken=BROKEN)
    assert run("fix", "--exit-zero", "two", *ONLY).code == 0
    assert run("check", "-e", "two", *ONLY).code == 0
    assert run("check", "-e", "two", "broken", *ONLY).code == 4
    assert run("check", "-e", "two", "missing", *ONLY).code == 2


def test_exit_non_zero_on_fix(run: Run, files: Write) -> None:
    files(two=TWO, plain=PLAIN)
    assert run("fix", "-w", "--exit-non-zero-on-fix", "plain", *ONLY).code == 0
    assert run("fix", "-w", "--exit-non-zero-on-fix", "two", *ONLY).code == 1
    assert run("fix", "-w", "--exit-non-zero-on-fix", "two", *ONLY).code == 0


def test_no_dockerfile_found(run: Run, files: Write, here: Path) -> None:
    (here / "empty").mkdir()
    done = run("fix", "empty")
    assert done.code == 3
    assert done.err.startswith("error: no Dockerfile found in empty (hint: ")
    assert run("fix", "--allow-empty", "empty") == (0, "", "")
    assert run("check").code == 3


# --- the smaller commands --------------------------------------------------------------


def test_passes(run: Run) -> None:
    table = run("passes")
    assert table.code == 0
    assert "merge-runs" in table.out
    records = json.loads(run("passes", "--output-format", "json").out)
    assert any(
        r["id"] == "merge-runs" and r["category"] == "size" and "DL3059" in r["aliases"] for r in records
    )
    assert "(merge-runs.md)" in run("passes", "--output-format", "markdown").out


def test_explain_a_pass_under_any_name(run: Run) -> None:
    page = run("explain", "merge-runs")
    assert page.code == 0
    assert page.out.startswith("# merge-runs\n")
    for name in ("DL3059", "dl3059", "hadolint/DL3059"):
        assert "# merge-runs\n" in run("explain", name).out


def test_explain_a_place(run: Run, files: Write) -> None:
    files(Dockerfile=TWO)
    assert "[*] merge-runs: changed" in run("explain", "Dockerfile:3").out
    assert "No pass has anything to say" in run("explain", "Dockerfile:4").out
    assert "merge-runs" in run("explain", "Dockerfile").out


def test_files(run: Run, files: Write) -> None:
    files(
        a__Dockerfile=TWO, a__dockeropt_toml="select = ['size']\n", b__Dockerfile=TWO, c__dockeropt_toml="x=1"
    )
    assert run("files") == (0, "a/Dockerfile\nb/Dockerfile\n", "")
    assert "a/Dockerfile  (configuration: " in run("files", "-v").out
    assert run("files", "c").code == 3
    assert run("files", "--exclude", "a", ".").out == "b/Dockerfile\n"


def test_version(run: Run) -> None:
    import dockeropt

    assert run("--version").out == f"dockeropt {dockeropt.__version__}\n" == run("-V").out
