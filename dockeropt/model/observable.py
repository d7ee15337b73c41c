"""The image configuration that a build of the file makes: what a user can observe of it.

Invariant: the result is BuildKit's own over an empty base image (only PATH is set), with
``None`` for what only the build knows. Two files with equal configurations, computed so, set
the same things whatever the base image holds.

Source: BuildKit ``dockerfile2llb/convert.go`` (``dispatch…``).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from dockeropt.model.expand import ExpansionError, expand_words
from dockeropt.model.images import ImageRef
from dockeropt.model.ports import parse_duration, parse_port
from dockeropt.model.scopes import DEFAULT_PATH, Scope, quoted
from dockeropt.model.stages import Stage
from dockeropt.model.state import DEFAULT_SHELL, join_workdir
from dockeropt.syntax.nodes import (
    Arg,
    Cmd,
    CommandInstruction,
    Entrypoint,
    Env,
    Expose,
    Healthcheck,
    Instruction,
    Label,
    Maintainer,
    Onbuild,
    Problem,
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
)

if TYPE_CHECKING:
    from dockeropt.model.model import Model

Pairs = tuple[tuple[str, str | None], ...]


class HealthcheckConfig(NamedTuple):
    """Hold a health check: the test and times in nanoseconds, 0 for the default."""

    test: tuple[str, ...]
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0


class ImageConfig(NamedTuple):
    """Hold the configuration of an image.

    Values are ``None`` when only the build knows them, ``cmd`` and ``entrypoint`` also when the
    file sets none or resets them.

    Args:
        env: Variables in order, PATH first unless a base environment is given.
        entrypoint: Words, shell form wrapped in the SHELL in force.
        cmd: The same of CMD; reset by ENTRYPOINT when inherited.
        args_escaped: The historical mark that CMD leaves.
        user: USER, ``""`` if not set.
        workdir: WORKDIR, ``""`` if not set.
        exposed: ``port/protocol``, sorted; ``None`` among them for an unknown one.
        volumes: Paths, sorted; the same.
        labels: Labels, sorted by name.
        healthcheck: The check, or ``None``.
        shell: SHELL, ``()`` if not set.
        stopsignal: STOPSIGNAL, ``""`` if not set.
        onbuild: The texts of ONBUILD, in order.
        author: MAINTAINER, ``""`` if not set.
        base: The image that it is built on, ``None`` if unknown or scratch.
    """

    env: Pairs = ()
    entrypoint: tuple[str, ...] | None = None
    cmd: tuple[str, ...] | None = None
    args_escaped: bool = False
    user: str | None = ""
    workdir: str | None = ""
    exposed: tuple[str | None, ...] = ()
    volumes: tuple[str | None, ...] = ()
    labels: Pairs = ()
    healthcheck: HealthcheckConfig | None = None
    shell: tuple[str, ...] = ()
    stopsignal: str | None = ""
    onbuild: tuple[str, ...] = ()
    author: str = ""
    base: ImageRef | None = None


class Observation(NamedTuple):
    """Hold the configuration of a stage's image and what BuildKit rejects on the way."""

    config: ImageConfig
    problems: tuple[Problem, ...]


class Image:
    """Hold the configuration while instructions are applied to it."""

    __slots__ = (
        "args_escaped",
        "author",
        "cmd",
        "cmd_set",
        "entrypoint",
        "env",
        "exposed",
        "healthcheck",
        "labels",
        "onbuild",
        "scope",
        "shell",
        "stopsignal",
        "user",
        "volumes",
        "workdir",
    )

    def __init__(self, scope: Scope, parent: "Image | None") -> None:
        self.scope = scope
        self.onbuild: list[str] = []  # triggers do not carry over
        self.cmd_set = False
        if parent is None:
            self.env: dict[str, str | None] = dict(scope.env)
            self.entrypoint: tuple[str, ...] | None = None
            self.cmd: tuple[str, ...] | None = None
            self.args_escaped = False
            self.user: str | None = ""
            self.workdir: str | None = ""
            self.exposed: set[str | None] = set()
            self.volumes: set[str | None] = set()
            self.labels: dict[str, str | None] = {}
            self.healthcheck: HealthcheckConfig | None = None
            self.shell: tuple[str, ...] = ()
            self.stopsignal: str | None = ""
            self.author = ""
            return
        self.env = dict(parent.env)
        self.entrypoint = parent.entrypoint
        self.cmd = parent.cmd
        self.args_escaped = parent.args_escaped
        self.user = parent.user
        self.workdir = parent.workdir
        self.exposed = set(parent.exposed)
        self.volumes = set(parent.volumes)
        self.labels = dict(parent.labels)
        self.healthcheck = parent.healthcheck
        self.shell = parent.shell
        self.stopsignal = parent.stopsignal
        self.author = parent.author

    def apply(self, node: Instruction, model: "Model", globals_: Scope) -> None:
        """Apply one instruction."""
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)
        elif isinstance(node, Arg):
            self.scope.apply_arg(node, globals_.variables, model.build_args)

    def frozen(self, base: ImageRef | None) -> ImageConfig:
        """Return the configuration as it is now."""
        return ImageConfig(
            env=tuple(self.env.items()),
            entrypoint=self.entrypoint,
            cmd=self.cmd,
            args_escaped=self.args_escaped,
            user=self.user,
            workdir=self.workdir,
            exposed=tuple(sorted(self.exposed, key=str)),
            volumes=tuple(sorted(self.volumes, key=str)),
            labels=tuple(sorted(self.labels.items(), key=lambda item: item[0])),
            healthcheck=self.healthcheck,
            shell=self.shell,
            stopsignal=self.stopsignal,
            onbuild=tuple(self.onbuild),
            author=self.author,
            base=base,
        )

    def command(self, node: CommandInstruction) -> tuple[str, ...]:
        """Return the words of CMD or ENTRYPOINT, the shell in front of a script."""
        if node.exec_form is not None:
            return node.exec_form.values
        script = node.script.text if node.script is not None else ""
        return (*(self.shell or DEFAULT_SHELL), script)


def _env(image: Image, node: Instruction) -> None:
    assert isinstance(node, Env)
    count = image.scope.position
    image.scope.apply_env(node)
    for key, value in image.scope.changes_since(count):
        image.env[key] = value


def _label(image: Image, node: Instruction) -> None:
    assert isinstance(node, Label)
    expand = image.scope.expand
    for pair in node.pairs:
        key = expand(pair.key.text, node)
        value = expand(pair.value.text, node) if pair.value else ""
        if key is not None:
            image.labels[key] = value


def _user(image: Image, node: Instruction) -> None:
    assert isinstance(node, User)
    image.user = image.scope.expand(node.argument.text, node)


def _workdir(image: Image, node: Instruction) -> None:
    assert isinstance(node, Workdir)
    current = "/" if image.workdir == "" else image.workdir
    image.workdir = join_workdir(current, image.scope.expand(node.argument.text, node))


def _cmd(image: Image, node: Instruction) -> None:
    assert isinstance(node, Cmd)
    image.cmd = image.command(node) or None
    image.args_escaped = image.cmd_set = True


def _entrypoint(image: Image, node: Instruction) -> None:
    assert isinstance(node, Entrypoint)
    image.entrypoint = image.command(node) or None
    if not image.cmd_set:
        image.cmd = None


def _healthcheck(image: Image, node: Instruction) -> None:
    assert isinstance(node, Healthcheck)
    if node.disabled:
        image.healthcheck = HealthcheckConfig(("NONE",))
        return
    if node.exec_form is not None:
        test = ("CMD", *node.exec_form.values)
    else:
        test = ("CMD-SHELL", node.script.text if node.script is not None else "")

    def number(name: str, read: Callable[[str], int]) -> int:
        flag = node.flag(name)
        try:
            return read(flag.value) if flag and flag.value else 0
        except ValueError:
            return 0

    image.healthcheck = HealthcheckConfig(
        test,
        number("interval", parse_duration),
        number("timeout", parse_duration),
        number("start-period", parse_duration),
        number("start-interval", parse_duration),
        number("retries", int),
    )


def _expose(image: Image, node: Instruction) -> None:
    assert isinstance(node, Expose)
    scope = image.scope
    for word in node.words:
        try:
            words, unset = expand_words(word.text, scope.variables, scope.escape)
        except ExpansionError as error:
            scope.report(node, f"failed to process {quoted(word.text)}: {error}")
            continue
        if words is None or (unset and not scope.exact):
            image.exposed.add(None)
            continue
        for text in words:
            try:
                image.exposed.update(parse_port(text))
            except ValueError as error:
                scope.report(node, str(error))


def _volume(image: Image, node: Instruction) -> None:
    assert isinstance(node, Volume)
    texts = node.exec_form.values if node.exec_form else tuple([word.text for word in node.words])
    for text in texts:
        path = image.scope.expand(text.strip(), node)
        if path == "":
            image.scope.report(node, "VOLUME specified can not be an empty string")
        else:
            image.volumes.add(path)


def _stopsignal(image: Image, node: Instruction) -> None:
    assert isinstance(node, Stopsignal)
    image.stopsignal = image.scope.expand(node.argument.text, node)
    if image.stopsignal is not None and not is_signal(image.stopsignal):
        image.scope.report(node, f"invalid signal: {image.stopsignal}")


def _shell(image: Image, node: Instruction) -> None:
    assert isinstance(node, Shell)
    image.shell = node.exec_form.values


def _onbuild(image: Image, node: Instruction) -> None:
    assert isinstance(node, Onbuild)
    image.onbuild.append(onbuild_text(node))


def _maintainer(image: Image, node: Instruction) -> None:
    assert isinstance(node, Maintainer)
    image.author = node.argument.text


_HANDLERS: dict[type, Callable[[Image, Instruction], None]] = {
    Env: _env,
    Label: _label,
    User: _user,
    Workdir: _workdir,
    Cmd: _cmd,
    Entrypoint: _entrypoint,
    Healthcheck: _healthcheck,
    Expose: _expose,
    Volume: _volume,
    Stopsignal: _stopsignal,
    Shell: _shell,
    Onbuild: _onbuild,
    Maintainer: _maintainer,
}


def onbuild_text(node: Onbuild) -> str:
    """Return the trigger as it is written into the image (BuildKit ``parseOnBuild``)."""
    text = node.logical.text.lstrip()[len("ONBUILD") :].lstrip()
    for heredoc in node.heredocs:
        text += f"\n{heredoc.body.text}{heredoc.name}"
    return text


_SIGNALS = frozenset(
    (
        "ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS"
        " TERM TRAP TSTP TTIN TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX"
    ).split()
)


def is_signal(text: str) -> bool:
    """Tell whether STOPSIGNAL takes ``text`` (github.com/moby/sys/signal ``ParseSignal``)."""
    if text.lstrip("+-").isdigit() and text.isascii():
        return int(text[:9]) != 0
    name = text.upper().removeprefix("SIG")
    if name in _SIGNALS:
        return True
    start, sign, number = name[:5], name[5:6], name[6:]
    if not number.isdigit() or not number.isascii():
        return False
    return ((start, sign) == ("RTMIN", "+") and 1 <= int(number[:3]) <= 15) or (
        (start, sign) == ("RTMAX", "-") and 1 <= int(number[:3]) <= 14
    )


def observe(model: "Model", stage: Stage | None) -> Observation:
    """Return the configuration of ``stage`` and the problems of all stages it needs."""
    from dockeropt.model.build import Build

    build = Build(model, stage.index if stage is not None else None)
    images: dict[int, Image] = {}
    for current in build.needed:
        scope = Scope(model.tree.escape, closed=True, report=build.report)
        parent = images[current.parent.index] if current.parent else None
        base_env = (
            {"PATH": DEFAULT_PATH} if model.base_env is None else {"PATH": DEFAULT_PATH, **model.base_env}
        )
        scope.begin(parent.scope if parent else None, base_env)
        image = images[current.index] = Image(scope, parent)
        if current.base_name == "scratch":
            image.workdir = "/"  # BuildKit emptyImage
        for node in build.steps(current):
            build.check(node, current, scope)
            image.apply(node, model, build.globals)
    if build.final is None:
        return Observation(ImageConfig(), tuple(build.problems))
    config = images[build.final.index].frozen(build.final.base)
    return Observation(config, tuple(build.problems))
