"""Recognise files that differ because the project's own files were rewritten, or left out.

``COPY . .`` puts the Dockerfile and ``.dockerignore`` into the image: there they differ because they
were changed, and that is what the fix is. And a fix that writes ``.dockerignore`` leaves files out of
the image: those that the new rules ignore, known by their content.

Invariant: only what has exactly the content of the project's file is put down to it.
"""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from dockeropt.measure.project import encoded
from dockeropt.measure.records import Difference, FileComparison
from dockeropt.rewrite.fix import Effect

if TYPE_CHECKING:
    from dockeropt.measure.project import Project, Version
    from dockeropt.measure.tree import Tree

REWRITTEN = "rewritten file of the project"
LEFT_OUT = "left out by .dockerignore"


def with_authored(
    files: FileComparison,
    before: "Tree",
    after: "Tree",
    project: "Project",
    original: "Version",
    version: "Version",
) -> FileComparison:
    """Return a comparison in which differences of the project's own making are declared.

    Args:
        files: What was found.
        before: File system of the original.
        after: File system of the other state.
        project: What was built.
        original: The original.
        version: The other state.
    """
    rewritten = {(_digest(original.text), _digest(version.text))}
    for change in version.files:
        old_text = _digest(change.before) if change.before is not None else ""
        rewritten.add((old_text, _digest(change.after)))
    gone = [before.nodes[one.path] for one in files.of("unexpected") if one.what == "removed"]
    ignored: Mapping[str, str] = {}
    if gone and Effect.FILES in version.effects:
        ignored = _newly_ignored(project, version, {node.size for node in gone if node.kind == "file"})

    def judged(one: Difference) -> Difference:
        if one.kind != "unexpected":
            return one
        old, new = before.nodes.get(one.path), after.nodes.get(one.path)
        contents = (old.content if old else "", new.content if new else "")
        if one.what in {"content", "added"} and contents in rewritten:
            return one._replace(kind="declared", why=REWRITTEN)
        if one.what == "removed" and old is not None and old.kind != "folder" and contents[0] in ignored:
            return one._replace(kind="declared", why=LEFT_OUT)
        return one

    found = [judged(one) for one in files.differences]
    if ignored:
        found = _with_folders(found, before, ignored)
    return files._replace(differences=tuple(found))


def _with_folders(found: list[Difference], before: "Tree", ignored: Mapping[str, str]) -> list[Difference]:
    """Declare folders that are gone because nothing, or only ignored files, were left of them."""
    names = {path.rsplit("/", 1)[-1] for path in ignored.values() if path}
    names |= {part for path in ignored.values() for part in path.split("/")[:-1]}
    kept = {
        one.path
        for one in found
        if one.kind == "unexpected" and one.path in before.nodes and before.nodes[one.path].kind != "folder"
    }

    def is_left_out(one: Difference) -> bool:
        node = before.nodes.get(one.path)
        return (
            one.kind == "unexpected"
            and one.what == "removed"
            and node is not None
            and node.kind == "folder"
            and one.path.rsplit("/", 1)[-1] in names
            and not any(path.startswith(f"{one.path}/") for path in kept)
        )

    return [one._replace(kind="declared", why=LEFT_OUT) if is_left_out(one) else one for one in found]


def _newly_ignored(project: "Project", version: "Version", sizes: Collection[int]) -> dict[str, str]:
    """Return the files that only the new rules ignore, by content; folders by a key of their own.

    Args:
        project: What was built.
        version: The state with the new rules.
        sizes: Only files of these sizes are read: a folder of version control may be large.
    """
    import os

    from dockeropt.project.directory import Directory
    from dockeropt.project.dockerignore import DockerIgnore

    rules = [change for change in version.files if change.path.endswith(".dockerignore")]
    if not rules:
        return {}
    build = Directory(project.context, dockerfile=project.dockerfile)
    new = DockerIgnore.parse(rules[-1].after)
    found: dict[str, str] = {}
    for folder, folders, names in os.walk(project.context):
        for name in (*folders, *names):
            full = os.path.join(folder, name)
            path = os.path.relpath(full, project.context).replace(os.sep, "/")
            if build.ignore.ignores(path) or not new.ignores(path):
                continue
            if os.path.islink(full):
                found[os.readlink(full)] = path
            elif os.path.isfile(full):
                if os.path.getsize(full) in sizes:
                    found[_file_digest(full)] = path
            else:
                found[f"folder {path}"] = path
    return found


def _file_digest(path: str) -> str:
    import hashlib

    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _digest(text: str) -> str:
    import hashlib

    return hashlib.sha256(encoded(text)).hexdigest()
