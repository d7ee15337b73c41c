"""Which files an install reads, ecosystem by ecosystem, and why not."""

import pytest

from dockeropt.project.context import UNKNOWN, InMemory
from dockeropt.project.manifests import NotKnown, Reads, Request, files_read, is_manifest, manifests_in


def read(tool: str, files: dict[str, str], **more: object) -> Reads | NotKnown:
    options = more.pop("options", ())
    assert isinstance(options, tuple)
    request = Request(tool, options=frozenset(options))._replace(**more)  # type: ignore[arg-type]
    return files_read(InMemory(files), request)


def files(answer: Reads | NotKnown) -> tuple[str, ...]:
    assert isinstance(answer, Reads), answer
    return answer.files


def reason(answer: Reads | NotKnown) -> str:
    assert isinstance(answer, NotKnown), answer
    return answer.reason


def pip(text: str, **other: str) -> Reads | NotKnown:
    named = {name.replace("_", "."): content for name, content in other.items()}
    return read("pip", {"r.txt": text, **named}, requirements=("r.txt",))


def test_requirement_files_are_followed() -> None:
    answer = pip("-r a.txt\n--constraint=c.txt # why\nflask\n", a_txt="-r r.txt\n", c_txt="x<2\n")
    assert files(answer) == ("r.txt", "a.txt", "c.txt")


@pytest.mark.parametrize(
    "line",
    [
        "flask==3.0 \\\n  --hash=sha256:0",
        "git+https://github.com/a/b@main#egg=b",
        "b @ https://example.org/b-1.0.tar.gz",
        "--index-url https://example.org/simple",
        "-f https://example.org/wheels",
        'tomli; python_version < "3.11"',
        "uvicorn[standard]>=0.29",
    ],
)
def test_what_comes_from_elsewhere_needs_no_file(line: str) -> None:
    assert files(pip(line + "\n")) == ("r.txt",)


@pytest.mark.parametrize(
    "line",
    [
        "-e .",
        "--editable git+https://github.com/a/b#egg=b",
        "./lib",
        "../lib",
        "lib/thing",
        "wheels/a-1.0-py3-none-any.whl",
        "a-1.0.tar.gz",
        "a @ file:///src/a",
        "file:lib",
        "--find-links wheels",
        "$HOME/lib",
    ],
)
def test_local_requirements_are_refused(line: str) -> None:
    assert reason(pip(line + "\n")).startswith("r.txt ")


@pytest.mark.parametrize(
    "line", ["-r missing.txt", "-r ../other.txt", "-c https://example.org/c.txt", "-r ${X}.txt"]
)
def test_requirement_files_that_are_not_there(line: str) -> None:
    assert reason(pip(line + "\n"))


def test_an_ignored_file_does_not_exist() -> None:
    answer = read("pip", {"r.txt": "", ".dockerignore": "*.txt\n!keep.txt\n"}, requirements=("r.txt",))
    assert reason(answer) == "r.txt is ignored"


def test_uv_pip_reads_as_pip_does() -> None:
    assert files(read("uv", {"r.txt": "flask\n"}, verb="pip install", requirements=("r.txt",))) == ("r.txt",)


PACKAGE = '[project]\nname = "a"\nversion = "1"\n'
BUILT = PACKAGE + '[build-system]\nrequires = ["hatchling"]\n'


@pytest.mark.parametrize(
    ("tool", "text", "options", "expected"),
    [
        ("uv", PACKAGE, ("--locked",), ("pyproject.toml", "uv.lock")),
        ("uv", BUILT, ("--locked", "--no-install-project"), ("pyproject.toml", "uv.lock")),
        ("uv", BUILT, ("--locked",), "uv installs the project itself"),
        ("uv", PACKAGE + "[tool.uv.workspace]\nmembers = ['a']\n", ("--locked",), "workspace"),
        (
            "uv",
            PACKAGE + "[tool.uv.sources]\nb = { path = 'b' }\n",
            ("--locked",),
            "b is taken from a local path",
        ),
        ("uv", "[", ("--locked",), "pyproject.toml is malformed"),
        ("poetry", "[tool.poetry]\nname = 'a'\n", ("--no-root",), ("pyproject.toml", "poetry.lock")),
        ("poetry", "[tool.poetry]\npackage-mode = false\n", (), ("pyproject.toml", "poetry.lock")),
        ("poetry", "[tool.poetry]\nname = 'a'\n", (), "poetry installs the project itself"),
        ("poetry", "[tool.poetry.dependencies]\nb = { path = 'b' }\n", ("--no-root",), "b is taken from"),
        ("pdm", BUILT, ("--no-self",), ("pyproject.toml", "pdm.lock")),
        ("pdm", BUILT, (), "pdm installs the project itself"),
        ("hatch", BUILT, (), "hatch builds the project itself"),
    ],
)
def test_pyproject(tool: str, text: str, options: tuple[str, ...], expected: str | tuple[str, ...]) -> None:
    answer = read(tool, {"pyproject.toml": text, f"{tool}.lock": "version = 1\n"}, options=options)
    if isinstance(expected, str):
        assert expected in reason(answer)
    else:
        assert files(answer) == expected


def test_a_lock_that_may_change_is_a_doubt() -> None:
    answer = read("uv", {"pyproject.toml": PACKAGE, "uv.lock": ""})
    assert isinstance(answer, Reads)
    assert answer.doubts


NODE = {"package.json": "{}", "package-lock.json": "{}"}


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ('{"scripts": {"postinstall": "node x"}}', "its postinstall script"),
        ('{"scripts": {"prepare": "husky"}}', "its prepare script"),
        ('{"scripts": {"test": "jest"}}', ""),
        ('{"scripts": {"preinstall": "npx only-allow npm"}}', ""),
        ('{"workspaces": ["a"]}', "workspaces"),
        ('{"dependencies": {"b": "file:../b"}}', "b is taken from a local path"),
        ('{"dependencies": {"b": "link:b"}}', "b is taken from a local path"),
        ('{"overrides": {"c": {"b": "file:b"}}}', "b is taken from a local path"),
        ("[]", "malformed"),
        ("{", "malformed"),
        ("[" * 100_000, "malformed"),
    ],
)
def test_package_json(package: str, expected: str) -> None:
    answer = read("npm", {**NODE, "package.json": package}, verb="ci")
    if expected:
        assert expected in reason(answer)
    else:
        assert files(answer) == ("package.json", "package-lock.json")


def test_npm_reads_its_settings_and_writes_modules() -> None:
    answer = read(
        "npm", {f"web/{name}": text for name, text in {**NODE, ".npmrc": ""}.items()}, verb="ci", folder="web"
    )
    assert answer == Reads(("web/package.json", "web/package-lock.json", "web/.npmrc"), ("web/node_modules",))


def test_npm_install_may_rewrite_the_lock() -> None:
    answer = read("npm", NODE, verb="install")
    assert isinstance(answer, Reads)
    assert answer.doubts
    without = read("npm", {"package.json": "{}"}, verb="install")
    assert without == Reads(("package.json",), ("node_modules",))


def test_npm_ci_needs_a_lock() -> None:
    assert "needs a lock file" in reason(read("npm", {"package.json": "{}"}, verb="ci"))


def test_a_package_below_a_workspace() -> None:
    found = {"package.json": '{"workspaces": ["a"]}', "a/package.json": "{}", "a/package-lock.json": "{}"}
    assert "workspace" in reason(read("npm", found, verb="ci", folder="a"))


def test_yarn_plug_ins_and_releases() -> None:
    settings = (
        'yarnPath: .yarn/releases/yarn.cjs\nplugins:\n  - path: .yarn/plugins/p.cjs\n    spec: "@yarnpkg/p"\n'
    )
    found = {
        "package.json": "{}", "yarn.lock": "", ".yarnrc.yml": settings,
        ".yarn/releases/yarn.cjs": "", ".yarn/plugins/p.cjs": "",
    }  # fmt: skip
    answer = read("yarn", found, options=("--immutable",))
    assert set(files(answer)) == set(found)
    assert ".yarn/cache" in reason(read("yarn", {**found, ".yarn/cache/a.zip": ""}, options=("--immutable",)))


def test_pnpm_workspace_files() -> None:
    found = {
        "package.json": "{}",
        "pnpm-lock.yaml": "",
        "pnpm-workspace.yaml": "onlyBuiltDependencies:\n  - a\n",
    }
    assert set(files(read("pnpm", found, options=("--frozen-lockfile",)))) == set(found)
    found["pnpm-workspace.yaml"] = "packages:\n  - a\n"
    assert "workspace" in reason(read("pnpm", found))


@pytest.mark.parametrize(
    ("mod", "more", "expected"),
    [
        ("module a\n", {}, ""),
        ("module a\nreplace b => ../b\n", {}, "local path"),
        ("module a\nreplace (\n\tb => ./b\n)\n", {}, "local path"),
        ("module a\n// replace b => ./b\n", {}, ""),
        ("module a\nreplace b => example.org/c v1.0.0\n", {}, ""),
        ("module a\n", {"go.work": ""}, "go.work"),
        ("module a\n", {"vendor/modules.txt": ""}, "vendor"),
    ],
)
def test_go(mod: str, more: dict[str, str], expected: str) -> None:
    answer = read("go", {"go.mod": mod, "go.sum": "", **more}, verb="mod download")
    if expected:
        assert expected in reason(answer)
    else:
        assert answer == Reads(("go.mod", "go.sum"))


@pytest.mark.parametrize(
    ("gemfile", "expected"),
    [
        ('gem "rack", require: false\n', ""),
        ('ruby file: ".ruby-version"\n', ".ruby-version"),
        ('ruby File.read(".ruby-version")\n', ".ruby-version"),
        ("gemspec\n", "!gemspec"),
        ('gem "a", path: "a"\n', "!path:"),
        ('eval_gemfile "x"\n', "!eval_gemfile"),
        ('require_relative "x"\n', "!require_relative"),
        ("# gemspec\n", ""),
    ],
)
def test_bundler(gemfile: str, expected: str) -> None:
    answer = read(
        "bundle", {"Gemfile": gemfile, "Gemfile.lock": "GEM\n", ".ruby-version": "3"}, verb="install"
    )
    if expected.startswith("!"):
        assert expected[1:] in reason(answer)
    else:
        assert files(answer) == ("Gemfile", "Gemfile.lock", *((expected,) if expected else ()))


def test_composer() -> None:
    found = {"composer.json": '{"autoload": {"psr-4": {}, "files": ["a.php"]}}', "composer.lock": "{}"}
    flags = ("--no-scripts", "--no-autoloader")
    assert files(read("composer", found, verb="install", options=flags)) == ("composer.json", "composer.lock")
    assert "--no-autoloader" in reason(read("composer", found, verb="install"))
    found["composer.json"] = '{"repositories": [{"type": "path", "url": "lib"}]}'
    assert "local paths" in reason(read("composer", found, verb="install", options=flags))


def test_maven_and_gradle() -> None:
    assert files(read("mvn", {"pom.xml": "<project/>"}, verb="dependency:go-offline")) == ("pom.xml",)
    assert "modules" in reason(read("mvn", {"pom.xml": "<modules>"}, verb="dependency:go-offline"))
    assert "builds the source" in reason(read("mvn", {"pom.xml": "<project/>"}, verb="package"))
    answer = read("gradle", {"build.gradle": "", "settings.gradle": ""}, verb="dependencies")
    assert files(answer) == ("build.gradle", "settings.gradle")
    assert answer.doubts if isinstance(answer, Reads) else False
    assert "other files" in reason(
        read("gradle", {"settings.gradle": "include 'a'\nproject('a')"}, verb="dependencies")
    )


def test_dotnet_follows_references() -> None:
    found = {
        "A/A.csproj": '<ProjectReference Include="..\\B\\B.csproj" />', "B/B.csproj": "<Project/>",
        "Directory.Build.props": "<Project/>", "B/packages.lock.json": "{}", "C/C.csproj": "",
    }  # fmt: skip
    answer = read("dotnet", found, verb="restore", operands=("A/A.csproj",))
    assert set(files(answer)) == set(found) - {"C/C.csproj"}
    assert isinstance(answer, Reads)
    assert answer.writes == ("A/obj", "B/obj")
    assert "which project" in reason(read("dotnet", found, verb="restore"))


def test_mix_pipenv_cargo() -> None:
    mix = {"mix.exs": "", "mix.lock": ""}
    assert read("mix", mix, verb="deps.get", options=("--check-locked",)) == Reads(
        ("mix.exs", "mix.lock"), ("deps", "_build")
    )
    assert "path:" in reason(read("mix", {**mix, "mix.exs": '{:a, path: "a"}'}, verb="deps.get"))
    pipenv = {"Pipfile": '[packages]\na = "*"\n', "Pipfile.lock": "{}"}
    assert files(read("pipenv", pipenv, verb="install", options=("--deploy",))) == ("Pipfile", "Pipfile.lock")
    pipenv["Pipfile"] = '[packages]\na = {path = "."}\n'
    assert "a is taken" in reason(read("pipenv", pipenv, verb="sync"))
    assert "source" in reason(read("cargo", {"Cargo.toml": ""}, verb="fetch"))


def test_an_unknown_context_gives_names_with_a_doubt() -> None:
    answer = files_read(UNKNOWN, Request("npm", "ci", "web"))
    assert answer == Reads(("web/package*.json",), ("web/node_modules",), ("which files are there",))
    assert isinstance(files_read(UNKNOWN, Request("poetry", "install")), NotKnown)
    assert isinstance(files_read(UNKNOWN, Request("unheard-of")), NotKnown)


def test_what_lies_in_a_folder() -> None:
    build = InMemory(
        {"a/package.json": "", "a/yarn.lock": "", "a/go.mod": "", ".dockerignore": "**/go.mod\n"}
    )
    found = {entry.path: (entry.ecosystem, entry.lock, entry.ignored) for entry in manifests_in(build, "a")}
    assert found == {
        "a/package.json": ("node", False, False),
        "a/yarn.lock": ("node", True, False),
        "a/go.mod": ("go", False, True),
    }


@pytest.mark.parametrize("path", ["a/go.sum", "Gemfile.lock", "requirements-dev.txt", "pyproject.toml"])
def test_manifests_are_known_by_name(path: str) -> None:
    assert is_manifest(path)
    assert not is_manifest(path + ".py")
