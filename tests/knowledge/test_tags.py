"""Which tags there are, and which is the slim or the Alpine twin of which."""

import pytest

from dockeropt.knowledge.tags import alpine_of, exists, slim_of, tag_of
from dockeropt.model.images import ImageRef, parse

SHA = "sha256:" + "0a" * 32


def ref(text: str) -> ImageRef:
    image = parse(text)
    assert image is not None
    return image


@pytest.mark.parametrize(
    ("full", "slim"),
    [
        ("python:3.7", "python:3.7-slim"),
        ("python:3.12-bookworm", "python:3.12-slim-bookworm"),
        ("python:3.6.5", "python:3.6.5-slim"),
        ("python:bookworm", "python:slim-bookworm"),
        ("python", "python:slim"),
        ("python:latest", "python:slim"),
        ("docker.io/library/python:3.7", "docker.io/library/python:3.7-slim"),
        ("public.ecr.aws/docker/library/python:3.7", "public.ecr.aws/docker/library/python:3.7-slim"),
        ("node:18", "node:18-slim"),
        ("node:18-bookworm", "node:18-bookworm-slim"),
        ("node:lts", "node:lts-slim"),
        ("debian:bullseye", "debian:bullseye-slim"),
        ("debian:11", "debian:11-slim"),
        ("debian", "debian:stable-slim"),
        ("ruby:3.2", "ruby:3.2-slim"),
        ("rust:1.75", "rust:1.75-slim"),
        ("openjdk:8-jdk", "openjdk:8-jdk-slim"),
        ("openjdk:17-jdk-bullseye", "openjdk:17-jdk-slim-bullseye"),
        ("perl:5.36-threaded", "perl:5.36-slim-threaded"),
        ("tomcat:9-jdk8-openjdk", "tomcat:9-jdk8-openjdk-slim"),
    ],
)
def test_slim_twin(full: str, slim: str) -> None:
    swap = slim_of(ref(full))
    assert swap is not None
    assert swap.text == slim
    assert swap.same_suite is not False
    assert swap.tag.source.date == "2026-08-21"
    assert exists(ref(slim))


@pytest.mark.parametrize(
    "text",
    [
        "python:3.7-slim",
        "python:3.7-alpine",
        "python:3.12-windowsservercore",
        "golang:1.22",
        "ubuntu:22.04",
        "alpine",
        "node:10.13",  # jessie-slim against stretch
        "openjdk:17",  # Oracle Linux against Debian
        "swift:5.9",  # slim has no compiler
        "python:9.9",
        "python:3.7-nothing",
        "nginx:1.25",  # alpine-slim is no slim
        f"python@{SHA}",
        f"python:3.7@{SHA}",
        "acme/python:3.7",
        "quay.io/python:3.7",
        "unheard-of:1",
        "scratch",
    ],
)
def test_no_slim_twin(text: str) -> None:
    assert slim_of(ref(text)) is None


@pytest.mark.parametrize(
    ("full", "alpine"),
    [
        ("python:3.12-bookworm", "python:3.12-alpine"),
        ("python:3.12-slim", "python:3.12-alpine"),
        ("python", "python:alpine"),
        ("node:18-bookworm-slim", "node:18-alpine"),
        ("golang:1.22", "golang:1.22-alpine"),
        ("php:8.2-fpm", "php:8.2-fpm-alpine"),
        ("nginx:1.25-perl", "nginx:1.25-alpine-perl"),
        ("eclipse-temurin:17-jre-jammy", "eclipse-temurin:17-jre-alpine"),
        ("maven:3-jdk-8", "maven:3-jdk-8-alpine"),
        ("postgres:16", "postgres:16-alpine"),
    ],
)
def test_alpine_twin(full: str, alpine: str) -> None:
    swap = alpine_of(ref(full))
    assert swap is not None
    assert swap.text == alpine
    assert swap.same_suite is None


@pytest.mark.parametrize(
    "text", ["python:3-alpine", "php:8.2-apache", "mysql:8", "docker:24", "debian", "ubuntu:22.04"]
)
def test_no_alpine_twin(text: str) -> None:
    assert alpine_of(ref(text)) is None


def test_the_suite_of_a_tag_that_names_none() -> None:
    swap = slim_of(ref("python:3.7"))
    assert swap is not None
    assert (swap.old.suite, swap.tag.suite, swap.same_suite) == ("bookworm", "bookworm", True)
    swap = slim_of(ref("python:3.12.4"))
    assert swap is not None
    assert (swap.old.suite, swap.tag.suite, swap.same_suite) == ("bookworm", "bookworm", True)
    swap = slim_of(ref("python:3.4.3"))
    assert swap is not None
    assert (swap.old.suite, swap.same_suite) == (None, None)


def test_a_twin_that_was_given_up_earlier_is_told() -> None:
    swap = alpine_of(ref("openjdk:8-jdk"))
    assert swap is not None
    assert (swap.tag.last, swap.old.last, swap.same_build) == ("2019-05-17", "2022-08-04", False)


def test_records() -> None:
    tag = tag_of(ref("python:3.7"))
    assert tag is not None
    assert (tag.name, tag.first, tag.last, tag.is_live) == ("3.7", "2018-07-03", "2023-09-19", False)
    live = tag_of(ref("python:3.12-slim-bookworm"))
    assert live is not None
    assert live.is_live
    assert live.suite == "bookworm"
    assert tag_of(ref("acme/x")) is None


def test_existence_by_a_day() -> None:
    assert exists(ref("python:3.7"), "2018-07-03") is True
    assert exists(ref("python:3.7"), "2018-07-02") is False
    assert exists(ref("python:4.0")) is False
    assert exists(ref("acme/web:1")) is None
    assert exists(ref(f"python@{SHA}")) is None
    assert exists(ref("scratch")) is None
