"""Laws of the tree on any text: never an exception, places that nest, one meaning."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockeropt.shell import Dialect, Script, parse
from dockeropt.shell.joining import Join, join
from dockeropt.shell.nodes import Assign, Call, CmdSubst, Node, Pipeline, Redirect, Stmt, Word
from dockeropt.shell.query import calls, resolve, walk
from tests.shell.generate import MUTATIONS, REDIRECTS, WORDS, Generator

TOKENS = [
    *MUTATIONS,
    *WORDS,
    *REDIRECTS,
    "if ",
    "then ",
    "[[ ",
    " ]]",
    "((",
    "))",
    "$((",
    "${",
    "<<E",
    "\nE\n",
    "=",
    "\\\n",
    "f()",
]

texts = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ab \n;&|(){}<>\"'`$\\#=![]*", max_size=40),
    st.lists(st.sampled_from(TOKENS), max_size=14).map(" ".join),
    st.lists(st.sampled_from(TOKENS), max_size=14).map("".join),
    st.integers(0, 10**9).map(lambda seed: Generator(seed).script()),
    st.integers(0, 10**9).map(lambda seed: Generator(seed).broken()),
)
dialects = st.sampled_from(list(Dialect))


def check_places(script: Script) -> None:
    """Every node lies inside its parent, behind its elder sibling, and is what it says."""
    text = script.text
    for node in walk(script):
        assert 0 <= node.start <= node.end <= len(text)
        last = node.start
        for child in node.children:
            if isinstance(node, Redirect) and child is not node.target:
                assert node.body is not None  # an expansion in the body, on later lines
                assert node.body[0] <= child.start <= child.end <= node.body[1]
                continue
            assert last <= child.start, (text, node, child)
            assert child.end <= node.end, (text, node, child)
            last = child.end
        check_node(node, text)


def check_node(node: Node, text: str) -> None:
    if isinstance(node, Word):
        assert text[node.start : node.end] == node.text
        assert node.text
    elif isinstance(node, Assign):
        assert text[node.start :].startswith(node.name)
    elif isinstance(node, CmdSubst):
        assert text[node.start : node.end].startswith(node.opening)
        assert text[node.end - 1] in ")`"
    elif isinstance(node, Stmt):
        if node.terminator:
            assert text[node.terminator_at] == node.terminator
        else:
            assert node.terminator_at == -1
    elif isinstance(node, Pipeline):
        assert len(node.operators) == len(node.commands) - 1
        for start, end in node.operators:
            assert text[start:end] in ("|", "|&")
    elif isinstance(node, Redirect):
        assert text[node.start : node.end].startswith(node.fd + node.operator)
    elif isinstance(node, Call):
        pieces = [*node.assigns, *node.words, *node.redirects]
        if pieces:
            assert node.start == min(piece.start for piece in pieces)
            assert node.end == max(piece.end for piece in pieces)


@given(texts, dialects)
@settings(max_examples=600, deadline=None)
def test_any_text_gives_a_tree_or_a_problem(text: str, dialect: Dialect) -> None:
    script = parse.__wrapped__(text, dialect)
    assert script.text == text
    if script.problem is not None:
        assert 0 <= script.problem.at <= len(text)
        assert script.problem.message
        assert not script.body.statements
        return
    check_places(script)
    for start, end in script.comments:
        assert text[start] == "#"
        assert "\n" not in text[start:end]
    for place in calls(script):
        found = resolve(place.call)
        assert place.statement in place.ancestors
        assert found.program is None or (found.word in place.call.words and "/" not in found.program)


@given(st.integers(0, 10**9), dialects)
@settings(max_examples=200, deadline=None)
def test_large_scripts_have_the_right_places_too(seed: int, dialect: Dialect) -> None:
    source = Generator(seed)
    check_places(parse("; ".join(source.list() for _ in range(10)), dialect))


@given(texts, dialects)
@settings(max_examples=300, deadline=None)
def test_the_words_of_a_call_stand_for_themselves(text: str, dialect: Dialect) -> None:
    """A word taken out of a script and put behind another command is the same word."""
    for place in calls(parse(text, dialect)):
        for word in place.call.words[1:]:
            again = parse("x " + word.text, dialect)
            if again.problem is not None or "extglob" in text:
                continue  # the terminator of a here-document, or a word of no other script
            command = again.body.statements[0].command.pipelines[0].commands[0]
            assert isinstance(command, Call)
            if not word.text.startswith("#"):
                assert [w.text for w in command.words] == ["x", word.text]
                assert command.words[1].literal == word.literal


@given(st.integers(0, 10**9), st.integers(0, 10**9), dialects, st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_joined_script_is_a_script(seed: int, other: int, dialect: Dialect, errexit: bool) -> None:
    a, b = parse(Generator(seed).script(), dialect), parse(Generator(other).script(), dialect)
    answer = join(a, b, errexit=errexit, pipefail=False, workdir="/")
    if isinstance(answer, Join):
        joined = parse(answer.text(a.text, b.text), dialect)
        assert joined.problem is None
        ours = [[w.text for w in p.call.words] for p in calls(joined)]
        assert ours == [[w.text for w in p.call.words] for s in (a, b) for p in calls(s)]


@pytest.mark.parametrize("dialect", list(Dialect))
def test_appending_a_command_to_a_list_changes_no_other(dialect: Dialect) -> None:
    for seed in range(100):
        text = Generator(seed).script()
        if parse(text, dialect).problem is not None or "#" in text or text.rstrip()[-1] in ";&":
            continue
        before = [place.call.start for place in calls(parse(text, dialect))]
        after = [place.call.start for place in calls(parse(text.rstrip() + " && added", dialect))]
        assert after[:-1] == before
