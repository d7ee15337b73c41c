"""Hostile scripts: deep, long, repeated. A problem or a tree, soon, and never a crash."""

from __future__ import annotations

import sys

import pytest

from dockeropt.shell import Dialect, parse
from dockeropt.shell.query import calls, walk
from tests.effort import effort

DEEP = [
    "$(", "(", "((", "$((", "{ ", "${x:-", '"$(', '"${x:-', "if ", "while ", "case x in x) ", "<(", "a=(", "f() ",
    "x=$(", "$(( $(", "for i in a; do ", "@(", "cat <<E\n$(", "((a) $((", "[[ (", "$($[", "`$(",
]  # fmt: skip
CLOSING = [
    ("$(", ")"), ("( ", " )"), ("{ ", "; }"), ("${x:-", "}"), ('"$(', ')"'), ("if a; then ", "; fi"),
    ("$(( $(", ") ))"), ("<(", ")"), ("a $((b) | ", ")"), ('"${x:-', '}"'), ("case x in x) ", ";; esac"),
    ("f() { ", "; }"), ("x=$(", ")"), ("while a; do ", "; done"), ("! ( ", " )"),
]  # fmt: skip
LONG = [
    "echo " + "a" * 1_000_000,
    "echo " + "a " * 62_500,
    "a;" * 37_500 + "a",
    "a && " * 25_000 + "a",
    "a | " * 25_000 + "a",
    "echo '" + "x" * 1_000_000 + "'",
    'echo "' + "$x " * 37_500 + '"',
    "`a`" * 25_000,
    "`\\`" * 12_500,
    "$(a)" * 12_500,
    "$((1))" * 12_500,
    "((a); b);" * 12_500,
    "$((a) | b);" * 6_250,
    "((a) $((b) c) d);" * 3_750,
    "echo [" + "[" * 500_000,
    "echo {" + "{" * 500_000,
    "echo " + "{a," * 300_000,
    "a\\\n" * 37_500,
    "echo " + "\\\n" * 37_500 + "b",
    "echo " + "\\" * 1_000_000,
    "# c\n" * 25_000,
    "\n" * 1_000_000,
    " " * 1_000_000,
    "cat <<E\n" + "line\n" * 25_000,
    "cat <<E\n" + "$x\n" * 25_000 + "E",
    "cat <<E\n" + "\\\n" * 25_000 + "E",
    "cat <<E;" * 2_500 + "\n" + "E\n" * 2_500,
    "cat <<E;" * 2_500,
    "a=b " * 25_000,
    "a>b " * 25_000,
    "f() { a; }; " * 6_250,
    "case x in " + "a) b;; " * 12_500 + "esac",
    "[[ " + "a || " * 25_000 + "a ]]",
    "[[ " + "( " * 25_000,
    "if a; then b; " + "elif a; then b; " * 6_250 + "fi",
    "!" + " !" * 37_500 + " a",
    "time " * 25_000,
    "x=(" + "a " * 37_500 + ")",
    "echo '" * 37_500,
    'echo "' * 37_500,
    "${x:-" * 12_500,
    "$'" + "\\'" * 37_500,
]


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize("opening", DEEP)
def test_ten_thousand_levels_are_a_problem(opening: str, dialect: Dialect) -> None:
    script = parse.__wrapped__(opening * 10_000, dialect)
    assert script.problem is not None


@pytest.mark.parametrize(("opening", "closing"), CLOSING)
def test_closed_levels_are_read_or_declined_at_any_depth(opening: str, closing: str) -> None:
    for depth in (1, 5, 10, 20, 30, 40, 49, 50, 51, 60, 98, 99, 100, 101, 150, 1000):
        script = parse.__wrapped__(opening * depth + "a" + closing * depth, Dialect.BASH)
        if depth <= 10:
            assert script.problem is None, depth
        if depth > 100:
            assert script.problem is not None
        nodes = list(walk(script))
        assert len(nodes) < 1_000_000


def test_a_tree_is_never_deeper_than_a_recursive_visitor_bears() -> None:
    deepest = 0
    for opening, closing in CLOSING:
        for depth in range(20, 101):
            script = parse.__wrapped__(opening * depth + "a" + closing * depth, Dialect.BASH)
            deepest = max([deepest, *(len(place.ancestors) for place in calls(script))])
    assert 100 < deepest < 700


def test_little_stack_left_is_a_problem_not_a_crash() -> None:
    text = "( " * 60 + "a" + " )" * 60

    def down(levels: int) -> bool:
        if levels:
            return down(levels - 1)
        return parse.__wrapped__(text, Dialect.DASH).problem is None

    assert down(0)
    used = len(__import__("inspect").stack())
    assert not down(sys.getrecursionlimit() - used - 60)


@pytest.mark.parametrize("number", range(len(LONG)))
def test_work_is_linear_in_the_length(number: int) -> None:
    """Four times the length is about four times the work; it would be sixteen if it were quadratic."""
    text = LONG[number]

    def work(script: str) -> int:
        return effort(
            lambda: [parse.__wrapped__(script, dialect) for dialect in (Dialect.DASH, Dialect.BASH)]
        )

    assert work(text) < 6 * work(text[: len(text) // 4]) + 10_000
