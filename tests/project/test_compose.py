"""Compose files: what they build, and what is said of those that are wrong."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.errors import FileProblem
from dockeropt.project.builds import Builds, is_remote
from dockeropt.project.compose import read_compose
from dockeropt.project.interpolation import interpolate, read_env

ARTICLE = Path(__file__).parent / "compose" / "article.yaml"


def read(text: str, path: str = "p/compose.yaml", **others: str) -> Builds:
    named = {name.replace("__", "/") + ".yaml": value for name, value in others.items()}
    return read_compose(text, path, read=named.get)


def one(build: str) -> Any:
    found = read(f"services:\n  web:\n    build: {build}\n")
    assert found.skipped == ()
    (use,) = found.uses
    return use


def why_not(text: str) -> str:
    with pytest.raises(FileProblem) as caught:
        read(text)
    assert caught.value.hint
    return str(caught.value)


# --- what is built ---------------------------------------------------------------------


def test_a_folder() -> None:
    use = one("./api")
    assert (use.service, use.context, use.dockerfile) == ("web", "p/api", "p/api/Dockerfile")
    assert (use.args, use.target, use.contexts, use.inline) == ((), "", (), None)
    assert (use.file, use.line, use.column) == ("p/compose.yaml", 3, 5)


def test_a_map() -> None:
    use = one(
        "{context: .., dockerfile: docker/Dockerfile.dev, target: dev, args: {A: 1, B: 'x y', C: null, D: true},"
        " additional_contexts: {base: docker-image://debian}, cache_from: [x], x-own: 1}"
    )
    assert (use.context, use.dockerfile, use.target) == (".", "docker/Dockerfile.dev", "dev")
    assert use.args == (("A", "1"), ("B", "x y"), ("C", None), ("D", "true"))
    assert use.contexts == (("base", "docker-image://debian"),)


def test_arguments_as_a_list() -> None:
    assert one("{context: ., args: [A=1, 'B=x=y', C]}").args == (("A", "1"), ("B", "x=y"), ("C", None))


def test_no_context_means_the_folder_of_the_file() -> None:
    assert one("{target: a}").context == "p"


def test_variables() -> None:
    use = one("{context: '${DIR:-app}', args: {A: '${A:-1}', B: $B, C: '$${C}', D: '${D?no}'}}")
    assert use.context == "p/app"
    assert use.args == (("A", "1"), ("B", None), ("C", "${C}"), ("D", None))


@pytest.mark.parametrize("key", ["context", "dockerfile", "target"])
def test_what_depends_on_the_environment_is_skipped(key: str) -> None:
    (skipped,) = read(f"services:\n  web:\n    build:\n      {key}: ${{X}}\n").skipped
    assert skipped.reason == f"{key} depends on the environment: ${{X}}"
    assert (skipped.line, skipped.column) == (3, 5)
    assert skipped.dockerfile == ("p/Dockerfile" if key == "target" else "")


@pytest.mark.parametrize(
    "context",
    ["https://x.org/a.git", "git://x.org/a", "git@x.org:a/b.git", "github.com/a/b", "ssh://git@x.org/a"],
)
def test_a_remote_context_is_skipped(context: str) -> None:
    assert is_remote(context)
    (skipped,) = read(f"services:\n  web:\n    build: {context}\n").skipped
    assert skipped.reason == "the context is not on this machine"


def test_merge_keys_and_aliases() -> None:
    text = """\
x-build: &build
  context: .
  args: {A: 1}
x-service: &service
  build: &all
    <<: *build
    target: dev
services:
  a:
    <<: *service
  b:
    build:
      <<: [*build, {context: other, dockerfile: D}]
      args: {B: 2}
  c:
    build: *all
"""
    a, b, c = read(text).uses
    assert (a.target, a.args, a.context) == ("dev", (("A", "1"),), "p")
    assert (b.context, b.dockerfile, b.args) == ("p", "p/D", (("B", "2"),))
    assert c._replace(service="a", line=a.line, column=a.column) == a


def test_an_anchor_that_is_used_again() -> None:
    text = "x-a: &a {context: one}\nx-b: &a {context: two}\nservices:\n  a:\n    build: *a\n"
    assert read(text).uses[0].context == "p/two"


def test_extends() -> None:
    text = """\
services:
  a:
    extends: b
    build: {target: x, args: {A: 2}}
  b:
    build: {context: bb, args: {A: 1, B: 1}}
  c:
    extends: {file: other/base.yaml, service: d}
  e:
    extends: {file: missing.yaml, service: d}
"""
    found = read(text, p__other__base="services:\n  d:\n    build: .\n")
    a, b, c = found.uses
    assert (a.context, a.target, a.args) == ("p/bb", "x", (("A", "2"), ("B", "1")))
    assert (b.target, b.args) == ("", (("A", "1"), ("B", "1")))
    assert (c.service, c.context, c.file, c.line) == ("c", "p/other", "p/other/base.yaml", 3)
    assert [skipped.reason for skipped in found.skipped] == ["p/missing.yaml cannot be read"]


def test_extends_and_includes_that_lead_back() -> None:
    assert "extends itself" in why_not("services:\n  a:\n    extends: b\n  b:\n    extends: a\n")
    text = "include: [compose.yaml]\nservices:\n  a:\n    build: .\n"
    found = read_compose(text, "compose.yaml", read=lambda _: text)
    assert {use.dockerfile for use in found.uses} == {"Dockerfile"}


def test_include() -> None:
    other = "services:\n  b:\n    build: .\n"
    found = read(
        "include:\n  - sub/c.yaml\n  - {path: [sub/c.yaml], project_directory: x}\n  - no.yaml\n",
        p__sub__c=other,
    )
    assert [use.context for use in found.uses] == ["p/sub", "p/x"]
    assert [skipped.reason for skipped in found.skipped] == ["p/no.yaml cannot be read"]


def test_services_that_build_nothing() -> None:
    found = read("services:\n  a:\n    image: x\n  b:\n  c:\n    build:\nvolumes: {}\n")
    assert (found.uses, found.skipped, found.names) == ((), (), ("a", "b", "c"))


def test_an_inline_dockerfile() -> None:
    text = "services:\n  a:\n    build:\n      dockerfile_inline: |\n        FROM a\n        RUN echo $$A\n"
    (use,) = read(text).uses
    assert (use.inline, use.dockerfile, use.context) == ("FROM a\nRUN echo $A\n", "", "p")
    assert use.span is not None
    assert text[use.span.start] == "|"
    (skipped,) = read(text.replace("$$A", "$A")).skipped
    assert skipped.reason == "compose replaces a $ in dockerfile_inline that is not written $$"


# --- what is wrong ---------------------------------------------------------------------


def test_the_sample_of_the_article() -> None:
    """Both of its mistakes are found, the first one first."""
    text = ARTICLE.read_text()
    with pytest.raises(FileProblem) as first:
        read_compose(text, "compose.yaml")
    assert (
        str(first.value)
        == "compose.yaml:4:5: no blank after 'build:' (hint: write 'build: ' before the value)"
    )
    with pytest.raises(FileProblem) as second:
        read_compose(text.replace("build:.", "build: ."), "compose.yaml")
    assert (
        str(second.value) == "compose.yaml:8:7: no blank after the dash (hint: write '- ' before the entry)"
    )
    mended = text.replace("build:.", "build: .").replace("-./", "- ./")
    assert [use.dockerfile for use in read_compose(mended, "compose.yaml").uses] == ["Dockerfile"]


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("services:\n  a:\n    build:.\n", "3:5", "no blank after 'build:'"),
        ("services:\n  a:\n    build:./x\n    image: y\n", "3:5", "no blank after 'build:'"),
        ("services:\n  a:\n    build:\n      context:.\n", "4:7", "no blank after 'context:'"),
        ("services:\n  a:\n    volumes:\n      -./a:/b\n", "4:7", "no blank after the dash"),
        (
            "services:\n  a:\n    ports:\n      - 1\n      -2\n    build: .\n",
            "5:7",
            "no blank after the dash",
        ),
        ("services:\n\ta:\n\t\tbuild: .\n", "2:1", "a tab in the indentation"),
        ("services:\n  a:\n  \t  build: .\n", "3:3", "a tab in the indentation"),
        ("services:\n  a:\n    build: .\n    build: x\n", "4:5", "'build' stands here twice"),
        ("services:\n  a: {}\n  a: {}\n", "3:3", "'a' stands here twice"),
        ("services:\n  a:\n    build: 3\n", "3:12", "not a number"),
        ("services:\n  a:\n    build: [.]\n", "3:12", "not a list"),
        ("services:\n  a:\n    build: true\n", "3:12", "not true or false"),
        ("services:\n  a: x\n", "2:6", "service 'a' has to be a map, not a text"),
        ("services: []\n", "1:11", "services has to be a map, not a list"),
        ("services:\n  a:\n    build:\n      contxt: .\n", "4:7", "did you mean context?"),
        (
            "services:\n  a:\n    build:\n      dockerfile-inline: x\n",
            "4:7",
            "did you mean dockerfile_inline?",
        ),
        ("services:\n  a:\n    build:\n      context: [a]\n", "4:16", "context has to be a text, not a list"),
        ("services:\n  a:\n    build:\n      args: x\n", "4:13", "args has to be a map, not a text"),
        ("services:\n  a:\n    build:\n      args: {A: [1]}\n", "4:17", "A has to be a text, not a list"),
        ("services:\n  a:\n    Build: .\n", "3:5", "did you mean build?"),
        ("service:\n  a:\n    build: .\n", "1:1", "did you mean services?"),
        ("web:\n  build: .\n", "1:1", "no 'services'"),
        ("version: '3'\n", "1:1", "no 'services'"),
        ("", "1:1", "an empty compose file"),
        ("- a\n", "1:1", "a compose file has to be a map, not a list"),
        ("services: {a: {build: [}\n", "1:24", "not valid YAML"),
        ("services:\n  a: *no\n", "2:6", "not valid YAML"),
        ("services: {}\n---\na: 1\n", "2:1", "more than one YAML document"),
        ("services:\n  a: \x07\n", "2:6", "a character that YAML does not allow"),
        ("services:\n  a:\n    extends: bb\n  b: {}\n  bbb: {}\n", "3:14", "extends names no service"),
        ("a: &a\n  <<: *a\nservices: {}\n", "", ""),
        ("services: &a\n  <<: *a\n", "1:11", "leads back to itself"),
        (
            "services:\n  a:\n    build:\n      dockerfile: x\n      dockerfile_inline: FROM a\n",
            "5:7",
            "both dockerfile and dockerfile_inline",
        ),
    ],
)
def test_malformed_files_say_where_and_what(text: str, place: str, words: str) -> None:
    if not words:
        read(text)
        return
    said = why_not(text)
    assert said.startswith(f"p/compose.yaml:{place}: "), said
    assert words in said


def test_deep_nesting_is_an_error_and_not_a_crash() -> None:
    assert "too deep" in why_not("services: " + "[" * 5000)
    assert "too deep" in why_not("services: " + "{a: " * 5000)


@given(st.text(alphabet="services: \n\t-{}[]&*|>'\"#!ab.<x", max_size=60))
def test_any_text_gives_builds_or_a_place(text: str) -> None:
    for content in (text, f"services:\n  a:\n    build: {text}"):
        try:
            read(content)
        except FileProblem as problem:
            assert problem.line or "too deep" in problem.message  # noqa: PT017 - both outcomes are right


# --- values ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", "a"), ("$$", "$"), ("${A}", None), ("$A", None), ("${A:-b}", "b"), ("${A-b}", "b"), ("${A:-}", ""),
        ("${K}", "v"), ("$K/x", "v/x"), ("${K:-b}", "v"), ("${E:-b}", "b"), ("${E-b}", ""), ("${K:+b}", "b"),
        ("${A:+b}", None), ("${A:?no}", None), ("${K:?no}", "v"), ("${A:-${B:-c}}", "c"), ("${A:-${B}}", None),
        ("${", None), ("$", None), ("${A", None), ("${1}", None), ("${K}${A:-1}$$", "v1$"),
    ],
)  # fmt: skip
def test_interpolation(text: str, value: str | None) -> None:
    assert interpolate(text, {"K": "v", "E": ""}) == value


def test_a_deep_default_ends() -> None:
    assert interpolate("${A:-" * 3000 + "x" + "}" * 3000) is None


def test_an_env_file() -> None:
    text = 'A=1\n# B=2\nexport C=\'x $y\'\nD="z"\nE=$A\nF=a b # c\n9=1\nG\nH="\\n"\n'
    assert read_env(text) == {"A": "1", "C": "x $y", "D": "z", "F": "a b"}


# --- real files ------------------------------------------------------------------------


def real_files() -> Iterator[Path]:
    folder = os.environ.get("DOCKEROPT_PROJECTS", "")
    if folder:
        yield from sorted(Path(folder).rglob("*compose*.y*ml"))


@pytest.mark.corpus
@pytest.mark.skipif(not os.environ.get("DOCKEROPT_PROJECTS"), reason="DOCKEROPT_PROJECTS names no folder")
def test_real_files_give_what_a_plain_load_gives() -> None:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    compared = 0
    for path in real_files():
        text = path.read_text("utf-8", "surrogateescape")
        try:
            builds = read_compose(text, str(path))
        except FileProblem:
            continue
        try:
            data = YAML(typ="safe", pure=True).load(text)
        except YAMLError:
            continue
        services = (data or {}).get("services") or {}
        if any("extends" in (service or {}) for service in services.values()) or "include" in data:
            continue
        expected = {name for name, service in services.items() if (service or {}).get("build")}
        assert {use.service for use in builds.uses} | {s.service for s in builds.skipped} == expected, path
        for use in builds.uses:
            build = services[use.service]["build"]
            build = {"context": build} if isinstance(build, str) else build
            if "$" in str(build):
                continue
            context = os.path.normpath(path.parent / (build.get("context") or "."))
            assert use.context == context
            if "dockerfile_inline" not in build:
                assert use.dockerfile == os.path.normpath(
                    os.path.join(context, build.get("dockerfile", "Dockerfile"))
                )
            assert use.target == str(build.get("target") or "")
            assert len(use.args) == len(build.get("args") or ())
            compared += 1
    assert compared
