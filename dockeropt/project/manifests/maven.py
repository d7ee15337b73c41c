"""Maven: ``pom.xml``, ``.mvn`` and the wrapper.

Source: Maven documentation, "POM Reference" (inheritance, aggregation), "dependency:go-offline".
"""

import re

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import Folder, Reads, Refused, Request, below, unique

NAMES = (
    "pom.xml",
    ".mvn/settings.xml",
    ".mvn/maven.config",
    ".mvn/jvm.config",
    ".mvn/extensions.xml",
    "mvnw",
)
LOCKS = ()

_GOALS = ("dependency:go-offline", "dependency:resolve", "dependency:resolve-plugins")
_WRAPPER = ("mvnw", ".mvn/wrapper/maven-wrapper.properties", ".mvn/wrapper/maven-wrapper.jar",
            ".mvn/wrapper/MavenWrapperDownloader.java")  # fmt: skip


def files_read(build: BuildContext, request: Request) -> Reads:
    """Return the POM of a project of one module, and what configures Maven."""
    goals = [word for word in (request.verb, *request.operands) if word]
    if not goals or any(goal not in _GOALS for goal in goals):
        raise Refused("Maven builds the source")
    if request.has("-f", "--file", "-s", "--settings", "-pl", "--projects"):
        raise Refused("it reads other files than the POM of its directory")
    if not build.known:
        return Reads(below(request.folder, "pom.xml"), (), ("which files are there",))
    folder = Folder(build, request.folder, request.top)
    pom = re.sub(r"(?s)<!--.*?-->", "", folder.text("pom.xml"))
    if "<modules>" in pom:
        raise Refused("the project has modules")
    parent = re.search(r"(?s)<parent>(.*?)</parent>", pom)
    if parent is not None and not re.search(
        r"<relativePath\s*/>|<relativePath>\s*</relativePath>", parent[1]
    ):
        path = re.search(r"<relativePath>\s*(.*?)\s*</relativePath>", parent[1])
        outside = folder.place in ("", request.top) and path is None
        if path is not None or (not outside and folder.has("../pom.xml")):
            raise Refused("the parent of the POM is a local file")
    for mark in ("<systemPath>", "${basedir}", "${project.basedir}", "file:"):
        if mark in pom:
            raise Refused(f"the POM says {mark}, which may lead to other files")
    more = folder.present(*_WRAPPER, *NAMES[1:5]) if folder.holds(".mvn") else ()
    return Reads(unique(folder.present("pom.xml"), more))
