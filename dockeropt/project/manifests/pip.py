"""pip and ``uv pip``: requirement and constraint files, those that they name, and what these install.

Source: pip documentation, "Requirements File Format".
"""

import re

from dockeropt.project.context import BuildContext
from dockeropt.project.manifests.look import MAX_FILES, Folder, Reads, Refused, Request

NAMES = ("requirements.txt", "requirements-dev.txt", "constraints.txt")
LOCKS = ()

_FILE_OPTION = re.compile(r"(-r|-c|--requirement|--constraint)(?:\s*=\s*|\s+|(?<=-[rc]))(\S.*)")
_COMMENT = re.compile(r"(?:^|\s)#.*$")
_ARCHIVE = re.compile(r"\.(?:zip|whl|tar\.gz|tgz|tar|tar\.bz2|tbz|tar\.xz|txz)$", re.IGNORECASE)


def files_read(build: BuildContext, request: Request) -> Reads:
    """Follow the requirement files of the command line."""
    for word in request.operands:
        _check(word)
    if request.has("-e", "--editable", "--find-links", "-f", "--no-index", "--requirements-from-script"):
        raise Refused("it installs from local files")
    if request.has("--src"):
        raise Refused("it installs into a directory of its own")
    if not request.requirements:
        raise Refused("it reads no requirements file")
    todo = [*request.requirements, *request.constraints]
    seen: dict[str, None] = {}
    while todo:
        path = todo.pop(0)
        if path in seen:
            continue
        if not path.endswith((".txt", ".in", ".pip", ".reqs")):
            raise Refused(f"{path} is no plain requirements file")
        if len(seen) >= MAX_FILES:
            raise Refused("too many requirements files")
        seen[path] = None
        if build.known:
            todo += _named_by(build, path, request.top)
    doubts = () if build.known else ("what the requirements files name",)
    return Reads(tuple(seen), (), doubts)


def _named_by(build: BuildContext, path: str, top: str) -> list[str]:
    """Return the files that a requirements file names, or refuse for what it installs."""
    folder = Folder(build, path.rpartition("/")[0], top)
    text = folder.text(path.rpartition("/")[2])
    found: list[str] = []
    for raw in re.sub(r"\\\r?\n", " ", text).splitlines():
        line = _COMMENT.sub("", raw).strip()
        if not line:
            continue
        option = _FILE_OPTION.fullmatch(line)
        if option is not None:
            name = option[2].strip().strip("\"'")
            if "${" in name or "://" in name:
                raise Refused(f"{path} names {name}")
            found.append(folder.path(name))
        elif line.startswith(("-e", "--editable")):
            raise Refused(f"{path} installs in editable mode: {line}")
        elif line.startswith(("-f", "--find-links", "--no-index")):
            target = line.partition("=" if "=" in line else " ")[2].strip()
            if not target.startswith(("http://", "https://")):
                raise Refused(f"{path} takes packages from {target or 'files'}")
        elif not line.startswith("-"):
            try:
                _check(line)
            except Refused as reason:
                raise Refused(f"{path} {reason}") from None
    return found


def _check(requirement: str) -> None:
    """Refuse a requirement that is a path."""
    spec = re.split(r"\s+--|\s*;", requirement, maxsplit=1)[0].strip().strip("\"'")
    name, _, url = spec.partition("@")
    target = url.strip() if url and "://" not in name else spec
    remote = re.match(r"(?:(?:git|hg|svn|bzr)\+)?(?:https?|ssh|git)://|git\+ssh://|git\+git@", target)
    if remote:
        return
    local = target.startswith((".", "/", "~", "file:")) or "file:" in target
    if local or "$" in target or "/" in target or "\\" in target or _ARCHIVE.search(target):
        raise Refused(f"installs {spec} from a local path")
