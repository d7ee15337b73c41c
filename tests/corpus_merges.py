"""Count which neighbouring RUNs of real files are merged, and why the others are not.

``python -m tests.corpus_merges DIR…`` looks at every two RUNs of a stage of the final image with
nothing but comments and blank lines between them, and asks the pass and the table of shell
constructs about them. The share that is printed last is that of the pairs which the table allows.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from dockeropt.model.runs import RunFacts
from dockeropt.passes.size import merge_runs as pass_module
from dockeropt.rewrite.context import Context
from dockeropt.shell.joining import Join, join
from dockeropt.syntax.nodes import Blank, Comment, Run


def pairs(context: Context) -> Iterator[tuple[RunFacts, RunFacts, bool]]:
    """Yield neighbours, with whether a comment that binds to the second stands between."""
    facts = {run.node: run for run in context.model.runs if not run.onbuild}
    above: RunFacts | None = None
    pragma = False
    for node in context.tree.body:
        if isinstance(node, Blank):
            continue
        if isinstance(node, Comment):
            pragma = pragma or bool(pass_module.PRAGMA.match(node.text))
            continue
        run = facts.get(node) if isinstance(node, Run) else None
        if run is not None and above is not None and run.stage is not None and run.stage.reaches_final:
            yield above, run, pragma
        above, pragma = run, False


def allowed(a: RunFacts, b: RunFacts) -> bool:
    """Tell whether the table of shell constructs allows the pair."""
    if a.shell is None or b.shell is None:
        return False
    state = a.state
    answer = join(
        a.shell,
        b.shell,
        errexit=state.errexit,
        pipefail=state.pipefail,
        root=state.is_root,
        workdir=state.workdir,
    )
    return isinstance(answer, Join)


def examine(text: str) -> Iterator[tuple[str, bool, int]]:
    """Yield for each pair why it stays apart (``merged`` if not), what the table says, and its place."""
    context = Context.of(text)
    if context.tree.problems:
        return
    group: list[RunFacts] = []
    for a, b, pragma in pairs(context):
        if not group or group[-1] is not a:
            group = [a]
        reason = "a comment for a tool" if pragma else pass_module._why_apart(group, b)
        if reason is None:
            group.append(b)
        else:
            group = [b]
        yield reason or "merged", allowed(a, b), b.node.span.start


def main() -> None:
    """Parse the arguments, count, print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=0, help="a random choice of so many files")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", default="", help="print the places of pairs with this reason")
    args = parser.parse_args()
    files = sorted(p for folder in args.folders for p in folder.rglob("*") if p.is_file())
    if args.limit:
        files = random.Random(args.seed).sample(files, min(args.limit, len(files)))
    reasons: Counter[str] = Counter()
    may = did = 0
    for file in files:
        text = file.read_bytes().decode("utf-8", "surrogateescape")
        for reason, possible, at in examine(text):
            reasons[reason] += 1
            may += possible
            did += possible and reason == "merged"
            if args.show and args.show in reason:
                print(f"{file}:{text.count(chr(10), 0, at) + 1}: {reason}")
    total = reasons.total() or 1
    for reason, count in reasons.most_common():
        print(f"{count:7} {100 * count / total:5.1f} %  {reason}")
    print(
        f"{len(files)} files, {total} pairs; the table allows {may}, merged of these: {100 * did / (may or 1):.1f} %"
    )


if __name__ == "__main__":
    main()
