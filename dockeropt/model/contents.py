"""What lies at a path when a command of a stage is reached, and where it came from.

Invariant: errs to the side of "it may". Either everything that can be at or below the path is
accounted for, or the answer says what is not known, or there is none and the reason is given.
"""

from collections.abc import Iterator
from posixpath import dirname
from typing import TYPE_CHECKING, NamedTuple

from dockeropt.knowledge.layout import has_directory, is_free
from dockeropt.model.accounts import Home
from dockeropt.model.copies import Output, outputs
from dockeropt.model.footprint import certain_directories, footprint_of, new_directories
from dockeropt.model.paths import is_within, overlap
from dockeropt.model.state import State, clean_path, join_workdir
from dockeropt.model.writes import SYSTEM, Footprint
from dockeropt.syntax.nodes import Add, Copy, FileInstruction, Instruction, Onbuild, Run, Volume, Workdir

if TYPE_CHECKING:
    from dockeropt.model.calls import CallFacts
    from dockeropt.model.model import Model
    from dockeropt.model.runs import RunFacts

_SHARED = ("/etc", "/usr", "/var", "/bin", "/lib", "/sbin", "/root", "/run", "/tmp", "/dev", "/boot")  # noqa: S108
"""Places where packages do put files: what else is in a directory there cannot be said."""

_SKELETON = (".bash_logout", ".bash_profile", ".bashrc", ".cshrc", ".profile", ".kshrc", ".zshrc", ".mozilla")


class Contents(NamedTuple):
    """Say what can be at a path and below it.

    Args:
        copies: The COPY instructions that fill it, in order.
        existed: Whether the path may have been a directory before the first of them.
        directories: Directories below it that commands or WORKDIR may have made.
        home: The home directory that the path is, with its skeleton in it.
        doubts: What would have to be known to be sure, as clauses that begin with "whether".
    """

    copies: tuple[Copy, ...]
    existed: bool
    directories: tuple[str, ...]
    home: Home | None
    doubts: tuple[str, ...]


class Refused(NamedTuple):
    """Say why the contents are not known."""

    reason: str


class _Look:
    """Follow a stage from its beginning, for one path.

    What happens before the first COPY to the path does not matter when the path turns out to be
    one file, which COPY replaces: such reasons are kept apart.

    Args:
        path: Absolute, cleaned.
        written: The path as the command writes it, to look for in other scripts.
        names: Whether it matters that the user database stays as it is from the first COPY on.
        settled: Calls that are known to write where packages lie and nowhere else.
    """

    def __init__(self, path: str, written: str, *, names: bool, settled: "frozenset[CallFacts]") -> None:
        self.path = path
        self.written = written
        self.names = names
        self.settled = settled
        self.may_be_packaged = _holds_packages(path)
        self.copies: list[Copy] = []
        self.exact = True  # nothing but single files of this very path was copied
        self.made: dict[str, None] = {}
        self.existing: set[str] = set()
        self.existing_at_first: frozenset[str] = frozenset()
        self.home: Home | None = None
        self.fresh = False  # it is known that there was nothing before
        self.earlier: list[str] = []
        self.doubts: list[tuple[str, int]] = []  # who may have put files there, and in which line

    @property
    def started(self) -> bool:
        return bool(self.copies)

    def unless_replaced(self, reason: str) -> str | None:
        """Refuse for ``reason``, or remember it when the path may still be replaced."""
        if self.started:
            return reason
        self.earlier.append(reason)
        return None

    # --- instructions ------------------------------------------------------------------

    def copy(self, node: FileInstruction, state: State, *, own: bool) -> str | None:
        written = outputs(node, state)
        if written is None:
            return self.unless_replaced(f"where {node.name} puts its files is not known")
        reason: str | None = None
        inside = [out for out in written if is_within(out.path, self.path)]
        if any(not out.exact and is_within(self.path, out.path) and out not in inside for out in written):
            reason = self.unless_replaced(f"{node.name} may put files there from above")
        elif inside and (not own or not isinstance(node, Copy)):
            reason = self.unless_replaced(f"{node.name if own else 'an earlier stage'} puts files there")
        elif inside:
            assert isinstance(node, Copy)
            if not self.started:
                self.existing_at_first = frozenset(self.existing)
            self.copies.append(node)
            self.exact = self.exact and all(out == Output(self.path, exact=True) for out in inside)
        elif self.started and self.names and any(overlap(out.path, "/etc/passwd") for out in written):
            reason = "the user database is copied"
        for out in written:
            self.exists(dirname(out.path))
        return reason

    def workdir(self, node: Workdir, state: State) -> str | None:
        made = join_workdir(state.workdir, state.expand(node.argument.text))
        if made is None:
            return self.unless_replaced("the working directory is not known")
        path = clean_path(made)
        self.exists(path)
        while path != "/":
            self.make(path)
            path = dirname(path)
        return None

    def volume(self, node: Volume, state: State) -> str | None:
        texts = node.exec_form.values if node.exec_form else [word.text for word in node.words]
        for text in texts:
            path = state.expand(text)
            if path is None or overlap(clean_path("/" + path.strip("/")), self.path):
                return "it is, holds or lies in a volume"
        return None

    def run(self, run: "RunFacts", line: int, until: "CallFacts | None" = None) -> str | None:
        mark = footprint_of(run, until, self.settled)
        if mark.anywhere:
            return self.unknown(run, line)
        if self.started and run.state.is_root is False and run.calls[:1] != (until,):
            return f"line {line} runs as another user after the COPY"
        for tree in mark.trees:
            if is_within(tree, self.path) or (self.started and is_within(self.path, tree)):
                reason = self.unless_replaced(f"the command in line {line} writes there")
                if reason:
                    return reason
            elif is_within(self.path, tree):
                self.doubts.append(("commands", line))
        there = self.path in self.made or self.path in self.existing
        for path in mark.directories:
            self.make(path)
        if self.path in new_directories(run, until):
            self.fresh = True
            self.earlier, self.doubts = [], []
        self.removed(mark)
        for path in certain_directories(run, until):
            self.exists(path)
        return self.packages(mark, line) or self.accounts(mark, line, there=there) or self.owners(mark, line)

    # --- what a command did ------------------------------------------------------------

    def unknown(self, run: "RunFacts", line: int) -> str | None:
        text = run.script.text if run.script is not None else run.node.rest.text
        inside = run.state.workdir is not None and is_within(run.state.workdir, self.path)
        if self.started:
            return f"what the command in line {line} does after the COPY is not known"
        if inside or self.path in text or (len(self.written) > 1 and self.written in text):
            return self.unless_replaced(f"the command in line {line} may write there")
        self.doubts.append(("commands", line))
        return None

    def packages(self, mark: Footprint, line: int) -> str | None:
        if not mark.packages or not self.may_be_packaged:
            return None
        if self.started:
            return f"the packages of line {line} may put files there"
        self.doubts.append(("packages", line))
        return None

    def accounts(self, mark: Footprint, line: int, *, there: bool) -> str | None:
        if mark.users and self.started and self.names:
            return f"line {line} changes the users after the COPY"
        for home in mark.homes:
            if home.path == self.path:
                # useradd and Debian's adduser leave a directory alone that is there already
                self.home = None if there else home
            elif is_within(home.path, self.path):
                return self.unless_replaced(f"line {line} makes a home directory in it")
            elif self.path.startswith(tuple([f"{home.path}/{name}" for name in _SKELETON])):
                return self.unless_replaced(f"line {line} may put it there")
        return None

    def owners(self, mark: Footprint, line: int) -> str | None:
        if self.started and any(overlap(path, self.path) for path in mark.owned):
            return f"line {line} changes owners or special modes there"
        return None

    def removed(self, mark: Footprint) -> None:
        if mark.removed:
            kept = [path for path in self.existing if not any(is_within(path, gone) for gone in mark.removed)]
            self.existing = set(kept)

    def make(self, path: str) -> None:
        there = self.started and path == self.path  # COPY has made it
        if is_within(path, self.path) and not there:
            self.made[path] = None

    def exists(self, path: str) -> None:
        while path not in self.existing:
            self.existing.add(path)
            path = dirname(path)


def contents_of(
    model: "Model",
    run: "RunFacts",
    call: "CallFacts",
    path: str,
    written: str,
    *,
    names: bool,
    settled: "frozenset[CallFacts]" = frozenset(),
) -> Contents | Refused:
    """Return what is at ``path`` when ``call`` is reached.

    Args:
        model: The file.
        run: The RUN that holds the call.
        call: The command that is asked for.
        path: An absolute, cleaned path.
        written: How the command writes it.
        names: Whether the users must be the same from the first COPY up to the call.
        settled: Calls that are known to write where packages lie and nowhere else.
    """
    stage = run.stage
    assert stage is not None
    if any(isinstance(node, Onbuild) for part in stage.chain[:-1] for node in part.instructions):
        return Refused("ONBUILD of an earlier stage may put files there")
    if not any(own and _fills(model, node, path) for node, own in _before(run)):
        return Refused(
            "no COPY fills it"
        )  # PERF: most directories that are given away are filled by commands
    look = _Look(path, written, names=names, settled=settled)
    facts = {id(other.node): other for other in model.runs}
    for node, own in _before(run):
        state = model.state_before(node)
        line = model.tree.source.position(node.keyword.start).line
        reason: str | None = None
        if isinstance(node, Copy | Add):
            reason = look.copy(node, state, own=own)
        elif isinstance(node, Workdir):
            reason = look.workdir(node, state)
        elif isinstance(node, Volume):
            reason = look.volume(node, state)
        elif isinstance(node, Run):
            reason = look.run(facts[id(node)], line)
        if reason:
            return Refused(reason)
    reason = look.run(run, model.tree.source.position(run.node.keyword.start).line, call)
    return Refused(reason) if reason else _answer(look, run)


def _fills(model: "Model", node: Instruction, path: str) -> bool:
    """Tell whether ``node`` is a COPY to ``path`` or below it."""
    if not isinstance(node, Copy):
        return False
    return any(is_within(out.path, path) for out in outputs(node, model.state_before(node)) or ())


def _before(run: "RunFacts") -> Iterator[tuple[Instruction, bool]]:
    """Yield the instructions before ``run`` from the base image on, and whether they are of its stage."""
    stage = run.stage
    assert stage is not None
    for part in stage.chain:
        for node in part.instructions:
            if node is run.node:
                return
            yield node, part is stage


def _answer(look: _Look, run: "RunFacts") -> Contents | Refused:
    assert run.stage is not None
    image, path, doubts = run.stage.base, look.path, list(_who(look.doubts))
    if look.exact and path not in look.made and look.home is None:
        doubts = []
        existed = False
    elif look.earlier:
        return Refused(look.earlier[0])
    elif look.fresh or path in look.made or look.home is not None:
        existed = look.home is None
    else:
        free = image is not None and is_free(image.official, image.tag, path)
        existed = not free or bool(doubts)
        if not free:
            if any(is_within(path, place) for place in _SHARED) and not path.startswith(
                ("/usr/src/", "/var/www/")
            ):
                return Refused("packages and the base image may have files there")
            doubts = [f"whether {image.text if image else 'the base image'} has files in {path}", *doubts]
    if path not in look.made and not _parent_exists(look, run):
        doubts = [*doubts, f"whether {dirname(path)} exists before the COPY"]
    below = tuple(sorted([made for made in look.made if made != path]))
    if not look.existing.issuperset(below):
        return Refused("a directory in it may have been made or not")
    return Contents(tuple(look.copies), existed, below, look.home, tuple(dict.fromkeys(doubts)))


def _holds_packages(path: str) -> bool:
    """Tell whether a package may have files at ``path``."""
    name = path.split("/")[3] if path.startswith("/usr/src/") else ""
    return any(is_within(path, place) for place in SYSTEM) and (
        not name or name.startswith(("linux", "php", "python"))
    )


def _who(doubts: list[tuple[str, int]]) -> Iterator[str]:
    """Yield one clause for the packages and one for the commands that may have put files there."""
    for kind in ("packages", "commands"):
        lines = sorted({line for what, line in doubts if what == kind})
        if lines:
            numbers = ", ".join(map(str, lines[:-1])) + (" and " if len(lines) > 1 else "") + str(lines[-1])
            one = kind if kind == "packages" else "command" if len(lines) == 1 else kind
            place = "line" if len(lines) == 1 else "lines"
            verb = "puts" if one == "command" else "put"
            yield f"whether the {one} of {place} {numbers} {verb} files there"


def _parent_exists(look: _Look, run: "RunFacts") -> bool:
    assert run.stage is not None
    image, parent = run.stage.base, dirname(look.path)
    return parent in look.existing_at_first or has_directory(image.family if image else None, parent)
