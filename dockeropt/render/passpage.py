"""The page about a pass: what ``explain`` prints and what stands in ``docs/passes``.

Invariant: nothing on it is written by hand for it. Texts come from the pass's docstring, facts
from its registration, and the example is the pass at work on the docstring's *Before*.
"""

import re
from collections.abc import Iterable, Sequence

from dockeropt.rewrite.fix import Applicability
from dockeropt.rewrite.passdoc import options_of
from dockeropt.rewrite.passes import Category, Pass
from dockeropt.rewrite.pipeline import run

LEVELS = {
    Applicability.SAFE: "safe",
    Applicability.UNSAFE: "needs `--unsafe`",
    Applicability.SUGGESTION: "only shown",
}

INTRODUCTION = (
    "What each one does, how far its changes can be trusted at best, and whether it runs "
    "when nothing is selected. `dockeropt explain PASS` prints the page of one."
)


def page(p: Pass, cases: Sequence[str] = ()) -> str:
    """Return the Markdown page of a pass.

    Args:
        p: The pass.
        cases: Names of its test cases, to be listed as what it handles.
    """
    function = p.function  # loads a pass that is only known from the catalogue
    assert function is not None
    info, doc = p.info, p.info.doc
    parts = [f"# {info.id}", markdown(doc.summary), _facts(p), markdown(doc.why)]
    example = _example(p)
    if example:
        parts += ["## Example", example]
    parts += ["## Safety", markdown(doc.safety)]
    options = _options(p)
    if options:
        parts += ["## Options", options]
    parts += ["## Leave it out", _leaving_out(p)]
    if doc.references:
        parts += ["## References", "\n".join(f"- <{r}>" if "://" in r else f"- {r}" for r in doc.references)]
    if cases:
        parts += ["## What it handles", "\n".join(f"- {name.replace('-', ' ')}" for name in sorted(cases))]
    return "\n\n".join(part for part in parts if part) + "\n"


def index(passes: Iterable[Pass]) -> str:
    """Return the Markdown page that lists all passes by category."""
    known = list(passes)
    parts = [
        "# Passes",
        INTRODUCTION,
    ]
    for category in Category:
        rows = [p for p in sorted(known, key=lambda p: p.info.id) if p.info.category is category]
        if rows:
            parts += [f"## {category.value}", "\n".join(_index_table(rows))]
    return "\n\n".join(parts) + "\n"


def _index_table(rows: Iterable[Pass]) -> list[str]:
    lines = ["| pass | what it does | level | on | also known as |", "| --- | --- | --- | --- | --- |"]
    for p in rows:
        info = p.info
        summary = markdown(info.summary).rstrip(".").replace("|", "\\|")
        aliases = ", ".join(info.aliases)
        lines.append(
            f"| [{info.id}]({info.id}.md) | {summary} | {LEVELS[info.level]} "
            f"| {'yes' if info.default else 'no'} | {aliases} |"
        )
    return lines


def _facts(p: Pass) -> str:
    info = p.info
    facts = [
        ("category", info.category.value),
        ("level", LEVELS[info.level]),
        ("on by default", "yes" if info.default else f"no: `--select {info.id}`"),
        ("runs", f"in phase {info.phase.name.lower()}" + "".join(f", after {name}" for name in info.after)),
        ("since", info.since),
        ("also known as", ", ".join(info.aliases)),
    ]
    return "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {value} |" for name, value in facts if value)])


def _example(p: Pass) -> str:
    before = p.info.doc.before
    if not before:
        return ""
    after = run(before, [p], unsafe=p.info.level is not Applicability.SAFE).text
    if after == before:
        return _fenced("dockerfile", before)
    from dockeropt.render.diff import unified

    lines = unified(before, after, "Dockerfile", context=len(before)).splitlines(keepends=True)
    return _fenced("diff", "".join(lines[3:]))  # without the two names and the line numbers


def _fenced(language: str, text: str) -> str:
    return f"```{language}\n{text}```"


def _options(p: Pass) -> str:
    options = options_of(p.info.options)
    if not options:
        return ""
    meanings = _meanings(p.info.doc.options)
    lines = ["| option | type | default | meaning |", "| --- | --- | --- | --- |"]
    for option in options:
        meaning = markdown(meanings.get(option.name, "")).replace("|", "\\|")
        lines.append(
            f"| `{option.name.replace('_', '-')}` | {option.type} | `{_toml(option.default)}` | {meaning} |"
        )
    return "\n".join(lines)


def _meanings(text: str) -> dict[str, str]:
    """Read ``name: meaning`` entries, continued by indented lines."""
    pieces = re.split(r"(?m)^([a-z][\w-]*):[ \t]*", text)
    names, meanings = pieces[1::2], pieces[2::2]
    return {name.replace("-", "_"): " ".join(m.split()) for name, m in zip(names, meanings, strict=True)}


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _leaving_out(p: Pass) -> str:
    name = p.info.id
    return (
        f'`--ignore {name}` on the command line, `ignore = ["{name}"]` in the configuration, '
        f"or a comment above the instruction:\n\n"
        + _fenced("dockerfile", f"# dockeropt: ignore={name} -- why\n")
    )


def markdown(text: str) -> str:
    """Return docstring text with its double backquotes as Markdown has them."""
    return re.sub(r"``(.+?)``", r"`\1`", text, flags=re.DOTALL)
