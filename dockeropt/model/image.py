"""The image configuration while the instructions of a stage are applied to it, one by one.

Invariant: what an instruction does to the configuration is what BuildKit does, and what BuildKit
refuses is reported to the scope. Source: BuildKit ``dockerfile2llb/convert.go`` (``dispatch…``).
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from dockeropt.model.notations import is_signal, parse_port
from dockeropt.model.scopes import Scope
from dockeropt.model.state import DEFAULT_SHELL, join_workdir
from dockeropt.syntax.gotext import nanoseconds
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
    Shell,
    Stopsignal,
    User,
    Volume,
    Workdir,
)


class HealthcheckConfig(NamedTuple):
    """Hold a health check: the test and times in nanoseconds, 0 for the default."""

    test: tuple[str, ...]
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0


class Image:
    """Hold the configuration as it is after the instructions so far.

    Args:
        scope: The variables of the stage.
        parent: The finished image of the stage that FROM names.
    """

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

    def apply(
        self, node: Instruction, globals_: Mapping[str, str | None], build_args: Mapping[str, str | None]
    ) -> None:
        """Apply one instruction; the last two are what ``Scope.apply_arg`` takes."""
        handler = _HANDLERS.get(type(node))
        if handler is not None:
            handler(self, node)
        elif isinstance(node, Arg):
            self.scope.apply_arg(node, globals_, build_args)

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
            return read(flag.unquoted) if flag and flag.unquoted else 0
        except ValueError:
            return 0

    image.healthcheck = HealthcheckConfig(
        test,
        number("interval", nanoseconds),
        number("timeout", nanoseconds),
        number("start-period", nanoseconds),
        number("start-interval", nanoseconds),
        number("retries", int),
    )


def _expose(image: Image, node: Instruction) -> None:
    assert isinstance(node, Expose)
    for word in node.words:
        words = image.scope.expand_words(word.text, node)
        if words is None:
            image.exposed.add(None)
            continue
        for text in words:
            try:
                image.exposed.update(parse_port(text))
            except ValueError as error:
                image.exposed.add(text)
                image.scope.report(node, str(error))


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
