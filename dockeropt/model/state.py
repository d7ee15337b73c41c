"""What is in force at an instruction: variables, user, directory, shell.

Invariant: a state never changes and costs O(1) to make: instructions that change nothing
share one, and the variables are replayed from the scope's record when asked for. Unknown is
an answer of its own (``None``), never "root" or "/".
"""

from collections.abc import Iterable, Mapping
from posixpath import basename, join, normpath

from dockeropt.model.images import ImageRef
from dockeropt.model.scopes import Scope
from dockeropt.shell.nodes import Dialect
from dockeropt.syntax.nodes import (
    Arg,
    CommandInstruction,
    Env,
    Instruction,
    Onbuild,
    Run,
    Shell,
    User,
    Workdir,
)

DEFAULT_SHELL = ("/bin/sh", "-c")
WINDOWS_SHELL = ("cmd", "/S", "/C")

ROOT_IMAGES = frozenset(
    (
        "almalinux alpine amazoncorretto amazonlinux archlinux bash buildpack-deps busybox centos"
        " clojure composer dart debian docker eclipse-temurin elixir erlang fedora gcc golang haskell"
        " httpd julia maven mongo mono mysql nginx node openjdk opensuse oraclelinux perl photon php"
        " postgres pypy python r-base rabbitmq redis rockylinux ruby rust swift tomcat ubuntu"
    ).split()
)
"""Docker Official Images that set no USER (their Dockerfiles in docker-library; of ``docker``
only the tags that are not ``-rootless``)."""

PLAIN_ROOTS = frozenset(
    (
        "almalinux alpine amazoncorretto amazonlinux archlinux buildpack-deps busybox centos debian"
        " eclipse-temurin elixir erlang fedora gcc haskell java maven mongo mysql nginx node openjdk"
        " oraclelinux photon postgres pypy python rockylinux ruby rust ubuntu"
    ).split()
)
"""Official images without a WORKDIR: the directory in force is ``/``."""


class State:
    """Hold what is in force before an instruction.

    Args:
        scope: Where the variables are recorded.
        position: How many changes of the scope count.
        user: USER as written with variables expanded; ``None`` when none is set or it is unknown.
        user_known: Whether the user is known: set by the file, or the base image's own is.
        is_root: Whether commands run as root; ``None`` when only the base image knows.
        workdir: Absolute path, ``None`` when only the base image knows.
        shell: The words of SHELL, or the platform's default.
        sh: What ``/bin/sh`` is; ``None`` if unknown.
    """

    __slots__ = (
        "_env",
        "_position",
        "_scope",
        "dialect",
        "errexit",
        "is_root",
        "login",
        "pipefail",
        "posix",
        "sh",
        "shell",
        "user",
        "user_known",
        "workdir",
    )

    def __init__(
        self,
        scope: Scope,
        position: int,
        user: str | None,
        user_known: bool,  # noqa: FBT001 - positional for speed, private use
        is_root: bool | None,  # noqa: FBT001
        workdir: str | None,
        shell: tuple[str, ...],
        sh: Dialect | None,
    ) -> None:
        self._scope = scope
        self._position = position
        self._env: Mapping[str, str | None] | None = None
        self.user = user
        self.user_known = user_known
        self.is_root = is_root
        self.workdir = workdir
        self.shell = shell
        self.sh = sh
        program, options = shell_options(shell)
        self.errexit = "e" in options
        self.pipefail = "P" in options
        self.login = "l" in options or "i" in options
        self.posix = program in ("sh", "ash", "dash", "bash") and "c" in options
        self.dialect: Dialect | None = None
        if self.posix:
            self.dialect = sh if program == "sh" else _PROGRAMS[program]

    @property
    def env(self) -> Mapping[str, str | None]:
        """Return the ENV variables in force; ``None`` stands for a value that is unknown.

        Variables of the base image are not among them unless its environment is given.
        """
        if self._env is None:
            self._env = self._scope.env_at(self._position)
        return self._env

    @property
    def args(self) -> Mapping[str, str | None]:
        """Return the ARG variables in force; ``None`` without a known value."""
        return self._scope.args_at(self._position)

    @property
    def variables(self) -> Mapping[str, str | None]:
        """Return what expansions and RUN see: ENV and ARG together, the later one winning."""
        return self._scope.variables_at(self._position)

    @property
    def exact(self) -> bool:
        """Tell whether a variable that is not in ``variables`` is known to be unset."""
        return self._scope.exact

    def expand(self, text: str) -> str | None:
        """Return ``text`` with variables replaced as Docker does; ``None`` if not known."""
        from dockeropt.model.expand import ExpansionError, expand

        try:
            result = expand(text, self.variables, self._scope.escape)
        except ExpansionError:
            return None
        return None if result.unset and not self._scope.exact else result.text

    def __repr__(self) -> str:
        return f"State(user={self.user!r}, workdir={self.workdir!r}, shell={self.shell!r})"


_PROGRAMS = {"ash": Dialect.ASH, "dash": Dialect.DASH, "bash": Dialect.BASH}


def shell_options(words: tuple[str, ...]) -> tuple[str, frozenset[str]]:
    """Return the program's name and its option letters; ``P`` stands for pipefail.

    >>> shell_options(("/bin/bash", "-eo", "pipefail", "-c"))[0]
    'bash'
    """
    rest = list(words)
    if rest and basename(rest[0]) == "env":
        rest = rest[1:]
    if rest and basename(rest[0]) == "busybox":
        rest = rest[1:]
    if not rest:
        return "", frozenset()
    program = basename(rest[0]).removesuffix(".exe")
    letters: set[str] = set()
    names = iter(rest[1:])
    for word in names:
        if word == "--login":
            letters.add("l")
        elif word.startswith("-") and not word.startswith("--"):
            letters.update(word[1:].replace("o", ""))
            if "o" in word:
                name = next(names, "")
                letters.update({"pipefail": "P", "errexit": "e"}.get(name, ""))
        elif not word.startswith(("--", "+")):
            letters.discard("c")  # a script file or a first command: not our text
            break
    return program, frozenset(letters)


def initial_state(scope: Scope, image: ImageRef | None, *, scratch: bool) -> State:
    """Return the state right after FROM an image.

    Args:
        scope: The stage's scope.
        image: The base image, ``None`` if unknown.
        scratch: Whether the stage starts from nothing.
    """
    official = image.official or "" if image is not None else ""
    tag = image.tag or "" if image is not None else ""
    root = scratch or (official in ROOT_IMAGES and "rootless" not in tag)
    sh = image.dialect if image is not None else None
    workdir = "/" if scratch or official in PLAIN_ROOTS else None
    windows = image is not None and sh is None and image.family == "windows"
    shell = WINDOWS_SHELL if windows else DEFAULT_SHELL
    return State(scope, 0, None, root, True if root else None, workdir, shell, sh)


def inherited_state(scope: Scope, parent: State) -> State:
    """Return the state right after FROM an earlier stage that ended in ``parent``."""
    return State(
        scope,
        0,
        parent.user,
        parent.user_known,
        parent.is_root,
        parent.workdir,
        parent.shell,
        parent.sh,
    )


def next_state(
    state: State,
    node: Instruction,
    scope: Scope,
    globals_: Mapping[str, str | None],
    build_args: Mapping[str, str | None],
) -> State:
    """Return the state after ``node``: ``state`` itself when nothing changes."""
    user, known, root, workdir, shell, sh = (
        state.user,
        state.user_known,
        state.is_root,
        state.workdir,
        state.shell,
        state.sh,
    )
    kind = type(node)
    if kind is Run:
        assert isinstance(node, CommandInstruction)
        if sh is None or not _replaces_sh(node):
            return state
        sh = None
    elif kind is Env:
        assert isinstance(node, Env)
        scope.apply_env(node)
    elif kind is Arg:
        assert isinstance(node, Arg)
        scope.apply_arg(node, globals_, build_args)
    elif kind is User:
        assert isinstance(node, User)
        user = scope.expand(node.argument.text, node)
        known = user is not None
        root = runs_as_root(user)
    elif kind is Workdir:
        assert isinstance(node, Workdir)
        workdir = join_workdir(workdir, scope.expand(node.argument.text, node))
    elif kind is Shell:
        assert isinstance(node, Shell)
        shell = node.exec_form.values
    else:
        return state
    return State(scope, scope.position, user, known, root, workdir, shell, sh)


def runs_as_root(user: str | None) -> bool | None:
    """Tell whether a USER value means root; ``None`` if the value is unknown.

    An empty user or user part means the default, root.
    """
    if user is None:
        return None
    name = user.partition(":")[0]
    return name in ("", "root") or (name.isascii() and name.isdigit() and int(name[:19]) == 0)


def join_workdir(current: str | None, path: str | None) -> str | None:
    """Return the directory after WORKDIR ``path`` (BuildKit ``NormalizeWorkdir``).

    An absolute path stays as written; a relative one is joined and cleaned. ``None`` if unknown.
    """
    if path is None:
        return None
    if not path:
        return current
    if path.startswith("/"):
        return path
    if current is None:
        return None
    return clean_path(join(current, path))


def clean_path(path: str) -> str:
    """Return ``path`` without ``.``, ``..`` and doubled slashes (Go ``path.Clean``)."""
    path = normpath(path)
    return path[1:] if path.startswith("//") else path


def onbuild_triggers(nodes: Iterable[Instruction]) -> tuple[Instruction, ...]:
    """Return the instructions that a stage built on ``nodes`` runs first."""
    return tuple([node.inner for node in nodes if isinstance(node, Onbuild)])


def _replaces_sh(node: CommandInstruction) -> bool:
    """Tell whether a RUN may put another shell in the place of ``/bin/sh``."""
    if node.script is not None:
        text = node.script.text
        return ("/bin/sh" in text and ("ln " in text or "mv " in text or "cp " in text)) or (
            "dash" in text and ("reconfigure" in text or "divert" in text or "alternatives" in text)
        )
    return node.exec_form is not None and "/bin/sh" in node.exec_form.values[1:]
