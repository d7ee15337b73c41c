"""What is to be built, and folders that hold one state of it each.

Invariant: the user's own folder is only read. Every state gets a folder of its own in which the
files are hard links where that is possible: a file that changes is replaced, never written into.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from dockeropt.errors import FileProblem
from dockeropt.rewrite.fix import Effect, FileChange

IGNORE_SUFFIX = ".dockerignore"
CONTEXT_HINT = "the build context is copied to build it; name another one with --context"


class Project(NamedTuple):
    """What a build is given, the same for every state.

    Args:
        context: The folder of the build context.
        dockerfile: Path of the Dockerfile; it may lie outside the context.
        target: The stage, ``""`` for the last.
        build_args: Values of ARG.
        options: More options for the engine's ``build``.
    """

    context: str
    dockerfile: str
    target: str = ""
    build_args: Mapping[str, str | None] = {}
    options: Sequence[str] = ()


class Version(NamedTuple):
    """One state of the project.

    Args:
        text: The Dockerfile.
        files: What is different in the build context.
        effects: What of the image may differ from the original.
        called: A short name for messages.
    """

    text: str
    files: tuple[FileChange, ...] = ()
    effects: frozenset[Effect] = frozenset()
    called: str = ""


class Folder:
    """A build context and a Dockerfile that an engine can be given.

    Args:
        root: Where to make them; an empty folder.
        project: What is built.
        version: The state.
    """

    def __init__(self, root: str, project: Project, version: Version) -> None:
        import os

        self.context = os.path.join(root, "context")
        self.dockerfile = os.path.join(root, "Dockerfile")
        self._project = project
        link_tree(project.context, self.context, os.path.dirname(root))
        for change in version.files:
            replace(os.path.join(self.context, *change.path.split("/")), encoded(change.after))
        self.set_dockerfile(version.text)

    def set_dockerfile(self, text: str) -> None:
        """Give the Dockerfile another text, at its place in the context too."""
        import os

        from dockeropt.measure.syntaxline import without_syntax_line

        replace(self.dockerfile, encoded(without_syntax_line(text)[0]))
        inside = os.path.relpath(
            os.path.realpath(self._project.dockerfile), os.path.realpath(self._project.context)
        )
        own = f"{self._project.dockerfile}{IGNORE_SUFFIX}"
        if not inside.startswith(os.pardir):
            copied = os.path.join(self.context, inside)
            replace(copied, encoded(text))
            own = f"{copied}{IGNORE_SUFFIX}"
        if os.path.isfile(own):
            with open(own, "rb") as file:
                replace(f"{self.dockerfile}{IGNORE_SUFFIX}", file.read())

    def edit(self, path: str, addition: str) -> bytes:
        """Append text to a file of the context; return what it held before.

        Args:
            path: Relative to the context, with slashes.
            addition: What is appended.

        Raises:
            OSError: There is no such file.
        """
        import os

        full = os.path.join(self.context, *path.split("/"))
        with open(full, "rb") as file:
            before = file.read()
        replace(full, before + addition.encode())
        return before

    def restore(self, path: str, content: bytes) -> None:
        """Give a file of the context its content back."""
        import os

        replace(os.path.join(self.context, *path.split("/")), content)


def encoded(text: str) -> bytes:
    """Return a text as it stands in a file; bytes that are no UTF-8 come back as they were."""
    return text.encode("utf-8", "surrogateescape")


def replace(path: str, content: bytes) -> None:
    """Give a file new content without touching others that are links to the old one."""
    import os
    import stat

    mode = None
    if os.path.lexists(path):
        mode = stat.S_IMODE(os.lstat(path).st_mode)
        os.unlink(path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(content)
    if mode is not None:
        os.chmod(path, mode)


def link_tree(source: str, target: str, skip: str) -> None:
    """Copy a folder with hard links for its files; what is no file, folder or link is left out.

    Args:
        source: The folder.
        target: What it becomes.
        skip: A folder that is left out: the temporary one, when it lies inside of the context.

    Raises:
        FileProblem: Something of it cannot be read.
    """
    import os
    import shutil
    import stat

    skipped = os.path.realpath(skip)

    def copy(old: str, new: str) -> None:
        if os.path.islink(old):
            os.symlink(os.readlink(old), new)
            return
        try:
            os.link(old, new)
        except OSError:  # another file system, or one without links
            shutil.copy2(old, new)

    def is_left_out(full: str) -> bool:
        kind = os.lstat(full).st_mode
        if stat.S_ISDIR(kind):
            return os.path.realpath(full) == skipped
        return not (stat.S_ISREG(kind) or stat.S_ISLNK(kind))

    def left_out(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if is_left_out(os.path.join(folder, name))]

    try:
        shutil.copytree(source, target, symlinks=True, ignore=left_out, copy_function=copy)
    except shutil.Error as error:
        path, _, reason = error.args[0][0]
        raise FileProblem(f"cannot be copied: {reason}", path=str(path), hint=CONTEXT_HINT) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise FileProblem(reason, path=str(error.filename or source), hint=CONTEXT_HINT) from None
