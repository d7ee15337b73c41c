"""Each instruction: what its node says, and what BuildKit refuses."""

import pytest

from dockeropt.syntax import find, parse
from dockeropt.syntax.nodes import (
    Add,
    Arg,
    Comment,
    Copy,
    Directive,
    Env,
    Error,
    Expose,
    From,
    Healthcheck,
    Heredoc,
    Instruction,
    Label,
    Maintainer,
    Onbuild,
    Run,
    Shell,
    User,
    Volume,
    Workdir,
)


def only(text: str, kind: type[Instruction]) -> Instruction:
    (node,) = [n for n in parse(f"FROM base\n{text}\n").body if isinstance(n, kind)][-1:]
    return node


def test_from_knows_platform_image_and_alias() -> None:
    node = next(find(parse("FROM --platform=linux/amd64 a:1 as Build\n"), From))
    assert node.flag("platform") is not None
    assert node.image.text == "a:1"
    assert node.alias is not None
    assert node.alias.text == "Build"


def test_run_has_a_script_or_an_exec_form() -> None:
    run = only("RUN --mount=type=cache,target=/x a \\\n  b", Run)
    assert isinstance(run, Run)
    assert run.script is not None
    assert run.script.text == "a   b"
    assert [(f.name, f.value) for f in run.flags] == [("mount", "type=cache,target=/x")]
    run = only('RUN ["a", "b\\"c"]', Run)
    assert isinstance(run, Run)
    assert run.script is None
    assert run.exec_form is not None
    assert run.exec_form.values == ("a", 'b"c')


def test_a_lone_heredoc_is_the_script() -> None:
    run = only("RUN <<-EOF\n\tone\n\t\ttwo\n\tEOF", Run)
    assert isinstance(run, Run)
    assert run.script is not None
    assert run.script.text == "one\ntwo\n"
    assert run.body_heredoc is run.heredocs[0]


def test_other_heredocs_are_handed_to_the_shell() -> None:
    run = only("RUN cat <<-A <<'B' > /x\n\t1\nA\n2\nB", Run)
    assert isinstance(run, Run)
    assert run.script is not None
    assert run.script.text == "cat <<-A <<'B' > /x\n\t1\nA\n2\nB"
    assert run.body_heredoc is None
    assert [(h.name, h.expand, h.chomp) for h in find(run, Heredoc)] == [
        ("A", True, True),
        ("B", False, False),
    ]


def test_a_heredoc_with_its_own_interpreter_has_no_script() -> None:
    run = only("RUN <<E\n#!/usr/bin/python3\nprint(1)\nE", Run)
    assert isinstance(run, Run)
    assert run.script is None


def test_comments_inside_a_continuation_belong_to_the_instruction() -> None:
    run = only("RUN a \\\n  # why\n\n  b", Run)
    assert [c.text for c in run.comments] == ["# why"]
    assert len(run.blanks) == 1
    assert run.lead == ()


def test_the_comment_block_above_leads() -> None:
    tree = parse("FROM a\n# not this\n\n# one\n# two\nRUN x\n")
    assert [c.text for c in next(find(tree, Run)).lead] == ["# one", "# two"]


def test_copy_and_add_know_sources_and_destination() -> None:
    copy = only("COPY --chown=1:2 a b /c/", Copy)
    assert isinstance(copy, Copy)
    assert [w.text for w in copy.sources] == ["a", "b"]
    assert copy.destination.text == "/c/"
    add = only('ADD ["a b", "/c d"]', Add)
    assert isinstance(add, Add)
    assert add.sources[0].text == "a b"
    copy = only("COPY <<EOF /x\n# no comment\nEOF", Copy)
    assert isinstance(copy, Copy)
    assert copy.heredocs[0].body.text == "# no comment\n"


@pytest.mark.parametrize(
    ("text", "kind", "pairs", "legacy"),
    [
        ('ENV A=1 B=\'x y\' C="q\\" r"', Env, [("A", "1"), ("B", "'x y'"), ("C", '"q\\" r"')], False),
        ("ENV A  b c=d ", Env, [("A", "b c=d")], True),
        ("LABEL a.b=c", Label, [("a.b", "c")], False),
        ("ARG A B=2", Arg, [("A", None), ("B", "2")], False),
        ("ENV A=", Env, [("A", "")], False),
    ],
)
def test_pairs(
    text: str, kind: type[Env | Label | Arg], pairs: list[tuple[str, str | None]], legacy: bool
) -> None:
    node = only(text, kind)
    assert isinstance(node, Env | Label | Arg)
    assert [(p.key.text, p.value.text if p.value else None) for p in node.pairs] == pairs
    assert node.legacy is legacy


def test_the_others() -> None:
    assert [w.text for w in only("EXPOSE 80 443/tcp", Expose).words] == ["80", "443/tcp"]  # type: ignore[attr-defined]
    assert only('VOLUME ["/a", "/b"]', Volume).exec_form.values == ("/a", "/b")  # type: ignore[attr-defined]
    assert only("USER a:b", User).argument.text == "a:b"  # type: ignore[attr-defined]
    assert only("WORKDIR /a b", Workdir).argument.text == "/a b"  # type: ignore[attr-defined]
    assert only("MAINTAINER A <a@b>", Maintainer).argument.text == "A <a@b>"  # type: ignore[attr-defined]
    assert only('SHELL ["bash", "-c"]', Shell).exec_form.values == ("bash", "-c")  # type: ignore[attr-defined]
    check = only("HEALTHCHECK --interval=5s CMD curl x", Healthcheck)
    assert isinstance(check, Healthcheck)
    assert check.script is not None
    assert check.script.text == "curl x"
    assert only("HEALTHCHECK NONE", Healthcheck).disabled  # type: ignore[attr-defined]
    inner = only("ONBUILD COPY --from=x a b", Onbuild).inner  # type: ignore[attr-defined]
    assert isinstance(inner, Copy)
    assert inner.flag("from") is not None


def test_words_of_an_array_know_their_places() -> None:
    text = 'FROM base\nCOPY ["a b", "c\\u0041\\n", \\\n  "/d"]\n'
    copy = next(find(parse(text), Copy))
    assert [w.text for w in (*copy.sources, copy.destination)] == ["a b", "cA\n", "/d"]
    assert [w.span.of(text) for w in (*copy.sources, copy.destination)] == ["a b", "c\\u0041\\n", "/d"]
    second = copy.sources[1].map
    assert [text[second.offset(i)] for i in range(3)] == ["c", "\\", "\\"]
    assert copy.exec_form is not None
    assert [span.of(text) for span in copy.exec_form.spans] == ['"a b"', '"c\\u0041\\n"', '"/d"']


def test_a_flag_is_known_as_written_and_as_buildkit_takes_it() -> None:
    text = "FROM base\nRUN --mount='type=bind,source=a b' \\\n --\"net\\work\"=none x\n"
    first, second = next(find(parse(text), Run)).flags
    assert (first.name, first.value, first.unquoted) == (
        "mount",
        "'type=bind,source=a b'",
        "type=bind,source=a b",
    )
    assert first.value_span is not None
    assert first.value_span.of(text) == first.value
    assert (second.name, second.unquoted) == ("network", "none")


def test_a_trigger_that_fails_only_later_is_no_problem_yet() -> None:
    tree = parse("FROM a\nONBUILD COPYY x y\n")
    assert not tree.problems
    inner = next(find(tree, Onbuild)).inner
    assert isinstance(inner, Error)
    assert inner.message == "unknown instruction: COPYY"
    (problem,) = parse("FROM a\nONBUILD CMD [1]\n").problems
    assert problem.kind == "parse"


def test_an_error_keeps_what_can_be_known() -> None:
    node = next(find(parse("FROM a\n# lead\nCOPY --link x \\\n# c\n\n"), Error))
    assert (node.name, node.rest.text, node.logical.text) == ("COPY", "x", "COPY --link x")
    assert [flag.name for flag in node.flags] == ["link"]
    assert [comment.text for comment in (*node.lead, *node.comments)] == ["# lead", "# c"]


def test_directives_stand_at_the_very_top_only() -> None:
    tree = parse("# syntax=docker/dockerfile:1\n# escape=`\n# note\n# check=skip=all\nFROM a\n")
    assert [d.name for d in find(tree, Directive)] == ["syntax", "escape"]
    assert tree.escape == "`"
    assert len(list(find(tree, Comment))) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("COPY. /app", "unknown instruction: COPY."),
        ("RUN\xa0x", "unknown instruction: RUN\xa0x"),
        ("FROM a b", "FROM requires either one or three arguments"),
        ("FROM a AS 1b", "invalid name for build stage"),
        ("COPY a", "COPY requires at least two arguments"),
        ("COPY --user=x a b", "unknown flag: --user"),
        ("COPY --from a b", "missing a value on flag: --from"),
        ("COPY --link=maybe a b", "expecting boolean value for flag --link"),
        ("COPY --from=a --from=b c d", "duplicate flag specified: --from"),
        ("ENV A", "ENV must have two arguments"),
        ("ENV A=1 b", "can't find = in"),
        ("LABEL", "LABEL requires at least one argument"),
        ("ARG", "ARG requires at least one argument"),
        ("ARG =1", "ARG names can not be blank"),
        ("EXPOSE", "EXPOSE requires at least one argument"),
        ("WORKDIR", "WORKDIR requires exactly one argument"),
        ("SHELL bash -c", "SHELL requires the arguments to be in JSON form"),
        ("ONBUILD ONBUILD RUN x", "Chaining ONBUILD"),
        ("ONBUILD FROM x", "FROM isn't allowed as an ONBUILD trigger"),
        ("HEALTHCHECK CONNECT x", "(try CMD)"),
        ("HEALTHCHECK --interval=5 CMD x", "time: missing unit in duration"),
        ("HEALTHCHECK NONE x", "takes no arguments"),
        ("CMD [1]", "arrays must be comprised of strings only"),
        ('VOLUME [""]', "VOLUME specified can not be an empty string"),
    ],
)
def test_what_buildkit_refuses(text: str, message: str) -> None:
    tree = parse(f"FROM base\n{text}\n")
    assert [message in p.message for p in tree.problems] == [True]
    node = next(find(tree, Error))
    assert message in node.message
    assert tree.source.position(tree.problems[0].span.start).line == 2


def test_a_typo_gets_a_hint() -> None:
    (problem,) = parse("FROM a\nCOPY. /app\n").problems
    assert problem.hint == "did you mean COPY? write `COPY . /app`"
    (problem,) = parse("FROM a\nRUM ls\n").problems
    assert problem.hint == "did you mean RUN?"
    (problem,) = parse("FROM a\nCOPY --form=x y z\n").problems
    assert problem.hint == "did you mean --from?"
    (problem,) = parse("FROM a\nRUN x\n&& y\n").problems
    assert problem.hint == "does the line above lack a continuation?"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "file with no instructions"),
        ("# only\n", "file with no instructions"),
        ("RUN x\n", "no build stage in current context"),
        ("ARG A\n", "dockerfile contains no stages to build"),
        ("FROM a\nRUN <<E\nx\n", "unterminated heredoc"),
        ("# escape=`\n# escape=\\\nFROM a\n", "only one escape parser directive can be used"),
        ("# escape=x\nFROM a\n", "invalid escape token"),
        ("FROM a\nRUN " + "x" * 70_000 + "\n", "max allowed size of 65535"),
    ],
)
def test_problems_of_the_whole(text: str, message: str) -> None:
    tree = parse(text)
    assert str(tree) == text
    assert message in tree.problems[0].message
