"""Fix the Dockerfiles inside real Python and Markdown files, and hold what is promised of it.

``python -m tests.embedded DIR…`` looks for such files below the folders. A Python file still compiles; it
is byte for byte the same outside of the literals; fixing again changes nothing; and a literal without
holes, to which nothing is added, holds exactly what ``fix_str`` gives of what it held. A Markdown file is
to a CommonMark parser what it was, but for blocks that hold what ``fix_str`` gives of them. Prints how
many texts and fixes there were, and why others were left alone. Exit code 1 when a law is broken.
"""

from __future__ import annotations

import argparse
import ast
import inspect
import os
import random
import re
import sys
import textwrap
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

import dockeropt
from dockeropt.errors import FileProblem
from dockeropt.interop.held import Held
from dockeropt.interop.markdown import fences_in
from dockeropt.interop.python_finder import Found
from dockeropt.interop.python_literal import read_literal
from dockeropt.interop.python_source import literals_in
from dockeropt.syntax import find, parse
from dockeropt.syntax.nodes import From
from dockeropt.text import Span

SAFE = dockeropt.Options()
UNSAFE = dockeropt.Options(unsafe_fixes=True)
FUNCTIONS = {"dedent": textwrap.dedent, "cleandoc": inspect.cleandoc, "strip": str.strip, "lstrip": str.lstrip, "rstrip": str.rstrip}  # fmt: skip


class Outcome(NamedTuple):
    """What came of one file: counts by name, and what is wrong."""

    path: str
    counts: Counter[str]
    broken: list[str]
    diff: str = ""


def files_below(roots: list[Path]) -> Iterator[Path]:
    """Yield the Python and Markdown files that may hold a Dockerfile."""
    for root in roots:
        for path in sorted([root] if root.is_file() else [*root.rglob("*.py"), *root.rglob("*.md")]):
            if path.is_file() and re.search(rb"\bFROM\s", path.read_bytes()):
                yield path


def value_of(source: str, span: Span, found: Found) -> str | None:
    """Return what Python and its library make of a literal, without any code of ours."""
    try:
        value = ast.literal_eval(f"({span.of(source)}\n)")
    except ValueError:  # it has holes
        return None
    text: str = value.decode() if isinstance(value, bytes) else value
    for call in found.reading.calls:
        text = FUNCTIONS[call](text)
    return text


def examine(job: tuple[str, bool]) -> Outcome:
    """Hold the laws for one file."""
    return examine_markdown(*job) if job[0].endswith(".md") else examine_python(*job)


def examine_markdown(path: str, unsafe: bool) -> Outcome:
    """Hold the laws for one Markdown file."""
    counts: Counter[str] = Counter()
    options = UNSAFE if unsafe else SAFE
    try:
        with open(path, encoding="utf-8", newline="") as file:
            source = file.read()
    except UnicodeError:
        return Outcome(path, Counter({"not UTF-8": 1}), [])
    result = dockeropt.fix_str(source, options=options, path=path)
    broken = [str(problem) for problem in (result.error, *result.rejected) if problem is not None]
    before, after = (MarkdownIt("commonmark").parse(text) for text in (source, result.fixed))
    counts["Markdown blocks"] += len(fences_in(source))
    counts.update(f"Markdown: {_reason(note)}" for note in result.notes)
    counts["Markdown files that changed"] += result.changed
    counts["Markdown fixes"] += sum(len(step.fixes) for step in result.steps)
    if len(before) != len(after):
        return Outcome(path, counts, ["other blocks than before"])
    unheld = any("cannot hold" in left.finding.message for left in result.leftover)
    for old, new in zip(before, after, strict=True):
        if old.content != new.content or (old.type, old.info) != (new.type, new.info):
            counts["Markdown blocks that changed"] += 1
            if not unheld and new.content != dockeropt.fix_str(old.content, options=options).fixed:
                if re.search(r"<[A-Z]|\{|@[A-Z]|__[A-Z]", old.content):
                    counts["Markdown blocks with holes that changed"] += 1
                else:
                    broken.append(f"line {old.map}: not what fix_str gives of it")
    if dockeropt.fix_str(result.fixed, options=options, path=path).changed:
        broken.append("fixing again changes something")
    return Outcome(path, counts, broken, result.diff())


def examine_python(path: str, unsafe: bool) -> Outcome:
    """Hold the laws for one Python file."""
    counts: Counter[str] = Counter()
    broken: list[str] = []
    options = UNSAFE if unsafe else SAFE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with open(path, encoding="utf-8", newline="") as file:
                source = file.read()
            compile(source, path, "exec")
        except (SyntaxError, ValueError, RecursionError):
            return Outcome(path, Counter({"not for this Python": 1}), [])
        try:
            result = dockeropt.fix_python(source, options=options, path=path)
            before = literals_in(source, path)
        except FileProblem as error:
            return Outcome(path, counts, [str(error)])
        counts.update(_reason(note) for note in result.notes)
        if result.error:
            broken.append(str(result.error))
        broken += [str(rejection) for rejection in result.rejected]
        held = [(span, found, read_literal(source, span, found.reading)) for span, found in before]
        dockerfiles = [entry for entry in held if entry[2] is not None and _is_dockerfile(entry[2])]
        counts["literals"] += len(dockerfiles)
        counts["files"] += bool(dockerfiles)
        counts["literals with holes"] += sum(bool(text.holes) for _, _, text in dockerfiles if text)
        counts["literals that are added to"] += sum(found.is_open for _, found, _ in dockerfiles)
        counts["changed files"] += result.changed
        counts["fixes"] += sum(len(step.fixes) for step in result.steps)
        counts["findings that remain"] += len(result.leftover)
        counts["fixes only shown because of holes"] += sum(
            "only shown" in x.finding.message for x in result.leftover
        )
        unheld = sum("cannot hold" in left.finding.message for left in result.leftover)
        counts["fixes that a literal cannot hold"] += unheld
        if result.changed:
            broken += _compare(source, result.fixed, path, before, unsafe, unheld, counts)
            again = dockeropt.fix_python(result.fixed, options=options, path=path)
            if again.changed:
                broken.append("fixing again changes something")
    return Outcome(path, counts, broken, result.diff())


def _compare(
    source: str,
    fixed: str,
    path: str,
    before: list[tuple[Span, Found]],
    unsafe: bool,
    unheld: int,
    counts: Counter[str],
) -> list[str]:
    try:
        compile(fixed, path, "exec")
    except SyntaxError as error:
        return [f"does not compile any more: {error}"]
    after = literals_in(fixed, path)
    if len(before) != len(after):
        return ["other literals are found afterwards"]
    broken: list[str] = []
    if _outside(source, before) != _outside(fixed, after):
        broken.append("something outside of the literals is another than before")
    for (old_span, old), (new_span, new) in zip(before, after, strict=True):
        was, now = value_of(source, old_span, old), value_of(fixed, new_span, new)
        counts["changed literals"] += old_span.of(source) != new_span.of(fixed)
        if was is None or now is None:
            a, b = read_literal(source, old_span, old.reading), read_literal(fixed, new_span, new.reading)
            if (a is None) != (b is None) or (a and b and list(a.holes.values()) != list(b.holes.values())):
                broken.append("other holes than before")
            continue
        text = read_literal(source, old_span, old.reading)
        if was == now or text is None or text.holes or old.is_open or unheld:
            continue
        counts["changed literals compared with fix_str"] += 1
        if dockeropt.fix_str(was, options=UNSAFE if unsafe else SAFE).fixed != now:
            broken.append(f"{path}: not what fix_str gives of it")
    return broken


def _outside(text: str, literals: list[tuple[Span, Found]]) -> str:
    pieces: list[str] = []
    at = 0
    for span, _ in literals:
        pieces += (text[at : span.start], "…")
        at = span.end
    return "".join([*pieces, text[at:]])


def _is_dockerfile(held: Held) -> bool:
    tree = parse(held.text)
    return not tree.problems and next(find(tree, From), None) is not None


def _reason(note: str) -> str:
    said = note.split(": ", 1)[1]
    return "left alone: a hole stands for whole instructions" if "whole instructions" in said else said[:90]


def main() -> int:
    """Parse the arguments, run, report."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--unsafe", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--limit", type=int, default=0, help="a random choice of so many files")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--sample", type=int, default=0, help="print so many random diffs, too")
    args = parser.parse_args()
    paths = [str(path) for path in files_below(args.folders)]
    if args.limit:
        paths = random.Random(args.seed).sample(paths, min(args.limit, len(paths)))
    started = time.perf_counter()
    with ProcessPoolExecutor(args.jobs) as pool:
        outcomes = list(pool.map(examine, [(path, args.unsafe) for path in paths], chunksize=4))
    changed = [outcome for outcome in outcomes if outcome.diff]
    for outcome in random.Random(args.seed).sample(changed, min(args.sample, len(changed))):
        print("=" * 100, outcome.path, outcome.diff, sep="\n")
    counts = sum([outcome.counts for outcome in outcomes], Counter())
    print(f"{len(paths)} files with a FROM, {time.perf_counter() - started:.0f} s")
    for name, count in counts.most_common():
        print(f"{count:7}  {name}")
    failures = [(outcome.path, reason) for outcome in outcomes for reason in outcome.broken]
    for path, reason in failures[:40]:
        print(f"BROKEN {path}: {reason}")
    print(f"{len(failures)} broken")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
