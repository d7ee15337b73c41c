"""What the editor makes of a wish, in the layouts that people write."""

from __future__ import annotations

from collections import Counter

import pytest

from dockeropt.model.calls import CallFacts
from dockeropt.model.runs import RunFacts
from dockeropt.rewrite.context import Context
from dockeropt.rewrite.editor import Edits
from dockeropt.rewrite.merging import Piece, join_runs
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import Instruction
from dockeropt.text import apply_edits

HEAD = "FROM debian:bookworm-slim\n"
DOCS = "# syntax=docker/dockerfile:1\n" + HEAD


def context(body: str) -> tuple[Context, RunFacts]:
    """Return a context of a file and its last RUN."""
    head = "" if body.startswith("#") else HEAD.replace("\n", "\r\n") if "\r" in body else HEAD
    made = Context.of(head + body)
    return made, made.model.runs[-1]


def applied(made: Context, edits: Edits | None) -> str:
    """Return the text after the edits, without the head, and hold what holds for all of them."""
    assert edits is not None
    before = made.source.text
    after = apply_edits(before, edits)
    assert str(parse(after)) == after
    assert not parse(after).problems
    assert not comment_lines(before) - comment_lines(after)
    return after.removeprefix(DOCS).removeprefix(HEAD).removeprefix(HEAD.replace("\n", "\r\n"))


def comment_lines(text: str) -> Counter[str]:
    return Counter(line.strip() for line in text.split("\n") if line.lstrip().startswith("#"))


def call(run: RunFacts, program: str) -> CallFacts:
    return next(found for found in run.calls if found.program == program)


# --- append ----------------------------------------------------------------------------

APPEND = [
    ("one command", "RUN a\n", "RUN a && z\n"),
    ("trailing blanks", "RUN a  \n", "RUN a && z  \n"),
    ("no final newline", "RUN a", "RUN a && z"),
    ("one line", "RUN a && b; c\n", "RUN a && b; c && z\n"),
    ("or list", "RUN a || b\n", "RUN a || b && z\n"),
    ("final semicolon", "RUN a;\n", "RUN a && z;\n"),
    ("compound", "RUN if a; then b; fi\n", "RUN if a; then b; fi && z\n"),
    ("shell comment", "RUN a # why\n", "RUN a && z # why\n"),
    ("redirection", "RUN a > f 2>&1\n", "RUN a > f 2>&1 && z\n"),
    ("leading operators", "RUN a \\\n  && b\n", "RUN a \\\n  && b \\\n  && z\n"),
    ("trailing operators", "RUN a && \\\n\tb\n", "RUN a && \\\n\tb && \\\n\tz\n"),
    ("first column", "RUN a && \\\nb\n", "RUN a && \\\nb && \\\nz\n"),
    ("broken words", "RUN a \\\n  x \\\n  y\n", "RUN a \\\n  x \\\n  y \\\n  && z\n"),
    ("aligned words", "RUN a x \\\n             y\n", "RUN a x \\\n             y \\\n    && z\n"),
    ("comment inside", "RUN a \\\n  # why\n  && b\n", "RUN a \\\n  # why\n  && b \\\n  && z\n"),
    ("comment at the end", "RUN a \\\n  && b \\\n  # why\n", "RUN a \\\n  && b \\\n  && z \\\n  # why\n"),
    ("blank line inside", "RUN a && \\\n\n  b\n", "RUN a && \\\n\n  b && \\\n  z\n"),
    ("set -e list", "RUN set -e; a; b\n", "RUN set -e; a; b; z\n"),
    ("set -e with a final semicolon", "RUN set -e; a; b;\n", "RUN set -e; a; b; z\n"),
    ("set -e list on lines", "RUN set -eux; \\\n  a; \\\n  b\n", "RUN set -eux; \\\n  a; \\\n  b; \\\n  z\n"),
    ("set -e and a chain", "RUN set -e; a; b && c\n", "RUN set -e; a; b && c && z\n"),
    ("set -e && chain", "RUN set -e && a\n", "RUN set -e && a && z\n"),
    ("set -e and a loop", "RUN set -e; for i in x; do a; done\n", "RUN set -e; for i in x; do a; done; z\n"),
    ("set -o errexit", "RUN set -o errexit; a; b\n", "RUN set -o errexit; a; b; z\n"),
    ("set -e taken back", "RUN set -e; set +e; a\n", "RUN set -e; set +e; a && z\n"),
    ("list without set -e", "RUN a; \\\n  b\n", "RUN a; \\\n  b \\\n  && z\n"),
    ("wait", "RUN a & wait\n", "RUN a & wait && z\n"),
    ("errexit of SHELL", 'SHELL ["/bin/sh", "-ec"]\nRUN a; b\n', 'SHELL ["/bin/sh", "-ec"]\nRUN a; b; z\n'),
    ("backtick", "# escape=`\nFROM a\nRUN a `\n  && b\n", "# escape=`\nFROM a\nRUN a `\n  && b `\n  && z\n"),
    ("crlf", "RUN a \\\r\n  && b\r\n", "RUN a \\\r\n  && b \\\r\n  && z\r\n"),
    ("onbuild", "ONBUILD RUN a\n", "ONBUILD RUN a && z\n"),
    ("heredoc", DOCS + "RUN <<EOF\na\nb\nEOF\n", "RUN <<EOF\na\nb && z\nEOF\n"),
    ("heredoc, set -e", DOCS + "RUN <<EOF\nset -e\n  a\nEOF\n", "RUN <<EOF\nset -e\n  a\n  z\nEOF\n"),
    ("heredoc, empty lines", DOCS + "RUN <<EOF\na\n\n\nEOF\n", "RUN <<EOF\na && z\n\n\nEOF\n"),
    ("heredoc in a script", DOCS + "RUN cat <<EOF > f\nx\nEOF\n", "RUN cat <<EOF > f && z\nx\nEOF\n"),
]


@pytest.mark.parametrize(("name", "before", "after"), APPEND, ids=[row[0] for row in APPEND])
def test_a_command_is_appended_in_the_layout_of_the_script(name: str, before: str, after: str) -> None:
    made, run = context(before)
    assert applied(made, made.edit.append_command(run, "z")) == after, name


def test_a_line_that_would_become_too_long_is_broken() -> None:
    made, run = context(f"RUN a {'x' * 90}\n")
    assert applied(made, made.edit.append_command(run, "z")) == f"RUN a {'x' * 90} \\\n    && z\n"


@pytest.mark.parametrize(
    "body",
    [
        "RUN a &\n",
        "RUN a; b &\n",
        "RUN exit 0\n",
        "RUN a; exit\n",
        "RUN a && exec b\n",
        "RUN set -e; a; if b; then c || d; fi\n",
        "RUN set -e; for i in x; do if a; then b; fi; done\n",
        "RUN set -e; f() { a; b; }; f\n",
        'RUN set -e; eval "a; b"\n',
        "RUN set -e; . ./x\n",
        "RUN set -e; x=$(a; b)\n",
        "RUN a; set -e; for i in x; do b; done\n",
        "RUN set -e & for i in x; do b; done\n",
        "RUN set -e; a && for i in x; do b; done\n",
        'SHELL ["/bin/bash", "-ec"]\nRUN { a; b && c; } | d\n',
        'RUN ["a"]\n',
        "RUN 'a\n",
        'SHELL ["powershell", "-Command"]\nRUN a\n',
    ],
)
def test_nothing_is_appended_where_it_could_hide_a_failure_or_never_run(body: str) -> None:
    made, run = context(body)
    assert made.edit.append_command(run, "z") is None


# --- insert ----------------------------------------------------------------------------

INSERT = [
    ("first", "RUN b\n", False, "RUN z && b\n"),
    ("in a chain", "RUN a && b\n", False, "RUN a && z && b\n"),
    ("leading operators", "RUN a \\\n  && b\n", False, "RUN a \\\n  && z \\\n  && b\n"),
    ("trailing operators", "RUN a && \\\n    b\n", False, "RUN a && \\\n    z && \\\n    b\n"),
    ("first on its own line", "RUN \\\n  b \\\n  && c\n", False, "RUN \\\n  z \\\n  && b \\\n  && c\n"),
    ("trailing, own line", "RUN \\\n  b && \\\n  c\n", False, "RUN \\\n  z && \\\n  b && \\\n  c\n"),
    ("comment above", "RUN a \\\n  # b\n  && b\n", False, "RUN a \\\n  # b\n  && z \\\n  && b\n"),
    ("statement", "RUN set -e; b; c\n", True, "RUN set -e; z; b; c\n"),
    (
        "statement on a line",
        "RUN set -e; \\\n  b; \\\n  c\n",
        True,
        "RUN set -e; \\\n  z; \\\n  b; \\\n  c\n",
    ),
    ("pipeline", "RUN y | b\n", False, "RUN z && y | b\n"),
    ("heredoc", DOCS + "RUN <<EOF\na\nb\nEOF\n", False, "RUN <<EOF\na\nz && b\nEOF\n"),
    ("heredoc statement", DOCS + "RUN <<EOF\na\n  b\nEOF\n", True, "RUN <<EOF\na\n  z\n  b\nEOF\n"),
    ("flags", "RUN --network=none b\n", False, "RUN --network=none z && b\n"),
    ("crlf", "RUN a \\\r\n  && b\r\n", False, "RUN a \\\r\n  && z \\\r\n  && b\r\n"),
    (
        "backtick",
        "# escape=`\nFROM a\nRUN a `\n  && b\n",
        False,
        "# escape=`\nFROM a\nRUN a `\n  && z `\n  && b\n",
    ),
]


@pytest.mark.parametrize(("name", "before", "as_statement", "after"), INSERT, ids=[row[0] for row in INSERT])
def test_a_command_is_inserted_in_the_layout_of_the_script(
    name: str, before: str, as_statement: bool, after: str
) -> None:
    made, run = context(before)
    pipeline = call(run, "b").pipeline
    edits = made.edit.insert_command(run, pipeline, "z", as_statement=as_statement)
    assert applied(made, edits) == after, name


def test_words_are_inserted_behind_a_token_not_behind_the_continuation() -> None:
    made, run = context("RUN b \\\n  # why\n  x\n")
    word = call(run, "b").program_word
    assert word is not None
    assert applied(made, made.edit.insert_words(run, word.end, "-y")) == "RUN b -y \\\n  # why\n  x\n"


ITEMS = [
    ("one line", "RUN b x\n", "RUN b x y\n"),
    ("lines", "RUN b \\\n  w \\\n  x\n", "RUN b \\\n  w \\\n  x \\\n  y\n"),
    ("two on a line", "RUN b \\\n  w x\n", "RUN b \\\n  w x y\n"),
    ("in a chain", "RUN b \\\n\tx \\\n && c\n", "RUN b \\\n\tx \\\n\ty \\\n && c\n"),
    ("heredoc", DOCS + "RUN <<EOF\nb \\\n  x\nEOF\n", "RUN <<EOF\nb \\\n  x \\\n  y\nEOF\n"),
]


@pytest.mark.parametrize(("name", "before", "after"), ITEMS, ids=[row[0] for row in ITEMS])
def test_an_item_is_appended_in_the_layout_of_the_list(name: str, before: str, after: str) -> None:
    made, run = context(before)
    last = call(run, "b").args[-1]
    assert applied(made, made.edit.append_item(run, (last.start, last.end), "y")) == after, name


# --- replace and remove words ----------------------------------------------------------


def test_a_range_is_replaced_only_where_the_source_holds_it_in_one_piece() -> None:
    made, run = context("RUN ab\\\ncd x\n")
    assert made.edit.replace(run, 0, 4, "z") is None
    assert applied(made, made.edit.replace(run, 5, 6, "z")) == "RUN ab\\\ncd z\n"


WORDS = [
    ("last", "RUN b x -q\n", "RUN b x\n"),
    ("middle", "RUN b -q x\n", "RUN b x\n"),
    ("several blanks", "RUN b   -q  x\n", "RUN b  x\n"),
    ("alone on a line", "RUN b \\\n  -q \\\n  x\n", "RUN b \\\n  x\n"),
    ("alone on a line under a comment", "RUN b \\\n  # why\n  -q \\\n  x\n", "RUN b \\\n  # why\n  x\n"),
    ("first on a line", "RUN b \\\n  -q x\n", "RUN b \\\n  x\n"),
    ("last line", "RUN b \\\n  x \\\n  -q\n", "RUN b \\\n  x\n"),
    ("last line without newline", "RUN b \\\n  -q", "RUN b"),
    ("before an operator", "RUN b -q && c\n", "RUN b && c\n"),
    ("at the end of a line", "RUN b -q \\\n  x\n", "RUN b \\\n  x\n"),
    ("heredoc", DOCS + "RUN <<EOF\nb -q\nc\nEOF\n", "RUN <<EOF\nb\nc\nEOF\n"),
    ("crlf", "RUN b \\\r\n  -q \\\r\n  x\r\n", "RUN b \\\r\n  x\r\n"),
]


@pytest.mark.parametrize(("name", "before", "after"), WORDS, ids=[row[0] for row in WORDS])
def test_a_word_is_removed_with_its_line_or_its_blanks(name: str, before: str, after: str) -> None:
    made, run = context(before)
    word = next(word for word in call(run, "b").args if word.text == "-q")
    assert applied(made, made.edit.remove_words(run, word.start, word.end)) == after, name


@pytest.mark.parametrize("body", ["RUN b \\\n  x \\\n  # why\n  -q\n", "RUN b -\\\nq x\n"])
def test_a_word_stays_where_a_comment_or_a_break_is_in_the_way(body: str) -> None:
    made, run = context(body)
    word = next(word for word in call(run, "b").args if word.text == "-q")
    assert made.edit.remove_words(run, word.start, word.end) is None


# --- remove commands -------------------------------------------------------------------

REMOVE = [
    ("first", "RUN b && c\n", "RUN c\n"),
    ("middle", "RUN a && b && c\n", "RUN a && c\n"),
    ("last", "RUN a && b\n", "RUN a\n"),
    ("leading, first", "RUN b \\\n  && c\n", "RUN c\n"),
    ("leading, middle", "RUN a \\\n  && b \\\n  && c\n", "RUN a \\\n  && c\n"),
    ("leading, last", "RUN a \\\n  && b\n", "RUN a\n"),
    ("leading, two on a line", "RUN a \\\n  && b && c\n", "RUN a \\\n  && c\n"),
    ("trailing, first", "RUN b && \\\n  c\n", "RUN c\n"),
    ("trailing, middle", "RUN a && \\\n  b && \\\n  c\n", "RUN a && \\\n  c\n"),
    ("trailing, last", "RUN a && \\\n  b\n", "RUN a\n"),
    ("many lines", "RUN a && b \\\n    x \\\n    y \\\n  && c\n", "RUN a \\\n  && c\n"),
    ("comment behind the first", "RUN b && \\\n  # c\n  c\n", "RUN \\\n  # c\n  c\n"),
    ("comment behind the first, leading", "RUN b \\\n  # c\n  && c\n", "RUN \\\n  # c\n  c\n"),
    ("comments around", "RUN a \\\n  # b\n  && b \\\n  # c\n  && c\n", "RUN a \\\n  # b\n  # c\n  && c\n"),
    (
        "comments around, trailing",
        "RUN a && \\\n  # b\n  b && \\\n  # c\n  c\n",
        "RUN a && \\\n  # b\n  # c\n  c\n",
    ),
    ("comment above the last", "RUN a \\\n  # b\n  && b\n", "RUN a\n  # b\n"),
    ("comment above the last, trailing", "RUN a && \\\n  # b\n  b\n", "RUN a\n  # b\n"),
    ("statement, first", "RUN b; c\n", "RUN c\n"),
    ("statement, middle", "RUN a; b; c\n", "RUN a; c\n"),
    ("statement, last", "RUN a; b\n", "RUN a\n"),
    ("statements on lines", "RUN set -e; \\\n  a; \\\n  b; \\\n  c\n", "RUN set -e; \\\n  a; \\\n  c\n"),
    ("last of statements on lines", "RUN set -e; \\\n  a; \\\n  b\n", "RUN set -e; \\\n  a\n"),
    ("heredoc", DOCS + "RUN <<EOF\na\nb\nc\nEOF\n", "RUN <<EOF\na\nc\nEOF\n"),
    ("heredoc, last", DOCS + "RUN <<EOF\na\nb\nEOF\n", "RUN <<EOF\na\nEOF\n"),
    ("alone", "RUN a\nRUN b\n", "RUN a\n"),
    ("redirection", "RUN a && b > f && c\n", "RUN a && c\n"),
    ("backtick", "# escape=`\nFROM a\nRUN a `\n  && b `\n  && c\n", "# escape=`\nFROM a\nRUN a `\n  && c\n"),
    ("crlf", "RUN a && \\\r\n  b && \\\r\n  c\r\n", "RUN a && \\\r\n  c\r\n"),
    ("crlf, last with a comment", "RUN a \\\r\n  # b\r\n  && b\r\n", "RUN a\r\n  # b\r\n"),
]


@pytest.mark.parametrize(("name", "before", "after"), REMOVE, ids=[row[0] for row in REMOVE])
def test_a_command_is_removed_and_comments_stay(name: str, before: str, after: str) -> None:
    made, run = context(before)
    assert applied(made, made.edit.remove_call(call(run, "b"))) == after, name


@pytest.mark.parametrize(
    "body",
    [
        "RUN b || c\n",
        "RUN a || b\n",
        "RUN a && b || c\n",
        "RUN b | c\n",
        "RUN b & wait\n",
        "RUN ! b && c\n",
        "RUN if a; then b; fi\n",
        "RUN (b; c)\n",
        "RUN x=$(b)\n",
        "ONBUILD RUN b\n",
        DOCS + "RUN b <<EOF\nx\nEOF\n",
        "RUN b \\\n    x \\\n    # why\n    y && \\\n  c\n",
    ],
)
def test_a_command_stays_where_its_going_would_change_more(body: str) -> None:
    made, run = context(body)
    assert made.edit.remove_call(call(run, "b")) is None


# --- whole instructions ----------------------------------------------------------------


def instruction(made: Context, name: str) -> Instruction:
    return next(node for node in made.tree.instructions if node.name == name)


WHOLE = [
    ("only", "RUN a\nUSER b\nRUN c\n", "RUN a\nRUN c\n"),
    ("between blank lines", "RUN a\n\nUSER b\n\nRUN c\n", "RUN a\n\nRUN c\n"),
    ("comments above stay", "RUN a\n# why\nUSER b\nRUN c\n", "RUN a\n# why\nRUN c\n"),
    ("comments inside stay", "RUN a\nUSER \\\n# why\nb\nRUN c\n", "RUN a\n# why\nRUN c\n"),
    ("last", "RUN a\nUSER b\n", "RUN a\n"),
    ("last without newline", "RUN a\nUSER b", "RUN a"),
    ("last without newline, crlf", "RUN a\r\nUSER b", "RUN a"),
]


@pytest.mark.parametrize(("name", "before", "after"), WHOLE, ids=[row[0] for row in WHOLE])
def test_an_instruction_is_removed_and_comments_stay(name: str, before: str, after: str) -> None:
    made, _ = context(before)
    assert applied(made, made.edit.remove_instruction(instruction(made, "USER"))) == after, name


def test_an_instruction_is_replaced_unless_a_comment_is_inside() -> None:
    made, _ = context("RUN a\nUSER b\n")
    edits = made.edit.replace_instruction(instruction(made, "USER"), "USER c")
    assert applied(made, edits) == "RUN a\nUSER c\n"
    made, _ = context("RUN a\nUSER \\\n# why\nb\n")
    assert made.edit.replace_instruction(instruction(made, "USER"), "USER c") is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN a\nCOPY x y\n", "RUN a\nCOPY --chown=1 x y\n"),
        ("RUN a\nCOPY --chown=2:2 x y\n", "RUN a\nCOPY --chown=1 x y\n"),
        ("RUN a\nCOPY --from=b x y\n", "RUN a\nCOPY --from=b --chown=1 x y\n"),
        ("RUN a\nCOPY \\\n  --from=b \\\n  x y\n", "RUN a\nCOPY \\\n  --from=b --chown=1 \\\n  x y\n"),
    ],
)
def test_a_flag_is_set_or_replaced(before: str, after: str) -> None:
    made, _ = context(before)
    assert applied(made, made.edit.set_flag(instruction(made, "COPY"), "chown", "1")) == after


def test_lines_are_inserted_around_an_instruction_and_its_comments() -> None:
    made, _ = context("RUN a\r\n# why\r\nUSER b")
    node = instruction(made, "USER")
    above = made.edit.insert_line_before(node, "EXPOSE 1")
    below = made.edit.insert_line_after(node, "EXPOSE 2")
    expected = "RUN a\r\nEXPOSE 1\r\n# why\r\nUSER b\r\nEXPOSE 2"
    assert applied(made, (*above, *below)) == expected


# --- merging ---------------------------------------------------------------------------


def pieces(made: Context) -> list[Piece]:
    return [Piece(run, run.script, len(run.script.text)) for run in made.model.runs if run.script is not None]


def test_runs_are_joined_and_flags_of_the_first_stay() -> None:
    made, _ = context("RUN --network=none a\n\n# b\nRUN --network=none \\\n  # inside\n  b\n")
    expected = "RUN --network=none a \\\n    # b\n    # inside\n    && b\n"
    assert applied(made, join_runs(made.edit, pieces(made))) == expected


def test_runs_with_something_between_are_not_joined() -> None:
    made, _ = context("RUN a\nUSER b\nRUN c\n")
    assert join_runs(made.edit, pieces(made)) is None


def test_runs_inside_onbuild_are_not_joined() -> None:
    made, _ = context("ONBUILD RUN a\nONBUILD RUN c\n")
    assert join_runs(made.edit, pieces(made)) is None
