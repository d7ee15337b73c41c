"""A proof is shown in full: what was measured, what differs, and the verdict, in every format."""

import json
from pathlib import Path

import jsonschema
import pytest

import dockeropt
from dockeropt.measure.engine import BuildOutcome, BuildStep, Image, ImageLayer
from dockeropt.measure.proving import Dropped, Proof
from dockeropt.measure.records import (
    ConfigChange,
    Difference,
    FileComparison,
    PackageChange,
    Rebuild,
    Side,
    Smoke,
    Verification,
)
from dockeropt.render.console import Palette
from dockeropt.render.proofs.json_record import json_of, proof_record
from dockeropt.render.proofs.markdown import markdown_of
from dockeropt.render.proofs.rows import bars_of, instruction, rows_of
from dockeropt.render.proofs.text import text_of
from dockeropt.results import FixResult
from dockeropt.rewrite.fix import Applicability
from dockeropt.rewrite.result import Result

SCHEMA = json.loads((Path(dockeropt.__file__).parent / "render" / "schemas" / "verify.json").read_text())
PLAIN = Palette(coloured=False)


def side(*sizes: int, ran: int = 3, seconds: float = 40.0, smoke: int = 0) -> Side:
    layers = [
        ImageLayer("RUN /bin/sh -c apt-get update # buildkit", size, f"sha256:{size}", size // 3)
        for size in sizes
    ]
    steps = tuple([BuildStep(f"[{n}/3] RUN x", cached=False, seconds=1) for n in range(3)])
    return Side(
        BuildOutcome(True, seconds, steps, "done"),
        Image("sha256:1", sum(sizes), (*layers, ImageLayer('CMD ["x"]', 0)), {}),
        (Rebuild("source", "app.py", 3, ran, (seconds, seconds + 1, seconds + 2)),),
        Smoke("running", smoke, "healthy", (8000,), "ready"),
        1,
    )


@pytest.fixture
def good() -> Verification:
    declared = Difference(
        "/var/lib/apt/lists/x", "removed", "declared", "apt lists", "0644 0:0", "", -20_000_000
    )
    noise = Difference("/var/log/dpkg.log", "content", "noise", "known noise")
    return Verification(
        "docker 26.1.5",
        ("Dockerfile", "Dockerfile (fixed)"),
        side(1_000_000_000, 110_000_000),
        side(200_000_000, 46_000_000, ran=1, seconds=0.9),
        FileComparison(34_410, (declared, noise)),
        (PackageChange("dpkg", "vim", "9.0", "", declared=True),),
        (ConfigChange("Labels.maintainer", "", '"x"', declared=True),),
        ("the line # syntax= was left out",),
    )


@pytest.fixture
def bad(good: Verification) -> Verification:
    wrong = Difference("/app/a|b`c\n", "mode", "unexpected", "", "0644", "0600")
    return good._replace(
        files=FileComparison(34_409, (wrong,)), config=(ConfigChange("User", '"app"', "", declared=False),)
    )


def test_the_text_says_sizes_rebuilds_layers_and_the_verdict(good: Verification) -> None:
    text = text_of(good, PLAIN)
    assert "size 1.11 GB -> 246 MB -77.8 %" in " ".join(text.split())
    assert "3 of 3 steps, 41.0 s" in text
    assert "1 of 3 steps, 1.9 s" in text
    assert "base image, 1 layer" in text
    assert "RUN apt-get update" in text
    assert "████████████████████████ base image" in text  # the largest layer of both is the longest bar
    assert "1 removed (vim)" in text
    assert "listens on 8000" in text
    assert text.endswith(
        "Proven: both build, 34,410 paths identical, 0 unexpected differences; 1 declared.\n"
    )


def test_what_is_unexpected_is_named_and_fails_the_proof(bad: Verification) -> None:
    assert not bad.proven
    text = text_of(bad, PLAIN)
    assert r"/app/a|b`c\n: mode 0644 -> 0600" in text
    assert 'config User: "app" -> not set (NOT declared)' in text
    assert "Not proven: 1 unexpected difference in files" in text
    assert "User of the image configuration differs" in text


def test_a_build_that_failed_shows_its_step_and_output(good: Verification) -> None:
    failed = BuildOutcome(False, 3.0, (), "much output", "RUN make", "cc: not found\nexit code: 127")
    found = good._replace(after=Side(failed), files=None, packages=(), config=())
    for shown in (text_of(found, PLAIN), markdown_of(found)):
        assert "RUN make" in shown
        assert "cc: not found" in shown
    assert found.objections == ("it does not build: RUN make",)


def test_nothing_is_claimed_when_the_original_does_not_build(good: Verification) -> None:
    failed = Side(BuildOutcome(False, 3.0, (), "x", "RUN make"))
    found = good._replace(before=failed, after=failed, files=None)
    assert found.objections == ("the original does not build, so nothing can be said",)


@pytest.mark.parametrize("which", ["good", "bad"])
def test_json_is_what_the_schema_says(which: str, request: pytest.FixtureRequest) -> None:
    found: Verification = request.getfixturevalue(which)
    record = json.loads(json_of(found))
    jsonschema.Draft202012Validator(SCHEMA).validate(record)
    assert record["proven"] is (which == "good")
    assert record["size_saved"] == 864_000_000
    assert record["before"]["compressed_size"] == 1_000_000_000 // 3 + 110_000_000 // 3


def test_json_of_fix_verify_names_what_was_rolled_back(good: Verification) -> None:
    dropped = Dropped("merge-runs", "Merge", Applicability.SAFE, 3, "it does not build", "\udc80 odd")
    record = proof_record(Proof(Result("a", "b"), (dropped,), good, trials=4))
    assert json.loads(json.dumps(record))["rolled_back"][0]["output"] == "? odd"
    assert FixResult("x", Result("a", "b"), proof=Proof(Result("a", "b"), (dropped,))).proof is not None


def test_markdown_cannot_be_broken_by_a_path(bad: Verification) -> None:
    shown = markdown_of(bad)
    assert "* `` /app/a|b`c ``: mode `0644` → `0600`" in shown
    assert "| unexpected | 1 |" in shown
    assert shown.startswith("### ❌")


@pytest.mark.parametrize(
    ("created_by", "expected"),
    [
        ("RUN /bin/sh -c apt-get update # buildkit", "RUN apt-get update"),
        ("COPY app.py . # buildkit", "COPY app.py ."),
        ('/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'),
        ("/bin/sh -c make", "RUN make"),
        ("RUN |1 A=b /bin/sh -c echo $A # buildkit", "RUN echo $A"),
        ("", ""),
    ],
)  # fmt: skip
def test_an_instruction_is_shown_as_people_write_it(created_by: str, expected: str) -> None:
    assert instruction(created_by) == expected


def test_a_side_without_an_image_has_no_layers_and_no_size() -> None:
    nothing = Side(BuildOutcome(False, 1.0))
    assert bars_of(nothing) == []
    assert nothing.compressed is None
    assert list(rows_of(Verification("x", ("a", "b"), nothing, nothing))) == []
