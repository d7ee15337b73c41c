"""What the changes save: rebuild steps, base image, packages, files stored twice.

Invariant: computed only when asked for and only when something changed; nothing is said where
nothing is known, and every number says whether it is a fact or an estimate, and whose.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from dockeropt.estimates.records import ESTIMATE, FACT, Estimate, megabytes

if TYPE_CHECKING:
    from dockeropt.estimates.contextfiles import Side
    from dockeropt.estimates.edited import Edited
    from dockeropt.estimates.rebuild import BuildStep
    from dockeropt.model.model import Model
    from dockeropt.project.context import BuildContext
    from dockeropt.rewrite.result import Result

__all__ = ["ESTIMATE", "FACT", "Estimate", "estimates_of", "megabytes"]


def estimates_of(
    outcome: "Result",
    build: "BuildContext",
    *,
    build_args: Mapping[str, str | None] | None = None,
    target: str | None = None,
) -> tuple[Estimate, ...]:
    """Return what the changes of a run save, the rebuild first.

    Nothing when nothing changed, or when the original could not be built.

    Args:
        outcome: What the engine answered.
        build: The build context, as it was or as the fixes left it; perhaps unknown.
        build_args: What the build is given.
        target: The stage that is built.
    """
    if not outcome.changed or outcome.problems:
        return ()
    from dockeropt.estimates import sizes
    from dockeropt.estimates.contextfiles import files_of
    from dockeropt.estimates.edited import edited_file
    from dockeropt.model.model import Model
    from dockeropt.syntax import parse

    original = parse(outcome.original)
    if original.problems:
        return ()  # what could not be built has nothing to be compared with
    before = Model(original, build_args=build_args, target=target)
    after = Model(parse(outcome.text), build_args=build_args, target=target)
    old, new = _sides(outcome, build)
    listed = files_of(old)
    relisted = files_of(new) if outcome.files else listed
    found: list[Estimate] = []
    edited = edited_file(before, listed, new)
    if edited is not None:
        found += _rebuild(before, after, edited)
    found += sizes.base_image(before, after)
    if listed is not None and relisted is not None:
        found += sizes.context_files(before, after, listed, relisted, build.name)
    found += sizes.package_lists(before, after)
    found += sizes.recommended_packages(before, after)
    return tuple(found)


def _sides(outcome: "Result", build: "BuildContext") -> "tuple[Side, Side]":
    """Return the context before and after, whether or not the files were written already."""
    from dockeropt.estimates.contextfiles import Side
    from dockeropt.project.dockerignore import DockerIgnore
    from dockeropt.project.overlay import Overlay

    old = new = build.ignore
    for change in outcome.files:
        if change.path == build.ignore_name or (not build.ignore_name and change.path == ".dockerignore"):
            old, new = DockerIgnore.parse(change.before or ""), DockerIgnore.parse(change.after)
    made = frozenset([change.path for change in outcome.files if change.before is None])
    return (
        Side(Overlay(build, {c.path: c.before for c in outcome.files if c.before is not None}), old, made),
        Side(Overlay(build, {c.path: c.after for c in outcome.files}), new),
    )


def _rebuild(before: "Model", after: "Model", edited: "Edited") -> Iterator[Estimate]:
    """Yield what the changes do to a rebuild after an edit, if they do anything to it."""
    from dockeropt.estimates.rebuild import steps_after_edit

    old, new = steps_after_edit(before, edited.path), steps_after_edit(after, edited.path)
    again = [[step for step in steps if step.again] for steps in (old, new)]
    gone, come = _exchanged(*[[name for step in steps for name in step.installs] for steps in again])
    # Merging two steps that both run again, or both do not, saves nothing of a rebuild.
    kept = len(new) - len(again[1]) > len(old) - len(again[0])
    if not (gone or come or (kept and len(again[1]) < len(again[0]))):
        return
    text = (
        f"rebuild after an edit of {edited}: {len(again[0])} of {_steps(old)} run again"
        f" -> {len(again[1])} of {len(new)}"
    )
    if gone:
        text += f"; {_listed(gone)} no longer"
    if come:
        text += f"; {_listed(come)} too now"
    sure = edited.is_real and all(step.sure for step in (*old, *new))
    why = "BuildKit's cache rules" + ("" if edited.is_real else "; no build context given")
    yield Estimate(
        "rebuild", len(again[0]), len(again[1]), "steps", FACT if sure else ESTIMATE, why, text,
        len(old), len(new),
    )  # fmt: skip


def _exchanged(old: list[str], new: list[str]) -> tuple[list[str], list[str]]:
    """Return what no longer installs and what installs now; ``npm ci`` for ``npm install`` is neither."""
    gone = [name for name in dict.fromkeys(old) if name not in new]
    come = [name for name in dict.fromkeys(new) if name not in old]
    before, replaced = ({name.split()[0] for name in names} for names in (old, come))
    return (
        [name for name in gone if name.split()[0] not in replaced],
        [name for name in come if name.split()[0] not in before],
    )


def _steps(steps: "tuple[BuildStep, ...]") -> str:
    return "1 step" if len(steps) == 1 else f"{len(steps)} steps"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
