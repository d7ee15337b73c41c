r"""A series of patches, one for each pass that changed a file, with its reasons: ``git am`` reads it.

Invariant: applying the patches in order gives exactly the fixed files. A patch with carriage
returns or with bytes beyond UTF-8 is sent as base64: a mail reader would lose them.
Format: mbox as ``git format-patch`` writes it (git-mailinfo and git-mailsplit, git 2.39).
"""

from collections.abc import Callable, Iterator, Mapping

from dockeropt.errors import printable
from dockeropt.render.diff import unified
from dockeropt.render.formats.report import FileReport, Format, RunFacts
from dockeropt.rewrite.fix import FileChange
from dockeropt.rewrite.result import Applied, Step

_FIRST = f"From {'0' * 40} Mon Sep 17 00:00:00 2001\n"
"""What begins a mail; git knows its own by this date."""

_AUTHOR = "dockeropt <noreply@dockeropt.invalid>"
_SUBJECT_LENGTH = 100


class _Patch:
    __slots__ = ("body", "diff", "subject")

    def __init__(self, subject: str, body: list[str], diff: str) -> None:
        self.subject = subject
        self.body = body
        self.diff = diff


class Mailbox(Format):
    """Collect the patches: each says how many there are."""

    def __init__(self, facts: RunFacts) -> None:
        super().__init__(facts)
        self._patches: list[_Patch] = []
        self._others: dict[str, str] = {}

    def file(self, report: FileReport) -> str:
        result = report.result
        path = result.path or "Dockerfile"
        if not result.changed:
            return ""
        made: list[_Patch] = []
        others = dict(self._others)
        text = result.original
        for step in result.steps:
            changes = [change for fix in step.fixes for change in fix.files]
            diff = unified(step.before, step.after, path)
            diff += "".join(_of_others(changes, result.context, others))
            if step.before != text:
                break
            text = step.after
            if diff:
                made.append(_Patch(_subject(path, step), list(_reasons(step.fixes)), diff))
        wanted = {change.path: change.after for change in result.files}
        if text != result.fixed or any(others.get(name) != after for name, after in wanted.items()):
            # The steps do not add up to the whole, as with several builds of one file.
            whole = result.diff()
            fixes = [fix for step in result.steps for fix in step.fixes]
            made = [_Patch(f"{path}: optimize", list(_reasons(fixes)), whole)] if whole else []
            others = {**self._others, **wanted}
        self._others = others
        self._patches += made
        return ""

    def tail(self) -> str:
        count = len(self._patches)
        return "".join([_mail(patch, number, count) for number, patch in enumerate(self._patches, 1)])


def _of_others(changes: list[FileChange], context: str, known: dict[str, str]) -> Iterator[str]:
    """Yield the diffs of other files, from what earlier patches made of them."""
    from posixpath import join, normpath

    for change in changes:
        path = normpath(join(context, change.path))
        before = known.get(path, change.before)
        known[path] = change.after
        yield unified(before, change.after, path)


def _subject(path: str, step: Step) -> str:
    titles = {fix.title for fix in step.fixes}
    title = next(iter(titles)) if len(titles) == 1 else f"{len(step.fixes)} fixes"
    return f"{path}: {step.pass_id}: {title[:1].lower()}{title[1:]}"


def _reasons(fixes: "tuple[Applied, ...] | list[Applied]") -> Iterator[str]:
    """Yield the lines that say why; none can be taken for the beginning of a diff."""
    for fix in fixes:
        yield f"* line {fix.line}: {printable(fix.message)}"
        yield f"  fix ({fix.applicability.word}): {printable(fix.title)}"
        for why in fix.because:
            yield f"  because: {printable(str(why))}"


def _mail(patch: _Patch, number: int, count: int) -> str:
    subject = " ".join(printable(patch.subject).split())
    if len(subject) > _SUBJECT_LENGTH:
        subject = subject[: _SUBJECT_LENGTH - 1].rstrip() + "…"
    content = "\n".join(patch.body) + "\n---\n\n" + patch.diff
    data = content.encode("utf-8", "surrogateescape")
    encoding, body = "8bit", content
    if "\r" in content or not _is_utf8(content):
        from base64 import encodebytes

        encoding, body = "base64", encodebytes(data).decode("ascii")
    return (
        f"{_FIRST}From: {_AUTHOR}\nSubject: {_header(f'[PATCH {number}/{count}] {subject}')}\n"
        f"MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n"
        f"Content-Transfer-Encoding: {encoding}\n\n{body}\n"
    )


def _is_utf8(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _header(text: str) -> str:
    if text.isascii():
        return text
    from email.header import Header

    return Header(text, "utf-8", maxlinelen=76).encode()


MAKERS: Mapping[str, Callable[[RunFacts], Format]] = {"patch": Mailbox}
