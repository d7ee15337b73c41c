"""What the factory writes is read back: by the parser as one piece, by Docker's expansion as the value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.model.expand import expand
from dockeropt.syntax import find, parse
from dockeropt.syntax.factory import copy_arguments, flag, heredoc, json_array, pair, quote_value
from dockeropt.syntax.nodes import Arg, Cmd, Copy, Env, Label, Run

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=30)
TRICKY = st.text(st.sampled_from("ab \\`'\"$={}#<\t\xa0\ufeff"), max_size=12)
ESCAPES = st.sampled_from("\\`")


def head(escape: str) -> str:
    return "# escape=`\nFROM a\n" if escape == "`" else "FROM a\n"


@given(TEXT | TRICKY, ESCAPES, st.sampled_from([Env, Label, Arg]))
def test_values(value: str, escape: str, kind: type[Env | Label | Arg]) -> None:
    if value.startswith("\ufeff"):  # Go's scanner drops it, whatever quotes it
        value = f"x{value}"
    tree = parse(f"{head(escape)}{kind.NAME} {pair('NAME', value, escape)} NEXT=1\n")
    assert not tree.problems
    first, second = next(find(tree, kind)).pairs
    assert (first.key.text, second.key.text) == ("NAME", "NEXT")
    assert first.value is not None
    assert first.value.text == quote_value(value, escape)
    assert expand(first.value.text, {}, escape).text == value


@given((TEXT | TRICKY).filter(lambda name: name and "=" not in name and name[0] != "\ufeff"), ESCAPES)
def test_names(name: str, escape: str) -> None:
    tree = parse(f"{head(escape)}LABEL {pair(name, 'value', escape)}\n")
    assert not tree.problems
    (only,) = next(find(tree, Label)).pairs
    assert expand(only.key.text, {}, escape).text == name


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=10) | TRICKY, max_size=4), ESCAPES)
def test_arrays(values: list[str], escape: str) -> None:
    cmd = next(find(parse(f"{head(escape)}CMD {json_array(values)}\n"), Cmd))
    assert cmd.exec_form is not None
    assert list(cmd.exec_form.values) == values
    assert len(cmd.exec_form.spans) == len(values)


@given(st.text(st.characters(max_codepoint=126, exclude_characters="\r\n"), max_size=12) | TRICKY, ESCAPES)
def test_flags(value: str, escape: str) -> None:
    if not value.isascii():
        with pytest.raises(ValueError, match="ASCII"):
            flag("from", value, escape)
        return
    tree = parse(f"{head(escape)}COPY {flag('from', value, escape)} --link x y\n")
    assert not tree.problems
    assert [(f.name, f.unquoted) for f in next(find(tree, Copy)).flags] == [("from", value), ("link", None)]


@given(st.lists(TRICKY.filter(bool), min_size=1, max_size=3), TRICKY.filter(bool))
def test_paths(sources: list[str], destination: str) -> None:
    tree = parse(f"FROM a\nCOPY {copy_arguments(sources, destination)}\n")
    copy = next(find(tree, Copy), None)
    if copy is None:  # only when the destination looks like a here-document, which BuildKit refuses
        assert "heredoc as a destination" in tree.problems[0].message
        return
    assert [word.text for word in copy.sources] == sources
    assert copy.destination.text == destination


@given(st.text(st.sampled_from("EOF_\nx$'\"\t\\"), max_size=20), st.booleans())
def test_heredocs(body: str, expand_it: bool) -> None:
    opener, lines = heredoc(body, expand=expand_it)
    tree = parse(f"FROM a\nRUN {opener}\n{lines}RUN y\n")
    first, second = find(tree, Run)
    assert first.heredocs[0].body.text == (body if body.endswith("\n") or not body else f"{body}\n")
    assert first.heredocs[0].expand is expand_it
    assert second.rest.text == "y"


@pytest.mark.parametrize("bad", ["", "a=b", "a\nb"])
def test_bad_names_are_refused(bad: str) -> None:
    with pytest.raises(ValueError):
        pair(bad, "x")


def test_line_ends_are_refused() -> None:
    with pytest.raises(ValueError, match="line end"):
        quote_value("a\nb")
    with pytest.raises(ValueError, match="line end"):
        flag("from", "a\nb")
