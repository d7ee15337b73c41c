"""Which packages are in an image, and what of its files is theirs: read from the managers' own books.

Invariant: only what a book says counts; a book that cannot be read makes its manager ``unknown``,
never empty.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from dockeropt.measure.records import PackageChange
from dockeropt.measure.tree import RPM_DATABASES, Tree

DPKG_INFO = "/var/lib/dpkg/info/"
_LINKS_FOLLOWED = 20


class Package(NamedTuple):
    """A package, whatever its version.

    Args:
        manager: ``dpkg``, ``apk``, ``rpm``, ``pip`` or ``npm``.
        name: As the manager names it; for pip in lower case with hyphens (PEP 503).
    """

    manager: str
    name: str


class Packages:
    """The packages of an image.

    Args:
        tree: The file system.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.versions: dict[Package, str] = {}
        """Versions, several of one name (in two environments, nested) with commas between."""
        self.unknown: set[str] = set()
        """Managers that are there and whose books cannot be read."""
        self._owners: dict[str, set[Package]] | None = None
        self._listed: list[tuple[Package, Iterable[str]]] = []
        self._npm: dict[str, Package] = {}
        self._real: dict[str, str] = {}
        found: dict[Package, set[str]] = {}
        for reader in (_dpkg, _apk, _rpm, _pip):
            for package, version, paths in reader(self):
                found.setdefault(package, set()).add(version)
                self._listed.append((package, paths))
        for package, version, folder in _npm(tree):
            found.setdefault(package, set()).add(version)
            self._npm[folder] = package
        self.versions = {package: ", ".join(sorted(some)) for package, some in sorted(found.items())}

    def of(self, manager: str) -> Mapping[str, str]:
        """Return the versions of a manager's packages by name."""
        return {one.name: version for one, version in self.versions.items() if one.manager == manager}

    def owners_of(self, path: str) -> frozenset[Package]:
        """Return the packages that a path belongs to; folders may belong to many.

        Args:
            path: Absolute; it need not be there, and may lead over links (``/bin/sh``, ``/usr/bin/sh``).
        """
        if self._owners is None:
            self._owners = {}
            for package, paths in self._listed:
                for one in paths:
                    self._owners.setdefault(self.real(one), set()).add(package)
        real = self.real(path)
        found = set(self._owners.get(real, ()))
        source = _source_of(real)
        if source and not found:
            found |= self._owners.get(source, set())
        if not found and "/node_modules/" in real:
            folder = real
            while folder and folder not in self._npm:
                folder = folder.rpartition("/")[0]
            if folder:
                found.add(self._npm[folder])
        return frozenset(found)

    def real(self, path: str) -> str:
        """Return a path with the links among its folders followed, the last name left as it is."""
        folder, _, name = path.rstrip("/").rpartition("/")
        return f"{self._folder(folder)}/{name}"

    def _folder(self, folder: str) -> str:
        if not folder:
            return ""
        found = self._real.get(folder)
        if found is None:
            found = self._real[folder] = folder  # stands there while a ring of links is followed
            above, _, name = folder.rpartition("/")
            found = f"{self._folder(above)}/{name}"
            for _ in range(_LINKS_FOLLOWED):
                node = self.tree.nodes.get(found)
                if node is None or node.kind != "link":
                    break
                found = self.real(joined(found, node.content))
            self._real[folder] = found
        return found


def packages_of(tree: Tree) -> Packages:
    """Return the packages of an image."""
    return Packages(tree)


def changed_packages(before: Packages, after: Packages, *, declared: bool) -> tuple[PackageChange, ...]:
    """Return the packages that are in only one image or in another version.

    Args:
        before: Packages of the original.
        after: Packages of the other image.
        declared: Whether a fix may change packages.
    """
    found: list[PackageChange] = []
    for package in sorted(before.versions.keys() | after.versions.keys()):
        if package.manager in before.unknown | after.unknown:
            continue
        old, new = before.versions.get(package, ""), after.versions.get(package, "")
        if old != new:
            found.append(PackageChange(package.manager, package.name, old, new, declared))
    return tuple(found)


def joined(link: str, target: str) -> str:
    """Return where a link leads to, as an absolute path without ``..``."""
    import posixpath

    return posixpath.normpath(posixpath.join(link.rpartition("/")[0] or "/", target))


_Rows = Iterator[tuple[Package, str, Iterable[str]]]


def _text(tree: Tree, path: str) -> str:
    return tree.texts.get(path, b"").decode("utf-8", "surrogateescape")


def _fields(paragraph: str) -> dict[str, str]:
    """Read ``Name: value`` lines; those that go on with a blank are left out."""
    found: dict[str, str] = {}
    for line in paragraph.split("\n"):
        name, colon, value = line.partition(":")
        if colon and name[:1].strip():
            found.setdefault(name, value.strip())
    return found


def _dpkg(packages: Packages) -> _Rows:
    tree = packages.tree
    status = "/var/lib/dpkg/status"
    if status in tree.nodes and status not in tree.texts:
        packages.unknown.add("dpkg")
    registered: dict[str, list[str]] = {}  # settings that a package asked ucf to look after: ucfr(1)
    for line in _text(tree, "/var/lib/ucf/registry").split("\n"):
        holder, _, path = line.partition("\t")
        registered.setdefault(holder.strip(), []).append(path.strip())
    # Images without a shell keep a file for each package in status.d instead (distroless).
    books = [path for path in tree.texts if path == status or path.startswith(f"{status}.d/")]
    for book in books:
        for paragraph in _text(tree, book).split("\n\n"):
            fields = _fields(paragraph)
            name = fields.get("Package")
            state = fields.get("Status", "install ok installed").split()
            if not name or state[-1:] in (["not-installed"], ["config-files"]):
                continue
            package = Package("dpkg", name)
            lists = [
                path
                for one in (name, f"{name}:{fields.get('Architecture', '')}")
                if (path := f"{DPKG_INFO}{one}.list") in tree.texts
            ]
            yield package, fields.get("Version", ""), [*_lines(tree, lists), *registered.get(name, ())]


def _lines(tree: Tree, paths: Iterable[str]) -> list[str]:
    return [line for path in paths for line in _text(tree, path).split("\n") if line and line != "/."]


def _apk(packages: Packages) -> _Rows:
    for book in ("/lib/apk/db/installed", "/usr/lib/apk/db/installed"):
        for paragraph in _text(packages.tree, book).split("\n\n"):
            name = version = folder = ""
            paths: list[str] = []
            for line in paragraph.split("\n"):
                key, value = line[:2], line[2:]
                if key == "P:":
                    name = value
                elif key == "V:":
                    version = value
                elif key == "F:":
                    folder = f"/{value}"
                    paths.append(folder)
                elif key == "R:":
                    paths.append(f"{folder.rstrip('/')}/{value}")
            if name:
                yield Package("apk", name), version, paths


def _rpm(packages: Packages) -> _Rows:
    from dockeropt.measure.rpmheaders import read_database

    tree = packages.tree
    for path in tree.nodes:
        if RPM_DATABASES.fullmatch(path) is None or path.endswith("-wal"):
            continue
        if tree.nodes[path].kind != "file":
            continue
        content = tree.texts.get(path)
        found = read_database(content, tree.texts.get(f"{path}-wal", b"")) if content else None
        if found is None:
            packages.unknown.add("rpm")
            continue
        for one in found:
            yield Package("rpm", one.name), one.version, one.paths


_DIST_INFO = re.compile(r"(?P<site>.*)/(?P<name>[^/]+)\.(dist|egg)-info(/(METADATA|PKG-INFO))?", re.DOTALL)


def _pip(packages: Packages) -> _Rows:
    tree = packages.tree
    for path in tree.texts:
        match = _DIST_INFO.fullmatch(path)
        if match is None or "/_vendor/" in path:
            continue
        fields = _fields(_text(tree, path))
        given = fields.get("Name") or match["name"].partition("-")[0]
        name = re.sub(r"[-_.]+", "-", given).lower()
        yield Package("pip", name), fields.get("Version", ""), list(_record(tree, path, match["site"]))


def _record(tree: Tree, path: str, site: str) -> Iterator[str]:
    """Yield the files of a Python package; its own folders only where no other could be in them."""
    import csv
    import posixpath

    folder = path.rpartition("/")[0] if path.endswith(("/METADATA", "/PKG-INFO")) else path
    yield folder
    record = _text(tree, f"{folder}/RECORD")
    base = site
    names = [row[0] for row in csv.reader(record.split("\n")) if row]
    if not record:
        base, names = folder, _text(tree, f"{folder}/installed-files.txt").split("\n")
    seen: set[str] = set()
    for name in names:
        if not name:
            continue
        full = posixpath.normpath(posixpath.join(base, name))
        yield full
        above = full.rpartition("/")[0]
        while above.startswith(f"{site}/") and above not in seen:
            seen.add(above)
            yield above
            above = above.rpartition("/")[0]


_PACKAGE_JSON = re.compile(
    r"(?P<folder>(?:.*)/node_modules/(?P<name>(?:@[^/]+/)?[^/]+))/package\.json", re.DOTALL
)


def _npm(tree: Tree) -> Iterator[tuple[Package, str, str]]:
    import json

    for path in tree.texts:
        match = _PACKAGE_JSON.fullmatch(path)
        if match is None:
            continue
        try:
            said = json.loads(tree.texts[path])
        except ValueError:
            said = None
        if not isinstance(said, dict):
            said = {}
        name, version = said.get("name", match["name"]), said.get("version", "")
        yield Package("npm", str(name)), str(version), match["folder"]


def _source_of(path: str) -> str:
    """Return the source of Python's byte code, or the folder that a ``__pycache__`` lies in; else ``""``."""
    folder, _, name = path.rpartition("/")
    if name == "__pycache__":
        return folder
    if path.endswith(".pyc") and folder.endswith("/__pycache__"):
        return f"{folder.removesuffix('__pycache__')}{name.partition('.')[0]}.py"
    return ""
