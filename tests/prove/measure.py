"""Build one example in all its forms and keep what was measured."""

import time
from collections.abc import Callable
from typing import Any

from dockeropt.config import Options
from dockeropt.measure.choose import choose_engine
from dockeropt.measure.project import Project, Version
from dockeropt.measure.proving import prove
from dockeropt.measure.records import Verification
from dockeropt.measure.verify import Original, Terms, with_rebuilds
from dockeropt.measure.workbench import Workbench
from dockeropt.proof import fixer_of
from dockeropt.render.proofs.json_record import proof_record, record_of
from dockeropt.rewrite.result import Result
from tests.prove.examples import Example
from tests.prove.peers import fixed_by, installed

Say = Callable[[str], None]


def measured(
    example: Example, engine: str, build_options: tuple[str, ...], say: Say, runs: int = 3
) -> dict[str, Any]:
    """Return everything about one example as plain data.

    Args:
        example: The example.
        engine: Which engine builds.
        build_options: More options for its builds.
        say: Is told what is being done.
        runs: How often each rebuild is measured.
    """
    began = time.monotonic()
    text = example.dockerfile.read_text("utf-8")
    project = Project(
        str(example.folder), str(example.dockerfile), example.target, example.build_args, build_options
    )
    edits = (example.edit,) if example.edit else ()
    terms = Terms(edits, example.smoke, runs=runs, compressed=False)
    record: dict[str, Any] = {"name": example.name, "title": example.title, "installs": example.installs}
    with Workbench(choose_engine(engine, build_options), project, say) as bench:
        original = Original(bench, Version(text, called="original"), terms)
        if not original.builds:
            return {**record, "failed": original.sample.build.output[-3000:]}
        fixer = fixer_of(_options(example), str(example.dockerfile))
        safe = fixer(text, (), False, frozenset())
        record["safe"] = _compared(original, safe, "safe")
        record["safe"]["changed"] = safe.changed
        record["safe"]["fixes"] = sorted({step.pass_id for step in safe.steps})
        proof = prove(original, fixer, unsafe=True)
        record["unsafe"] = proof_record(proof)
        record["unsafe"]["fixes"] = sorted({step.pass_id for step in proof.result.steps})
        record["unsafe"]["text"] = proof.result.text
        record["peers"] = {}
        for peer in installed():
            theirs = fixed_by(peer, example.dockerfile, example.folder)
            say(f"{peer.title}")
            found = original.compare(Version(theirs, called=peer.title), f"{peer.name}-{peer.level}")
            record["peers"][peer.title] = {"changed": theirs != text, "text": theirs, **_short(found)}
    record["seconds"] = round(time.monotonic() - began, 1)
    return record


def _compared(original: Original, result: Result, name: str) -> dict[str, Any]:
    effects = frozenset[Any]().union(*(step.effects for step in result.steps))
    version = Version(result.text, result.files, effects, name)
    found = original.compare(version, name, cold=True)
    return record_of(with_rebuilds(original, found, version, name))


def _short(found: Verification) -> dict[str, Any]:
    record = record_of(found)
    files = record["files"]
    if isinstance(files, dict):
        files["differences"] = files["differences"][:10]
    return {key: record[key] for key in ("proven", "objections", "files", "config", "packages")} | {
        "builds": found.after.build.ok,
        "size_before": found.before.image.size if found.before.image else None,
        "size": found.after.image.size if found.after.image else None,
        "failed": found.after.build.failed,
        "output": found.after.build.reason,
    }


def _options(example: Example) -> Options:
    return Options(context=str(example.folder), target=example.target, build_args=example.build_args)
