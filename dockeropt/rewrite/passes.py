"""What a pass is: a function, and everything that can be said about it in one place.

Invariant: nothing is told twice. The id comes from the function's name, the texts from the
module's docstring, the options from an annotated class; documentation, ``explain`` and
tests read them from here.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum, IntEnum
from typing import TYPE_CHECKING

from dockeropt.rewrite.fix import Applicability, Finding

if TYPE_CHECKING:
    from dockeropt.rewrite.context import Context
    from dockeropt.rewrite.passdoc import PassDoc

PassFunction = Callable[["Context"], Iterable[Finding]]


class Phase(IntEnum):
    """Order the passes: what makes others possible comes first."""

    REPAIR = 0
    BASE = 1
    PACKAGES = 2
    LAYERS = 3
    CACHE = 4
    SECURITY = 5
    STYLE = 6


class Category(Enum):
    """Name what a pass is good for; the value is the word that users select by."""

    BASE = "base"
    SIZE = "size"
    CACHE = "cache"
    SECURITY = "security"
    CORRECTNESS = "correctness"
    STYLE = "style"


class PassInfo:
    """Hold what is known about a pass without running it.

    Args:
        id: Words with dashes, from the function's name: ``merge-runs``.
        module: Dotted name of the module that holds the function.
        category: What it is good for.
        phase: When it runs.
        after: Ids of passes that run before it.
        aliases: Names of the same thing in other tools.
        since: The version it came with.
        level: The best level that its fixes reach.
        default: Whether it runs when nothing is selected.
        repairs: Whether it also runs on files that BuildKit rejects.
        options: The class of its options, or ``None``.
        wants: Lower-case words; the pass is not called on a text without any of them.
    """

    __slots__ = (
        "_doc",
        "after",
        "aliases",
        "category",
        "default",
        "id",
        "level",
        "module",
        "options",
        "phase",
        "repairs",
        "since",
        "wants",
    )

    def __init__(
        self,
        id: str,  # noqa: A002 - the word that everyone uses
        module: str,
        *,
        category: Category,
        phase: Phase,
        after: tuple[str, ...] = (),
        aliases: tuple[str, ...] = (),
        since: str = "0.1",
        level: Applicability = Applicability.SAFE,
        default: bool = True,
        repairs: bool = False,
        options: type | None = None,
        wants: tuple[str, ...] = (),
    ) -> None:
        self.id = id
        self.module = module
        self.category = category
        self.phase = phase
        self.after = after
        self.aliases = aliases
        self.since = since
        self.level = level
        self.default = default
        self.repairs = repairs
        self.options = options
        self.wants = wants
        self._doc: PassDoc | None = None

    @property
    def plugin(self) -> str | None:
        """Return the top-level package that brought the pass, ``None`` for our own."""
        package = self.module.partition(".")[0]
        return None if package == "dockeropt" else package

    @property
    def doc(self) -> "PassDoc":
        """Return the parsed docstring; the module is imported when it is not yet."""
        if self._doc is None:
            from dockeropt.rewrite.passdoc import parse_doc

            self._doc = parse_doc(self._docstring())
        return self._doc

    @property
    def summary(self) -> str:
        """Return the first line of the documentation."""
        return self.doc.summary

    def _docstring(self) -> str:
        module = sys.modules.get(self.module)
        if module is None:
            from importlib import import_module

            module = import_module(self.module)
        name = self.id.replace("-", "_")
        if self.module.rpartition(".")[2] == name:
            return module.__doc__ or ""
        found = getattr(module, name, None)  # a pass in a module of another name has its own text
        return (found.function.__doc__ if isinstance(found, Pass) else None) or module.__doc__ or ""

    def parse_options(self, given: Mapping[str, object]) -> Mapping[str, object]:
        """Return all options of the pass: the defaults, replaced by what is given.

        Raises:
            ConfigError: An option is unknown or its value has the wrong type.
        """
        if not given:
            if self.options is None:
                return {}
            named: Mapping[str, object] | None = getattr(self.options, "_field_defaults", None)
            if named is not None:
                return named
        from dockeropt.rewrite.passdoc import parse_options

        return parse_options(self.id, self.options, given)

    def __repr__(self) -> str:
        return f"PassInfo({self.id})"


class Pass:
    """A pass: call it with a :class:`Context` and it yields findings.

    One that is known only from the catalogue is imported when it is first called.
    """

    __slots__ = ("_function", "info")

    def __init__(self, info: PassInfo, function: PassFunction | None = None) -> None:
        self.info = info
        self._function = function

    @property
    def function(self) -> PassFunction:
        """Return the function itself; its module is imported when it is not yet."""
        if self._function is None:
            from importlib import import_module

            name = self.info.id.replace("-", "_")
            found = getattr(import_module(self.info.module), name)
            assert isinstance(found, Pass)
            self._function = found.function
            self.info = found.info
        return self._function

    def __call__(self, ctx: "Context") -> Iterable[Finding]:
        return self.function(ctx)

    def __reduce__(self) -> tuple[Callable[..., "Pass"], tuple[str, str]]:
        return _load, (self.info.module, self.info.id.replace("-", "_"))

    def __repr__(self) -> str:
        return f"Pass({self.info.id})"


def _load(module: str, name: str) -> Pass:
    """Find a pass again in another process."""
    from importlib import import_module

    found = getattr(import_module(module), name)
    assert isinstance(found, Pass)
    return found


def rewrite(
    *,
    category: Category,
    phase: Phase,
    after: tuple[str, ...] = (),
    aliases: tuple[str, ...] = (),
    since: str = "0.1",
    level: Applicability = Applicability.SAFE,
    default: bool = True,
    repairs: bool = False,
    options: type | None = None,
    wants: tuple[str, ...] = (),
) -> Callable[[Callable[["Context"], Iterator[Finding]]], Pass]:
    """Make a pass of a function that yields findings.

    The function's name gives the id: ``merge_runs`` is ``merge-runs``. It stands in a module
    of the same name, whose docstring is the documentation. The arguments are those of
    :class:`PassInfo`.
    """
    for word in wants:
        if word != word.lower():
            raise ValueError(f"wants={word!r} can never be found: it has to be lower case")

    def make(function: Callable[["Context"], Iterator[Finding]]) -> Pass:
        info = PassInfo(
            function.__name__.replace("_", "-"),
            function.__module__,
            category=category,
            phase=phase,
            after=after,
            aliases=aliases,
            since=since,
            level=level,
            default=default,
            repairs=repairs,
            options=options,
            wants=wants,
        )
        return Pass(info, function)

    return make
