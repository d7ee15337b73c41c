"""The example projects that can be built, as their ``example.toml`` describes them."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples"


class Example(NamedTuple):
    """One Dockerfile of one example.

    Args:
        name: The folder, and what follows it where there are several Dockerfiles.
        title: What it is.
        folder: The build context.
        dockerfile: The Dockerfile.
        edit: The source file that is edited for the rebuild, relative to the context.
        smoke: The command that succeeds in the running container when it works.
        target: The stage that is built.
        build_args: Values of ARG.
        installs: Whether the build installs dependencies of the project.
    """

    name: str
    title: str
    folder: Path
    dockerfile: Path
    edit: str = ""
    smoke: str = ""
    target: str = ""
    build_args: dict[str, str | None] = {}  # noqa: RUF012 - never changed
    installs: bool = False


def examples(*wanted: str) -> Iterator[Example]:
    """Yield the examples, those named only if any are."""
    for facts_file in sorted(FOLDER.glob("*/example.toml")):
        facts = tomllib.loads(facts_file.read_text("utf-8"))
        folder = facts_file.parent
        builds = facts.get("build") or [facts]
        for one in builds:
            name = folder.name + (f"/{one['name']}" if "name" in one and len(builds) > 1 else "")
            if wanted and name not in wanted and folder.name not in wanted:
                continue
            context = folder / one.get("context", facts.get("context", "."))
            yield Example(
                name,
                facts["title"],
                context,
                folder / one.get("dockerfile", facts.get("dockerfile", "Dockerfile")),
                one.get("edit", facts.get("edit", "")),
                one.get("smoke", facts.get("smoke", "")),
                one.get("target", facts.get("target", "")),
                dict(one.get("build_args", facts.get("build_args", {}))),
                bool(one.get("manifest", facts.get("manifest", ""))),
            )
