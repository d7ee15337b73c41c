"""One Dockerfile that is built in several ways: a fix has to be right for all of them.

Each build is looked at alone. Where they come to different texts, the pass that first makes the
difference may only show what it would do, and all are looked at again.

Invariant: what is applied is what every build on its own would have applied, at the level of the
build that trusts it least.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from dockeropt.rewrite.fix import Finding
from dockeropt.rewrite.levels import Levels
from dockeropt.rewrite.result import Leftover, Result, Step


class Use(NamedTuple):
    """One way in which the Dockerfile is built.

    Args:
        name: The service or target.
        context: The folder of its context: files beside the Dockerfile belong to it.
        run: Looks at a text for this build alone, with levels.
        frozen: Whether what is built is not known well enough to change anything.
    """

    name: str
    context: str
    run: Callable[[str, Levels], Result]
    frozen: bool = False


def agree(text: str, uses: Sequence[Use], levels: Levels, *, files: bool = True) -> Result:
    """Return what can be done about a text that all ``uses`` build.

    Args:
        text: The Dockerfile.
        uses: One at least.
        levels: What the user says about levels.
        files: Whether fixes may change other files than this one.
    """
    if any(use.frozen for use in uses):
        frozen = levels._replace(fixable=frozenset())
        return _shown(
            _together([use.run(text, frozen) for use in uses]), {}, "what it is built on is not known"
        )
    demoted: dict[str, tuple[str, ...]] = {}
    while True:
        results = [use.run(text, levels) for use in uses]
        apart = _apart(results, uses) if len(uses) > 1 else {}
        if not files and not apart:
            apart = {step.pass_id: () for r in results for step in r.steps for fix in step.fixes if fix.files}
        fresh = {pass_id: names for pass_id, names in apart.items() if not levels.frozen(pass_id)}
        if not fresh:
            break
        stricter = {
            pass_id for pass_id in fresh if pass_id not in levels.unsafe and _is_distrusted(pass_id, results)
        }
        levels = levels._replace(
            unsafe=levels.unsafe | stricter, unfixable=levels.unfixable | (fresh.keys() - stricter)
        )
        demoted.update({pass_id: names for pass_id, names in fresh.items() if pass_id not in stricter})
    result = _together(results)
    if apart:  # frozen passes do not act; if texts still differ, nothing may be done at all
        result = Result(text, text, leftover=result.leftover)
    return _shown(result, demoted, "")


def _key(step: Step, use: Use) -> tuple[object, ...]:
    files = tuple([change for fix in step.fixes for change in fix.files])
    return step.pass_id, step.after, files, use.context if files else ""


def _apart(results: Sequence[Result], uses: Sequence[Use]) -> dict[str, tuple[str, ...]]:
    """Return the pass that makes the first difference, with the builds that have it."""
    keys = [[_key(step, use) for step in result.steps] for result, use in zip(results, uses, strict=True)]
    for number in range(max(map(len, keys))):
        here = [own[number] if number < len(own) else None for own in keys]
        if len(set(here)) > 1:
            having = {
                str(key[0]): tuple(
                    [
                        use.name
                        for use, result in zip(uses, results, strict=True)
                        if any(step.pass_id == key[0] for step in result.steps[number:])
                    ]
                )
                for key in here
                if key is not None
            }
            # A pass that all have later is held up by one that some have not, and what follows
            # from the earliest of these is no difference of its own.
            partial = [pass_id for pass_id, names in having.items() if len(names) < len(uses)]
            root = min(partial or having, key=_turn)
            return {root: having[root]}
    return {}


def _turn(pass_id: str) -> int:
    """Return when a pass has its turn."""
    from dockeropt.rewrite.registry import load_registry

    order = list(load_registry().passes)
    return order.index(pass_id) if pass_id in order else len(order)


def _is_distrusted(pass_id: str, results: Sequence[Result]) -> bool:
    """Tell whether some build would have it only with ``--unsafe``."""
    return any(
        left.reason == "unsafe" and left.finding.pass_id == pass_id
        for result in results
        for left in result.leftover
    )


def _together(results: Sequence[Result]) -> Result:
    """Return the result of the build that trusts its steps least, with the findings of all."""
    first = min(results, key=lambda r: tuple(fix.applicability for step in r.steps for fix in step.fixes))
    seen: set[tuple[object, ...]] = set()
    leftover: list[Leftover] = []
    for result in (first, *results):
        for left in result.leftover:
            key = (left.finding.pass_id, left.finding.at, left.finding.message)
            if key not in seen:
                seen.add(key)
                leftover.append(left)
    leftover.sort(key=lambda left: (left.line, left.column, left.finding.pass_id))
    rejected = tuple(dict.fromkeys(dropped for result in results for dropped in result.rejected))
    return first._replace(leftover=tuple(leftover), rejected=rejected)


def _shown(result: Result, demoted: dict[str, tuple[str, ...]], why: str) -> Result:
    """Say of each demoted finding why it is only shown."""
    if not demoted and not why:
        return result
    leftover: list[Leftover] = []
    for left in result.leftover:
        names = demoted.get(left.finding.pass_id)
        if left.reason == "unfixable" and (names is not None or why):
            reason = why or (
                f"not the same for all builds of this file, only for {', '.join(names)}"
                if names
                else "it would change files of one build among several"
            )
            finding: Finding = left.finding._replace(message=f"{left.finding.message}; {reason}")
            left = left._replace(finding=finding, reason="suggestion")  # noqa: PLW2901 - the same one, explained
        leftover.append(left)
    return result._replace(leftover=tuple(leftover))
