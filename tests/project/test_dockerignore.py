"""What .dockerignore leaves out: moby's own cases, Docker's documentation, and ours."""

import json
import os
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.project import patterns
from dockeropt.project.dockerignore import DockerIgnore, clean, ignore_files
from dockeropt.project.patterns import MalformedPattern, matcher

SHARED = Path(os.environ.get("DOCKEROPT_SHARED", Path(__file__).parents[2].parent / "shared"))
VECTORS = SHARED / "data" / "conformance" / "dockerignore.json"


def vectors() -> list[tuple[tuple[str, ...], str, bool]]:
    if not VECTORS.exists():
        return []
    cases = json.loads(VECTORS.read_text("utf-8"))["cases"]
    return [(tuple(case["patterns"]), case["path"], case["ignored"]) for case in cases]


def test_mobys_vectors_are_read() -> None:
    if not VECTORS.exists():
        pytest.skip("shared vectors are not here")
    assert len(vectors()) == 88


@pytest.mark.parametrize(("lines", "path", "ignored"), vectors())
def test_mobys_vector(lines: tuple[str, ...], path: str, ignored: bool) -> None:
    rules = DockerIgnore.parse("\n".join(lines))
    assert rules.problems == ()
    assert rules.ignores(path) is ignored


@pytest.mark.parametrize(
    ("text", "ignored", "kept"),
    [
        ("", "", "a ."),
        ("a", "a a/b ./a /a a/", "b/a ab . .."),
        ("/a", "a", "b/a"),
        ("a/", "a a/b", "b/a"),
        ("./a/../b", "b b/c", "a"),
        ("*.pyc", "x.pyc", "d/x.pyc x.pyo"),
        ("**/*.pyc", "x.pyc d/x.pyc d/e/x.pyc", "x.pyco"),
        ("**/*test*.py", "test.py a/b/mytest_1.py", "a/b/tes.py"),
        ("**/a/**/b", "a/b x/a/b a/x/y/b/c", "a xb/a/c"),
        ("a/**", "a/b a/b/c", "a ab/c"),
        ("a**", "a ab a/b", "b"),
        ("**foo", "foo barfoo a/foo a/barfoo/x", "foox"),
        ("**/foo", "foo a/foo a/foo/x", "barfoo"),
        ("a**/b", "a/b ab ac/b a/x/y/b", "b xa/b"),
        ("*", "a a/b .hidden", ""),
        ("?", "a a/b", "ab"),
        ("[a-c]x", "ax bx cx/d", "dx Ax"),
        ("[^a-c]x", "dx", "ax x"),
        ("a[.]b", "a.b", "axb"),
        ("\\*", "*", "a"),
        ("{a,b}", "{a,b}", "a b"),
        ("a+(b)|$", "a+(b)|$", "ab"),
        ("A", "A", "a"),
        ("# a\n  # b\n#", "", "a"),
        ("a # note", "", "a"),
        ("  a\t\r\n\n b ", "a b", ""),
        ("\ufeffa", "a", ""),
        ("*\n!a", "b", "a a/b"),
        ("*\n!a/b", "b a a/c", "a/b a/b/c"),
        ("a\n!a/b\na/b/c", "a a/x a/b/c", "a/b a/b/d"),
        ("*\n! /a", "b", "a"),
        ("!a\na", "a", ""),
        ("!!a\n*", "!a", ""),
        (".", "", "a ."),
        ("/", "", "a ."),
        ("..", "", "a"),
        ("ü/[ä-ö]", "ü/ä", "ü/a"),
    ],
)
def test_own_table(text: str, ignored: str, kept: str) -> None:
    rules = DockerIgnore.parse(text)
    assert rules.problems == ()
    names = dict.fromkeys(ignored.split(), True) | dict.fromkeys(kept.split(), False)
    assert {name: rules.ignores(name) for name in names} == names


def test_names_with_blanks_and_carets() -> None:
    assert DockerIgnore.parse("a\\ b").ignores("a b")
    assert not DockerIgnore.parse("a\\ b").ignores("a\\ b")
    assert DockerIgnore.parse(" # b").ignores("# b")
    assert DockerIgnore.parse("^a").ignores("^a")  # no wildcard: compared as it stands
    assert DockerIgnore.parse("^a*").ignores("ab")  # with one, the caret is the start of the text
    assert not DockerIgnore.parse("^a*").ignores("^ab")


def test_brackets_are_read_as_moby_reads_them() -> None:
    # The star becomes [^/]* inside the brackets too: a set that ends early, and a bracket.
    assert matcher("[*]")("]")
    assert matcher("[*]")("[/^]")
    assert not matcher("[*]")("*")
    assert matcher("[?]")("/]")
    assert matcher("[[:alpha:]]")("x")
    assert not matcher("[[:^alpha:]]")("x")
    assert matcher("[\\d]x")("7x")
    assert matcher("\\Dx")("ax")
    assert matcher("a]*")("a]b")
    assert matcher("*^a")("a")
    assert not matcher("*^a")("xa")
    assert not matcher("x*^a")("x^a")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("!", 'illegal exclusion pattern: "!"'),
        ("!  ", 'illegal exclusion pattern: "!"'),
        ("!/", 'illegal exclusion pattern: "!"'),
        ("[", "syntax error in pattern"),
        ("a[b", "syntax error in pattern"),
        ("[]", "syntax error in pattern"),
        ("[]a]", "syntax error in pattern"),
        ("[^]", "syntax error in pattern"),
        ("[-a]", "syntax error in pattern"),
        ("[a-]", "syntax error in pattern"),
        ("[a-b-c]", "syntax error in pattern"),
        ("[\\", "syntax error in pattern"),
        ("a\\", "syntax error in pattern"),
        ("build\\output", "error parsing regexp: invalid escape sequence: `\\o`"),
        ("a*\\b", "escape sequence is not understood: \\b"),
        ("[b-a]", "error parsing regexp: invalid character class range: `b-a`"),
        ("[[:nope:]]", "error parsing regexp: invalid character class range: `[:nope:]`"),
        ("x" * 65_536, "bufio.Scanner: token too long"),
    ],
)
def test_what_docker_refuses_is_reported_and_the_rest_counts(line: str, message: str) -> None:
    rules = DockerIgnore.parse(f"a\n{line}\nb" if line[0] != "x" else f"a\n{line}")
    assert [(problem.line, problem.message) for problem in rules.problems] == [(2, message)]
    assert rules.ignores("a")


def test_the_last_word_has_a_rule() -> None:
    rules = DockerIgnore.parse("# head\n*\n!src\nsrc/*.log\n")
    assert [rule.line for rule in rules.rules] == [2, 3, 4]
    assert rules.has_exceptions
    words = {path: rules.decided_by(path) for path in ("x", "src", "src/a.py", "src/a.log", ".")}
    assert {path: rule and rule.text for path, rule in words.items()} == {
        "x": "*",
        "src": "!src",
        "src/a.py": "!src",
        "src/a.log": "src/*.log",
        ".": None,
    }
    assert not DockerIgnore.parse("a").has_exceptions


def test_a_rule_that_was_not_tried_above_does_not_count_below() -> None:
    # At "a" nothing is ignored yet, so "!a" is passed over; at "a/b" it matches no more.
    assert DockerIgnore.parse("a/b\n!a").ignores("a/b")
    assert not DockerIgnore.parse("a\n!a").ignores("a/b")


def test_the_order_of_questions_does_not_matter() -> None:
    text = "*\n!a\na/b\n!a/b/c/**\n**/x"
    paths = ["a", "a/b", "a/b/c", "a/b/c/d", "a/b/c/x", "a/x/y", "q"]
    one, other = DockerIgnore.parse(text), DockerIgnore.parse(text)
    forward = [one.ignores(path) for path in paths]
    assert [other.ignores(path) for path in reversed(paths)][::-1] == forward
    assert forward == [False, True, True, False, True, True, True]


def test_where_the_file_is_looked_for() -> None:
    assert ignore_files("docker/app.Dockerfile") == (
        ("docker/app.Dockerfile.dockerignore", False),
        (".dockerignore", True),
    )


def test_clean_is_gos() -> None:
    cases = {"": ".", "a//b/": "a/b", "//a": "/a", "///a": "/a", "a/./../b": "b", "../a": "../a", "/..": "/"}
    assert {text: clean(text) for text in cases} == cases


def test_hostile_patterns_take_no_long_time() -> None:
    start = time.perf_counter()
    path = "a" * 4_000
    for pattern in ("*a" * 400 + "b", "**/" * 300 + "b", "a**" * 300 + "b", "*a*a*a*b", "[^b]*" * 300 + "c"):
        assert not DockerIgnore.parse(pattern).ignores(path)
        assert not DockerIgnore.parse(pattern).ignores("a/" * 2_000 + "d")
    assert DockerIgnore.parse("*" + "?" * 5_000).problems == ()
    assert DockerIgnore.parse("*a" * 5_000).problems
    assert not DockerIgnore.parse("*").ignores("a/" * 100_000)
    assert time.perf_counter() - start < 30


WORDS = st.text("ab/*?.^[]\\-", min_size=1, max_size=10)
PATHS = st.text("ab/.^]-\n", min_size=1, max_size=10)


@given(WORDS, PATHS)
def test_the_set_of_states_and_the_expression_agree(pattern: str, path: str) -> None:
    try:
        patterns.check(pattern)
        kind, expression = patterns._expression(pattern)
        pieces = patterns._Reader(expression).pieces()
    except MalformedPattern:
        return
    if kind != "regexp" or patterns._NEVER in pieces:
        return
    spelt = re.compile("".join([patterns._spelt(piece) for piece in pieces]))
    assert patterns._States(pieces).match(path) is (spelt.fullmatch(path) is not None)


@given(
    st.lists(st.text("ab/*?.!# ", max_size=8), max_size=5),
    st.lists(st.sampled_from("ab"), min_size=1, max_size=4),
)
def test_without_brackets_it_is_what_the_documentation_says(lines: list[str], parts: list[str]) -> None:
    """Compare with the rules put down as plainly as possible, walking down the directories."""
    rules: list[tuple[bool, re.Pattern[str]]] = []
    for line in lines:
        text = line.strip()
        if line.startswith("#") or not text or text.lstrip("!").strip("/ ") in ("", "."):
            return
        exception = text.startswith("!")
        pattern = clean(text[1:].strip() if exception else text).removeprefix("/")
        if pattern in (".", "") or "**" in pattern.replace("**/", "", 1):
            return  # the odder uses of ** have cases of their own
        if pattern.startswith("**") and not pattern.startswith("**/"):
            return
        spelt = (
            re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
        )
        rules.append((exception, re.compile(spelt)))
    held = [False] * len(rules)
    for depth in range(1, len(parts) + 1):
        path = "/".join(parts[:depth])
        ignored, now = False, [False] * len(rules)
        for index, (exception, pattern_) in enumerate(rules):
            now[index] = held[index] or (exception == ignored and pattern_.fullmatch(path) is not None)
            if now[index]:
                ignored = not exception
        held = now
    assert DockerIgnore.parse("\n".join(lines)).ignores("/".join(parts)) is (ignored if rules else False)


@given(st.text("ab/*?.!#[]^\\- \n\r\ud800\ufeff", max_size=40), st.text("ab/.\\\n", max_size=12))
def test_any_text_is_read_without_an_exception(text: str, path: str) -> None:
    rules = DockerIgnore.parse(text)
    rule = rules.decided_by(path)
    assert rules.ignores(path) is (rule is not None and not rule.exception)
