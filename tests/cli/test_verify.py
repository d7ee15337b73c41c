"""``verify`` and ``fix --verify`` from the command line, with an engine that is none."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

import dockeropt
from dockeropt import api
from dockeropt.measure import choose, smoketest
from dockeropt.measure.engine import BuildOutcome, BuildRequest, EngineProblem
from dockeropt.rewrite import Pass
from dockeropt.rewrite.registry import load_registry
from tests.cli.kit import Run
from tests.measure.fake_engine import FakeEngine
from tests.rewrite.conftest import make_pass

__all__ = ["make_pass"]

SCHEMA = Path(dockeropt.__file__).parent / "render" / "schemas" / "verify.json"
TWO = "FROM debian:12\nRUN touch /a\nRUN touch /b\n"
ONE = "FROM debian:12\nRUN touch /a && touch /b\n"
QUICK = ("--no-rebuilds", "--no-compressed")


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    """Let every engine that is asked for be the fake one."""
    fake = FakeEngine()
    monkeypatch.setattr(choose, "choose_engine", lambda name="auto", options=(): fake)
    monkeypatch.setattr(smoketest, "SETTLED", 0.0)
    monkeypatch.setattr(smoketest, "PATIENCE", 0.3)
    return fake


@pytest.fixture
def planted(make_pass: Callable[..., Pass], monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a pass that calls itself safe and makes a file unreadable."""
    load_registry.cache_clear()
    api._select.cache_clear()
    registry = load_registry()
    wrong = make_pass("planted", r"touch /b$", "touch /b && mode /b 0")
    monkeypatch.setattr(registry, "passes", {**registry.passes, "planted": wrong})


def test_the_fixes_of_a_file_are_verified(run: Run, here: Path, engine: FakeEngine) -> None:
    (here / "Dockerfile").write_text(TWO)
    done = run("verify", *QUICK)
    assert done.code == 0, done.err
    assert "Dockerfile  ->  Dockerfile (fixed)   (fake 1)" in done.out
    assert "Proven: both build, 3 paths identical, 0 unexpected differences" in done.out
    assert (here / "Dockerfile").read_text() == TWO
    assert engine.images == {}


def test_fixes_that_change_nothing_are_said(run: Run, here: Path, engine: FakeEngine) -> None:
    (here / "Dockerfile").write_text(ONE)
    done = run("verify", *QUICK)
    assert done.code == 0, done.err
    assert "note: the fixes change nothing: the same was built on both sides" in done.out


def test_two_files_are_compared_and_a_difference_is_exit_code_5(
    run: Run, here: Path, engine: FakeEngine
) -> None:
    (here / "old").write_text(TWO)
    (here / "Dockerfile").write_text(TWO.replace("/b", "/c"))
    done = run("verify", "Dockerfile", "--against", "old", *QUICK)
    assert done.code == 5
    assert "/b: removed" in done.out
    assert "/c: added" in done.out


def test_what_is_allowed_may_differ_and_a_wrong_word_is_refused(
    run: Run, here: Path, engine: FakeEngine
) -> None:
    (here / "old").write_text(TWO + "USER one\n")
    (here / "Dockerfile").write_text(TWO + "USER two\n")
    assert run("verify", "--against", "old", *QUICK).code == 5
    assert run("verify", "--against", "old", "--allow", "user", *QUICK).code == 0
    done = run("verify", "--against", "old", "--allow", "users")
    assert done.code == 2
    assert "no such effect" in done.err


def test_a_git_revision_is_what_it_was_before(run: Run, here: Path, engine: FakeEngine) -> None:
    git = ("git", "-c", "user.name=a", "-c", "user.email=a@example.org")
    (here / "Dockerfile").write_text(TWO)
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "one")):
        subprocess.run([*git, *words], cwd=here, check=True)
    (here / "Dockerfile").write_text(ONE)
    done = run("verify", "--against", "HEAD", *QUICK)
    assert done.code == 0, done.err
    assert engine.built[0] == TWO.rstrip()
    done = run("verify", "--against", "nowhere")
    assert done.code == 2
    assert "no such file or revision" in done.err
    assert "hint: name a file, or a git revision" in done.err


def test_json_is_what_the_schema_says_and_markdown_is_markdown(
    run: Run, here: Path, engine: FakeEngine
) -> None:
    (here / "Dockerfile").write_text(TWO)
    done = run("verify", "--output-format", "json")
    assert done.code == 0
    record = json.loads(done.out)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(record)
    assert record["before"]["rebuilds"][0]["what"] == "nothing"
    done = run("verify", "--output-format", "markdown", "-o", "report.md")
    assert done.code == 0
    assert (here / "report.md").read_text().startswith("### ✅ Dockerfile → Dockerfile (fixed)")


def test_an_original_that_does_not_build_is_exit_code_2(run: Run, here: Path, engine: FakeEngine) -> None:
    (here / "Dockerfile").write_text(TWO + "RUN fail\n")
    done = run("verify", *QUICK)
    assert done.code == 2
    assert "the build failed at RUN fail" in done.out
    assert "no luck" in done.out
    done = run("fix", "--verify", "--write", "Dockerfile")
    assert done.code == 2
    assert "the original does not build at RUN fail: no luck, so nothing is proven" in done.err
    assert (here / "Dockerfile").read_text() == TWO + "RUN fail\n"


def test_no_engine_is_a_clear_message_and_nothing_is_done(
    run: Run, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> FakeEngine:
        raise EngineProblem("no container engine answers", hint="start docker")

    monkeypatch.setattr(choose, "choose_engine", none)
    (here / "Dockerfile").write_text(TWO)
    for words in (("verify",), ("fix", "--verify", "--write", "Dockerfile")):
        done = run(*words)
        assert done.code == 2
        assert done.err == "error: no container engine answers (hint: start docker)\n"
        assert (here / "Dockerfile").read_text() == TWO


def test_what_is_proven_is_written(run: Run, here: Path, engine: FakeEngine) -> None:
    (here / "Dockerfile").write_text(TWO)
    done = run("fix", "--verify", "--write", "Dockerfile", "--show-fixes")
    assert done.code == 0, done.err
    assert (here / "Dockerfile").read_text() == "FROM debian:12\nRUN touch /a \\\n    && touch /b\n"
    assert "because: built: same size, 0 unexpected differences, 3 paths identical (fake 1," in done.err
    assert "measured: layers: 1 -> 1" in done.err
    assert "What that saves" not in done.err  # measured, so nothing is estimated


def test_a_planted_wrong_pass_is_caught_blamed_and_rolled_back(
    run: Run, here: Path, engine: FakeEngine, planted: None
) -> None:
    (here / "Dockerfile").write_text(TWO)
    done = run("fix", "--verify", "--write", "Dockerfile", "--extend-select", "planted", *QUICK)
    assert done.code == 5
    assert (here / "Dockerfile").read_text() == "FROM debian:12\nRUN touch /a \\\n    && touch /b\n"
    assert "rolled back: Dockerfile:" in done.err
    assert "planted: 'write touch /b && mode /b 0' was rolled back: 1 unexpected difference" in done.err
    assert "it claimed to be safe, so this is a bug" in done.err


def test_json_of_fix_verify_holds_the_proof(run: Run, here: Path, engine: FakeEngine, planted: None) -> None:
    (here / "Dockerfile").write_text(TWO)
    done = run(
        "fix", "--verify", "Dockerfile", "--extend-select", "planted", "--output-format", "json", *QUICK
    )
    assert done.code == 5
    (file,) = json.loads(done.out)["files"]
    assert [one["code"] for one in file["proof"]["rolled_back"]] == ["planted"]
    assert file["proof"]["verification"]["proven"] is True


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("verify", "a", "b"), "verify takes one Dockerfile"),
        (("verify", "--build-option", "--secret 'x"), "No closing quotation"),
        (("verify", "nowhere"), "no such file"),
        (("verify", "."), "no Dockerfile in this folder"),
        (("fix", "--verify", "-"), "--verify needs a file"),
    ],
)
def test_wrong_usage_is_told(
    words: tuple[str, ...], message: str, run: Run, here: Path, engine: FakeEngine
) -> None:
    done = run(*words)
    assert done.code == 2
    assert message.lower() in done.err.lower()


def test_a_dockerfile_in_python_cannot_be_verified(run: Run, here: Path, engine: FakeEngine) -> None:
    (here / "build.py").write_text(f'DOCKERFILE = """{TWO}"""\n')
    done = run("fix", "--verify", "build.py")
    assert done.code == 2
    assert "only a Dockerfile that is built in one way can be verified" in done.err


def test_options_reach_the_build(
    run: Run, here: Path, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "Dockerfile").write_text(TWO)
    seen: list[BuildRequest] = []
    build = engine.build

    def watched(request: BuildRequest, progress: Callable[[str], None] | None = None) -> BuildOutcome:
        seen.append(request)
        return build(request, progress)

    monkeypatch.setattr(engine, "build", watched)
    words = (
        "--builder",
        "far",
        "--network",
        "host",
        "--build-option",
        "--secret id=a,src=b",
        "--target",
        "x",
    )
    run("verify", *words, "--build-arg", "A=1", *QUICK)
    request = seen[0]
    assert request.options == ("--builder", "far", "--network", "host", "--secret", "id=a,src=b")
    assert request.target == "x"
    assert request.build_args == {"A": "1"}


def test_an_interrupt_is_130_and_leaves_nothing(run: Run, here: Path, engine: FakeEngine) -> None:
    (here / "Dockerfile").write_text(TWO)

    def interrupt() -> None:
        if len(engine.built) == 1:
            raise KeyboardInterrupt

    engine.on_build = interrupt
    done = run("verify")
    assert done.code == 130
    assert engine.images == {}
    assert len(engine.swept) == 1
