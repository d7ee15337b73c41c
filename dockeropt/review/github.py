"""Suggestions as review comments of a GitHub pull request.

``POST /repos/{owner}/{repo}/pulls/{number}/reviews`` with all comments at once: one notification. A
comment names the last line of its range in the new file (``line``, ``side: RIGHT``) and, only when there
are several lines, the first one (``start_line``); all lines lie in one hunk. One comment that GitHub does
not accept fails the whole review, so places are checked here before. Source: docs.github.com, "REST API
endpoints for pull request reviews" and "… review comments", 2026-11-24.

Invariant: a suggestion that the pull request already carries is not sent again.
"""

from collections.abc import Mapping
from typing import Any

from dockeropt.review.hunks import FileDiff, read_patch
from dockeropt.review.remote import Remote, RemoteProblem, Unsure
from dockeropt.review.sending import Known, Sent, Words, fitting, is_said, unknown
from dockeropt.review.suggestions import Review, Suggestion
from dockeropt.review.target import Target
from dockeropt.review.wording import SUMMARY_MARK, comment, marks_in

VERSION = "2022-11-28"
"""The version of the REST API that is asked for."""

REFUSED = "GitHub does not accept a comment on these lines"


def client(target: Target, **more: Any) -> Remote:
    """Return a connection to GitHub; ``more`` goes to :class:`Remote`."""
    headers = {
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": VERSION,
        "User-Agent": "dockeropt",
    }
    return Remote(target.api_url, target.token, scheme=("Authorization", "Bearer "), headers=headers, **more)


def path_of(target: Target) -> str:
    """Return the address of the pull request within the API."""
    return f"/repos/{target.repository}/pulls/{target.number}"


def head_of(remote: Remote, target: Target) -> str:
    """Return the commit that is proposed.

    Raises:
        RemoteProblem: GitHub refuses, or the pull request is closed.
    """
    found = remote.get(path_of(target))
    head = found.get("head", {}).get("sha") if isinstance(found, dict) else None
    if not isinstance(head, str):
        raise RemoteProblem("the pull request names no commit", hint="check --api-url")
    if found.get("state", "open") != "open":
        raise RemoteProblem(f"pull request {target.number} is closed", hint="name an open one with --pull")
    return head


def diffs_of(remote: Remote, target: Target) -> Mapping[str, FileDiff]:
    """Return the files of the pull request with their hunks, from the API that has no limit in lines.

    Raises:
        RemoteProblem: GitHub refuses.
    """
    found: dict[str, FileDiff] = {}
    for entry in remote.pages(f"{path_of(target)}/files?per_page=100"):
        if isinstance(entry, dict) and entry.get("status") != "removed":
            path = str(entry.get("filename", ""))
            found[path] = read_patch(
                path, str(entry.get("previous_filename") or ""), entry.get("patch") or ""
            )
    return found


def file_of(remote: Remote, target: Target, path: str, commit: str) -> object:
    """Return what GitHub says of a file at a commit, its content among it.

    The repository of the pull request knows the commits of forks, too. Source: docs.github.com, "REST API
    endpoints for repository contents", 2026-11-24.

    Raises:
        RemoteProblem: GitHub refuses.
    """
    from urllib.parse import quote

    return remote.get(
        f"/repos/{target.repository}/contents/{quote(path, errors='replace')}?ref={quote(commit)}"
    )


def payload(review: Review, words: str, commit: str) -> dict[str, object]:
    """Return what the request holds."""
    return {
        "commit_id": commit,
        "event": "COMMENT",
        "body": words,
        "comments": [_comment(one) for one in review.suggestions],
    }


def _comment(one: Suggestion) -> dict[str, object]:
    place: dict[str, object] = {"path": one.path, "line": one.last, "side": "RIGHT"}
    if one.first < one.last:
        place |= {"start_line": one.first, "start_side": "RIGHT"}
    return {**place, "body": comment(one)}


def known_in(remote: Remote, target: Target) -> Known:
    """Return what earlier runs left in the pull request.

    A comment whose lines were changed since is outdated: GitHub names no line for it any more,
    and it cannot be applied, so it does not count.

    Raises:
        RemoteProblem: GitHub refuses.
    """
    comments: set[str] = set()
    for entry in remote.pages(f"{path_of(target)}/comments?per_page=100"):
        if isinstance(entry, dict) and entry.get("line") is not None:
            comments.update(marks_in(str(entry.get("body") or "")))
    summaries: set[str] = set()
    for entry in remote.pages(f"{path_of(target)}/reviews?per_page=100"):
        if isinstance(entry, dict):
            summaries.update(marks_in(str(entry.get("body") or ""), SUMMARY_MARK))
    return Known(frozenset(comments), frozenset(summaries))


def send(remote: Remote, target: Target, review: Review, words: Words, commit: str, *, most: int) -> Sent:
    """Send what the pull request does not carry yet.

    Args:
        remote: The connection.
        target: The pull request.
        review: What is to be said, with all its suggestions.
        words: Gives the text of the review.
        commit: The commit whose lines are meant.
        most: How many comments at most.

    Raises:
        RemoteProblem: GitHub refuses.
    """
    fitted = fitting(review)
    known = known_in(remote, target)
    there = len(fitted.suggestions) - len(unknown(fitted, known).suggestions)
    for attempt in (1, 2, 3):
        fresh = unknown(fitted, known).limited(most)
        text = words(fresh)
        if not fresh.suggestions and (is_said(text, known) or not fresh.remainder):
            return Sent(fresh, 0, there)
        try:
            answer = remote.post(f"{path_of(target)}/reviews", payload(fresh, text, commit))
            return Sent(fresh, len(fresh.suggestions), there, _address(answer))
        except Unsure as problem:
            # It may have worked: whoever asks again first looks what is there.
            if attempt == 3 or not remote.wait(2.0**attempt, str(problem)):
                raise
            known = known_in(remote, target)
        except RemoteProblem as problem:
            if problem.status != 422 or not fresh.suggestions:
                raise
            if "commit_id" in problem.detail:
                hint = "somebody pushed meanwhile: run it on the new commit"
                raise RemoteProblem("the pull request has another commit now", hint=hint) from None
            return _one_by_one(remote, target, fresh, words, commit, there, known)
    raise AssertionError  # the last attempt returns or raises


def _one_by_one(
    remote: Remote, target: Target, review: Review, words: Words, commit: str, there: int, known: Known
) -> Sent:
    """Send each comment alone, so that one that is refused costs no other; then what is left."""
    refused: list[Suggestion] = []
    address = ""
    for one in review.suggestions:
        try:
            body = {"commit_id": commit, **_comment(one)}
            address = _address(remote.post(f"{path_of(target)}/comments", body)) or address
        except RemoteProblem as problem:
            if problem.status != 422:
                raise
            refused.append(one)
    left = review.without(refused, REFUSED)
    text = words(left)
    if left.remainder and not is_said(text, known):
        none = left._replace(suggestions=())
        address = _address(remote.post(f"{path_of(target)}/reviews", payload(none, text, commit))) or address
    return Sent(left, len(left.suggestions), there, address)


def _address(answer: object) -> str:
    found = answer.get("html_url") if isinstance(answer, dict) else None
    return found if isinstance(found, str) else ""
