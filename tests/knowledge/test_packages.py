"""What slim images lack, what brings a command or a library, caches, dates of support, sizes."""

import pytest

from dockeropt.knowledge import caches
from dockeropt.knowledge.families import family_of
from dockeropt.knowledge.lifecycles import cycle_of, cycles
from dockeropt.knowledge.native import native
from dockeropt.knowledge.packages import (
    apk_names,
    installed_in,
    library,
    own_commands,
    package_of,
    packages_lost,
)
from dockeropt.knowledge.recommends import recommended_with
from dockeropt.knowledge.sizes import size_of
from dockeropt.knowledge.tags import slim_of
from dockeropt.model.caches import SYSTEM
from dockeropt.model.images import ImageRef, parse
from dockeropt.model.tools import Tool


def ref(text: str) -> ImageRef:
    image = parse(text)
    assert image is not None
    return image


@pytest.mark.parametrize(
    ("full", "suite", "conf", "lost", "kept"),
    [
        (
            "python:3.12-bookworm",
            "bookworm",
            "exact",
            "gcc git curl libpq-dev make",
            "ca-certificates openssl libsqlite3-0",
        ),
        ("python:3.7", "bookworm", "exact", "gcc wget", "ca-certificates"),
        ("node:18", "bookworm", "lower-bound", "gcc git python3 ca-certificates", "bash perl-base"),
        ("ruby:3.1-bookworm", "bookworm", "lower-bound", "gcc git", "ca-certificates"),
        ("rust:1.75", "bookworm", "lower-bound", "g++ git make pkg-config", "gcc libc6-dev ca-certificates"),
        ("openjdk:8-jdk", "bullseye", "lower-bound", "git curl unzip", "ca-certificates p11-kit"),
        ("openjdk:11-jre", "bullseye", "lower-bound", "curl", "ca-certificates"),
    ],
)
def test_what_slim_lacks(full: str, suite: str, conf: str, lost: str, kept: str) -> None:
    swap = slim_of(ref(full))
    assert swap is not None
    loss = packages_lost(ref(full), ref(swap.text))
    assert loss is not None
    assert (loss.suite, loss.conf) == (suite, conf)
    assert set(lost.split()) <= loss.packages
    assert not set(kept.split()) & loss.packages
    held = installed_in(ref(swap.text))
    assert held is not None
    assert set(kept.split()) <= held
    assert not held & loss.packages


def test_commands_go_with_their_packages_but_not_the_images_own() -> None:
    loss = packages_lost(ref("python:3.12-bookworm"), ref("python:3.12-slim-bookworm"))
    assert loss is not None
    assert {"gcc", "git", "curl", "make", "ps", "ssh"} <= loss.commands
    assert not {"python3", "pip", "perl", "sh", "tar", "update-ca-certificates"} & loss.commands
    loss = packages_lost(ref("node:18"), ref("node:18-slim"))
    assert loss is not None
    assert {"python3", "update-ca-certificates"} <= loss.commands
    assert "npm" in own_commands("node")
    assert own_commands("debian") == frozenset()


def test_debian_slim_has_the_same_packages() -> None:
    loss = packages_lost(ref("debian:bullseye"), ref("debian:bullseye-slim"))
    assert loss is not None
    assert (loss.packages, loss.commands, loss.conf) == (frozenset(), frozenset(), "exact")


@pytest.mark.parametrize(
    ("full", "slim"),
    [
        ("python:3.12-bookworm", "python:3.12-slim-bullseye"),
        ("python:3.12-bookworm", "node:18-slim"),
        ("python:3.12-bookworm", "python:3.12-bookworm"),
        ("python:3.12-slim-bookworm", "python:3.12-slim-bookworm"),
        ("python:3.12-alpine", "python:3.12-slim"),
        ("python:3.4.3", "python:3.4.3-slim"),  # the suite is not recorded
        ("python:2.7", "python:2.7-slim"),  # no sets for buster
        ("acme/x:1", "acme/x:1-slim"),
    ],
)
def test_what_is_not_known_is_none(full: str, slim: str) -> None:
    assert packages_lost(ref(full), ref(slim)) is None


def test_commands() -> None:
    curl = package_of("curl")
    assert curl is not None
    assert (curl.deb, curl.apk, curl.busybox, curl.holder) == ("curl", "curl", False, "curl")
    ps = package_of("ps")
    assert ps is not None
    assert (ps.deb, ps.apk, ps.busybox) == ("procps", "procps", True)
    perl = package_of("perl")
    assert perl is not None
    assert (perl.deb, perl.holder) == ("perl", "perl-base")
    locale_gen = package_of("locale-gen")
    assert locale_gen is not None
    assert locale_gen.apk is None
    assert locale_gen.note
    assert package_of("no-such-command") is None


def test_libraries() -> None:
    pq = library("libpq.so.5")
    assert pq is not None
    assert (pq.bookworm, pq.trixie, pq.apk) == ("libpq5", "libpq5", "libpq")
    ssl = library("libssl.so.1.1")
    assert ssl is not None
    assert (ssl.bookworm, ssl.trixie, ssl.apk) == (None, None, "libssl1.1")
    assert library("libnothing.so.1") is None


def test_alpine_names() -> None:
    build = apk_names("build-essential")
    assert build is not None
    assert build.packages == ("build-base",)
    cron = apk_names("cron")
    assert cron is not None
    assert (cron.packages, cron.evidence) == ((), ("drop",))
    assert apk_names("no-such-package") is None


@pytest.mark.parametrize(
    ("package", "brought"),
    [
        ("curl", "ca-certificates"),
        ("wget", "ca-certificates"),
        ("git", "ca-certificates less openssh-client patch"),
        ("build-essential", "fakeroot manpages-dev"),
        ("unzip", ""),
        ("make", ""),
        ("ca-certificates", ""),
    ],
)
def test_recommended_packages(package: str, brought: str) -> None:
    recommended = recommended_with(package)
    assert recommended is not None
    assert set(brought.split()) <= recommended.packages
    assert bool(brought) is bool(recommended.packages)
    assert recommended.suite == "bookworm"


def test_recommendations_of_an_unknown_package_are_unknown() -> None:
    assert recommended_with("no-such-package") is None


def test_native_packages_are_hints() -> None:
    binary = native("pypi", "Psycopg2_Binary")
    assert binary is not None
    assert binary.has_musl_binary
    source = native("pypi", "psycopg2")
    assert source is not None
    assert (source.deb_run, source.apk_run, source.has_musl_binary) == (("libpq5",), ("libpq",), False)
    assert native("pypi", "ruamel.yaml.clib") is not None
    assert native("npm", "sharp") is not None
    assert native("gems", "nokogiri") is not None
    assert native("npm", "express") is None
    assert not source.source.verified


@pytest.mark.parametrize(
    ("image", "tag", "line", "ended"),
    [
        ("python", "3.7.17-slim", "3.7", True),
        ("python", "3.14", "3.14", False),
        ("node", "18-alpine", "18", True),
        ("debian", "bullseye-20210816-slim", "11", True),
        ("debian", "11.6", "11", True),
        ("ubuntu", "focal-20230101", "20.04", True),
        ("ubuntu", "24.04", "24.04", False),
        ("alpine", "3.18.4", "3.18", True),
        ("centos", "centos7", "7", True),
        ("centos", "7.9.2009", "7", True),
        ("golang", "1.20-alpine3.17", "1.20", True),
        ("ruby", "2.7", "2.7", True),
        ("php", "7.4-fpm", "7.4", True),
        ("postgres", "9.6-alpine", "9.6", True),
    ],
)
def test_the_line_of_a_tag(image: str, tag: str, line: str, ended: bool) -> None:
    cycle = cycle_of(image, tag)
    assert cycle is not None
    assert cycle.name == line
    assert cycle.ended("2026-11-24") is ended


def test_dates_of_support() -> None:
    cycle = cycle_of("debian", "bookworm-slim")
    assert cycle is not None
    assert (cycle.released, cycle.eol, cycle.extended_until) == ("2023-06-10", "2026-07-11", "2028-06-30")
    assert cycle.ended("2026-07-11") is False
    assert cycle.ended("2026-07-12") is True
    for image in (
        "python",
        "node",
        "debian",
        "ubuntu",
        "alpine",
        "ruby",
        "php",
        "golang",
        "centos",
        "postgres",
    ):
        assert len(cycles(image)) > 3
    for tag in (None, "latest", "3", "slim"):
        assert cycle_of("python", tag) is None
    assert cycle_of("acme", "1") is None


def test_a_line_without_a_date_is_open_only_until_the_day_of_the_table() -> None:
    open_line = next(cycle for cycle in cycles("tomcat") if cycle.eol is None)
    assert open_line.ended(open_line.source.date) is False
    assert open_line.ended("2036-01-01") is None


def test_guessed_dates_are_marked() -> None:
    assert any(cycle.is_guessed for image in ("openjdk", "eclipse-temurin") for cycle in cycles(image))
    assert not any(cycle.is_guessed for cycle in cycles("debian"))


def test_sizes_with_and_without_a_day() -> None:
    dated = size_of(ref("python:3.12-bookworm"))
    assert dated is not None
    assert (dated.compressed, dated.unpacked, dated.date) == (380573758, 1020000000, "2026-09-19")
    assert dated.source.verified
    undated = size_of(ref("golang:trixie"))
    assert undated is not None
    assert undated.date is None
    assert not undated.source.verified
    assert size_of(ref("acme/x")) is None


def test_every_tool_has_caches_and_those_of_the_system_depend_on_nothing() -> None:
    for tool in Tool:
        assert caches.cache_paths(tool.value), tool
    for tool in SYSTEM:
        for entry in caches.cache_paths(tool.value):
            assert (entry.user, entry.variable, entry.image) == ("*", None, None)


def test_caches_by_user() -> None:
    assert [entry.path for entry in caches.cache_paths("yarn", root=True)] == [
        "/usr/local/share/.cache/yarn",
        "~/.cache/yarn",
    ]
    assert [entry.path for entry in caches.cache_paths("yarn", root=False)] == ["~/.cache/yarn"]
    pip = caches.cache_paths("pip", root=False)
    assert [(entry.path, entry.variable) for entry in pip] == [("~/.cache/pip", "PIP_CACHE_DIR")]
    assert "pip.pypa.io" in pip[0].source.text
    assert caches.cache_paths("nothing") == ()


def test_families_of_wildcards() -> None:
    assert family_of("mcr.microsoft.com/dotnet/nightly/sdk", "8.0") == "debian"
    assert family_of("mcr.microsoft.com/other", None) is None
