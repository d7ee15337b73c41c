"""Package-manager calls of every tool are read into one shape."""

import pytest

from dockeropt.model import Invocation, Model, Tool, Verb
from dockeropt.model.tools import tool_of
from dockeropt.syntax import parse


def invocations(script: str, image: str = "debian") -> tuple[Invocation, ...]:
    """Return the package-manager calls of a RUN."""
    return Model(parse(f"FROM {image}\nRUN {script}\n")).invocations


def one(script: str, image: str = "debian") -> Invocation:
    """Return the only package-manager call of a RUN."""
    (found,) = invocations(script, image)
    return found


def names(found: Invocation) -> list[str | None]:
    """Return the names of the packages."""
    return [package.name for package in found.packages]


@pytest.mark.parametrize(
    ("script", "tool", "verb", "verb_text", "packages"),
    [
        ("apt-get update", "apt-get", "update", "update", ""),
        ("apt-get -y upgrade", "apt-get", "upgrade", "upgrade", ""),
        ("apt-get dist-upgrade -y", "apt-get", "upgrade", "dist-upgrade", ""),
        ("apt-get install -y a b", "apt-get", "install", "install", "a b"),
        ("apt-get purge -y --auto-remove a", "apt-get", "remove", "purge", "a"),
        ("apt-get clean", "apt-get", "clean", "clean", ""),
        ("apt-get build-dep a", "apt-get", "install", "build-dep", "a"),
        ("apt-get source a", "apt-get", "other", "source", ""),
        ("apt install a", "apt", "install", "install", "a"),
        ("aptitude -y safe-upgrade", "aptitude", "upgrade", "safe-upgrade", ""),
        ("/usr/bin/apt-get install a", "apt-get", "install", "install", "a"),
        ("apk update", "apk", "update", "update", ""),
        ("apk --no-cache add a b", "apk", "install", "add", "a b"),
        ("apk del .deps", "apk", "remove", "del", ".deps"),
        ("apk upgrade -U", "apk", "upgrade", "upgrade", ""),
        ("apk cache clean", "apk", "clean", "cache clean", ""),
        ("yum -y install a", "yum", "install", "install", "a"),
        ("yum clean all", "yum", "clean", "clean", ""),
        ("yum update -y", "yum", "upgrade", "update", ""),
        ("dnf group install -y x", "dnf", "install", "group install", "x"),
        ("dnf module install -y nodejs:12", "dnf", "install", "module install", "nodejs:12"),
        ("microdnf install a && microdnf clean all", "microdnf", "install", "install", "a"),
        ("tdnf makecache", "tdnf", "update", "makecache", ""),
        ("zypper -n in -y a", "zypper", "install", "in", "a"),
        ("zypper cc -a", "zypper", "clean", "cc", ""),
        ("zypper --gpg-auto-import-keys ref", "zypper", "update", "ref", ""),
        ("pacman -Sy", "pacman", "update", "-Sy", ""),
        ("pacman -Syu --noconfirm", "pacman", "upgrade", "-Syu", ""),
        ("pacman -Syu --noconfirm a", "pacman", "install", "-Syu", "a"),
        ("pacman --noconfirm -S a b", "pacman", "install", "-S", "a b"),
        ("pacman -U ./a.pkg", "pacman", "install", "-U", "./a.pkg"),
        ("pacman -Rns a", "pacman", "remove", "-Rns", "a"),
        ("pacman -Scc", "pacman", "clean", "-Scc", ""),
        ("pacman -Ss a", "pacman", "other", "-Ss", ""),
        ("pip install a", "pip", "install", "install", "a"),
        ("pip3 install -r r.txt", "pip", "install", "install", ""),
        ("pip2.7 uninstall -y a", "pip", "remove", "uninstall", "a"),
        ("pip download a", "pip", "other", "download", "a"),
        ("pip cache purge", "pip", "clean", "cache purge", ""),
        ("python -m pip install a", "pip", "install", "install", "a"),
        ("python3.11 -u -m pip install a", "pip", "install", "install", "a"),
        ("python -mpip install a", "pip", "install", "install", "a"),
        ("python -Im pip install a", "pip", "install", "install", "a"),
        ("pipx install a", "pipx", "install", "install", "a"),
        ("pipenv install --deploy --system", "pipenv", "install", "install", ""),
        ("poetry add a", "poetry", "install", "add", "a"),
        ("poetry config virtualenvs.create false", "poetry", "other", "config", ""),
        ("uv pip install a", "uv", "install", "pip install", "a"),
        ("uv sync --frozen", "uv", "install", "sync", ""),
        ("uv cache prune", "uv", "clean", "cache prune", ""),
        ("uv run x", "uv", "other", "run", ""),
        ("conda install -y a", "conda", "install", "install", "a"),
        ("conda env create -f e.yml", "conda", "install", "env create", ""),
        ("mamba create -n x a", "mamba", "install", "create", "a"),
        ("conda clean -afy", "conda", "clean", "clean", ""),
        ("micromamba install -y -f e.yml a", "micromamba", "install", "install", "a"),
        ("npm install", "npm", "install", "install", ""),
        ("npm i -g a", "npm", "install", "i", "a"),
        ("npm ci", "npm", "install", "ci", ""),
        ("npm cache clean --force", "npm", "clean", "cache clean", ""),
        ("npm run build", "npm", "other", "run", ""),
        ("npm", "npm", "other", "", ""),
        ("yarn", "yarn", "install", "", ""),
        ("yarn --frozen-lockfile", "yarn", "install", "", ""),
        ("yarn --version", "yarn", "other", "", ""),
        ("yarn add a", "yarn", "install", "add", "a"),
        ("yarn global add a", "yarn", "install", "global add", "a"),
        ("yarn cache clean", "yarn", "clean", "cache clean", ""),
        ("yarn build", "yarn", "other", "build", ""),
        ("pnpm i --frozen-lockfile", "pnpm", "install", "i", ""),
        ("pnpm store prune", "pnpm", "clean", "store prune", ""),
        ("gem install a", "gem", "install", "install", "a"),
        ("gem2.7 install a", "gem", "install", "install", "a"),
        ("gem cleanup", "gem", "clean", "cleanup", ""),
        ("bundle", "bundle", "install", "", ""),
        ("bundle install --without dev test", "bundle", "install", "install", ""),
        ("bundle exec rake", "bundle", "other", "exec", ""),
        ("composer install --no-dev", "composer", "install", "install", ""),
        ("composer global require a/b", "composer", "install", "global require", "a/b"),
        ("composer clear-cache", "composer", "clean", "clear-cache", ""),
        ("php composer.phar require a/b", "composer", "install", "require", "a/b"),
        ("go get -u a/b", "go", "install", "get", "a/b"),
        ("go mod download", "go", "install", "mod download", ""),
        ("go build -o x ./...", "go", "other", "build", ""),
        ("go clean -modcache", "go", "clean", "clean", ""),
        ("cargo +nightly install a", "cargo", "install", "install", "a"),
        ("cargo build --release", "cargo", "other", "build", ""),
        ("mvn -B dependency:go-offline", "mvn", "install", "dependency:go-offline", ""),
        ("mvn package", "mvn", "other", "package", ""),
        ("./mvnw -q package", "mvn", "other", "package", ""),
        ("./gradlew build", "gradle", "other", "build", ""),
    ],
)
def test_tool_verb_packages(script: str, tool: str, verb: str, verb_text: str, packages: str) -> None:
    found = invocations(script)[0]
    assert found.tool is Tool(tool)
    assert found.verb is Verb(verb)
    assert found.verb_text == verb_text
    assert " ".join(str(name) for name in names(found)) == packages


@pytest.mark.parametrize(
    "script",
    [
        "echo apt-get install a",
        "$APT install a",
        "python setup.py install",
        "python -c 'import pip' install",
        "python -m venv pip install",
        "man apt-get",
        "pipsqueak install a",
        "xargs rm -f",
        "php artisan composer",
        "pip-compile x",
        'echo "apt-get install x"',
    ],
)
def test_no_package_manager(script: str) -> None:
    assert invocations(script) == ()


def test_options_with_places() -> None:
    script = "apt-get -q install -y -o A::B=c --no-install-recommends -t sid a -f b"
    found = one(script)
    assert [(o.name, o.value, script[o.start : o.end]) for o in found.options] == [
        ("-q", None, "-q"),
        ("-y", None, "-y"),
        ("-o", "A::B=c", "-o A::B=c"),
        ("--no-install-recommends", None, "--no-install-recommends"),
        ("-t", "sid", "-t sid"),
        ("-f", None, "-f"),
    ]
    assert script[: found.options_end].endswith("-t sid")
    assert names(found) == ["a", "b"]
    assert found.values("-o", "--option") == ("A::B=c",)
    option = found.option("-t", "--target-release")
    assert option is not None
    assert option.value == "sid"
    assert found.option("--nothing") is None


def test_clusters() -> None:
    found = one("apt-get install -qqyoA=b -q=2 x")
    assert [(o.name, o.value) for o in found.options] == [
        ("-q", None),
        ("-q", None),
        ("-y", None),
        ("-o", "A=b"),
        ("-q", "2"),
    ]
    assert found.has("-y", "--yes")
    assert not found.has("--assume-yes", "-m")


def test_an_option_switched_off_is_not_given() -> None:
    assert not one("npm ci --audit=false").has("--audit")
    assert one("npm i --unsafe-perm true x").values("--unsafe-perm") == ("true",)


def test_options_end() -> None:
    for script, expected in {
        "apt-get install a -y": "apt-get install",
        "apt-get install": "apt-get install",
        "apt-get -y install a": "apt-get -y install",
        "yarn": "yarn",
        "yarn --pure-lockfile": "yarn --pure-lockfile",
        "python -m pip install -U a": "python -m pip install -U",
        "uv pip --no-cache install --system a": "uv pip --no-cache install --system",
        "apk add -- a": "apk add",
        "pip install -r r.txt a -U": "pip install -r r.txt",
        "pacman -Sy --noconfirm a": "pacman -Sy --noconfirm",
    }.items():
        assert script[: one(script).options_end] == expected


def test_words_after_two_dashes_are_operands() -> None:
    assert names(one("apk add -- a -b")) == ["a", "-b"]


def test_program_word() -> None:
    assert one("sudo -E python3 -m pip install a").program_word.text == "pip"
    found = one("sudo apt-get install a")
    assert found.program_word.text == "apt-get"
    assert found.call.prefixes == ("sudo",)
    assert found.verb_word is not None
    assert found.verb_word.text == "install"


def test_package_places_and_versions() -> None:
    script = "apt-get install 'curl=7.8' g++ libc6:i386 x/stable"
    found = one(script)
    assert [(p.text, p.name, p.version) for p in found.packages] == [
        ("'curl=7.8'", "curl", "7.8"),
        ("g++", "g++", None),
        ("libc6:i386", "libc6", None),
        ("x/stable", "x", "/stable"),
    ]
    assert [script[p.start : p.end] for p in found.packages] == [p.text for p in found.packages]


@pytest.mark.parametrize(
    ("script", "packages", "dynamic"),
    [
        ("apt-get install $PACKAGES", [(None, None)], True),
        ('apt-get install "$A"', [(None, None)], True),
        ("apt-get install nginx=$V", [("nginx", None)], True),
        ("apt-get install lib$V-dev", [(None, None)], True),
        ("apt-get install curl=7.*", [("curl", "7.*")], False),
        ("apt-get install lib*-dev", [(None, None)], True),
        ("apt-get install ./$F", [(None, None)], True),
        ("apt-get $O install a", [("a", None)], True),
        ("pip install a[b]", [("a", None)], False),
        ("pip install $(cat x)", [(None, None)], True),
        ("pip install --prefix=$P a", [("a", None)], False),
        ("pip install -r $R a", [("a", None)], False),
        ("cat x | xargs -n 1 apt-get install -y", [], True),
        ("cat x | xargs -0 pip install", [], True),
    ],
)
def test_what_only_the_shell_knows(
    script: str, packages: list[tuple[str | None, str | None]], dynamic: bool
) -> None:
    found = one(script)
    assert [(p.name, p.version) for p in found.packages] == packages
    assert found.dynamic is dynamic


def test_brace_expansion() -> None:
    assert names(one("dnf install -y php-{cli,fpm}", "fedora")) == [None]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("apk add 'a>=1' b~=2 c=3-r0 d@edge", [("a", ">=1"), ("b", "~=2"), ("c", "3-r0"), ("d", "edge")]),
        ("pip install 'a>=1,<2' b==3 'c[x]~=4' 'd; python_version<\"3\"'", [("a", ">=1,<2"), ("b", "3"), ("c", "~=4"), ("d", None)]),
        ("pip install git+https://x/y . ./a.whl", [("git+https://x/y", None), (".", None), ("./a.whl", None)]),
        ("npm i a@1 @b/c @d/e@^2", [("a", "1"), ("@b/c", None), ("@d/e", "^2")]),
        ("yum install -y a-1.2-3.el7 b-c-1.0 d 'e-1.*'", [("a", "1.2-3.el7"), ("b-c", "1.0"), ("d", None), ("e", "1.*")]),
        ("conda install -y a=1 'b>=2' f::c==3=x", [("a", "1"), ("b", ">=2"), ("c", "3=x")]),
        ("go install a.b/c@latest", [("a.b/c", "latest")]),
        ("cargo install a@1", [("a", "1")]),
        ("composer require a/b:^1 c/d", [("a/b", "^1"), ("c/d", None)]),
        ("gem install a:1.2 b", [("a", "1.2"), ("b", None)]),
        ("zypper in -y 'a>=1' b=2", [("a", ">=1"), ("b", "2")]),
        ("uv pip install a==1", [("a", "1")]),
    ],
)  # fmt: skip
def test_names_and_versions(script: str, expected: list[tuple[str, str | None]]) -> None:
    assert [(p.name, p.version) for p in one(script).packages] == expected


def test_locations() -> None:
    found = one("pip install . git+https://a/b https://a/c.whl d")
    assert [p.is_location for p in found.packages] == [True, True, True, False]


def test_installs_of_some_tools() -> None:
    found = Model(
        parse("FROM debian\nRUN apt-get install a && pip install b\nRUN apt-get update\nRUN apk add c\n")
    )
    assert [names(i) for i in found.installs()] == [["a"], ["b"], ["c"]]
    assert [names(i) for i in found.installs(Tool.APK, Tool.PIP)] == [["b"], ["c"]]


def test_conda_f_is_a_file_for_environments_only() -> None:
    assert one("conda env update -f e.yml -n base").values("-f") == ("e.yml",)
    assert one("conda clean -a -f -y").has("-f", "-y")


@pytest.mark.parametrize(
    ("program", "tool"),
    [("pip3", Tool.PIP), ("pip3.12", Tool.PIP), ("gem3.1", Tool.GEM), ("gradlew", Tool.GRADLE), ("pips3", None), ("npm3", None)],
)  # fmt: skip
def test_program_names(program: str, tool: Tool | None) -> None:
    assert tool_of(program) is tool


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("FROM debian\nRUN apt-get install a", ("/var/lib/apt/lists", "/var/cache/apt")),
        ("FROM debian\nRUN pip install a", ("/root/.cache/pip",)),
        ("FROM debian\nUSER app\nRUN pip install a", ("/home/app/.cache/pip",)),
        ("FROM debian\nUSER 1000\nRUN pip install a", ()),
        ("FROM debian\nUSER 1000\nENV HOME=/h\nRUN pip install a", ("/h/.cache/pip",)),
        ("FROM acme/x\nRUN pip install a", ()),
        ("FROM acme/x\nRUN sudo pip install a", ("/root/.cache/pip",)),
        ("FROM debian\nENV PIP_CACHE_DIR=/c\nRUN pip install a", ("/c",)),
        ("FROM debian\nENV PIP_CACHE_DIR=$X\nRUN pip install a", ()),
        ("FROM debian\nENV XDG_CACHE_HOME=/x\nRUN uv sync", ("/x/uv",)),
        ("FROM debian\nRUN pip install --cache-dir /d a", ("/d",)),
        ("FROM debian\nRUN pip install --cache-dir=$D a", ()),
        ("FROM golang\nRUN go mod download", ("/go/pkg/mod", "/root/.cache/go-build")),
        ("FROM rust\nRUN cargo fetch", ("/usr/local/cargo/registry", "/usr/local/cargo/git")),
        ("FROM node\nRUN npm ci", ("/root/.npm",)),
        ("FROM node\nRUN yarn", ("/usr/local/share/.cache/yarn", "/root/.cache/yarn")),
    ],
)  # fmt: skip
def test_cache_paths(text: str, paths: tuple[str, ...]) -> None:
    (found,) = Model(parse(text + "\n")).invocations
    assert found.cache_paths == paths
