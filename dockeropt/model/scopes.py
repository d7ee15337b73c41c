"""The variables of one stage, ARG and ENV, while its instructions are read in order.

Invariant: what is not known is never guessed. A value is ``None`` when only the build can
tell: a platform argument, an argument without a default, or any name that the file does
not set while the environment of the base image is unknown (``exact`` is false).

Facts from BuildKit, ``dockerfile2llb/convert.go``: ARG before the first FROM is seen by
FROM lines only (``buildMetaArgs``); ARG without default inside a stage takes the value of
the global one (``dispatchArg``); ARG and ENV write to one environment and the later one
wins (``State.AddEnv``); a stage built on another inherits both, its ENV re-applied on top
(``dispatchState.init``, ``dispatchStages``).
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from dockeropt.model.expand import ExpansionError, expand, expand_words
from dockeropt.syntax.gotext import quoted
from dockeropt.syntax.nodes import Arg, Env, Instruction

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
"""PATH of an image that sets none (BuildKit ``system.DefaultPathEnvUnix``)."""

PLATFORM_ARGS = (
    "BUILDPLATFORM",
    "BUILDOS",
    "BUILDOSVERSION",
    "BUILDARCH",
    "BUILDVARIANT",
    "TARGETPLATFORM",
    "TARGETOS",
    "TARGETOSVERSION",
    "TARGETARCH",
    "TARGETVARIANT",
    "TARGETSTAGE",
)
"""Arguments that every build has (BuildKit ``defaultArgs``): empty or set by the builder."""

BUDGET = 1 << 24
"""Characters that all expanded values of a chain of stages may have; unknown from there on."""

_DECLARED, _ARG, _ENV = range(3)

Report = Callable[[Instruction, str], None]


def _ignore(node: Instruction, message: str) -> None:
    """Drop a problem: the default reporter of a scope."""


class Placeholders(dict[str, str | None]):
    """Variables among which a name that is not set stands for itself, as ``${NAME}``."""

    def get(self, key: str, default: object = None) -> str | None:  # noqa: ARG002
        """Return the value of ``key``, or a placeholder: never ``default``."""
        value = super().get(key)
        return f"${{{key}}}" if value is None else value


MAX_KNOWN = 64
"""Places of a stage whose variables are remembered; each may be as large as the stage."""


class Scope:
    """Hold the variables of a stage, with every change in order.

    The mappings are those after the last change; :meth:`env_at` and its sisters replay the
    changes up to an earlier point, so that a state costs nothing until it is looked into.

    Args:
        escape: The escape character in force.
        closed: Whether the build gets no more than is known: an ARG without a value is then
            unset, else it is unknown.
        report: Called with a node and a message for what BuildKit rejects.
        symbolic: Whether a name that is not set stands for itself instead of for nothing.

    ``exact`` tells whether a name that is not set is known to be unset, ``loose`` whether some
    word so far depended on what the base image or the build may set.
    """

    __slots__ = (
        "_known",
        "_log",
        "_start",
        "args",
        "closed",
        "env",
        "escape",
        "exact",
        "loose",
        "report",
        "spent",
        "variables",
    )

    def __init__(
        self, escape: str, *, closed: bool, report: Report = _ignore, symbolic: bool = False
    ) -> None:
        self.escape = escape
        self.closed = closed
        self.exact = closed
        self.report = report
        self.env: dict[str, str | None] = {}
        self.args: dict[str, str | None] = {}
        self.variables: dict[str, str | None] = Placeholders() if symbolic else {}
        self.loose = False
        self.spent = 0
        self._start: tuple[dict[str, str | None], dict[str, str | None], dict[str, str | None]] = ({}, {}, {})
        self._log: list[tuple[int, str, str | None]] = []
        self._known: dict[int, Mapping[str, str | None]] = {}  # some answers of variables_at

    def begin(self, parent: "Scope | None", env: Mapping[str, str | None] | None = None) -> None:
        """Take over what ``parent`` ended with, or the ``env`` of a base image if it is known."""
        if parent is not None:
            self.env = dict(parent.env)
            self.args = dict(parent.args)
            self.variables.update(parent.variables)
            self.variables.update(parent.env)
            self.exact = parent.exact
            self.loose = parent.loose
            self.spent = parent.spent
        elif env is not None:
            self.exact = True
            self.env = dict(env)
            self.variables.update(env)
        if self.env or self.args or self.variables:
            self._start = (dict(self.env), dict(self.args), dict(self.variables))

    @property
    def position(self) -> int:
        """Return the number of changes so far: what ``env_at`` takes."""
        return len(self._log)

    # --- changes ----------------------------------------------------------------------

    def set_env(self, key: str, value: str | None) -> None:
        """Set an ENV variable; ``None`` when its value is unknown."""
        self.env[key] = self.variables[key] = value
        self._log.append((_ENV, key, value))

    def set_arg(self, key: str, value: str | None) -> None:
        """Set an ARG to its value; ``None`` when it is unknown."""
        self.args[key] = self.variables[key] = value
        self._log.append((_ARG, key, value))

    def declare_arg(self, key: str) -> None:
        """Declare an ARG that has no value unless the build passes one."""
        self.args[key] = None
        if not self.closed and key not in self.variables:
            self.variables[key] = None
        self._log.append((_DECLARED, key, None))

    # --- expansion --------------------------------------------------------------------

    def expand(self, text: str, node: Instruction) -> str | None:
        """Return ``text`` with variables replaced and quotes removed, ``None`` if unknown.

        What BuildKit cannot expand is reported for ``node`` and gives ``None``.
        """
        try:
            result = expand(text, self.variables, self.escape)
        except ExpansionError as error:
            self.report(node, f"failed to process {quoted(text)}: {error}")
            return None
        if result.unset or result.unknown or "PATH" in text:
            self.loose = True
            if result.unset and not self.exact:
                return None
        if result.text is not None and len(result.text) > len(text):
            self.spent += len(result.text)
            if self.spent > BUDGET:
                return None
        return result.text

    def expand_words(self, text: str, node: Instruction) -> tuple[str, ...] | None:
        """Return the words that ``text`` becomes: values are split at blanks (EXPOSE only)."""
        try:
            words, unset = expand_words(text, self.variables, self.escape)
        except ExpansionError as error:
            self.report(node, f"failed to process {quoted(text)}: {error}")
            return ()
        if unset or words is None:
            self.loose = True
            if unset and not self.exact:
                return None
        return words

    def apply_env(self, node: Env) -> None:
        """Apply an ENV instruction: all its words see the environment before it."""
        pairs = [
            (self.expand(pair.key.text, node), self.expand(pair.value.text, node) if pair.value else "")
            for pair in node.pairs
        ]
        for key, value in pairs:
            if key is not None:
                self.set_env(key, value)

    def apply_arg(
        self, node: Arg, globals_: "Mapping[str, str | None]", build_args: Mapping[str, str | None]
    ) -> None:
        """Apply an ARG of a stage; each of its arguments sees those before it."""
        for pair in node.pairs:
            key = pair.key.text
            if key in build_args:
                self.set_arg(key, build_args[key])
            elif pair.value is not None:
                self.set_arg(key, self.expand(pair.value.text, node))
            elif key in globals_:
                self.set_arg(key, globals_[key])
            else:
                self.declare_arg(key)

    def apply_global_arg(self, node: Arg, build_args: Mapping[str, str | None]) -> None:
        """Apply an ARG that stands before the first FROM."""
        self.apply_arg(node, {}, build_args)

    # --- looking back -----------------------------------------------------------------

    def changes_since(self, position: int) -> list[tuple[str, str | None]]:
        """Return names and values of the changes after the first ``position``."""
        return [(key, value) for _, key, value in self._log[position:]]

    def env_at(self, position: int) -> Mapping[str, str | None]:
        """Return the ENV variables after ``position`` changes, base image's included if known."""
        env = dict(self._start[0])
        env.update([(key, value) for kind, key, value in self._log[:position] if kind == _ENV])
        return MappingProxyType(env)

    def args_at(self, position: int) -> Mapping[str, str | None]:
        """Return the ARG variables in force after ``position`` changes."""
        args = dict(self._start[1])
        args.update([(key, value) for kind, key, value in self._log[:position] if kind != _ENV])
        return MappingProxyType(args)

    def variables_at(self, position: int) -> Mapping[str, str | None]:
        """Return what an expansion or a RUN sees after ``position`` changes."""
        if position in self._known:
            return self._known[position]
        variables = dict(self._start[2])
        for kind, key, value in self._log[:position]:
            if kind != _DECLARED:
                variables[key] = value
            elif not self.closed:
                variables.setdefault(key, None)
        if len(self._known) >= MAX_KNOWN:
            self._known.clear()
        return self._known.setdefault(position, MappingProxyType(variables))


def global_scope(
    escape: str,
    args: tuple[Arg, ...],
    build_args: Mapping[str, str | None],
    *,
    closed: bool,
    platform: str | None = None,
    target: str = "",
    report: Report = _ignore,
) -> Scope:
    """Return the scope that FROM lines see.

    Args:
        escape: The escape character in force.
        args: The ARG instructions before the first FROM.
        build_args: Values passed to the build.
        closed: Whether an ARG without value is known to be unset (nothing else is passed).
        platform: Target and build platform such as ``linux/amd64``, if known.
        target: Name of the target stage, for TARGETSTAGE.
        report: Called for what BuildKit rejects.
    """
    scope = Scope(escape, closed=closed, report=report)
    known: dict[str, str] = {}
    if platform is not None:
        system, arch, *rest = (*platform.split("/"), "")
        for side in ("BUILD", "TARGET"):
            known[f"{side}PLATFORM"] = platform
            known[f"{side}OS"], known[f"{side}ARCH"] = system, arch
            known[f"{side}VARIANT"], known[f"{side}OSVERSION"] = rest[0] if rest else "", ""
        known["TARGETSTAGE"] = target or "default"
    scope.variables.update({name: build_args.get(name, known.get(name)) for name in PLATFORM_ARGS})
    for node in args:
        scope.apply_global_arg(node, build_args)
    return scope
