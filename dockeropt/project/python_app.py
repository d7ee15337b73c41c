"""What a Python application runs and loads beyond itself, as far as its files tell.

Invariant: nothing is dropped. A program that only the run decides, a module imported by a
computed name, a file that is no Python: each is an :class:`Open` record with file and line. Names are
resolved through the file's imports (LibCST's qualified names), so ``from subprocess import
run as r`` is seen. LibCST is large and slow: it is
imported for the first file that may start or load anything; of others the imports are enough.
"""

from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import re

    import libcst as cst

MAX_FILES = 600
"""Files that are read; an application with more is not known."""

MAX_TEXT = 400_000
"""Characters of the largest file that is read: longer ones are tables, or made by machines."""

MAX_DEPTH = 100
"""Brackets inside of each other."""

MAX_CHAIN = 500
"""Operators of one expression, and branches of one file."""


class Found(NamedTuple):
    """Say that something is used: its name, and where.

    Args:
        name: A module, a program, a library, as its kind has it.
        file: Path in the build context.
        line: 1-based.
    """

    name: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """Return ``file:line``."""
        return f"{self.file}:{self.line}"


class Open(NamedTuple):
    """Say what cannot be known: as a clause, and where."""

    what: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """Return ``file:line``."""
        return f"{self.file}:{self.line}"


class App(NamedTuple):
    """Hold what Python files use.

    Args:
        imports: Modules at the top of their packages, first import of each.
        programs: Programs that are started, with their path if one is written.
        libraries: Shared libraries that are loaded by name, as written.
        scripts: Shell scripts, given as one string to ``os.system`` and its like.
        unknown: What cannot be known.
    """

    imports: tuple[Found, ...] = ()
    programs: tuple[Found, ...] = ()
    libraries: tuple[Found, ...] = ()
    scripts: tuple[Found, ...] = ()
    unknown: tuple[Open, ...] = ()


STARTERS = {
    "subprocess.run": "args",
    "subprocess.call": "args",
    "subprocess.Popen": "args",
    "subprocess.check_output": "args",
    "subprocess.check_call": "args",
    "subprocess.getoutput": "shell",
    "subprocess.getstatusoutput": "shell",
    "os.system": "shell",
    "os.popen": "shell",
    "asyncio.create_subprocess_shell": "shell",
    "asyncio.create_subprocess_exec": "program",
    "asyncio.subprocess.create_subprocess_shell": "shell",
    "asyncio.subprocess.create_subprocess_exec": "program",
    "os.execl": "program",
    "os.execle": "program",
    "os.execlp": "program",
    "os.execlpe": "program",
    "os.execv": "program",
    "os.execve": "program",
    "os.execvp": "program",
    "os.execvpe": "program",
    "os.spawnl": "second",
    "os.spawnle": "second",
    "os.spawnlp": "second",
    "os.spawnlpe": "second",
    "os.spawnv": "second",
    "os.spawnve": "second",
    "os.spawnvp": "second",
    "os.spawnvpe": "second",
    "os.posix_spawn": "program",
    "os.posix_spawnp": "program",
    "pty.spawn": "args",
    "shutil.which": "program",
    "distutils.spawn.find_executable": "program",
}
"""Functions of the standard library that start a program, and how they are told which one."""

LOADERS = {
    "ctypes.CDLL": "library",
    "ctypes.PyDLL": "library",
    "ctypes.cdll.LoadLibrary": "library",
    "ctypes.util.find_library": "library",
    "cffi.FFI.dlopen": "library",
    "importlib.import_module": "module",
    "builtins.__import__": "module",
    "__import__": "module",
    "PIL.ImageFont.truetype": "font",
}
"""Functions that load a library, a module or a font by name."""

MODULES = frozenset(("subprocess", "os", "shutil", "ctypes", "importlib", "asyncio", "pty"))
"""Modules whose functions matter: handed on as a whole (``getattr(os, name)``), they can do anything."""

_LOCAL = frozenset(("sys.executable",))
"""What names the interpreter itself."""


def read_app(files: Iterable[tuple[str, str | None]], *, most: int = MAX_FILES) -> App:
    """Return what Python files use, put together.

    Args:
        files: Path and text of each; a text of ``None`` is a file that cannot be read.
        most: How many files are read.
    """
    imports: dict[str, Found] = {}
    programs: dict[str, Found] = {}
    libraries: dict[str, Found] = {}
    scripts: list[Found] = []
    unknown: list[Open] = []
    for count, (path, text) in enumerate(files):
        if count == most:
            unknown.append(Open(f"what the files after the first {most} do", path, 1))
            break
        if text is None or len(text) > MAX_TEXT:
            unknown.append(Open("what the file holds", path, 1))
            continue
        facts = read_file(text)
        for kind, name, line in facts:
            found = Found(name, path, line)
            if kind == "import":
                imports.setdefault(name, found)
            elif kind == "program":
                programs.setdefault(name, found)
            elif kind == "library":
                libraries.setdefault(name, found)
            elif kind == "script":
                scripts.append(found)
            else:
                unknown.append(Open(name, path, line))
    return App(
        tuple(imports.values()),
        tuple(programs.values()),
        tuple(libraries.values()),
        tuple(scripts),
        tuple(unknown),
    )


@lru_cache(maxsize=2048)
def read_file(text: str) -> tuple[tuple[str, str, int], ...]:
    """Return what one file uses: kind, name, 1-based line.

    Kinds are ``import``, ``program``, ``library``, ``script`` and ``unknown``.
    """
    if not _is_plain(text):
        return (("unknown", "what a file that nests too deep does", 1),)
    if not _suspects().search(text):
        # PERF: nine files of ten start nothing; LibCST takes twenty times as long.
        found = _imports_only(text)
        if found is not None:
            return found
    import libcst as cst

    try:
        module = cst.parse_module(text)
        return tuple(_collect(module))
    except cst.ParserSyntaxError as error:
        return (("unknown", "what a file that is no Python of today does", error.raw_line),)
    except (RecursionError, ValueError, KeyError):
        return (("unknown", "what a file that cannot be read does", 1),)


@cache
def _suspects() -> "re.Pattern[str]":
    """Return a pattern for every file that may mean one of the functions that matter."""
    import re

    modules = "|".join(sorted(MODULES))
    return re.compile(
        r"(?i)subprocess|\bsystem\b|popen|exec[lv]|spawn|\bwhich\b\s*[(,)]|import[^\n]*\bwhich\b|ctypes|cdll|dlopen"
        r"|import_module|__import__|importlib|truetype|find_executable|find_library|getoutput|getstatusoutput"
        rf"|from\s+(?:{modules}|distutils)\S*\s+import\s+\*|\bgetattr\(\s*(?:{modules})\b"
    )


def _imports_only(text: str) -> tuple[tuple[str, str, int], ...] | None:
    """Return the imports of a file that does nothing else of interest, ``None`` if it is no Python."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    found: list[tuple[str, str, int]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name.partition(".")[0] for alias in node.names]
            found += [("import", name, node.lineno) for name in names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.append(("import", (node.module or "").partition(".")[0], node.lineno))
    return tuple(found)


def _is_plain(text: str) -> bool:
    """Tell whether LibCST can be given a text.

    Its parser overflows the stack of the process on brackets some thousands deep, and takes the square of
    the length of a chain of operators.
    """
    depth = chain = branches = 0
    for found in _marks().finditer(text):
        mark = found[0]
        if mark in "([{":
            depth += 1
            chain += 1
        elif mark in ")]}":
            depth = max(depth - 1, 0)
        elif mark[0] == "\n":
            depth = chain = 0
            branches += mark.endswith("elif")
        elif mark in ",;:=":
            chain = 0
        else:
            chain += 1
        if depth > MAX_DEPTH or chain > MAX_CHAIN or branches > MAX_CHAIN:
            return False
    return True


@cache
def _marks() -> "re.Pattern[str]":
    import re

    return re.compile(
        r"\n[ \t]*(?:def|class|import|from|if|elif|else|for|while|return|with|try|except|@|#|\w+ ?=(?!=)|(?=\n))"
        r"|\blambda\b[^:\n]{0,80}:|[\[\](){},;:=]|[-+*/%|&^.<>~@]|\b(?:not|if|and|or|await)\b|(?<=['\"])\s+(?=['\"])"
    )


def _collect(module: "cst.Module") -> list[tuple[str, str, int]]:
    """Walk over one module."""
    import libcst as cst
    from libcst.helpers import get_full_name_for_node
    from libcst.metadata import MetadataWrapper, PositionProvider, QualifiedNameProvider

    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    positions = wrapper.resolve(PositionProvider)
    names = wrapper.resolve(QualifiedNameProvider)
    found: list[tuple[str, str, int]] = []
    relevant = {*STARTERS, *LOADERS}

    def line(node: cst.CSTNode) -> int:
        return int(positions[node].start.line)

    def qualified(node: cst.CSTNode) -> set[str]:
        value = names.get(node, ())
        return {item.name for item in (value() if callable(value) else value)}

    class Visitor(cst.CSTVisitor):
        def visit_Import(self, node: cst.Import) -> None:
            names = [alias.evaluated_name.partition(".")[0] for alias in node.names]
            found.extend([("import", name, line(node)) for name in names])

        def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
            if not node.relative and node.module is not None:
                whole = get_full_name_for_node(node.module) or ""
                found.append(("import", whole.partition(".")[0], line(node)))
                if isinstance(node.names, cst.ImportStar) and any(
                    name.startswith(f"{whole}.") for name in relevant
                ):
                    found.append(("unknown", f"which names of {whole} are used", line(node)))

        def visit_Call(self, node: cst.Call) -> None:
            called = qualified(node.func) & relevant
            if called:
                found.extend(_read_call(node, called.pop(), line(node), qualified))

        def visit_Arg(self, node: cst.Arg) -> None:
            # PERF: most values are no names at all.
            if isinstance(node.value, cst.Name | cst.Attribute):
                handed = qualified(node.value) & ((relevant - {"shutil.which"}) | MODULES)
                if handed:
                    found.append(("unknown", f"what is run through {min(handed)}", line(node)))

        def visit_Assign(self, node: cst.Assign) -> None:
            if isinstance(node.value, cst.Name | cst.Attribute):
                kept = qualified(node.value) & relevant
                if kept:
                    found.append(("unknown", f"what is run through {min(kept)}", line(node)))

    wrapper.module.visit(Visitor())
    return found


def _read_call(node: "cst.Call", name: str, line: int, qualified: "object") -> list[tuple[str, str, int]]:
    """Return what a call of one of the functions starts or loads."""
    import libcst as cst

    assert callable(qualified)
    how = STARTERS.get(name) or LOADERS[name]
    positional = [arg for arg in node.args if arg.keyword is None and not arg.star]
    keywords = {arg.keyword.value: arg.value for arg in node.args if arg.keyword is not None}
    starred = any(arg.star for arg in node.args)
    place = 1 if how == "second" else 0
    first = positional[place].value if len(positional) > place else None
    if first is None and not starred:
        for keyword in ("args", "cmd", "name", "path", "font", "file", "program", "command"):
            first = first or keywords.get(keyword)
    if first is None:
        if not starred and name == "ctypes.CDLL":
            return []
        return [("unknown", f"what {name} is given", line)]
    if how == "args" and "executable" in keywords:
        return [("unknown", f"which program {name} starts", line)]
    shell = keywords.get("shell")
    by_shell = how == "shell" or (shell is not None and not _is_name(shell, "False"))
    if how in ("library", "module", "font"):
        if how == "library" and _is_name(first, "None"):
            return []
        if isinstance(first, cst.Call) and qualified(first.func) & set(LOADERS):
            return []  # the inner call says what is loaded
        text = _literal(first)
        if text is None:
            what = {"library": "library", "module": "module", "font": "font"}[how]
            return [("unknown", f"which {what} {name} loads", line)]
        if how == "module":
            return [] if text.startswith(".") else [("import", text.partition(".")[0], line)]
        if how == "font":
            return [("unknown", f"where the font {text} lies", line)]
        return [("library", text, line)]
    if isinstance(first, cst.List | cst.Tuple):
        if by_shell:
            return [("unknown", f"what {name} gives to the shell", line)]
        if not first.elements:
            return []
        head = first.elements[0].value
        if qualified(head) and set(qualified(head)) <= _LOCAL:
            return _python(first, line)
        text = _literal(head)
        if text is None:
            return [("unknown", f"which program {name} starts", line)]
        rest = [_literal(item.value) for item in first.elements[1:]]
        if text.rpartition("/")[2] in ("sh", "bash", "dash") and rest[:1] in (["-c"], ["-ec"], ["-lc"]):
            script = rest[1] if len(rest) > 1 else None
            if script is None:
                return [("unknown", f"what {name} gives to the shell", line)]
            return [("program", text, line), ("script", script, line)]
        return [("program", text, line)]
    text = _literal(first)
    if text is None:
        if qualified(first) and set(qualified(first)) <= _LOCAL:
            return []
        return [("unknown", f"which program {name} starts", line)]
    return [("script" if by_shell else "program", text, line)]


def _python(words: "cst.List | cst.Tuple", line: int) -> list[tuple[str, str, int]]:
    """Return the module of ``[sys.executable, "-m", "module"]``."""
    texts = [_literal(item.value) for item in words.elements[1:3]]
    if len(texts) == 2 and texts[0] == "-m":
        if texts[1] is None:
            return [("unknown", "which module is run", line)]
        return [("import", texts[1].partition(".")[0], line)]
    return []


def _is_name(node: "cst.BaseExpression", name: str) -> bool:
    import libcst as cst

    return isinstance(node, cst.Name) and node.value == name


def _literal(node: "cst.BaseExpression") -> str | None:
    """Return a string literal's value, ``None`` for everything that is computed."""
    import libcst as cst

    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None
