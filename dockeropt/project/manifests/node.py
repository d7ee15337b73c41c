"""npm, Yarn, pnpm and Bun: ``package.json``, lock files, settings, plug-ins and patches.

Sources: npm documentation, "scripts" (which scripts an install runs), "npm-ci", "npmrc", and
"package-lock.json" (since npm 7 ``npm install`` reads and updates a yarn.lock, too); Yarn
documentation, "yarnrc" (``yarnPath``, ``plugins``) and "yarn install"; pnpm documentation, "Settings"
(``patchedDependencies``), "pnpm-workspace.yaml", ".pnpmfile.cjs".
"""

import re
from collections.abc import Iterator, Mapping

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import Folder, Reads, Refused, Request, below, strings, table, unique

NAMES = (
    "package.json",
    ".npmrc",
    ".yarnrc",
    ".yarnrc.yml",
    "pnpm-workspace.yaml",
    ".pnpmfile.cjs",
    "bunfig.toml",
)
LOCKS = ("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "bun.lock", "bun.lockb")

_SCRIPTS = (
    "preinstall", "install", "postinstall", "prepublish", "preprepare", "prepare", "postprepare",
    "pnpm:devPreinstall",
)  # fmt: skip
_DEPENDENCIES = ("dependencies", "devDependencies", "optionalDependencies", "resolutions", "overrides")
_LOCKS = {
    "npm": ("npm-shrinkwrap.json", "package-lock.json"),
    "yarn": ("yarn.lock",),
    "pnpm": ("pnpm-lock.yaml",),
    "bun": ("bun.lock", "bun.lockb"),
}
_SETTINGS = {
    "npm": (".npmrc",),
    "yarn": (".npmrc", ".yarnrc", ".yarnrc.yml", ".yarnclean", ".env.yarn"),
    "pnpm": (".npmrc", ".pnpmfile.cjs", "pnpmfile.js"),
    "bun": (".npmrc", "bunfig.toml"),
}
_HARMLESS = re.compile(r"(?:npx\s+(?:-y\s+)?)?only-allow\s+\w+")
"""Scripts that look at no file: only-allow asks which package manager runs it."""

_FROZEN = ("--frozen-lockfile", "--immutable", "--frozen", "--pure-lockfile")
_CI = ("ci", "clean-install", "ic", "install-clean", "isntall-clean")
_LOCAL_LOCK = re.compile(
    r"""(?m)^\s*(?:"?(?:resolved|version|specifier|resolution)"?:?\s*"?|\S.*@)(?:file|link|portal|workspace):"""
)


def files_read(build: BuildContext, request: Request) -> Reads:
    """Return what an install without package names reads."""
    tool = request.tool
    if request.operands:
        raise Refused("it installs packages that the command names")
    if request.has(
        "-g", "--global", "--prefix", "-C", "--cwd", "--dir", "-w", "--workspace", "--filter", "-r", "-F"
    ):
        raise Refused("it installs elsewhere than in its directory")
    if request.has("--offline", "--cache-folder"):
        raise Refused("it may take packages from a folder of the project")
    if tool == "pnpm" and request.verb == "fetch":
        raise Refused("pnpm fetch needs the lock file only")
    writes = below(request.folder, "node_modules")
    if not build.known:
        exact = tool == "bun" or request.has(*_FROZEN)
        names: tuple[str, ...] = ("package.json", _LOCKS[tool][0] + ("" if exact else "*"))
        if tool == "npm":
            names = ("package*.json",)
        return Reads(below(request.folder, *names), writes, ("which files are there",))
    folder = Folder(build, request.folder, request.top)
    package = folder.json("package.json")
    members = _workspaces(package, folder, request)
    packages = [(package, folder), *members]
    for one, place in packages:
        _no_local_paths(one)
        if not _ignores_scripts(request, folder):
            _no_scripts(one, place)
    settings = folder.present(*_SETTINGS[tool])
    locks = folder.present(*_LOCKS[tool])
    if tool == "npm" and request.verb not in _CI:
        locks += folder.present("yarn.lock")
    for lock in locks:
        format_of = "yarn" if lock.endswith("yarn.lock") else tool
        if not lock.endswith(".lockb") and _is_local(build.read(lock), lock, format_of, linked=bool(members)):
            raise Refused(f"{lock} takes packages from local paths")
    more: tuple[str, ...] = ()
    if tool == "yarn":
        more = _yarn(folder)
    elif tool == "pnpm":
        more = _pnpm(package, folder)
    manifests = tuple([member.path("package.json") for _, member in members])
    writes += tuple([member.path("node_modules") for _, member in members])
    files = unique(below(request.folder, "package.json"), locks, settings, more, manifests)
    return Reads(files, writes, _doubts(request, locks))


def _doubts(request: Request, locks: tuple[str, ...]) -> tuple[str, ...]:
    exact = request.verb in _CI if request.tool == "npm" else request.has(*_FROZEN) or request.frozen
    if exact and not locks:
        raise Refused(f"{request.tool} {request.verb} needs a lock file, and there is none")
    if exact or not locks or request.has("--no-save", "--no-package-lock"):
        return ()
    name = locks[0].rpartition("/")[2]
    verb = f"{request.tool} {request.verb}".strip()
    return (f"whether {verb} rewrites {name}, which the copy of the rest puts back",)


Members = list[tuple[Mapping[str, object], Folder]]
"""Workspaces: the ``package.json`` and the folder of each."""


def _workspaces(package: Mapping[str, object], folder: Folder, request: Request) -> Members:
    """Return the workspaces of the package."""
    tool = request.tool
    found: Members = []
    if package.get("workspaces"):
        if tool != "npm":
            raise Refused("the package has workspaces")
        from dockeropt.project.manifests.workspaces import npm_workspaces, refuse_more_than_manifest

        for path in npm_workspaces(package, folder, request):
            member = Folder(folder.build, folder.path(path), folder.top)
            manifest = member.json("package.json")
            refuse_more_than_manifest(manifest, member)
            found.append((manifest, member))
    for above in folder.above():
        if tool == "pnpm" and above.has("pnpm-workspace.yaml"):
            raise Refused("the package belongs to a workspace")
        if tool == "yarn" and above.present(".yarnrc.yml", ".yarnrc"):
            raise Refused("Yarn is set up in a folder above")
        if above.has("package.json") and above.json("package.json").get("workspaces"):
            raise Refused("the package may belong to a workspace")
    return found


def _no_local_paths(package: Mapping[str, object]) -> None:
    for section in _DEPENDENCIES:
        for name, value in _flat(package.get(section)):
            if value.startswith(("file:", "link:", "portal:", "workspace:", "./", "../", "/", "~/")):
                raise Refused(f"{name} is taken from a local path")
            if value.startswith("patch:"):
                raise Refused(f"{name} is patched")


def _flat(value: object) -> Iterator[tuple[str, str]]:
    stack = [value]
    while stack:
        for name, item in table(stack.pop()).items():
            if isinstance(item, str):
                yield name, item
            else:
                stack.append(item)


def _no_scripts(package: Mapping[str, object], folder: Folder) -> None:
    scripts = table(package.get("scripts"))
    for name in _SCRIPTS:
        if scripts.get(name) and not _HARMLESS.fullmatch(str(scripts[name]).strip()):
            raise Refused(f"its {name} script may need the source: {scripts[name]}"[:160])
    if folder.has("binding.gyp"):
        raise Refused("binding.gyp makes the install compile the source")


def _ignores_scripts(request: Request, folder: Folder) -> bool:
    if request.has("--ignore-scripts"):
        return True
    return folder.has(".npmrc") and bool(
        re.search(r"(?m)^\s*ignore-scripts\s*=\s*true\s*$", folder.text(".npmrc"))
    )


def _is_local(text: str | None, path: str, tool: str, *, linked: bool) -> bool:
    """Tell whether a lock file takes packages from local paths.

    Args:
        text: What it says.
        path: Where it lies.
        tool: Whose it is.
        linked: Whether the links in it are known to be workspaces.
    """
    if text is None:
        raise Refused(f"{path} cannot be read")
    if tool == "npm":
        return ('"link": true' in text and not linked) or '"file:' in text
    if tool == "bun":
        return "file:" in text or "link:" in text or "workspace:" in text
    if tool == "yarn":
        # A Yarn 2 lock lists the package itself as `name@workspace:.`.
        text = text.replace('@workspace:."', "")
    return _LOCAL_LOCK.search(text) is not None


def _yarn(folder: Folder) -> tuple[str, ...]:
    """Return the releases and plug-ins that the settings of Yarn name."""
    found: list[str] = []
    for name in (".yarnrc", ".yarnrc.yml"):
        if not folder.has(name):
            continue
        text = folder.text(name)
        paths = re.findall(r"(?m)^\s*(?:-\s*)?(?:yarnPath|path|spec):\s*[\"']?([^\"'\s]+)", text)
        paths = [path for path in paths if "://" not in path and not path.startswith("@")]
        paths += re.findall(r"(?m)^\s*yarn-path\s+[\"']?([^\"'\s]+)", text)
        found += [folder.need(path) for path in paths]
    for name in (
        ".yarn/cache",
        ".yarn/patches",
        ".pnp.cjs",
        ".yarn/offline-cache",
        "npm-packages-offline-cache",
    ):
        if folder.holds(name):
            raise Refused(f"the install reads or writes {folder.path(name)}")
    return tuple(dict.fromkeys(found))


def _pnpm(package: Mapping[str, object], folder: Folder) -> tuple[str, ...]:
    """Return the workspace file, if it has settings only, and the patches."""
    found: list[str] = []
    if folder.has("pnpm-workspace.yaml"):
        text = folder.text("pnpm-workspace.yaml")
        if re.search(r"(?m)^\s*packages\s*:", text):
            raise Refused("the package is a workspace")
        if "patchedDependencies" in text:
            raise Refused("pnpm-workspace.yaml names patches")
        found.append(folder.path("pnpm-workspace.yaml"))
    patches = table(table(package.get("pnpm")).get("patchedDependencies")).values()
    found += [folder.need(path) for path in strings(list(patches))]
    return tuple(found)
