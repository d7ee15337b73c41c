"""Write which tags official images have had, from a clone of official-images with its history.

    python -m tools.refresh_tags --clone clones/official-images --image python --image node

Without ``--image`` all images that have a table are read again. What a tag stands on is told by
the tags beside it: ``3.12, 3.12-bookworm`` name one image. Where no tag of an entry names a
release, that of the table in use is kept.
"""

import argparse
import os
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from dockeropt.knowledge import tags as known
from dockeropt.knowledge.families import suite_in
from dockeropt.model.images import parse
from tools import tables

ABOUT = (
    "Tags of the Docker Official Image {image}: version, first seen, last changed (* = built now), variants,"
    " =suite/slim suite."
)


class Life(NamedTuple):
    """Hold the days of the first and the last file that lists a tag, ``YYMMDD``, and its release."""

    first: str
    last: str
    suite: str


def entries(text: str) -> Iterator[tuple[str, ...]]:
    """Yield the tags of each entry of a library file for Linux, of the old format (a tag a line), too."""
    for paragraph in re.split(r"\n[ \t]*\n", text):
        fields: dict[str, str] = {}
        for line in paragraph.split("\n"):
            if line.startswith("#"):
                continue
            old = re.match(r"([\w][\w.-]*):\s+(git\S*://\S+)@(\w+)\s*(\S*)", line)
            if old:
                yield (old[1],)
                continue
            key, colon, value = line.partition(":")
            if colon:
                fields[key.strip()] = value.strip()
        names = ", ".join(filter(None, (fields.get("Tags", ""), fields.get("SharedTags", ""))))
        windows = fields.get("Architectures", "").startswith("windows") or "windows" in fields.get(
            "Constraints", ""
        )
        if "Tags" in fields and not windows:
            yield tuple(name.strip() for name in names.split(",") if name.strip())


def suite_of(entry: Sequence[str]) -> str:
    """Return the one release that the tags of an entry name, or nothing."""
    found = {word for tag in entry for part in tag.split("-") if (word := suite_in(part))}
    return found.pop() if len(found) == 1 else ""


def lives(history: Sequence[tuple[str, str]]) -> tuple[dict[str, Life], frozenset[str]]:
    """Return the life of every tag, and the tags that are built now.

    Args:
        history: Day (``YYMMDD``) and text of the library file after every change, oldest first.
    """
    found: dict[str, Life] = {}
    now: frozenset[str] = frozenset()
    for day, text in history:
        listed: set[str] = set()
        for entry in entries(text):
            suite = suite_of(entry)
            for tag in entry:
                listed.add(tag)
                life = found.get(tag)
                found[tag] = Life(life.first if life else day, day, suite or (life.suite if life else ""))
        now = frozenset(listed)
    return found, now


class Row:
    """Collect tags of one version that came and went together and stand on one release."""

    def __init__(self, version: str, first: str, last: str) -> None:
        self.head = (version, first, last)
        self.variants: list[str] = []
        self.suites: dict[bool, str] = {}

    def takes(self, variant: str, suite: str) -> bool:
        """Add a tag; tell whether it could be, for all that name no release must share theirs."""
        parts = variant.split("-")
        is_plain = not any(map(suite_in, parts)) and "alpine" not in variant
        if is_plain and self.suites.setdefault("slim" in (self.head[0], *parts), suite) != suite:
            return False
        self.variants.append(variant)
        return True


def lines_of(found: Mapping[str, Life], now: frozenset[str]) -> list[str]:
    """Return the lines of the table: tags of one version that came and went together share one."""
    rows: dict[tuple[str, str, str], list[Row]] = {}
    for tag in sorted(found, key=lambda tag: (found[tag].first, tag)):
        life = found[tag]
        version, _, variant = tag.partition("-")
        head = (version, life.first, "*" if tag in now else life.last)
        if not any(row.takes(variant or ".", life.suite) for row in rows.setdefault(head, [])):
            rows[head].append(Row(*head))
            rows[head][-1].takes(variant or ".", life.suite)
    used: dict[str, int] = {}
    for row in (row for group in rows.values() for row in group):
        words = " ".join(row.variants)
        used[words] = used.get(words, 0) + 1
    lists: dict[str, int] = {}
    lines: list[str] = []
    for row in (row for group in rows.values() for row in group):
        words = " ".join(row.variants)
        if used[words] > 1 and " " in words and words not in lists:
            lists[words] = len(lists) + 1
            lines.append(f"@{lists[words]} {words}")
        full, slim = row.suites.get(False, ""), row.suites.get(True, "")
        end = f" ={full}" + (f"/{slim}" if slim else "") if full or slim else ""
        lines.append(f"{' '.join(row.head)} {f'@{lists[words]}' if words in lists else words}{end}")
    return lines


def _history(clone: str, image: str) -> list[tuple[str, str]]:
    git = ("git", "-C", clone)
    path = f"library/{image}"
    log = subprocess.check_output([*git, "log", "--reverse", "--format=%H %cs", "--", path], text=True)
    history: list[tuple[str, str]] = []
    for line in log.split("\n"):
        commit, _, day = line.partition(" ")
        if commit:
            shown = subprocess.run(
                [*git, "show", f"{commit}:{path}"], capture_output=True, text=True, check=False
            )
            history.append((day[2:].replace("-", ""), shown.stdout))
    return history


def _with_known(found: dict[str, Life], image: str) -> dict[str, Life]:
    """Return the lives with the releases that the table in use knows and the file does not tell."""
    kept: dict[str, Life] = {}
    for tag, life in found.items():
        ref = parse(f"{image}:{tag}") if not life.suite else None
        before = known.tag_of(ref) if ref is not None else None
        kept[tag] = life._replace(suite=before.suite) if before is not None and before.suite else life
    return kept


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the histories, write a table for each image."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--clone", required=True)
    parser.add_argument("--image", action="append")
    parser.add_argument("--output", default=os.path.join(tables.DATA, "tags"))
    given = parser.parse_args(arguments)
    images = given.image or sorted(
        name.removesuffix(".txt") for name in os.listdir(os.path.join(tables.DATA, "tags"))
    )
    newest = subprocess.check_output(["git", "-C", given.clone, "log", "-1", "--format=%h %cs"], text=True)
    commit, date = newest.split()
    for image in images:
        found, now = lives(_history(given.clone, image))
        about = (ABOUT.format(image=image),)
        source = f"docker-library/official-images@{commit} library/{image}, all commits; suites from the tags of an entry"
        lines = lines_of(_with_known(found, image), now)
        tables.write(
            os.path.join(given.output, f"{image}.txt"),
            tables.table(tables.heading(about, source, date), ([line] for line in lines)),
        )
        print(f"{image}: {len(found)} tags, {len(now)} built now")


if __name__ == "__main__":
    main()
