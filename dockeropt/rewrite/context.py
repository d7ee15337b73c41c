"""What a pass is given to look at.

Invariant: a :class:`View` says everything about one text and never changes; all passes that
see the same text share it, so that parsing and modelling happen once per text.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from dockeropt.project.context import UNKNOWN, BuildContext
from dockeropt.rewrite.fix import Applicability, Effect, Evidence, FileChange, Fix
from dockeropt.text import Edit, Source

if TYPE_CHECKING:
    from collections import Counter

    from dockeropt.model.model import Model
    from dockeropt.rewrite.editor import Editor
    from dockeropt.syntax.nodes import Dockerfile

T = TypeVar("T")

LAYERS_ONLY = frozenset({Effect.LAYERS})


class View:
    """Hold one text with its tree, its model and an editor for it, each made when needed.

    Args:
        source: The text.
        build_args: Values passed to the build, as far as they are known.
        target: The stage that is built; the last one when not given.
        build: The build context, as far as it is known.
        files: What the fixes so far changed beside the text, by path.
    """

    __slots__ = (
        "_build",
        "_edit",
        "_lower",
        "_model",
        "_tree",
        "build_args",
        "comments",
        "files",
        "given",
        "source",
        "target",
    )

    def __init__(
        self,
        source: Source,
        *,
        build_args: Mapping[str, str | None] | None = None,
        target: str | None = None,
        build: BuildContext = UNKNOWN,
        files: tuple[FileChange, ...] = (),
    ) -> None:
        self.source = source
        self.given = build
        self.files = files
        self._build: BuildContext | None = None
        self.build_args = build_args
        self.target = target
        self._tree: Dockerfile | None = None
        self._model: Model | None = None
        self._edit: Editor | None = None
        self._lower: str | None = None
        self.comments: Counter[str] | None = None  # filled in when the text is first verified

    def of(self, text: str, files: tuple[FileChange, ...] | None = None) -> "View":
        """Return the view of another text, and of other files, in the same circumstances."""
        return View(
            Source(text),
            build_args=self.build_args,
            target=self.target,
            build=self.given,
            files=self.files if files is None else files,
        )

    @property
    def state(self) -> tuple[str, tuple[FileChange, ...]]:
        """Return what makes this view another one than that before a fix."""
        return self.source.text, self.files

    @property
    def build(self) -> BuildContext:
        """Return the build context, with what the fixes so far made of it."""
        if not self.files:
            return self.given
        if self._build is None:
            from dockeropt.project.overlay import Overlay

            self._build = Overlay(self.given, {change.path: change.after for change in self.files})
        return self._build

    @property
    def text(self) -> str:
        """Return the text itself."""
        return self.source.text

    @property
    def lower(self) -> str:
        """Return the text in lower case, to look for words in."""
        if self._lower is None:
            self._lower = self.source.text.lower()
        return self._lower

    @property
    def tree(self) -> "Dockerfile":
        """Return the parsed text."""
        if self._tree is None:
            from dockeropt.syntax import parse

            self._tree = parse(self.source)
        return self._tree

    @property
    def model(self) -> "Model":
        """Return what the file means."""
        if self._model is None:
            from dockeropt.model.model import Model

            self._model = Model(self.tree, build_args=self.build_args, target=self.target)
        return self._model

    @property
    def edit(self) -> "Editor":
        """Return the editor."""
        if self._edit is None:
            from dockeropt.rewrite.editor import Editor

            self._edit = Editor(self.tree)
        return self._edit


class Context:
    """Hold a view of the file and the pass's own options.

    Args:
        view: What the pass looks at.
        options: The pass's options, complete and of the right types.
        wants_unsafe: Whether the user asked for unsafe fixes too.
    """

    __slots__ = ("options", "view", "wants_unsafe")

    def __init__(
        self, view: View, *, options: Mapping[str, object] | None = None, wants_unsafe: bool = False
    ) -> None:
        self.view = view
        self.options: Mapping[str, object] = options if options is not None else {}
        self.wants_unsafe = wants_unsafe

    @classmethod
    def of(
        cls,
        text: str,
        *,
        options: Mapping[str, object] | None = None,
        wants_unsafe: bool = False,
        build: BuildContext = UNKNOWN,
    ) -> "Context":
        """Return the context of a text, to try a pass out."""
        return cls(View(Source(text), build=build), options=options, wants_unsafe=wants_unsafe)

    @property
    def source(self) -> Source:
        """Return the text with its line ends and positions."""
        return self.view.source

    @property
    def tree(self) -> "Dockerfile":
        """Return the lossless tree."""
        return self.view.tree

    @property
    def model(self) -> "Model":
        """Return what the file means: stages, states, commands, packages."""
        return self.view.model

    @property
    def edit(self) -> "Editor":
        """Return the editor, which turns wishes into edits."""
        return self.view.edit

    @property
    def build(self) -> BuildContext:
        """Return the build context; ``known`` is false where there is none."""
        return self.view.build

    def settings(self, cls: type[T]) -> T:
        """Return the options as an instance of the pass's own options class."""
        return cls(**self.options)

    @staticmethod
    def safe(
        title: str,
        edits: Edit | Iterable[Edit],
        because: Evidence | Iterable[Evidence] = (),
        effects: Iterable[Effect] = LAYERS_ONLY,
        files: FileChange | Iterable[FileChange] = (),
    ) -> Fix:
        """Return a SAFE fix; evidence is needed for effects beyond layers and caches.

        Evidence of a day more than a year ago makes it an UNSAFE one: the fact may have changed.
        """
        reasons = (because,) if isinstance(because, Evidence) else tuple(because)
        level = Applicability.SAFE
        if any(why.date for why in reasons):
            from dockeropt.knowledge import load

            today = load.today()
            if any(why.date and load.is_stale(why.date, today) for why in reasons):
                level = Applicability.UNSAFE
        return Fix(title, edits, level, reasons, effects, files)

    @staticmethod
    def unsafe(
        title: str,
        edits: Edit | Iterable[Edit],
        because: Evidence | Iterable[Evidence] = (),
        effects: Iterable[Effect] = LAYERS_ONLY,
        files: FileChange | Iterable[FileChange] = (),
    ) -> Fix:
        """Return an UNSAFE fix: it is made only when the user asks for such fixes."""
        return Fix(title, edits, Applicability.UNSAFE, because, effects, files)

    @staticmethod
    def suggestion(
        title: str,
        edits: Edit | Iterable[Edit],
        because: Evidence | Iterable[Evidence] = (),
        effects: Iterable[Effect] = LAYERS_ONLY,
        files: FileChange | Iterable[FileChange] = (),
    ) -> Fix:
        """Return a fix that is only ever shown."""
        return Fix(title, edits, Applicability.SUGGESTION, because, effects, files)
