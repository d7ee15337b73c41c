"""What a pass answers: findings, and fixes that say how safe they are and why.

Invariant: a SAFE fix changes layers and caches only, or carries the evidence that it
changes nothing else. A pass that forgets the evidence cannot even construct the fix.
"""

from collections.abc import Iterable
from enum import Enum, IntEnum
from typing import NamedTuple, Self

from dockeropt.text import Edit, Span


class Applicability(IntEnum):
    """Say how far a fix may be trusted; a larger number is safer.

    SAFE: the same observable image, or evidence is attached; comments are kept.
    UNSAFE: valid and probably wanted, may change content or behaviour; needs ``--unsafe``.
    SUGGESTION: shown, never applied.
    """

    SUGGESTION = 0
    UNSAFE = 1
    SAFE = 2

    @property
    def word(self) -> str:
        """Return the name that users read and write: ``safe``, ``unsafe``, ``suggestion``."""
        return self.name.lower()


class Effect(Enum):
    """Name what of the built image a fix may change.

    ENV, USER, CMD, ENTRYPOINT, LABELS and CONFIG (all the rest of the image
    configuration) are checked: what a fix does not declare has to stay as it was.
    """

    BASE = "base"
    PACKAGES = "packages"
    FILES = "files"
    ENV = "env"
    USER = "user"
    CMD = "cmd"
    ENTRYPOINT = "entrypoint"
    LABELS = "labels"
    CONFIG = "config"
    LAYERS = "layers"
    CACHE_ONLY = "cache-only"


HARMLESS = frozenset({Effect.LAYERS, Effect.CACHE_ONLY})
"""Effects that a SAFE fix may have without evidence."""


class Evidence(NamedTuple):
    """A reason to trust a fix.

    Args:
        claim: One sentence that can be checked, such as "no later RUN installs with apt".
        source: Where it is known from: a place in the file, a document, a dated fact.
        date: Day of the fact, ``YYYY-MM-DD``, when it may change: a fix that rests on one of more
            than a year ago is not SAFE. Empty for what does not age.
    """

    claim: str
    source: str
    date: str = ""

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.source, self.date)))
        return f"{self.claim} ({where})" if where else self.claim


class FileChange(NamedTuple):
    """A new text for another file of the build context.

    Args:
        path: Relative to the context, with slashes.
        before: What stands there now, ``None`` when there is no such file.
        after: What shall stand there.
    """

    path: str
    before: str | None
    after: str


class _Fix(NamedTuple):
    title: str
    edits: tuple[Edit, ...]
    applicability: Applicability
    because: tuple[Evidence, ...] = ()
    effects: frozenset[Effect] = frozenset()
    files: tuple[FileChange, ...] = ()


class Fix(_Fix):
    """A change that is made whole or not at all.

    Args:
        title: What it does, in the imperative: "Skip recommended packages".
        edits: One edit or several, in any order, on the text that the pass saw.
        applicability: How far it may be trusted.
        because: Evidence for it.
        effects: What of the image it may change.
        files: What it changes beside the Dockerfile; then there may be no edit at all.

    Raises:
        ValueError: There is no edit and no file, or it claims to be SAFE, has an effect beyond layers
            and caches, and gives no evidence.
    """

    __slots__ = ()

    def __new__(
        cls,
        title: str,
        edits: Edit | Iterable[Edit],
        applicability: Applicability,
        because: Evidence | Iterable[Evidence] = (),
        effects: Iterable[Effect] = frozenset(),
        files: FileChange | Iterable[FileChange] = (),
    ) -> Self:
        """Check the claim and hold it."""
        # Edit and Evidence are tuples themselves: a single one must not be taken apart.
        edits = (edits,) if isinstance(edits, Edit) else tuple(edits)
        because = (because,) if isinstance(because, Evidence) else tuple(because)
        effects = frozenset(effects)
        files = (files,) if isinstance(files, FileChange) else tuple(files)
        if not edits and not files:
            raise ValueError(f"the fix {title!r} has no edit")
        if applicability is Applicability.SAFE and not because and not effects <= HARMLESS:
            names = ", ".join(sorted(effect.value for effect in effects - HARMLESS))
            raise ValueError(f"the fix {title!r} is called safe, changes {names}, and gives no evidence")
        return super().__new__(cls, title, edits, applicability, because, effects, files)

    def at_level(self, applicability: Applicability) -> "Fix":
        """Return the same fix at another level, as the user's configuration may demand.

        The user vouches for a promotion: evidence says so where there is none.
        """
        if applicability is self.applicability:
            return self
        because = self.because
        if applicability is Applicability.SAFE and not because:
            because = (Evidence("the configuration calls this pass safe", "extend-safe-fixes"),)
        return Fix(self.title, self.edits, applicability, because, self.effects, self.files)


class Finding(NamedTuple):
    """Something to say about a place of the file, with a fix or without.

    Args:
        message: What is found, a sentence without a full stop.
        at: The span to point at.
        fix: The change that resolves it, or ``None``.
        pass_id: Filled in by the engine.
    """

    message: str
    at: Span
    fix: Fix | None = None
    pass_id: str = ""
