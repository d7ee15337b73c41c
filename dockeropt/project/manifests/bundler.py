"""Bundler: ``Gemfile``, ``Gemfile.lock``, ``.ruby-version`` and the settings of the folder.

Source: Bundler documentation, "gemfile(5)", "bundle-install(1)", "bundle-config(1)". A Gemfile is
a program: what reads files in it is only followed where it is a plain word.
"""

import re

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import Folder, Reads, Refused, Request, below, unique

NAMES = ("Gemfile", ".ruby-version", ".tool-versions")
LOCKS = ("Gemfile.lock",)

_LOCAL = re.compile(
    r"""\bpath:|:path\s*=>|^\s*path\s|\bgemspec\b|eval_gemfile|instance_eval|\brequire(?:_relative)?\s*[("\']"""
    r"""|\bload\b|\bDir\b|\bIO\.|YAML|JSON|`|%x|\bsystem\b|__dir__|__FILE__""",
    re.MULTILINE,
)
_READ = re.compile(r"""(?:File\.read|File\.exist\?|\bfile:)\s*\(?\s*["']([^"'#]+)["']""")


def files_read(build: BuildContext, request: Request) -> Reads:
    """Return the files, unless gems come from the project itself."""
    if request.operands or request.has("--gemfile", "--local"):
        raise Refused("it does not read the Gemfile of its directory alone")
    files = below(request.folder, "Gemfile", "Gemfile.lock")
    if not build.known:
        if not (request.frozen or request.has("--deployment", "--frozen")):
            raise Refused("a Gemfile may name other files")
        return Reads(files, below(request.folder, "vendor/bundle"), ("which files are there",))
    folder = Folder(build, request.folder, request.top)
    gemfile = re.sub(r"(?m)^\s*#.*$", "", folder.text("Gemfile"))
    found = _LOCAL.search(gemfile)
    if found is not None:
        raise Refused(f"the Gemfile says {found[0].strip()}, which may read other files")
    more = tuple([folder.need(name) for name in _READ.findall(gemfile)])
    if "File" in _READ.sub("", gemfile):
        raise Refused("the Gemfile reads other files")
    lock = folder.text("Gemfile.lock")
    if re.search(r"(?m)^PATH$", lock):
        raise Refused("Gemfile.lock takes gems from local paths")
    if folder.holds("vendor/cache"):
        raise Refused("the gems are in vendor/cache")
    doubts: tuple[str, ...] = ()
    if not (request.frozen or request.has("--deployment", "--frozen")):
        doubts = ("whether Bundler rewrites Gemfile.lock, which the copy of the rest puts back",)
    return Reads(
        unique(files, more, folder.present(".bundle/config")),
        below(request.folder, "vendor/bundle", ".bundle"),
        doubts,
    )
