"""Hold the model against what BuildKit itself says of every file of a corpus.

    python -m tests.corpus_model CORPUS BUILDKIT_JSONL [--limit N] [--show N]

CORPUS is a folder of Dockerfiles named by the SHA-256 of their content; BUILDKIT_JSONL (may be
xz-compressed) holds one JSON object a line with BuildKit's answers: ``escape``, ``stages``,
``config`` (computed with an empty base image), ``parse_err``, ``instr_err``, ``llb_err``. Prints
a table of differences; exit status 1 when there is one.
"""

import argparse
import json
import lzma
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from dockeropt.model import Model
from dockeropt.model.observable import Dependent, ImageConfig
from dockeropt.syntax import parse


def main() -> int:
    """Run the comparison; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("answers", type=Path)
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--show", type=int, default=5, help="differences to print of each kind")
    options = parser.parse_args()
    files = {path.name.partition(".")[0]: path for path in options.corpus.rglob("*") if path.is_file()}
    counts: Counter[str] = Counter()
    seen = 0
    spent = 0.0
    for answer in answers(options.answers):
        path = files.get(answer["sha"])
        if path is None:
            continue
        seen += 1
        data = path.read_bytes()
        start = time.perf_counter()
        found = list(differences(data, answer))
        spent += time.perf_counter() - start
        for kind, ours, theirs in found:
            counts[kind] += 1
            if counts[kind] <= options.show:
                print(f"{answer['sha'][:12]} {kind}\n    ours   {ours!r}\n    theirs {theirs!r}")
        if options.limit and seen >= options.limit:
            break
    print(f"\n{seen} files, {spent / max(seen, 1) * 1000:.2f} ms each (parse and model)")
    for kind, count in counts.most_common():
        print(f"{count:6} {kind}")
    return 1 if counts else 0


def answers(path: Path) -> Iterator[dict[str, Any]]:
    """Yield BuildKit's answers, one for each file."""
    with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as stream:
        for line in stream:
            yield json.loads(line)


def differences(data: bytes, answer: Mapping[str, Any]) -> Iterator[tuple[str, object, object]]:
    """Yield kind, our answer and BuildKit's for everything in which the two differ."""
    tree = parse(data)
    model = Model(tree, platform="linux/amd64")
    rejected = answer.get("parse_err") or answer.get("instr_err")
    if "escape" in answer and tree.escape != answer["escape"]:
        yield "escape", tree.escape, answer["escape"]
    if bool(rejected) != bool(tree.problems):
        yield "rejected", tree.problems, rejected
        return
    if rejected:
        return
    if len(model.stages) != answer["stages"]:
        yield "stages", len(model.stages), answer["stages"]
    error = answer.get("llb_err")
    if bool(error) != bool(model.problems):
        yield "build", [p.message for p in model.problems], error
    elif error and model.problems[0].message != error:
        yield "build message", model.problems[0].message, error
    if not error and "config" in answer:
        ours, theirs = as_json(model.observable()), dict(answer["config"])
        if "OnBuild" in theirs:  # blanks at the end of a line are no part of our logical line
            theirs["OnBuild"] = [text.rstrip() for text in theirs["OnBuild"]]
        for key in sorted(ours.keys() | theirs.keys()):
            if ours.get(key) != theirs.get(key):
                yield f"config {key}", ours.get(key), theirs.get(key)


def as_json(config: ImageConfig) -> dict[str, Any]:
    """Return the configuration in the form of Docker's image specification."""
    health = None
    if config.healthcheck is not None:
        check = config.healthcheck
        times = {
            "Test": list(check.test),
            "Interval": check.interval,
            "Timeout": check.timeout,
            "StartPeriod": check.start_period,
            "StartInterval": check.start_interval,
            "Retries": check.retries,
        }
        health = {key: value for key, value in times.items() if value}
    found = {
        "Env": [f"{key}={value}" for key, value in config.env],
        "Entrypoint": list(config.entrypoint or ()),
        "Cmd": list(config.cmd or ()),
        "ArgsEscaped": config.args_escaped,
        "User": str(config.user),
        "WorkingDir": str(config.workdir),
        "ExposedPorts": {port: {} for port in config.exposed if not isinstance(port, Dependent)},
        "Volumes": {path: {} for path in config.volumes if not isinstance(path, Dependent)},
        "Labels": {key: str(value) for key, value in config.labels if not isinstance(key, Dependent)},
        "Healthcheck": health,
        "Shell": list(config.shell),
        "StopSignal": str(config.stopsignal),
        "OnBuild": list(config.onbuild),
    }
    return {key: value for key, value in found.items() if value}


if __name__ == "__main__":
    sys.exit(main())
