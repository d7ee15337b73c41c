"""What the user wants, from configuration files and from the command line.

Invariant: one frozen :class:`Options` says it all; an unknown key, a wrong type or an
unknown pass is an error that names the nearest right word, never a silent default.

The closest file to a Dockerfile decides alone, without merging what lies above it;
``extend`` inherits on purpose. Paths in a file are relative to that file.
"""

import os
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from dockeropt.discovery import DEFAULT_EXCLUDE, Search, is_excluded
from dockeropt.errors import ConfigError

FILES = (".dockeropt.toml", "dockeropt.toml", "pyproject.toml")
"""Names of configuration files, the strongest of a folder first."""

OUTPUT_FORMATS = (
    "text", "concise", "json", "diff", "patch", "sarif", "rdjson", "rdjsonl", "github", "gitlab",
    "checkstyle", "junit", "markdown",
)  # fmt: skip
FAIL_LEVELS = ("error", "warning", "info", "style", "none")


class Options(NamedTuple):
    """Hold every setting; the default of each is what happens without configuration.

    Selectors are pass ids, categories, ``ALL``, or names of the same rule in other tools.

    Args:
        select: Passes to run; none means those that are on by default.
        extend_select: Passes to run besides.
        ignore: Passes not to run.
        fixable: Passes whose fixes may be applied; none means all.
        unfixable: Passes whose fixes are only shown.
        extend_safe_fixes: Passes whose unsafe fixes count as safe.
        extend_unsafe_fixes: Passes whose safe fixes count as unsafe.
        unsafe_fixes: Whether unsafe fixes are applied too.
        exclude: Files and folders not to search.
        extend_exclude: More of them.
        force_exclude: Whether files that are named explicitly can be excluded.
        respect_gitignore: Whether files that git ignores are left out.
        per_file_ignores: Pairs of a path pattern and the passes not to run there.
        output_format: One of :data:`OUTPUT_FORMATS`.
        fail_level: The least severe finding that makes ``check`` fail.
        passes: Options of single passes, by pass id.
        build_args: Values of build arguments, as ``docker build --build-arg`` gives them; ``None``
            for one that is given, but not known.
        target: The stage that is built, the last one when empty.
        context: The build context, a folder; nothing is known of it when empty.
        root: The folder that the patterns are relative to.
        origin: The file that the settings come from, ``""`` when from none.
    """

    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fixable: tuple[str, ...] = ()
    unfixable: tuple[str, ...] = ()
    extend_safe_fixes: tuple[str, ...] = ()
    extend_unsafe_fixes: tuple[str, ...] = ()
    unsafe_fixes: bool = False
    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    extend_exclude: tuple[str, ...] = ()
    force_exclude: bool = False
    respect_gitignore: bool = True
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    output_format: str = "text"
    fail_level: str = "style"
    passes: Mapping[str, Mapping[str, object]] = {}
    build_args: Mapping[str, str | None] = {}
    target: str = ""
    context: str = ""
    root: str = ""
    origin: str = ""

    @property
    def search(self) -> Search:
        """Return the part that finding files needs."""
        return Search(
            (*self.exclude, *self.extend_exclude), self.force_exclude, self.respect_gitignore, self.root
        )

    def ignored_at(self, path: str) -> tuple[str, ...]:
        """Return the selectors that ``ignore`` and ``per_file_ignores`` switch off for ``path``."""
        found = self.ignore
        for pattern, selectors in self.per_file_ignores:
            if is_excluded(path, self.root or os.getcwd(), (pattern,)):
                found = (*found, *selectors)
        return found


class Settings:
    """Find the options for any file, once for each folder.

    Args:
        file: A configuration file that holds for all files, or ``""``.
        changes: Options that beat every file (the command line), by field name.
        isolated: Whether to read no configuration file at all.
        user_folder: Where the user's own file lies; ``""`` to read none.

    Raises:
        ConfigError: A file says something that has no meaning.
    """

    def __init__(
        self,
        *,
        file: str = "",
        changes: Mapping[str, object] | None = None,
        isolated: bool = False,
        user_folder: str = "",
    ) -> None:
        self._changes = dict(changes or {})
        self._user_folder = user_folder
        self._known: dict[str, Options | ConfigError] = {}
        self._fixed: Options | None = None
        if file:
            # Patterns of a file that holds for all are relative to where the user stands.
            self._fixed = self._finish(_resolve(file, root=os.getcwd()))
        elif isolated:
            self._fixed = self._finish(Options())

    def __call__(self, path: str) -> Options:
        """Return the options for the file or folder at ``path``."""
        if self._fixed is not None:
            return self._fixed
        start = os.path.abspath(path)
        if not os.path.isdir(start):
            start = os.path.dirname(start)
        return self._of_folder(start)

    def search(self, path: str) -> Search:
        """Return what to look for in a folder; the usual where its configuration is wrong.

        The files that are found there will say what is wrong with it.
        """
        try:
            return self(path).search
        except ConfigError:
            return Search()

    def _of_folder(self, start: str) -> Options:
        chain: list[str] = []
        at = start
        while at not in self._known:
            chain.append(at)
            above = os.path.dirname(at)
            file = find_file(at)
            if file or above == at:
                self._known[at] = self._load(file)
            else:
                at = above
        found = self._known[at]
        for folder in chain:
            self._known[folder] = found
        if isinstance(found, ConfigError):
            raise found
        return found

    def _load(self, file: str) -> Options | ConfigError:
        try:
            if file:
                return self._finish(_resolve(file))
            own = os.path.join(self._user_folder, "dockeropt.toml") if self._user_folder else ""
            if own and os.path.isfile(own):
                return self._finish(_resolve(own, root=os.getcwd()))
        except ConfigError as error:
            return error
        return self._finish(Options())

    def _finish(self, options: Options) -> Options:
        return options._replace(**self._changes) if self._changes else options  # type: ignore[arg-type]


def load_options(start: str | os.PathLike[str]) -> Options:
    """Return the options that the configuration files give for ``start``, a file or folder.

    Raises:
        ConfigError: A file says something that has no meaning.
    """
    return Settings()(os.fspath(start))


def find_file(folder: str) -> str:
    """Return the configuration file of ``folder``, ``""`` when it has none."""
    for name in FILES:
        path = os.path.join(folder, name)
        if os.path.isfile(path) and (name != "pyproject.toml" or _table(path) is not None):
            return path
    return ""


def user_folder(environment: Mapping[str, str]) -> str:
    """Return the folder of the user's own configuration, as the operating system has it.

    XDG base directories on Unix, ``Application Support`` on macOS, ``LOCALAPPDATA`` on Windows.
    """
    import sys

    home = os.path.expanduser("~")
    if sys.platform == "win32":
        base = environment.get("LOCALAPPDATA", "") or os.path.join(home, "AppData", "Local")
    elif sys.platform == "darwin":
        base = os.path.join(home, "Library", "Application Support")
    else:
        base = environment.get("XDG_CONFIG_HOME", "")
        if not os.path.isabs(base):  # the specification: a relative path is invalid and ignored
            base = os.path.join(home, ".config")
    return os.path.join(base, "dockeropt")


# --- reading ---------------------------------------------------------------------------


def _resolve(path: str, *, root: str = "", seen: tuple[str, ...] = ()) -> Options:
    """Read a file and all that it extends."""
    real = os.path.realpath(path)
    if real in seen:
        raise ConfigError("extend goes in a circle", path=path, hint="take one of the lines away")
    table = _table(path)
    if table is None:
        raise ConfigError("no [tool.dockeropt] table", path=path, hint="add one, or name another file")
    root = root or os.path.dirname(os.path.abspath(path))
    base = Options()
    extend = table.pop("extend", None)
    if extend is not None:
        if not isinstance(extend, str):
            raise ConfigError("extend must be a text", path=path, hint='extend = "../dockeropt.toml"')
        above = os.path.join(os.path.dirname(path), os.path.expanduser(extend))
        if not os.path.isfile(above):
            raise ConfigError(
                f"extend: no such file: {extend}", path=path, hint="paths are relative to this file"
            )
        base = _resolve(above, seen=(*seen, real))
    changes = read_table(table, root, path)
    for name in (
        "extend_select",
        "extend_safe_fixes",
        "extend_unsafe_fixes",
        "extend_exclude",
        "per_file_ignores",
    ):
        if name in changes:
            changes[name] = (*getattr(base, name), *changes[name])  # type: ignore[misc]
    if "passes" in changes:
        merged = dict(base.passes)
        for name, given in changes["passes"].items():  # type: ignore[attr-defined]
            merged[name] = {**merged.get(name, {}), **given}
        changes["passes"] = merged
    return base._replace(**changes, root=root, origin=path)  # type: ignore[arg-type]


def _table(path: str) -> dict[str, object] | None:
    """Return the table of our settings in a file; ``None`` for a pyproject.toml without one."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise ConfigError((error.strerror or str(error)).lower(), path=path, hint="check --config") from None
    is_project = os.path.basename(path) == "pyproject.toml"
    if is_project and b"dockeropt" not in data:  # PERF: spares the import of tomllib
        return None
    import tomllib

    try:
        parsed = tomllib.loads(data.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"not valid TOML: {error}", path=path, hint="see https://toml.io") from None
    if not is_project:
        return parsed
    tool = parsed.get("tool")
    ours = tool.get("dockeropt") if isinstance(tool, dict) else None
    if ours is not None and not isinstance(ours, dict):
        raise ConfigError("tool.dockeropt must be a table", path=path, hint="[tool.dockeropt]")
    return ours


def parse_override(text: str) -> dict[str, object]:
    """Return the options that ``--config "key = value"`` gives, by field name.

    Raises:
        ConfigError: It is not TOML, or has no meaning.
    """
    import tomllib

    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        hint = "text needs quotes: --config 'fail-level = \"none\"'"
        raise ConfigError(f"--config {text}: not valid TOML: {error}", hint=hint) from None
    if "extend" in table:
        raise ConfigError("--config cannot extend", hint="--config FILE reads a file")
    return read_table(table, os.getcwd(), "--config")


def read_table(table: Mapping[str, object], root: str, where: str) -> dict[str, object]:
    """Check a table and return its options, by field name.

    Args:
        table: Keys with dashes, values as TOML has them.
        root: Folder that the patterns are relative to.
        where: The file, for messages.

    Raises:
        ConfigError: A key is unknown, a value has the wrong type, or the version does not fit.
    """
    from dockeropt.configkeys import check

    return dict(check(table, root, where))


def iterate(options: Options) -> Iterator[tuple[str, object]]:
    """Yield the key, as it is written in TOML, and the value of each option."""
    for name, value in options._asdict().items():
        yield name.replace("_", "-"), value
