"""The server itself: messages of the protocol in, messages out, nothing decided here.

Invariants: what is published belongs to the newest text of a document, an answer for an older one is
dropped; one thread looks at texts, so that typing never waits for it; no document, setting or bug
ends the server, and the same error is shown once.

Whole texts are synchronised. The largest Dockerfile of 10,000 public ones has 60 kB, and an editor
and a server that count a rare line end differently would silently work on different texts.
"""

import asyncio
import os
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import from_fs_path, to_fs_path

from dockeropt import __version__
from dockeropt.errors import InternalProblem
from dockeropt.server.actions import KINDS, Editor, Offers, Open
from dockeropt.server.diagnostics import diagnostics_of, range_of
from dockeropt.server.hover import hover_at
from dockeropt.server.look import BUILD_FILES, Asked, Found, Looker, SettingsOf
from dockeropt.server.positions import Positions
from dockeropt.server.wishes import read_wishes
from dockeropt.text import Span

T = TypeVar("T")

LONGEST_WAIT = 0.5
"""Seconds that a change of a text waits for the next one, at most.

Only in a burst of changes, and for as long as the last look took: a single change is answered at once,
and what is slow to look at is not started again at every key."""

MOST_CHANGES = 100
"""Times that an answer is put off because the text has changed again."""

WATCHED = (".dockeropt.toml", "dockeropt.toml", "pyproject.toml", "*.dockerignore", *BUILD_FILES)
"""Names of files whose change may change what is found."""

WARM_UP = "FROM debian:12\nRUN apt-get update && apt-get install curl\nRUN pip install a\nMAINTAINER a\n"


class Document:
    """One open document.

    Args:
        uri: What the client calls it.
        path: Where it lies, or would lie.
        text: Its text.
        version: The client's number of that text.
    """

    def __init__(self, uri: str, path: str, text: str, version: int) -> None:
        self.uri = uri
        self.path = path
        self.text = text
        self.version = version
        self.serial = 0
        self.found: Found | None = None
        self.found_serial = -1
        self.changed = 0.0
        self.task: asyncio.Task[None] | None = None
        self.error = ""


class Server(LanguageServer):
    """Answer an editor.

    Args:
        settings: Where the settings come from.
    """

    def __init__(self, settings: SettingsOf) -> None:
        super().__init__("dockeropt", __version__, types.TextDocumentSyncKind.Full)
        self.looker = Looker(settings)
        self.worker = ThreadPoolExecutor(1, "dockeropt")
        self.documents: dict[str, Document] = {}
        self.asked = Asked()
        self.said: set[str] = set()
        self.is_asked_to_end = False
        self.is_cut_off = False  # told to exit without having been asked to shut down
        _register(self)

    # --- what the client is ------------------------------------------------------------

    @property
    def folders(self) -> tuple[str, ...]:
        """Return the folders of the workspace on disk."""
        uris = [folder.uri for folder in self.workspace.folders.values()]
        if not uris and self.workspace.root_uri:
            uris = [self.workspace.root_uri]
        paths = [to_fs_path(uri) for uri in uris]
        return tuple([os.path.normpath(path) for path in paths if path])

    def editor(self) -> Editor:
        """Return what the client can do, and what it has open."""
        ability = self.client_capabilities.workspace
        edit = ability.workspace_edit if ability is not None else None
        operations = (edit.resource_operations if edit is not None else None) or ()
        opened = {os.path.realpath(d.path): Open(d.uri, d.text, d.version) for d in self.documents.values()}
        return Editor(
            self.encoding,
            versions=bool(edit is not None and edit.document_changes),
            creates=types.ResourceOperationKind.Create in operations,
            open=opened,
        )

    @property
    def encoding(self) -> str:
        """Return how the client counts characters."""
        return str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))

    def configure(self, given: object) -> None:
        """Take over the client's settings."""
        folder = self.folders[0] if self.folders else os.getcwd()
        self.asked, wrong = read_wishes(given, folder)
        for text in wrong:
            self.say(text, types.MessageType.Warning)

    def say(self, text: str, kind: types.MessageType = types.MessageType.Error) -> None:
        """Show a message, unless it was shown before."""
        if text not in self.said:
            self.said.add(text)
            self.window_show_message(types.ShowMessageParams(kind, f"dockeropt: {text}"))

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Show what went wrong outside of any document; what a request meets is its answer."""
        _ = source
        self.window_log_message(types.LogMessageParams(types.MessageType.Error, f"dockeropt: {error!r}"))

    # --- documents ---------------------------------------------------------------------

    def opened(self, uri: str, version: int) -> None:
        """Take in a document, or its new text, and look at it soon."""
        text = self.workspace.get_text_document(uri).source
        document = self.documents.get(uri)
        if document is None:
            document = self.documents[uri] = Document(uri, self.path_of(uri), text, version)
        document.text, document.version = text, version
        now, before = time.monotonic(), document.changed
        document.changed = now
        pace = document.found.seconds if document.found is not None else 0.0
        self.schedule(document, min(pace, LONGEST_WAIT) if now - before < 2 * pace else 0.0)

    def path_of(self, uri: str) -> str:
        """Return where a document lies; one that was never saved would lie at the top of the workspace."""
        path = to_fs_path(uri) if uri.startswith("file:") else None
        if path:
            return os.path.normpath(path)
        name = uri.rpartition("/")[2].rpartition(":")[2] or "Dockerfile"
        return os.path.join(self.folders[0] if self.folders else os.getcwd(), ".untitled", name)

    def schedule(self, document: Document, wait: float = 0.0) -> None:
        """Look at a document soon, instead of what was under way for an older text of it."""
        document.serial += 1
        if document.task is not None:
            document.task.cancel()
        document.task = asyncio.ensure_future(self._look(document, document.serial, wait))

    def schedule_all(self) -> None:
        """Look at all documents again: something around them has changed."""
        self.looker.forget()
        for document in self.documents.values():
            self.schedule(document)

    async def _look(self, document: Document, serial: int, wait: float) -> None:
        if wait:
            await asyncio.sleep(wait)
        path, text, folders, asked = document.path, document.text, self.folders, self.asked
        found = await self.run(lambda: self.looker.look(path, text, folders, asked))
        if self.documents.get(document.uri) is not document or document.serial != serial:
            return  # the text has changed since, or is closed
        document.found, document.found_serial = found, serial
        self._tell(document, found)
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                document.uri,
                diagnostics_of(found, Positions(found.text, self.encoding)),
                version=document.version,
            )
        )

    def _tell(self, document: Document, found: Found) -> None:
        """Show an error once, until it is mended."""
        error = found.result.error
        text = str(error) if error is not None else ""
        others = [other for other in self.documents.values() if other is not document]
        if (
            document.error
            and document.error != text
            and all(other.error != document.error for other in others)
        ):
            self.said.discard(document.error)
        document.error = text
        if error is not None:
            self.say(text)
            if isinstance(error, InternalProblem):
                self.window_log_message(types.LogMessageParams(types.MessageType.Error, error.trace))
        for dropped in found.result.rejected:
            self.window_log_message(types.LogMessageParams(types.MessageType.Warning, str(dropped)))

    async def current(self, uri: str) -> Document | None:
        """Return a document once it was looked at as it is now; ``None`` when it is not open."""
        for _ in range(MOST_CHANGES):
            document = self.documents.get(uri)
            if document is None or document.found_serial == document.serial:
                return document
            if document.task is None or document.task.done():
                self.schedule(document)
            assert document.task is not None
            await asyncio.wait({document.task})
        return None

    async def run(self, call: Callable[[], T]) -> T:
        """Return what a call answers in the thread that looks at texts."""
        return await asyncio.get_running_loop().run_in_executor(self.worker, call)

    # --- answers -----------------------------------------------------------------------

    async def offers(self, params: types.CodeActionParams) -> list[types.CodeAction]:
        """Return what can be done at a place."""
        document = await self.current(params.text_document.uri)
        if document is None or document.found is None:
            return []
        offers = Offers(document.found, document.uri, document.version, self.editor(), self.looker, from_path)
        start, end = params.range.start, params.range.end
        selected = Span(
            offers.positions.offset(start.line, start.character),
            offers.positions.offset(end.line, end.character),
        )
        return await self.run(lambda: offers.at(selected, params.context.only))

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Return what there is to say about a place."""
        document = await self.current(params.text_document.uri)
        found = document.found if document is not None else None
        if found is None:
            return None
        positions = Positions(found.text, self.encoding)
        offset = positions.offset(params.position.line, params.position.character)
        said = await self.run(lambda: hover_at(found, offset))
        if said is None:
            return None
        markdown, span = said
        return types.Hover(
            types.MarkupContent(types.MarkupKind.Markdown, markdown), range_of(span, positions)
        )

    async def pull_settings(self) -> None:
        """Ask the client for its settings, where it can be asked."""
        ability = self.client_capabilities.workspace
        if ability is None or not ability.configuration:
            return
        item = types.ConfigurationItem(section="dockeropt")
        given = await self.workspace_configuration_async(types.ConfigurationParams([item]))
        if given and given[0] is not None:
            self.configure(given[0])

    async def watch(self) -> None:
        """Ask the client to tell of changed files, where it can."""
        ability = self.client_capabilities.workspace
        watched = ability.did_change_watched_files if ability is not None else None
        if watched is None or not watched.dynamic_registration:
            return
        watchers = [types.FileSystemWatcher(f"**/{name}") for name in WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        await self.client_register_capability_async(
            types.RegistrationParams([types.Registration("dockeropt-files", method, options)])
        )

    def warm_up(self) -> None:
        """Load what the first look would have to wait for."""
        self.looker.look(os.path.join(os.getcwd(), "Dockerfile"), WARM_UP, (), Asked(guess=False))


def from_path(path: str) -> str:
    """Return the URI of a path on disk."""
    return from_fs_path(path) or ""


def _register(server: Server) -> None:
    """Say which messages are answered, and by what."""

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.configure(params.initialization_options)

    @server.feature(types.INITIALIZED)
    async def initialized(_: types.InitializedParams) -> None:
        server.worker.submit(server.warm_up)
        await server.watch()
        await server.pull_settings()
        server.schedule_all()

    @server.feature(types.SHUTDOWN)
    def shutdown(_: None) -> None:
        server.is_asked_to_end = True

    @server.feature(types.EXIT)
    def leave(_: None) -> None:
        server.is_cut_off = not server.is_asked_to_end

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    async def did_open(params: types.DidOpenTextDocumentParams) -> None:
        server.opened(params.text_document.uri, params.text_document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    async def did_change(params: types.DidChangeTextDocumentParams) -> None:
        if params.text_document.uri in server.documents:
            server.opened(params.text_document.uri, params.text_document.version)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    async def did_save(_: types.DidSaveTextDocumentParams) -> None:
        server.schedule_all()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    async def did_close(params: types.DidCloseTextDocumentParams) -> None:
        document = server.documents.pop(params.text_document.uri, None)
        if document is not None and document.task is not None:
            document.task.cancel()
        server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(params.text_document.uri, []))

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    async def did_change_files(_: types.DidChangeWatchedFilesParams) -> None:
        server.schedule_all()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    async def did_change_folders(_: types.DidChangeWorkspaceFoldersParams) -> None:
        server.schedule_all()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def did_change_configuration(params: types.DidChangeConfigurationParams) -> None:
        if isinstance(params.settings, Mapping) and params.settings:
            server.configure(params.settings)
        else:
            await server.pull_settings()
        server.schedule_all()

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(code_action_kinds=[*KINDS]))
    async def code_action(params: types.CodeActionParams) -> list[types.CodeAction]:
        return await server.offers(params)

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(params: types.HoverParams) -> types.Hover | None:
        return await server.hover(params)


def serve(settings: SettingsOf) -> bool:
    """Answer an editor through standard input and output; return whether it said goodbye as it should.

    Args:
        settings: Where the settings come from.
    """
    server = Server(settings)
    server.start_io()
    return not server.is_cut_off
