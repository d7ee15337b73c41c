"""Measure the examples by real builds and write ``docs/results.md``: ``make prove``.

python -m tests.prove [--only NAME]… [--network host] [--engine docker] [--keep FOLDER]
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.prove.examples import ROOT, examples
from tests.prove.measure import measured
from tests.prove.page import page

RESULTS = ROOT / "docs" / "results.md"


def main() -> int:
    """Run, print one line for each example, write the page when all were measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="NAME")
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--network", default="")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--keep", type=Path, default=ROOT / "build" / "prove", help="where records are kept")
    parser.add_argument(
        "--page", action="store_true", help="only write the page from the records that are there"
    )
    given = parser.parse_args()
    given.keep.mkdir(parents=True, exist_ok=True)
    network = given.network or default_network()
    options = ("--network", network) if network else ()
    failed = 0
    for example in () if given.page else examples(*given.only):
        print(f"{example.name} …", flush=True)

        def say(text: str) -> None:
            print(f"    {text[:110]}", file=sys.stderr, flush=True)

        record = measured(example, given.engine, options, say, given.runs)
        (given.keep / f"{example.name.replace('/', '--')}.json").write_text(json.dumps(record, indent=1))
        failed += "failed" in record or not record["safe"]["proven"]
        print(summary(record), flush=True)
    if not given.only or given.page:
        records = [json.loads(file.read_text()) for file in sorted(given.keep.glob("*.json"))]
        RESULTS.write_text(page(records))
    return 1 if failed else 0


def default_network() -> str:
    """Return ``host`` for an engine without a bridge, such as that of ``tests.engine``."""
    asked = subprocess.run(["docker", "network", "inspect", "bridge"], capture_output=True, check=False)
    return "" if asked.returncode == 0 else "host"


def summary(record: dict[str, Any]) -> str:
    """Return the outcome for one example in a line."""
    if "failed" in record:
        return f"  the original does not build: {record['failed'][-300:]}"
    safe = record["safe"]
    unsafe = record["unsafe"]["verification"] or safe
    sizes = [safe["before"]["size"], safe["after"]["size"], unsafe["after"]["size"]]
    return (
        f"  {' -> '.join(f'{size / 1e6:.0f} MB' if size else 'failed' for size in sizes)}; safe"
        f" {'proven' if safe['proven'] else safe['objections']}; unsafe"
        f" {'proven' if unsafe['proven'] else unsafe['objections']}, rolled back"
        f" {[one['code'] for one in record['unsafe']['rolled_back']]}; {record['seconds']} s"
    )


if __name__ == "__main__":
    sys.exit(main())
