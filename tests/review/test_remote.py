"""The connection: a token that never shows, limits that are respected, failures that are not repeated."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from dockeropt.errors import ConfigError
from dockeropt.review import github
from dockeropt.review.remote import MAX_PAGES, MAX_TRIES, Remote, RemoteProblem, Unsure
from dockeropt.review.target import Target
from tests.cli.kit import environment
from tests.review.fakes import TOKEN, Failure, GitHub

DIFF = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n"
PULL = "/repos/octo/app/pulls/7"


@pytest.fixture
def fake() -> Iterator[GitHub]:
    with GitHub(DIFF) as server:
        yield server


class Waits(list[float]):
    """Hold what was waited, instead of waiting."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


OPEN: list[Remote] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while OPEN:
        OPEN.pop().__exit__(None, None, None)


def connect(fake: GitHub, token: str = TOKEN, **more: object) -> tuple[Remote, Waits, list[str]]:
    waits, said = Waits(), list[str]()
    target = Target("github", "octo/app", 7, fake.url, token, "MY_TOKEN")
    OPEN.append(github.client(target, sleep=waits, say=said.append, **more))
    return OPEN[-1], waits, said


def test_failures_of_the_service_are_waited_out(fake: GitHub) -> None:
    remote, waits, said = connect(fake)
    fake.plan = [Failure(502, method="GET"), Failure(503, method="GET")]
    assert remote.get(PULL)["number"] == 7
    assert waits == [1, 2]
    assert any("502" in line for line in said)


def test_a_service_that_keeps_failing_is_given_up(fake: GitHub) -> None:
    remote, waits, _ = connect(fake)
    fake.plan = [Failure(500, method="GET")] * 20
    with pytest.raises(RemoteProblem, match="fails with 500"):
        remote.get(PULL)
    assert len(fake.requests) == MAX_TRIES
    assert len(waits) == MAX_TRIES - 1


def test_a_post_that_may_have_worked_is_not_repeated(fake: GitHub) -> None:
    remote, waits, _ = connect(fake)
    fake.plan = [Failure(502)]
    with pytest.raises(Unsure):
        remote.post(f"{PULL}/reviews", {})
    assert len(fake.requests) == 1
    assert waits == []


@pytest.mark.parametrize("status", [403, 429])
def test_retry_after_is_respected(fake: GitHub, status: int) -> None:
    remote, waits, _ = connect(fake)
    fake.plan = [Failure(status, {"Retry-After": "17"}, {"message": "secondary rate limit"}, path="/reviews")]
    with pytest.raises(RemoteProblem, match="422"):
        remote.post(f"{PULL}/reviews", {})
    assert waits == [17]


def test_the_time_of_the_reset_is_respected(fake: GitHub) -> None:
    remote, waits, _ = connect(fake, now=lambda: 1000.0)
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1040"}
    fake.plan = [Failure(403, headers, {"message": "API rate limit exceeded"}, method="GET")]
    assert remote.get(PULL)
    assert waits == [41]


def test_a_limit_that_lasts_long_is_an_error_that_says_so(fake: GitHub) -> None:
    remote, waits, _ = connect(fake, now=lambda: 1000.0)
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "4600"}
    fake.plan = [Failure(429, headers, {"message": "API rate limit exceeded"}, method="GET")]
    with pytest.raises(RemoteProblem, match=r"rate of requests.*60 minutes"):
        remote.get(PULL)
    assert waits == []


def test_a_403_without_a_limit_is_about_the_token(fake: GitHub) -> None:
    remote, waits, _ = connect(fake)
    fake.plan = [Failure(403, body={"message": "Resource not accessible by integration"})]
    with pytest.raises(RemoteProblem, match=r"not accessible by integration.*write access"):
        remote.post(f"{PULL}/reviews", {})
    assert waits == []


def test_a_bad_token_is_a_clear_error_without_the_token(fake: GitHub) -> None:
    wrong = TOKEN[::-1]
    remote, _, said = connect(fake, wrong)
    with pytest.raises(RemoteProblem, match="does not accept the token") as caught:
        remote.get(PULL)
    assert wrong not in str(caught.value) + caught.value.detail + "".join(said)


def test_what_a_service_echoes_is_cleaned(fake: GitHub) -> None:
    remote, _, said = connect(fake)
    fake.plan = [
        Failure(418, body={"message": f"you sent {TOKEN}", "errors": [{"message": TOKEN}]}, method="GET")
    ]
    with pytest.raises(RemoteProblem, match=r"you sent \*\*\*; \*\*\*") as caught:
        remote.get(f"{PULL}/files?access_token={TOKEN}")
    assert TOKEN not in str(caught.value) + repr(caught.value) + "".join(said)


def test_logs_of_the_libraries_do_not_hold_the_token(fake: GitHub, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    remote, _, _ = connect(fake)
    remote.get(PULL)
    assert "HTTP Request" in caplog.text
    assert TOKEN not in caplog.text
    assert TOKEN not in repr(Target("github", "octo/app", 7, fake.url, TOKEN))


def test_pages_are_followed(fake: GitHub) -> None:
    fake.page = 2
    fake.comments = [{"line": 1, "body": str(n)} for n in range(5)]
    remote, _, _ = connect(fake)
    assert [one["body"] for one in remote.pages(f"{PULL}/comments?per_page=100")] == list("01234")
    assert len(fake.requests) == 3


def test_pages_without_an_end_are_given_up(fake: GitHub) -> None:
    link = {"Link": f'<{fake.url}{PULL}/comments>; rel="next"'}
    fake.plan = [Failure(200, link, [], method="GET")] * (MAX_PAGES + 5)
    remote, _, _ = connect(fake)
    with pytest.raises(RemoteProblem, match="pages"):
        list(remote.pages(f"{PULL}/comments"))


@pytest.mark.parametrize("host", ["https://evil.example.invalid", "http://127.0.0.1:9", "file:///etc"])
def test_another_host_never_gets_the_token(fake: GitHub, host: str) -> None:
    fake.plan = [Failure(200, {"Link": f'<{host}/next>; rel="next"'}, [], method="GET")]
    remote, _, _ = connect(fake)
    with pytest.raises(RemoteProblem, match="another host"):
        list(remote.pages(f"{PULL}/comments"))


def test_a_move_is_not_followed(fake: GitHub) -> None:
    fake.plan = [Failure(301, {"Location": "https://evil.example.invalid/"}, method="GET")]
    remote, _, _ = connect(fake)
    with pytest.raises(RemoteProblem, match="moved"):
        remote.get(PULL)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.invalid",
        "ftp://example.invalid",
        "https://me:secret@example.invalid",
        "nonsense",
        "",
        "https:// x",
    ],
)
def test_an_address_that_would_give_the_token_away_is_refused(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        github.client(Target("github", "octo/app", 7, url, TOKEN))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("token", ["xyzzy blank", "xyzzy\nbreak", "t\u00f6ken", "cr\r"])
def test_a_token_that_is_none_is_refused_without_showing_it(token: str) -> None:
    with pytest.raises(ConfigError) as caught:
        github.client(Target("github", "octo/app", 7, "https://example.invalid", token))
    assert token.split(maxsplit=1)[0] not in str(caught.value)


def test_an_answer_that_is_no_json_is_a_clear_error(fake: GitHub) -> None:
    fake.plan = [Failure(200, body=b"<html>login</html>", method="GET")]
    remote, _, _ = connect(fake)
    with pytest.raises(RemoteProblem, match="no JSON"):
        remote.get(PULL)


def test_a_service_that_is_not_there_is_a_clear_error() -> None:
    waits = Waits()
    target = Target("github", "octo/app", 7, "http://127.0.0.1:9", TOKEN)
    with (
        github.client(target, sleep=waits) as remote,
        pytest.raises(RemoteProblem, match="check the network"),
    ):
        remote.get(PULL)
    assert waits == [1, 2, 4]


@pytest.mark.parametrize(
    ("missing", "words"), [("httpx", ()), ("unidiff", ("--dry-run", "--diff", "-"))], ids=["httpx", "unidiff"]
)
def test_without_the_extra_the_command_says_what_to_install(missing: str, words: tuple[str, ...]) -> None:
    script = f"""
import sys
sys.modules[{missing!r}] = None
from dockeropt.__main__ import main
sys.exit(main(["suggest", "--isolated", "--provider", "github", "--repo", "o/n", "--pull", "1", *{words!r}]))
"""
    settings = {**environment(), "GITHUB_TOKEN": "t", "GITHUB_API_URL": "http://127.0.0.1:9"}
    done = subprocess.run(
        [sys.executable, "-c", script], input=DIFF, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert f"the package {missing} (hint: pip install 'dockeropt[review]')" in done.stderr
    assert "Traceback" not in done.stderr
