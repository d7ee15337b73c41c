"""Find the passes, select some of them, put them in order.

Invariant: the same installation gives the same passes in the same order, always. Our own
are found by their files; the generated ``dockeropt.passes.catalogue`` says what can be known
of them without importing them, because sixty imports cost more than a whole run. A file
that the catalogue does not name, or that was changed after it, is imported and asked; a missing
catalogue costs only time.
Plugins are looked for when the first selection is made; a broken one is reported and left out.
"""

from bisect import insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import ModuleType

from dockeropt.errors import ConfigError
from dockeropt.rewrite.fix import Applicability
from dockeropt.rewrite.passes import Category, Pass, PassInfo, Phase

GROUP = "dockeropt.passes"
"""The entry-point group of plugins."""

UNPACKING = 5.0
"""Seconds that may lie between files that were written together, by git or an installer."""

ALL = "ALL"
"""The selector that means every pass."""


class Registry:
    """Hold all passes of this installation, by id.

    Args:
        passes: The passes; the ids must differ.
        problems: One sentence for each plugin or pass that was left out.
    """

    __slots__ = ("_names", "passes", "problems")

    def __init__(self, passes: Iterable[Pass], problems: tuple[str, ...] = ()) -> None:
        self.passes: Mapping[str, Pass] = {p.info.id: p for p in order(passes)}
        self.problems = problems
        self._names: dict[str, frozenset[str]] | None = None

    def __iter__(self) -> Iterator[Pass]:
        return iter(self.passes.values())

    def __len__(self) -> int:
        return len(self.passes)

    @property
    def names(self) -> Mapping[str, frozenset[str]]:
        """Return every selector in lower case with the ids it stands for."""
        if self._names is None:
            found: dict[str, set[str]] = {category.value: set() for category in Category}
            found[ALL.lower()] = set(self.passes)
            for p in self:
                info = p.info
                found[info.category.value].add(info.id)
                for alias in info.aliases:
                    found.setdefault(alias.lower(), set()).add(info.id)
            # An id always means itself, also where another tool uses the word for something else.
            found.update({name: {name} for name in self.passes})
            self._names = {name: frozenset(ids) for name, ids in found.items()}
        return self._names

    def find(self, selector: str) -> frozenset[str]:
        """Return the ids that an id, a category, an alias or ``ALL`` stands for, perhaps none.

        Names of other tools may carry the tool in front: ``hadolint/DL3009``.
        """
        word = selector.strip().lower()
        found = self.names.get(word)
        if found is None and "/" in word:
            found = self.names.get(word.rpartition("/")[2])
        return found if found is not None else frozenset()

    def resolve(self, selector: str) -> frozenset[str]:
        """Return the ids that ``selector`` stands for.

        Raises:
            ConfigError: No pass, category or alias is called so; the hint names a near one.
        """
        found = self.find(selector)
        if not found and selector.strip().lower() not in self.names:
            raise ConfigError(f"unknown pass {selector!r}", hint=self._suggest(selector))
        return found

    def _suggest(self, selector: str) -> str:
        from difflib import get_close_matches

        close = get_close_matches(selector.strip().lower().replace("_", "-"), list(self.names), 1, 0.6)
        return f"did you mean {close[0]!r}?" if close else "`dockeropt passes` lists them"

    def get(self, name: str) -> Pass:
        """Return the one pass that an id or an alias names.

        Raises:
            ConfigError: There is none, or there are several.
        """
        ids = sorted(self.resolve(name))
        if len(ids) != 1:
            raise ConfigError(f"{name!r} stands for {len(ids)} passes", hint=", ".join(ids[:8]))
        return self.passes[ids[0]]

    def select(
        self,
        select: Iterable[str] = (),
        *,
        extend_select: Iterable[str] = (),
        ignore: Iterable[str] = (),
    ) -> tuple[Pass, ...]:
        """Return the passes to run, in order.

        Args:
            select: Selectors; none means the passes that are on by default.
            extend_select: Selectors of passes to run besides.
            ignore: Selectors of passes not to run. Codes of other tools' rules that no pass
                answers to are let through, so that their lists can be taken over.

        Raises:
            ConfigError: See :meth:`resolve`.
        """
        chosen: set[str] = set()
        selectors = tuple(select)
        for selector in selectors:
            chosen |= self.resolve(selector)
        if not selectors:
            chosen = {p.info.id for p in self if p.info.default}
        for selector in extend_select:
            chosen |= self.resolve(selector)
        for selector in ignore:
            chosen -= self.find(selector) if is_foreign_code(selector) else self.resolve(selector)
        return tuple([p for p in self if p.info.id in chosen])


def is_foreign_code(selector: str) -> bool:
    """Tell whether ``selector`` looks like another tool's code: ``DL3008``, ``SC2086``, ``a/b``."""
    word = selector.strip()
    return "/" in word or (word[:2].upper() in ("DL", "SC", "DD", "DH") and word[2:].isdigit())


def order(passes: Iterable[Pass]) -> tuple[Pass, ...]:
    """Return the passes by phase, then ``after``, then id.

    Raises:
        ValueError: ``after`` goes in a circle, or against the phases.
    """
    by_id = {p.info.id: p for p in passes}
    waiting: dict[str, int] = {}
    followers: dict[str, list[str]] = {}
    ready: list[tuple[int, str]] = []
    for name, p in by_id.items():
        before = [other for other in p.info.after if other in by_id]
        for other in before:
            if by_id[other].info.phase > p.info.phase:
                raise ValueError(f"{name} cannot run after {other}, which belongs to a later phase")
            followers.setdefault(other, []).append(name)
        waiting[name] = len(before)
        if not before:
            insort(ready, (p.info.phase, name))
    result: list[Pass] = []
    while ready:
        _, name = ready.pop(0)
        result.append(by_id[name])
        for follower in followers.get(name, ()):
            waiting[follower] -= 1
            if not waiting[follower]:
                insort(ready, (by_id[follower].info.phase, follower))
    if len(result) < len(by_id):
        circle = ", ".join(sorted(name for name, count in waiting.items() if count > 0))
        raise ValueError(f"these passes wait for each other: {circle}")
    return tuple(result)


# --- finding ---------------------------------------------------------------------------


@cache
def load_registry(*, plugins: bool = True, catalogue: bool = True) -> Registry:
    """Return the passes of this installation; the same object for the same arguments.

    Args:
        plugins: Whether to look for plugins too.
        catalogue: Whether to believe the generated catalogue; tests do not.
    """
    problems: list[str] = []
    own = list(_own_passes(problems, catalogue=catalogue))
    found = {p.info.id: p for p in own}
    if plugins:
        for p in _plugin_passes(problems):
            if p.info.id in found:
                problems.append(f"the pass {p.info.id!r} of {p.info.module} was left out: the id is taken")
            else:
                found[p.info.id] = p
    try:
        return Registry(found.values(), tuple(problems))
    except ValueError as error:  # only plugins can bring that about: a test orders our own
        problems.append(f"plugins were left out: {error}")
        return Registry(own, tuple(problems))


def pass_files() -> dict[tuple[str, str], float]:
    """Return ``(category, function name)`` of each file with one of our own passes, and its time."""
    import os
    from importlib import import_module

    root = import_module("dockeropt.passes").__path__[0]
    found: dict[tuple[str, str], float] = {}
    for category in Category:
        try:
            with os.scandir(
                f"{root}/{category.value}"
            ) as folder:  # PERF: pathlib costs as much as all the rest
                for entry in folder:
                    if entry.name.endswith(".py") and not entry.name.startswith("_"):
                        found[category.value, entry.name[:-3]] = entry.stat().st_mtime
        except OSError:  # in a zip file, say: the catalogue knows them
            continue
    return found


def _own_passes(problems: list[str], *, catalogue: bool) -> Iterator[Pass]:
    files = pass_files()
    known: set[tuple[str, str]] = set()
    if catalogue:
        for info in _catalogue(files):
            known.add((info.category.value, info.id.replace("-", "_")))
            yield Pass(info)
    for category, name in sorted(files):
        if (category, name) not in known:
            try:
                yield import_pass(f"dockeropt.passes.{category}.{name}")
            except Exception as error:  # noqa: BLE001 - one broken file must not stop all others
                problems.append(f"the pass {name!r} was left out: {type(error).__name__}: {error}")


def _catalogue(files: Mapping[tuple[str, str], float]) -> Iterator[PassInfo]:
    """Yield what the catalogue knows of passes that are still there and not younger than it."""
    import os
    from importlib import import_module

    try:
        catalogue = import_module("dockeropt.passes.catalogue")
        written = os.stat(catalogue.__file__ or "").st_mtime
    except (ImportError, OSError):
        return
    for name, category, phase, after, aliases, since, level, default, repairs, wants in catalogue.PASSES:
        function = name.replace("-", "_")
        if files and files.get((category, function), float("inf")) > written + UNPACKING:
            continue
        yield PassInfo(
            name,
            f"dockeropt.passes.{category}.{function}",
            category=Category(category),
            phase=Phase(phase),
            after=after,
            aliases=aliases,
            since=since,
            level=Applicability(level),
            default=default,
            repairs=repairs,
            wants=wants,
        )


def import_pass(module: str) -> Pass:
    """Import the pass that stands in a module of its own name.

    Raises:
        TypeError: The module has no pass of its name.
    """
    from importlib import import_module

    name = module.rpartition(".")[2]
    found = getattr(import_module(module), name, None)
    if not isinstance(found, Pass):
        raise TypeError(f"{module} has no pass called {name}: file and function share one name")
    return found


# --- plugins ---------------------------------------------------------------------------


def _plugin_passes(problems: list[str]) -> Iterator[Pass]:
    if not _some_plugin():
        return
    from importlib.metadata import entry_points

    for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name):
        try:
            loaded = entry.load()
            found = [loaded] if isinstance(loaded, Pass) else list(_walk(loaded))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a stranger's import does
            problems.append(f"the plugin {entry.name!r} was left out: {type(error).__name__}: {error}")
            continue
        for p in found:
            if p.info.id.startswith(f"{entry.name}-"):
                yield p
            else:
                problems.append(
                    f"the pass {p.info.id!r} of the plugin {entry.name!r} was left out: "
                    f"its id has to start with {entry.name + '-'!r}"
                )


def _walk(module: ModuleType) -> Iterator[Pass]:
    from importlib import import_module
    from pkgutil import walk_packages

    modules = [module]
    if hasattr(module, "__path__"):
        names = [found.name for found in walk_packages(module.__path__, module.__name__ + ".")]
        modules += [import_module(name) for name in names]
    for found in modules:
        for value in vars(found).values():
            if isinstance(value, Pass) and value.info.module == found.__name__:
                yield value


def _some_plugin() -> bool:
    """Tell whether any installed package mentions our entry-point group.

    PERF: importing ``importlib.metadata`` costs more than a run over a file, and most
    installations have no plugin, so its files are looked into directly first.
    """
    import os
    import sys

    mark = f"[{GROUP}]".encode()
    for folder in _unique(sys.path):
        try:
            names = os.listdir(folder or ".")
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                try:
                    with open(f"{folder or '.'}/{name}/entry_points.txt", "rb") as file:
                        if mark in file.read():
                            return True
                except OSError:
                    continue
    return False


def _unique(folders: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(folders))
