"""What a file would miss on the slim variant of its base image, and what makes up for it.

Invariant: what slim lacks and the file is seen to use is either added by name or named as a
reason not to make the change; what cannot be seen is said.
"""

from collections.abc import Mapping

from dockeropt.knowledge.load import source_of
from dockeropt.knowledge.native import native
from dockeropt.knowledge.packages import Loss, own_commands, package_of, packages_lost
from dockeropt.knowledge.pypi import source as pypi_source
from dockeropt.knowledge.tags import TagSwap
from dockeropt.model.images import parse
from dockeropt.model.model import Model
from dockeropt.model.packages import Invocation
from dockeropt.model.stages import Stage
from dockeropt.model.tools import Tool
from dockeropt.project.context import UNKNOWN, BuildContext
from dockeropt.rewrite.fix import Evidence
from dockeropt.rewrite.needs import COMPILES, Needs, Use, descendants, needs_of
from dockeropt.rewrite.pipneeds import COMES_WITH
from dockeropt.rewrite.slimproof import look_at, look_at_manuals, unplaced

NAMED = 4

STAND_INS = {
    "node": "16-bullseye",
    "python": "3.9-bullseye",
    "ruby": "2.7-bullseye",
    "perl": "5.36-bullseye",
    "elixir": "1.14",
    "erlang": "25",
    "pypy": "3.9-bullseye",
    "openjdk": "11",
    "maven": "3.8-openjdk-11",
    "rust": "1.70-bullseye",
}
"""Tags whose packages are recorded, for releases of the same image that are not."""

ARCHIVED = frozenset(("wheezy", "jessie", "stretch", "buster"))
"""Debian releases that moved to archive.debian.org: apt-get update fails in their images."""

LAST_ARCHIVED = "2020"
"""Year of tags whose release is not recorded, and that stood on one of these."""

C_TOOLS = ("gcc", "libc6-dev")
NODE_TOOLS = ("python3", "make", "g++")
PYTHON = (Tool.PIP, Tool.PIPENV, Tool.POETRY, Tool.UV)
NODE = (Tool.NPM, Tool.YARN, Tool.PNPM)
GEMS = (Tool.GEM, Tool.BUNDLE)
TLS = ("curl", "wget", "git")
FETCHERS = ("bower", "glide", "dep")
KEYS = ("gpg", "gpg2", "apt-key", "add-apt-repository", "gpgv2")
PURE_GEMS = frozenset(("bundler", "rake", "foreman", "rubygems-update", "rubocop", "fpm", "rack", "thor"))
LOCAL_DEBS = ("openjdk-", "default-jre", "default-jdk", "postgresql-client", "postgresql")


class Plan:
    """Hold what the change takes.

    Args:
        added: Stages with the packages to add there.
        uses: For each stage's index, what the packages are for.
        needs: For each stage's index, what its instructions use.
        evidence: What is known.
        blockers: Why it should not be made without a look; empty if it may.
        loses: Whether packages are lost at all.
        count: How many, ``None`` if not known.
        suite: Debian release, ``None`` if not recorded.
        archived: Whether packages of that release cannot be installed any more.
        doubts: What is not known, so that nothing is proven; empty if everything is.
        read: Python files of the context that were read.
    """

    __slots__ = (
        "added",
        "archived",
        "blockers",
        "count",
        "doubts",
        "evidence",
        "loses",
        "needs",
        "read",
        "suite",
        "uses",
    )

    def __init__(self, suite: str | None) -> None:
        self.added: list[tuple[Stage, list[str]]] = []
        self.uses: dict[int, list[Use]] = {}
        self.needs: dict[int, Needs] = {}
        self.evidence: list[Evidence] = []
        self.blockers: list[Evidence] = []
        self.doubts: list[str] = []
        self.read = 0
        self.loses = True
        self.count: int | None = None
        self.suite = suite
        self.archived = suite in ARCHIVED


def plan_of(model: Model, stage: Stage, swap: TagSwap, build: BuildContext = UNKNOWN) -> Plan:
    """Return what it takes to build ``stage``, and all that is built on it, on the slim image."""
    plan = Plan(swap.old.suite)
    if not swap.same_suite or not swap.same_build:
        plan.doubts.append("whether both images stand on the same release")
    if swap.old.suite is None and (swap.old.last or "9") < LAST_ARCHIVED:
        plan.archived = True
    loss = _loss(plan, stage, swap)
    if (loss is not None and not loss.packages) or (stage.image and stage.image.official == "debian"):
        plan.loses = False
        claim = "slim holds the same packages, without manuals, documentation and translations"
        day = loss.source.date if loss is not None else ""
        plan.evidence.append(Evidence(claim, "debuerreotype, docker-debian-artifacts", day))
        for item in descendants(stage):
            needs = plan.needs[item.index] = needs_of(model, item)
            _block_manuals(plan, needs, set(needs.debs))
            plan.doubts += look_at_manuals(model, build, item, needs).doubts
        if loss is None:
            plan.doubts.append(f"what {swap.old.name} holds")
        plan.doubts = list(dict.fromkeys(plan.doubts))
        return plan
    plan.count = len(loss.packages) if loss is not None else None
    there: dict[int, set[str]] = {}
    brought: dict[int, set[str]] = {}
    used: list[str] = []
    for item in descendants(stage):
        needs = plan.needs[item.index] = needs_of(model, item)
        inherited = there[item.parent.index] if item.parent is not None else set()
        have = inherited | set(needs.debs)
        wanted: dict[str, Use] = {}
        look = look_at(model, build, item, needs, loss) if loss is not None else None
        if loss is not None:
            if look is not None:
                plan.read += look.files
                needs.commands.update(
                    {name: use for name, use in look.commands.items() if name not in needs.commands}
                )
                wanted.update(_missing(look.packages, loss, have))
            _want_commands(needs, loss, inherited, wanted)
        compilers: dict[str, Use] = {}
        _want_compilers(plan, needs, have, compilers, known=look is not None and look.pip_known)
        there_is = have | own_commands(stage.image.official or "" if stage.image is not None else "")
        wanted = {name: use for name, use in compilers.items() if name not in there_is} | wanted
        used += wanted
        if wanted:
            plan.added.append((item, sorted(wanted)))
            plan.uses[item.index] = list(wanted.values())
        there[item.index] = have | set(wanted)
        _block(plan, needs, have, loss)
        if look is not None:
            plan.doubts += look.doubts
            if item.parent is not None:
                look.brought |= brought.get(item.parent.index, set())
            brought[item.index] = look.brought
            slim = parse(swap.text)
            assert slim is not None
            assert stage.image is not None
            plan.doubts += [
                f"where {name} comes from"
                for name in unplaced(look, needs, stage.image, slim, there[item.index])
            ]
    plan.doubts = list(dict.fromkeys(plan.doubts))
    _explain(plan, loss, swap, used)
    return plan


def _missing(packages: Mapping[str, Use], loss: Loss, have: set[str]) -> dict[str, Use]:
    """Return which of the packages that files need slim lacks and the stage does not install.

    What the full image lacks too is not the matter of this change.
    """
    lost = {name: use for name, use in packages.items() if name in loss.packages and name not in have}
    there = have | lost.keys()
    return {name: use for name, use in lost.items() if not there & set(COMES_WITH.get(name, ()))}


def _loss(plan: Plan, stage: Stage, swap: TagSwap) -> Loss | None:
    image, slim = stage.image, parse(swap.text)
    assert image is not None
    found = packages_lost(image, slim) if slim is not None else None
    if found is None and image.official in STAND_INS:
        tag = STAND_INS[image.official]
        full = parse(f"{image.official}:{tag}")
        head, dash, rest = tag.partition("-")
        for name in (f"{tag}-slim", f"{head}-slim{dash}{rest}"):
            slim = parse(f"{image.official}:{name}")
            if full is not None and slim is not None and found is None:
                found = packages_lost(full, slim)
        if found is not None:
            old = f"Debian {plan.suite}" if plan.suite else "this release"
            claim = f"the packages of {old} are not recorded: those of {found.suite} stand for them"
            plan.evidence.append(Evidence(claim, "dockeropt's tables"))
            plan.doubts.append(f"what slim lacks on {old}")
    return found


def _want_commands(needs: Needs, loss: Loss, inherited: set[str], wanted: dict[str, Use]) -> None:
    """Add the packages of lost commands that the stage uses before it installs them."""
    debs = needs.debs

    def want(package: str, use: Use, *others: str) -> None:
        for name in (package, *others):
            install = debs.get(name)
            if name in inherited or (
                install is not None and (install.run.node.span.start, install.call.node.start) <= use.order
            ):
                return
        wanted.setdefault(package, use)

    for name, use in needs.commands.items():
        if name in KEYS and "gnupg" in loss.packages:
            want("gnupg", use, "gnupg2", "gpg")
        if name in TLS and "ca-certificates" in loss.packages:
            want("ca-certificates", use)
        if name in FETCHERS and "git" in loss.packages:
            want("git", use)
            want("ca-certificates", use)
        command = package_of(name) if name in loss.commands else None
        if name not in KEYS and name not in needs.brought and command is not None and command.deb is not None:
            want(command.deb, use, command.holder or command.deb)
    for install in needs.installs:
        words = [word.literal or word.text for word in install.operands]
        if any("git+" in word or word.endswith(".git") for word in words) and "git" in loss.packages:
            use = Use("git", install.run, install.call)
            want("git", use)
            if "ca-certificates" in loss.packages:
                want("ca-certificates", use)


def _want_compilers(plan: Plan, needs: Needs, have: set[str], wanted: dict[str, Use], *, known: bool) -> None:
    """Add the compilers of packages that have to be built when they are installed.

    Of pip's packages nothing need be guessed where it is ``known`` what they take.
    """
    headers = sorted(name for name in have if name.endswith("-dev") and name != "libc6-dev")
    compiler = bool(have & {"gcc", "g++", "build-essential", "clang"})
    for tools, names in ((PYTHON, C_TOOLS), (NODE, NODE_TOOLS)):
        uses = needs.uses_of(tools)
        if headers and uses and not compiler and not (known and tools is PYTHON):
            use = Use(uses[0].tool.value, uses[0].run, uses[0].call)
            wanted.update({name: use for name in names if name not in wanted})
            claim = (
                f"{uses[0].tool.value} compiles against {', '.join(headers[:NAMED])}: slim has no compiler"
            )
            plan.evidence.append(Evidence(claim, "this file"))
    for install in needs.installs:
        if known and install.tool in PYTHON:
            continue
        _want_native(plan, install, wanted, compiler=compiler)
    for name in ("cpanm", "cpan", "carton"):
        if name in needs.commands and not compiler:
            wanted.setdefault("build-essential", needs.commands[name])


def _want_native(plan: Plan, install: Invocation, wanted: dict[str, Use], *, compiler: bool) -> None:
    use = Use(install.tool.value, install.run, install.call)
    registry = "pypi" if install.tool in PYTHON else "npm" if install.tool in NODE else None
    if install.tool is Tool.GEM and not compiler:
        for package in install.packages:
            gem = native("gems", package.name or "")
            needed = gem.deb_build if gem is not None else ("build-essential",)
            wanted.update(
                {name: use for name in needed if package.name not in PURE_GEMS and name not in wanted}
            )
        return
    if registry is None:
        return
    for package in install.packages:
        record = native(registry, package.name) if package.name is not None else None
        if record is None or record.binaries.startswith(("pure", "static")):
            continue
        if "manylinux" in record.binaries or "glibc" in record.binaries:
            continue
        names = [n for n in record.deb_build if not compiler or n not in ("gcc", "g++", "build-essential")]
        if "gcc" in names:
            names.append("libc6-dev")
        for name in names:
            wanted.setdefault(name, use)
        if names:
            plan.evidence.append(
                Evidence(f"{record.name} is compiled when it is installed", "dockeropt's tables, unverified")
            )


def _block(plan: Plan, needs: Needs, have: set[str], loss: Loss | None) -> None:
    """Name what speaks against the change as it stands."""
    builders = sorted(name for name in needs.commands if name in COMPILES)
    if builders:
        claim = f"{', '.join(builders)} may look for headers that only the full image has"
        plan.blockers.append(Evidence(claim, "this file"))
    compiler = bool(have & {"gcc", "g++", "build-essential"})
    if not compiler and any(use.tool is Tool.BUNDLE or use.dynamic for use in needs.uses_of(GEMS)):
        claim = "gems that have to be compiled need headers; which ones is not in this file"
        plan.blockers.append(Evidence(claim, "this file"))
    if any(use.tool is Tool.CARGO for use in needs.invocations):
        claim = "crates may link libraries that only the full image has"
        plan.blockers.append(Evidence(claim, "this file"))
    _block_manuals(plan, needs, have)
    hidden = sorted(needs.text & loss.commands) if loss is not None else []
    if hidden:
        claim = f"a script that could not be read names {', '.join(hidden[:NAMED])}"
        plan.blockers.append(Evidence(claim, "this file"))


def _block_manuals(plan: Plan, needs: Needs, have: set[str]) -> None:
    """Name packages whose installation fails because slim has no directories for manuals."""
    old = plan.suite not in ("bookworm", "trixie")
    local = sorted(name for name in have if name.startswith(LOCAL_DEBS))
    if local and old and not _makes_manual(needs):
        claim = f"{local[0]} cannot be installed where /usr/share/man is missing, as in slim images"
        plan.blockers.append(Evidence(claim, "Debian bug 863199"))


def _makes_manual(needs: Needs) -> bool:
    use = needs.commands.get("mkdir")
    return (
        use is not None
        and use.run is not None
        and any("/usr/share/man" in word.text for call in use.run.calls for word in call.args)
    )


def _prove(plan: Plan) -> None:
    """Add what the tables and the context were asked, to the evidence of a safe change."""
    commands = {name for needs in plan.needs.values() for name in needs.commands}
    claim = f"all {len(commands)} commands of the file and its scripts are in slim, or installed"
    plan.evidence.append(Evidence(claim, "dpkg -L", source_of("deb_commands.tsv").date))
    if any(use.tool in PYTHON for needs in plan.needs.values() for use in needs.installs):
        claim = "all that pip installs has wheels, is pure Python, or gets its compiler and libraries"
        plan.evidence.append(Evidence(claim, pypi_source().text, pypi_source().date))
    if plan.read:
        claim = f"{plan.read} Python files load no library and run no program that slim lacks"
        plan.evidence.append(Evidence(claim, "the build context"))


def _explain(plan: Plan, loss: Loss | None, swap: TagSwap, used: list[str]) -> None:
    added = sorted(set(used))
    if loss is None:
        plan.blockers.append(Evidence(f"what {swap.tag.name} lacks is not recorded", "dockeropt's tables"))
    else:
        claim = f"slim lacks {len(loss.packages)} Debian packages"
        claim += (
            f"; the file uses and gets {', '.join(added)}"
            if added
            else "; no command of the file is among them"
        )
        plan.evidence.append(Evidence(claim, "dockeropt's tables", loss.source.date))
        if not plan.doubts:
            _prove(plan)
    if not plan.doubts:
        return
    unknown = list(dict.fromkeys(name for needs in plan.needs.values() for name in needs.unknown))
    if unknown:
        more = f" and {len(unknown) - NAMED} more" if len(unknown) > NAMED else ""
        plan.evidence.append(
            Evidence(f"the needs of {', '.join(unknown[:NAMED])}{more} are not known", "this file")
        )
    tools = sorted(
        {
            use.tool.value
            for needs in plan.needs.values()
            for use in needs.installs
            if use.tool in (*PYTHON, *NODE)
        }
    )
    if tools:
        claim = f"whether {', '.join(tools)} must compile something is not known"
        plan.evidence.append(Evidence(claim, "this file"))
