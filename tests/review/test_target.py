"""Which pull request is meant: options, then what CI says, then git."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dockeropt.errors import ConfigError
from dockeropt.review.git import remote_of
from dockeropt.review.target import Wishes, find_target
from tests.review.kit import branch, git

SHA = "d" * 40
ACTIONS = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_REPOSITORY": "octo/app",
    "GITHUB_API_URL": "https://ghe.test/api/v3",
    "GITHUB_TOKEN": "one",
}
PIPELINE = {
    "GITLAB_CI": "true",
    "CI_PROJECT_ID": "99",
    "CI_MERGE_REQUEST_PROJECT_ID": "12",
    "CI_MERGE_REQUEST_IID": "5",
    "CI_API_V4_URL": "https://gitlab.test/api/v4",
    "CI_MERGE_REQUEST_DIFF_BASE_SHA": SHA,
    "CI_COMMIT_SHA": "e" * 40,
    "CI_JOB_TOKEN": "job",
}


def event(folder: Path, content: object) -> dict[str, str]:
    path = folder / "event.json"
    path.write_text(json.dumps(content))
    return {**ACTIONS, "GITHUB_EVENT_PATH": str(path)}


def test_github_actions_say_it(tmp_path: Path) -> None:
    request = {"pull_request": {"number": 3141, "head": {"sha": SHA}, "base": {"sha": "f" * 40}}}
    found = find_target(Wishes(), event(tmp_path, request), str(tmp_path))
    assert found[:4] == ("github", "octo/app", 3141, "https://ghe.test/api/v3")
    assert (found.head, found.base, found.token) == (SHA, "f" * 40, "one")


@pytest.mark.parametrize(
    "content",
    [{"issue": {"number": 4, "pull_request": {}}}, {"pull_request": {"number": 4}}],
)
def test_other_events_say_the_number_too(tmp_path: Path, content: object) -> None:
    assert find_target(Wishes(), event(tmp_path, content), str(tmp_path)).number == 4


def test_the_ref_says_the_number_where_the_event_does_not(tmp_path: Path) -> None:
    environment = {**event(tmp_path, ["nonsense"]), "GITHUB_REF": "refs/pull/8/merge"}
    assert find_target(Wishes(), environment, str(tmp_path)).number == 8


def test_an_issue_is_no_pull_request(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="which pull request"):
        find_target(Wishes(), event(tmp_path, {"issue": {"number": 4}}), str(tmp_path))


def test_gitlab_ci_says_it(tmp_path: Path) -> None:
    found = find_target(Wishes(), PIPELINE, str(tmp_path))
    assert found[:4] == ("gitlab", "12", 5, "https://gitlab.test/api/v4")
    assert (found.token, found.token_name, found.base) == ("job", "CI_JOB_TOKEN", SHA)
    better = find_target(Wishes(), {**PIPELINE, "GITLAB_TOKEN": "own"}, str(tmp_path))
    assert (better.token, better.token_name) == ("own", "GITLAB_TOKEN")


def test_options_beat_everything(tmp_path: Path) -> None:
    wishes = Wishes("github", "a/b", "6", "https://api.test/", "MINE")
    found = find_target(wishes, {**PIPELINE, "MINE": " two\n"}, str(tmp_path))
    assert found[:4] == ("github", "a/b", 6, "https://api.test")
    assert found.token == "two"
    assert "two" not in repr(found)


@pytest.mark.parametrize(
    ("address", "host", "path"),
    [
        ("git@github.com:octo/app.git", "github.com", "octo/app"),
        ("https://github.com/octo/app", "github.com", "octo/app"),
        ("https://me:secret@gitlab.example.com/group/sub/app.git", "gitlab.example.com", "group/sub/app"),
        ("ssh://git@gitlab.example.com:2222/group/app.git", "gitlab.example.com", "group/app"),
    ],
)
def test_the_remote_says_where(tmp_path: Path, address: str, host: str, path: str) -> None:
    branch(tmp_path, {}, {})
    git(tmp_path, "remote", "add", "origin", address)
    assert remote_of(str(tmp_path)) == (host, path)
    found = find_target(Wishes(number="2"), {}, str(tmp_path))
    assert (found.provider, found.repository) == (host.split(".", maxsplit=1)[0], path)


@pytest.mark.parametrize(
    ("wishes", "says"),
    [
        (Wishes(), "which service"),
        (Wishes("github"), "which repository"),
        (Wishes("github", "a/b/c", "1"), "--repo a/b/c"),
        (Wishes("github", "../..", "1"), "no repository"),
        (Wishes("github", "a/b?x=", "1"), "no repository"),
        (Wishes("gitlab", "12/3?", "1"), "no repository"),
        (Wishes("github", "a/b"), "which pull request"),
        (Wishes("github", "a/b", "x"), "--pull x: no number"),
        (Wishes("gitlab", "a/b", "0"), "--merge-request 0: no number"),
    ],
)
def test_what_is_missing_is_asked_for(tmp_path: Path, wishes: Wishes, says: str) -> None:
    with pytest.raises(ConfigError, match=says.replace("?", r"\?")):
        find_target(wishes, {}, str(tmp_path))


def test_a_guess_is_enough_where_nothing_is_sent(tmp_path: Path) -> None:
    assert find_target(Wishes(), {}, str(tmp_path), needed=False)[:3] == ("github", "OWNER/NAME", 0)
