"""What a new .dockerignore leaves out is known by its content, and nothing else is put down to it."""

import hashlib
from pathlib import Path

from dockeropt.measure.authored import LEFT_OUT, with_authored
from dockeropt.measure.compare import compare
from dockeropt.measure.project import Project, Version
from dockeropt.measure.tree import Node, Tree
from dockeropt.rewrite.fix import Effect, FileChange

FILES = frozenset({Effect.FILES})


def node(text: str) -> Node:
    return Node("file", 0o644, "0:0", len(text), hashlib.sha256(text.encode()).hexdigest())


def test_only_files_that_the_new_rules_ignore_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "page").write_text("a page")
    (tmp_path / "app.py").write_text("source")
    (tmp_path / "link").symlink_to("app.py")
    rules = FileChange(".dockerignore", None, "docs\nlink\n")
    before = Tree(
        {
            "/srv/docs": Node("folder", 0o755, "0:0"),
            "/srv/docs/page": node("a page"),
            "/srv/link": Node("link", 0o777, "0:0", content="app.py"),
            "/srv/app.py": node("source"),
            "/srv/same-size": node("b page"),
        }
    )
    after = Tree({})
    project = Project(str(tmp_path), str(tmp_path / "Dockerfile"))
    version = Version("FROM x\n", (rules,), FILES)
    original = Version("FROM x\n")
    found = with_authored(compare(before, after, effects=FILES), before, after, project, original, version)
    judged = {one.path: (one.kind, one.why) for one in found.differences}
    assert judged == {
        "/srv/docs": ("declared", LEFT_OUT),
        "/srv/docs/page": ("declared", LEFT_OUT),
        "/srv/link": ("declared", LEFT_OUT),
        "/srv/app.py": ("unexpected", ""),
        "/srv/same-size": ("unexpected", ""),
    }
    undeclared = Version("FROM x\n", (rules,))
    found = with_authored(compare(before, after), before, after, project, original, undeclared)
    assert len(found.of("unexpected")) == 5
