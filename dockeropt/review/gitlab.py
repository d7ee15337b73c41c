"""Suggestions as discussions of a GitLab merge request.

``POST /projects/{id}/merge_requests/{iid}/discussions``, one for each suggestion. A position names the
three commits of a version of the merge request and one line: an added line by ``new_line`` alone, a
line that stayed by ``old_line`` and ``new_line``. ``suggestion:-N+0`` says that the N lines above belong
to the range, at most 100. Source: docs.gitlab.com, "Discussions API" and "Suggest changes", and
lib/gitlab/diff/suggestion.rb of gitlab-org/gitlab, 2026-11-24.

Invariant: a suggestion that the merge request already carries is not sent again.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dockeropt.review.hunks import FileDiff, read_patch
from dockeropt.review.remote import Remote, RemoteProblem, Unsure
from dockeropt.review.sending import Known, Sent, Words, fitting, is_said, unknown
from dockeropt.review.suggestions import Review, Suggestion
from dockeropt.review.target import Target
from dockeropt.review.wording import SUMMARY_MARK, comment, marks_in

ABOVE = 100
"""Lines above the commented one that a suggestion may replace."""

REFUSED = "GitLab does not accept a comment on these lines"
TOO_TALL = f"it replaces more than {ABOVE + 1} lines"
COMMAND = "a line in it could be taken for a command to GitLab"


class Version(NamedTuple):
    """The commits that a version of a merge request is made of.

    Args:
        base: Where the branch began.
        start: The target branch at that time.
        head: The last commit of the branch.
    """

    base: str
    start: str
    head: str


def client(target: Target, **more: Any) -> Remote:
    """Return a connection to GitLab; ``more`` goes to :class:`Remote`.

    The token of a CI job has a header of its own, and may not do everything.
    """
    header = "JOB-TOKEN" if target.token_name == "CI_JOB_TOKEN" else "PRIVATE-TOKEN"  # noqa: S105 - a name
    headers = {"User-Agent": "dockeropt"}
    return Remote(target.api_url, target.token, scheme=(header, ""), headers=headers, **more)


def path_of(target: Target) -> str:
    """Return the address of the merge request within the API."""
    from urllib.parse import quote

    return f"/projects/{quote(target.repository, safe='')}/merge_requests/{target.number}"


def version_of(remote: Remote, target: Target) -> Version:
    """Return the commits of the latest version.

    Raises:
        RemoteProblem: GitLab refuses, or the merge request is closed.
    """
    found = remote.get(path_of(target))
    if not isinstance(found, dict):
        raise RemoteProblem("the answer is no merge request", hint="check --api-url")
    if found.get("state", "opened") != "opened":
        raise RemoteProblem(
            f"merge request {target.number} is {found.get('state')}",
            hint="name an open one with --merge-request",
        )
    refs = found.get("diff_refs")
    names = [
        refs.get(f"{name}_sha") if isinstance(refs, dict) else None for name in ("base", "start", "head")
    ]
    if not all(isinstance(name, str) and name for name in names):
        raise RemoteProblem("GitLab has not read the commits yet", hint="try again in a minute")
    return Version(*[str(name) for name in names])


def diffs_of(remote: Remote, target: Target) -> Mapping[str, FileDiff]:
    """Return the files of the merge request with their hunks.

    Raises:
        RemoteProblem: GitLab refuses.
    """
    found: dict[str, FileDiff] = {}
    for entry in remote.pages(f"{path_of(target)}/diffs?per_page=100"):
        if isinstance(entry, dict) and not entry.get("deleted_file"):
            path = str(entry.get("new_path", ""))
            hidden = entry.get("too_large") or entry.get("collapsed")
            patch = "" if hidden else entry.get("diff") or ""
            found[path] = read_patch(path, str(entry.get("old_path") or ""), patch)
    return found


def file_of(remote: Remote, target: Target, path: str, commit: str) -> object:
    """Return what GitLab says of a file at a commit, its content among it.

    The project of the merge request knows the commits of forks, too. Source: docs.gitlab.com,
    "Repository files API", 2026-11-24.

    Raises:
        RemoteProblem: GitLab refuses.
    """
    from urllib.parse import quote

    project, name = quote(target.repository, safe=""), quote(path, safe="", errors="replace")
    return remote.get(f"/projects/{project}/repository/files/{name}?ref={quote(commit)}")


def payloads(review: Review, version: Version) -> list[dict[str, object]]:
    """Return what the requests hold, one for each suggestion."""
    return [_discussion(one, version) for one in review.suggestions]


def sendable(review: Review) -> Review:
    """Return the review without suggestions that GitLab cannot take."""
    tall = [one for one in review.suggestions if one.last - one.first > ABOVE]
    review = review.without(tall, TOO_TALL) if tall else review
    odd = [one for one in review.suggestions if _may_command(one)]
    return fitting(review.without(odd, COMMAND) if odd else review)


def _may_command(one: Suggestion) -> bool:
    """Tell whether GitLab may read a line as a quick action, in spite of the fence around it.

    It looks for the end of a fence by a pattern, and may find it in the text.
    """
    fenced = any("```" in line for line in one.lines)
    return fenced and any(line.lstrip().startswith("/") for line in one.lines)


def _discussion(one: Suggestion, version: Version) -> dict[str, object]:
    hunk = one.diff.hunk_of(one.first, one.last)
    assert hunk is not None
    position: dict[str, object] = {
        "position_type": "text",
        "base_sha": version.base,
        "start_sha": version.start,
        "head_sha": version.head,
        "old_path": one.diff.old_path,
        "new_path": one.diff.path,
        "new_line": one.last,
    }
    old = hunk.old_line(one.last)
    if old:
        position["old_line"] = old
    return {"body": comment(one, f"suggestion:-{one.last - one.first}+0"), "position": position}


def known_in(remote: Remote, target: Target) -> Known:
    """Return what earlier runs left in the merge request.

    A thread that somebody resolved counts: the answer was no. One whose suggestion can no longer
    be applied, because its lines were changed, does not count.

    Raises:
        RemoteProblem: GitLab refuses.
    """
    comments: set[str] = set()
    summaries: set[str] = set()
    for entry in remote.pages(f"{path_of(target)}/discussions?per_page=100"):
        for note in entry.get("notes", ()) if isinstance(entry, dict) else ():
            body = str(note.get("body") or "")
            summaries.update(marks_in(body, SUMMARY_MARK))
            offers = note.get("suggestions") or [{"appliable": True}]
            if note.get("resolved") or any(offer.get("appliable", True) for offer in offers):
                comments.update(marks_in(body))
    return Known(frozenset(comments), frozenset(summaries))


def send(
    remote: Remote, target: Target, review: Review, words: Words, version: Version, *, most: int
) -> Sent:
    """Send what the merge request does not carry yet.

    Args:
        remote: The connection.
        target: The merge request.
        review: What is to be said, with all its suggestions.
        words: Gives the text that names what has no suggestion.
        version: The commits whose lines are meant.
        most: How many discussions at most.

    Raises:
        RemoteProblem: GitLab refuses.
    """
    fitted = sendable(review)
    known = known_in(remote, target)
    fresh = unknown(fitted, known).limited(most)
    there = len(fitted.suggestions) - len(unknown(fitted, known).suggestions)
    path = f"{path_of(target)}/discussions"
    refused: list[Suggestion] = []
    for one in fresh.suggestions:
        try:
            _post(remote, target, path, _discussion(one, version), one.mark)
        except RemoteProblem as problem:
            if problem.status not in {400, 422}:
                raise
            refused.append(one)
    left = fresh.without(refused, REFUSED) if refused else fresh
    text = words(left)
    if left.remainder and not is_said(text, known):
        _post(remote, target, path, {"body": text}, *marks_in(text, SUMMARY_MARK))
    return Sent(left, len(left.suggestions), there)


def _post(remote: Remote, target: Target, path: str, body: Mapping[str, object], mark: str) -> None:
    """Create a discussion; where it is not known whether that worked, look first, then try again."""
    for attempt in (1, 2, 3):
        try:
            remote.post(path, body)
        except Unsure as problem:
            if attempt == 3 or not remote.wait(2.0**attempt, str(problem)):
                raise
            known = known_in(remote, target)
            if mark in known.comments | known.summaries:
                return
        else:
            return
