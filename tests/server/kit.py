"""What the tests of the language server share: a client that speaks to a real process."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from lsprotocol import types
from pytest_lsp import ClientServerConfig, LanguageClient

import dockeropt
from dockeropt.server.positions import Positions

PATIENCE = 30.0
"""Seconds after which an answer that has not come is a failure."""


def abilities(
    *, encodings: tuple[str, ...] = (), creates: bool = True, versions: bool = True
) -> types.ClientCapabilities:
    """Return what a client says of itself."""
    create = [types.ResourceOperationKind.Create] if creates else []
    return types.ClientCapabilities(
        general=types.GeneralClientCapabilities(
            position_encodings=[types.PositionEncodingKind(name) for name in encodings] or None
        ),
        workspace=types.WorkspaceClientCapabilities(
            workspace_edit=types.WorkspaceEditClientCapabilities(
                document_changes=versions, resource_operations=create
            ),
        ),
        text_document=types.TextDocumentClientCapabilities(
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(version_support=True),
            hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
            code_action=types.CodeActionClientCapabilities(
                code_action_literal_support=types.ClientCodeActionLiteralOptions(
                    types.ClientCodeActionKindOptions(["quickfix", "source", "source.fixAll"])
                ),
                is_preferred_support=True,
            ),
        ),
    )


class Session:
    """An editor with a server.

    Args:
        client: The client.
        folder: The folder of its workspace.
    """

    def __init__(self, client: LanguageClient, folder: Path) -> None:
        self.client = client
        self.folder = folder
        self.published: asyncio.Queue[types.PublishDiagnosticsParams] = asyncio.Queue()
        self.texts: dict[str, str] = {}
        self.versions: dict[str, int] = {}
        self.encoding = "utf-16"
        client.protocol.fm.features[types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS] = self.published.put_nowait

    def uri(self, name: str = "Dockerfile") -> str:
        return (self.folder / name).as_uri()

    def open(self, text: str, name: str = "Dockerfile") -> None:
        uri = self.uri(name)
        self.texts[uri], self.versions[uri] = text, 1
        self.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "dockerfile", 1, text))
        )

    def change(self, text: str, name: str = "Dockerfile") -> int:
        uri = self.uri(name)
        self.texts[uri] = text
        self.versions[uri] += 1
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(self.versions[uri], uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )
        return self.versions[uri]

    def save(self, name: str = "Dockerfile") -> None:
        self.client.text_document_did_save(
            types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(self.uri(name)))
        )

    async def diagnostics(
        self, version: int | None = None, name: str = "Dockerfile"
    ) -> list[types.Diagnostic]:
        """Return what is published next for a document, of a certain version of it when one is given."""
        while True:
            told = await asyncio.wait_for(self.published.get(), PATIENCE)
            if told.uri == self.uri(name) and version in (None, told.version):
                return list(told.diagnostics)

    async def actions(
        self, at: str = "", only: list[str] | None = None, name: str = "Dockerfile", nth: int = 0
    ) -> list[types.CodeAction]:
        """Return what is offered at the first place where a text stands, or for the whole."""
        uri = self.uri(name)
        text = self.texts[uri]
        start = 0
        for _ in range(nth + 1):
            start = text.index(at, start) + (1 if _ < nth else 0)
        places = Positions(text, self.encoding)
        first, last = (
            (places.at(start), places.at(start + len(at))) if at else (places.at(0), places.at(len(text)))
        )
        found = await asyncio.wait_for(
            self.client.text_document_code_action_async(
                types.CodeActionParams(
                    types.TextDocumentIdentifier(uri),
                    types.Range(types.Position(*first), types.Position(*last)),
                    types.CodeActionContext([], only=only),
                )
            ),
            PATIENCE,
        )
        return [action for action in found or [] if isinstance(action, types.CodeAction)]

    async def hover(self, at: str, name: str = "Dockerfile") -> types.Hover | None:
        uri = self.uri(name)
        place = Positions(self.texts[uri], self.encoding).at(self.texts[uri].index(at))
        return await asyncio.wait_for(
            self.client.text_document_hover_async(
                types.HoverParams(types.TextDocumentIdentifier(uri), types.Position(*place))
            ),
            PATIENCE,
        )

    def apply(self, edit: types.WorkspaceEdit | None) -> dict[str, str]:
        """Do what an editor does with an edit; return the texts of all documents and new files."""
        assert edit is not None
        texts = dict(self.texts)
        for uri, edits in (edit.changes or {}).items():
            texts[uri] = edited(texts[uri], list(edits), self.encoding)
        for step in edit.document_changes or []:
            if isinstance(step, types.CreateFile):
                assert step.uri not in texts
                texts[step.uri] = ""
                continue
            assert isinstance(step, types.TextDocumentEdit)
            uri = step.text_document.uri
            assert step.text_document.version in (None, self.versions.get(uri))
            path = Path(uri.removeprefix("file://"))
            before = texts.get(uri)
            if before is None:
                before = path.read_bytes().decode()
            texts[uri] = edited(
                before, [e for e in step.edits if isinstance(e, types.TextEdit)], self.encoding
            )
        return texts

    def fixed(self, action: types.CodeAction, name: str = "Dockerfile") -> str:
        """Return the text that an action makes of a document."""
        return self.apply(action.edit)[self.uri(name)]


def edited(text: str, edits: list[types.TextEdit], encoding: str) -> str:
    """Apply edits as the protocol says: all places are those of the text before.

    Written anew from the protocol's words, so that it can tell where our positions are wrong.
    """
    lines = []
    at = 0
    while at <= len(text):
        ends = [i for i in (text.find("\n", at), text.find("\r", at)) if i >= 0]
        if not ends:
            lines.append((at, text[at:]))
            break
        end = min(ends)
        lines.append((at, text[at:end]))
        at = end + (2 if text[end : end + 2] == "\r\n" else 1)
    codec, width = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}[encoding]

    def offset(position: types.Position) -> int:
        start, content = lines[position.line]
        units = content.encode(codec)
        assert position.character * width <= len(units), "a character beyond the end of its line"
        return start + len(units[: position.character * width].decode(codec))

    spans = sorted((offset(e.range.start), offset(e.range.end), e.new_text) for e in edits)
    for (_, end, _), (start, _, _) in pairwise(spans):
        assert end <= start, "edits overlap"
    for start, end, new in reversed(spans):
        text = text[:start] + new + text[end:]
    return text


def with_server(
    folder: Path,
    act: Callable[[Session], Awaitable[None]],
    *,
    ability: types.ClientCapabilities | None = None,
    options: Any = None,
    arguments: tuple[str, ...] = (),
    environment: dict[str, str] | None = None,
) -> LanguageClient:
    """Start a server, open a workspace, act, and say goodbye; the server has to live until then."""

    async def main() -> LanguageClient:
        root = str(Path(dockeropt.__file__).parent.parent)
        env = {
            **os.environ,
            "PYTHONPATH": root,
            "XDG_CONFIG_HOME": str(folder / "none"),
            **(environment or {}),
        }
        command = [sys.executable, "-m", "dockeropt", "lsp", *arguments]
        client = await ClientServerConfig(command, server_env=env).start()
        assert isinstance(client, LanguageClient)
        session = Session(client, folder)
        answer = await client.initialize_session(
            types.InitializeParams(
                ability or abilities(),
                workspace_folders=[types.WorkspaceFolder(folder.as_uri(), folder.name)],
                initialization_options=options,
            )
        )
        agreed = answer.capabilities.position_encoding
        session.encoding = str(getattr(agreed, "value", agreed))
        await act(session)
        await asyncio.wait_for(client.shutdown_session(), PATIENCE)
        assert client.error is None
        await client.stop()  # type: ignore[no-untyped-call]
        return client

    return asyncio.run(main())
