"""When apt's recommendations are without effect, and what they bring otherwise."""

import pytest

from dockeropt.knowledge import load
from dockeropt.knowledge.packages import installed_in
from dockeropt.knowledge.recommends import recommended, recommended_with, recommends_nothing
from dockeropt.model.images import parse
from dockeropt.rewrite import Applicability
from dockeropt.rewrite.registry import load_registry
from dockeropt.testing import findings_of

BASE = frozenset("apt bash libc6 tzdata".split())


@pytest.mark.parametrize("suite", ["bullseye", "bookworm", "trixie"])
def test_packages_that_recommend_nothing(suite: str) -> None:
    for name in ("unzip", "make", "ca-certificates", "libssl-dev" if suite == "bookworm" else "zlib1g"):
        assert recommends_nothing(suite, [name], BASE), name
    for name in ("git", "curl", "build-essential", "python3-pip", "gcc"):
        assert not recommends_nothing(suite, [name], BASE), name


def test_another_package_of_the_command_can_be_what_is_recommended() -> None:
    assert not recommends_nothing("bookworm", ["zip"], BASE)
    assert recommends_nothing("bookworm", ["zip", "unzip"], BASE)
    assert recommends_nothing("bookworm", ["zip"], BASE | {"unzip"})


def test_what_a_package_certainly_brings_counts_for_another() -> None:
    alone = recommended("bookworm", ["wget"], BASE)
    assert alone is not None
    assert alone.left == (("wget", ("ca-certificates", "publicsuffix")),)
    both = recommended("bookworm", ["wget", "python3-requests"], BASE)
    assert both is not None
    assert dict(both.left)["wget"] == ("publicsuffix",)


def test_a_later_alternative_is_no_proof_unless_it_is_there() -> None:
    record = recommended_with("gettext")
    assert record is not None
    assert record.groups == (("curl", "wget", "lynx"),)
    assert recommends_nothing("bookworm", ["gettext"], BASE | {"lynx"})
    assert not recommends_nothing("bookworm", ["gettext"], BASE)


def test_a_package_that_is_there_brings_nothing() -> None:
    image = parse("buildpack-deps:bookworm")
    assert image is not None
    base = installed_in(image)
    assert base is not None
    assert recommends_nothing("bookworm", ["git", "curl", "gcc"], base)


@pytest.mark.parametrize(
    ("suite", "package"), [("bookworm", "no-such"), ("bookworm", ""), ("buster", "unzip")]
)
def test_what_is_not_in_the_table_is_unknown(suite: str, package: str) -> None:
    assert recommended_with(package, suite) is None
    assert not recommends_nothing(suite, [package], BASE)


def test_extras_name_what_is_unknown() -> None:
    extras = recommended("bookworm", ["unzip", "no-such"], BASE)
    assert extras is not None
    assert (extras.unknown, extras.is_nothing) == (("no-such",), False)
    assert recommended("buster", ["unzip"]) is None


def test_sizes_are_those_of_all_that_comes() -> None:
    record = recommended_with("git")
    assert record is not None
    assert record.extra == 22
    assert 10_000 < record.size < 30_000


@pytest.mark.parametrize(
    ("day", "level"), [("2027-11-24", Applicability.SAFE), ("2027-11-25", Applicability.UNSAFE)]
)
def test_old_facts_prove_nothing(monkeypatch: pytest.MonkeyPatch, day: str, level: Applicability) -> None:
    monkeypatch.setattr(load, "today", lambda: day)
    text = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y unzip\n"
    (finding,) = findings_of(load_registry().get("add-no-install-recommends"), text)
    assert finding.fix is not None
    assert finding.fix.applicability is level
    assert finding.fix.because[0].date == "2026-11-24"
    assert "Debian bookworm" in str(finding.fix.because[0])


def test_the_report_names_what_goes() -> None:
    text = "FROM debian:bookworm\nRUN apt-get update && apt-get install -y git\n"
    (finding,) = findings_of(load_registry().get("add-no-install-recommends"), text)
    assert finding.fix is not None
    assert finding.fix.applicability is Applicability.UNSAFE
    assert "patch, less, openssh-client" in str(finding.fix.because[0])
