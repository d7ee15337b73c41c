"""The texts of a review cannot be turned against their readers."""

from __future__ import annotations

import pytest

from dockeropt.render.markdowntext import code, escaped
from dockeropt.review.wording import block, marks_in
from tests.review.kit import blocks


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [""],
        ["a"],
        ["```"],
        ["````", "```suggestion", "~~~"],
        ["x `````` y"],
        ["# a", "", "/close"],
        ["<!-- x"],
    ],
)
def test_a_block_holds_what_it_is_given(lines: list[str]) -> None:
    text = "\n".join(["before", *block(lines, "suggestion"), "after"])
    assert blocks(text) == [("suggestion", lines)]


@pytest.mark.parametrize(
    "text",
    ["@everyone", "a/b#12", "!34", "<script>", "[x](y)", "`a`", "*b*", "a\nb", "a\r/close", "~label", "$x$"],
)
def test_words_of_a_file_are_no_markup_and_mention_nobody(text: str) -> None:
    shown = escaped(text)
    assert "\n" not in shown
    assert "\r" not in shown
    for mark in ("@everyone", "#12", "!34"):
        assert mark not in shown
    for sign in "<[`*~$":
        assert shown.count(sign) == shown.count("\\" + sign) + shown.count("<!-- -->") * (sign == "<")


def test_a_code_span_ends_where_it_should() -> None:
    assert code("a") == "`a`"
    assert code("a`b") == "`` a`b ``"
    assert "\n" not in code("a\nb")
    assert code("a|b") == "`a|b`"
    assert code("a|b", in_table=True) == "`a\\|b`"


def test_marks_are_found_by_kind() -> None:
    body = "x\n<!-- dockeropt:v1:0af -->\n<!-- dockeropt:summary:v1:1b -->"
    assert marks_in(body) == ["0af"]
    assert marks_in(body, "dockeropt:summary:v1:") == ["1b"]
    assert marks_in("<!-- other:v1:0af -->") == []
