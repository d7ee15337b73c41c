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
        name: The folder below ``examples``.
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
    for facts_file in sorted(FOLDER.rglob("example.toml")):
        facts = tomllib.loads(facts_file.read_text("utf-8"))
        folder = facts_file.parent
        name = folder.relative_to(FOLDER).as_posix()
        if wanted and name not in wanted:
            continue
        yield Example(
            name,
            facts["title"],
            folder,
            folder / facts.get("dockerfile", "Dockerfile"),
            facts.get("edit", ""),
            facts.get("smoke", ""),
            facts.get("target", ""),
            facts.get("build_args", {}),
            "manifest" in facts,
        )
