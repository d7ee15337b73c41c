"""Fake GitHub and GitLab on loopback that hold to the documented rules; none of our code is in here.

A fake knows one pull request: its diff (as git printed it) and its commits. What is posted is checked by a
parser of its own and kept. ``plan`` makes the next requests fail in given ways.
"""

from __future__ import annotations

import json
import re
import threading
from base64 import encodebytes
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import MappingProxyType
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "ghs_0123456789abcdefSECRET"
HEAD, BASE, START = "a" * 40, "b" * 40, "c" * 40


class Line(NamedTuple):
    """A line of the new file that the diff shows: its hunk, and its number in the old file or 0."""

    hunk: int
    old: int


class File(NamedTuple):
    """A file of the diff: both names, the raw hunks, and the lines shown, by new number."""

    old_path: str
    new_path: str
    patch: str
    shown: dict[int, Line]
    status: str


def read(diff: str) -> list[File]:
    """Take apart what git printed."""
    files = []
    for part in re.split(r"^diff --git ", diff, flags=re.MULTILINE)[1:]:
        head, at, rest = part.partition("\n@@")
        names = dict(re.findall(r"^(---|\+\+\+) (\S.*?)\t?$", head, flags=re.MULTILINE))
        if not at or names["+++"] == "/dev/null":
            continue
        new_path = names["+++"][2:]
        old_path = new_path if names["---"] == "/dev/null" else names["---"][2:]
        patch = "@@" + rest.removesuffix("\n")
        shown: dict[int, Line] = {}
        old = new = hunk = 0
        for line in patch.split("\n"):
            header = re.match(r"@@ -(\d+)(?:,\d+)? \+(\d+)", line)
            if header:
                old, new, hunk = int(header[1]), int(header[2]), hunk + 1
            elif line[:1] == " ":
                shown[new] = Line(hunk, old)
                old, new = old + 1, new + 1
            elif line[:1] == "+":
                shown[new] = Line(hunk, 0)
                new += 1
            elif line[:1] == "-":
                old += 1
        status = "added" if names["---"] == "/dev/null" else "modified"
        files.append(File(old_path, new_path, patch, shown, status))
    return files


class Failure(NamedTuple):
    """How a request fails: before anything is done or after it was."""

    status: int
    headers: Mapping[str, str] = MappingProxyType({})
    body: object = ("fake failure",)
    after: bool = False
    method: str = "POST"
    path: str = ""


class Fake:
    """What both fakes share: a server in a thread, pages, tokens, failures."""

    page = 100

    def __init__(self, diff: str, token: str = TOKEN) -> None:
        self.files = read(diff)
        self.token = token
        self.plan: list[Failure] = []
        self.requests: list[tuple[str, str]] = []
        self.bodies: list[Any] = []
        self.contents: dict[str, bytes] = {}
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_: object) -> None:
                pass

            def answer(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                data = self.rfile.read(length)
                fake.requests.append((self.command, self.path))
                status, headers, body = fake.serve(self, json.loads(data) if data else None)
                out = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("content-length", str(len(out)))
                self.end_headers()
                self.wfile.write(out)

            do_GET = do_POST = answer  # noqa: N815 - the names that http.server asks for

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True
        )

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def serve(self, handler: BaseHTTPRequestHandler, body: Any) -> tuple[int, Mapping[str, str], object]:
        path = handler.path
        for failure in self.plan:
            if failure.method == handler.command and failure.path in path:
                self.plan.remove(failure)
                if failure.after:
                    self.act(handler.command, path, body)
                return failure.status, failure.headers, failure.body
        if not self.knows(handler.headers):
            return 401, {}, {"message": f"Bad credentials: {self.sent_token(handler.headers)}"}
        return self.act(handler.command, path, body)

    def sent_token(self, headers: Any) -> str:
        return str(headers.get("authorization") or headers.get("private-token") or "")

    def knows(self, headers: Any) -> bool:
        raise NotImplementedError

    def act(self, method: str, path: str, body: Any) -> tuple[int, Mapping[str, str], object]:
        raise NotImplementedError

    def content(self, path: str, name: str, head: str) -> tuple[int, Mapping[str, str], object]:
        """Answer a file of the head as both services do; a large one without its text, as GitHub does."""
        data = self.contents.get(name)
        if data is None or parse_qs(urlsplit(path).query).get("ref") != [head]:
            return 404, {}, {"message": "Not Found"}
        if len(data) > 1_000_000:
            return 200, {}, {"path": name, "encoding": "none", "content": ""}
        return 200, {}, {"path": name, "encoding": "base64", "content": encodebytes(data).decode()}

    def paged(self, path: str, entries: list[Any]) -> tuple[int, Mapping[str, str], object]:
        """Answer one page, no longer than the fake wants, and name the next."""
        split = urlsplit(path)
        query = parse_qs(split.query)
        size = min(int(query.get("per_page", ["30"])[0]), self.page)
        number = int(query.get("page", ["1"])[0])
        shown = entries[(number - 1) * size : number * size]
        headers = {}
        if number * size < len(entries):
            headers["Link"] = (
                f'<{self.url}{split.path}?per_page={size}&page={number + 1}>; rel="next", <{self.url}>; rel="first"'
            )
        return 200, headers, shown


class GitHub(Fake):
    """One pull request: number 7 of octo/app."""

    def __init__(self, diff: str, token: str = TOKEN) -> None:
        super().__init__(diff, token)
        self.comments: list[dict[str, Any]] = []
        self.reviews: list[dict[str, Any]] = []
        self.head = HEAD
        self.strict: Callable[[dict[str, Any]], bool] = lambda _: False

    def knows(self, headers: Any) -> bool:
        return bool(headers.get("authorization") == f"Bearer {self.token}")

    def act(self, method: str, path: str, body: Any) -> tuple[int, Mapping[str, str], object]:
        place = urlsplit(path).path.removeprefix("/repos/octo/app/pulls/7")
        if method == "GET" and place.startswith("/repos/octo/app/contents/"):
            return self.content(path, unquote(place.removeprefix("/repos/octo/app/contents/")), self.head)
        if place == urlsplit(path).path:
            return 404, {}, {"message": "Not Found"}
        if method == "GET":
            if place == "":
                return (
                    200,
                    {},
                    {"number": 7, "state": "open", "head": {"sha": self.head}, "base": {"sha": BASE}},
                )
            if place == "/files":
                return self.paged(path, [self.entry(file) for file in self.files])
            if place == "/comments":
                return self.paged(path, self.comments)
            if place == "/reviews":
                return self.paged(path, self.reviews)
        if method == "POST" and place in {"/reviews", "/comments"}:
            self.bodies.append(body)
            return self.review(body) if place == "/reviews" else self.alone(body)
        return 404, {}, {"message": "Not Found"}

    def entry(self, file: File) -> dict[str, object]:
        found: dict[str, object] = {"filename": file.new_path, "status": file.status, "patch": file.patch}
        if file.old_path != file.new_path:
            found |= {"status": "renamed", "previous_filename": file.old_path}
        return found

    def refuse(self, *errors: str) -> tuple[int, Mapping[str, str], object]:
        return 422, {}, {"message": "Unprocessable Entity", "errors": list(errors)}

    def review(self, body: dict[str, Any]) -> tuple[int, Mapping[str, str], object]:
        if set(body) - {"commit_id", "event", "body", "comments"}:
            return self.refuse("unknown field")
        if body.get("event") not in {"COMMENT", "APPROVE", "REQUEST_CHANGES"}:
            return self.refuse("event is not included in the list")
        if not body.get("body"):
            return self.refuse("body can't be blank")
        if body.get("commit_id") != self.head:
            return self.refuse("commit_id is not part of the pull request")
        comments = body.get("comments", [])
        errors = [error for comment in comments if (error := self.wrong(comment))]
        if errors:
            return self.refuse(*errors)
        self.comments += [self.kept(comment) for comment in comments]
        self.reviews.append({"id": len(self.reviews) + 1, "body": body["body"], "state": "COMMENTED"})
        return 200, {}, {"id": 1, "html_url": "https://github.test/octo/app/pull/7#pullrequestreview-1"}

    def alone(self, body: dict[str, Any]) -> tuple[int, Mapping[str, str], object]:
        if body.pop("commit_id", "") != self.head:
            return self.refuse("commit_id is not part of the pull request")
        error = self.wrong(body)
        if error:
            return self.refuse(error)
        self.comments.append(self.kept(body))
        return 201, {}, {"id": 1, "html_url": "https://github.test/octo/app/pull/7#discussion_r1"}

    def kept(self, comment: dict[str, Any]) -> dict[str, Any]:
        return {"id": len(self.comments) + 1, "user": {"login": "bot"}, "start_line": None, **comment}

    def wrong(self, comment: dict[str, Any]) -> str:
        """Return what GitHub would say against a comment."""
        if set(comment) - {"path", "line", "side", "start_line", "start_side", "body"}:
            return "unknown field"
        file = next((file for file in self.files if file.new_path == comment.get("path")), None)
        body, line, start = comment.get("body"), comment.get("line"), comment.get("start_line")
        if not isinstance(body, str) or not body.strip() or len(body) > 65536:
            return "body is too long (maximum is 65536 characters)"
        if file is None or comment.get("side") != "RIGHT" or line not in file.shown or self.strict(comment):
            return "pull_request_review_thread.line must be part of the diff"
        if "start_line" in comment:
            if not isinstance(start, int) or start >= line or comment.get("start_side") != "RIGHT":
                return "pull_request_review_thread.start_line must precede the end line"
            if start not in file.shown or file.shown[start].hunk != file.shown[line].hunk:
                return "pull_request_review_thread.start_line must be part of the same hunk as the line"
        return ""


class GitLab(Fake):
    """One merge request: !7 of group/app."""

    def __init__(self, diff: str, token: str = TOKEN) -> None:
        super().__init__(diff, token)
        self.discussions: list[dict[str, Any]] = []

    def knows(self, headers: Any) -> bool:
        return bool(headers.get("private-token") == self.token)

    def act(self, method: str, path: str, body: Any) -> tuple[int, Mapping[str, str], object]:
        raw = urlsplit(path).path
        name = raw.removeprefix("/projects/group%2Fapp/repository/files/")
        if method == "GET" and name != raw and "/" not in name:
            return self.content(path, unquote(name), HEAD)
        if not raw.startswith("/projects/group%2Fapp/merge_requests/7") or unquote(raw) == raw:
            return 404, {}, {"message": "404 Not found"}
        place = raw.removeprefix("/projects/group%2Fapp/merge_requests/7")
        refs = {"base_sha": BASE, "start_sha": START, "head_sha": HEAD}
        if method == "GET":
            if place == "":
                return 200, {}, {"iid": 7, "state": "opened", "diff_refs": refs}
            if place == "/diffs":
                entries = [
                    {
                        "old_path": f.old_path,
                        "new_path": f.new_path,
                        "diff": f.patch + "\n",
                        "deleted_file": False,
                    }
                    for f in self.files
                ]
                return self.paged(path, entries)
            if place == "/discussions":
                return self.paged(path, self.discussions)
        if method == "POST" and place == "/discussions":
            self.bodies.append(body)
            return self.discuss(body, refs)
        return 404, {}, {"message": "404 Not found"}

    def discuss(self, body: dict[str, Any], refs: dict[str, str]) -> tuple[int, Mapping[str, str], object]:
        position = body.get("position")
        if not body.get("body"):
            return 400, {}, {"error": "body is missing"}
        if position is not None:
            error = self.wrong(position, body["body"], refs)
            if error:
                return 400, {}, {"message": error}
        note = {"id": 1, "body": body["body"], "position": position, "resolved": False, "system": False}
        if position is not None:
            note["suggestions"] = [{"appliable": True, "applied": False}]
        self.discussions.append({"id": f"d{len(self.discussions)}", "notes": [note]})
        return 201, {}, self.discussions[-1]

    def wrong(self, position: dict[str, Any], body: str, refs: dict[str, str]) -> str:
        blank = '400 Bad request - Note {:line_code=>["can\'t be blank", "must be a valid line code"]}'
        if position.get("position_type") != "text" or any(position.get(k) != v for k, v in refs.items()):
            return '400 Bad request - Note {:position=>["is incomplete"]}'
        file = next((file for file in self.files if file.new_path == position.get("new_path")), None)
        if file is None or position.get("old_path") != file.old_path:
            return blank
        line = file.shown.get(position.get("new_line", 0))
        if line is None or position.get("old_line", 0) != line.old:
            return blank
        for above, below in re.findall(r"^`{3,}suggestion:-(\d+)\+(\d+)$", body, flags=re.MULTILINE):
            if int(above) > 100 or int(below) > 100 or int(above) >= position["new_line"]:
                return "suggestion out of range"
        return ""
