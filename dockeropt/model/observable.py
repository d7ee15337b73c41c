"""The image configuration that a build of the file makes: what a user can observe of it.

Invariant: two files with equal configurations set the same things whatever the base image and
the build arguments are. Every value is what BuildKit makes of it over an empty base image
(only PATH is set) and, where it depends on a name that the file does not set, also what it is
in terms of that name: see :class:`Dependent`.

Source: BuildKit ``dockerfile2llb/convert.go``.
"""

from typing import TYPE_CHECKING, NamedTuple, Self

from dockeropt.model.build import Build
from dockeropt.model.image import HealthcheckConfig, Image
from dockeropt.model.images import ImageRef
from dockeropt.model.scopes import DEFAULT_PATH, Scope
from dockeropt.model.stages import Stage
from dockeropt.syntax.nodes import Problem

if TYPE_CHECKING:
    from dockeropt.model.model import Model


class Dependent(str):
    """A value that depends on the base image or on what is passed to the build.

    As a string it is the value of a build that passes nothing, over an empty base. It equals
    only another one that is the same in that build *and* in terms of the names it depends on.

    Args:
        value: The string; empty when not even the default is known (``TARGETARCH``).
        terms: The value with ``${NAME}`` for every name that the file does not set.
    """

    __slots__ = ("terms",)
    terms: str

    def __new__(cls, value: str, terms: str) -> Self:
        """Make the value."""
        made = super().__new__(cls, value)
        made.terms = terms
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dependent) and str(self) == str(other) and self.terms == other.terms

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((str(self), self.terms))

    def __repr__(self) -> str:
        return f"Dependent({str(self)!r}, {self.terms!r})"


Pairs = tuple[tuple[str, str | None], ...]


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


class Images:
    """Make the configurations of a model's stages, each only once."""

    __slots__ = ("_images", "_model", "_problems", "_terms", "build")

    def __init__(self, model: "Model") -> None:
        self._model = model
        self.build = Build(model)
        self._images: dict[int, Image] = {}
        self._terms: dict[int, Image] = {}
        self._problems: dict[int, list[Problem]] = {}

    def config(self, index: int) -> ImageConfig:
        """Return the configuration of the stage at ``index``."""
        stage = self.build.stages[index]
        image = self._image(index, self._images)
        plain = _freeze(image, stage.base)
        if self._model.base_env is not None or not image.scope.loose:
            return plain
        return _combine(plain, _freeze(self._image(index, self._terms), stage.base))

    def problems(self, index: int | None) -> tuple[Problem, ...]:
        """Return what BuildKit refuses on the way to the stage at ``index``."""
        needed = self.build.needed(index) if index is not None else ()
        found = list(self.build.problems)
        for stage in needed:
            self._image(stage.index, self._images)
            found += self._problems[stage.index]
        return tuple(found)

    def _image(self, index: int, made: dict[int, Image]) -> Image:
        """Return the finished image of a stage; make those of its chain that are missing."""
        symbolic = made is self._terms
        model, build = self._model, self.build
        missing: list[Stage] = []
        current: Stage | None = build.stages[index]
        while current is not None and current.index not in made:
            missing.append(current)
            current = current.parent
        for stage in reversed(missing):
            problems: list[Problem] = []
            scope = Scope(model.tree.escape, closed=True, symbolic=symbolic, report=build.reporter(problems))
            parent = made[stage.parent.index] if stage.parent else None
            base_env: dict[str, str] = {} if symbolic else {"PATH": DEFAULT_PATH}
            base_env.update(model.base_env or {})
            scope.begin(parent.scope if parent else None, base_env)
            image = made[stage.index] = Image(scope, parent)
            if stage.base_name == "scratch":
                image.workdir = "/"  # BuildKit emptyImage
            for node in build.steps(stage):
                if not symbolic:
                    build.check(node, stage, scope, image.workdir)
                image.apply(node, build.globals.variables, model.build_args)
            if not symbolic:
                self._problems[stage.index] = problems
        return made[index]


def _freeze(image: Image, base: ImageRef | None) -> ImageConfig:
    return ImageConfig(
        env=tuple(image.env.items()),
        entrypoint=image.entrypoint,
        cmd=image.cmd,
        args_escaped=image.args_escaped,
        user=image.user,
        workdir=image.workdir,
        exposed=tuple(sorted(image.exposed, key=str)),
        volumes=tuple(sorted(image.volumes, key=str)),
        labels=tuple(sorted(image.labels.items(), key=lambda item: item[0])),
        healthcheck=image.healthcheck,
        shell=image.shell,
        stopsignal=image.stopsignal,
        onbuild=tuple(image.onbuild),
        author=image.author,
        base=base,
    )


def _combine(plain: ImageConfig, terms: ImageConfig) -> ImageConfig:
    """Return ``plain`` with its dependent values marked as such."""
    return plain._replace(
        env=_pairs(plain.env, terms.env),
        user=_value(plain.user, terms.user),
        workdir=_value(plain.workdir, terms.workdir),
        exposed=_items(plain.exposed, terms.exposed),
        volumes=_items(plain.volumes, terms.volumes),
        labels=_pairs(plain.labels, terms.labels),
        stopsignal=_value(plain.stopsignal, terms.stopsignal),
    )


def _value(plain: str | None, terms: str | None) -> str | None:
    if plain == terms or terms is None:
        return plain
    return Dependent(plain or "", terms)


def _pairs(plain: Pairs, terms: Pairs) -> Pairs:
    """Mark dependent values; pairs whose name is dependent come last, under that name."""
    named = dict(terms)
    marked = [(key, _value(value, named.pop(key, value))) for key, value in plain]
    return (*marked, *[(Dependent(key, key), value) for key, value in named.items()])


def _items(plain: tuple[str | None, ...], terms: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Keep what does not depend on anything; add the rest in its own terms."""
    known = set(plain)
    return (*plain, *[Dependent("", item) for item in terms if item is not None and item not in known])
