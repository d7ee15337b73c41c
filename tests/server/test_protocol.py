"""A real client speaks to a real server through standard input and output."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lsprotocol import types

from dockeropt import api
from dockeropt.server.positions import Positions
from tests.cli.kit import environment
from tests.server.kit import Session, abilities, with_server

TWO = "FROM debian:12-slim\nRUN mkdir /a\nRUN mkdir /b\n"
ONE = "FROM debian:12-slim\nRUN mkdir /a \\\n    && mkdir /b\n"
FAT = "FROM debian:12\nCOPY a /a\n"
FIX_ALL = ["source.fixAll.dockeropt"]


def codes(diagnostics: list[types.Diagnostic]) -> list[str]:
    return [str(one.code) for one in diagnostics]


def titles(actions: list[types.CodeAction]) -> list[str]:
    return [action.title for action in actions]


def test_what_is_found_is_shown_and_changes_with_the_text(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open(TWO)
        shown = await session.diagnostics(1)
        assert codes(shown) == ["merge-runs"]
        assert shown[0].source == "dockeropt"
        assert shown[0].severity == types.DiagnosticSeverity.Information
        assert (shown[0].range.start.line, shown[0].range.start.character) == (1, 0)
        session.change(ONE)
        assert await session.diagnostics(2) == []

    with_server(tmp_path, act)


def test_an_answer_for_an_older_text_is_never_published(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open(TWO)
        await session.diagnostics(1)
        last = 0
        for number in range(30):
            last = session.change(TWO if number % 2 else ONE)
        versions: list[int] = []
        while not versions or versions[-1] != last:
            told = await asyncio.wait_for(session.published.get(), 30)
            assert told.version is not None
            versions.append(told.version)
            assert len(told.diagnostics) == (1 if told.version % 2 else 0)
        assert versions == sorted(versions)
        assert len(versions) < 30

    with_server(tmp_path, act)


def test_a_safe_fix_is_offered_where_it_is_found(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open(TWO)
        fix, _ = await session.actions("mkdir /a", ["quickfix"])
        assert fix.is_preferred
        assert fix.diagnostics
        assert codes(list(fix.diagnostics)) == ["merge-runs"]
        assert session.fixed(fix) == ONE
        assert titles(await session.actions("FROM", ["quickfix"])) == []

    with_server(tmp_path, act)


def test_an_unsafe_fix_says_so_and_is_no_part_of_all(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open(FAT)
        (fix,) = [a for a in await session.actions("FROM", ["quickfix"]) if "Disable" not in a.title]
        assert fix.title == "Take debian:12-slim (unsafe: may change base, files, packages)"
        assert not fix.is_preferred
        assert session.fixed(fix) == FAT.replace(":12", ":12-slim")
        assert await session.actions(only=FIX_ALL) == []

    with_server(tmp_path, act, arguments=("--config", "unsafe-fixes = true"))


@pytest.mark.parametrize("asked", ["source", "source.fixAll", "source.fixAll.dockeropt"])
def test_all_safe_fixes_at_once(tmp_path: Path, asked: str) -> None:
    text = TWO + "MAINTAINER a\nENV A 1\nRUN apt-get install curl\n"

    async def act(session: Session) -> None:
        session.open(text)
        (action,) = await session.actions(only=[asked])
        assert action.kind == "source.fixAll.dockeropt"
        assert session.fixed(action) == api.fix_str(text).fixed != text

    with_server(tmp_path, act)


def test_other_kinds_of_actions_are_not_ours(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open(TWO)
        assert await session.actions(only=["source.organizeImports", "refactor"]) == []

    with_server(tmp_path, act)


def test_a_pass_is_kept_away_from_one_instruction(tmp_path: Path) -> None:
    text = "# syntax=docker/dockerfile:1\n" + TWO

    async def act(session: Session) -> None:
        session.open(text)
        (action,) = [a for a in await session.actions("mkdir /a") if a.title.startswith("Disable")]
        assert action.title == "Disable merge-runs for this instruction"
        after = session.fixed(action)
        assert after == text.replace("RUN mkdir /a", "# dockeropt: ignore=merge-runs\nRUN mkdir /a")
        version = session.change(after)
        assert await session.diagnostics(version) == []

    with_server(tmp_path, act)


def test_a_pointer_that_rests_gets_reasons_and_the_page(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open("FROM debian:12-slim\n# dockeropt: ignore=use-slim-base\nRUN apt-get install -y curl\n")
        hover = await session.hover("apt-get")
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        text = hover.contents.value
        finding = api.check_str(session.texts[session.uri()])[0]
        assert f"**{finding.pass_id}**: {finding.message}" in text
        assert finding.fix is not None
        assert finding.fix.because[0].claim[:20] in text.replace("\\", "")
        assert f"# {finding.pass_id}\n" in text
        hover = await session.hover("use-slim-base")
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert hover.contents.value.startswith("# use-slim-base\n")
        assert await session.hover("FROM") is None

    with_server(tmp_path, act)


ODD = 'FROM debian:12-slim\n# 😀é€\nRUN echo "😀é" && apt-get install -y curl\nRUN echo "€" # 😀\nENV A 😀é€ b\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_places_are_right_in_any_text(tmp_path: Path, encoding: str, end: str) -> None:
    text = ODD.replace("\n", end)

    async def act(session: Session) -> None:
        assert session.encoding == encoding
        session.open(text)
        shown = await session.diagnostics(1)
        places = Positions(text, encoding)
        for told, finding in zip(shown, api.check_str(text), strict=True):
            assert (told.range.start.line, told.range.start.character) == places.at(finding.at.start)
        (action,) = await session.actions(only=FIX_ALL)
        assert session.fixed(action) == api.fix_str(text).fixed != text
        fixes = [a for a in await session.actions("apt-get") if a.edit is not None]
        assert fixes
        for fix in fixes:
            assert api.parse(session.fixed(fix)).problems == ()

    with_server(tmp_path, act, ability=abilities(encodings=(encoding,)))


def test_a_client_that_says_nothing_counts_in_utf_16(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        assert session.encoding == "utf-16"

    with_server(tmp_path, act, ability=types.ClientCapabilities())


def test_a_rejected_file_shows_why(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open("FROM debian:12-slim\nRUNN x\n")
        shown = await session.diagnostics(1)
        assert shown[0].severity == types.DiagnosticSeverity.Error
        assert shown[0].range.start.line == 1

    with_server(tmp_path, act)


HOSTILE = [
    "",
    "\n",
    "\x00",
    "\ufeff",
    "FROM",
    "RUN <<E\n" * 50,
    "FROM a\nRUN " + "(" * 3000,
    "\\\n" * 2000,
    "FROM a\r\rRUN b\r\n\u2028RUN c\x0bRUN d",
    "FROM \ud800\nRUN a\nRUN b\n",
    "# escape=x\n# syntax=\n# check=skip=all;error=maybe\nFROM ${",
    "FROM a\n" + "RUN a\n" * 3000,
]


def test_no_text_ends_the_server(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open(TWO)
        await session.diagnostics(1)
        for text in HOSTILE:
            version = session.change(text)
            await session.diagnostics(version)
            await session.actions()
            session.client.text_document_hover(
                types.HoverParams(types.TextDocumentIdentifier(session.uri()), types.Position(10**6, 10**6))
            )
        version = session.change(TWO)
        assert codes(await session.diagnostics(version)) == ["merge-runs"]

    with_server(tmp_path, act)


def test_messages_out_of_order_end_nothing(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        uri = session.uri("never-opened")
        session.texts[uri], session.versions[uri] = "FROM a\n", 1
        session.change("FROM b\n", "never-opened")
        assert await session.actions(name="never-opened") == []
        assert await session.hover("FROM", "never-opened") is None
        session.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
        )
        session.client.protocol.notify("dockeropt/unheardOf", {"a": 1})
        session.open(TWO)
        assert codes(await session.diagnostics(1)) == ["merge-runs"]

    with_server(tmp_path, act)


def test_a_closed_document_shows_nothing_more(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open(TWO)
        assert await session.diagnostics(1)
        session.client.text_document_did_close(
            types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(session.uri()))
        )
        assert await session.diagnostics() == []

    with_server(tmp_path, act)


def framed(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


def test_what_is_no_message_ends_nothing(tmp_path: Path) -> None:
    document = b'{"textDocument":{"uri":"file:///a%","languageId":"x","version":1,"text":"FROM a\\nRUN a\\nRUN b\\n"}}'
    place = b'{"textDocument":{"uri":"file:///a%"},"position":{"line":1,"character":0}}'
    start = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},"processId":null,"rootUri":null}}'
    sent = [
        b"{",
        b"[]",
        b"3",
        b'"x"',
        b"\xff\xfe",
        b'{"jsonrpc":"2.0","id":2,"method":"textDocument/hover","params":{"position":"x"}}',
        b'{"jsonrpc":"2.0","method":"textDocument/didOpen","params":null}',
        start,
        b'{"jsonrpc":"2.0","method":"textDocument/didOpen","params":' + document + b"}",
        b'{"jsonrpc":"2.0","id":3,"method":"textDocument/hover","params":' + place + b"}",
        b'{"jsonrpc":"2.0","id":4,"method":"shutdown"}',
    ]
    with subprocess.Popen(
        [sys.executable, "-m", "dockeropt", "lsp"],
        cwd=tmp_path,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for body in sent[:-1]:
            process.stdin.write(framed(body))
        process.stdin.flush()
        seen = b""
        while b"merge-runs\\n" not in seen:  # the page of the pass, which the hover asks for
            piece = os.read(process.stdout.fileno(), 65536)
            assert piece, "the server ended"
            seen += piece
        process.stdin.write(framed(sent[-1]) + framed(b'{"jsonrpc":"2.0","method":"exit"}'))
        process.stdin.close()
        process.stdout.read()
        assert process.wait(30) == 0


@pytest.mark.parametrize(("last", "code"), [(["shutdown", "exit"], 0), (["exit"], 1), ([], 0)])
def test_the_exit_code_says_whether_it_was_asked_to_end(tmp_path: Path, last: list[str], code: int) -> None:
    start = b'{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{},"processId":null,"rootUri":null}}'
    ends = [b'{"jsonrpc":"2.0","method":"%s"}' % name.encode() for name in last]
    if "shutdown" in last:
        ends[0] = b'{"jsonrpc":"2.0","id":2,"method":"shutdown"}'
    done = subprocess.run(
        [sys.executable, "-m", "dockeropt", "lsp"],
        cwd=tmp_path,
        env=environment(),
        input=b"".join(framed(body) for body in [start, *ends]),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (code, b"")


def test_without_its_library_the_command_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['pygls'] = None; from dockeropt.__main__ import main; sys.exit(main(['lsp']))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr == (
        "error: the language server needs pygls, which is not installed (hint: pip install 'dockeropt[lsp]')\n"
    )
