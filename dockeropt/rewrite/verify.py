"""Check what a pass did, as if it could not be trusted.

The invariants, in the order in which they are cheap:

* V1: BuildKit rejects nothing that it accepted before.
* V2: The parser directives and the byte order mark are what they were.
* V3: Every comment is still there.
* V4: The configuration of the image of every stage is equal, except in what was declared.
* V5: A parser that we did not write agrees, or says that it cannot judge (:class:`Observer`).
* V6: A script that could be read can still be read.

Bytes outside the edits cannot change: the candidate is made from the old text by the edits.
"""

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from dockeropt.rewrite.fix import Effect
from dockeropt.syntax.nodes import Comment, Directive, Dockerfile, Instruction, Problem
from dockeropt.text.source import BOM

if TYPE_CHECKING:
    from dockeropt.model.model import Model
    from dockeropt.model.observable import ImageConfig
    from dockeropt.rewrite.context import View


class Observer(Protocol):
    """A second opinion on a change; ``dockeropt.interop`` has one."""

    def __call__(self, before: Dockerfile, after: Dockerfile, effects: frozenset[Effect], /) -> str | None:
        """Return why the change is not what it is said to be, or ``None``."""


_EFFECT_OF = {
    "base": Effect.BASE,
    "env": Effect.ENV,
    "user": Effect.USER,
    "cmd": Effect.CMD,
    "args_escaped": Effect.CMD,
    "entrypoint": Effect.ENTRYPOINT,
    "labels": Effect.LABELS,
}
"""The effect that covers a field of the image configuration; CONFIG covers all others."""


def effect_of(field: str) -> Effect:
    """Return the effect that covers a field of the image configuration, named as the model names it."""
    return _EFFECT_OF.get(field, Effect.CONFIG)


CHECKED = frozenset({*_EFFECT_OF.values(), Effect.CONFIG})
"""The effects that can be seen in the file itself."""


def verify(before: "View", after: "View", effects: frozenset[Effect]) -> str | None:
    """Return which invariant a change breaks and how, or ``None`` when all hold.

    V5 is not among them: the pipeline asks the observer once for all changes of a file.

    Args:
        before: The old text.
        after: The new text.
        effects: What of the image the change was said to change.
    """
    broken = (
        _problems(before.tree.problems, after.tree.problems)
        or _directives(before.tree, after.tree)
        or _comments(before, after)
    )
    if broken or before.tree.problems:
        return broken  # the file could not be built before: there is no image to compare
    return (
        _problems(before.model.problems, after.model.problems)
        or _configuration(before.model, after.model, effects)
        or _scripts(before.model, after.model, effects)
    )


def _problems(before: tuple[Problem, ...], after: tuple[Problem, ...]) -> str | None:
    if not after:
        return None
    known = Counter(problem.message for problem in before)
    for problem in after:
        if not known[problem.message]:
            return f"BuildKit would reject the result: {problem.message}"
        known[problem.message] -= 1
    return None


def _directives(before: Dockerfile, after: Dockerfile) -> str | None:
    if before.source.text.startswith(BOM) != after.source.text.startswith(BOM):
        return "the byte order mark is not where it was"
    if _directive_list(before) != _directive_list(after):
        return "a parser directive was changed, lost or made"
    return None


def _directive_list(tree: Dockerfile) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for node in tree.body:
        if not isinstance(node, Directive):
            break
        found.append((node.name, node.value))
    return found


def _comments(before: "View", after: "View") -> str | None:
    missing = comments_of(before) - comments_of(after)
    if missing:
        return f"the comment {next(iter(missing))!r} would be lost"
    return None


def comments_of(view: "View") -> Counter[str]:
    """Count the comments of a file: of its own, inside instructions, and inside scripts."""
    if view.comments is None:
        view.comments = _count_comments(view)
    return view.comments


def _count_comments(view: "View") -> Counter[str]:
    found: list[str] = []
    tree = view.tree
    for node in tree.body:
        if isinstance(node, Comment):
            found.append(node.text.rstrip())
        elif isinstance(node, Instruction) and node.comments:
            found += [comment.text.rstrip() for comment in node.comments]
    if "#" in tree.source.text:
        for run in view.model.runs:
            if run.script is not None and "#" in run.script.text and run.shell is not None:
                text = run.shell.text
                found += [text[start:end].rstrip() for start, end in run.shell.comments]
    return Counter(found)


def _configuration(before: "Model", after: "Model", effects: frozenset[Effect]) -> str | None:
    if len(before.stages) == len(after.stages):
        pairs = list(zip(before.stages, after.stages, strict=True))
    elif before.final is not None and after.final is not None:
        pairs = [(before.final, after.final)]
    else:
        return "the file has no stage any more"
    for old, new in pairs:
        field = _difference(before.observable(old), after.observable(new), effects)
        if field is not None:
            return f"the image would differ in {field!r}, which the fix does not declare"
    return None


def _difference(before: "ImageConfig", after: "ImageConfig", effects: frozenset[Effect]) -> str | None:
    if before == after:
        return None
    for field, old, new in zip(before._fields, before, after, strict=True):
        if old == new or effect_of(field) in effects:
            continue
        if field != "onbuild" or trigger_kinds(before.onbuild) != trigger_kinds(after.onbuild):
            return field
    return None


def trigger_kinds(onbuild: tuple[str, ...]) -> list[str]:
    """Return the ONBUILD triggers without what those say that only make layers: it may be rewritten."""
    found: list[str] = []
    for trigger in onbuild:
        keyword = trigger.split(None, 1)[0].upper() if trigger.strip() else ""
        found.append(keyword if keyword in ("RUN", "COPY", "ADD") else trigger)
    return found


def _scripts(before: "Model", after: "Model", effects: frozenset[Effect]) -> str | None:
    unread = [run for run in (*after.runs, *after.commands) if run.script is not None and run.shell is None]
    if not unread:
        return None
    known: Counter[str] = Counter()
    for run in (*before.runs, *before.commands):
        # Another base may have another shell: then what was read need not be readable now.
        other_shell = Effect.BASE in effects or Effect.CONFIG in effects
        if run.script is not None and (run.shell is None or other_shell):
            known[run.script.text] += 1
    for run in unread:
        assert run.script is not None
        if not known[run.script.text]:
            line = after.tree.source.position(run.node.span.start).line
            return f"the script in line {line} of the result could not be read by its shell"
        known[run.script.text] -= 1
    return None
