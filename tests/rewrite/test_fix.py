"""A fix cannot claim more than it shows."""

import pickle

import pytest

from dockeropt.rewrite import Applicability, Context, Effect, Evidence, Finding, Fix
from dockeropt.rewrite.levels import Levels
from dockeropt.text import Edit, Span

EDIT = Edit.insert(0, "x")
PROOF = Evidence("it is so", "the manual")


@pytest.mark.parametrize("effect", sorted(set(Effect) - {Effect.LAYERS, Effect.CACHE_ONLY}, key=str))
def test_a_safe_fix_with_an_effect_needs_evidence(effect: Effect) -> None:
    with pytest.raises(ValueError, match=f"changes {effect.value}, and gives no evidence"):
        Fix("do it", EDIT, Applicability.SAFE, (), {effect, Effect.LAYERS})
    assert Fix("do it", EDIT, Applicability.SAFE, PROOF, {effect}).because == (PROOF,)
    assert Fix("do it", EDIT, Applicability.UNSAFE, (), {effect}).because == ()


def test_layers_and_caches_need_no_evidence() -> None:
    fix = Fix("do it", EDIT, Applicability.SAFE, (), {Effect.LAYERS, Effect.CACHE_ONLY})
    assert fix.applicability is Applicability.SAFE


def test_a_fix_has_an_edit() -> None:
    with pytest.raises(ValueError, match="has no edit"):
        Fix("do nothing", (), Applicability.UNSAFE)


def test_one_edit_or_many() -> None:
    assert Context.safe("a", EDIT).edits == (EDIT,)
    assert Context.unsafe("a", [EDIT, Edit.insert(1, "y")]).edits == (EDIT, Edit.insert(1, "y"))
    assert Context.suggestion("a", iter([EDIT])).edits == (EDIT,)


def test_the_context_gives_the_level() -> None:
    levels = [make("a", EDIT).applicability for make in (Context.safe, Context.unsafe, Context.suggestion)]
    assert levels == [Applicability.SAFE, Applicability.UNSAFE, Applicability.SUGGESTION]
    assert [level.word for level in levels] == ["safe", "unsafe", "suggestion"]


def test_findings_cross_processes() -> None:
    fix = Fix("do it", EDIT, Applicability.SAFE, PROOF, {Effect.ENV})
    finding = Finding("found", Span(0, 1), fix, "some-pass")
    again = pickle.loads(pickle.dumps(finding))
    assert again == finding
    assert type(again.fix) is Fix


def test_evidence_reads_as_a_sentence() -> None:
    assert str(PROOF) == "it is so (the manual)"
    assert str(Evidence("it is so", "")) == "it is so"


def test_levels_move_fixes_but_never_suggestions() -> None:
    def level(levels: Levels, given: Applicability) -> str:
        fix = levels.adjust(Finding("f", Span(0, 1), Fix("t", EDIT, given), "p")).fix
        assert fix is not None
        return fix.applicability.word

    safe, unsafe, suggestion = Applicability.SAFE, Applicability.UNSAFE, Applicability.SUGGESTION
    promoted = Levels(safe=frozenset({"p"}))
    demoted = Levels(unsafe=frozenset({"p"}))
    assert [level(promoted, x) for x in (safe, unsafe, suggestion)] == ["safe", "safe", "suggestion"]
    assert [level(demoted, x) for x in (safe, unsafe, suggestion)] == ["unsafe", "unsafe", "suggestion"]
    assert level(Levels(unfixable=frozenset({"p"})), safe) == "suggestion"
    assert level(Levels(fixable=frozenset({"q"})), safe) == "suggestion"
    assert level(Levels(fixable=frozenset({"p"})), safe) == "safe"
    assert level(Levels(safe=frozenset({"q"})), unsafe) == "unsafe"


def test_a_promoted_fix_says_who_vouches() -> None:
    fix = Fix("t", EDIT, Applicability.UNSAFE, (), {Effect.PACKAGES})
    assert "configuration" in fix.at_level(Applicability.SAFE).because[0].claim
