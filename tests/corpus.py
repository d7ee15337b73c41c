"""Run every pass over a folder of real Dockerfiles and count what must never happen.

``python -m tests.corpus DIR…`` (``make corpus DIR=…``) prints one table: for each pass alone,
for the default pipeline and for the unsafe one, how many files changed and how many broke
a law; below it the failing files. Exit code 1 when there is any. The rows:

1. round trip: ``str(parse(x)) == x``
2. idempotence: fixing twice is fixing once; also with CRLF and without a final newline
3. BuildKit's parser (PyPI ``dockerfile``) accepts the output where it accepted the input
4. every new RUN script is valid in dash and bash, unless the file held invalid ones before
5. comment lines: none lost, none altered
6. churn: physical lines changed for each change made
7. no internal error, no rejected change

The oracles run as processes: the binding hangs in a process that forks after importing it.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from dockeropt.api import fix_str, list_passes
from dockeropt.config import Options
from dockeropt.project.context import UNKNOWN, BuildContext
from dockeropt.project.overlay import Overlay
from dockeropt.syntax import parse, walk
from dockeropt.syntax.nodes import CommandInstruction, Heredoc

ORACLE = """
import json, sys
import dockerfile
for line in sys.stdin:
    text = json.loads(line).encode("utf-8", "replace").decode()  # the binding aborts on lone surrogates
    try:
        dockerfile.parse_string(text)
        print("ok", flush=True)
    except Exception as error:
        print(json.dumps(str(error)), flush=True)
"""
SAFE, UNSAFE = "default", "default --unsafe"


class Outcome(NamedTuple):
    """What one pipeline did to one file."""

    pipeline: str
    path: str
    before: str
    after: str
    changes: int
    broken: tuple[str, ...]
    new_scripts: tuple[str, ...]


def pipelines(each: bool, only: str | None) -> dict[str, Options]:
    """Return the option sets to run, by the name that the table shows."""
    chosen = {SAFE: Options(), UNSAFE: Options(unsafe_fixes=True)}
    if only:
        return {only: Options(select=(only,), unsafe_fixes=True)}
    if each:
        chosen |= {name: Options(select=(name,), unsafe_fixes=True) for name in list_passes()}
    return chosen


def comment_lines(text: str) -> Counter[str]:
    """Count the comment lines of a text, by what they say; heredoc bodies included."""
    return Counter(line.strip() for line in text.split("\n") if line.lstrip().startswith("#"))


def scripts(text: str) -> set[str]:
    """Return every shell script of a Dockerfile."""
    return {
        node.script.text
        for node in walk(parse(text))
        if isinstance(node, CommandInstruction) and node.script is not None
    }


def examine(job: tuple[str, bool, str | None]) -> list[Outcome]:
    """Run all pipelines over one file and hold the laws that need no oracle."""
    path, each, only = job
    text = Path(path).read_bytes().decode("utf-8", "surrogateescape")
    found: list[Outcome] = []
    if str(parse(text)) != text:
        found.append(Outcome(SAFE, path, text, text, 0, ("round trip",), ()))
    for name, options in pipelines(each, only).items():
        found += examine_one(name, options, path, text)
    return found


def examine_one(
    name: str, options: Options, path: str, text: str, build: BuildContext = UNKNOWN
) -> Iterator[Outcome]:
    """Run one pipeline over one file."""
    try:
        result = fix_str(text, options=options, build=build)
    except Exception as error:  # noqa: BLE001 - that is what we are looking for
        yield Outcome(name, path, text, text, 0, (f"traceback: {error!r}",), ())
        return
    broken = [f"rejected: {r.pass_id}: {r.reason}" for r in result.rejected]
    after = result.fixed
    if not result.changed:
        if broken:
            yield Outcome(name, path, text, text, 0, tuple(broken), ())
        return
    files = {change.path: change.after for change in result.outcome.files}
    if fix_str(after, options=options, build=Overlay(build, files) if files else build).changed:
        broken.append("not idempotent")
    if str(parse(after)) != after:
        broken.append("round trip of the output")
    if comment_lines(text) - comment_lines(after):
        broken.append("comment lost")
    if name in (SAFE, UNSAFE):
        broken += variants(text, after, options, build)
    new = scripts(after) - scripts(text)
    yield Outcome(name, path, text, after, len(result.steps), tuple(broken), tuple(new))


def variants(text: str, after: str, options: Options, build: BuildContext) -> Iterator[str]:
    """Yield what goes wrong when the same file comes with other line ends."""
    plain = "\r" not in text and not any(isinstance(n, Heredoc) for n in walk(parse(text)))
    crlf = text.replace("\n", "\r\n")
    if plain and fix_str(crlf, options=options, build=build).fixed != after.replace("\n", "\r\n"):
        yield "CRLF variant differs"
    bare = text.rstrip("\n")
    again = fix_str(bare, options=options, build=build).fixed if plain and bare else after
    if again.rstrip("\n") != after.rstrip("\n"):
        yield "variant without final newline differs"


def buildkit_verdicts(texts: Iterable[str]) -> dict[str, str]:
    """Return BuildKit's answer for each text: ``ok`` or its message."""
    distinct = list(dict.fromkeys(texts))
    lines = "".join(json.dumps(t) + "\n" for t in distinct)
    run = subprocess.run(
        [sys.executable, "-c", ORACLE], input=lines, capture_output=True, text=True, check=True
    )
    return dict(zip(distinct, run.stdout.splitlines(), strict=True))


def shell_verdicts(all_scripts: Iterable[str]) -> dict[tuple[str, str], bool]:
    """Return whether dash and bash accept each script, by ``(shell, script)``."""
    jobs = [(shell, s) for s in dict.fromkeys(all_scripts) for shell in ("dash", "bash")]

    def accepts(job: tuple[str, str]) -> bool:
        shell, script = job
        with tempfile.NamedTemporaryFile("w", errors="surrogateescape", encoding="utf-8") as file:
            file.write(script)
            file.flush()
            return subprocess.run([shell, "-n", file.name], capture_output=True, check=False).returncode == 0

    with ThreadPoolExecutor(4) as pool:
        return dict(zip(jobs, pool.map(accepts, jobs), strict=True))


def consult_oracles(outcomes: list[Outcome]) -> list[Outcome]:
    """Add what BuildKit's parser and the shells say to the outcomes."""
    changed = [o for o in outcomes if o.before != o.after]
    parsed = buildkit_verdicts(t for o in changed for t in (o.before, o.after))
    checked = shell_verdicts(s for o in changed for s in o.new_scripts)
    suspects = [
        o for o in changed if any(not checked[sh, s] for s in o.new_scripts for sh in ("dash", "bash"))
    ]
    old = {o.path: scripts(o.before) for o in suspects}
    checked |= shell_verdicts(s for group in old.values() for s in group)
    judged: list[Outcome] = []
    for o in outcomes:
        broken = list(o.broken)
        if o.before != o.after:
            if parsed[o.before] == "ok" != parsed[o.after]:
                broken.append(f"newly rejected by BuildKit: {parsed[o.after]}")
            broken += [
                f"newly invalid in {shell}: {script[:120]!r}"
                for script in o.new_scripts
                for shell in ("dash", "bash")
                if not checked[shell, script] and all(checked[shell, s] for s in old[o.path])
            ]
        judged.append(o._replace(broken=tuple(broken)))
    return judged


def changed_lines(before: str, after: str) -> int:
    """Count the lines that a diff of the two shows as removed or added."""
    old, new = Counter(before.split("\n")), Counter(after.split("\n"))
    return sum((old - new).values()) + sum((new - old).values())


def report(outcomes: list[Outcome], names: Iterable[str], files: int, seconds: float, show: int) -> int:
    """Print the table and the failures; return how many there are."""
    groups: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        groups[outcome.pipeline].append(outcome)
    print(f"{'pipeline':32} {'changed':>8} {'changes':>8} {'lines':>8} {'broken':>7}")
    for name in names:
        rows = groups[name]
        changed = [o for o in rows if o.changes]
        lines = sum(changed_lines(o.before, o.after) for o in changed)
        bad = sum(1 for o in rows if o.broken)
        print(f"{name:32} {len(changed):8} {sum(o.changes for o in changed):8} {lines:8} {bad:7}")
    failures = [o for o in outcomes if o.broken]
    kinds = Counter(b.split(":")[0] for o in failures for b in o.broken)
    print(f"\n{files} files, {seconds:.0f} s; failures: {len(failures)} {dict(kinds)}")
    for o in failures[:show]:
        print(f"  {o.path} [{o.pipeline}]: {'; '.join(o.broken)[:300]}")
    return len(failures)


def sample(outcomes: list[Outcome], pipeline: str, count: int, seed: int) -> None:
    """Print ``count`` random diffs of a pipeline, to be read as the maintainer would."""
    changed = [o for o in outcomes if o.pipeline == pipeline and o.before != o.after]
    for o in random.Random(seed).sample(changed, min(count, len(changed))):
        print("=" * 100, o.path, sep="\n")
        print(fix_str(o.before, options=pipelines(each=True, only=None)[pipeline], path=o.path).diff())


def main() -> int:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--each", action="store_true", help="every pass alone, too")
    parser.add_argument("--only", help="one pass alone, nothing else")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--limit", type=int, default=0, help="a random choice of so many files")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=40, help="how many failures to print")
    parser.add_argument("--sample", type=int, default=0, help="print so many random diffs")
    parser.add_argument("--of", default=SAFE, help="the pipeline that the sample is taken from")
    args = parser.parse_args()
    files = sorted(str(p) for folder in args.folders for p in folder.rglob("*") if p.is_file())
    if args.limit:
        files = random.Random(args.seed).sample(files, min(args.limit, len(files)))
    started = time.perf_counter()
    with ProcessPoolExecutor(args.jobs) as pool:
        jobs = [(path, args.each, args.only) for path in files]
        outcomes = [o for found in pool.map(examine, jobs, chunksize=16) for o in found]
    outcomes = consult_oracles(outcomes)
    names = pipelines(args.each, args.only)
    failures = report(outcomes, names, len(files), time.perf_counter() - started, args.show)
    if args.sample:
        sample(outcomes, args.only or args.of, args.sample, args.seed)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
