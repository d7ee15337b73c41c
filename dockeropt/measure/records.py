"""What a proof answers: plain records for the report, the JSON and the comment in a pull request.

Invariant: plain immutable data; every number was measured in this run, and is signed where it is
a difference. ``None`` says that something was not measured, never that it is zero.
"""

from typing import NamedTuple

from dockeropt.measure.engine import BuildOutcome, Image


class Difference(NamedTuple):
    """One path that is not the same before and after.

    Args:
        path: Absolute, in the image.
        what: ``removed``, ``added``, ``type``, ``mode``, ``owner`` or ``content`` (also the target of
            a link).
        kind: ``declared`` (a fix said so), ``noise`` (two builds of the same Dockerfile differ like
            that) or ``unexpected``.
        why: What it is put down to: ``apt lists``, ``package vim``, ``differs in two builds of the original``.
        before: What is there before, as text: mode, owner, size; empty for what was added.
        after: The same after.
        size: Bytes gained (positive) or saved (negative).
    """

    path: str
    what: str
    kind: str
    why: str = ""
    before: str = ""
    after: str = ""
    size: int = 0


class FileComparison(NamedTuple):
    """What became of the paths of the image.

    Args:
        identical: Number of paths that are the same.
        differences: All the others, sorted by path.
    """

    identical: int
    differences: tuple[Difference, ...]

    def of(self, kind: str) -> tuple[Difference, ...]:
        """Return the differences of one kind."""
        return tuple([one for one in self.differences if one.kind == kind])


class PackageChange(NamedTuple):
    """A package that is not the same before and after.

    Args:
        manager: ``dpkg``, ``apk``, ``rpm``, ``pip`` or ``npm``.
        name: The package.
        before: Its version before, ``""`` when it was not there.
        after: Its version after, ``""`` when it is not there.
        declared: Whether a fix may change packages.
    """

    manager: str
    name: str
    before: str
    after: str
    declared: bool = False


class ConfigChange(NamedTuple):
    """A field of the image configuration that is not the same before and after.

    Args:
        field: ``Env``, ``Cmd``, ``Labels`` …; of a mapping, with the key: ``Env.PATH``.
        before: JSON of the value before, ``""`` when it was not set.
        after: JSON of the value after.
        declared: Whether a fix said so.
    """

    field: str
    before: str
    after: str
    declared: bool = False


class Rebuild(NamedTuple):
    """What a build costs after an edit, the layers of the build before at hand.

    Args:
        what: ``nothing``, ``source``, ``dependencies`` or ``last instruction``.
        path: The file that was edited, relative to the context; ``""`` when none was.
        steps: Number of steps.
        ran: Number of steps that ran again.
        seconds: Wall-clock times, one for each run.
        ok: Whether the build succeeded.
    """

    what: str
    path: str
    steps: int
    ran: int
    seconds: tuple[float, ...]
    ok: bool = True


class Smoke(NamedTuple):
    """How the container behaved.

    Args:
        state: ``running``, ``exited``, or ``not started``.
        code: Exit code of the command that was given, else of the container; 0 while it runs.
        health: Answer of the HEALTHCHECK, ``""`` for none.
        ports: TCP ports that it listens on, ``None`` when that cannot be known.
        output: The end of what the command, or the container, printed.
        ended: Exit code of the container itself, ``None`` while it runs.
    """

    state: str
    code: int
    health: str = ""
    ports: tuple[int, ...] | None = None
    output: str = ""
    ended: int | None = None


class Side(NamedTuple):
    """What was measured of one of the two Dockerfiles.

    Args:
        build: The cold build.
        image: The image, ``None`` when the build failed.
        rebuilds: What rebuilding costs.
        smoke: How the container behaved, ``None`` when it was not started.
        base_layers: How many of the layers are those of the base image, 0 when that is not known.
    """

    build: BuildOutcome
    image: Image | None = None
    rebuilds: tuple[Rebuild, ...] = ()
    smoke: Smoke | None = None
    base_layers: int = 0

    @property
    def compressed(self) -> int | None:
        """Return the size as a registry would store it, in bytes."""
        if self.image is None or any(one.compressed is None for one in self.image.layers if one.diff_id):
            return None
        return sum(one.compressed or 0 for one in self.image.layers)


class Verification(NamedTuple):
    """Everything that was found out about two Dockerfiles.

    Args:
        engine: Name and version of the engine.
        names: What the two are called, such as a path and ``path (fixed)``.
        before: The original.
        after: The other one.
        files: What became of the files, ``None`` when an image is missing.
        packages: Packages that differ.
        config: Fields of the configuration that differ.
        notes: What else has to be said, such as a ``# syntax=`` line that was left out.
        smoke_differs: Sentences on what the containers did differently.
        declared: What the fixes may change, by the names that users write.
    """

    engine: str
    names: tuple[str, str]
    before: Side
    after: Side
    files: FileComparison | None = None
    packages: tuple[PackageChange, ...] = ()
    config: tuple[ConfigChange, ...] = ()
    notes: tuple[str, ...] = ()
    smoke_differs: tuple[str, ...] = ()
    declared: tuple[str, ...] = ()

    @property
    def objections(self) -> tuple[str, ...]:
        """Return why the change is not proven, as sentences without a full stop; empty when it is."""
        found: list[str] = []
        if not self.before.build.ok:
            found.append("the original does not build, so nothing can be said")
        elif not self.after.build.ok:
            step = self.after.build.failed
            found.append(f"it does not build: {step}" if step else "it does not build")
        if self.files is not None:
            wrong = self.files.of("unexpected")
            if wrong:
                first = wrong[0]
                found.append(
                    f"{len(wrong)} unexpected {'difference' if len(wrong) == 1 else 'differences'} in files,"
                    f" such as {first.path} ({first.what})"
                )
        found += [
            f"{one.field} of the image configuration differs" for one in self.config if not one.declared
        ]
        found += [
            f"the {one.manager} package {one.name} differs" for one in self.packages if not one.declared
        ][:3]
        found += self.smoke_differs
        return tuple(found)

    @property
    def proven(self) -> bool:
        """Tell whether both build and nothing differs that was not declared."""
        return not self.objections

    @property
    def saved(self) -> int | None:
        """Return the bytes that the image is smaller by; negative when it grew."""
        if self.before.image is None or self.after.image is None:
            return None
        return self.before.image.size - self.after.image.size
