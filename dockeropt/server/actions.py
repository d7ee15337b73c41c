"""What an editor offers to do: single fixes, all safe fixes, and to leave something alone.

Invariant: a fix is offered whole or not at all, and only after the checks that ``fix`` makes of it; a
suggestion, and what the configuration keeps from being fixed, is never offered. All edits name the
version of the text that they were made for.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from lsprotocol import types

from dockeropt.config import Options
from dockeropt.project.context import BuildContext
from dockeropt.render.diff import changes, lines_of
from dockeropt.rewrite.changes import StaleFile, merged
from dockeropt.rewrite.context import View
from dockeropt.rewrite.fix import HARMLESS, Applicability, FileChange, Finding, Fix
from dockeropt.rewrite.registry import load_registry
from dockeropt.rewrite.silence import silencing_edit
from dockeropt.rewrite.verify import verify
from dockeropt.server.diagnostics import diagnostic_of
from dockeropt.server.look import Found, Looker
from dockeropt.server.positions import Positions
from dockeropt.text import Edit, EditConflict, Source, Span, apply_edits

FIX_ALL = "source.fixAll.dockeropt"
UriOf = Callable[[str], str]
MOST = 20
"""Findings that something is offered for at one place; one who selects all of a large file wants fix all."""

KINDS = (types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll, FIX_ALL)


class Open(NamedTuple):
    """Hold one document that the client has open."""

    uri: str
    text: str
    version: int


class Editor(NamedTuple):
    """What the client can do, and what it has open.

    Args:
        encoding: How it counts characters.
        versions: Whether it takes edits that name the version of a document.
        creates: Whether it can create files in the course of an edit.
        open: Its documents, by real path.
    """

    encoding: str = "utf-16"
    versions: bool = True
    creates: bool = True
    open: Mapping[str, Open] = {}


class Offers:
    """Say what can be done about the findings of one document.

    Args:
        found: What was found.
        uri: What the client calls the document.
        version: The version of its text.
        editor: What the client can do.
        looker: Makes all safe fixes.
        uri_of: Gives the URI of a path.
    """

    def __init__(
        self, found: Found, uri: str, version: int, editor: Editor, looker: Looker, uri_of: UriOf
    ) -> None:
        self.found = found
        self.uri = uri
        self.version = version
        self.editor = editor
        self.looker = looker
        self.uri_of = uri_of
        self.positions = Positions(found.text, editor.encoding)
        self.views = views_of(found)

    def at(self, span: Span, only: Iterable[str] | None) -> list[types.CodeAction]:
        """Return what is offered at a place.

        Args:
            span: What is selected; a cursor is an empty span.
            only: The kinds of actions that are asked for, ``None`` for all.
        """
        wanted = None if only is None else tuple(only)
        actions: list[types.CodeAction] = []
        if _wants(wanted, types.CodeActionKind.QuickFix) and not self.found.embeds:
            here = [finding for finding in self.findings() if _touches(finding.at, span, self.found.text)]
            here = here[:MOST]
            actions += [action for finding in here for action in self._fix(finding)]
            actions += self._silence(here)
        if _wants(wanted, FIX_ALL):
            actions += self._fix_all()
        return actions

    def findings(self) -> list[Finding]:
        """Return all findings, in the order of their places."""
        return [left.finding for left in self.found.result.leftover]

    # --- single fixes ------------------------------------------------------------------

    def _fix(self, finding: Finding) -> Iterator[types.CodeAction]:
        fix = finding.fix
        if fix is None or fix.applicability is Applicability.SUGGESTION:
            return
        edit = self._workspace_edit(fix.edits, self._absolute(fix.files))
        if edit is None or not holds(self.views, fix):
            return
        is_safe = fix.applicability is Applicability.SAFE
        yield types.CodeAction(
            title=fix.title if is_safe else f"{fix.title} (unsafe: may change {_harm(fix)})",
            kind=types.CodeActionKind.QuickFix,
            diagnostics=[diagnostic_of(finding, self.positions)],
            is_preferred=True if is_safe else None,
            edit=edit,
        )

    def _absolute(self, files: Iterable[FileChange]) -> list[FileChange]:
        """Return changes of files of the build context with their paths on disk."""
        root = os.path.realpath(self.found.result.context) if self.found.result.context else ""
        return [change._replace(path=os.path.join(root, *change.path.split("/"))) for change in files]

    def _silence(self, findings: Iterable[Finding]) -> Iterator[types.CodeAction]:
        view = self.views[0]
        known = load_registry().passes
        seen: set[tuple[str, Edit]] = set()
        for finding in findings:
            if finding.pass_id not in known:
                continue
            edit = silencing_edit(view.tree, known[finding.pass_id].info, finding)
            if edit is None or (finding.pass_id, edit) in seen:
                continue
            seen.add((finding.pass_id, edit))
            yield types.CodeAction(
                title=f"Disable {finding.pass_id} for this instruction",
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[diagnostic_of(finding, self.positions)],
                edit=self._workspace_edit((edit,), ()),
            )

    # --- all of them -------------------------------------------------------------------

    def _fix_all(self) -> Iterator[types.CodeAction]:
        result = self.looker.fixed(self.found)
        if result.error is not None or not result.changed:
            return
        edit = self._workspace_edit(
            difference(result.original, result.fixed), self._absolute(result.outcome.files)
        )
        if edit is not None:
            count = result.outcome.fixes
            yield types.CodeAction(
                title=f"dockeropt: apply all safe fixes ({count})",
                kind=FIX_ALL,
                edit=edit,
            )

    # --- edits -------------------------------------------------------------------------

    def _workspace_edit(
        self, edits: Iterable[Edit], files: Iterable[FileChange]
    ) -> types.WorkspaceEdit | None:
        """Return the edit, ``None`` where the client cannot make all of it."""
        others = list(files)
        own = self._text_edits(edits, self.positions)
        if not self.editor.versions:
            return None if others else types.WorkspaceEdit(changes={self.uri: own})
        done: list[types.TextDocumentEdit | types.CreateFile | types.RenameFile | types.DeleteFile] = []
        for change in others:
            steps = self._file(change)
            if steps is None:
                return None
            done += steps
        if own:
            identifier = types.OptionalVersionedTextDocumentIdentifier(self.uri, self.version)
            done.append(types.TextDocumentEdit(identifier, list(own)))
        return types.WorkspaceEdit(document_changes=done)

    def _file(self, change: FileChange) -> list[types.TextDocumentEdit | types.CreateFile] | None:
        """Return how another file is changed; ``None`` when what the editor holds of it is another text."""
        if not os.path.isabs(change.path):  # nobody knows where the build context lies
            return None
        opened = self.editor.open.get(os.path.realpath(change.path))
        if change.before is None:
            if not self.editor.creates or opened is not None:
                return None
            uri = self.uri_of(change.path)
            start = types.Range(types.Position(0, 0), types.Position(0, 0))
            identifier = types.OptionalVersionedTextDocumentIdentifier(uri, None)
            created = types.CreateFile(uri, options=types.CreateFileOptions(overwrite=False))
            return [created, types.TextDocumentEdit(identifier, [types.TextEdit(start, change.after)])]
        if opened is not None and opened.text != change.before:
            return None
        uri, version = (
            (opened.uri, opened.version) if opened is not None else (self.uri_of(change.path), None)
        )
        edits = self._text_edits(
            difference(change.before, change.after), Positions(change.before, self.editor.encoding)
        )
        identifier = types.OptionalVersionedTextDocumentIdentifier(uri, version)
        return [types.TextDocumentEdit(identifier, list(edits))]

    @staticmethod
    def _text_edits(edits: Iterable[Edit], positions: Positions) -> list[types.TextEdit]:
        made: list[types.TextEdit] = []
        for edit in sorted(set(edits)):
            start, end, text = positions.edit(edit)
            made.append(types.TextEdit(types.Range(types.Position(*start), types.Position(*end)), text))
        return made


def difference(before: str, after: str) -> list[Edit]:
    """Return edits of whole lines that make one text of another, as few as there are changed places.

    >>> difference("a\\nb\\nc\\n", "a\\nB\\nc\\n")
    [Edit(span=Span(start=2, end=4), text='B\\n')]
    """
    old, new = lines_of(before), lines_of(after)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    return [Edit(Span(starts[i], starts[j]), "".join(new[k:m])) for i, j, k, m in changes(old, new)]


def views_of(found: Found) -> tuple[View, ...]:
    """Return the text as each of its builds sees it."""
    if not found.job.builds:
        return (_view(found.text, found.job.options, found.build),)
    from dockeropt.api import context_of

    options = [build.options for build in found.job.builds]
    return tuple([_view(found.text, each, context_of(each, found.job.path)) for each in options])


def _view(text: str, options: Options, build: BuildContext) -> View:
    return View(Source(text), build_args=options.build_args, target=options.target or None, build=build)


def holds(views: Iterable[View], fix: Fix) -> bool:
    """Tell whether a fix alone passes the checks that every change of ``fix`` has to pass, in every build."""
    from dockeropt.interop.dockerfile_parse import agrees

    for view in views:
        try:
            after = view.of(apply_edits(view.text, fix.edits), merged(view, fix.files))
        except (EditConflict, StaleFile):
            return False
        if verify(view, after, fix.effects) is not None:
            return False
        if not view.tree.problems and agrees(view.tree, after.tree, fix.effects) is not None:
            return False
    return True


def _harm(fix: Fix) -> str:
    names = sorted(effect.value for effect in fix.effects - HARMLESS)
    return ", ".join(names) if names else "more than can be proven"


def _touches(at: Span, selected: Span, text: str) -> bool:
    """Tell whether the lines of a finding and those of a selection have one in common."""
    start, end = _lines(at, text)
    other_start, other_end = _lines(selected, text)
    return start <= other_end and other_start <= end


def _lines(span: Span, text: str) -> tuple[int, int]:
    last = max(span.start, span.end - 1) if span.end > span.start else span.start
    end = text.find("\n", last)
    return text.rfind("\n", 0, span.start) + 1, len(text) if end < 0 else end


def _wants(only: tuple[str, ...] | None, kind: str) -> bool:
    """Tell whether a kind is asked for: ``source`` asks for ``source.fixAll`` and all below it."""
    return only is None or any(kind == word or kind.startswith(f"{word}.") for word in only)
