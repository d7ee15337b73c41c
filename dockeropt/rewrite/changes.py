"""Bring together what several fixes do to files beside the Dockerfile.

Invariant: a change is made to exactly the text that its pass saw, never to another one, and
never outside the build context.
"""

from collections.abc import Iterable

from dockeropt.rewrite.context import View
from dockeropt.rewrite.fix import FileChange


class StaleFile(ValueError):
    """A change was made for a file that is not what its pass took it for."""


def merged(view: View, new: Iterable[FileChange]) -> tuple[FileChange, ...]:
    """Return the changes so far and the new ones, one for each path, sorted by path.

    A file that ends as it began is left out.

    Raises:
        StaleFile: There is no context, the path leads out of it, or the file holds another text.
    """
    changes = {change.path: change for change in view.files}
    for change in new:
        parts = change.path.split("/")
        if not view.given.known or not change.path or {"", ".", ".."} & set(parts):
            raise StaleFile(f"{change.path!r} is no file of a known build context")
        if view.build.read(change.path) != change.before or (
            change.before is None and view.build.entry(change.path) is not None
        ):
            raise StaleFile(f"{change.path} does not hold what the pass took it for")
        first = changes.get(change.path)
        before = first.before if first is not None else change.before
        changes[change.path] = FileChange(change.path, before, change.after)
    return tuple([changes[path] for path in sorted(changes) if changes[path].before != changes[path].after])
