"""Which pull request is meant, and what gives access to it: options first, then what CI says.

Invariant: nothing is read but the environment, the event file that it names, and git.
"""

import os
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from dockeropt.errors import ConfigError
from dockeropt.review import git

GITHUB, GITLAB = "github", "gitlab"
PROVIDERS = (GITHUB, GITLAB)

_GUESS = "guess"  # an answer that may be wrong is better than none
_TOKENS = {GITHUB: ("GITHUB_TOKEN", "GH_TOKEN"), GITLAB: ("GITLAB_TOKEN", "CI_JOB_TOKEN")}


class Target(NamedTuple):
    """A pull request or merge request.

    Args:
        provider: ``github`` or ``gitlab``.
        repository: ``owner/name``, or the number of a GitLab project.
        number: Its number.
        api_url: Where the API begins, without a final slash.
        token: The secret, ``""`` for none.
        token_name: The environment variable that holds it, or would.
        head: The commit that is proposed, ``""`` when it is not known.
        base: The commit or branch that it is compared with, ``""`` when it is not known.
    """

    provider: str
    repository: str
    number: int
    api_url: str
    token: str = ""
    token_name: str = ""
    head: str = ""
    base: str = ""

    def __repr__(self) -> str:
        return f"Target({self.provider} {self.repository} {self.number})"  # never the token


class Wishes(NamedTuple):
    """What the command line says; ``""`` for what it leaves open."""

    provider: str = ""
    repository: str = ""
    number: str = ""
    api_url: str = ""
    token_env: str = ""


def find_target(
    wishes: Wishes, environment: Mapping[str, str], folder: str = ".", *, needed: bool = True
) -> Target:
    """Return the pull request that is meant.

    Args:
        wishes: What the command line says.
        environment: The variables that GitHub Actions and GitLab CI set are heeded.
        folder: A folder of the work tree.
        needed: Whether it has to be known; if not, ``OWNER/NAME`` and 0 stand for what is not.

    Raises:
        ConfigError: It cannot be told.
    """
    provider = _provider(wishes.provider or ("" if needed else _GUESS), environment, folder)
    found = _github(environment) if provider == GITHUB else _gitlab(environment)
    repository = wishes.repository or found.repository or git.remote_of(folder)[1]
    if not needed:
        repository = repository or "OWNER/NAME"
    pattern = r"[\w.-]+/[\w.-]+" if provider == GITHUB else r"\d+|[\w.-]+(?:/[\w.-]+)+"
    if not re.fullmatch(pattern, repository, re.ASCII) or ".." in repository.split("/"):
        shown = "owner/name" if provider == GITHUB else "group/name, or the number of the project"
        raise ConfigError(
            f"--repo {repository}: no repository" if repository else "which repository?",
            hint=f"give --repo as {shown}",
        )
    number = wishes.number or str(found.number or "")
    option = "--pull" if provider == GITHUB else "--merge-request"
    if not needed and not number:
        return found._replace(repository=repository)
    if not (number.isascii() and number.isdigit() and 0 < int(number) < 2**31):
        message = f"{option} {number}: no number" if number else "which pull request or merge request?"
        raise ConfigError(message, hint=f"give its number with {option}")
    names = (wishes.token_env,) if wishes.token_env else _TOKENS[provider]
    name = next((name for name in names if environment.get(name)), names[0])
    return found._replace(
        repository=repository,
        number=int(number),
        api_url=(wishes.api_url or found.api_url).rstrip("/"),
        token=environment.get(name, "").strip(),
        token_name=name,
    )


def _provider(wish: str, environment: Mapping[str, str], folder: str) -> str:
    if wish in PROVIDERS:
        return wish
    if environment.get("GITHUB_ACTIONS"):
        return GITHUB
    if environment.get("GITLAB_CI"):
        return GITLAB
    host = git.remote_of(folder)[0]
    named = [provider for provider in PROVIDERS if provider in host]
    if len(named) == 1:
        return named[0]
    if wish == _GUESS:
        return GITHUB
    raise ConfigError("which service is it?", hint="give --provider github or --provider gitlab")


def _github(environment: Mapping[str, str]) -> Target:
    """Return what GitHub Actions says: docs.github.com, "Variables reference", 2026-11-24."""
    event = _event(environment.get("GITHUB_EVENT_PATH", ""))
    request = event.get("pull_request")
    if not isinstance(request, dict):
        request = {}
    issue = event.get("issue")
    if not isinstance(issue, dict) or "pull_request" not in issue:
        issue = {}
    number = request.get("number") or issue.get("number") or 0
    from_ref = re.fullmatch(r"refs/pull/(\d+)/(?:merge|head)", environment.get("GITHUB_REF", ""))
    if not number and from_ref:
        number = int(from_ref[1])
    branch = environment.get("GITHUB_BASE_REF", "")
    return Target(
        GITHUB,
        environment.get("GITHUB_REPOSITORY", ""),
        number if isinstance(number, int) else 0,
        environment.get("GITHUB_API_URL") or "https://api.github.com",
        head=_sha(request.get("head")),
        base=_sha(request.get("base")) or (f"origin/{branch}" if branch else ""),
    )


def _gitlab(environment: Mapping[str, str]) -> Target:
    """Return what GitLab CI says: docs.gitlab.com, "Predefined CI/CD variables", 2026-11-24.

    For a merge request from a fork the project of the pipeline is the fork; the merge request
    belongs to the other one.
    """
    number = environment.get("CI_MERGE_REQUEST_IID", "")
    return Target(
        GITLAB,
        environment.get("CI_MERGE_REQUEST_PROJECT_ID") or environment.get("CI_PROJECT_ID", ""),
        int(number) if number.isascii() and number.isdigit() else 0,
        environment.get("CI_API_V4_URL") or "https://gitlab.com/api/v4",
        head=environment.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environment.get("CI_COMMIT_SHA", ""),
        base=environment.get("CI_MERGE_REQUEST_DIFF_BASE_SHA", ""),
    )


def _event(path: str) -> dict[str, Any]:
    import json

    if not path or not os.path.isfile(path):
        return {}
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _sha(end: object) -> str:
    sha = end.get("sha") if isinstance(end, dict) else None
    return sha if isinstance(sha, str) and re.fullmatch(r"[0-9a-f]{40,64}", sha) else ""
