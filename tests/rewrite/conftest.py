"""Small passes to try the engine with: it must work for any pass, so it is tried with none of ours."""

import re
from collections.abc import Callable, Iterator

import pytest

from dockeropt.rewrite import (
    Applicability,
    Category,
    Context,
    Effect,
    Evidence,
    Finding,
    Fix,
    Pass,
    Phase,
    rewrite,
)
from dockeropt.text import Edit, Span

MakePass = Callable[..., Pass]


@pytest.fixture
def make_pass() -> MakePass:
    """Return a maker of passes that replace each match of a pattern."""

    def make(
        name: str,
        pattern: str,
        replacement: str | None,
        *,
        level: Applicability = Applicability.SAFE,
        effects: frozenset[Effect] = frozenset({Effect.LAYERS}),
        phase: Phase = Phase.LAYERS,
        **facts: object,
    ) -> Pass:
        def function(ctx: Context) -> Iterator[Finding]:
            for match in re.finditer(pattern, ctx.source.text, re.MULTILINE):
                fix = None
                if replacement is not None:
                    edit = Edit(Span(*match.span()), match.expand(replacement))
                    because = (Evidence("a test says so", "here"),)
                    fix = Fix(f"write {replacement}", edit, level, because, effects)
                yield Finding(f"{name} found {match[0]}", Span(*match.span()), fix)

        function.__name__ = name.replace("-", "_")
        return rewrite(category=Category.SIZE, phase=phase, level=level, **facts)(function)  # type: ignore[arg-type]

    return make


@pytest.fixture
def wrap() -> Callable[[str, Callable[[Context], Iterator[Finding]]], Pass]:
    """Return a maker of passes from any function."""

    def make(name: str, function: Callable[[Context], Iterator[Finding]]) -> Pass:
        function.__name__ = name.replace("-", "_")
        return rewrite(category=Category.SIZE, phase=Phase.LAYERS)(function)

    return make
