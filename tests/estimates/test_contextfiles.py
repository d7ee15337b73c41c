"""What COPY takes of the context, and where it puts it."""

import pytest

from dockeropt.estimates.contextfiles import Side, covers, files_of, sources_of, stored_by, taken_as
from dockeropt.model.model import Model
from dockeropt.project.context import UNKNOWN, InMemory
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import FileInstruction


@pytest.mark.parametrize(
    ("source", "path", "below"),
    [
        (".", "a/b.py", "a/b.py"),
        ("a", "a/b.py", "b.py"),
        ("a", "ab.py", None),
        ("a/b.py", "a/b.py", ""),
        ("*.py", "b.py", ""),
        ("*.py", "a/b.py", None),
        ("a/*", "a/c/b.py", "b.py"),
        ("*", "a/b.py", "b.py"),
        ("[ab].py", "b.py", ""),
        ("[^ab].py", "b.py", None),
        ("[^ab].py", "c.py", ""),
        ("[!].py", "!.py", ""),
        ("[a.py", "[a.py", None),
        (r"\*.py", "*.py", ""),
        (r"\*.py", "b.py", None),
        ("?.py", "b.py", ""),
    ],
)
def test_patterns_match_name_by_name(source: str, path: str, below: str | None) -> None:
    assert taken_as(source, path) == below
    assert covers(source, path) is (below is not None)


@pytest.mark.parametrize(
    ("line", "sources"),
    [
        ("COPY . /a", ["."]),
        ("COPY /x/ ./y/ ../z /a/", ["x", "y", "z"]),
        ("COPY $what $known /a/", [None, "w"]),
        ("COPY --from=one a /a", []),
        ("COPY <<EOF b /a/\nEOF", ["b"]),
        ("ADD https://x.org/a.tgz git@x.org:y.git b /a/", ["b"]),
        ('COPY ["a b", "/c"]', ["a b"]),
    ],
)
def test_sources(line: str, sources: list[str | None]) -> None:
    node, model = instruction(f"FROM a\nARG what\nENV known=w\n{line}\n")
    assert sources_of(node, model.state_before(node)) == sources


def instruction(text: str) -> tuple[FileInstruction, Model]:
    model = Model(parse(text))
    node = [node for node in model.tree.instructions if isinstance(node, FileInstruction)][-1]
    return node, model


CONTEXT = InMemory({"a/x.py": "123", "a/b/y.py": "12345", "z.py": "1", ".dockerignore": "*.pyc\n"})


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("COPY a /app", {"/app/x.py": 3, "/app/b/y.py": 5}),
        ("COPY a z.py /app/", {"/app/x.py": 3, "/app/b/y.py": 5, "/app/z.py": 1}),
        ("COPY z.py /app", {"/app": 1}),
        ("COPY z.py /app/", {"/app/z.py": 1}),
        ("COPY z.py .", {"/srv/z.py": 1}),
        ("COPY --from=one a /app", {}),
    ],
)
def test_where_files_end_up(line: str, stored: dict[str, int]) -> None:
    node, model = instruction(f"FROM debian:12\nWORKDIR /srv\n{line}\n")
    files = files_of(Side(CONTEXT, CONTEXT.ignore))
    assert files is not None
    found, sure = stored_by(node, model.state_before(node), files)
    assert {item.path: item.size for item in found} == stored
    assert sure


@pytest.mark.parametrize("line", ["COPY $a /x", "COPY --exclude=*.py a /x", "ADD a.tar.gz /x"])
def test_what_is_not_sure_says_so(line: str) -> None:
    node, model = instruction(f"FROM debian:12\nARG a\n{line}\n")
    assert not stored_by(node, model.state_before(node), [])[1]


def test_ignored_and_absent_files_are_not_seen() -> None:
    context = InMemory({"a.py": "", "b.pyc": "", "new": "", ".dockerignore": "*.pyc\n"})
    files = files_of(Side(context, context.ignore, frozenset({"new"})))
    assert [file.path for file in files or ()] == [".dockerignore", "a.py"]
    assert files_of(Side(UNKNOWN, UNKNOWN.ignore)) is None
