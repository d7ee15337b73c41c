"""What a pass says about itself is read, not told again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import pytest

from dockeropt.errors import ConfigError
from dockeropt.rewrite import Category, Context, Finding, Phase, rewrite
from dockeropt.rewrite.passdoc import Option, options_of, parse_doc, parse_options

DOC = """Do one thing.

Because of this,
and ``that``.

Before:
    FROM a
    RUN b \\
        && c

After:
    FROM a

    RUN d

Safety:
    Safe: nothing can
    see it.

Options:
    when: always.

References:
    - https://example.org/a
    - A book, page 3
"""


def test_sections_are_found() -> None:
    doc = parse_doc(DOC)
    assert doc.summary == "Do one thing."
    assert doc.why == "Because of this,\nand ``that``."
    assert doc.before == "FROM a\nRUN b \\\n    && c\n"
    assert doc.after == "FROM a\n\nRUN d\n"
    assert doc.safety == "Safe: nothing can\nsee it."
    assert doc.options == "when: always."
    assert doc.references == ("https://example.org/a", "A book, page 3")
    assert doc.unknown == ()


def test_a_missing_section_is_empty_and_a_wrong_heading_is_told() -> None:
    doc = parse_doc("Do.\n\nBeofre:\n    FROM a\n")
    assert doc.before == ""
    assert doc.unknown == ("Beofre",)
    assert parse_doc("").summary == ""


class Named(NamedTuple):
    when: Literal["always", "saves-space"] = "always"
    keep: tuple[str, ...] = ()
    most: int = 3
    share: float = 0.5
    strict: bool = False
    channel: str | None = None


@dataclass
class Classic:
    max_width: int = 80


def test_options_come_from_the_class() -> None:
    assert options_of(Named) == (
        Option("when", '"always" or "saves-space"', "always"),
        Option("keep", "a list of texts", ()),
        Option("most", "a whole number", 3),
        Option("share", "a number", 0.5),
        Option("strict", "true or false", False),
        Option("channel", "text or nothing", None),
    )
    assert options_of(Classic) == (Option("max_width", "a whole number", 80),)
    assert options_of(None) == ()


def test_an_option_without_default_is_a_mistake() -> None:
    class Bad(NamedTuple):
        name: str

    with pytest.raises(TypeError, match=r"'name' .* has no default"):
        options_of(Bad)


def test_given_options_replace_defaults() -> None:
    assert parse_options("p", Named, {"keep": ["a"], "when": "saves-space", "share": 1}) == {
        "when": "saves-space",
        "keep": ("a",),
        "most": 3,
        "share": 1,
        "strict": False,
        "channel": None,
    }
    assert parse_options("p", Classic, {"max-width": 3}) == {"max_width": 3}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"when": "never"}, 'must be "always" or "saves-space", not \'never\''),
        ({"keep": "a"}, "must be a list of texts"),
        ({"keep": ["a", 1]}, "must be a list of texts"),
        ({"most": True}, "must be a whole number, not True"),
        ({"strict": 1}, "must be true or false, not 1"),
        ({"channel": 5}, "must be text or nothing"),
        ({"wehn": "always"}, "did you mean 'when'"),
        ({"xyz": 1}, "it has 'when', 'keep'"),
    ],
)
def test_wrong_options_are_explained(given: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_options("p", Named, given)
    assert message in str(caught.value)


def test_a_pass_without_options_takes_none() -> None:
    with pytest.raises(ConfigError, match="p has no options, but 'a' is given"):
        parse_options("p", None, {"a": 1})


def test_a_pass_reads_its_options() -> None:
    options = parse_options("p", Named, {"most": 7})
    ctx = Context.of("FROM a\n", options=options)
    assert ctx.settings(Named).most == 7
    assert ctx.options["keep"] == ()


def test_the_id_is_the_name_of_the_function() -> None:
    @rewrite(category=Category.SIZE, phase=Phase.LAYERS, options=Named)
    def do_one_thing(ctx: Context) -> Iterator[Finding]:
        """Do it here."""
        yield from ()

    assert do_one_thing.info.id == "do-one-thing"
    assert do_one_thing.info.parse_options({})["most"] == 3
    assert do_one_thing.info.plugin is not None  # it is none of ours


def test_wants_are_lower_case() -> None:
    with pytest.raises(ValueError, match="lower case"):
        rewrite(category=Category.SIZE, phase=Phase.LAYERS, wants=("RUN",))
