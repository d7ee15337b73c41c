"""What is sent to GitHub and GitLab, once and whole, and what happens when they refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dockeropt import api
from tests.review.conftest import Suggest
from tests.review.fakes import TOKEN, Failure, Fake, GitHub, GitLab, read
from tests.review.kit import blocks, branch, clicked_on_github, clicked_on_gitlab, git

BEFORE = "FROM python:3.12-slim\nCOPY . /app\n"
AFTER = """FROM python:3.12-slim
RUN apt-get update
RUN apt-get install -y libpq-dev gcc
COPY requirements.txt .
RUN pip install -r requirements.txt
COPY . /app
ENV APP_HOME /app
"""
KEYS = "".join(f"ENV KEY{n} value\nCOPY a{n} /a{n}\n" for n in range(40))
GAP = "".join(f"COPY f{n} /f{n}\n" for n in range(20))
FAR = f"FROM debian:12\nENV A b\n{GAP}ENV C d\n"


def words(fake: Fake) -> tuple[str, ...]:
    if isinstance(fake, GitHub):
        where = ("--provider", "github", "--repo", "octo/app", "--pull", "7")
    else:
        where = ("--provider", "gitlab", "--repo", "group/app", "--merge-request", "7")
    return (*where, "--api-url", fake.url, "--token-env", "MY_TOKEN")


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_TOKEN", TOKEN)
    monkeypatch.setattr("time.sleep", lambda _: None)


@pytest.fixture(params=[GitHub, GitLab], ids=["github", "gitlab"])
def service(request: pytest.FixtureRequest) -> type[GitHub | GitLab]:
    found: type[GitHub | GitLab] = request.param
    return found


def sent(fake: Fake) -> list[str]:
    """Return the bodies of the comments that carry suggestions."""
    if isinstance(fake, GitHub):
        return [comment["body"] for comment in fake.comments]
    assert isinstance(fake, GitLab)
    return [found["notes"][0]["body"] for found in fake.discussions if found["notes"][0]["position"]]


def summaries(fake: Fake) -> list[str]:
    if isinstance(fake, GitHub):
        return [review["body"] for review in fake.reviews]
    assert isinstance(fake, GitLab)
    return [found["notes"][0]["body"] for found in fake.discussions if not found["notes"][0]["position"]]


def test_a_click_on_each_gives_the_fixed_file(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    diff = branch(tmp_path, {"app/Dockerfile": BEFORE}, {"app/Dockerfile": AFTER})
    with service(diff) as fake:
        done = suggest(tmp_path, *words(fake))
    assert done.code == 0, done.err
    assert "Sent 3 suggestions for 4 fixes" in done.err
    fixed = api.fix_str(AFTER).fixed
    if isinstance(fake, GitHub):
        assert clicked_on_github(AFTER, "app/Dockerfile", fake.comments) == fixed
        assert fake.bodies[0]["event"] == "COMMENT"
        assert [set(comment) >= {"start_line", "start_side"} for comment in fake.bodies[0]["comments"]] == [
            True,
            False,
            False,
        ]
    else:
        assert isinstance(fake, GitLab)
        assert clicked_on_gitlab(AFTER, "app/Dockerfile", fake.bodies) == fixed
    body = sent(fake)[0]
    assert "`join-apt-update-install`, safe" in body
    assert "because nothing in between changes where the lists come from" in body


def test_a_second_run_sends_nothing(service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest) -> None:
    diff = branch(tmp_path, {"Dockerfile": KEYS}, {"Dockerfile": FAR.replace("A b", "A bb")})
    with service(diff) as fake:
        fake.page = 1
        suggest(tmp_path, *words(fake))
        first = list(fake.bodies)
        done = suggest(tmp_path, *words(fake))
    assert done.code == 0
    assert fake.bodies == first
    assert "2 suggestions of an earlier run still there" in done.err


def test_moved_lines_are_recognised_and_new_ones_sent(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    with service(diff) as fake:
        suggest(tmp_path, *words(fake))
        before = len(sent(fake))
        text = (
            AFTER.replace("COPY . /app", "COPY . /app\nCOPY x /x").replace("FROM", "# moved\n\nFROM")
            + "ENV B c\n"
        )
        (tmp_path / "Dockerfile").write_text(text)
        git(tmp_path, "commit", "-qam", "more")
        fake.files = read(git(tmp_path, "diff", "main", "branch"))
        done = suggest(tmp_path, *words(fake))
    assert "Sent 1 suggestion for 1 fix" in done.err
    assert len(sent(fake)) == before + 1
    assert "ENV B=c" in sent(fake)[-1]


def test_outdated_comments_do_not_count(tmp_path: Path, suggest: Suggest) -> None:
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    with GitHub(diff) as hub:
        suggest(tmp_path, *words(hub))
        hub.comments[0]["line"] = None
        suggest(tmp_path, *words(hub))
        assert len(hub.comments) == 4
    with GitLab(diff) as lab:
        suggest(tmp_path, *words(lab))
        lab.discussions[0]["notes"][0]["suggestions"] = [{"appliable": False}]
        lab.discussions[1]["notes"][0] |= {"suggestions": [{"appliable": False}], "resolved": True}
        suggest(tmp_path, *words(lab))
        assert len(lab.discussions) == 4


def test_what_is_too_much_is_listed_with_command_and_patch(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    text = "FROM debian:12\n" + KEYS
    diff = branch(tmp_path, {"Dockerfile": None}, {"Dockerfile": text})
    with service(diff) as fake:
        done = suggest(tmp_path, *words(fake), "--patch-file", "left.patch")
        assert done.code == 0
        assert len(sent(fake)) == 30
        assert "10 fixes have no suggestion" in summaries(fake)[0]
        assert "`dockeropt fix --write Dockerfile`" in summaries(fake)[0]
        assert "`left.patch`" in summaries(fake)[0]
        assert "more than 30 suggestions" in done.err
        git(tmp_path, "apply", "left.patch")
        half = (tmp_path / "Dockerfile").read_text()
        assert "ENV KEY0 value" in half
        assert "ENV KEY39=value" in half
        git(tmp_path, "checkout", "-q", "Dockerfile")
        suggest(tmp_path, *words(fake), "--max-comments", "4")
        assert len(sent(fake)) == 34, "the next ones are sent by the next run"


def test_what_is_not_in_a_hunk_is_listed(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    diff = branch(
        tmp_path, {"Dockerfile": FAR.replace("ENV A b\n", "")}, {"Dockerfile": FAR, "x.txt": "ENV a b\n"}
    )
    with service(diff) as fake:
        done = suggest(tmp_path, *words(fake), "--patch-file", "left.patch")
    assert len(sent(fake)) == 1
    (said,) = summaries(fake)
    assert "1 fix has no suggestion" in said
    assert "`Dockerfile:23`" in said
    assert "not in one hunk" in said
    assert "+ENV C=d" in (tmp_path / "left.patch").read_text()
    assert "1 fix without a suggestion" in done.err


def test_a_file_that_is_another_one_gets_no_comment(tmp_path: Path, suggest: Suggest) -> None:
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    (tmp_path / "Dockerfile").write_text("# another first line\n" + AFTER)
    with GitHub(diff) as fake:
        done = suggest(tmp_path, *words(fake))
        assert fake.comments == []
    assert "not the one that the diff is about" in done.err


def test_a_comment_that_is_refused_costs_no_other(tmp_path: Path, suggest: Suggest) -> None:
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    with GitHub(diff) as fake:
        fake.strict = lambda comment: comment["line"] == 5
        done = suggest(tmp_path, *words(fake))
        assert done.code == 0
        assert sorted(comment["line"] for comment in fake.comments) == [3, 7]
        assert len(fake.reviews) == 1
        assert "1 fix has no suggestion" in fake.reviews[0]["body"]
        assert "`Dockerfile:5`" in fake.reviews[0]["body"]
        suggest(tmp_path, *words(fake))
        assert len(fake.comments) == 2
        assert len(fake.reviews) == 1
    assert "GitHub does not accept a comment" in done.err


def test_a_discussion_that_is_refused_costs_no_other(tmp_path: Path, suggest: Suggest) -> None:
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    with GitLab(diff) as fake:
        fake.plan = [Failure(400, body={"message": "400 Bad request - Note {:line_code=>[]}"})]
        done = suggest(tmp_path, *words(fake))
        assert len(sent(fake)) == 2
        assert "2 fixes have no suggestion" in summaries(fake)[0]
    assert "GitLab does not accept" in done.err


def test_somebody_pushed_meanwhile(tmp_path: Path, suggest: Suggest) -> None:
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    with GitHub(diff) as fake:
        refusal = {"message": "Unprocessable Entity", "errors": ["commit_id is not part of the pull request"]}
        fake.plan = [Failure(422, body=refusal)]
        done = suggest(tmp_path, *words(fake))
        assert done.code == 2
        assert "run it on the new commit" in done.err
        assert fake.comments == []


@pytest.mark.parametrize("after", [False, True], ids=["it was not done", "it was done"])
def test_a_gateway_that_fails_leads_to_no_double(
    after: bool, service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    with service(diff) as fake:
        fake.plan = [Failure(502, after=after)]
        done = suggest(tmp_path, *words(fake))
        assert done.code == 0, done.err
        assert len(sent(fake)) == 3
        assert len({re.findall("dockeropt:v1:[0-9a-f]+", body)[0] for body in sent(fake)}) == 3


def test_a_rate_limit_is_waited_out(service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest) -> None:
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    with service(diff) as fake:
        fake.plan = [Failure(429, {"Retry-After": "3"}), Failure(429, {"Retry-After": "3"}, method="GET")]
        assert suggest(tmp_path, *words(fake)).code == 0
        assert len(sent(fake)) == 3


def test_a_bad_token_is_one_line_and_never_shown(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = "glpat-wrongwrongwrong"
    monkeypatch.setenv("MY_TOKEN", wrong)
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    with service(diff) as fake:
        done = suggest(tmp_path, *words(fake), "--verbose")
    assert done.code == 2
    assert "does not accept the token" in done.err
    assert wrong not in done.out + done.err


def test_verbose_shows_requests_without_the_token(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    with service(diff) as fake:
        done = suggest(tmp_path, *words(fake), "--verbose")
    assert "POST /" in done.err
    assert TOKEN not in done.err  # the fixture looks, too


def test_a_dry_run_sends_nothing_and_prints_what_would_be_sent(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    with service(diff) as fake:
        done = suggest(tmp_path, *words(fake), "--dry-run")
        assert fake.bodies == []
        assert {method for method, _ in fake.requests} == {"GET"}
        planned = [request["body"] for request in json.loads(done.out)["requests"]]
        suggest(tmp_path, *words(fake))
        assert fake.bodies == planned


@pytest.mark.parametrize("provider", ["github", "gitlab"])
def test_a_dry_run_with_a_diff_needs_no_service(
    provider: str, tmp_path: Path, suggest: Suggest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MY_TOKEN")
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})
    (tmp_path / "branch.diff").write_text(diff)
    by_git = suggest(tmp_path, "--dry-run", "--provider", provider, "--base", "main")
    by_file = suggest(tmp_path, "--dry-run", "--provider", provider, "--diff", "branch.diff")
    assert by_git.code == by_file.code == 0, by_git.err + by_file.err
    one, other = json.loads(by_git.out), json.loads(by_file.out)
    assert one["summary"] == other["summary"]
    assert one["summary"]["suggested"] == one["summary"]["fixes"] == 4
    if provider == "github":
        assert one == other


def test_a_dry_run_after_a_run_prints_nothing_to_send(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    diff = branch(tmp_path, {"Dockerfile": FAR.replace("C d", "C c")}, {"Dockerfile": FAR})
    with service(diff) as fake:
        assert "1 fix without a suggestion" in suggest(tmp_path, *words(fake)).err
        done = suggest(tmp_path, *words(fake), "--dry-run")
    found = json.loads(done.out)
    assert found["requests"] == []
    assert (found["summary"]["known"], found["summary"]["remainder"]) == (1, 1)


def test_no_token_where_one_is_needed(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MY_TOKEN")
    with service(branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})) as fake:
        done = suggest(tmp_path, *words(fake), "--dry-run")
    assert done.code == 2
    assert "the service wants a token (hint: " in done.err


def test_the_command_makes_the_same_fixes(tmp_path: Path, suggest: Suggest) -> None:
    branch(tmp_path, {"my app/Dockerfile": FAR}, {"my app/Dockerfile": FAR.replace("A b", "A c")})
    more = ("--select", "fix-key-value-format,style", "--unsafe", "--context", ".", "--build-arg", "A=b c")
    done = suggest(tmp_path / "my app", "--dry-run", "--base", "main", "--from-ref", "main~0", *more)
    assert "dockeropt fix --write" not in done.err
    done = suggest(tmp_path / "my app", "--dry-run", "--base", "main", *more)
    command = (
        "dockeropt fix --write --unsafe --select fix-key-value-format,style --context 'my app' "
        "--build-arg 'A=b c' 'my app/Dockerfile'"
    )
    assert f"Run `{command}` to make all fixes." in done.err


def test_nothing_is_sent_when_the_patch_file_cannot_be_written(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    with service(branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": AFTER})) as fake:
        done = suggest(tmp_path, *words(fake), "--patch-file", "none/left.patch")
    assert (done.code, sent(fake)) == (2, [])
    assert "none/left.patch: no such file or directory (hint: check --patch-file)" in done.err


def test_text_with_backticks_stays_in_its_fence(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    text = "FROM debian:12\nRUN mkdir /a && echo '````' `date`\nRUN mkdir /b && echo '```'\n"
    diff = branch(tmp_path, {"Dockerfile": None}, {"Dockerfile": text})
    with service(diff) as fake:
        suggest(tmp_path, *words(fake), "--select", "merge-runs")
    (body,) = sent(fake)
    ((_, lines),) = blocks(body)
    fixed = "".join(line + "\n" for line in lines)
    assert fixed == api.fix_str(text).fixed.partition("\n")[2]
    assert "`````suggestion" in body


def test_a_folder_of_the_repository_is_enough(tmp_path: Path, suggest: Suggest) -> None:
    texts = {"a/Dockerfile": AFTER, "b/Dockerfile": AFTER}
    diff = branch(tmp_path, dict.fromkeys(texts, BEFORE), texts)
    with GitHub(diff) as fake:
        suggest(tmp_path / "b", *words(fake))
        assert {comment["path"] for comment in fake.comments} == {"b/Dockerfile"}


def test_a_wrong_configuration_costs_no_other_file(tmp_path: Path, suggest: Suggest) -> None:
    new = {"a/Dockerfile": AFTER, "b/Dockerfile": AFTER, "a/dockeropt.toml": "nonsense = 1\n"}
    branch(tmp_path, {"a/Dockerfile": BEFORE, "b/Dockerfile": BEFORE}, new)
    done = suggest(tmp_path, "--dry-run", "--base", "main", isolated=False)
    assert done.code == 2
    assert "a/dockeropt.toml" in done.err
    assert json.loads(done.out)["summary"]["suggestions"] == 3


def test_named_files_outside_of_the_diff_are_listed(tmp_path: Path, suggest: Suggest) -> None:
    diff = branch(tmp_path, {"a/Dockerfile": BEFORE, "b/Dockerfile": AFTER}, {"a/Dockerfile": AFTER})
    with GitHub(diff) as fake:
        done = suggest(tmp_path, "a/Dockerfile", "b/Dockerfile", *words(fake))
        assert "4 fixes have no suggestion" in fake.reviews[0]["body"]
    assert "not part of the diff" in done.err


def test_a_file_that_buildkit_rejects_is_reported(tmp_path: Path, suggest: Suggest) -> None:
    texts = {"a/Dockerfile": AFTER, "b/Dockerfile": "FROM a\nRUNN x\n"}
    diff = branch(tmp_path, dict.fromkeys(texts), texts)
    with GitHub(diff) as fake:
        done = suggest(tmp_path, *words(fake), "--ignore", "fix-instruction-typo")
        assert done.code == 4
        assert fake.comments


def test_nothing_to_suggest_sends_nothing(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    diff = branch(tmp_path, {"Dockerfile": BEFORE}, {"Dockerfile": BEFORE + "COPY x /x\n"})
    with service(diff) as fake:
        done = suggest(tmp_path, *words(fake))
        assert fake.bodies == []
    assert "Nothing to suggest" in done.err


def test_a_renamed_file_keeps_both_names(
    service: type[GitHub | GitLab], tmp_path: Path, suggest: Suggest
) -> None:
    branch(tmp_path, {"old/Dockerfile": AFTER}, {})
    (tmp_path / "new").mkdir()
    git(tmp_path, "mv", "old/Dockerfile", "new/Dockerfile")
    text = AFTER.replace("COPY . /app", "COPY src /app")
    (tmp_path / "new" / "Dockerfile").write_text(text)
    git(tmp_path, "commit", "-qam", "renamed")
    diff = git(tmp_path, "diff", "-M", "main", "branch")
    assert "rename from old/Dockerfile" in diff
    with service(diff) as fake:
        done = suggest(tmp_path, *words(fake))
    assert done.code == 0, done.err
    assert sent(fake)
    if isinstance(fake, GitLab):
        assert {
            (b["position"]["old_path"], b["position"]["new_path"]) for b in fake.bodies if "position" in b
        } == {("old/Dockerfile", "new/Dockerfile")}
        assert any("old_line" in body["position"] for body in fake.bodies if "position" in body)
    else:
        assert {comment["path"] for comment in fake.comments} == {"new/Dockerfile"}
