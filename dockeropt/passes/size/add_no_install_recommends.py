"""Skip packages that apt merely recommends.

``apt-get install`` also installs every *recommended* package. In an image they are rarely
used, cost space and widen the attack surface.

Before:
    FROM debian:bookworm-slim
    RUN apt-get update && apt-get install -y git

After:
    FROM debian:bookworm-slim
    RUN apt-get update && apt-get install -y --no-install-recommends git ca-certificates

Safety:
    Unsafe: a program may rely on a recommended package. The ones that are known to matter
    are added by name: ``ca-certificates``, without which ``curl``, ``wget`` and ``git`` reach no
    HTTPS server, and ``dirmngr`` where keys are fetched; the report lists what else will be
    missing. Safe when the knowledge base shows, for the very Debian release of the base
    image, that none of the packages recommends anything that is not there anyway.

References:
    - https://docs.docker.com/build/building/best-practices/#apt-get
    - https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
    - https://www.debian.org/doc/debian-policy/ch-relationships.html
"""

from collections.abc import Iterator

from dockeropt.knowledge.packages import Recommended, installed_in, recommended_with
from dockeropt.knowledge.tags import tag_of
from dockeropt.model.packages import Invocation, Tool
from dockeropt.model.stages import Stage
from dockeropt.rewrite import Applicability, Category, Context, Effect, Evidence, Finding, Fix, Phase, rewrite
from dockeropt.text import Edit

FLAG = "--no-install-recommends"
NEEDS_CERTIFICATES = frozenset({"curl", "wget", "git", "git-core"})
"""Packages that only recommend ca-certificates, in every Debian and Ubuntu release since 2014."""

FOREIGN_SOURCES = ("sources.list", "add-apt-repository", "apt-key", "apt-add-repository")
NAMED = 6
"""Packages that a message names before it only counts."""


@rewrite(
    category=Category.SIZE,
    phase=Phase.PACKAGES,
    after=("replace-apt-with-apt-get", "add-assume-yes"),
    aliases=("DL3015", "DD003", "aptGetInstallUseNoRec"),
    level=Applicability.UNSAFE,
    wants=("apt",),
)
def add_no_install_recommends(ctx: Context) -> Iterator[Finding]:
    """Give the option to every install that does not decide itself."""
    for call in ctx.model.installs(Tool.APT_GET, Tool.APT):
        stage = call.run.stage
        if call.verb_word is None or stage is None or not call.operands or _is_decided(call, stage):
            continue
        yield Finding(
            f"{call.tool.value} installs recommended packages, too",
            call.run.span(call.call.node),
            _fix(ctx, call, stage),
        )


def _fix(ctx: Context, call: Invocation, stage: Stage) -> Fix:
    edits: list[Edit] = list(ctx.edit.insert_words(call.run, call.options_end, FLAG))
    known = _recommended(call)
    proof = _proof(call, stage, known)
    if proof:
        return ctx.safe("Skip recommended packages", edits, proof, {Effect.LAYERS})
    added = _needed(call, stage)
    if added and call.packages:
        last = call.packages[-1]
        edits += ctx.edit.append_item(call.run, (last.start, last.end), " ".join(added))
    title = "Skip recommended packages" + (f", but add {' and '.join(added)}" if added else "")
    return ctx.unsafe(title, edits, _missing(known, added), {Effect.PACKAGES, Effect.FILES})


def _is_decided(call: Invocation, stage: Stage) -> bool:
    """Tell whether the call, the stage's configuration or an unknown option decides already."""
    if call.has(FLAG, "--install-recommends", "--no-recommends", "--download-only", "-d", "--simulate", "-s"):
        return True
    if any("install-recommends" in value.lower() for value in call.values("-o", "--option")):
        return True
    if any(word.literal is None and word.text.startswith("$") for word in call.call.args[:2]):
        return True  # `apt-get install $OPTIONS …`
    # A file or variable of apt's configuration; the option of another call is none.
    return stage.mentions("apt::install-recommends", 'install-recommends "', "install-recommends=")


def _recommended(call: Invocation) -> dict[str, Recommended | None]:
    return {p.name: recommended_with(p.name) for p in call.packages if p.name is not None}


def _proof(call: Invocation, stage: Stage, known: dict[str, Recommended | None]) -> tuple[Evidence, ...]:
    """Return why the option changes nothing, or nothing."""
    base = stage.base
    tag = tag_of(base) if base is not None else None
    if base is None or tag is None or call.dynamic or len(known) < len({p.text for p in call.packages}):
        return ()
    if any("/" in p.text or (p.version is not None and p.name is None) for p in call.packages):
        return ()
    if stage.mentions(*FOREIGN_SOURCES):
        return ()
    there = (installed_in(base) or frozenset()) | known.keys()
    found: list[Evidence] = []
    for name, record in known.items():
        if record is None or record.suite != tag.suite or not record.packages <= there:
            return ()
        claim = f"{name} recommends nothing that is not there on Debian {record.suite}"
        found.append(Evidence(claim, f"{record.source.text}, {record.source.date}"))
    return tuple(found)


def _needed(call: Invocation, stage: Stage) -> list[str]:
    """Return the recommended packages that are known to matter and that nothing else brings."""
    names = {p.name for p in call.packages}
    needed: list[str] = []
    if names & NEEDS_CERTIFICATES and not _has(call, stage, "ca-certificates"):
        needed.append("ca-certificates")
    keys = names & {"gnupg", "gnupg2", "gpg", "dirmngr"} and stage.mentions("recv-key", "keyserver")
    if keys and not _has(call, stage, "dirmngr"):
        needed.append("dirmngr")
    return needed


def _has(call: Invocation, stage: Stage, package: str) -> bool:
    """Tell whether the image has the package by then, as far as can be known."""
    base = stage.base
    if base is not None and package in (installed_in(base) or ()):
        return True
    if (
        package == "ca-certificates"
        and base is not None
        and base.is_official
        and base.name == "buildpack-deps"
    ):
        return True
    return stage.mentions(package) or any(p.name == package for p in call.packages)


def _missing(known: dict[str, Recommended | None], added: list[str]) -> list[Evidence]:
    """Say, as far as the knowledge base goes, what will not be installed any more."""
    found: list[Evidence] = []
    for name, record in known.items():
        if record is None:
            continue
        left = sorted(record.packages - known.keys() - set(added))
        if left:
            more = f" and {len(left) - NAMED} more" if len(left) > NAMED else ""
            claim = f"without {name}'s recommended {', '.join(left[:NAMED])}{more}"
            found.append(Evidence(claim, f"{record.source.text}, {record.source.date}"))
    return found
