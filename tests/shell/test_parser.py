"""What the tree says: words, values, places, compound commands, here-documents."""

from __future__ import annotations

import pytest

from dockeropt.shell import Dialect, Script, nodes, parse
from dockeropt.shell.nodes import (
    ArithCommand,
    ArithExp,
    Array,
    Call,
    Case,
    CmdSubst,
    Command,
    Compound,
    DblQuoted,
    ExtGlob,
    For,
    FuncDecl,
    Group,
    If,
    Node,
    ParamExp,
    Redirect,
    Subshell,
    While,
    Word,
)
from dockeropt.shell.query import calls, walk


def read(text: str, dialect: Dialect = Dialect.BASH) -> Script:
    script = parse(text, dialect)
    assert script.problem is None, (text, script.problem.message, script.problem.at)
    return script


def first(text: str, dialect: Dialect = Dialect.BASH) -> Command:
    return read(text, dialect).body.statements[0].command.pipelines[0].commands[0]


def call(text: str, dialect: Dialect = Dialect.BASH) -> Call:
    node = first(text, dialect)
    assert isinstance(node, Call)
    return node


def words(text: str, dialect: Dialect = Dialect.BASH) -> list[str]:
    return [word.text for word in call(text, dialect).words]


def commands(text: str, dialect: Dialect = Dialect.BASH) -> list[str]:
    return [" ".join(w.text for w in place.call.words) for place in calls(read(text, dialect))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apt-get install -y curl", ["apt-get", "install", "-y", "curl"]),
        ("curl https://x/$V/x-$V-linux.tgz", ["curl", "https://x/$V/x-$V-linux.tgz"]),
        ("echo lib/`uname -m`/x", ["echo", "lib/`uname -m`/x"]),
        ("echo `x` -y", ["echo", "`x`", "-y"]),
        ("a 'b c' \"d e\" f\\ g", ["a", "'b c'", '"d e"', "f\\ g"]),
        ("a b\\\nc \\\n d", ["a", "b\\\nc", "d"]),
        ("a #b", ["a"]),
        ("a b#c", ["a", "b#c"]),
        ("a {b,c} $(d e) ${f:-g h}", ["a", "{b,c}", "$(d e)", "${f:-g h}"]),
        ("a\tb", ["a", "b"]),
        ("a b\r", ["a", "b\r"]),
        ("a \u00e9\u4e2d b", ["a", "\u00e9\u4e2d", "b"]),
        ("a >f b 2>&1 c", ["a", "b", "c"]),
    ],
)
def test_words_are_cut_where_the_shell_cuts_them(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("plain", "plain"),
        ("'a b'\"c d\"e\\ f", "a bc de f"),
        ('"a\\"b\\\\c\\$d\\`e\\f"', 'a"b\\c$d`e\\f'),
        ("''", ""),
        ("$'a\\n\\x41'", "a\nA"),
        ("$'\\u00e9'", None),
        ('$"x"', "x"),
        ("$V", None),
        ('"$V"', None),
        ("a`b`", None),
        ("$(a)", None),
        ("$((1))", None),
        ("*.c", None),
        ("'*'.c", "*.c"),
        ("\\*.c", "*.c"),
        ("a?", None),
        ("foo[extra]", None),
        ("[", "["),
        ("a]", "a]"),
        ("~", None),
        ("~/x", None),
        ("a~", "a~"),
        ("PATH=~/x", None),
        ("a:~/x", None),
        ("'~'", "~"),
        ("{a,b}", None),
        ("{1..3}", None),
        ("{}", "{}"),
        ("{a}", "{a}"),
        ("$", "$"),
        ("a$", "a$"),
        ('"$"', "$"),
        ("a\\\nb", "ab"),
        ('"a\\\nb"', "ab"),
        ("x=y", "x=y"),
        ("a\\", "a\\"),
        ("'a\nb'", "a\nb"),
    ],
)
def test_a_word_has_a_value_when_it_can_only_mean_one_thing(text: str, literal: str | None) -> None:
    assert call("x " + text).words[1].literal == literal


def test_braces_are_plain_where_the_shell_does_not_expand_them() -> None:
    assert call("x {a,b}", Dialect.DASH).words[1].literal == "{a,b}"
    assert call("x {a,b}", Dialect.ASH).words[1].literal == "{a,b}"


def test_dollar_quotes_belong_to_the_dialects_that_have_them() -> None:
    assert call("x $'a'", Dialect.DASH).words[1].literal == "$a"
    assert call("x $'a'", Dialect.ASH).words[1].literal == "a"
    assert call('x $"a"', Dialect.DASH).words[1].literal == "$a"


def test_an_ampersand_before_a_greater_than_is_a_job_in_dash() -> None:
    script = read("make &>log", Dialect.DASH)
    assert [s.terminator for s in script.body.statements] == ["&", ""]
    for dialect in (Dialect.ASH, Dialect.BASH):
        script = read("make &>log", dialect)
        assert [s.terminator for s in script.body.statements] == [""]
        assert call("make &>log", dialect).redirects[0].operator == "&>"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a $(b $(c))", ["a $(b $(c))", "b $(c)", "c"]),
        ("a `b`", ["a `b`", "b"]),
        ('a "$(b)" "`c`"', ['a "$(b)" "`c`"', "b", "c"]),
        ("a ${x:-$(b)}", ["a ${x:-$(b)}", "b"]),
        ('a "${x:-"$(b)"}"', ['a "${x:-"$(b)"}"', "b"]),
        ("a $((1 + $(b)))", ["a $((1 + $(b)))", "b"]),
        ("x=$(b) c", ["c", "b"]),
        ("a >$(b)", ["a", "b"]),
        ("[[ $(a) == $(b) ]]", ["a", "b"]),
        ("[[ x =~ $(a) ]]", ["a"]),
        ("x=(a $(b))", ["", "b"]),
        ("declare -a x=(a $(b))", ["declare -a x=(a $(b))", "b"]),
        ("((x = $(a)))", ["a"]),
        ("for ((i=$(a); i<3; i++)); do b; done", ["a", "b"]),
        ("cat <<E\n$(a) `b` ${x:-$(c)}\nE", ["cat", "a", "b", "c"]),
        ("cat <<'E'\n$(a)\nE", ["cat"]),
        ("a <(b) >(c)", ["a <(b) >(c)", "b", "c"]),
        ("if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]),
        ("f() { a; }", ["a"]),
        ("case $(a) in $(b)) c;; esac", ["a", "b", "c"]),
        ("for i in $(a); do b; done", ["a", "b"]),
        ("while a; do b; done | c", ["a", "b", "c"]),
        ("[[ x == @(a|$(b)) ]]", ["b"]),
        ("a `# note` b", ["a `# note` b"]),
        ("a $((b) | c)", ["a $((b) | c)", "b", "c"]),
    ],
)
def test_commands_inside_anything_are_found(text: str, expected: list[str]) -> None:
    assert sorted(commands(text)) == sorted(expected)


def test_backticks_with_escapes_are_checked_but_hold_no_tree() -> None:
    node = call("a `b \\`c\\``").words[1].parts[0]
    assert isinstance(node, CmdSubst)
    assert node.body is None
    assert parse("a `b \\`c`", Dialect.BASH).problem is not None
    assert parse('a "`b \\"c\\"`"', Dialect.DASH).problem is None


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("(a)", Subshell),
        ("{ a; }", Group),
        ("if a; then b; fi", If),
        ("while a; do b; done", While),
        ("until a; do b; done", While),
        ("for i in a; do b; done", For),
        ("select i in a; do b; done", For),
        ("case a in b) c;; esac", Case),
        ("f() { a; }", FuncDecl),
        ("function f { a; }", FuncDecl),
        ("[[ a ]]", nodes.TestClause),
        ("((a))", ArithCommand),
        ("((a); b)", Subshell),
    ],
)
def test_compound_commands_have_their_node(text: str, kind: type[Compound]) -> None:
    node = first(text)
    assert type(node) is kind
    assert (node.start, node.end) == (0, len(text))


def test_loops_and_functions_know_their_name() -> None:
    loop, function = first("for pkg in a $b; do c; done"), first("f-g() { a; }")
    assert isinstance(loop, For)
    assert loop.name == "pkg"
    assert [w.text for w in loop.words] == ["a", "$b"]
    assert isinstance(function, FuncDecl)
    assert function.name == "f-g"
    assert isinstance(function.bodies[0].statements[0].command.pipelines[0].commands[0], Group)


def test_a_case_has_its_subject_and_patterns_as_words() -> None:
    node = first("case $x in a|b) c;; *) d;; esac")
    assert isinstance(node, Case)
    assert [w.text for w in node.words] == ["$x", "a", "b", "*"]
    assert [len(body.statements) for body in node.bodies] == [1, 1]


def test_redirections_of_a_compound_command_belong_to_it() -> None:
    node = first("{ a; } >f 2>&1")
    assert [(r.fd, r.operator, r.target.text) for r in node.redirects] == [("", ">", "f"), ("2", ">&", "1")]
    assert node.end == 14


def test_statements_know_what_ends_them() -> None:
    script = read("a; b & c\nd && e || f")
    assert [(s.terminator, s.terminator_at, s.end) for s in script.body.statements] == [
        (";", 1, 1),
        ("&", 5, 4),
        ("\n", 8, 8),
        ("", -1, 20),
    ]
    assert script.body.statements[3].command.operators == (("&&", 11, 13), ("||", 16, 18))


def test_pipelines_know_their_bars_and_negation() -> None:
    pipeline = read("! time -p a |& b").body.statements[0].command.pipelines[0]
    assert pipeline.negated
    assert pipeline.timed
    assert pipeline.operators == ((12, 14),)
    assert (pipeline.start, pipeline.end) == (0, 16)
    assert not read("! ! a").body.statements[0].command.pipelines[0].negated


def test_assignments() -> None:
    node = call('A=1 B= C="x y" D+=z cmd E=2')
    assert [(a.name, a.value.text if a.value else None, a.append) for a in node.assigns] == [
        ("A", "1", False),
        ("B", None, False),
        ("C", '"x y"', False),
        ("D", "z", True),
    ]
    assert node.words[1].text == "E=2"
    array = call("A=(a 'b c')").assigns[0].value
    assert array is not None
    assert isinstance(array.parts[0], Array)
    assert [w.literal for w in array.parts[0].words] == ["a", "b c"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("$x", ("x", "", "")),
        ("${x}", ("x", "", "")),
        ("$1", ("1", "", "")),
        ("${10}", ("10", "", "")),
        ("$@", ("@", "", "")),
        ("$!", ("!", "", "")),
        ("${x:-y}", ("x", ":-", "")),
        ("${x=y}", ("x", "=", "")),
        ("${x:=y}", ("x", ":=", "")),
        ("${x##*/}", ("x", "##", "")),
        ("${x%.*}", ("x", "%", "")),
        ("${#x}", ("x", "", "#")),
        ("${#}", ("#", "", "")),
        ("${!x}", ("x", "", "!")),
        ("${!x*}", ("x", "*", "!")),
        ("${x//a/b}", ("x", "//", "")),
        ("${x:1:2}", ("x", ":", "")),
        ("${x[0]}", ("x", "[", "")),
        ("${x^^}", ("x", "^^", "")),
        ("${x@Q}", ("x", "@Q", "")),
        ("${@:1}", ("@", ":", "")),
    ],
)
def test_parameters(text: str, parts: tuple[str, str, str]) -> None:
    node = call("a " + text).words[1].parts[0]
    assert isinstance(node, ParamExp)
    assert (node.name, node.operator, node.prefix) == parts
    assert (node.start, node.end) == (2, 2 + len(text))


def heredoc(text: str, number: int = 0) -> Redirect:
    found = [node for node in walk(read(text)) if isinstance(node, Redirect) and node.is_heredoc]
    return found[number]


@pytest.mark.parametrize(
    ("text", "body", "end"),
    [
        ("cat <<E\na\nb\nE\nls", "a\nb\n", "E"),
        ("cat <<-E\n\ta\n\t\tE\nls", "\ta\n", "\t\tE"),
        ("cat <<E && ls\nE", "", "E"),
        ("cat <<'a b'\nx\na b\n", "x\n", "a b"),
        ("cat <<E\nE2\n E\nE", "E2\n E\n", "E"),
        ("cat <<E\na\\\nE\nE", "a\\\nE\n", "E"),
        ("cat <<'E'\na\\\nE\nE", "a\\\n", "E"),
        ("cat <<E\na\\\\\nE\nE", "a\\\\\n", "E"),
        ("cat <<''\na\n\nb", "a\n", ""),
        ('cat <<"E"F\na\nEF', "a\n", "EF"),
        ("cat <<$x\na\n$x", "a\n", "$x"),
    ],
)
def test_here_documents_end_at_their_delimiter(text: str, body: str, end: str) -> None:
    node = heredoc(text)
    assert node.body is not None
    assert node.terminator is not None
    assert text[slice(*node.body)] == body
    assert text[slice(*node.terminator)] == end


def test_a_here_document_may_lack_its_end() -> None:
    node = heredoc("cat <<E\na")
    assert (node.body, node.terminator) == ((8, 9), None)
    assert heredoc("cat <<E").body == (7, 7)


def test_two_here_documents_follow_each_other() -> None:
    text = "cat <<A <<B; ls\n1\nA\n2\nB\npwd"
    assert text[slice(*heredoc(text, 0).body or (0, 0))] == "1\n"
    assert text[slice(*heredoc(text, 1).body or (0, 0))] == "2\n"
    assert commands(text) == ["cat", "ls", "pwd"]


def test_a_here_document_outside_a_substitution_is_not_read_inside_it() -> None:
    text = "cat <<E $(a\nb)\nx\nE\nls"
    assert text[slice(*heredoc(text).body or (0, 0))] == "x\n"
    assert commands(text) == ["cat $(a\nb)", "a", "b", "ls"]


def test_comments_are_recorded_once() -> None:
    text = "a # one\n# two\n$( # three\nb ) `# four`; ((a # five\n) )"
    script = read(text)
    assert [text[start:end] for start, end in script.comments] == [
        "# one",
        "# two",
        "# three",
        "# four",
        "# five",
    ]


def test_extended_patterns_need_shopt() -> None:
    assert parse("rm !(a)", Dialect.BASH).problem is not None
    script = read("shopt -s extglob\nrm !(a|b) x")
    words_ = [p.call.words for p in calls(script)][1]
    assert [w.text for w in words_] == ["rm", "!(a|b)", "x"]
    assert isinstance(words_[1].parts[0], ExtGlob)
    assert words_[1].literal is None


def test_arithmetic_is_told_from_a_subshell_in_a_substitution() -> None:
    assert isinstance(call("a $((1+2))").words[1].parts[0], ArithExp)
    assert isinstance(call("a $((b) | c)").words[1].parts[0], CmdSubst)
    assert parse("a $((b) | c)", Dialect.DASH).problem is not None


def test_quoted_parts_nest() -> None:
    word = call('a "b $(c "d")"').words[1]
    quoted = word.parts[0]
    assert isinstance(quoted, DblQuoted)
    assert isinstance(quoted.parts[0], CmdSubst)
    inner = [n for n in walk(word) if isinstance(n, Word) and n is not word]
    assert [w.literal for w in inner] == ["c", "d"]


def test_the_problem_says_where() -> None:
    script = parse("ls; fi", Dialect.DASH)
    assert script.problem is not None
    assert script.problem.at == 4
    assert script.body.statements == ()
    assert script.comments == ()


def test_a_nul_character_is_a_problem() -> None:
    assert parse("a\0b", Dialect.DASH).problem is not None


def test_parses_are_shared() -> None:
    assert parse("echo shared", Dialect.DASH) is parse("echo shared", Dialect.DASH)
    assert parse("echo shared", Dialect.DASH) is not parse("echo shared", Dialect.BASH)


def test_every_node_can_be_shown() -> None:
    for node in walk(read("a $b && { c; }")):
        assert isinstance(node, Node)
        assert repr(node).endswith(f"({node.start}:{node.end})")
