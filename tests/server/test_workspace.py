"""What lies around a document: configuration, build context, other files that a fix changes."""

import asyncio
import os
from pathlib import Path
from urllib.parse import unquote

import pytest
from lsprotocol import types

from dockeropt.server.wishes import read_wishes
from tests.server.kit import Session, abilities, with_server
from tests.server.test_protocol import FAT, FIX_ALL, TWO, codes, titles

COPIES = "FROM node:20-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN npm install\nCMD node server.js\n"


def touched(session: Session, path: Path) -> None:
    """Tell the server that a file has changed, as an editor does that watches files."""
    change = types.FileEvent(path.as_uri(), types.FileChangeType.Changed)
    session.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))


def test_the_closest_configuration_counts_and_is_read_again(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "dockeropt.toml").write_text("")
    inner = tmp_path / "sub" / "pyproject.toml"
    inner.write_text('[tool.dockeropt]\nignore = ["merge-runs"]\n')

    async def act(session: Session) -> None:
        session.open(TWO, "sub/Dockerfile")
        assert await session.diagnostics(1, "sub/Dockerfile") == []
        inner.write_text("[tool.dockeropt]\n")
        touched(session, inner)
        assert codes(await session.diagnostics(1, "sub/Dockerfile")) == ["merge-runs"]
        inner.write_text('[tool.dockeropt]\nignore = ["size"]\n')
        version = session.change(TWO + "# no word of the file\n", "sub/Dockerfile")
        assert await session.diagnostics(version, "sub/Dockerfile") == []

    with_server(tmp_path, act)


def test_a_wrong_configuration_is_said_once_and_mended(tmp_path: Path) -> None:
    file = tmp_path / "dockeropt.toml"
    file.write_text("selct = []\n")

    async def act(session: Session) -> None:
        session.open(TWO)
        (shown,) = await session.diagnostics(1)
        assert shown.severity == types.DiagnosticSeverity.Error
        assert "selct" in shown.message
        for _ in range(3):
            version = session.change(session.texts[session.uri()] + "#\n")
            await session.diagnostics(version)
        session.open(FAT, "Other.Dockerfile")
        await session.diagnostics(1, "Other.Dockerfile")
        assert len(session.client.messages) == 1
        file.write_text("")
        session.save()
        assert codes(await session.diagnostics(version)) == ["merge-runs"]
        assert "error" not in codes(await session.diagnostics(1, "Other.Dockerfile"))
        assert len(session.client.messages) == 1
        file.write_text("selct = []\n")
        session.save()
        await session.diagnostics(version)
        await asyncio.sleep(0.05)
        assert len(session.client.messages) == 2

    with_server(tmp_path, act)


def test_the_client_can_ask_for_passes(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open(TWO)
        assert await session.diagnostics(1) == []
        session.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"dockeropt": {"ignore": []}})
        )
        assert codes(await session.diagnostics(1)) == ["merge-runs"]

    with_server(tmp_path, act, options={"ignore": ["merge-runs"]})


def test_a_wrong_setting_of_the_client_is_said_and_left_out(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open(TWO)
        assert codes(await session.diagnostics(1)) == ["merge-runs"]

    client = with_server(tmp_path, act, options={"ignor": ["merge-runs"], "select": 3})
    assert [message.message.split(";")[0] for message in client.messages] == [
        "dockeropt: there is no setting ignor",
        "dockeropt: the setting select has the wrong type",
    ]


@pytest.mark.parametrize("given", [3, "x", [1]])
def test_settings_that_are_no_object_are_refused(given: object) -> None:
    asked, wrong = read_wishes(given, "/")
    assert not asked.values
    assert wrong == ["the settings have to be an object"]


def test_all_settings_have_a_meaning() -> None:
    given = {
        "config": "a.toml", "context": "app", "target": "x", "buildArgs": {"A": "1"}, "select": ["a"],
        "extendSelect": ["b"], "ignore": ["c"],
    }  # fmt: skip
    asked, wrong = read_wishes({"dockeropt": given}, os.sep + "w")
    assert wrong == []
    assert asked.values == {
        "config": (os.path.join(os.sep, "w", "a.toml"),), "context": os.path.join(os.sep, "w", "app"), "target": "x",
        "build_arg": ("A=1",), "select": ("a",), "extend_select": ("b",), "ignore": ("c",),
    }  # fmt: skip


# --- the build context -----------------------------------------------------------------


def project(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "package.json").write_text('{"name": "a", "version": "1.0.0"}\n')
    (folder / "server.js").write_text("console.log(1)\n")
    (folder / "node_modules").mkdir()
    (folder / "node_modules" / "x.js").write_text("1\n")


def test_a_fix_creates_a_file_beside_the_dockerfile(tmp_path: Path) -> None:
    folder = tmp_path / "ä b%41#"
    project(folder)

    async def act(session: Session) -> None:
        session.open(COPIES)
        assert "create-dockerignore" in codes(await session.diagnostics(1))
        actions = [a for a in await session.actions() if a.edit is not None]
        (creating,) = [
            a
            for a in actions
            if a.kind == "quickfix"
            and a.edit
            and any(isinstance(s, types.CreateFile) for s in a.edit.document_changes or [])
        ]
        texts = session.apply(creating.edit)
        (made,) = [uri for uri in texts if uri not in session.texts]
        assert Path(unquote(made.removeprefix("file://"))) == folder / ".dockerignore"
        assert "node_modules" in texts[made]

    with_server(folder, act)


@pytest.mark.parametrize("ability", [abilities(creates=False), abilities(versions=False)])
def test_a_client_that_cannot_create_files_is_not_offered_half_a_fix(
    tmp_path: Path, ability: types.ClientCapabilities
) -> None:
    project(tmp_path)

    async def act(session: Session) -> None:
        session.open(COPIES)
        assert "create-dockerignore" in codes(await session.diagnostics(1))
        for action in await session.actions():
            assert action.edit is not None
            assert not any(isinstance(s, types.CreateFile) for s in action.edit.document_changes or [])
            assert "dockerignore" not in action.title or action.title.startswith("Disable")

    with_server(tmp_path, act, ability=ability)


def test_a_client_without_versions_gets_plain_edits(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        session.open(TWO)
        (action,) = await session.actions(only=FIX_ALL)
        assert action.edit is not None
        assert action.edit.document_changes is None
        assert "&&" in session.fixed(action)

    with_server(tmp_path, act, ability=abilities(versions=False))


WRONG = "node_modules/\n*.pyc\n"


def test_another_file_is_changed_only_when_the_editor_holds_what_the_pass_saw(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.pyc").write_text("x\n")
    (tmp_path / ".dockerignore").write_text(WRONG)

    async def act(session: Session) -> None:
        session.open(COPIES)
        assert "fix-dockerignore-patterns" in codes(await session.diagnostics(1))

        async def offered() -> list[types.CodeAction]:
            found = [a for a in await session.actions(only=["quickfix"]) if a.edit is not None]
            ignore = session.uri(".dockerignore")
            return [
                a
                for a in found
                if a.edit
                and any(
                    isinstance(s, types.TextDocumentEdit) and s.text_document.uri == ignore
                    for s in a.edit.document_changes or []
                )
            ]

        (action,) = await offered()
        assert "**/*.pyc" in session.apply(action.edit)[session.uri(".dockerignore")]
        session.open(WRONG, ".dockerignore")
        (action,) = await offered()
        session.change(WRONG + "x\n", ".dockerignore")
        assert await offered() == []

    with_server(tmp_path, act)


def test_a_dockerfile_below_the_top_has_no_context_until_a_compose_file_says_so(tmp_path: Path) -> None:
    project(tmp_path / "app")

    async def act(session: Session) -> None:
        session.open(COPIES, "app/Dockerfile")
        assert "create-dockerignore" not in codes(await session.diagnostics(1, "app/Dockerfile"))
        (tmp_path / "app" / "Dockerfile").write_text(COPIES)
        compose = tmp_path / "compose.yaml"
        compose.write_text("services:\n  web:\n    build: ./app\n")
        touched(session, compose)
        assert "create-dockerignore" in codes(await session.diagnostics(1, "app/Dockerfile"))

    with_server(tmp_path, act)


def test_the_client_can_name_the_context_or_forbid_to_guess(tmp_path: Path) -> None:
    project(tmp_path / "app")

    async def named(session: Session) -> None:
        session.open(COPIES)
        assert "create-dockerignore" in codes(await session.diagnostics(1))

    async def forbidden(session: Session) -> None:
        session.open(COPIES)
        assert "create-dockerignore" not in codes(await session.diagnostics(1))

    with_server(tmp_path, named, options={"context": "app"})
    with_server(tmp_path / "app", forbidden, options={"context": ""})


def test_a_document_that_was_never_saved_is_looked_at(tmp_path: Path) -> None:
    async def act(session: Session) -> None:
        uri = "untitled:Untitled-1"
        session.client.text_document_did_open(
            types.DidOpenTextDocumentParams(types.TextDocumentItem(uri, "dockerfile", 1, TWO))
        )
        told = await asyncio.wait_for(session.published.get(), 30)
        assert (told.uri, codes(list(told.diagnostics))) == (uri, ["merge-runs"])

    with_server(tmp_path, act)


def test_a_dockerfile_in_python_is_fixed_as_a_whole_only(tmp_path: Path) -> None:
    text = 'dockerfile = """\nFROM debian:12-slim\nRUN mkdir /a\nRUN mkdir /b\n"""\n'

    async def act(session: Session) -> None:
        session.open(text, "build.py")
        assert codes(await session.diagnostics(1, "build.py")) == ["merge-runs"]
        assert titles(await session.actions(name="build.py")) == ["dockeropt: apply all safe fixes (1)"]

    with_server(tmp_path, act)
