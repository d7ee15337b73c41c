"""Write until when the programs of official images are supported, from a clone of endoflife.date.

    python -m tools.refresh_lifecycles --clone clones/endoflife.date

Only the ``releases`` of a product's front matter are read: a list of flat records, which needs no
reader of YAML.
"""

import argparse
import os
import re
import subprocess
from collections.abc import Iterator, Sequence

from tools import tables

PRODUCTS = {
    "node": "nodejs",
    "golang": "go",
    "postgres": "postgresql",
    "mongo": "mongodb",
    "httpd": "apache-http-server",
    "rockylinux": "rocky-linux",
    "oraclelinux": "oracle-linux",
    "amazonlinux": "amazon-linux",
    "amazoncorretto": "amazon-corretto",
    "openjdk": "openjdk-builds-from-oracle",
    "docker": "docker-engine",
    "vault": "hashicorp-vault",
    "maven": "apache-maven",
    "alpine": "alpine-linux",
}
"""Products that have another name than the image; the others have the same."""

ABOUT = (
    "Release lines of what official images hold, by the image's name.",
    "Columns: image, line, released, active support ends, support ends, paid or extended support ends,",
    "newest version, code name, lts, guessed (the source says that a date is planned, not announced).",
    "-: no date; yes: ended, day unknown.",
)


def records(text: str) -> Iterator[dict[str, str]]:
    """Yield the releases of a product page as they stand: key → value; ``#`` the remark of an end of support."""
    block = re.search(r"^releases:\s*\n(.*?)(?=^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    record: dict[str, str] = {}
    for line in (block[1] if block else "").split("\n"):
        found = re.match(r"  (- |  )(\w+):\s*(\"[^\"]*\"|'[^']*'|[^#]*?)\s*(?:#\s*(.*))?$", line)
        if found is None:
            continue
        if found[1] == "- ":
            if record:
                yield record
            record = {}
        record[found[2]] = found[3].strip("\"'")
        if found[2] in ("eol", "eoas") and found[4]:
            record["#"] = f"{record.get('#', '')} {found[4].lower()}"
    if record:
        yield record


def row_of(image: str, record: dict[str, str]) -> list[str]:
    """Return the fields of a release, in the order of the table."""

    def date(key: str) -> str:
        value = record.get(key, "false")
        return {"false": "-", "true": "yes", "": "-"}.get(value, value)

    lts = record.get("lts", "false") != "false"
    guessed = any(
        word in record.get("#", "")
        for word in ("expected", "planned", "projected", "guessed", "estimate", "attempted", "tentative")
    )
    fields = [
        image,
        record["releaseCycle"],
        date("releaseDate"),
        date("eoas"),
        date("eol"),
        date("eoes"),
        record.get("latest") or "-",
        record.get("codename", "-").lower() or "-",
        "lts" if lts else "-",
    ]
    return [*fields, "guessed"] if guessed else fields


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the products of the images in the table, write it anew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--clone", required=True)
    parser.add_argument("--table", default=os.path.join(tables.DATA, "lifecycles.tsv"))
    given = parser.parse_args(arguments)
    git = ("git", "-C", given.clone)
    with open(given.table, encoding="utf-8") as file:
        old = [line.rstrip("\n").split("\t") for line in file if line[0] not in "#\n"]
    commit, date = subprocess.check_output([*git, "log", "-1", "--format=%h %cs"], text=True).split()
    rows: list[list[str]] = []
    missing: list[str] = []
    for image in dict.fromkeys(row[0] for row in old):
        path = f"HEAD:products/{PRODUCTS.get(image, image)}.md"
        page = subprocess.run([*git, "show", path], capture_output=True, text=True, check=False)
        found = [row_of(image, record) for record in records(page.stdout)]
        if not found:
            missing.append(image)
        rows += found or [row for row in old if row[0] == image]
    head = tables.heading(ABOUT, f"endoflife-date/endoflife.date@{commit}", date)
    tables.write(given.table, tables.table(head, rows))
    print(f"{len(rows)} release lines; taken over: {', '.join(missing) or 'none'}")


if __name__ == "__main__":
    main()
