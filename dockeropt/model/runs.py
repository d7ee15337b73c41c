"""What is known of one RUN, CMD, ENTRYPOINT or HEALTHCHECK: its shell, calls and mounts.

Invariant: a script is only read in the language that its shell speaks. When it is not known
which shell ``sh`` is, the dash and the bash reading must be the same, else there is none.
"""

import re
from functools import cache

from dockeropt.model.calls import CallFacts, find_calls
from dockeropt.model.mounts import Mount, parse_mount
from dockeropt.model.stages import Stage
from dockeropt.model.state import State
from dockeropt.shell import Dialect, Script, parse
from dockeropt.shell.nodes import Node, Word
from dockeropt.syntax.nodes import CommandInstruction
from dockeropt.text import Span, TextMap

_UNREAD = object()


class RunFacts:
    """Hold the facts of one instruction that runs a command.

    Args:
        node: The instruction.
        stage: The stage it stands in, ``None`` before the first FROM.
        state: What is in force there.
        onbuild: Whether it stands inside ONBUILD: it runs in a later build.
    """

    __slots__ = ("_calls", "_mounts", "_shell", "node", "onbuild", "stage", "state")

    def __init__(self, node: CommandInstruction, stage: Stage | None, state: State, *, onbuild: bool) -> None:
        self.node = node
        self.stage = stage
        self.state = state
        self.onbuild = onbuild
        self._shell: Script | object | None = _UNREAD
        self._calls: tuple[CallFacts, ...] | None = None
        self._mounts: tuple[Mount, ...] | None = None

    @property
    def script(self) -> TextMap | None:
        """Return the text that the shell gets, ``None`` for exec form."""
        return self.node.script

    @property
    def shell(self) -> Script | None:
        """Return the parsed script.

        ``None`` for exec form, for a shell that is not understood, for a syntax error, and
        when the shell is not known and readings differ.
        """
        if self._shell is _UNREAD:
            script = self.node.script
            self._shell = read_script(script.text, self.state) if script is not None else None
        assert self._shell is None or isinstance(self._shell, Script)
        return self._shell

    @property
    def calls(self) -> tuple[CallFacts, ...]:
        """Return all simple commands in source order, nested ones too."""
        if self._calls is None:
            shell = self.shell
            self._calls = find_calls(shell, self) if shell is not None else ()
        return self._calls

    @property
    def mounts(self) -> tuple[Mount, ...]:
        """Return the mounts of the instruction; one that cannot be read is left out."""
        if self._mounts is None:
            flags = [flag for flag in self.node.flags if flag.name == "mount"]
            found = [parse_mount(flag, self.state.expand, self.state.workdir) for flag in flags]
            self._mounts = tuple([mount for mount in found if mount is not None])
        return self._mounts

    def span(self, node: Node) -> Span:
        """Return the source span of a node of :attr:`shell`."""
        script = self.node.script
        assert script is not None
        return script.span(node.start, node.end)

    def mount_covers(self, path: str) -> bool:
        """Tell whether ``path`` lies on a mount, or may do so: a target can be unknown."""
        for mount in self.mounts:
            if mount.target is None:
                if mount.type not in ("secret", "ssh"):
                    return True
            elif path == mount.target or path.startswith(mount.target.rstrip("/") + "/"):
                return True
        return len(self.mounts) < sum(flag.name == "mount" for flag in self.node.flags)

    def __repr__(self) -> str:
        return f"RunFacts({self.node!r})"


def read_script(text: str, state: State) -> Script | None:
    """Return ``text`` parsed as the shell in force reads it, or ``None`` (see :class:`RunFacts`)."""
    if state.dialect is not None:
        script = parse(text, state.dialect)
        return script if script.problem is None else None
    if not state.posix:
        return None
    script = parse(text, Dialect.DASH)
    if script.problem is not None:
        return None
    if _ambiguous().search(text):
        other = parse(text, Dialect.BASH)
        if other.problem is not None or not same_reading(script, other):
            return None
    return script


@cache
def _ambiguous() -> re.Pattern[str]:
    """Return a pattern for every script that dash and bash may read differently."""
    return re.compile(
        r"&>|<<<|\[\[|\(\(|[<>=]\(|\|&|\$['\"\[]|;;?&|>&(?![\d-])|\+=|\w\[|(?<!\$)\{|[@?*+!]\("
        r"|\b(?:function|select|coproc|time)\b"
    )


def same_reading(a: Script, b: Script) -> bool:
    """Tell whether two parses of one text have the same commands at the same places."""
    stack: list[tuple[Node, Node]] = [(a, b)]
    while stack:
        one, two = stack.pop()
        if type(one) is not type(two) or one.start != two.start or one.end != two.end:
            return False
        if isinstance(one, Word) and isinstance(two, Word) and one.literal != two.literal:
            return False
        inner, other = one.children, two.children
        if len(inner) != len(other):
            return False
        stack.extend(zip(inner, other, strict=True))
    return True
