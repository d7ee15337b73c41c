"""Add sizes of images to the table, from files of docker-library/repo-info.

    python -m tools.refresh_sizes --date 2026-11-24 clones/repo-info

The argument is a clone, or a folder with its ``repos/<image>/{remote,local}/<tag>.md``. ``remote`` tells
the compressed layers of linux/amd64, ``local`` the size on disk. Rows that no file tells are kept.
"""

import argparse
import os
import re
from collections.abc import Sequence

from tools import tables

UNITS = {"Kb": 1e3, "Mb": 1e6, "Gb": 1e9}


MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def amd64(text: str) -> str:
    """Return the part of a ``remote`` file that describes the image for linux/amd64, empty without one."""
    part = re.search(r"^### `[^`]+` - linux; amd64\n(.*?)(?=^### `|\Z)", text, re.DOTALL | re.MULTILINE)
    return part[1] if part else ""


def compressed(text: str) -> int | None:
    """Return the bytes of the layers of linux/amd64 that a ``remote`` file lists, ``None`` without any."""
    total = re.search(r"Total Size: \*\*.*?\((\d+) bytes\)", amd64(text))
    return int(total[1]) if total else None


def on_disk(text: str) -> int | None:
    """Return the bytes of ``Virtual Size`` in a ``local`` file, ``None`` without it."""
    found = re.search(r"Virtual Size: ~ ([\d.]+) (Kb|Mb|Gb)", text)
    return round(float(found[1]) * UNITS[found[2]]) if found else None


def day_of(text: str) -> str:
    """Return the day of the newest layer of linux/amd64 or of the local image, ``-`` if it does not tell."""
    made = re.search(r"Created: `(\d{4}-\d\d-\d\d)", text)
    if made:
        return made[1]
    found = re.findall(r"^# \w{3}, (\d\d) (\w{3}) (\d{4}) ", amd64(text), re.MULTILINE)
    days = [f"{year}-{MONTHS.index(month) + 1:02}-{day}" for day, month, year in found if month in MONTHS]
    return max(days, default="-")


def read(folder: str) -> dict[str, list[str]]:
    """Return the record of every image that a file describes."""
    rows: dict[str, list[str]] = {}
    for kind, size_of in (("remote", compressed), ("local", on_disk)):
        for image in sorted(os.listdir(os.path.join(folder, "repos"))):
            place = os.path.join(folder, "repos", image, kind)
            for name in sorted(os.listdir(place)) if os.path.isdir(place) else ():
                with open(os.path.join(place, name), encoding="utf-8") as file:
                    text = file.read()
                size = size_of(text)
                if size is None or not name.endswith(".md"):
                    continue
                reference = f"{image}:{name.removesuffix('.md')}"
                row = rows.setdefault(
                    reference, [reference, "-", "-", day_of(text), f"repos/{image}/{kind}/{name}"]
                )
                row[1 if kind == "remote" else 2] = str(size)
    return rows


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the files, write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--date", required=True, help="day of the clone")
    parser.add_argument("--table", default=os.path.join(tables.DATA, "sizes.tsv"))
    given = parser.parse_args(arguments)
    with open(given.table, encoding="utf-8") as file:
        head, *sections = file.read().split("\n\n")
    lines = head.split("\n")
    about = [
        line[2:] for line in lines if line.startswith("# ") and not line.startswith(("# source", "# date"))
    ]
    rows = {line.split("\t")[0]: line.split("\t") for line in lines if line and line[0] != "#"}
    found = read(given.folder)
    rows |= found
    first = tables.table(
        tables.heading(about, "docker-library/repo-info", given.date), (rows[key] for key in sorted(rows))
    )
    tables.write(given.table, first, *(section.rstrip("\n") + "\n" for section in sections))
    print(f"{len(found)} images read, {len(rows)} in the table")


if __name__ == "__main__":
    main()
