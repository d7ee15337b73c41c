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
    missing. Safe when the package index of the base image's very Debian release shows that
    nothing would come as recommended: neither the packages nor what they depend on recommend
    anything that the base image or the command itself does not bring, and nothing before the
    command can have changed what apt sees (other sources, settings, removed packages, scripts
    that cannot be read).

References:
    - https://docs.docker.com/build/building/best-practices/#apt-get
    - https://manpages.debian.org/bookworm/apt/apt-get.8.en.html
    - https://www.debian.org/doc/debian-policy/ch-relationships.html
"""

from collections.abc import Iterator

from dockeropt.knowledge.packages import installed_in
from dockeropt.knowledge.recommends import Extras, recommended
from dockeropt.knowledge.tags import tag_of
from dockeropt.model.packages import Invocation, Tool
from dockeropt.model.stages import Stage
from dockeropt.rewrite import Applicability, Category, Context, Effect, Evidence, Finding, Fix, Phase, rewrite
from dockeropt.rewrite.aptsources import changed_sources
from dockeropt.text import Edit

FLAG = "--no-install-recommends"
NEEDS_CERTIFICATES = frozenset({"curl", "wget", "git", "git-core"})
"""Packages that only recommend ca-certificates, in every Debian and Ubuntu release since 2014."""

FALLBACK = "bookworm"
"""Release whose table says what may go missing when that of the base is not recorded."""

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
    proof = _proof(ctx, call, stage)
    if proof is not None:
        return ctx.safe("Skip recommended packages", edits, proof, {Effect.LAYERS})
    added = _needed(call, stage)
    if added and call.packages:
        last = call.packages[-1]
        edits += ctx.edit.append_item(call.run, (last.start, last.end), " ".join(added))
    title = "Skip recommended packages" + (f", but add {' and '.join(added)}" if added else "")
    return ctx.unsafe(title, edits, _missing(call, stage, added), {Effect.PACKAGES, Effect.FILES})


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


def _names(call: Invocation) -> list[str]:
    return [p.name for p in call.packages if p.name is not None]


def _suite(stage: Stage) -> str | None:
    tag = tag_of(stage.base) if stage.base is not None else None
    return tag.suite if tag is not None else None


def _proof(ctx: Context, call: Invocation, stage: Stage) -> Evidence | None:
    """Return why the option changes nothing, ``None`` if it may."""
    base, suite, names = stage.base, _suite(stage), _names(call)
    installed = installed_in(base) if base is not None else None
    if suite is None or installed is None or call.dynamic or len(names) < len(call.operands):
        return None
    if any(p.version is not None or p.text != p.name for p in call.packages):
        return None  # pkg=1.2, pkg/backports, pkg:i386, pkg-, ./pkg.deb
    if any(name.startswith("php") for name in names) and base is not None and base.official == "php":
        return None  # the image forbids them: /etc/apt/preferences.d/no-debian-php
    extras = recommended(suite, names, installed)
    if extras is None or not extras.is_nothing or changed_sources(ctx.model, call) is not None:
        return None
    if len(names) > NAMED:
        claim = f"none of these {len(names)} packages recommends anything"
    else:
        claim = f"{' and '.join(filter(None, (', '.join(names[:-1]), names[-1])))}: nothing is recommended"
    claim += f" that is not there anyway on Debian {suite}"
    return Evidence(claim, extras.source.text, extras.source.date)


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


def _missing(call: Invocation, stage: Stage, added: list[str]) -> list[Evidence]:
    """Say, as far as the tables go, what will not be installed any more."""
    suite, installed = _suite(stage), installed_in(stage.base) if stage.base is not None else None
    extras: Extras | None = recommended(suite, _names(call), installed or frozenset()) if suite else None
    if extras is None:
        suite = FALLBACK
        extras = recommended(suite, _names(call), installed or frozenset())
    if extras is None:
        return []
    found: list[Evidence] = []
    said: set[str] = set(added)
    for name, packages in extras.left:
        left = [package for package in packages if package not in said]
        said.update(left)
        if left:
            more = f" and {len(left) - NAMED} more" if len(left) > NAMED else ""
            claim = f"without {name}'s recommended {', '.join(left[:NAMED])}{more} (Debian {suite})"
            found.append(Evidence(claim, extras.source.text, extras.source.date))
    return found
