"""What an author asked to be left alone is left alone."""

import pytest

from dockeropt.rewrite import Category, Finding, Fix, Phase
from dockeropt.rewrite.fix import Applicability
from dockeropt.rewrite.passes import PassInfo
from dockeropt.rewrite.suppress import read_suppressions
from dockeropt.syntax import parse
from dockeropt.text import Edit, Span

INFO = PassInfo(
    "clean-apt-lists",
    "dockeropt.passes.size.clean_apt_lists",
    category=Category.SIZE,
    phase=Phase.PACKAGES,
    aliases=("DL3009", "MaintainerDeprecated", "tally/prefer-clean-lists"),
)
OTHER = PassInfo("sort-packages", "x.sort_packages", category=Category.STYLE, phase=Phase.STYLE)

FILE = """\
FROM a
{}
RUN one
RUN two
"""


def covered(text: str, words: str = "one", info: PassInfo = INFO) -> bool:
    at = text.index(words)
    finding = Finding("f", Span(at, at + len(words)))
    return read_suppressions(parse(text)).covers(info, finding)


@pytest.mark.parametrize(
    "pragma",
    [
        "# dockeropt: ignore",
        "#dockeropt:ignore=clean-apt-lists",
        "# dockeropt: ignore=clean_apt_lists -- they are needed",
        "# dockeropt: ignore=sort-packages, clean-apt-lists -- reason",
        "# dockeropt: ignore=size",
        "# dockeropt: ignore=dl3009",
        "# dockeropt: ignore=all",
        "# dockeropt: ignore=",
        "  # dockeropt: ignore",
        "# hadolint ignore=DL3009",
        "# hadolint ignore=SC2086,DL3009",
        "#hadolint ignore = DL3009",
        "# tally ignore=hadolint/DL3009;reason=because",
        "# tally ignore=prefer-clean-lists",
        "# dockerfmt-ignore",
        "# dockerfile-utils: ignore",
        "# Dockeropt: Ignore",
    ],
)
def test_a_pragma_covers_the_next_instruction_only(pragma: str) -> None:
    text = FILE.format(pragma)
    assert covered(text, "one")
    assert not covered(text, "two")


@pytest.mark.parametrize(
    "pragma",
    [
        "# dockeropt: ignore=sort-packages",
        "# dockeropt: ignored=clean-apt-lists",
        "# hadolint ignore=DL3008",
        "# hadolint shell=/bin/bash",
        "# hadolint disable=DL3009",
        "# tally ignore=other",
        "# nobody ignore=DL3009",
        "# ignore=DL3009",
        "# we skip dockeropt: here",
    ],
)
def test_another_pragma_does_not(pragma: str) -> None:
    assert not covered(FILE.format(pragma))


@pytest.mark.parametrize(
    "pragma",
    [
        "# dockeropt: file-ignore=clean-apt-lists -- reason",
        "# dockeropt: file-ignore",
        "# hadolint global ignore=DL3009",
        "# tally global ignore=DL3009",
    ],
)
def test_a_file_pragma_covers_all(pragma: str) -> None:
    text = FILE.format(pragma)
    assert covered(text, "one")
    assert covered(text, "two")
    assert covered(text, "FROM")


@pytest.mark.parametrize(
    ("directive", "ours", "other"),
    [
        ("# check=skip=MaintainerDeprecated", True, False),
        ("# check=skip=StageNameCasing,MaintainerDeprecated;error=true", True, False),
        ("# check=error=true;skip=all", True, False),  # all of BuildKit's, and only those
        ("# check=skip=StageNameCasing", False, False),
        ("# check=error=true", False, False),
    ],
)
def test_buildkits_own_directive(directive: str, ours: bool, other: bool) -> None:
    text = f"{directive}\nFROM a\nRUN one\n"
    assert covered(text, "one") is ours
    assert covered(text, "one", OTHER) is other


def test_names_of_one_pass_do_not_cover_another() -> None:
    text = FILE.format("# dockeropt: ignore=clean-apt-lists")
    assert not covered(text, "one", OTHER)
    assert covered(FILE.format("# dockeropt: ignore"), "one", OTHER)


def test_blank_lines_and_comments_between_do_not_matter() -> None:
    assert covered(FILE.format("# dockeropt: ignore\n\n# why\n"))


def test_a_pragma_inside_an_instruction_covers_all_of_it() -> None:
    text = "FROM a\nRUN one \\\n  # dockeropt: ignore=clean-apt-lists\n  && two\nRUN three\n"
    assert covered(text, "one")
    assert covered(text, "two")
    assert not covered(text, "three")


def test_a_pragma_inside_a_heredoc_counts_as_well() -> None:
    text = "FROM a\nRUN <<EOF\n# hadolint ignore=DL3009\none\nEOF\nRUN two\n"
    assert covered(text, "one")
    assert not covered(text, "two")


def test_regions() -> None:
    text = (
        "FROM a\nRUN one\n# dockeropt: off\nRUN two\n# dockeropt: on\nRUN three\n# dockeropt: off\nRUN four"
    )
    assert [covered(text, word) for word in ("one", "two", "three", "four")] == [False, True, False, True]


def test_a_region_may_begin_inside_an_instruction() -> None:
    text = "FROM a\nRUN one \\\n  # dockeropt: off\n  && two\nRUN three\n"
    assert [covered(text, word) for word in ("FROM", "one", "three")] == [False, True, True]


def test_a_fix_that_only_touches_what_is_ignored_is_covered() -> None:
    text = FILE.format("# dockeropt: ignore")
    one, two = text.index("one"), text.index("two")
    fix = Fix("t", [Edit(Span(two, two + 3), "x"), Edit(Span(one, one + 1), "y")], Applicability.UNSAFE)
    assert read_suppressions(parse(text)).covers(INFO, Finding("f", Span(two, two + 3), fix))


@pytest.mark.parametrize(("at", "answer"), [("RUN one", False), ("ne\n", True), ("\nRUN two", True)])
def test_an_insertion_right_before_is_outside(at: str, answer: bool) -> None:
    text = FILE.format("# dockeropt: ignore")
    two, place = text.index("two"), text.index(at)
    fix = Fix("t", Edit.insert(place, "x"), Applicability.UNSAFE)
    finding = Finding("f", Span(two, two + 3), fix)
    assert read_suppressions(parse(text)).covers(INFO, finding) is answer


def test_an_insertion_at_the_open_end_of_the_file_is_inside() -> None:
    text = "FROM a\n# dockeropt: ignore\nRUN one"
    fix = Fix("t", Edit.insert(len(text), " && two"), Applicability.UNSAFE)
    assert read_suppressions(parse(text)).covers(INFO, Finding("f", Span(0, 4), fix))


def test_most_files_ask_for_nothing() -> None:
    assert not read_suppressions(parse("FROM a\nCOPY .gitignore .\n"))
    assert not read_suppressions(parse("FROM a\n"))


def test_a_pragma_at_the_end_covers_nothing() -> None:
    assert not read_suppressions(parse("FROM a\n# dockeropt: ignore"))


def test_a_pragma_behind_a_byte_order_mark() -> None:
    assert covered("\ufeff# dockeropt: ignore\nFROM a\n", "FROM")


def test_many_pragmas_take_linear_time() -> None:
    text = "FROM a\n" + "# hadolint ignore=DL1\n" * 20_000 + "RUN one\n"
    assert not covered(text, "one")
