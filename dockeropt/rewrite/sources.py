"""Where the files that COPY brings in lie in the build context.

Invariant: a path is mapped only when it is certain which file stands there; what a pattern or a
variable may match is no answer.
"""

from posixpath import basename, join, normpath
from typing import NamedTuple

from dockeropt.model import Model
from dockeropt.model.paths import is_within, resolve
from dockeropt.project.context import BuildContext
from dockeropt.syntax.nodes import Add, FileInstruction, Word

_ALLOWED = ("chown", "chmod")


class Sources(NamedTuple):
    """Hold what a COPY or ADD copies from the build context.

    Args:
        node: The instruction.
        tree: Absolute path at and below which it writes.
        folder: The folder of the context whose contents go to ``tree``; ``None`` if there is none.
        files: Context path and word of each single file, by its absolute path in the image.
    """

    node: FileInstruction
    tree: str
    folder: str | None
    files: dict[str, tuple[str, Word]]

    def origin(self, path: str) -> str | None:
        """Return the context path of what stands at an absolute path, ``None`` if it is not from here."""
        if path in self.files:
            return self.files[path][0]
        if self.folder is None or not is_within(path, self.tree):
            return None
        inner = path[len(self.tree.rstrip("/")) + 1 :]
        return join(self.folder, inner).rstrip("/") if inner else self.folder

    def target(self, path: str) -> str | None:
        """Return the absolute path where a file of the context ends up."""
        for target, (origin, _) in self.files.items():
            if origin == path:
                return target
        if self.folder is None or not (not self.folder or is_within(path, self.folder)):
            return None
        inner = path[len(self.folder) :].lstrip("/")
        return join(self.tree, inner)

    @property
    def top(self) -> str:
        """Return the folder of the context above which nothing is copied."""
        return self.folder or ""


def sources_of(node: FileInstruction, model: Model, build: BuildContext) -> Sources | str | None:
    """Return what an instruction copies; the reason why it is not known, or ``None`` for other copies.

    Args:
        node: A COPY or ADD.
        model: The file.
        build: The build context, to tell files and folders apart.
    """
    if node.heredocs or any(flag.name in ("from", "checksum", "keep-git-dir") for flag in node.flags):
        return None
    for flag in node.flags:
        if flag.name not in _ALLOWED:
            return f"it has --{flag.name}"
    state = model.state_before(node)
    written = state.expand(node.destination.text)
    tree = resolve(written, state.workdir) if written else None
    if tree is None or written is None:
        return None
    into = written.endswith(("/", "/.")) or len(node.sources) > 1 or written in (".", "..")
    folder: str | None = None
    files: dict[str, tuple[str, Word]] = {}
    for word in node.sources:
        text = word.text
        if "://" in text or text.startswith("git@"):
            return None
        if any(char in text for char in "$*?["):
            return f"{text} is a pattern"
        path = normpath(text.lstrip("/") or ".")
        path = "" if path == "." else path
        if path.startswith(".."):
            return None
        kind = _kind(text, path, build)
        if kind == "folder":
            if folder is not None:
                return "it copies several folders to one place"
            folder = path
        elif kind == "file":
            if isinstance(node, Add) and not path.endswith(
                (".txt", ".json", ".lock", ".toml", ".mod", ".sum")
            ):
                return f"ADD may unpack {text}"
            files[join(tree, basename(path)) if into else tree] = path, word
        else:
            return f"whether {text} is a folder is not known"
    return Sources(node, tree, folder, files)


def _kind(text: str, path: str, build: BuildContext) -> str:
    if not path or text.endswith("/"):
        return "folder"
    if build.known:
        entry = build.entry(path)
        return entry.kind if entry is not None else ""
    if basename(path) in ("Gemfile", "Pipfile", "mix.lock", "mix.exs", "go.mod", "go.sum"):
        return "file"
    return "file" if path.endswith((".txt", ".json", ".toml", ".lock", ".py", ".js", ".yaml", ".yml")) else ""
