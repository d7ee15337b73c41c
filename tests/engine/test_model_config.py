"""The image configuration that the model computes is the one that BuildKit gives the image.

For generated files (``DOCKEROPT_ENGINE_FILES`` says how many) and for every example. What runs or copies
changes no configuration: of the examples it is left out of what the engine builds, and stays in what
the model reads.
"""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from dockeropt.model import Model
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import From, Node
from tests.engine.fixtures import Engine
from tests.engine.generated import as_inspected, dockerfile

pytestmark = pytest.mark.engine

FILES = int(os.environ.get("DOCKEROPT_ENGINE_FILES", "200"))
BATCH = 25
"""Files in one call of the engine."""
ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(
    path
    for path in (ROOT / "examples").rglob("*Dockerfile*")
    if path.name == "Dockerfile" or path.suffix == ".Dockerfile"
)


def configuration(found: dict[str, Any]) -> dict[str, Any]:
    """Return what of an answer of the engine the model speaks of."""
    fields = {key: value for key, value in found["Config"].items() if value and key != "ArgsEscaped"}
    return {**fields, "Author": found.get("Author", "")}


def expected(model: Model) -> dict[str, Any]:
    config = model.observable()
    return {**as_inspected(config), "Author": config.author}


def together(engine: Engine, folder: Path, texts: list[str]) -> list[dict[str, Any]] | None:
    """Build many files by one bake file; ``None`` when one of them does not build."""
    targets = {}
    names = []
    for index, text in enumerate(texts):
        (folder / f"{index}.Dockerfile").write_text(text)
        names.append(engine.name())
        targets[f"t{index}"] = {
            "context": str(folder / "context"),
            "dockerfile": str(folder / f"{index}.Dockerfile"),
            "tags": [names[-1]],
            "output": ["type=docker"],
        }
    (folder / "bake.json").write_text(json.dumps({"target": targets}))
    provenance = ("--provenance=false", "--set", "*.platform=linux/amd64")
    done = engine("buildx", "bake", "-f", folder / "bake.json", *provenance, *targets, check=False)
    if done.returncode:
        return None
    found: list[dict[str, Any]] = json.loads(engine("image", "inspect", *names).stdout)
    engine("image", "rm", "--force", *names)
    return found


@pytest.mark.parametrize("first", range(0, FILES, BATCH))
def test_generated_files(engine: Engine, tmp_path: Path, first: int) -> None:
    context = tmp_path / "context"
    context.mkdir()
    (context / "file").write_text("x")
    sound: list[tuple[str, Model]] = []
    refused: list[tuple[str, Model]] = []
    for seed in range(first, min(first + BATCH, FILES)):
        text = dockerfile(seed)
        model = Model(parse(text), platform="linux/amd64")
        (refused if model.tree.problems or model.problems else sound).append((text, model))
    found = together(engine, tmp_path, [text for text, _ in sound])
    assert found is not None, [text for text, _ in sound if not builds(engine, context, text)]
    for (text, model), theirs in zip(sound, found, strict=True):
        assert expected(model) == configuration(theirs), text
    assert not [text for text, _ in refused if builds(engine, context, text)]


def builds(engine: Engine, context: Path, text: str) -> bool:
    return engine.build(context, "--output", "type=cacheonly", text=text, loaded=False).returncode == 0


SLIM = "debian:bookworm-slim"
FROM = re.compile(r"^(FROM\s+(?:--platform=\S+\s+)?)(\S+)", re.IGNORECASE)
KEPT = "FROM ARG ENV CMD ENTRYPOINT USER WORKDIR EXPOSE VOLUME LABEL HEALTHCHECK SHELL STOPSIGNAL ONBUILD MAINTAINER"


def as_stage(config: dict[str, Any]) -> str:
    """Return a stage that sets up an image as a base image is: from nothing, by instructions."""
    lines = ["FROM scratch"]
    for pair in config.get("Env") or ():
        name, _, value = pair.partition("=")
        quoted = re.sub(r'(["\\$])', r"\\\1", value)
        lines.append(f'ENV {name}="{quoted}"')
    for keyword, field in {"WORKDIR": "WorkingDir", "USER": "User", "STOPSIGNAL": "StopSignal"}.items():
        if config.get(field):
            lines.append(f"{keyword} {config[field]}")
    for keyword, field in {"EXPOSE": "ExposedPorts", "VOLUME": "Volumes"}.items():
        lines += [f"{keyword} {value}" for value in config.get(field) or ()]
    for name, value in (config.get("Labels") or {}).items():
        lines.append(f"LABEL {json.dumps(name)}={json.dumps(value)}")
    for keyword, field in {"ENTRYPOINT": "Entrypoint", "CMD": "Cmd", "SHELL": "Shell"}.items():
        if config.get(field):
            lines.append(f"{keyword} {json.dumps(config[field])}")
    assert not config.get("OnBuild")
    assert not config.get("Healthcheck")
    return "\n".join(lines)


def external(model: Model) -> list[str]:
    """Return the base image of every stage, ``""`` where it is another stage or scratch."""
    return [
        "" if stage.parent or stage.base_name == "scratch" else str(stage.base_name) for stage in model.stages
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.relative_to(ROOT / "examples").as_posix())
def test_examples(engine: Engine, tmp_path: Path, path: Path) -> None:
    text = path.read_text("utf-8")
    tree = parse(text)
    bases = external(Model(tree, platform="linux/amd64"))
    engine.needs(SLIM)
    have = {base: base if engine.has(base) else SLIM for base in bases if base}
    configs = {base: engine.image(name)["Config"] for base, name in have.items()}

    order = list(configs)

    def part(node: Node, names: dict[str, str]) -> str:
        written = node.span.of(text)
        base = next(left) if isinstance(node, From) else ""
        return FROM.sub(lambda match: f"FROM {names[base]}", written, count=1) if base else written

    left = iter(bases)
    kept = "".join(
        part(node, have).rstrip("\n") + "\n"
        for node in tree.body
        if type(node).__name__.upper() in KEPT.split()
    )
    (tmp_path / "context").mkdir()
    tag = engine.name()
    built = engine.build(tmp_path / "context", "--tag", tag, text=kept)
    assert built.returncode == 0, built.stderr
    left = iter(bases)
    ours = [part(node, {base: f"our-base-{order.index(base)}" for base in order}) for node in tree.body]
    stages = [
        as_stage(configs[base]).replace("scratch", f"scratch AS our-base-{order.index(base)}", 1) + "\n"
        for base in order
    ]
    at = next(index for index, node in enumerate(tree.body) if isinstance(node, From))
    model = Model(parse("".join([*ours[:at], *stages, *ours[at:]])), platform="linux/amd64")
    assert not model.problems
    # a stage from scratch starts in "/", an image that was packed from a folder nowhere: both are the root
    assert {**expected(model), "Author": ""} == {
        "WorkingDir": "/",
        **configuration(engine.image(tag)),
        "Author": "",
    }
