"""Write which Debian packages official images hold, from their Dockerfiles and Debian's package index.

    python -m tools.refresh_debsets --date 2026-11-24 \\
        --index bookworm=/var/lib/apt/lists/…bookworm…_Packages --manifest bookworm=rootfs.manifest \\
        --clone buildpack-deps=clones/buildpack-deps --clone python=clones/python …

A Dockerfile is read with dockeropt's own model: what its RUNs install and do not remove again is
what the image has, with all that it depends on. Where a RUN installs to build and purges, the
libraries that its ldd scan keeps are not in the file: ``KEPT`` names them where a list of the real
image was read, and the set stays a lower bound elsewhere. Sets that cannot be computed, because an
index, a clone or the file is missing (of retired releases), are taken over from the table in use.
"""

import argparse
import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dockeropt.model.model import Model
from dockeropt.model.tools import Tool, Verb
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import Run
from tools import tables
from tools.debian import Index, read_index

SUITES = ("bullseye", "bookworm", "trixie")


class Recipe(NamedTuple):
    """Say how a set comes about; ``{suite}`` stands for the release in every text.

    The first of the paths (``|`` between them) that the clone has or ever had counts.
    """

    name: str
    parent: str
    clone: str
    path: str


RECIPES = (
    Recipe("{suite}-curl", "{suite}", "buildpack-deps", "debian/{suite}/curl/Dockerfile"),
    Recipe("{suite}-scm", "{suite}-curl", "buildpack-deps", "debian/{suite}/scm/Dockerfile"),
    Recipe("{suite}-buildpack", "{suite}-scm", "buildpack-deps", "debian/{suite}/Dockerfile"),
    Recipe("{suite}-python", "{suite}-buildpack", "python", "3.12/{suite}/Dockerfile"),
    Recipe("{suite}-python-slim", "{suite}", "python", "3.12/slim-{suite}/Dockerfile"),
    Recipe("{suite}-python313-slim", "{suite}", "python", "3.13/slim-{suite}/Dockerfile"),
    Recipe("{suite}-ruby-slim", "{suite}", "ruby", "3.4/slim-{suite}/Dockerfile"),
    Recipe("{suite}-rust-slim", "{suite}", "rust", "stable/{suite}/slim/Dockerfile"),
    Recipe("{suite}-golang", "{suite}-scm", "golang", "1.26/{suite}/Dockerfile|1.20/{suite}/Dockerfile"),
    Recipe("{suite}-php", "{suite}", "php", "8.3/{suite}/cli/Dockerfile|8.0/{suite}/cli/Dockerfile"),
    Recipe(
        "{suite}-php-apache",
        "{suite}-php",
        "php",
        "8.3/{suite}/apache/Dockerfile|8.0/{suite}/apache/Dockerfile",
    ),
    Recipe("{suite}-openjdk", "{suite}-scm", "openjdk", "28/{suite}/Dockerfile"),
    Recipe("{suite}-openjdk-slim", "{suite}", "openjdk", "28/slim-{suite}/Dockerfile"),
)

_NIS = "libnsl2 libtirpc3"
KEPT = {
    "bullseye-python-slim": "libgdbm6 libncursesw6 libreadline8 libsqlite3-0",
    "bullseye-python313-slim": "libgdbm6 libncursesw6 libreadline8 libsqlite3-0",
    "bookworm-python-slim": "libgdbm6 libncursesw6 libreadline8 libsqlite3-0 libssl3 " + _NIS,
    "bookworm-python313-slim": "libgdbm6 libncursesw6 libreadline8 libsqlite3-0 libssl3",
    "trixie-python-slim": "libffi8 libgdbm6t64 libncursesw6 libreadline8t64 libnsl2 libtirpc3t64",
    "trixie-python313-slim": "libffi8 libgdbm6t64 libncursesw6 libreadline8t64",
}
"""Libraries that Python's modules load and the ldd scan keeps. Read from the package lists of
python:3.12-slim-bookworm and python:3.13-slim-trixie (docker-library/repo-info); Python 3.13 has
no ``nis`` (PEP 594), so the others follow: the same purpose in another release."""

ALSO = {"trixie": ("adduser",)}
"""What a real root holds beyond the closure: seen in repo-info's list of python:3.13-slim-trixie, which
nothing that its Dockerfile installs depends on."""


class Image(NamedTuple):
    """A record of an image: condition on the tag, set of the full and of the slim variant, confidence."""

    image: str
    condition: str
    full: str
    slim: str
    conf: str


IMAGES = (
    Image("buildpack-deps", "curl", "{suite}-curl", "-", "exact"),
    Image("buildpack-deps", "scm", "{suite}-scm", "-", "exact"),
    Image("buildpack-deps", "", "{suite}-buildpack", "-", "exact"),
    Image("golang", "", "{suite}-golang", "-", "exact"),
    Image("php", "apache", "{suite}-php-apache", "-", "lower-bound"),
    Image("php", "", "{suite}-php", "-", "lower-bound"),
    Image("python", ">=3.13", "{suite}-python", "{suite}-python313-slim", "exact"),
)
"""Records that come before those taken over."""

INFERRED = {
    ("python", "bullseye", ">=3.13"): "lower-bound",
    ("python", "bookworm", ">=3.13"): "lower-bound",
}
"""Records whose list was not read from a real image."""


def kept_packages(text: str) -> list[str]:
    """Return the packages that the final image of a Dockerfile has because a RUN names them.

    Installs inside ``if`` and ``case`` are of other architectures and left out; those of a RUN that
    ends with ``apt-get purge --auto-remove`` of all that was marked automatic are gone again.
    """
    model = Model(parse(text))
    assert model.final is not None
    names: list[str] = []
    for node in model.final.instructions:
        run = next((run for run in model.runs if run.node is node), None) if isinstance(node, Run) else None
        if run is None:
            continue
        calls = [
            call for call in model.invocations if call.run is run and call.tool in (Tool.APT_GET, Tool.APT)
        ]
        found: list[str] = []
        for call in calls:
            if call.verb is Verb.INSTALL and call.call.top_level:
                for word in call.operands:
                    value = word.literal or run.state.variables.get(word.text.strip('"').lstrip("$")) or ""
                    found += value.split()
            elif call.verb is Verb.REMOVE and not call.operands:
                found = []
            elif call.verb is Verb.REMOVE:
                gone = {word.literal for word in call.operands}
                found = [name for name in found if name not in gone]
        names += found
    return names


def compute(
    indexes: Mapping[str, Index], bases: Mapping[str, frozenset[str]], files: Mapping[tuple[str, str], str]
) -> dict[str, frozenset[str]]:
    """Return the whole content of every set that can be computed.

    Args:
        indexes: Suite → its packages.
        bases: Suite → packages of the root file system.
        files: (clone, path) → text of the Dockerfile.
    """
    sets: dict[str, frozenset[str]] = {suite: bases[suite].union(ALSO.get(suite, ())) for suite in bases}
    for suite in bases:
        for recipe in RECIPES:
            name, parent, path = (
                text.format(suite=suite) for text in (recipe.name, recipe.parent, recipe.path)
            )
            text = files.get((recipe.clone, path))
            if text is None or parent not in sets or suite not in indexes:
                continue
            names = [*kept_packages(text), *KEPT.get(name, "").split()]
            sets[name] = frozenset(indexes[suite].closure(names, sets[parent]))
    return sets


def lines_of(sets: Mapping[str, frozenset[str]], old: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Yield the records: sets computed, sets taken over, images, own commands."""
    parents = {
        recipe.name.format(suite=suite): recipe.parent.format(suite=suite)
        for recipe in RECIPES
        for suite in SUITES
    }
    before = {row[1]: (row[2], row[3] if len(row) > 3 else "") for row in old if row[0] == "set"}
    known = dict(sets)
    for name in before:
        known.setdefault(name, _content(before, name))
    for name in [*before, *(name for name in sets if name not in before)]:
        parent = parents.get(name, before[name][0] if name in before else "-")
        rest = known[name] - known.get(parent, frozenset())
        yield ["set", name, parent, " ".join(sorted(rest))]
    new = {(image.image, image.condition) for image in IMAGES}
    for image in IMAGES:
        for suite in SUITES:
            full, slim = image.full.format(suite=suite), image.slim.format(suite=suite)
            if full in known and (slim in known or slim == "-"):
                conf = INFERRED.get((image.image, suite, image.condition), image.conf)
                yield ["image", image.image, suite, image.condition, full, slim, conf]
    yield from (list(row) for row in old if row[0] == "image" and (row[1], row[3]) not in new)
    yield from (list(row) for row in old if row[0] == "own")


def _content(sets: Mapping[str, tuple[str, str]], name: str) -> frozenset[str]:
    parent, names = sets[name]
    return frozenset(names.split()) | (frozenset() if parent == "-" else _content(sets, parent))


def _show(clone: str, path: str) -> str | None:
    """Return a file of a clone, as it last was; ``None`` if there never was one. No work tree is needed."""
    for revision in ("HEAD", _git(clone, "rev-list", "-1", "HEAD", "--", path).strip() + "~1"):
        text = _git(clone, "show", f"{revision}:{path}")
        if text:
            return text
    return None


def _git(clone: str, *arguments: str) -> str:
    run = subprocess.run(["git", "-C", clone, *arguments], capture_output=True, check=False)
    return run.stdout.decode("utf-8") if run.returncode == 0 else ""


def _pairs(values: Sequence[str]) -> dict[str, list[str]]:
    pairs: dict[str, list[str]] = {}
    for value in values:
        key, _, path = value.partition("=")
        pairs.setdefault(key, []).append(path)
    return pairs


def main(arguments: Sequence[str] | None = None) -> None:
    """Read what is given, take over the rest, write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--index", action="append", default=[], metavar="SUITE=PACKAGES")
    parser.add_argument(
        "--manifest", action="append", default=[], metavar="SUITE=FILE", help="a package a line"
    )
    parser.add_argument("--clone", action="append", default=[], metavar="NAME=FOLDER")
    parser.add_argument("--date", required=True, help="day of the indexes")
    parser.add_argument("--table", default=os.path.join(tables.DATA, "debs.tsv"))
    given = parser.parse_args(arguments)
    with open(given.table, encoding="utf-8") as file:
        lines = file.read().split("\n")
    about = [
        line[2:] for line in lines if line.startswith("# ") and not line.startswith(("# source", "# date"))
    ]
    old = [line.split("\t") for line in lines if line and line[0] != "#"]
    indexes = {suite: read_index(paths) for suite, paths in _pairs(given.index).items()}
    before = {row[1]: (row[2], row[3] if len(row) > 3 else "") for row in old if row[0] == "set"}
    bases = {suite: _content(before, suite) for suite in indexes}
    for suite, paths in _pairs(given.manifest).items():
        with open(paths[0], encoding="utf-8") as file:
            bases[suite] = frozenset(line.split()[0].partition(":")[0] for line in file if line.strip())
    clones = {name: paths[0] for name, paths in _pairs(given.clone).items()}
    files: dict[tuple[str, str], str] = {}
    for recipe in RECIPES:
        for suite in SUITES:
            path = recipe.path.format(suite=suite)
            for one in path.split("|") if recipe.clone in clones else ():
                text = _show(clones[recipe.clone], one)
                if text is not None:
                    files[recipe.clone, path] = text
                    break
    sets = compute(indexes, bases, files)
    commits = ", ".join(
        f"{name}@{_git(folder, 'log', '-1', '--format=%h').strip()}"
        for name, folder in sorted(clones.items())
    )
    source = (
        "rootfs.manifest of docker-debian-artifacts@f5527c9b (bullseye, bookworm), the closure of required packages"
        f" and apt (trixie); Dockerfiles of {commits}, retired ones as official-images@37079fb3 names them, resolved on"
        " the Debian archive; python slim: docker-library/repo-info"
    )
    tables.write(given.table, tables.table(tables.heading(about, source, given.date), lines_of(sets, old)))
    print(f"{len(sets)} sets computed, {len(before)} in the table before")


if __name__ == "__main__":
    main()
