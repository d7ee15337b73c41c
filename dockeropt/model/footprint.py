"""Where a script may leave something behind in the file system, and what it surely does.

Invariant: errs to the side of "it may" for what is written, and to the side of "it may not"
for what is certain. What is deleted does not count as written.
"""

from functools import lru_cache

from dockeropt.model.accounts import homes_made_by
from dockeropt.model.calls import CallFacts
from dockeropt.model.certainty import is_certain
from dockeropt.model.paths import is_within, resolve, text_of
from dockeropt.model.programs import make_directory, mark_of
from dockeropt.model.runs import RunFacts
from dockeropt.model.writes import ANYWHERE, Footprint, mark_of_redirect, together
from dockeropt.shell.nodes import Redirect
from dockeropt.shell.query import walk

MAX_PLACES = 32
"""Directories that a script is followed to; beyond, it may be in any."""


@lru_cache(maxsize=512)
def footprint_of(
    run: RunFacts, until: CallFacts | None = None, settled: frozenset[CallFacts] = frozenset()
) -> Footprint:
    """Return what ``run`` may leave behind.

    Args:
        run: The RUN.
        until: Only what comes before this call of its script.
        settled: Calls that are known to write where packages lie and nowhere else.
    """
    if run.shell is None:
        return ANYWHERE
    places = _places(run)
    marks: list[Footprint] = []
    for call in run.calls:
        if call is until:
            break
        marks.append(Footprint(packages=True) if call in settled else mark_of(call, places))
        if marks[-1].anywhere:
            return ANYWHERE
    limit = until.node.start if until is not None else len(run.shell.text)
    redirects = [node for node in walk(run.shell) if isinstance(node, Redirect) and node.start < limit]
    marks += [mark_of_redirect(node, run, places) for node in redirects]
    return together(marks)


def _places(run: RunFacts) -> tuple[str | None, ...]:
    """Return the directories that the script may be in at any time; ``None`` for an unknown one."""
    places: list[str | None] = [run.state.workdir]
    for call in run.calls:
        if call.program in ("cd", "pushd", "popd"):
            operands = [word for word in call.operands if word.literal != "-"]
            if call.program == "popd" or not operands:
                places.append("/root" if call.program == "cd" else None)
                continue
            path = text_of(operands[0], run)
            places += [resolve(path, place) if path is not None else None for place in tuple(places)]
            places = list(dict.fromkeys(places))
            if len(places) > MAX_PLACES:
                return (None,)
    return tuple(places)


@lru_cache(maxsize=512)
def new_directories(run: RunFacts, until: CallFacts | None = None) -> tuple[str, ...]:
    """Return directories that did not exist before ``run``: a plain mkdir of them succeeded.

    Arguments as in :func:`footprint_of`.
    """
    places = _places(run)
    found: list[str] = []
    for call in run.calls:
        if call is until:
            break
        if call.program == "mkdir" and len(places) == 1 and is_certain(call) and not call.piped:
            parents = call.has_flag("-p", "--parents")
            found += () if parents else make_directory(call, places).directories
    return tuple(found)


@lru_cache(maxsize=512)
def certain_directories(run: RunFacts, until: CallFacts | None = None) -> tuple[str, ...]:
    """Return directories that exist once ``run`` has succeeded: mkdir and home directories.

    Only commands that cannot have been skipped count, and whose failure ends the build.
    Arguments as in :func:`footprint_of`.
    """
    if run.shell is None or not run.shell.body.statements:
        return ()
    places = _places(run)
    found: list[str] = []
    for call in run.calls:
        if call is until:
            break
        removed = mark_of(call, places).removed
        if removed:
            found = [path for path in found if not any(is_within(path, gone) for gone in removed)]
        if call.program not in ("mkdir", "useradd", "adduser") or not is_certain(call) or call.piped:
            continue
        if call.program == "mkdir":
            mark = make_directory(call, places)
            if not mark.anywhere and len(places) == 1:
                found += mark.directories
        else:
            found += [home.path for home in homes_made_by(call) or () if home.certain]
    return tuple(found)
