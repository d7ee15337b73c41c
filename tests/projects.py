"""Run the passes over real projects with their whole build context.

``python -m tests.projects DIR…`` (``make projects DIR=…``) looks for Dockerfiles below the folders. The
context of each is the nearest folder, from its own upwards, in which all that it copies exists; a
Dockerfile without such a folder is left out. It holds the laws of ``tests.corpus`` with the
context in force, and counts for each pass how often its fix was proven, unsafe, only shown, or
refused, and why. Exit code 1 when a law is broken.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from dockeropt.api import check_str, fix_str, list_passes
from dockeropt.config import Options
from dockeropt.project.directory import Directory
from dockeropt.project.patterns import MalformedPattern, matcher
from dockeropt.syntax import parse
from dockeropt.syntax.nodes import FileInstruction
from tests.corpus import SAFE, UNSAFE, Outcome, consult_oracles, examine_one, pipelines, report

SKIPPED = frozenset({"node_modules", ".git", "vendor", "testdata"})


class Project(NamedTuple):
    """A Dockerfile and the folder that it is most likely built in."""

    dockerfile: str
    context: str

    @property
    def build(self) -> Directory:
        """Return the context."""
        return Directory(self.context, dockerfile=self.dockerfile)

    @property
    def text(self) -> str:
        """Return the text of the Dockerfile."""
        return Path(self.dockerfile).read_bytes().decode("utf-8", "surrogateescape")


class Verdict(NamedTuple):
    """What a pass says of a project: its level, and why where it has no fix."""

    pass_id: str
    level: str
    why: str


def find_projects(roots: list[Path]) -> Iterator[Project]:
    """Yield the Dockerfiles below the roots for which a context can be told."""
    for root in roots:
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(set(folders) - SKIPPED)
            for name in sorted(names):
                low = name.lower()
                if low == "dockerfile" or low.startswith("dockerfile.") or low.endswith(".dockerfile"):
                    path = Path(folder, name)
                    context = None if low.endswith("ignore") else guess_context(path, root)
                    if context is not None:
                        yield Project(str(path), str(context))


def guess_context(dockerfile: Path, root: Path) -> Path | None:
    """Return the nearest folder in which everything exists that the Dockerfile copies."""
    try:
        tree = parse(dockerfile.read_bytes())
    except OSError:
        return None
    sources = [
        word.text.strip("\"'").removeprefix("./").strip("/")
        for node in tree.instructions
        if isinstance(node, FileInstruction) and node.flag("from") is None and not node.heredocs
        for word in node.sources
    ]
    if not sources or any("$" in source for source in sources):
        return None
    wanted = [source for source in sources if source not in ("", ".") and "://" not in source]
    for folder in (dockerfile.parent, *dockerfile.parent.parents):
        if all(exists(folder, source) for source in wanted):
            return folder
        if folder == root:
            return None
    return None


def exists(folder: Path, source: str) -> bool:
    """Tell whether a source of COPY matches something in a folder."""
    if not any(char in source for char in "*?["):
        return (folder / source).exists()
    parent, _, last = source.rpartition("/")
    try:
        fits = matcher(last)
        return any(fits(name) for name in os.listdir(folder / parent))
    except (OSError, MalformedPattern):
        return False


def examine(job: tuple[Project, bool, str | None]) -> tuple[list[Outcome], list[Verdict]]:
    """Hold the laws for one project, and collect what each pass says of it."""
    project, each, only = job
    text = project.text
    outcomes = [
        outcome
        for name, options in pipelines(each, only).items()
        for outcome in examine_one(name, options, project.dockerfile, text, project.build)
    ]
    verdicts: list[Verdict] = []
    for name in [only] if only else list_passes():
        best: Verdict | None = None
        for finding in check_str(text, options=Options(select=(name,)), build=project.build):
            level = finding.fix.applicability.word if finding.fix is not None else "refused"
            verdict = Verdict(name, level, "" if level == "safe" else finding.message)
            if best is None or LEVELS.index(level) < LEVELS.index(best.level):
                best = verdict
        if best is not None:
            verdicts.append(best)
    return outcomes, verdicts


LEVELS = ("safe", "unsafe", "suggestion", "refused")


def table(verdicts: list[Verdict], reasons: int) -> None:
    """Print for each pass how many projects it was proven for, and why not for the others."""
    groups: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        groups[verdict.pass_id].append(verdict)
    print(f"\n{'pass':32} {'proven':>7} {'unsafe':>7} {'shown':>7} {'refused':>8}")
    for name in sorted(groups):
        count = Counter(verdict.level for verdict in groups[name])
        print(f"{name:32} {count['safe']:7} {count['unsafe']:7} {count['suggestion']:7} {count['refused']:8}")
        why = Counter(verdict.why for verdict in groups[name] if verdict.level in ("refused", "suggestion"))
        for text, times in why.most_common(reasons):
            print(f"    {times:5}  {text}")


def sample(projects: list[Project], name: str, level: str, count: int, seed: int) -> None:
    """Print random diffs of one pass or pipeline, each with its evidence."""
    options = pipelines(each=True, only=None).get(name) or Options(select=(name,), unsafe_fixes=True)
    if level == "safe":
        options = options._replace(unsafe_fixes=False)
    shuffled = random.Random(seed).sample(projects, len(projects))
    for project in shuffled:
        result = fix_str(project.text, options=options, build=project.build, path=project.dockerfile)
        if not result.changed or count <= 0:
            continue
        count -= 1
        print("=" * 100, f"{project.dockerfile} in {project.context}", result.diff(), sep="\n")
        for step in result.steps:
            for fix in step.fixes:
                print(
                    f"  {step.pass_id} [{fix.applicability.word}] {fix.title}", *fix.because, sep="\n      "
                )


def main() -> int:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--each", action="store_true", help="every pass alone, too")
    parser.add_argument("--only", help="one pass alone, nothing else")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--limit", type=int, default=0, help="a random choice of so many Dockerfiles")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", type=int, default=40, help="how many failures to print")
    parser.add_argument("--reasons", type=int, default=3, help="how many reasons to print for each pass")
    parser.add_argument("--sample", type=int, default=0, help="print so many random diffs instead")
    parser.add_argument("--of", default=SAFE, help="the pass or pipeline that the sample is taken from")
    parser.add_argument("--level", choices=("safe", "unsafe"), default="unsafe")
    args = parser.parse_args()
    projects = list(find_projects(args.folders))
    if args.limit:
        projects = random.Random(args.seed).sample(projects, min(args.limit, len(projects)))
    if args.sample:
        sample(projects, args.only or args.of, args.level, args.sample, args.seed)
        return 0
    started = time.perf_counter()
    with ProcessPoolExecutor(args.jobs) as pool:
        jobs = [(project, args.each, args.only) for project in projects]
        answers = list(pool.map(examine, jobs, chunksize=4))
    outcomes = consult_oracles([outcome for found, _ in answers for outcome in found])
    names = pipelines(args.each, args.only)
    contexts = {project.context for project in projects}
    print(f"{len(projects)} Dockerfiles in {len(contexts)} contexts; pipelines {SAFE!r} and {UNSAFE!r}")
    failures = report(outcomes, names, len(projects), time.perf_counter() - started, args.show)
    table([verdict for _, found in answers for verdict in found], args.reasons)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
