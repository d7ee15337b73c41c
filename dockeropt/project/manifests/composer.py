"""Composer: ``composer.json`` and ``composer.lock``.

Source: Composer documentation, "Command-line interface" (``install``), "Scripts", "Repositories"
(``path``, ``artifact``). The autoloader is made of the source, and scripts run it.
"""

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import Folder, Reads, Refused, Request, below, table, unique

NAMES = ("composer.json", "auth.json", "symfony.lock")
LOCKS = ("composer.lock",)


def files_read(build: BuildContext, request: Request) -> Reads:
    """Return the files of an install that neither runs scripts nor makes an autoloader."""
    if request.verb not in ("install", "i") or request.operands:
        raise Refused(f"composer {request.verb} changes composer.json or composer.lock")
    if request.has("-d", "--working-dir"):
        raise Refused("it reads another directory")
    scripts, loader = request.has("--no-scripts"), request.has("--no-autoloader")
    files = below(request.folder, "composer.json", "composer.lock")
    writes = below(request.folder, "vendor")
    if not build.known:
        if not (scripts and loader):
            raise Refused("without --no-scripts and --no-autoloader Composer reads the source")
        return Reads(files, writes, ("which files are there",))
    folder = Folder(build, request.folder, request.top)
    package = folder.json("composer.json")
    if not scripts and package.get("scripts"):
        raise Refused("without --no-scripts Composer runs scripts that may need the source")
    if not loader and (package.get("autoload") or package.get("autoload-dev")):
        raise Refused("without --no-autoloader Composer reads the source")
    repositories = package.get("repositories")
    listed = repositories if isinstance(repositories, list) else list(table(repositories).values())
    for repository in listed:
        url = str(table(repository).get("url", ""))
        if table(repository).get("type") in ("path", "artifact") or url.startswith((".", "/", "file:")):
            raise Refused("it takes packages from local paths")
    extra = table(package.get("extra"))
    for name in (
        "installer-paths",
        "patches",
        "patches-file",
        "drupal-scaffold",
        "merge-plugin",
        "composer-exit-on-patch-failure",
    ):
        if name in extra:
            raise Refused(f"a plug-in with {name} reads or writes other files")
    config = table(package.get("config"))
    if "vendor-dir" in config or "bin-dir" in config:
        raise Refused("it installs into a directory of its own")
    doubts: tuple[str, ...] = ()
    plugins = config.get("allow-plugins")
    if not request.has("--no-plugins") and (plugins is True or any(table(plugins).values())):
        doubts = ("what the plug-ins of Composer do",)
    folder.need("composer.lock")
    if folder.has(".env") and "symfony/flex" in folder.text("composer.json"):
        doubts = ("what the plug-ins of Composer do",)
    return Reads(unique(files, folder.present("auth.json", "symfony.lock")), writes, doubts)
