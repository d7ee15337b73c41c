"""The command ``suggest``: from a request to comments on a pull request.

Invariants: without ``--dry-run`` nothing but comments is created, with it nothing at all; every fix is
suggested, known from an earlier run, or named with the reason why it is neither; the token is in no output.
"""

import os
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from dockeropt import api
from dockeropt.cli.exitcodes import ERROR, OK, REJECTED, guarded
from dockeropt.cli.options import Request, options_of
from dockeropt.cli.output import VERBOSE, Output
from dockeropt.errors import ConfigError, FileProblem, printable
from dockeropt.files import put
from dockeropt.review import git, target
from dockeropt.review.changed import again_of, changes_since, changes_staged, name_below, only_changed
from dockeropt.review.hunks import read_diff
from dockeropt.review.suggestions import Review, review_of
from dockeropt.review.target import Wishes, find_target

if TYPE_CHECKING:
    from dockeropt.config import Options, Settings
    from dockeropt.results import FixResult
    from dockeropt.review.gitlab import Version
    from dockeropt.review.hunks import FileDiff
    from dockeropt.review.remote import Remote
    from dockeropt.review.sending import Sent

MAX_COMMENTS = 30
"""Comments of one review, unless ``--max-comments`` says otherwise: more are hardly read."""


def suggest(request: Request) -> int:
    """Suggest fixes in the pull request that is meant; return the exit code, never raise."""
    return guarded(
        request,
        lambda settings, output: _Suggest(request, settings, output).run(),
        lambda: "run it again, what was sent is not sent twice",
    )


class Proposal(NamedTuple):
    """What is proposed, as far as it was asked for.

    Args:
        diffs: What the diff says of each file.
        head: The commit that is proposed.
        version: The commits of a merge request, ``None`` for a pull request.
    """

    diffs: "Mapping[str, FileDiff]"
    head: str
    version: "Version | None" = None


class _Suggest:
    def __init__(self, request: Request, settings: "Settings", output: Output) -> None:
        _refuse_contradictions(request)
        self.request, self.settings, self.output = request, settings, output
        self.top = git.top_of(".") or os.getcwd()
        self.code = OK
        self.paths: list[str] = []
        local = request.dry_run and bool(request.base or request.diff_file)
        wishes = Wishes(
            "" if request.provider in {None, "auto"} else str(request.provider),
            request.repo or "",
            request.pull or request.merge_request or "",
            request.api_url or "",
            request.token_env or "",
        )
        if not wishes.provider and (request.pull or request.merge_request):
            wishes = wishes._replace(provider=target.GITHUB if request.pull else target.GITLAB)
        self.target = find_target(wishes, os.environ, ".", needed=not local)

    def run(self) -> int:
        if not self.request.dry_run and not self.target.token:
            raise ConfigError(
                f"no token: {self.target.token_name} is not set",
                hint="set it, name another variable with --token-env, or use --dry-run",
            )
        self._check_patch_file()
        if self._asks_service():
            with self._client() as remote:
                proposal = self._proposal(remote)
                review = self._review(proposal, remote)
                if self.request.dry_run:
                    self._print(review, proposal, remote)
                else:
                    self._report(self._send(remote, review, proposal))
        else:
            proposal = self._proposal(None)
            self._print(self._review(proposal, None), proposal, None)
        return self.code

    def _asks_service(self) -> bool:
        """Tell whether the service is needed: to send, or for the diff where nobody else says it."""
        if self.request.fetch or not self.request.dry_run:
            return True
        given = self.request.base or self.request.diff_file
        return not given and bool(self.target.token or not self.target.base)

    def _client(self) -> "Remote":
        def say(text: str) -> None:
            self.output.say(printable(text), level=VERBOSE)

        remote: Remote = self._service.client(self.target, say=say)
        return remote

    @property
    def _service(self) -> Any:
        from dockeropt.review import github, gitlab

        return github if self.target.provider == target.GITHUB else gitlab

    # --- what is proposed --------------------------------------------------------------

    def _proposal(self, remote: "Remote | None") -> Proposal:
        version: Version | None = None
        head = self.target.head
        if remote is not None:
            if self.target.provider == target.GITHUB:
                head = self._service.head_of(remote, self.target)
            else:
                version = self._service.version_of(remote, self.target)
                head = version.head if version else ""
        diff = self._local_diff(head)
        if diff is not None:
            diffs = read_diff(diff)
        elif remote is not None:
            diffs = self._service.diffs_of(remote, self.target)
        else:
            raise ConfigError("no diff", hint="give --base or --diff")
        head = head or git.commit_of(self.top, "HEAD")
        if self.target.provider == target.GITLAB and version is None:
            from dockeropt.review import gitlab

            base = self._base(head) if self.request.base or self.target.base else ""
            version = gitlab.Version(base, base, head)
        return Proposal(diffs, head, version)

    def _local_diff(self, head: str) -> str | None:
        """Return the diff that the command line or CI tells of, ``None`` when only the service knows."""
        if self.request.diff_file:
            return _read(self.request.diff_file)
        known = self.request.base or (self.target.base and not self.target.token)
        if self.request.fetch or not known:
            return None
        return git.diff_between(self.top, self._base(head), head)

    def _base(self, head: str) -> str:
        return git.merge_base(self.top, self.request.base or self.target.base, head)

    # --- what is said ------------------------------------------------------------------

    def _review(self, proposal: Proposal, remote: "Remote | None") -> Review:
        diffs = proposal.diffs
        review = Review()
        changes = None
        if self.request.from_ref or self.request.staged:
            ref = self.request.from_ref
            changes = changes_since(ref) if ref else changes_staged()
        for result in self._results(proposal, remote):
            if result.error is not None:
                self._note(result)
                continue
            options = self._options(result.path)
            kept = only_changed(result, changes, options) if changes is not None else result
            self._note(kept)
            if kept.error is not None or not kept.changed:
                continue
            self.paths.append(kept.path)
            name = self._name(kept.path)
            found = review_of(kept, name, diffs.get(name), again_of(kept, options))
            below = [(self._name(path), before, after) for path, before, after in found.files]
            review = review.joined(found._replace(files=tuple(below)))
        return review

    def _options(self, path: str) -> "Options":
        options = self.settings(path)
        return options._replace(context="") if self.request.fetch else options

    def _name(self, path: str) -> str:
        """Return the path of a file in the repository."""
        return path if self.request.fetch else name_below(self.top, path)

    def _results(self, proposal: Proposal, remote: "Remote | None") -> "Iterator[FixResult]":
        diffs = proposal.diffs
        if self.request.fetch:
            from dockeropt.review import fetched

            assert remote is not None
            read = partial(self._service.file_of, remote, self.target, commit=proposal.head)
            names = fetched.dockerfiles_in(diffs, self.request.paths, self.settings.search)
            return fetched.fixed(names, read, self._options)
        paths = self.request.paths or tuple(self._changed_dockerfiles(diffs))
        if not paths:
            return iter(())
        return api.fix_paths(paths, options=self.settings, jobs=self.request.workers)

    def _changed_dockerfiles(self, diffs: "Mapping[str, FileDiff]") -> Iterator[str]:
        from dockeropt.discovery import discover

        for found in discover(["."], self.settings.search):
            if isinstance(found, str) and name_below(self.top, found) in diffs:
                yield found

    def _note(self, result: "FixResult") -> None:
        for error in result.errors:
            self.output.error(error)
            self.code = ERROR if result.error is not None else max(self.code, REJECTED)
        for dropped in result.rejected:
            self.output.say(f"warning: {printable(f'{result.path}: {dropped}')}")

    def _words(self, review: Review) -> str:
        from dockeropt.review.wording import summary

        return summary(review, self._command(), self.request.patch_file or "" if review.patch() else "")

    def _command(self) -> str:
        """Return what makes the same fixes, typed at the top of the repository."""
        from shlex import quote

        words = ["dockeropt", "fix", "--write", *(["--unsafe"] if self.request.unsafe else [])]
        for option in options_of("fix"):
            value = getattr(self.request, option.name)
            if "suggest" not in option.commands or option.panel not in {"Passes", "Files"} or not value:
                continue
            flag = option.flags[0]
            if not option.takes_value:
                words.append(flag)
            elif option.name == "context":
                words += [flag, name_below(self.top, value)]
            else:
                words += [
                    word for one in (value if option.kind == "list" else (value,)) for word in (flag, one)
                ]
        words += [self._name(path) for path in self.paths]
        return " ".join([quote(printable(word)) for word in words])

    # --- sending and printing ----------------------------------------------------------

    def _most(self) -> int:
        return self.request.max_comments or MAX_COMMENTS

    def _send(self, remote: "Remote", review: Review, proposal: Proposal) -> "Sent":
        version = proposal.version or proposal.head
        sent: Sent = self._service.send(remote, self.target, review, self._words, version, most=self._most())
        return sent

    def _print(self, review: Review, proposal: Proposal, remote: "Remote | None") -> None:
        """Print the requests that would be sent."""
        import json

        from dockeropt.review.sending import Known, fitting, is_said, unknown

        service = self._service
        asked = remote is not None and self.target.token
        known = service.known_in(remote, self.target) if asked else Known()
        review = service.sendable(review) if proposal.version else fitting(review)
        fresh = unknown(review, known).limited(self._most())
        path, words = service.path_of(self.target), self._words(fresh)
        names_rest = bool(fresh.remainder) and not is_said(words, known)
        requests: list[dict[str, object]] = []
        if proposal.version:
            bodies = service.payloads(fresh, proposal.version) + ([{"body": words}] if names_rest else [])
            requests = [{"method": "POST", "path": f"{path}/discussions", "body": body} for body in bodies]
        elif fresh.suggestions or names_rest:
            body = service.payload(fresh, words, proposal.head)
            requests = [{"method": "POST", "path": f"{path}/reviews", "body": body}]
        counts = {
            "fixes": review.fixes,
            "suggestions": len(fresh.suggestions),
            "suggested": fresh.suggested,
            "known": review.fixes - fresh.fixes,
            "remainder": fresh.unplaced,
        }
        found = {"provider": self.target.provider, "requests": requests, "summary": counts}
        self.output.out(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
        self._write_patch(fresh)
        self._say_remainder(fresh)

    def _report(self, sent: "Sent") -> None:
        review = sent.review
        self._write_patch(review)
        if sent.sent or sent.address:
            where = f": {printable(sent.address)}" if sent.address else ""
            self.output.say(f"Sent {_number(sent.sent, 'suggestion')} for {_fixes(review.suggested)}{where}")
        elif not sent.known and not review.remainder:
            self.output.say("Nothing to suggest.")
        if sent.known:
            self.output.say(f"{_number(sent.known, 'suggestion')} of an earlier run still there.")
        self._say_remainder(review)

    def _say_remainder(self, review: Review) -> None:
        if not review.remainder:
            return
        self.output.say(f"{_fixes(review.unplaced)} without a suggestion:")
        for one in review.remainder:
            for made in one.piece.fixes:
                place = printable(f"{one.path}:{made.line}")
                self.output.say(f"  {place}: {made.pass_id}: {printable(made.fix.title)} ({one.reason})")
        self.output.say(f"Run `{self._command()}` to make all fixes.")

    def _check_patch_file(self) -> None:
        """Fail before anything is sent that names a patch file which cannot be written."""
        path = self.request.patch_file
        if path:
            try:
                open(path, "ab").close()
            except OSError as error:
                raise FileProblem.of(error, path, hint="check --patch-file") from None

    def _write_patch(self, review: Review) -> None:
        if self.request.patch_file:
            put(self.request.patch_file, review.patch(), hint="check --patch-file")


def _read(path: str) -> str:
    if path == "-":
        return sys.stdin.buffer.read().decode("utf-8", "surrogateescape")
    try:
        with open(path, "rb") as file:
            return file.read().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise FileProblem.of(error, path, hint="check --diff") from None


def _refuse_contradictions(request: Request) -> None:
    for first, second, one, other in (
        (request.pull, request.merge_request, "--pull", "--merge-request"),
        (request.base, request.diff_file, "--base", "--diff"),
        (request.from_ref, request.staged, "--from-ref", "--staged"),
        (request.fetch, request.base, "--fetch", "--base"),
        (request.fetch, request.diff_file, "--fetch", "--diff"),
        (request.fetch, request.from_ref, "--fetch", "--from-ref"),
        (request.fetch, request.staged, "--fetch", "--staged"),
        (request.fetch, request.context, "--fetch", "--context"),
    ):
        if first and second:
            raise ConfigError(f"{one} and {other} exclude each other", hint="take one of them away")
    if "-" in request.paths:
        raise ConfigError("suggest needs files, - is none", hint="name the Dockerfile")


def _number(count: int, one: str) -> str:
    return f"{count} {one if count == 1 else one + 's'}"


def _fixes(count: int) -> str:
    return f"{count} {'fix' if count == 1 else 'fixes'}"
