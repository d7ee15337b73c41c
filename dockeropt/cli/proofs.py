"""The command ``verify`` and ``fix --verify``: from a request to builds, a report, an exit code.

Invariant: an interrupt or the wish to end (SIGTERM) leaves by the same way as an error, so that no
image, container or temporary file is left behind.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dockeropt.cli.exitcodes import ERROR, OK, VERIFIED_DIFFERENT, guarded
from dockeropt.cli.options import Request
from dockeropt.cli.output import VERBOSE, Output
from dockeropt.errors import ConfigError, FileProblem, printable

if TYPE_CHECKING:
    from dockeropt.config import Settings
    from dockeropt.measure.records import Verification
    from dockeropt.proof import BuildTerms
    from dockeropt.results import FixResult
    from dockeropt.rewrite.fix import Effect


def verify(request: Request) -> int:
    """Build what the request names before and after; return the exit code, never raise."""
    return guarded(
        request,
        lambda settings, output: _verify(request, settings, output),
        lambda: "what was built for the comparison is removed",
    )


def _verify(request: Request, settings: "Settings", output: Output) -> int:
    from dockeropt import proof

    if len(request.paths) > 1:
        raise ConfigError("verify takes one Dockerfile", hint="run it once for each")
    terms = terms_of(request)
    path = dockerfile_in(request.paths[0] if request.paths else ".")
    with _ended_like_interrupted(), progress_of(output) as say:
        found = proof.verify(
            path,
            against=request.against or "",
            allow=_effects(request.allow),
            options=settings(path),
            terms=terms,
            say=say,
        )
    output.out(_shown(found, request, output))
    if not found.before.build.ok:
        return ERROR
    return OK if found.proven else VERIFIED_DIFFERENT


def dockerfile_in(path: str) -> str:
    """Return the Dockerfile that a path means: itself, or the one of a folder.

    Raises:
        FileProblem: There is none.
    """
    if not os.path.isdir(path):
        return path
    for name in ("Dockerfile", "Containerfile"):
        found = os.path.normpath(os.path.join(path, name))
        if os.path.isfile(found):
            return found
    raise FileProblem("no Dockerfile in this folder", path=path, hint="name the file")


def _shown(found: "Verification", request: Request, output: Output) -> str:
    if request.verify_format == "json":
        from dockeropt.render.proofs.json_record import json_of

        return json_of(found)
    if request.verify_format == "markdown":
        from dockeropt.render.proofs.markdown import markdown_of

        return markdown_of(found)
    from dockeropt.render.proofs.text import text_of

    return text_of(found, output.palette, verbose=output.level >= VERBOSE)


def _effects(names: Iterable[str]) -> "frozenset[Effect]":
    from dockeropt.rewrite.fix import Effect

    known = {effect.value: effect for effect in Effect}
    found: set[Effect] = set()
    for word in [part.strip() for name in names for part in name.split(",") if part.strip()]:
        if word not in known:
            raise ConfigError(f"--allow {word}: no such effect", hint=f"use {', '.join(sorted(known))}")
        found.add(known[word])
    return frozenset(found)


def terms_of(request: Request) -> "BuildTerms":
    """Return how to build and what to measure, as the command line says.

    Raises:
        ConfigError: A build option cannot be taken apart.
    """
    import shlex

    from dockeropt.proof import BuildTerms

    options: list[str] = []
    for flag, value in (("--builder", request.builder), ("--network", request.network)):
        if value:
            options += [flag, value]
    for text in request.build_option:
        try:
            options += shlex.split(text)
        except ValueError as error:
            raise ConfigError(f"--build-option {text}: {error}", hint="quote it as a shell would") from None
    return BuildTerms(
        engine=request.engine or "auto",
        build_options=tuple(options),
        edits=request.edit,
        smoke=request.smoke or "",
        start=not request.no_start,
        runs=0 if request.no_rebuilds else request.runs or 1,
        compressed=not request.no_compressed,
    )


# --- fix --verify ----------------------------------------------------------------------


def proven(
    results: Iterator["FixResult"], request: Request, settings: "Settings", output: Output, *, write: bool
) -> Iterator["FixResult"]:
    """Yield results of which only what real builds prove is left.

    Args:
        results: What the passes made of the files; none is written yet.
        request: What was asked for.
        settings: Options of each file.
        output: Where progress goes.
        write: Whether to write what was proven.
    """
    from dockeropt import api, proof

    terms = terms_of(request)
    for result in results:
        if result.error is not None or not result.changed:
            yield result
            continue
        options = settings(result.path)
        if result.path.endswith(api.HOLDERS) or len(result.builds) > 1:
            hint = "verify them one by one, or leave --verify away"
            message = "only a Dockerfile that is built in one way can be verified"
            yield result._replace(error=FileProblem(message, path=result.path, hint=hint))
            continue
        options = api.of_build(options, result)
        with _ended_like_interrupted(), progress_of(output) as say:
            found = proof.prove(result.path, options=options, terms=terms, say=say, write=write)
        yield found._replace(notes=(*result.notes, *found.notes))


def proof_lines(result: "FixResult") -> list[str]:
    """Return what is to say about a proof, besides the evidence that each fix carries."""
    from dockeropt.render.proofs.rows import rows_of, verdict

    proof = result.proof
    if proof is None:
        return []
    lines = [f"rolled back: {printable(f'{result.path}:{one.line}: {one}')}" for one in proof.dropped]
    for one in proof.dropped:
        if one.output:
            lines += [f"    {printable(line)}" for line in one.output.strip().splitlines()[-8:]]
    if proof.verification is not None:
        lines += [
            f"measured: {row.name}: {row.before} -> {row.after}{f' ({row.change})' if row.change else ''}"
            for row in rows_of(proof.verification)
        ]
        lines.append(printable(verdict(proof.verification)))
    return lines


def is_different(result: "FixResult") -> bool:
    """Tell whether builds showed something that was not declared, or a fix was rolled back."""
    proof = result.proof
    if proof is None or proof.failure is not None:
        return False
    return bool(proof.dropped) or (proof.verification is not None and not proof.verification.proven)


# --- while it builds -------------------------------------------------------------------


@contextmanager
def progress_of(output: Output) -> Iterator[Callable[[str], None]]:
    """Show what is being done: one line that changes on a terminal, lines with ``--verbose``.

    Args:
        output: Says how much is to be shown.
    """
    if output.level >= VERBOSE:
        yield lambda text: output.say(printable(text))
    elif output.level and sys.stderr.isatty():
        from dockeropt.cli.progress import StatusLine

        status = StatusLine()
        try:
            yield status.show
        finally:
            status.stop()
    else:
        yield lambda _: None


@contextmanager
def _ended_like_interrupted() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl-C does."""
    import signal
    import threading

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
