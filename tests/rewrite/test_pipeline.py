"""The engine ends, keeps what is sound, drops what is not, and says so."""

import pickle
from collections.abc import Callable, Iterator

import pytest

from dockeropt.errors import ConfigError, PassError
from dockeropt.rewrite import Applicability, Context, Effect, Finding, Fix, Pass, Phase
from dockeropt.rewrite.levels import Levels
from dockeropt.rewrite.pipeline import run
from dockeropt.syntax.nodes import Dockerfile
from dockeropt.text import Edit, Source, Span

UNSAFE, SUGGESTION = Applicability.UNSAFE, Applicability.SUGGESTION
MakePass = Callable[..., Pass]
Wrap = Callable[[str, Callable[[Context], Iterator[Finding]]], Pass]

BASE = frozenset({Effect.BASE})

FILE = "FROM debian\nRUN one\nRUN two\n"


def test_a_fix_is_made_and_told(make_pass: MakePass) -> None:
    result = run(FILE, [make_pass("shout", "one", "ONE")])
    assert result.text == "FROM debian\nRUN ONE\nRUN two\n"
    assert result.changed
    assert result.stable
    assert result.original == FILE
    (step,) = result.steps
    (fix,) = step.fixes
    assert (step.pass_id, step.category, step.before, step.after) == ("shout", "size", FILE, result.text)
    assert (fix.message, fix.title, fix.line) == ("shout found one", "write ONE", 2)
    assert fix.because[0].claim == "a test says so"
    assert result.fixes == 1
    assert result.leftover == ()
    assert pickle.loads(pickle.dumps(result)) == result


def test_nothing_to_do_costs_one_call_a_pass(wrap: Wrap) -> None:
    calls: list[str] = []

    def look(ctx: Context) -> Iterator[Finding]:
        calls.append(ctx.source.text)
        yield from ()

    result = run(FILE, [wrap("a", look), wrap("b", look)])
    assert calls == [FILE, FILE]
    assert not result.changed
    assert result.text is result.original


def test_a_pass_is_called_again_only_on_a_text_it_has_not_seen(wrap: Wrap, make_pass: MakePass) -> None:
    calls: list[str] = []

    def look(ctx: Context) -> Iterator[Finding]:
        calls.append(ctx.source.text)
        yield from ()

    result = run(FILE, [wrap("a", look), make_pass("shout", "one", "ONE"), wrap("b", look)])
    assert calls == [FILE, result.text, result.text]  # a, b, and a again: b saw the last text


def test_a_pass_is_called_only_where_its_words_occur(wrap: Wrap) -> None:
    def look(ctx: Context) -> Iterator[Finding]:
        raise AssertionError(ctx)
        yield

    p = wrap("a", look)
    p.info.wants = ("apt", "apk")
    assert not run(FILE, [p], strict=True).rejected
    with pytest.raises(AssertionError):
        run(FILE + "RUN APT\n", [p], strict=True)


def test_passes_build_on_each_other_over_rounds(make_pass: MakePass) -> None:
    passes = [make_pass("b", "beta", "gamma"), make_pass("a", "one", "beta")]
    result = run(FILE, passes)
    assert "RUN gamma" in result.text
    assert [step.pass_id for step in result.steps] == ["a", "b"]
    assert not run(result.text, passes).changed


def test_overlapping_fixes_of_one_pass_wait_for_each_other(make_pass: MakePass) -> None:
    result = run("FROM debian\nRUN aaaaaaaa\n", [make_pass("halve", "aa", "b"), make_pass("join", "bb", "c")])
    assert result.text == "FROM debian\nRUN cc\n"


def test_unsafe_fixes_need_to_be_asked_for(make_pass: MakePass) -> None:
    passes = [make_pass("shout", "one", "ONE", level=UNSAFE)]
    result = run(FILE, passes)
    assert not result.changed
    (left,) = result.leftover
    assert (left.finding.pass_id, left.reason, left.line, left.column) == ("shout", "unsafe", 2, 5)
    assert run(FILE, passes, unsafe=True).text == FILE.replace("one", "ONE")


def test_suggestions_and_bare_findings_are_shown(make_pass: MakePass) -> None:
    passes = [make_pass("a", "one", "ONE", level=SUGGESTION), make_pass("b", "two", None)]
    result = run(FILE, passes, unsafe=True)
    assert not result.changed
    assert [(left.finding.pass_id, left.reason) for left in result.leftover] == [
        ("a", "suggestion"),
        ("b", "none"),
    ]


def test_check_applies_nothing(make_pass: MakePass) -> None:
    result = run(FILE, [make_pass("a", "two", "2"), make_pass("b", "one", "1", level=UNSAFE)], apply=False)
    assert not result.changed
    assert [(left.finding.pass_id, left.reason) for left in result.leftover] == [
        ("b", "unsafe"),
        ("a", "pending"),
    ]


def test_levels_are_the_users(make_pass: MakePass) -> None:
    safe, unsafe = make_pass("a", "one", "1"), make_pass("b", "two", "2", level=UNSAFE)
    levels = Levels(safe=frozenset({"b"}), unsafe=frozenset({"a"}))
    result = run(FILE, [safe, unsafe], levels=levels)
    assert result.text == FILE.replace("two", "2")
    result = run(FILE, [safe, unsafe], unsafe=True, levels=Levels(unfixable=frozenset({"a"})))
    assert result.text == FILE.replace("two", "2")
    assert [left.reason for left in result.leftover] == ["unfixable"]


def test_comments_keep_passes_away(make_pass: MakePass) -> None:
    text = "FROM debian\n# dockeropt: ignore=shout\nRUN one\nRUN one\n"
    passes = [make_pass("shout", "one", "ONE")]
    result = run(text, passes)
    assert result.text == text[:-4] + "ONE\n"
    assert result.leftover == ()
    assert run(text, passes, obey_ignores=False).text.count("ONE") == 2


# --- bad passes ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", [ValueError("oops"), RecursionError("too deep"), MemoryError(), KeyError("x"), AssertionError()]
)
def test_a_pass_that_raises_loses_its_change_only(wrap: Wrap, make_pass: MakePass, error: Exception) -> None:
    def fail(ctx: Context) -> Iterator[Finding]:
        yield Finding("f", Span(0, 4), Fix("t", Edit.insert(len(FILE), "RUN x\n"), Applicability.SAFE))
        raise error

    passes = [wrap("bad", fail), make_pass("shout", "one", "ONE")]
    result = run(FILE, passes)
    assert result.text == FILE.replace("one", "ONE")
    (rejection,) = result.rejected
    assert rejection.pass_id == "bad"
    assert type(error).__name__ in str(rejection)
    assert "this is a bug in " in str(rejection)
    with pytest.raises(type(error)):
        run(FILE, passes, strict=True)


def test_endless_recursion_is_survived(wrap: Wrap) -> None:
    def deep(ctx: Context) -> Iterator[Finding]:
        yield from deep(ctx)

    assert "RecursionError" in run(FILE, [wrap("deep", deep)]).rejected[0].reason


@pytest.mark.parametrize(
    ("pattern", "replacement", "reason"),
    [
        ("RUN two", "RAN two", "BuildKit would reject the result"),
        ("^# keep\n", "", "the comment '# keep' would be lost"),
        ("debian", "debian\nCMD x", "differ in 'cmd', which the fix does not declare"),
        ("debian", "debian\nENV a=b", "differ in 'env'"),
        ("debian", "debian\nUSER me", "differ in 'user'"),
        ("debian", "alpine", "differ in 'base'"),
        ("debian", "debian\nWORKDIR /x", "differ in 'workdir'"),
        ("RUN two", "RUN two && (", "could not be read by its shell"),
        ("\\AFROM", "# escape=`\nFROM", "a parser directive was changed"),
        ("\\AFROM", "\ufeffFROM", "the byte order mark"),
        ("RUN two", "RUN <<EOF\ntwo\n", "BuildKit would reject the result"),
    ],
)
def test_a_fix_that_breaks_an_invariant_is_dropped(
    make_pass: MakePass, pattern: str, replacement: str, reason: str
) -> None:
    text = "FROM debian\n# keep\nRUN one\nRUN two\n"
    bad, good = make_pass("bad", pattern, replacement), make_pass("good", "one", "ONE")
    result = run(text, [bad, good])
    assert result.text == text.replace("one", "ONE")
    assert [r.pass_id for r in result.rejected] == ["bad"]
    assert reason in result.rejected[0].reason
    assert [left.reason for left in result.leftover] == ["rejected"]
    with pytest.raises(PassError, match="bad"):
        run(text, [bad, good], strict=True)


def test_declared_effects_are_allowed(make_pass: MakePass) -> None:
    effects = frozenset({Effect.ENV, Effect.CMD, Effect.USER, Effect.CONFIG})
    added = make_pass("add", "\\Z", "ENV a=b\nCMD x\nUSER me\nWORKDIR /x\n", effects=effects)
    result = run(FILE, [added], max_rounds=1)
    assert not result.rejected or "no end" in result.rejected[0].reason


def test_only_the_guilty_fix_of_many_is_dropped(wrap: Wrap) -> None:
    text = "FROM debian\n" + "".join(f"RUN echo {i}\n" for i in range(40))

    def some(ctx: Context) -> Iterator[Finding]:
        for i in range(40):
            at = ctx.source.text.find(f"RUN echo {i}\n")
            if at >= 0:
                new = "RAN" if i in (7, 23) else "RUN :;"
                span = Span(at, at + 3)
                yield Finding(f"number {i}", span, Fix(f"fix {i}", Edit(span, new), Applicability.SAFE))

    result = run(text, [wrap("some", some)])
    assert result.text.count("RUN :;") == 38
    assert sorted(r.title for r in result.rejected) == ["fix 23", "fix 7"]
    assert sorted(left.finding.message for left in result.leftover) == ["number 23", "number 7"]


def test_fixes_that_are_only_bad_together_are_told_apart(wrap: Wrap) -> None:
    def some(ctx: Context) -> Iterator[Finding]:
        for word in ("one", "two"):
            at = ctx.source.text.find(word)
            if at >= 0:
                span = Span(at, at + 3)
                yield Finding(word, span, Fix(f"drop {word}", Edit.delete(span), Applicability.SAFE))

    result = run("FROM debian\nARG one two\n", [wrap("some", some)])
    assert result.text == "FROM debian\nARG  two\n"
    assert {r.title for r in result.rejected} == {"drop two"}


def test_looking_for_the_guilty_has_an_end(make_pass: MakePass) -> None:
    text = "FROM debian\n" + "RUN x\n" * 400
    result = run(text, [make_pass("bad", "RUN", "RAN"), make_pass("good", "debian", "alpine", effects=BASE)])
    assert result.text == text.replace("debian", "alpine")
    assert {r.reason for r in result.rejected} > {"too many fixes of this pass do not hold"}


def test_very_many_overlapping_fixes_come_to_an_end(make_pass: MakePass) -> None:
    passes = [make_pass("shrink", "aa", "a")]
    result = run("FROM debian\nRUN " + "a" * 300 + "\n", passes)
    assert result.text == "FROM debian\nRUN a\n"
    assert not run(result.text, passes).changed


def test_a_fix_at_odds_with_itself_is_dropped(wrap: Wrap) -> None:
    def bad(ctx: Context) -> Iterator[Finding]:
        edits = [Edit(Span(0, 4), "x"), Edit(Span(2, 6), "y")]
        yield Finding("f", Span(0, 4), Fix("t", edits, Applicability.SAFE))

    assert run(FILE, [wrap("bad", bad)]).rejected[0].reason == "its edits overlap"


def test_a_fix_outside_the_text_does_no_harm(wrap: Wrap) -> None:
    def bad(ctx: Context) -> Iterator[Finding]:
        yield Finding("f", Span(0, 4), Fix("t", Edit(Span(900, 901), "x"), Applicability.SAFE))

    result = run(FILE, [wrap("bad", bad)])
    assert result.text == FILE
    assert result.rejected


# --- coming to an end ------------------------------------------------------------------


def test_passes_that_undo_each_other_are_both_left_out(make_pass: MakePass) -> None:
    passes = [
        make_pass("there", "one", "uno"),
        make_pass("other", "two", "due"),
        make_pass("back", "uno", "one"),
    ]
    result = run(FILE, passes)
    assert result.text == FILE.replace("two", "due")
    assert result.stable
    (rejection,) = result.rejected
    assert "undoes what" in rejection.reason
    assert "there" in str(rejection)
    assert run(result.text, passes).text == result.text


def test_a_pass_that_never_ends_changes_nothing(make_pass: MakePass) -> None:
    result = run(FILE, [make_pass("more", "one", "oneone"), make_pass("shout", "two", "TWO")])
    assert result.text == FILE
    assert not result.stable
    assert [r.pass_id for r in result.rejected] == ["more"]
    assert "no end" in result.rejected[0].reason


def test_a_replacement_by_itself_is_no_change(make_pass: MakePass) -> None:
    result = run(FILE, [make_pass("same", "one", "one")])
    assert result.text == FILE
    assert not result.steps


# --- files that BuildKit rejects --------------------------------------------------------

BROKEN = "FROM debian\nRNU one\nRUN two\n"


def test_a_rejected_file_is_left_alone(make_pass: MakePass) -> None:
    result = run(BROKEN, [make_pass("shout", "two", "TWO")], unsafe=True)
    assert result.text == BROKEN
    assert result.leftover == ()
    assert [problem.kind for problem in result.problems]


def test_a_repair_opens_the_file_to_the_others(make_pass: MakePass) -> None:
    repair = make_pass("repair", "RNU", "RUN", level=UNSAFE, phase=Phase.REPAIR, repairs=True)
    passes = [repair, make_pass("shout", "two", "TWO")]
    result = run(BROKEN, passes, unsafe=True)
    assert result.text == "FROM debian\nRUN one\nRUN TWO\n"
    assert [step.pass_id for step in result.steps] == ["repair", "shout"]
    assert result.problems == ()
    kept = run(BROKEN, passes)
    assert kept.text == BROKEN
    assert [left.reason for left in kept.leftover] == ["unsafe"]


def test_a_repair_in_part_is_not_kept(make_pass: MakePass) -> None:
    text = BROKEN + "BUILD x\n"
    repair = make_pass("repair", "RNU", "RUN", level=UNSAFE, phase=Phase.REPAIR, repairs=True)
    result = run(text, [repair, make_pass("shout", "two", "TWO")], unsafe=True)
    assert result.text == text
    assert result.steps == ()
    assert [left.finding.pass_id for left in result.leftover] == ["repair"]
    assert len(result.problems) == 2


# --- the second observer ---------------------------------------------------------------


def test_the_observer_can_veto_a_fix(make_pass: MakePass) -> None:
    def observer(before: Dockerfile, after: Dockerfile, effects: frozenset[Effect]) -> str | None:
        return "no shouting" if "ONE" in str(after) and "ONE" not in str(before) else None

    passes = [make_pass("shout", "one", "ONE"), make_pass("count", "two", "2")]
    result = run(FILE, passes, observer=observer)
    assert result.text == FILE.replace("two", "2")
    assert [(r.pass_id, r.reason) for r in result.rejected] == [("shout", "no shouting")]
    assert run(result.text, passes, observer=observer).text == result.text


def test_the_observer_is_asked_once_and_only_about_changes(make_pass: MakePass) -> None:
    asked: list[tuple[str, str]] = []

    def observer(before: Dockerfile, after: Dockerfile, effects: frozenset[Effect]) -> str | None:
        asked.append((str(before), str(after)))
        return None

    passes = [make_pass("shout", "one", "ONE"), make_pass("count", "two", "2")]
    result = run(FILE, passes, observer=observer)
    assert asked == [(FILE, result.text)]
    run(result.text, passes, observer=observer)
    assert len(asked) == 1


def test_an_observer_that_raises_has_no_say(make_pass: MakePass) -> None:
    def observer(before: Dockerfile, after: Dockerfile, effects: frozenset[Effect]) -> str | None:
        raise RuntimeError(before)

    assert run(FILE, [make_pass("shout", "one", "ONE")], observer=observer).changed


# --- terms ------------------------------------------------------------------------------


def test_wrong_options_are_the_users_to_mend(make_pass: MakePass) -> None:
    with pytest.raises(ConfigError, match="shout has no options"):
        run(FILE, [make_pass("shout", "one", "ONE")], options={"shout": {"volume": 3}})


def test_options_of_passes_that_do_not_run_are_not_looked_at(make_pass: MakePass) -> None:
    assert run(FILE, [make_pass("shout", "one", "ONE")], options={"other": {"volume": 3}}).changed


def test_a_pass_sees_what_was_asked_for(wrap: Wrap) -> None:
    seen: list[bool] = []

    def look(ctx: Context) -> Iterator[Finding]:
        seen.append(ctx.wants_unsafe)
        yield from ()

    run(Source(FILE), [wrap("a", look)], unsafe=True)
    run(Source(FILE), [wrap("a", look)])
    assert seen == [True, False]


def test_lines_lead_back_to_the_original(make_pass: MakePass) -> None:
    passes = [make_pass("split", "one$", "one \\\\\n  x"), make_pass("shout", "two", "TWO")]
    result = run(FILE, passes)
    assert result.steps[1].fixes[0].line == 4
    assert result.origin_line(1, result.steps[1].fixes[0].at.start) == 3


@pytest.mark.parametrize("text", ["", "\n", "\ufeff", "FROM", "\x00", "FROM a\\", "# escape=`", "RUN <<EOF"])
def test_odd_texts_come_back_as_they_are(make_pass: MakePass, text: str) -> None:
    result = run(text, [make_pass("shout", "one", "ONE")])
    assert result.text == text
