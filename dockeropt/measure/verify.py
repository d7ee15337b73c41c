"""Build two states of a project and find out everything that is different.

The original is built twice: what differs between those two images is noise, and is not held
against the other state. Invariant: nothing is claimed of what was not built, and what a fix did not
declare is reported, however small it is.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from dockeropt.measure.engine import EngineProblem
from dockeropt.measure.records import Side, Smoke, Verification
from dockeropt.rewrite.fix import Effect

if TYPE_CHECKING:
    from dockeropt.measure.engine import BuildOutcome, Image
    from dockeropt.measure.project import Project, Version
    from dockeropt.measure.tree import Tree
    from dockeropt.measure.workbench import Workbench


class Terms(NamedTuple):
    """What is measured besides files, packages and configuration.

    Args:
        edits: Source files to edit for the rebuilds; the one that suits best when there are none.
        smoke: Command that has to succeed inside the container, ``""`` for none.
        start: Whether to start the containers at all.
        runs: How often each rebuild is measured; 0 leaves them out.
        compressed: Whether to measure compressed sizes.
        names: What the two states are called in reports.
    """

    edits: Sequence[str] = ()
    smoke: str = ""
    start: bool = True
    runs: int = 1
    compressed: bool = True
    names: tuple[str, str] = ("before", "after")


class Sample(NamedTuple):
    """What is known of one image for a comparison; ``seen`` is ``None`` when it does not build."""

    build: "BuildOutcome"
    seen: "Seen | None" = None

    @property
    def image(self) -> "Image | None":
        """Return the image."""
        return self.seen.image if self.seen is not None else None


class Seen(NamedTuple):
    """An image and its file system."""

    image: "Image"
    tree: "Tree"


class Original:
    """The state that all others are compared with, built twice.

    Args:
        bench: Builds.
        version: The original.
        terms: What is measured.
    """

    def __init__(self, bench: "Workbench", version: "Version", terms: Terms) -> None:
        self.bench = bench
        self.version = version
        self.terms = terms
        self.sample = sample(bench, version, "before", no_cache=True, compressed=terms.compressed)
        self.control: Tree | None = None
        self.notes = frontend_notes(version)
        self.smoke: Smoke | None = None
        if self.sample.seen is None:
            return
        second = bench.build(version, "control", no_cache=True)
        if second.ok:
            self.control = bench.tree("control")
        else:
            self.notes += ("the original built once and failed the second time, so noise is not known",)
        if terms.start:
            self.smoke = _smoke(bench, "before", terms)

    @property
    def builds(self) -> bool:
        """Tell whether there is an image to compare with."""
        return self.sample.seen is not None

    def compare(self, version: "Version", name: str, *, cold: bool = False) -> Verification:
        """Build another state and return what is different, rebuilds left out.

        Args:
            version: The other state.
            name: What its image is called.
            cold: Whether every step is to run.
        """
        if not self.builds:
            side = Side(self.sample.build)
            return Verification(self.bench_engine, self.terms.names, side, side)
        other = sample(self.bench, version, name, no_cache=cold, compressed=self.terms.compressed)
        smoke = _smoke(self.bench, name, self.terms) if self.terms.start and other.build.ok else None
        bases = Bases(*[base_of(self.bench, one) for one in (self.version, version)])
        layers = bases.layers
        found = Verification(
            self.bench_engine,
            self.terms.names,
            Side(self.sample.build, self.sample.image, smoke=self.smoke, base_layers=layers[0]),
            Side(other.build, other.image, smoke=smoke, base_layers=layers[1]),
            notes=tuple(dict.fromkeys((*self.notes, *frontend_notes(version)))),
            declared=tuple(sorted(effect.value for effect in version.effects)),
        )
        if self.sample.seen is None or other.seen is None:
            return found
        return self._compared(found, version, self.sample.seen, other.seen, bases)

    @property
    def bench_engine(self) -> str:
        """Return name and version of the engine."""
        return f"{self.bench.engine.name} {self.bench.engine.version}"

    def _compared(
        self, found: Verification, version: "Version", old: Seen, new: Seen, bases: "Bases"
    ) -> Verification:
        from dockeropt.measure.authored import with_authored
        from dockeropt.measure.compare import compare
        from dockeropt.measure.configs import compare_config
        from dockeropt.measure.packages import changed_packages, packages_of

        trees = configs = None
        if Effect.BASE in version.effects and bases.before is not None and bases.after is not None:
            trees = (self.bench.base_tree(bases.before[0]), self.bench.base_tree(bases.after[0]))
            configs = (bases.before[1].config, bases.after[1].config)
        files = compare(
            old.tree,
            new.tree,
            control=self.control,
            effects=version.effects,
            bases=trees,
        )
        packages = changed_packages(
            packages_of(old.tree),
            packages_of(new.tree),
            declared=bool(version.effects & {Effect.PACKAGES, Effect.BASE}),
        )
        smokes = found.before.smoke, found.after.smoke
        return found._replace(
            files=with_authored(files, old.tree, new.tree, self.bench.project, self.version, version),
            packages=packages,
            config=compare_config(old.image.config, new.image.config, version.effects, bases=configs),
            smoke_differs=_smoke_differs(*smokes, self.terms.smoke),
        )


class Bases(NamedTuple):
    """The base images of two states, name and image; ``None`` for one that cannot be had."""

    before: "tuple[str, Image] | None"
    after: "tuple[str, Image] | None"

    @property
    def layers(self) -> list[int]:
        """Return how many layers each has, 0 for one that is not known."""
        return [sum(1 for one in base[1].layers if one.diff_id) if base is not None else 0 for base in self]


def base_of(bench: "Workbench", version: "Version") -> "tuple[str, Image] | None":
    """Return name and image of the base of what is built, ``None`` when it cannot be had."""
    name = base_name(bench.project, version)
    image = bench.base_image(name) if name else None
    return (name, image) if name and image is not None else None


def verify(bench: "Workbench", before: "Version", after: "Version", terms: Terms) -> Verification:
    """Return everything that is different between two states, and what they cost.

    Args:
        bench: Builds.
        before: The original.
        after: The other state.
        terms: What is measured.

    Raises:
        EngineProblem: The engine cannot build one of them.
    """
    refuse_unsupported(bench, before, after)
    original = Original(bench, before, terms)
    found = original.compare(after, "after", cold=True)
    return with_rebuilds(original, found, after) if terms.runs else found


def with_rebuilds(
    original: Original, found: Verification, after: "Version", name: str = "after"
) -> Verification:
    """Return a verification with the cost of rebuilding both states."""
    from dockeropt.measure.rebuilds import dependency_list, rebuilds, source_file

    if not original.builds or not found.after.build.ok:
        return found
    bench, terms, before = original.bench, original.terms, original.version
    edits = [("source", path) for path in terms.edits]
    if not edits:
        source = source_file(bench.project, before, after)
        edits = [("source", source)] if source else []
    manifest = dependency_list(bench.project, before)
    if manifest and ("source", manifest) not in edits:
        edits.append(("dependencies", manifest))
    measured = [
        tuple(rebuilds(bench, version, tag, edits, runs=terms.runs))
        for version, tag in ((before, "before"), (after, name))
    ]
    return found._replace(
        before=found.before._replace(rebuilds=measured[0]), after=found.after._replace(rebuilds=measured[1])
    )


def frontend_notes(version: "Version") -> tuple[str, ...]:
    """Return what is to say of a frontend that is left out of what the engine is given."""
    from dockeropt.measure.syntaxline import without_syntax_line

    if not without_syntax_line(version.text)[1]:
        return ()
    return ("the frontend that # syntax= names is left out: what the engine has built in was used",)


def refuse_unsupported(bench: "Workbench", *versions: "Version") -> None:
    """Raise when the engine cannot build what a state uses, before anything is built.

    Raises:
        EngineProblem: Names what it is.
    """
    for version in versions:
        lacking = bench.engine.lacks(version.text)
        if lacking:
            more = f" (and {len(lacking) - 1} more)" if len(lacking) > 1 else ""
            raise EngineProblem(
                f"{version.called or 'the Dockerfile'}: {lacking[0]}{more}",
                path=bench.project.dockerfile,
                hint="take another engine with --engine",
            )


def sample(
    bench: "Workbench", version: "Version", name: str, *, no_cache: bool = False, compressed: bool = False
) -> Sample:
    """Build a state and return what is known of it."""
    outcome = bench.build(version, name, no_cache=no_cache)
    if not outcome.ok:
        return Sample(outcome)
    bench.say(f"{version.called}: reading the image")
    return Sample(outcome, Seen(bench.image(name, compressed=compressed), bench.tree(name)))


def base_name(project: "Project", version: "Version") -> str | None:
    """Return the base image of what is built, as FROM names it; ``None`` when only the build knows it."""
    from dockeropt.model.model import Model
    from dockeropt.syntax import parse

    final = Model(parse(version.text), build_args=project.build_args, target=project.target or None).final
    return final.root.base_name if final is not None else None


def _smoke(bench: "Workbench", name: str, terms: Terms) -> Smoke | None:
    from dockeropt.measure.smoketest import smoke

    bench.say(f"{name}: starting a container")
    tag = bench.tag(name)
    try:
        return smoke(bench.engine, tag, terms.smoke, build_options=bench.project.options, run=bench.run)
    except EngineProblem as problem:  # such as an image without a command
        return Smoke("not started", 125, output=problem.message)


def _smoke_differs(before: Smoke | None, after: Smoke | None, command: str) -> tuple[str, ...]:
    from dockeropt.measure.smoketest import differences

    if before is None or after is None:
        return ()
    if command and before.code:
        return (f"the smoke test fails on the original, too (exit code {before.code}), so it proves nothing",)
    return differences(before, after, tested=bool(command))
