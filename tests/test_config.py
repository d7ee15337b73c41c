"""Where options come from and who beats whom."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from dockeropt.cli.options import Request
from dockeropt.cli.settings import settings_of
from dockeropt.config import Options, Settings, iterate, load_options, parse_override, user_folder
from dockeropt.configkeys import _readers
from dockeropt.errors import ConfigError

Write = Callable[..., Path]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return a function that writes files below a folder, which becomes the current one."""
    monkeypatch.chdir(tmp_path)

    def write(**files: str) -> Path:
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_toml", ".toml")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    return write


def request(**values: object) -> Request:
    made = Request("fix")
    for name, value in values.items():
        setattr(made, name, value)
    return made


# --- which file ------------------------------------------------------------------------


def test_without_a_file_the_defaults_hold(tree: Write) -> None:
    assert load_options(tree()) == Options()


def test_the_strongest_file_of_a_folder_wins(tree: Write) -> None:
    root = tree(pyproject_toml="[tool.dockeropt]\nselect = ['size']\n")
    assert load_options(root).select == ("size",)
    tree(dockeropt_toml="select = ['cache']\n")
    assert load_options(root).select == ("cache",)
    (root / ".dockeropt.toml").write_text("select = ['base']\n")
    assert load_options(root).select == ("base",)


def test_the_closest_file_decides_alone(tree: Write) -> None:
    root = tree(
        dockeropt_toml="select = ['size']\nunsafe-fixes = true\n", a__b__dockeropt_toml="ignore = ['style']\n"
    )
    assert load_options(root / "a" / "Dockerfile").select == ("size",)
    inner = load_options(root / "a" / "b" / "Dockerfile")
    assert (inner.select, inner.ignore, inner.unsafe_fixes) == ((), ("style",), False)


def test_a_project_file_without_our_table_is_passed_over(tree: Write) -> None:
    root = tree(dockeropt_toml="select = ['size']\n", a__pyproject_toml="[tool.other]\nx = 'dockeropt'\n")
    assert load_options(root / "a" / "Dockerfile").select == ("size",)


def test_extend_inherits_and_adds_up(tree: Write) -> None:
    root = tree(
        base__dockeropt_toml="select = ['size']\nextend-select = ['base']\nunsafe-fixes = true\n"
        "extend-exclude = ['old/']\n[per-file-ignores]\n'x/*' = ['style']\n",
        app__dockeropt_toml="extend = '../base/dockeropt.toml'\nselect = ['cache']\nextend-select = ['style']\n"
        "[per-file-ignores]\n'y/*' = ['size']\n",
    )
    options = load_options(root / "app")
    assert options.select == ("cache",)
    assert options.extend_select == ("base", "style")
    assert options.unsafe_fixes
    assert options.per_file_ignores == ((f"{root}/base/x/*", ("style",)), (f"{root}/app/y/*", ("size",)))
    assert options.origin == str(root / "app" / "dockeropt.toml")


def test_extend_in_a_circle_is_an_error(tree: Write) -> None:
    root = tree(a_toml="extend = 'b.toml'", b_toml="extend = 'a.toml'", dockeropt_toml="extend = 'a.toml'")
    with pytest.raises(ConfigError, match="circle"):
        load_options(root)


def test_the_users_own_file_holds_only_when_there_is_no_other(tree: Write) -> None:
    root = tree(home__dockeropt_toml="select = ['size']\n", work__x="", other__dockeropt_toml="")
    settings = Settings(user_folder=str(root / "home"))
    assert settings(str(root / "work")).select == ("size",)
    assert settings(str(root / "other")).select == ()


@pytest.mark.skipif(os.name == "nt", reason="XDG is for Unix")
def test_the_users_folder_follows_xdg(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("HOME", "/home/me")
    assert user_folder({}) == "/home/me/.config/dockeropt"
    assert user_folder({"XDG_CONFIG_HOME": "/conf"}) == "/conf/dockeropt"
    assert user_folder({"XDG_CONFIG_HOME": "relative"}) == "/home/me/.config/dockeropt"


# --- wrong files -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selct = ['size']", "dockeropt.toml:1: unknown key 'selct' (hint: did you mean 'select'?)"),
        ("\nselect = 'size'", "dockeropt.toml:2: select must be a list of texts"),
        ("unsafe-fixes = 1", "dockeropt.toml:1: unsafe-fixes must be true or false"),
        ("output-format = 'xml'", "output-format must be one of text, concise, json"),
        ("select = ['merge-run']", "unknown pass 'merge-run' (hint: did you mean 'merge-runs'?)"),
        ("ignore = ['nonsense']", "unknown pass 'nonsense'"),
        ("[passes.merge-runs]\nwen = 1", "merge-runs has no option"),
        ("[passes]\nno-such-pass = {}", "unknown pass 'no-such-pass'"),
        ("per-file-ignores = 3", "per-file-ignores must be a table"),
        ("select = [", "not valid TOML"),
        ("extend = 'missing.toml'", "no such file: missing.toml"),
        ("extend = 3", "extend must be a text"),
        ("required-version = '>=99'", "requires >=99"),
        ("required-version = 'soon'", "is no version"),
    ],
)
def test_a_wrong_file_is_one_clear_line(tree: Write, text: str, message: str) -> None:
    root = tree(dockeropt_toml=text)
    with pytest.raises(ConfigError) as caught:
        load_options(root)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_bytes_that_are_no_text_are_an_error(tree: Write) -> None:
    root = tree()
    (root / "dockeropt.toml").write_bytes(b"select = ['\xff']")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_options(root)


def test_deep_nesting_is_an_error_and_no_crash(tree: Write) -> None:
    root = tree(dockeropt_toml="x = " + "[" * 100_000)
    with pytest.raises(ConfigError):
        load_options(root)


def test_the_same_error_is_remembered(tree: Write) -> None:
    settings = Settings()
    root = tree(dockeropt_toml="selct = 1")
    for _ in range(2):
        with pytest.raises(ConfigError):
            settings(str(root))


@pytest.mark.parametrize("wanted", [">=0.1", "==0.1.0", ">=0.1,<1", "~=0.1", "!=0.2", "0.1.0"])
def test_versions_that_fit(tree: Write, wanted: str) -> None:
    assert load_options(tree(dockeropt_toml=f"required-version = '{wanted}'")).select == ()


@pytest.mark.parametrize("wanted", ["<0.1", ">0.1.0", "==0.2", "~=1.0", "!=0.1.0", ">=0.1,<0.1"])
def test_versions_that_do_not_fit(tree: Write, wanted: str) -> None:
    with pytest.raises(ConfigError, match="requires"):
        load_options(tree(dockeropt_toml=f"required-version = '{wanted}'"))


def test_names_of_other_tools_are_accepted(tree: Write) -> None:
    options = load_options(tree(dockeropt_toml="select = ['DL3059']\nignore = ['DL3008', 'SC2086']\n"))
    assert options.select == ("DL3059",)


def test_every_option_has_a_key_or_a_reason() -> None:
    keys = set(_readers("/"))
    assert {key for key, _ in iterate(Options())} - keys == {"root", "origin"}


# --- the command line and the environment ----------------------------------------------


def test_the_command_line_beats_environment_beats_file(tree: Write) -> None:
    root = tree(dockeropt_toml="select = ['size']\nfail-level = 'none'\n")
    assert settings_of(request(), {})(str(root)).select == ("size",)
    env = {"DOCKEROPT_SELECT": "cache", "DOCKEROPT_UNSAFE_FIXES": "1", "DOCKEROPT_FAIL_LEVEL": "error"}
    options = settings_of(request(), env)(str(root))
    assert (options.select, options.unsafe_fixes, options.fail_level) == (("cache",), True, "error")
    options = settings_of(request(select=("base",), unsafe=False), env)(str(root))
    assert (options.select, options.unsafe_fixes) == (("base",), False)


def test_a_selection_on_the_command_line_silences_what_a_file_ignores(tree: Write) -> None:
    root = tree(dockeropt_toml="ignore = ['merge-runs']\n")
    options = settings_of(request(select=("merge-runs",)), {})(str(root))
    assert options.ignore == ()


def test_lists_are_split_at_commas(tree: Write) -> None:
    options = settings_of(request(select=("size, cache", "base")), {})(str(tree()))
    assert options.select == ("size", "cache", "base")


def test_isolated_reads_no_file(tree: Write) -> None:
    root = tree(dockeropt_toml="nonsense = 1\n")
    assert settings_of(request(isolated=True), {})(str(root)) == Options()


def test_config_names_a_file_for_all(tree: Write) -> None:
    root = tree(
        mine_toml="select = ['size']\nexclude = ['sub/x']\n", a__dockeropt_toml="select = ['cache']\n"
    )
    options = settings_of(request(config=("mine.toml",)), {})(str(root / "a"))
    assert options.select == ("size",)
    assert options.exclude == (f"{root}/sub/x",)


def test_config_gives_single_settings(tree: Write) -> None:
    root = tree(dockeropt_toml="fail-level = 'none'\n")
    options = settings_of(request(config=("fail-level = 'error'", "unsafe-fixes=true")), {})(str(root))
    assert (options.fail_level, options.unsafe_fixes) == ("error", True)


@pytest.mark.parametrize(
    "values",
    [
        {"config": ("missing.toml",)},
        {"config": ("unsafe-fixes=maybe",)},
        {"config": ("nonsense=1",)},
        {"config": ("extend='x'",)},
        {"select": ("no-such-pass",)},
        {"build_arg": ("NAME",)},
    ],
)
def test_wrong_values_are_errors(tree: Write, values: dict[str, object]) -> None:
    tree()
    with pytest.raises(ConfigError):
        settings_of(request(**values), {})


@pytest.mark.parametrize(
    "env",
    [
        {"DOCKEROPT_UNSAFE_FIXES": "perhaps"},
        {"DOCKEROPT_NUM_WORKERS": "0"},
        {"DOCKEROPT_NUM_WORKERS": "many"},
        {"DOCKEROPT_OUTPUT_FORMAT": "xml"},
        {"DOCKEROPT_SELECT": "no-such-pass"},
        {"DOCKEROPT_CONFIG": "missing.toml"},
    ],
)
def test_wrong_environment_is_an_error(tree: Write, env: dict[str, str]) -> None:
    tree()
    with pytest.raises(ConfigError):
        settings_of(request(), env)


def test_an_override_knows_the_same_keys() -> None:
    assert parse_override("per-file-ignores = { 'a' = ['size'] }") == {
        "per_file_ignores": (("a", ("size",)),)
    }


def test_per_file_ignores_match_paths_and_names(tree: Write) -> None:
    root = tree(dockeropt_toml="[per-file-ignores]\n'dev/**/Dockerfile*' = ['size']\n'*.test' = ['cache']\n")
    options = load_options(root)
    assert options.ignored_at(str(root / "dev" / "a" / "Dockerfile.x")) == ("size",)
    assert options.ignored_at(str(root / "prod" / "Dockerfile")) == ()
    assert options.ignored_at("b/Dockerfile.test") == ("cache",)
