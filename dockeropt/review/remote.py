"""Talk to a code review service: one client for all, with a token that never shows.

Invariants: the token goes to the host of the API address only, over an encrypted connection or to this
machine; it appears in no message, whatever the service or the network answers; no request is repeated
more than a few times, and none that may have had an effect is repeated here.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any, NamedTuple, Self

from dockeropt.errors import ConfigError, DockeroptError

MAX_TRIES = 4
MAX_WAIT = 120.0
"""Seconds that a run waits for a service in all."""

MAX_PAGES = 100
TIMEOUT = 30.0

_LOCAL = {"localhost", "127.0.0.1", "::1"}


class RemoteProblem(DockeroptError):
    """A service cannot be reached, refuses, or answers something that makes no sense.

    Args:
        message: What is wrong.
        hint: What to do about it.
        status: The HTTP status, 0 without an answer.
        detail: What the service says, ``""`` for nothing.
    """

    def __init__(
        self, message: str, *, hint: str = "", status: int = 0, detail: str = "", **place: Any
    ) -> None:
        super().__init__(message, hint=hint, **place)
        self.status = status
        self.detail = detail


class Unsure(RemoteProblem):
    """A request that creates something got no answer: it may have had its effect or not."""


class Answer(NamedTuple):
    """What a service answered.

    Args:
        status: The HTTP status.
        body: The JSON of it, ``None`` when it holds none.
        following: The address of the next page, ``""`` on the last one.
    """

    status: int
    body: Any
    following: str = ""


class Remote:
    """A connection to one service.

    Args:
        api_url: Where its API begins, without a final slash.
        token: The secret, ``""`` for none.
        scheme: The header that carries the token, and what stands before it.
        headers: Other headers of each request.
        say: Is told what happens, for ``--verbose``.
        sleep: Waits so many seconds.
        now: Tells the time in seconds since 1970.

    Raises:
        ConfigError: httpx is not installed, or the address or the token has no meaning.
    """

    def __init__(
        self,
        api_url: str,
        token: str,
        *,
        scheme: tuple[str, str],
        headers: Mapping[str, str],
        say: Callable[[str], None] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.time,
    ) -> None:
        try:
            import httpx
        except ImportError:
            hint = "pip install 'dockeropt[review]'"
            raise ConfigError("sending suggestions needs the package httpx", hint=hint) from None
        self._token = token
        self._say = say or (lambda _: None)
        self._sleep, self._now = sleep, now
        self._left = MAX_WAIT
        self._httpx = httpx
        self._base = httpx.URL(api_url.rstrip("/")) if _is_clean(api_url) else httpx.URL("")
        if self._base.scheme not in {"http", "https"} or not self._base.host or self._base.userinfo:
            raise ConfigError(
                "--api-url is no address of an API", hint="write https://host/path, without a user"
            )
        if self._base.scheme == "http" and self._base.host not in _LOCAL:
            hint = "use https: a token is not sent where others can read it"
            raise ConfigError("--api-url is not encrypted", hint=hint)
        if not _is_clean(token):
            hint = "it is one line without blanks; was it cut or quoted wrongly?"
            raise ConfigError("the token holds characters that no token has", hint=hint)
        encrypted = self._base.scheme == "https"  # else a proxy of the environment would read the token
        name, before = scheme
        secret = {name: before + token} if token else {}
        self._client = httpx.Client(
            headers={**headers, **secret}, timeout=TIMEOUT, follow_redirects=False, trust_env=encrypted
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def get(self, path: str) -> Any:
        """Return the JSON at ``path``, or at a full address of the same host.

        Raises:
            RemoteProblem: There is none, or the service refuses.
        """
        return self._request("GET", path, None).body

    def pages(self, path: str) -> Iterator[Any]:
        """Yield the entries of a list that comes in pages.

        Raises:
            RemoteProblem: See :meth:`get`; or a page is no list, or the pages have no end.
        """
        for _ in range(MAX_PAGES):
            answer = self._request("GET", path, None)
            if not isinstance(answer.body, list):
                raise RemoteProblem(f"{self._shown(path)}: the answer is no list", hint="check --api-url")
            yield from answer.body
            if not answer.following:
                return
            path = answer.following
        raise RemoteProblem(f"{self._shown(path)}: more than {MAX_PAGES} pages", hint="is it a loop?")

    def post(self, path: str, body: Mapping[str, object]) -> Any:
        """Create something and return the JSON of the answer.

        Raises:
            Unsure: It is not known whether it was created.
            RemoteProblem: It was not.
        """
        return self._request("POST", path, body).body

    def wait(self, seconds: float, why: str) -> bool:
        """Wait, if that is not too long; tell whether it was done."""
        if seconds > self._left:
            return False
        self._left -= seconds
        self._say(f"waiting {seconds:.0f} s: {why}")
        self._sleep(seconds)
        return True

    # --- one request -------------------------------------------------------------------

    def _request(self, method: str, path: str, body: Mapping[str, object] | None) -> Answer:
        url = self._address(path)
        for attempt in range(1, MAX_TRIES + 1):
            last = attempt == MAX_TRIES
            try:
                response = self._client.request(method, url, json=body)
            except self._httpx.HTTPError as error:
                what = f"{self._shown(path)}: {self._clean(str(error)) or type(error).__name__}"
                sent = not isinstance(error, self._httpx.ConnectError | self._httpx.ConnectTimeout)
                if method == "POST" and sent:
                    raise Unsure(what, hint="run it again: what is there is not sent twice") from None
                if last or not self.wait(2.0 ** (attempt - 1), what):
                    raise RemoteProblem(what, hint="check the network and --api-url") from None
                continue
            status = response.status_code
            self._say(f"{method} {self._shown(path)}: {status}")
            detail = self._detail(response)
            if 200 <= status < 300:
                return Answer(status, self._json(response, path), self._following(response))
            pause = self._pause(response, detail)
            if pause is not None:
                if last or not self.wait(pause, "the service limits the rate of requests"):
                    raise self._limited(pause, status, detail)
                continue
            if status >= 500:
                what = f"{self._shown(path)}: the service fails with {status}"
                if method == "POST":
                    raise Unsure(what, hint="try again later", status=status, detail=detail)
                if last or not self.wait(2.0 ** (attempt - 1), what):
                    raise RemoteProblem(what, hint="try again later", status=status, detail=detail)
                continue
            raise self._refused(path, status, detail)
        raise AssertionError  # the last attempt returns or raises

    def _address(self, path: str) -> Any:
        """Return the full address of a path; another host never gets the token."""
        if path.startswith("/"):
            return self._httpx.URL(str(self._base) + path)
        url = self._httpx.URL(path)
        if (url.scheme, url.host, url.port) != (self._base.scheme, self._base.host, self._base.port):
            raise RemoteProblem(
                "the service names another host for the next page", hint="name that host with --api-url"
            )
        return url

    def _pause(self, response: Any, detail: str) -> float | None:
        """Return the seconds to wait where the rate is limited, ``None`` where it is not.

        GitHub: 403 or 429 with ``retry-after``, or with ``x-ratelimit-remaining: 0`` and
        ``x-ratelimit-reset`` (docs.github.com, "Rate limits for the REST API", 2026-11-24). GitLab: 429
        with ``retry-after`` (docs.gitlab.com, "Rate limits", 2026-11-24).
        """
        if response.status_code not in {403, 429}:
            return None
        after = response.headers.get("retry-after", "")
        if after.isascii() and after.isdigit():
            return float(after)
        for prefix in ("x-ratelimit", "ratelimit"):
            reset = response.headers.get(f"{prefix}-reset", "")
            if response.headers.get(f"{prefix}-remaining") == "0" and reset.isascii() and reset.isdigit():
                return max(float(reset) - self._now(), 0.0) + 1
        if response.status_code == 429 or "rate limit" in detail.lower():
            return 60.0
        return None

    def _limited(self, pause: float, status: int, detail: str) -> RemoteProblem:
        hint = f"try again in {pause / 60:.0f} minutes" if pause > 90 else "try again in a minute"
        return RemoteProblem(
            f"the service limits the rate of requests{_said(detail)}", hint=hint, status=status, detail=detail
        )

    def _refused(self, path: str, status: int, detail: str) -> RemoteProblem:
        shown = self._shown(path)
        if status == 401 and not self._token:
            message = "the service wants a token"
            hint = "set the variable that holds it; a dry run with --base or --diff needs none"
        elif status == 401:
            message, hint = "the service does not accept the token", "is it the right one, and still valid?"
        elif status == 403:
            message = f"{shown}: the token may not do this{_said(detail)}"
            hint = "it needs write access to pull requests (GitHub) or the scope api (GitLab)"
        elif status == 404:
            message = f"{shown}: there is no such thing, or the token may not see it"
            hint = "check --repo, --pull or --merge-request, and the token"
        elif 300 <= status < 400:
            message, hint = f"{shown}: it moved elsewhere", "check --repo and --api-url"
        else:
            message, hint = f"{shown}: the service answers {status}{_said(detail)}", ""
        return RemoteProblem(message, hint=hint, status=status, detail=detail)

    def _json(self, response: Any, path: str) -> Any:
        if not response.content:
            return None
        try:
            return response.json()
        except ValueError:
            hint = "check --api-url: it has to lead to the API"
            raise RemoteProblem(f"{self._shown(path)}: the answer is no JSON", hint=hint) from None

    def _following(self, response: Any) -> str:
        return str(response.links.get("next", {}).get("url", ""))

    def _detail(self, response: Any) -> str:
        """Return what the service says of its refusal, on one line, without the token."""
        if 200 <= response.status_code < 300:
            return ""
        try:
            body = response.json()
        except ValueError:
            return ""
        if not isinstance(body, dict):
            return ""
        parts = [body.get("message") or body.get("error")]
        errors = body.get("errors")
        if isinstance(errors, list):
            parts += [one if isinstance(one, str) else one.get("message") for one in errors if one]
        return self._clean("; ".join([str(part) for part in parts if part]))[:500]

    def _shown(self, path: str) -> str:
        """Return a path as messages name it: without host and question."""
        path = path.partition("?")[0].removeprefix(str(self._base))
        return self._clean(path)

    def _clean(self, text: str) -> str:
        return text.replace(self._token, "***") if self._token else text


def _said(detail: str) -> str:
    return f": {detail}" if detail else ""


def _is_clean(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text
