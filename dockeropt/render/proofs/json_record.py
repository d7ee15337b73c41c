"""A proof as JSON for programs; ``schemas/verify.json`` says what each key means.

Invariant: keys are only ever added. Sizes are bytes, times seconds, differences are signed.
"""

from typing import TYPE_CHECKING

from dockeropt.measure.records import Side, Smoke, Verification
from dockeropt.render.jsontext import clean, dumped

if TYPE_CHECKING:
    from dockeropt.measure.proving import Proof

SCHEMA_VERSION = 1
MAX_PATHS = 2000
"""Paths of a kind that are listed; all are counted."""


def json_of(found: Verification) -> str:
    """Return the report of a proof as the text of a JSON object."""
    from dockeropt import __version__

    tool = {"name": "dockeropt", "version": __version__}
    record = {"schema_version": SCHEMA_VERSION, "tool": tool, **record_of(found)}
    return dumped(record, indent=2) + "\n"


def record_of(found: Verification) -> dict[str, object]:
    """Return a proof as plain data."""
    return {
        "engine": found.engine,
        "names": list(found.names),
        "proven": found.proven,
        "objections": list(found.objections),
        "declared_effects": list(found.declared),
        "size_saved": found.saved,
        "before": _side(found.before),
        "after": _side(found.after),
        "files": _files(found),
        "packages": [one._asdict() for one in found.packages],
        "config": [one._asdict() for one in found.config],
        "notes": list(found.notes),
    }


def proof_record(proof: "Proof") -> dict[str, object]:
    """Return what ``fix --verify`` found out about a file, as plain data."""
    return {
        "trials": proof.trials,
        "rolled_back": [
            {
                "code": one.pass_id,
                "title": one.title,
                "applicability": one.applicability.word,
                "line": one.line,
                "reason": one.reason,
                "output": clean(one.output),
            }
            for one in proof.dropped
        ],
        "verification": record_of(proof.verification) if proof.verification is not None else None,
    }


def _side(side: Side) -> dict[str, object]:
    image = side.image
    return {
        "builds": side.build.ok,
        "seconds": round(side.build.seconds, 3),
        "failed": side.build.failed or None,
        "output": clean(side.build.output[-8000:]) if not side.build.ok else None,
        "size": image.size if image is not None else None,
        "compressed_size": side.compressed,
        "base_layers": side.base_layers,
        "layers": [
            {
                "created_by": clean(one.created_by),
                "size": one.size,
                "compressed_size": one.compressed,
                "diff_id": one.diff_id or None,
            }
            for one in (image.layers if image is not None else ())
        ],
        "rebuilds": [{**one._asdict(), "seconds": list(one.seconds)} for one in side.rebuilds],
        "smoke": _smoke(side.smoke),
    }


def _smoke(smoke: Smoke | None) -> dict[str, object] | None:
    if smoke is None:
        return None
    ports = list(smoke.ports) if smoke.ports is not None else None
    return {**smoke._asdict(), "ports": ports, "output": clean(smoke.output)}


def _files(found: Verification) -> dict[str, object] | None:
    if found.files is None:
        return None
    kinds = ("declared", "noise", "unexpected")
    return {
        "identical": found.files.identical,
        **{kind: len(found.files.of(kind)) for kind in kinds},
        "differences": [
            {
                **one._asdict(),
                "path": clean(one.path),
                "before": clean(one.before),
                "after": clean(one.after),
            }
            for kind in reversed(kinds)
            for one in found.files.of(kind)[:MAX_PATHS]
        ],
    }
