"""Word expansion: BuildKit's own vectors, our table, and dockerfile_parse as second opinion."""

import json
import os
import time
from pathlib import Path

import pytest
from dockerfile_parse.util import WordSplitter
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.model.expand import LIMIT, Expansion, ExpansionError, dequote, expand, expand_words

SHARED = Path(os.environ.get("DOCKEROPT_SHARED", Path(__file__).parents[2].parent / "shared"))
VECTORS = SHARED / "data" / "conformance" / "buildkit-expansion.json"


def vectors() -> list[tuple[str, str]]:
    if not VECTORS.exists():
        return []
    lines = json.loads(VECTORS.read_text("utf-8"))["text"].split("\n")
    cases = [
        tuple(part.strip() for part in line.split("|")) for line in lines if "|" in line and line[0] != "#"
    ]
    return [(word, expected) for system, word, expected in cases if system in ("A", "U")]


def test_buildkit_vectors_are_read() -> None:
    if not VECTORS.exists():
        pytest.skip("shared vectors are not here")
    assert len(vectors()) > 200


@pytest.mark.parametrize(("word", "expected"), vectors())
def test_buildkit_vector(word: str, expected: str) -> None:
    env = {"PWD": "/home", "SHELL": "bash", "KOREAN": "한국어", "NULL": ""}
    if expected == "error":
        with pytest.raises(ExpansionError):
            expand(word, env)
    else:
        assert expand(word, env).text == expected


ENV = {
    "A": "one",
    "B": "",
    "D": "a.b.c",
    "P": "/usr/local/bin",
    "S": "x y",
    "U": None,
    "N": "l1\nl2",
    "R": "$$x<$0>",
}


@pytest.mark.parametrize(
    ("word", "text", "unset"),
    [
        ("plain", "plain", ()),
        ("", "", ()),
        ("$A$B$C", "one", ("C",)),
        ("${C}${C}$E", "", ("C", "E")),
        ("${A-x}|${B-x}|${C-x}", "one||x", ("C",)),
        ("${A:-x}|${B:-x}|${C:-x}", "one|x|x", ("C",)),
        ("${A+x}|${B+x}|${C+x}", "x|x|", ("C",)),
        ("${A:+x}|${B:+x}|${C:+x}", "x||", ("C",)),
        ("${A?m}${B?m}${A:?m}", "oneone", ()),
        ("${D#*.}|${D##*.}|${D%.*}|${D%%.*}", "b.c|c|a.b|a", ()),
        ("${D:#*.}|${D:%.*}", "b.c|a.b", ()),
        ("${P#/}|${P%/}|${P%/*}|${P##*/}", "usr/local/bin|/usr/local/bin|/usr/local|bin", ()),
        (r"${P/local/opt}|${P//\//-}|${P//l/L}", "/usr/opt/bin|-usr-local-bin|/usr/LocaL/bin", ()),
        (r"${D/./-}|${D//./-}|${D//?/x}|${D/*/y}|${D//*/y}", "a-b.c|a-b-c|xxxxx|y|y", ()),
        ("${D///-}|${D//b*/}", "-a-.-b-.-c-|a.", ()),
        (r"${D//b/[$0]}|${D//b/[\$0]}|${D//b/\$\$x}", r"a.[].c|a.[\b].c|a.\$\.c", ("0",)),
        ("${D//b/$R}|${D/b/$R}", "a.$x<b>.c|a.$$x<$0>.c", ()),
        ("${N#*}|${N##*}|${N/l*/x}|${N//l*/x}", "l1\nl2|\nl2|x\nl2|x\nx", ()),
        ("${C:-${E:-${F:-deep}}}", "deep", ("F", "E", "C")),
        ("""${C:-"a}b"'c}d'}""", "a}bc}d", ("C",)),
        (r"${C:-a\}b}", "a}b", ("C",)),
        ("'$A'\"$A\"", "$Aone", ()),
        (r'"a\b\"\$A\\"', r'a\b"$A' + "\\", ()),
        ("$²", "$²", ()),
        ("$ä", "", ("ä",)),
        ("$\u0661x", "x", ("\u0661",)),
        ("\ufeffa", "a", ()),
        ("a\udcff", "a\ufffd", ()),
        ("${-}${+x}${%x}", "", ("-", "")),
    ],
)
def test_own_table(word: str, text: str, unset: tuple[str, ...]) -> None:
    assert expand(word, ENV) == Expansion(text, unset, unknown=False)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("a$U", None),
        ("${U-x}", None),
        ("${U:-x}", None),
        ("${U+x}", "x"),
        ("${U:+x}", None),
        ("${U:+}", ""),
        ("${U?x}", None),
        ("${U:?x}", None),
        ("${A:-$U}", "one"),
        ("${A+$U}", None),
        ("${B:+$U}", ""),
        ("${U#a}", None),
        ("${A#$U}", None),
        ("${A/$U/x}", None),
        ("${A/n/$U}", None),
        ("'$U'", "$U"),
    ],
)
def test_an_unknown_value_makes_the_result_unknown_only_where_it_counts(word: str, text: str | None) -> None:
    assert expand(word, ENV) == Expansion(text, (), unknown=text is None)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("'a", "unexpected end of statement while looking for matching single-quote"),
        ('"a', "unexpected end of statement while looking for matching double-quote"),
        ("${", "syntax error: missing '}'"),
        ("${}", "syntax error: bad substitution"),
        ("${{a}", "syntax error: bad substitution"),
        ("${A", "unsupported modifier (\ufffd) in substitution"),
        ("${A:-x", "syntax error: missing '}'"),
        ("${A:-'x}", "syntax error: missing '}'"),
        ('"${A:-x', "syntax error: missing '}'"),
        ("${C:-${A/x", "syntax error: missing '}'"),
        ("${A/x", "syntax error: missing '/' in ${}"),
        ("${A/x/y", "syntax error: missing '}'"),
        ("${A/${C:-", "syntax error: missing '/' in ${}"),
        ("${A=x}", "unsupported modifier (=) in substitution"),
        ("${A:=x}", "unsupported modifier (:=) in substitution"),
        ("${A:/x/y}", "unsupported modifier (:/) in substitution"),
        ("${A:}}", "unsupported modifier (:}) in substitution"),
        ("${C?}", "C: is not allowed to be unset"),
        ("${C:?}", "C: is not allowed to be unset"),
        ("${B:?}", "B: is not allowed to be empty"),
        ("${C?say $A}", "C: say one"),
        ("${A:-${C?no}}", "C: no"),
        (r"${A#\x}", r"invalid pattern (\x) in substitution: invalid escape '\x'"),
        (r"${A%b\x}", r"invalid pattern (\xb) in substitution: invalid escape '\x'"),
        (r"${U/\x/y}", r"invalid pattern (\x) in substitution: invalid escape '\x'"),
    ],
)
def test_errors_are_worded_as_in_buildkit(word: str, message: str) -> None:
    with pytest.raises(ExpansionError) as caught:
        expand(word, ENV)
    assert str(caught.value) == message


def test_the_backtick_escapes_where_the_directive_says_so() -> None:
    assert expand(r"C:\dir`$A`x", ENV, "`").text == r"C:\dir$Ax"
    assert expand('"`"`$A`x"', ENV, "`").text == '"$A`x'
    assert expand("${C:-a`}b}", ENV, "`").text == "a}b"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("80 443", ("80", "443")),
        ("$S", ("x", "y")),
        ("a$S", ("ax", "y")),
        ("$S$S", ("x", "yx", "y")),
        ('"$S" z', ("x y", "z")),
        (r"a\ b c", ("a b", "c")),
        ("'a b'c d", ("a bc", "d")),
        ('"" $B a', ("a",)),
        ("a\u3000b\u200bc", ("a", "b\u200bc")),
        ("a\x1cb", ("a\x1cb",)),
        ("", ()),
    ],
)
def test_words_are_split_after_expansion_outside_quotes(text: str, words: tuple[str, ...]) -> None:
    assert expand_words(text, ENV) == (words, ())


def test_words_of_unknown_value_are_unknown() -> None:
    assert expand_words("80 $U $C", ENV) == (None, ("C",))


def test_dequote_leaves_variables_alone() -> None:
    assert dequote("a") == "a"
    assert dequote("""'a b'"$c\\"d\\$e"\\ \\$f${g:-"h"}""") == 'a b$c"d$e $f${g:-h}'
    assert dequote("a`b\\c", "`") == "ab\\c"
    with pytest.raises(ExpansionError, match="double-quote"):
        dequote('"a')


def test_hostile_words_take_linear_time() -> None:
    start = time.perf_counter()
    assert expand("${a:-" * 20_000 + "x" + "}" * 20_000, {}).text == "x"
    assert expand('"${a:-' * 10_000 + "x" + '}"' * 10_000, {}).text == "x"
    assert expand("$a" * 50_000, {"a": "b"}).text == "b" * 50_000
    with pytest.raises(ExpansionError):
        expand("${a:-" * 20_000, {})
    assert expand("${a#" + "*a" * 500 + "}", {"a": "a" * 400 + "b" * 5_000}).text == "a" * 400 + "b" * 5_000
    assert time.perf_counter() - start < 30


def test_values_that_double_end_as_unknown_not_as_a_full_memory() -> None:
    env: dict[str, str | None] = {"A": "xx"}
    for _ in range(100):
        env["A"] = expand("$A$A", env).text
    assert env["A"] is None
    assert expand("$L", {"L": "x" * LIMIT}).text == "x" * LIMIT
    assert expand("$L$L", {"L": "x" * LIMIT}).unknown
    assert expand("x" * 1_000_000 + "'y'", {}).text == "x" * 1_000_000 + "y"


# What dockerfile_parse and BuildKit both read the same: plain text, quotations that are not empty, an
# escaped character outside quotes, an escaped quote inside, variables that are set.
PLAIN = st.text("abc.:/=-_äß", min_size=1, max_size=4)
PIECES = st.one_of(
    PLAIN,
    PLAIN.map("'{}'".format),
    st.text('ab $#"', min_size=1, max_size=4).map(lambda text: "'" + text.replace("$", "") + "x'"),
    st.text("ab '#", min_size=1, max_size=4).map('"{}"'.format),
    st.sampled_from(['"a\\"b"', "\\'", '\\"', "\\ ", "\\a", "${A}", "${D}", '"${D}x"', "'$A'"]),
)


@given(st.lists(st.lists(PIECES, min_size=1, max_size=5).map("".join), max_size=4))
def test_dockerfile_parse_agrees_on_the_shared_grammar(words: list[str]) -> None:
    env = {"A": "one", "D": "a.b"}
    text = " ".join(words)
    assert expand_words(text, env)[0] == tuple(WordSplitter(text, envs=env).split())
    assert expand(text, env).text == WordSplitter(text, envs=env).dequote()


@given(st.text("ab${}:-+?#%/*\\\"' ", max_size=24), st.sampled_from("\\`"))
def test_any_text_expands_or_is_refused(word: str, escape: str) -> None:
    env = {"a": "b*a", "b": None}
    try:
        text, _, unknown = expand(word, env, escape)
    except ExpansionError as error:
        assert str(error)  # noqa: PT017
        with pytest.raises(ExpansionError):
            expand_words(word, env, escape)
        return
    assert unknown is (text is None)
    words = expand_words(word, env, escape)[0]
    assert (words is None) is unknown
    if text is not None and words is not None:
        assert "".join(words).replace(" ", "") == text.replace(" ", "")
