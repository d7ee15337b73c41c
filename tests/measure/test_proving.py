"""What the builds disprove is found, blamed and rolled back; the rest is kept."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from dockeropt.measure.engine import EngineProblem
from dockeropt.measure.project import Project, Version
from dockeropt.measure.proving import Proof, prove
from dockeropt.measure.verify import Original, Terms
from dockeropt.measure.workbench import Workbench
from dockeropt.project.directory import Directory
from dockeropt.project.overlay import Overlay
from dockeropt.rewrite import Applicability, Effect, Pass
from dockeropt.rewrite.fix import FileChange
from dockeropt.rewrite.pipeline import run
from dockeropt.rewrite.result import Result
from tests.measure.fake_engine import FakeEngine

UNSAFE = Applicability.UNSAFE
MakePass = Callable[..., Pass]

FILE = "FROM base\nRUN touch /one\nRUN touch /two\nRUN noise /log\nRUN size /big 1000\n"


class Case:
    """A project in a folder, and an engine that is not one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.engine = FakeEngine()

    def prove(self, text: str, passes: list[Pass], *, unsafe: bool = False, smoke: str = "") -> Proof:
        (self.folder / "Dockerfile").write_text(text)
        project = Project(str(self.folder), str(self.folder / "Dockerfile"))

        def fixer(
            text: str, files: tuple[FileChange, ...], unsafe: bool, refused: frozenset[object]
        ) -> Result:
            build = Overlay(Directory(str(self.folder)), {one.path: one.after for one in files})
            return run(text, passes, unsafe=unsafe, build=build, refused=refused)

        with Workbench(self.engine, project) as bench:
            original = Original(bench, Version(text, called="the original"), Terms(smoke=smoke, runs=1))
            return prove(original, fixer, unsafe=unsafe)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def test_good_fixes_are_kept_with_what_was_measured(case: Case, make_pass: MakePass) -> None:
    proof = case.prove(FILE, [make_pass("merge", r"/one\nRUN ", "/one && ")])
    assert proof.result.text == FILE.replace("/one\nRUN ", "/one && ")
    assert proof.dropped == ()
    (fix,) = proof.result.steps[0].fixes
    assert fix.because[-1].source == "fake 1"
    assert fix.because[-1].claim.startswith("built: same size, 0 unexpected differences")
    assert proof.verification is not None
    assert proof.verification.proven
    assert [one.what for one in proof.verification.after.rebuilds] == ["nothing", "last instruction"]


def test_a_planted_wrong_fix_is_blamed_and_the_good_ones_stay(case: Case, make_pass: MakePass) -> None:
    passes = [
        make_pass("good-before", r"/one\nRUN ", "/one && "),
        make_pass("planted", r"/two$", "/two && mode /one 600"),
        make_pass("good-after", r"/log\nRUN ", "/log && "),
    ]
    proof = case.prove(FILE, passes)
    assert [one.pass_id for one in proof.dropped] == ["planted"]
    assert "/one (mode)" in proof.dropped[0].reason
    assert "this is a bug" in str(proof.dropped[0])
    assert [step.pass_id for step in proof.result.steps] == ["good-before", "good-after"]
    assert "mode" not in proof.result.text
    claims = [fix.because[-1].claim for step in proof.result.steps for fix in step.fixes]
    assert [claim.partition(":")[0] for claim in claims] == ["built", "built"]
    assert proof.verification is not None
    assert proof.verification.proven
    assert [left.reason for left in proof.result.leftover if left.finding.pass_id == "planted"] == [
        "rejected"
    ]


def test_fixes_that_were_built_together_say_so(case: Case, make_pass: MakePass) -> None:
    passes = [make_pass("a", r"/one\nRUN ", "/one && "), make_pass("b", r"/two\nRUN ", "/two && ")]
    proof = case.prove(FILE, passes)
    claims = [fix.because[-1].claim for step in proof.result.steps for fix in step.fixes]
    assert len(claims) == 2
    assert all(claim.startswith("built with 1 other fix: same size, ") for claim in claims)


def test_a_fix_that_does_not_build_names_the_step(case: Case, make_pass: MakePass) -> None:
    proof = case.prove(FILE, [make_pass("planted", r"touch /two", "fail")])
    (dropped,) = proof.dropped
    assert dropped.reason == "it does not build: RUN fail"
    assert dropped.output == "no luck"
    assert dropped.line == 3
    assert proof.result.text == FILE
    assert proof.verification is None


def test_of_several_fixes_of_one_pass_only_the_guilty_one_goes(case: Case, make_pass: MakePass) -> None:
    wrong = make_pass("both", r"touch /(one|two)$", r"touch /\1 && mode /two 640")
    text = "FROM base\nRUN touch /two\nRUN touch /one\nRUN mode /two 644\n"
    proof = case.prove(text, [wrong])
    assert proof.dropped == ()  # both are undone by the last step: nothing differs, so both are right
    proof = case.prove(
        text.replace("RUN mode /two 644\n", ""),
        [make_pass("one", r"touch /(one|two)$", r"touch /\1 && touch /\1")],
    )
    assert proof.dropped == ()
    half = make_pass("half", r"^RUN touch (/\w+)$", r"RUN touch \1 && mode /two 600")
    proof = case.prove(
        "FROM base\nRUN touch /two\nRUN touch /two\nRUN mode /two 644\nRUN touch /one\n", [half]
    )
    assert [(one.pass_id, one.line) for one in proof.dropped] == [("half", 5)]
    assert proof.result.text.count("mode /two 600") == 2


def test_unsafe_fixes_are_tried_one_by_one(case: Case, make_pass: MakePass) -> None:
    passes = [
        make_pass("shrink", r"size /big 1000", "size /big 10", level=UNSAFE),
        make_pass("drop-log", r"RUN noise /log\n", "RUN touch /log\n", level=UNSAFE),
        make_pass("merge", r"/one\nRUN ", "/one && "),
    ]
    proof = case.prove(FILE, passes, unsafe=True)
    assert [one.pass_id for one in proof.dropped] == ["shrink"]
    assert "bug" not in str(proof.dropped[0])
    assert sorted(step.pass_id for step in proof.result.steps) == ["drop-log", "merge"]
    assert proof.verification is not None
    assert proof.verification.proven


def test_a_smoke_test_that_fails_afterwards_counts(case: Case, make_pass: MakePass) -> None:
    gone = make_pass("gone", r"RUN touch /two\n", "", level=UNSAFE, effects=frozenset({Effect.FILES}))
    proof = case.prove(FILE, [gone], unsafe=True, smoke="test -f /two")
    assert [one.pass_id for one in proof.dropped] == ["gone"]
    assert "smoke test ended with 1 instead of 0" in proof.dropped[0].reason


def test_a_build_that_fails_once_gets_a_second_chance(case: Case, make_pass: MakePass) -> None:
    def flaky() -> None:
        case.engine.flaky = int(len(case.engine.built) == 2)

    case.engine.on_build = flaky
    proof = case.prove(FILE, [make_pass("merge", r"/one\nRUN ", "/one && ")])
    assert proof.dropped == ()
    assert proof.result.changed


def test_nothing_is_claimed_of_an_original_that_does_not_build(case: Case, make_pass: MakePass) -> None:
    proof = case.prove("FROM base\nRUN fail\n", [make_pass("mend", r"fail", "touch /x")])
    assert proof.failure is not None
    assert proof.failure.failed == "RUN fail"
    assert not proof.result.changed


def test_what_the_engine_cannot_build_is_said_before_it_is_tried(case: Case, make_pass: MakePass) -> None:
    case.engine.cannot = ("--link",)
    with pytest.raises(EngineProblem, match="--link"):
        case.prove(FILE, [make_pass("link", r"RUN touch /two", "COPY --link Dockerfile /two")])


def test_nothing_is_left_behind_also_when_it_is_interrupted(case: Case, make_pass: MakePass) -> None:
    def interrupt() -> None:
        if len(case.engine.built) == 3:
            raise KeyboardInterrupt

    case.engine.on_build = interrupt
    with pytest.raises(KeyboardInterrupt):
        case.prove(FILE, [make_pass("merge", r"/one\nRUN ", "/one && ")])
    assert case.engine.images == {}
    assert len(case.engine.swept) == 1


def test_a_dockerfile_that_is_copied_into_the_image_may_differ_there(case: Case, make_pass: MakePass) -> None:
    text = "FROM base\nCOPY . /app\nRUN touch /one\nRUN touch /two\n"
    proof = case.prove(text, [make_pass("merge", r"/one\nRUN ", "/one && ")])
    assert proof.verification is not None
    assert [one.path for one in proof.verification.files.of("declared")] == ["/app/Dockerfile"]  # type: ignore[union-attr]
    assert proof.verification.proven


def test_a_frontend_that_is_left_out_is_said(case: Case, make_pass: MakePass) -> None:
    proof = case.prove(
        f"# syntax=docker/dockerfile:1\n{FILE}", [make_pass("merge", r"/one\nRUN ", "/one && ")]
    )
    assert proof.verification is not None
    assert ["# syntax=" in note for note in proof.verification.notes] == [True]
    assert all("syntax=" not in text.partition("\n")[0].replace(" ", "")[:9] for text in case.engine.built)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_planted_exactly_that_is_dropped(case: Case, make_pass: MakePass, seed: int) -> None:
    choose = random.Random(seed)
    names = [f"p{number}" for number in range(choose.randint(1, 7))]
    wrong = {name for name in names if choose.random() < 0.4}
    unsafe = {name for name in names if choose.random() < 0.5}
    harm = {
        name: choose.choice(["&& mode /{} 600", "&& fail", "&& touch /new-{}"]).format(name) for name in wrong
    }
    passes = [
        make_pass(
            name,
            rf"^RUN touch /{name}$",
            f"RUN touch /{name} {harm.get(name, f'&& touch /{name}')}",
            level=UNSAFE if name in unsafe else Applicability.SAFE,
        )
        for name in names
    ]
    text = "FROM base\n" + "".join(f"RUN touch /{name}\n" for name in names)
    proof = case.prove(text, passes, unsafe=True)
    assert {one.pass_id for one in proof.dropped} == wrong
    assert {step.pass_id for step in proof.result.steps} == set(names) - wrong
    for name in names:
        assert (f"RUN touch /{name}\n" in proof.result.text) == (name in wrong)
    assert proof.trials <= 4 * len(names) + 4
    assert case.engine.images == {}


def test_an_edit_of_one_state_is_in_no_cache_for_the_other(case: Case, make_pass: MakePass) -> None:
    (case.folder / "app.py").write_text("pass\n")
    text = "FROM base\nCOPY app.py /app/\nRUN touch /one\nRUN touch /two\n"
    proof = case.prove(text, [make_pass("later", r"RUN touch /two$", "RUN touch /two && touch /two")])
    assert proof.verification is not None
    ran = [
        {one.path: (one.ran, one.steps) for one in side.rebuilds}["app.py"]
        for side in (proof.verification.before, proof.verification.after)
    ]
    assert ran == [(3, 3), (3, 3)]
