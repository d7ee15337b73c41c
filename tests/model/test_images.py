"""Image references and the families they are known to belong to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.model.images import ImageRef, parse
from dockeropt.shell.nodes import Dialect

SHA = "sha256:" + "0a" * 32


def ref(text: str) -> ImageRef:
    image = parse(text)
    assert image is not None, text
    return image


@pytest.mark.parametrize(
    ("text", "registry", "repository", "tag", "digest"),
    [
        ("python", None, "python", None, None),
        ("python:3.12-slim", None, "python", "3.12-slim", None),
        ("library/python:3", None, "library/python", "3", None),
        ("acme/web", None, "acme/web", None, None),
        ("docker.io/library/python:3", "docker.io", "library/python", "3", None),
        ("localhost/web:1", "localhost", "web", "1", None),
        ("localhost:5000/a/b/c:1", "localhost:5000", "a/b/c", "1", None),
        ("10.0.0.1:80/a", "10.0.0.1:80", "a", None, None),
        ("[fe80::1]:5000/a:v", "[fe80::1]:5000", "a", "v", None),
        ("Acme/web", "Acme", "web", None, None),
        ("ghcr.io/a__b/c-d.e--f:_x.Y-1", "ghcr.io", "a__b/c-d.e--f", "_x.Y-1", None),
        (f"alpine@{SHA}", None, "alpine", None, SHA),
        (f"alpine:3.20@{SHA}", None, "alpine", "3.20", SHA),
        ("scratch", None, "scratch", None, None),
        ("a:" + "t" * 128, None, "a", "t" * 128, None),
        ("a" * 255, None, "a" * 255, None, None),
    ],
)
def test_references_are_taken_apart(
    text: str, registry: str | None, repository: str, tag: str | None, digest: str | None
) -> None:
    assert parse(text) == ImageRef(text, registry, repository, tag, digest)
    assert str(parse(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":1",
        "a:",
        "a:-x",
        "a:" + "t" * 129,
        "a" * 256,
        "Python",
        "acme/Web",
        "a//b",
        "/a",
        "a/",
        "a___b",
        "a..b",
        "-a",
        "a-",
        "a_",
        "a b",
        "a\n",
        "a:1\n",
        "ä",
        "a:ä",
        "$IMAGE",
        "http://a/b",
        "foo:tag/x",
        "a.b:x/c",
        "-a.b/c",
        "a@",
        "a@sha256:" + "0" * 63,
        "a@sha256:" + "A0" * 32,
        "a@md5:" + "0" * 32,
        f"a@{SHA}@{SHA}",
        "0123456789abcdef" * 4,
    ],
)
def test_what_docker_refuses_is_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "name", "full", "official"),
    [
        ("python:3", "python", "docker.io/library/python", "python"),
        ("library/python", "python", "docker.io/library/python", "python"),
        ("docker.io/python", "python", "docker.io/library/python", "python"),
        ("index.docker.io/library/python", "python", "docker.io/library/python", "python"),
        ("acme/python", "python", "docker.io/acme/python", None),
        ("docker.io/acme/python", "python", "docker.io/acme/python", None),
        ("quay.io/python", "python", "quay.io/python", None),
        ("library/a/b", "b", "docker.io/library/a/b", None),
        (
            "public.ecr.aws/docker/library/python:3",
            "python",
            "public.ecr.aws/docker/library/python",
            "python",
        ),
        ("public.ecr.aws/docker/python:3", "python", "public.ecr.aws/docker/python", None),
        ("scratch", "scratch", "docker.io/library/scratch", "scratch"),
    ],
)
def test_names(text: str, name: str, full: str, official: str | None) -> None:
    image = ref(text)
    assert (image.name, image.full_name, image.official) == (name, full, official)
    assert image.is_official is (official is not None and not text.startswith("public"))


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("python", "python:x"),
        ("python:3.12", "python:x"),
        (f"docker.io/library/python:3@{SHA}", "docker.io/library/python:x"),
        (f"localhost:5000/a@{SHA}", "localhost:5000/a:x"),
    ],
)
def test_with_tag_keeps_the_spelling(text: str, changed: str) -> None:
    assert ref(text).with_tag("x") == changed


@pytest.mark.parametrize(
    ("family", "texts"),
    [
        (
            "debian",
            "python:3.12-slim python python:3.7 node:22 node:18-bookworm-slim nginx nginx:1.27 golang ruby:3.2",
        ),
        (
            "debian",
            "php:8-apache rust:1 debian debian:bullseye-slim buildpack-deps buildpack-deps:bookworm-curl",
        ),
        (
            "debian",
            "postgres:16 redis httpd haproxy:3.0 perl gcc dart haskell erlang elixir julia r-base wordpress",
        ),
        ("debian", "openjdk:8-jdk openjdk:11 openjdk:17-slim openjdk:17-jdk-slim-bullseye openjdk:21-buster"),
        (
            "debian",
            "mysql:5.6 mysql:5.7.30 mysql:8-debian mongo:3.2 maven:3-jdk-8 maven:3.6.1 gradle:4.6-jdk8",
        ),
        ("debian", "tomcat:8.0 tomcat:9.0.30 tomcat:9-jdk8-openjdk rabbitmq:3.6 mariadb:10.1.20 java:8"),
        ("debian", "jenkins/jenkins:lts mcr.microsoft.com/dotnet/sdk:8.0 docker.io/continuumio/miniconda3"),
        ("debian", "public.ecr.aws/docker/library/python:3.12"),
        (
            "ubuntu",
            "ubuntu ubuntu:22.04 eclipse-temurin:21 maven:3.9 gradle:8 tomcat tomcat:10.1 mariadb mongo:7",
        ),
        (
            "ubuntu",
            "buildpack-deps:jammy buildpack-deps:22.04 rabbitmq:4 swift:6.0 maven:3-eclipse-temurin-17",
        ),
        ("ubuntu", "nvidia/cuda:12.2.0-base-ubuntu22.04 phusion/baseimage:0.11 tensorflow/tensorflow:2.0.0"),
        ("ubuntu", "mcr.microsoft.com/dotnet/sdk:10.0 mcr.microsoft.com/dotnet/aspnet:8.0-jammy"),
        (
            "alpine",
            "alpine alpine:3.20 node:22-alpine3.20 python:3-alpine nginx:alpine nginx:1-alpine-slim docker",
        ),
        (
            "alpine",
            "docker:24-dind composer:2 clojure:lein-2.6.1-alpine openjdk:17-alpine wordpress:cli-2.9 bash registry:2 traefik:v2.10",
        ),
        (
            "alpine",
            "mhart/alpine-node:12 mcr.microsoft.com/dotnet/runtime:8.0-alpine3.20 eclipse-temurin:21-jre-alpine",
        ),
        (
            "rhel",
            "openjdk:17 openjdk openjdk:latest openjdk:12-jdk openjdk:17-oracle mysql mysql:8 mysql:8.0.36 centos:7",
        ),
        (
            "rhel",
            "rockylinux:9-minimal almalinux amazonlinux:2 oraclelinux:8-slim amazoncorretto:21 maven:3-openjdk-17",
        ),
        (
            "rhel",
            "maven:3-amazoncorretto-17 eclipse-temurin:21-ubi9-minimal registry.access.redhat.com/ubi8/ubi:8.4",
        ),
        ("rhel", "redhat/ubi9 public.ecr.aws/amazonlinux/amazonlinux:2023 nvidia/cuda:11.8.0-devel-centos7"),
        ("fedora", "fedora fedora:40 swift:6.0-fedora39"),
        ("ubuntu", "ros:indigo ros:humble-ros-base"),
        ("suse", "opensuse opensuse:leap"),
        ("arch", "archlinux archlinux/base"),
        ("busybox", "busybox busybox:1.36-glibc busybox:ubuntu-14.04"),
        ("windows", "golang:1.22-windowsservercore-ltsc2022 python:3.12-windowsservercore"),
        (
            "windows",
            "mcr.microsoft.com/windows/servercore:ltsc2022 mcr.microsoft.com/dotnet/framework/sdk:4.8",
        ),
        ("scratch", "scratch nats:2"),
    ],
)
def test_family(family: str, texts: str) -> None:
    assert {text: ref(text).family for text in texts.split()} == dict.fromkeys(texts.split(), family)


@pytest.mark.parametrize(
    "text",
    [
        "acme/web",
        "acme/python:3-slim",
        "quay.io/python:3",
        "unheard-of",
        "nvidia/cuda",
        f"python@{SHA}",
        "gcr.io/distroless/base-debian12",
        "clojure",
        "elasticsearch:7",
        "mcr.microsoft.com/dotnet/aspnet:8.0-azurelinux3.0",
        "localhost/alpine",
        "maven:3.8.5",
    ],
)
def test_a_family_that_nobody_told_us_is_none(text: str) -> None:
    assert ref(text).family is None
    assert ref(text).dialect is None


def test_a_digest_beside_a_tag_leaves_the_tag_its_word() -> None:
    assert ref(f"python:3.12-alpine@{SHA}").family == "alpine"


@pytest.mark.parametrize(
    ("text", "dialect"),
    [
        ("debian", Dialect.DASH),
        ("ubuntu", Dialect.DASH),
        ("alpine", Dialect.ASH),
        ("busybox", Dialect.ASH),
        ("fedora", Dialect.BASH),
        ("centos:7", Dialect.BASH),
        ("opensuse", Dialect.BASH),
        ("archlinux", Dialect.BASH),
        ("scratch", None),
        ("python:3-nanoserver", None),
    ],
)
def test_the_family_decides_the_dialect(text: str, dialect: Dialect | None) -> None:
    assert ref(text).dialect is dialect


@given(st.text("abA0:/@.-_[]", max_size=30))
def test_any_text_is_a_reference_or_none(text: str) -> None:
    image = parse(text)
    if image is not None:
        assert str(image) == text
        rebuilt = (f"{image.registry}/" if image.registry is not None else "") + image.repository
        assert rebuilt + (f":{image.tag}" if image.tag is not None else "") == text
        assert isinstance(image.family, str | None)
        again = ref(image.with_tag("t"))
        assert (again.registry, again.repository, again.tag) == (image.registry, image.repository, "t")
