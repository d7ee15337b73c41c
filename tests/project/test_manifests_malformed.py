"""Whatever stands in a manifest: a reason, never an exception."""

import random

import pytest

from dockeropt.project.context import InMemory
from dockeropt.project.manifests import NotKnown, Reads, Request, files_read

PIECES = (
    "{", "}", "[", "]", '"a"', ":", ",", "\n", "= ", "file:", "-r x", "-e .", "require (", "=> ./x", "<", "Project",
    "\x00", "é", "null", "1e999", "path", "\\", "[tool.poetry]\n", "[project]\ndependencies=[1]\n",
)  # fmt: skip
ODD = (
    '{"scripts": [1], "dependencies": "x", "pnpm": {"patchedDependencies": [1]}, "workspaces": 0}',
    '{"repositories": [1, "x"], "extra": 3, "config": {"allow-plugins": [1]}}',
    "[tool]\nuv = 1\npoetry = {group = [1], dependencies = [{}]}\n",
    '[project]\ndynamic = "x"\noptional-dependencies = [1]\n',
    '{"a": {"b": 1}}',
    "[" * 50_000,
)
INSTALLS = {
    "pip": ("install", "r.txt"), "uv": ("sync", "pyproject.toml uv.lock"), "pipenv": ("sync", "Pipfile Pipfile.lock"),
    "poetry": ("install", "pyproject.toml poetry.lock"), "pdm": ("sync", "pyproject.toml pdm.lock"),
    "npm": ("ci", "package.json package-lock.json .npmrc"), "yarn": ("install", "package.json yarn.lock .yarnrc.yml"),
    "pnpm": ("install", "package.json pnpm-lock.yaml pnpm-workspace.yaml"), "bun": ("install", "package.json bun.lock"),
    "go": ("mod download", "go.mod go.sum"), "bundle": ("install", "Gemfile Gemfile.lock"),
    "composer": ("install", "composer.json composer.lock"), "mvn": ("dependency:resolve", "pom.xml"),
    "gradle": ("dependencies", "build.gradle"), "dotnet": ("restore", "a.csproj"), "mix": ("deps.get", "mix.exs mix.lock"),
}  # fmt: skip
OPTIONS = frozenset(
    {"--no-root", "--locked", "--no-self", "--frozen-lockfile", "--no-scripts", "--no-autoloader"}
)


@pytest.mark.parametrize("tool", INSTALLS)
def test_nothing_raises(tool: str) -> None:
    verb, names = INSTALLS[tool]
    chance = random.Random(tool)
    request = Request(tool, verb, options=OPTIONS, requirements=("r.txt",) if tool == "pip" else ())
    for _ in range(60):
        files = {
            name: chance.choice(ODD)
            if chance.random() < 0.3
            else "".join(chance.choices(PIECES, k=chance.randint(0, 12)))
            for name in names.split()
        }
        assert isinstance(files_read(InMemory(files), request), Reads | NotKnown), files
