"""Gradle: build and settings scripts, which are programs.

Source: Gradle documentation, "Settings File", "Build Environment". Because the scripts may read any
file, the answer always has a doubt.
"""

import re

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import Folder, Reads, Refused, Request, unique

NAMES = (
    "build.gradle",
    "build.gradle.kts",
    "settings.gradle",
    "settings.gradle.kts",
    "gradle.properties",
    "gradlew",
)
LOCKS = ("gradle.lockfile", "buildscript-gradle.lockfile")

_MORE = (
    "gradle/libs.versions.toml",
    "gradle/wrapper/gradle-wrapper.properties",
    "gradle/wrapper/gradle-wrapper.jar",
)
_OTHER = re.compile(
    r"""\binclude(?:Build|Flat)?\s*[("']|\bapply\s*\(?\s*from|\bfileTree\b|\bfiles\s*\(|\bproject\s*\(["']"""
)


def files_read(build: BuildContext, request: Request) -> Reads:
    """Return the scripts of a project of one module."""
    if request.verb != "dependencies" or request.operands:
        raise Refused("Gradle builds the source")
    if not build.known:
        raise Refused("which files a Gradle build has is not known")
    folder = Folder(build, request.folder, request.top)
    scripts = folder.present(*NAMES[:4])
    if not scripts:
        raise Refused("there is no build.gradle")
    if folder.holds("buildSrc"):
        raise Refused("buildSrc is source")
    for path in scripts:
        text = build.read(path)
        found = _OTHER.search(text) if text is not None else None
        if text is None or found is not None:
            raise Refused(f"{path} may name other files")
    files = unique(scripts, folder.present(*NAMES[4:], *LOCKS, *_MORE))
    return Reads(files, (), ("what the build scripts read",))
