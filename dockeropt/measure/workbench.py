"""The place where images of one proof are built, looked at, and taken away again.

Invariant: when it is left, by whatever way, no image, container or temporary file of it remains;
what remains is the engine's own build cache.
"""

from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from dockeropt.measure.project import Folder, Project, Version

if TYPE_CHECKING:
    from dockeropt.measure.engine import BuildOutcome, Engine, Image
    from dockeropt.measure.tree import Tree

Say = Callable[[str], None]
"""Is told what is being done, a line at a time."""


def silent(_: str) -> None:
    """Say nothing."""


class Workbench:
    """Build states of a project and look at the images.

    Args:
        engine: The engine.
        project: What is built.
        say: Is told what is being done.
    """

    def __init__(self, engine: "Engine", project: Project, say: Say = silent) -> None:
        from uuid import uuid4

        self.engine = engine
        self.project = project
        self.say = say
        self.run = uuid4().hex[:12]
        self._folders: dict[Version, Folder] = {}
        self._tags: list[str] = []
        self._root = ""
        self._marks = 0
        self._compressed: dict[str, int] = {}
        self._bases: dict[str, tuple[str, Image] | None] = {}
        self._base_trees: dict[str, Tree] = {}

    def __enter__(self) -> Self:
        from tempfile import mkdtemp

        self._root = mkdtemp(prefix="dockeropt-verify-")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        import shutil

        try:
            self.engine.remove(self._tags)
            self.engine.sweep(self.run)
        finally:
            shutil.rmtree(self._root, ignore_errors=True)

    def folder(self, version: Version) -> Folder:
        """Return the folder that holds a state; made once."""
        import os

        found = self._folders.get(version)
        if found is None:
            root = os.path.join(self._root, str(len(self._folders)))
            os.mkdir(root)
            found = self._folders[version] = Folder(root, self.project, version)
        return found

    def build(self, version: Version, name: str, *, no_cache: bool = False) -> "BuildOutcome":
        """Build a state as it lies in its folder.

        Args:
            version: The state.
            name: What the image is called; the same name takes the place of the image before.
            no_cache: Whether every step is to run.
        """
        from dockeropt.measure.engine import BuildRequest

        folder = self.folder(version)
        request = BuildRequest(
            folder.context,
            folder.dockerfile,
            self.tag(name),
            self.project.target,
            self.project.build_args,
            no_cache,
            self.project.options,
            self.run,
        )
        return self.engine.build(request, lambda step: self.say(f"{version.called}: {step}"))

    def tag(self, name: str) -> str:
        """Return the full name of an image of this proof."""
        tag = f"dockeropt-verify:{self.run}-{name}"
        if tag not in self._tags:
            self._tags.append(tag)
        return tag

    def mark(self) -> str:
        """Return what no build was given before, for an edit that cannot be in the cache.

        Two states may share steps: an edit that one of them was built with must not help the other.
        """
        self._marks += 1
        return f"{self.run}-{self._marks}"

    def image(self, name: str, *, compressed: bool) -> "Image":
        """Return what is known of an image that was built."""
        tag = self.tag(name)
        image = self.engine.image(tag)
        if not compressed:
            return image
        self._compressed.update(self.engine.compressed(tag, self._compressed))
        layers = [layer._replace(compressed=self._compressed.get(layer.diff_id)) for layer in image.layers]
        return image._replace(layers=tuple(layers))

    def tree(self, name: str) -> "Tree":
        """Return the file system of an image that was built."""
        from dockeropt.measure.tree import read_tree

        with self.engine.tree(self.tag(name)) as stream:
            return read_tree(stream)

    def base_image(self, name: str) -> "Image | None":
        """Return a base image, ``None`` when it cannot be had.

        Args:
            name: As FROM names it.
        """
        if name not in self._bases:
            tag = f"base{len(self._bases)}"
            found = name != "scratch" and self._build_base(Version(f"FROM {name}\n"), tag)
            self._bases[name] = (tag, self.image(tag, compressed=False)) if found else None
        base = self._bases[name]
        return base[1] if base is not None else None

    def base_tree(self, name: str) -> "Tree":
        """Return the file system of a base image that :meth:`base_image` knows."""
        if name not in self._base_trees:
            base = self._bases[name]
            assert base is not None
            self._base_trees[name] = self.tree(base[0])
        return self._base_trees[name]

    def _build_base(self, version: Version, name: str) -> bool:
        import os

        from dockeropt.measure.engine import BuildRequest

        root = os.path.join(self._root, name)
        os.makedirs(os.path.join(root, "context"), exist_ok=True)
        dockerfile = os.path.join(root, "Dockerfile")
        with open(dockerfile, "w", encoding="utf-8") as file:
            file.write(version.text)
        options = self.project.options
        request = BuildRequest(
            os.path.join(root, "context"), dockerfile, self.tag(name), options=options, run=self.run
        )
        return self.engine.build(request).ok
