"""The Dockerfiles of a pull request as its service holds them: nothing of it has to be checked out.

So a job that may write can look at a pull request from a fork. Invariant: what the pull request holds
is data. Only Dockerfiles that its diff names are read, bounded in size; its configuration, ignore files
and build context are not, and nothing of it is run.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from dockeropt import api
from dockeropt.discovery import Search, is_dockerfile_name, is_excluded
from dockeropt.errors import ConfigError, FileProblem
from dockeropt.files import decode
from dockeropt.results import FixResult, failure
from dockeropt.review.remote import RemoteProblem

if TYPE_CHECKING:
    from dockeropt.config import Options
    from dockeropt.review.hunks import FileDiff

Read = Callable[[str], Any]
"""Gives what the service answers for the file at a path of the repository."""


def dockerfiles_in(
    diffs: "Mapping[str, FileDiff]", wanted: Iterable[str], search: Callable[[str], Search]
) -> Iterator[str]:
    """Yield the changed Dockerfiles, by their paths in the repository.

    Args:
        diffs: What the diff says of each file.
        wanted: Changed files, whatever their name, and folders; none means all.
        search: Gives what to leave out, see :func:`dockeropt.discovery.discover`.

    Raises:
        ConfigError: The diff has nothing at a wanted path.
    """
    places = [path.removeprefix("./").rstrip("/") for path in wanted] or [""]
    for place in places:
        if place in diffs:
            yield place
            continue
        below = "" if place in {"", "."} else f"{place}/"
        inside = [path for path in diffs if path.startswith(below)]
        if not inside and below:
            hint = "name files and folders as the repository does"
            raise ConfigError(f"{place}: the pull request changes nothing there", hint=hint)
        for path in inside:
            rules = search(path)
            left_out = is_excluded(path, rules.root or ".", rules.exclude)
            if is_dockerfile_name(path.rpartition("/")[2]) and not left_out:
                yield path


def fixed(paths: Iterable[str], read: Read, options_of: "Callable[[str], Options]") -> Iterator[FixResult]:
    """Yield what the fixes make of files that the service holds.

    Args:
        paths: Their paths in the repository.
        read: Asks the service for one.
        options_of: Gives the options for a path.

    Raises:
        RemoteProblem: The service refuses for a reason that holds for all files.
    """
    for path in dict.fromkeys(paths):
        try:
            source = decode(_content(read(path), path), path)
            yield api.fix_str(source.text, options=options_of(path), path=path)
        except (FileProblem, ConfigError) as error:
            yield failure(path, error)
        except RemoteProblem as error:
            if error.status != 404:
                raise
            yield failure(path, FileProblem("the service does not show it", path=path, hint=error.hint))


def _content(answer: Any, path: str) -> bytes:
    """Return what an answer holds: GitHub and GitLab both give base64 in ``content``."""
    match answer:
        case {"encoding": "base64", "content": str(text)}:
            with suppress(ValueError):
                return base64.b64decode(text)
    hint = "look at it in a checkout"
    raise FileProblem("the service does not give its text: too large, or no file", path=path, hint=hint)
