"""What the application that a stage brings in needs of its base image.

Invariant: what cannot be known is a doubt of the :class:`Look`; a package is only asked for when the
slim image lacks it and the full one has it.
"""

from typing import TYPE_CHECKING

from dockeropt.knowledge.debcommands import sonames
from dockeropt.knowledge.packages import Loss, library
from dockeropt.project.context import BuildContext
from dockeropt.rewrite.copied import Copied
from dockeropt.rewrite.needs import Needs, Use
from dockeropt.syntax.nodes import Cmd

if TYPE_CHECKING:
    from dockeropt.project.python_app import App

FEW_FILES = 30
"""Python files that are read where nothing can be proven any more."""

TESTERS = ("pytest", "unittest", "nose", "tox", "test", "py.test", "coverage")
MACHINE = (".so", ".whl", ".pyx", ".egg", ".deb", ".a", ".jar", ".bin", ".run")
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".ico", ".pdf", ".ttf", ".otf", ".woff", ".woff2", ".eot", ".webp",
    ".mp3", ".mp4", ".zip", ".gz", ".db", ".sqlite3", ".sqlite", ".mo", ".svg", ".xlsx", ".docx", ".csv", ".pyc",
    ".npy", ".pkl", ".h5")  # fmt: skip
SYSTEM_FILES = ("/usr/share/", "/usr/lib/", "/usr/include")
PRESENT = ("/usr/share/zoneinfo", "/usr/lib/python")
WEB_FILES = (".woff", ".woff2", ".ttf", ".otf", ".eot", ".webp", ".avif")
"""Files whose type Python's own ``mimetypes`` table lacks, in some versions at least."""

WEB_FOLDERS = frozenset(("static", "assets", "public", "staticfiles", "dist", "www"))
TK = ("tkinter", "turtle", "_tkinter")


class Look:
    """Hold what a look at a stage's files finds.

    Args:
        doubts: What is not known, as clauses.
        commands: What scripts and the application run, with their first use.
        packages: Debian packages that are needed, several names where releases differ.
        brought: Commands that Python packages and copied files bring.
        pip_known: Whether it is known of all that pip installs what it takes.
        files: How many files of the context were read.
    """

    __slots__ = ("brought", "commands", "doubts", "files", "packages", "pip_known")

    def __init__(self) -> None:
        self.doubts: list[str] = []
        self.commands: dict[str, Use] = {}
        self.packages: dict[str, Use] = {}
        self.brought: set[str] = set()
        self.pip_known = False
        self.files = 0

    def doubt(self, clause: str, place: str = "") -> None:
        """Note what is not known."""
        self.doubts.append(f"{clause} ({place})" if place else clause)


def look_at_app(
    look: Look, build: BuildContext, copied: Copied, needs: Needs, loss: Loss, *, runs: bool
) -> None:
    """Read the Python files that the stage brings in; it ``runs`` an application, or is only built on."""
    from dockeropt.project.python_app import MAX_FILES, read_app

    tested = any(name in TESTERS for name in needs.commands)
    paths = sorted(entry.path for path, entry in copied.files.items() if path.endswith(".py"))
    paths = [path for path in dict.fromkeys(paths) if tested or not is_test(path)]
    texts = [(path, build.read(path)) for path in paths]
    texts += [(path, text) for path, text in copied.texts.items() if path.endswith(".py")]
    look.files = len(texts)
    program = _program(needs)
    if runs and not texts and program not in look.brought - {"gunicorn", "uvicorn", "flask", "django-admin"}:
        look.doubt("where the application is: no Python file is copied")
    for path, text in texts:
        look_for_mentions(look, path, text or "")
    # PERF: with doubts there is no proof to find, only packages that are worth adding.
    app = read_app(texts, most=FEW_FILES if look.doubts else MAX_FILES)
    use = Use("application", None)
    take_app(look, app, use)
    modules = {found.name for found in app.imports}
    if modules & set(TK) and "libtk8.6" in loss.packages:
        look.packages.setdefault("libtk8.6", use)
    web = any(path.endswith(WEB_FILES) and set(path.split("/")) & WEB_FOLDERS for path in copied.files)
    if ("mimetypes" in modules or web) and "media-types" in loss.packages:
        look.packages.setdefault("media-types", use)
    from dockeropt.knowledge.pypi import packages_of, run_packages

    local = {path.split("/")[-1].removesuffix(".py") for path in paths} | {
        part for path in paths for part in path.split("/")[:-1]
    }
    for module in modules - local:
        for package in packages_of(module):
            for deb in run_packages(package):
                if deb in loss.packages and len(packages_of(module)) == 1:
                    look.packages.setdefault(deb, use)
    for lib in app.libraries:
        _library(look, lib.name, lib.place, loss, use)


def _program(needs: Needs) -> str:
    """Return the last program that a CMD or ENTRYPOINT starts, ``""`` if there is none."""
    last = [use for use in needs.commands.values() if use.run is not None and isinstance(use.run.node, Cmd)]
    return last[0].name if last else ""


def _library(look: Look, name: str, place: str, loss: Loss, use: Use) -> None:
    """Note the package of a library that is loaded by name."""
    if name in ("c", "m", "pthread", "dl", "rt", "util", "libc.so.6", "libm.so.6", "ssl", "crypto", "z"):
        return
    full = name if ".so" in name else f"lib{name}.so"
    for soname in sonames():
        if soname == full or soname.startswith(f"{full}.") or full.startswith(f"{soname}."):
            record = library(soname)
            for package in (record.bookworm, record.trixie) if record is not None else ():
                if package is not None and package in loss.packages:
                    look.packages.setdefault(package, use)
            return
    look.doubt(f"where the library {name} comes from", place)


def take_app(look: Look, app: "App", use: Use) -> None:
    """Take over what Python files use."""
    from dockeropt.project.scripts import read_script

    for item in app.unknown:
        look.doubt(item.what, item.place)
    for found in app.programs:
        name = found.name.rpartition("/")[2]
        if not name or " " in found.name:
            look.doubt(f"which program {found.name} is", found.place)
            continue
        look.commands.setdefault(name, use)
        if name in ("sh", "bash", "python", "python3", "perl", "node", "env"):
            look.doubt(f"what {name} is given", found.place)
        elif "/" in found.name and not found.name.startswith(("/usr/bin/", "/bin/", "/usr/sbin/", "/sbin/")):
            look.doubt(f"what {found.name} does", found.place)
    for found in app.scripts:
        facts = read_script(found.name, program="sh")
        for clause, _ in facts.unknown:
            look.doubt(clause, found.place)
        for command in facts.commands:
            look.commands.setdefault(command.name, use)
            if command.name in ("sh", "bash", "python", "python3", "perl", "node", "env", "xargs"):
                look.doubt(f"what {command.name} is given", found.place)
            elif "/" in command.path and not command.path.startswith(("/usr/bin/", "/bin/")):
                look.doubt(f"what {command.path} does", found.place)


def look_for_mentions(look: Look, name: str, text: str) -> None:
    """Note files of the system that a text names: they may belong to packages that slim lacks."""
    rest = text
    for there in PRESENT:
        rest = rest.replace(there, "")
    for start in SYSTEM_FILES:
        at = rest.find(start)
        if at >= 0:
            word = rest[at : at + 60].split()[0].strip("\"'`,;)")
            look.doubt(f"whether {word} is there", f"{name}:{rest.count(chr(10), 0, at) + 1}")


def look_at_files(look: Look, build: BuildContext, copied: Copied) -> None:
    """Note machine code that is copied: which libraries it loads is not read."""
    for entry in copied.files.values():
        if entry.kind != "file":
            if entry.kind == "link":
                look.doubt(f"where {entry.path} leads")
            continue
        unread = entry.mode & 0o111 and not entry.path.endswith(PICTURES) and build.read(entry.path) is None
        if unread or entry.path.endswith(MACHINE):
            look.doubt(f"which libraries {entry.path} loads")


def is_test(path: str) -> bool:
    """Tell whether a Python file is a test, or serves packaging: the image does not run it."""
    *folders, name = path.split("/")
    return (
        name in ("conftest.py", "setup.py", "noxfile.py", "fabfile.py")
        or name.startswith("test_")
        or name.endswith("_test.py")
        or name == "tests.py"
        or any(folder in ("tests", "test", "docs", ".github") for folder in folders)
    )
