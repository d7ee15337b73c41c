"""Translate the instructions of a Debian stage to Alpine: all of them, or none.

Invariant: whatever has no counterpart that is known becomes a reason; edits are only handed
out while there is no reason.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from dockeropt.knowledge.native import native
from dockeropt.knowledge.packages import ApkNames, apk_names, own_commands, package_of
from dockeropt.model.calls import CallFacts
from dockeropt.model.certainty import is_certain
from dockeropt.model.images import parse
from dockeropt.model.packages import Invocation, Verb, find_invocation
from dockeropt.model.runs import RunFacts
from dockeropt.model.stages import Stage
from dockeropt.model.tools import Tool
from dockeropt.rewrite.accounts import alpine_accounts
from dockeropt.rewrite.baseimage import place_below
from dockeropt.rewrite.context import Context
from dockeropt.rewrite.fix import Evidence
from dockeropt.rewrite.needs import COMPILES, DEBIAN_TOOLS, Needs, Use, descendants, needs_of
from dockeropt.shell.nodes import AndOr
from dockeropt.syntax.nodes import FileInstruction, Run, Shell
from dockeropt.text import Edit, Span

PYTHON = (Tool.PIP, Tool.PIPENV, Tool.POETRY, Tool.UV)
NODE = (Tool.NPM, Tool.YARN, Tool.PNPM)
GEMS = (Tool.GEM, Tool.BUNDLE)
APT_FILES = ("/var/lib/apt", "/var/cache/apt", "/var/cache/debconf", "/var/lib/dpkg")
EDGE = "".join(
    f" --repository=https://dl-cdn.alpinelinux.org/alpine/edge/{part}" for part in ("main", "community")
)
ONLY_DEBIAN = frozenset(
    (
        "dpkg", "dpkg-reconfigure", "debconf-set-selections", "apt-key", "apt-mark", "apt-cache", "apt-add-repository",
        "add-apt-repository", "locale-gen", "update-locale", "localedef", "service", "systemctl", "update-rc.d",
        "invoke-rc.d", "update-alternatives", "a2enmod", "a2dismod", "a2ensite", "a2dissite", "a2enconf", "conda",
        "mamba", "aptitude", "apt-file", "gdebi", "start-stop-daemon", "ldconfig", "playwright", "sshd",
    )
)  # fmt: skip
FOREIGN = re.compile(
    r"/etc/apt|sources\.list|\.deb\b|ld-linux|conda|/etc/init\.d|\.bashrc|/etc/apache2|/sites-(?:available|enabled)"
    r"|(?:curl|wget)[^|;&\n]*\|\s*(?:sudo\s+)?(?:-E\s+)?(?:ba|da)?sh\b"
)
BINARY = re.compile(r"(?i)https?://\S*(?:linux|amd64|x86_64|x64|glibc|manylinux)")
PORTABLE = frozenset(("dist", "build", "public", "static", "www", "html", "out", "assets", "templates"))
PORTABLE_FILE = (".jar", ".war", ".js", ".html", ".json", ".css", ".txt", ".pem", ".crt")
IMAGES = frozenset(
    ("python", "node", "ruby", "php", "golang", "rust", "openjdk", "eclipse-temurin", "nginx", "httpd", "maven",
     "gradle", "elixir", "erlang", "amazoncorretto", "haproxy", "memcached", "openresty", "tomcat")
)  # fmt: skip
"""Images that are translated. Those of databases are not: other users own their files."""


RENAMED = "2022-06"
"""Day before which images stand on Alpine releases that lack today's names and musl wheels."""

NOT_NEEDED = frozenset(
    ("apt-transport-https", "apt-utils", "debconf", "hostname", "libc6", "lsb-base", "netbase", "readline-common",
     "sgml-base", "init-system-helpers", "software-properties-common", "dialog", "debian-archive-keyring")
)  # fmt: skip
"""Debian packages that leave no gap: Alpine has it all, or they serve apt alone."""

TOO_BIG = frozenset(
    ("tensorflow", "torch", "torchvision", "scipy", "scikit-learn", "pandas", "pyarrow", "opencv-python", "grpcio",
     "opencv-python-headless", "numba", "llvmlite", "pystan", "prophet", "fbprophet", "playwright", "xgboost")
)  # fmt: skip
"""Python packages that take hours to compile, or cannot be."""


class Translation:
    """Hold what it takes to build a stage, and all that is built on it, on Alpine.

    Args:
        ctx: What the pass looks at.
        apk: The command that installs packages.
        old: Whether the image ended before packages got the names they have today.
        edits: All changes but that of the tag.
        reasons: Why it cannot be done; empty if it can.
        added: Alpine packages that the file did not ask for.
        evidence: What is known, and what is not.
    """

    __slots__ = ("added", "apk", "ctx", "edits", "evidence", "old", "reasons")

    def __init__(self, ctx: Context, apk: str, *, old: bool) -> None:
        self.old = old
        self.ctx = ctx
        self.apk = apk
        self.edits: list[Edit] = []
        self.reasons: list[str] = []
        self.added: set[str] = set()
        self.evidence: list[Evidence] = []


def translate(ctx: Context, stage: Stage, last: str | None, *, edge: bool) -> Translation:
    """Return the translation of ``stage`` and all that are built on it.

    Args:
        ctx: What the pass looks at.
        stage: The stage whose image changes.
        last: Day when the Alpine image ended, ``None`` if it did not.
        edge: Whether packages come from Alpine's edge.
    """
    apk = "apk add --no-cache" + (EDGE if edge else "")
    found = Translation(ctx, apk, old=last is not None and last < RENAMED)
    family = list(descendants(stage))
    there: dict[int, set[str]] = {}
    for item in family:
        inherited = there[item.parent.index] if item.parent is not None else set()
        _stage(found, item, inherited, family)
        there[item.index] = inherited
    spans = sorted((edit.span.start, edit.span.end) for edit in found.edits)
    if any(b[0] < a[1] for a, b in pairwise(spans)):
        found.reasons.append("its commands stand too close to each other to be translated one by one")
    return found


def _stage(found: Translation, stage: Stage, have: set[str], family: Sequence[Stage]) -> None:
    model = found.ctx.model
    needs = needs_of(model, stage)
    runs = [run for run in model.runs if run.stage is stage]
    accounts = alpine_accounts([call for run in runs for call in run.calls])
    hosts: list[Invocation] = []
    for run in runs:
        _run(found, run, have, accounts or {}, hosts)
    php = stage.base is not None and stage.base.official == "php"
    for node in stage.instructions:
        if isinstance(node, FileInstruction):
            _copy(found, node, family)
        if not php and "www-data" in node.span.of(found.ctx.edit.text):
            found.reasons.append("the user www-data is not in every Alpine image")
    wanted: dict[str, Use | None] = {}
    if any(isinstance(node, Shell) for node in stage.instructions):
        wanted["bash"] = None
    own = own_commands(stage.base.official or "") if stage.base is not None else frozenset()
    for name, use in needs.commands.items():
        if name in ONLY_DEBIAN:
            found.reasons.append(f"{name} belongs to Debian")
        elif name in ("useradd", "groupadd", "usermod", "groupmod", "userdel"):
            if accounts is None or name not in ("useradd", "groupadd"):
                wanted.setdefault("shadow", use)
        elif name in COMPILES and name not in ("gcc", "cc", "g++", "c++", "cmake"):
            found.reasons.append(f"{name} builds against libraries of the full image")
        elif name in ("make", "pecl") and not have & {"gcc", "g++", "build-base"}:
            found.reasons.append(f"{name} needs the compilers of the full image")
        elif name not in own and not _is_own(stage, name) and name not in needs.brought:
            _command(found, name, use, have, wanted)
    _compilers(found, needs, have, wanted)
    fetches = [
        use for use in needs.invocations if use.tool is Tool.GO and use.verb_text not in ("version", "env")
    ]
    if fetches:
        wanted.setdefault("git", Use("go", fetches[0].run, fetches[0].call))
        if not have & {"gcc", "g++", "build-base"}:
            found.evidence.append(
                Evidence("there is no C compiler, which cgo calls", "docker-library/golang")
            )
    names = sorted(name for name in wanted if name not in have)
    if names:
        found.added.update(names)
        have.update(names)
        _install(found, stage, names, [use for use in wanted.values() if use is not None], wanted, hosts)
    unknown = list(dict.fromkeys(needs.unknown))
    if unknown:
        claim = f"the needs of {', '.join(unknown[:4])} are not known"
        found.evidence.append(Evidence(claim, "this file"))


def _is_own(stage: Stage, name: str) -> bool:
    """Tell whether the image is there to bring the program."""
    official = (stage.base.official if stage.base is not None else None) or ""
    java = ("java", "javac", "jar", "keytool")
    own = {
        "golang": ("go", "gofmt"),
        "php": ("php", "curl", "xz", "tar", "openssl"),
        "nginx": ("nginx", "envsubst", "curl", "openssl"),
        "eclipse-temurin": java,
        "amazoncorretto": java,
        "maven": ("mvn", *java),
    }
    return name == official or name in own.get(official, ()) or name == "composer"


def _command(found: Translation, name: str, use: Use, have: set[str], wanted: dict[str, Use | None]) -> None:
    record = package_of(name)
    if record is None or record.busybox:
        return
    if record.apk is None or not _is_named(found, record.evidence):
        found.reasons.append(f"no Alpine package is known for {name}")
    elif record.apk not in have and record.apk.partition("-")[0] not in have:
        wanted.setdefault(record.apk, use)


def _compilers(found: Translation, needs: Needs, have: set[str], wanted: dict[str, Use | None]) -> None:
    """Add what Python, Node and Ruby packages are compiled with, as far as names say so."""
    headers = any(name.endswith("-dev") and name != "musl-dev" for name in have)
    compiler = bool(have & {"gcc", "g++", "build-base"})
    for tools, registry, names in (
        (PYTHON, "pypi", ("gcc", "musl-dev")),
        (NODE, "npm", ("python3", "make", "g++")),
        (GEMS, "gems", ("build-base",)),
    ):
        uses = needs.uses_of(tools)
        if not uses:
            continue
        built: list[str] = []
        for use in uses:
            at = Use(use.tool.value, use.run, use.call)
            if (headers and not compiler) or (
                registry == "gems" and not compiler and use.tool is Tool.BUNDLE
            ):
                wanted.update({name: at for name in names if name not in wanted})
            for package in use.packages:
                record = native(registry, package.name) if package.name is not None else None
                binary = record is not None and record.has_musl_binary and not found.old
                if package.name in TOO_BIG and not binary:
                    found.reasons.append(f"{package.name} has no binaries for musl")
                if record is None:
                    continue
                needed = [*record.apk_run]
                if not binary:
                    built.append(record.name)
                    needed += record.apk_build
                wanted.update({name: at for name in needed if name not in wanted})
        tool = uses[0].tool.value
        if built:
            claim = f"{', '.join(built)} must be compiled on musl"
            found.evidence.append(Evidence(claim, "dockeropt's tables, unverified"))
        claim = f"whether all that {tool} installs has binaries for musl is not known"
        found.evidence.append(Evidence(claim, "this file"))


def _install(
    found: Translation,
    stage: Stage,
    names: list[str],
    uses: list[Use],
    wanted: dict[str, Use | None],
    hosts: list[Invocation],
) -> None:
    """Add packages to the stage's first install, or in a RUN of their own."""
    first = min((use.order for use in uses), default=(0, 0))
    early = any(wanted[name] is None for name in names)
    host = hosts[0] if hosts else None
    if host is not None and not early and is_certain(host.call) and not host.run.onbuild:
        place = (host.run.node.span.start, host.call.node.start)
        last = host.packages[-1]
        if place < first and (apk := apk_names(last.name or "")) is not None and apk.packages:
            added = found.ctx.edit.append_item(host.run, (last.start, last.end), " ".join(names))
            found.edits += added
            return
    if stage.parent is not None and found.ctx.model.state_at_end(stage.parent).is_root is False:
        found.reasons.append("a stage that needs packages is not built as root")
    found.edits += place_below(found.ctx, stage, f"RUN {found.apk} {' '.join(names)}")


def _run(
    found: Translation, run: RunFacts, have: set[str], accounts: dict[CallFacts, str], hosts: list[Invocation]
) -> None:
    if not isinstance(run.node, Run):
        return
    if run.script is None or run.shell is None:
        text = run.node.rest.text
        if run.script is not None or re.search(r"apt|dpkg|useradd|groupadd", text):
            found.reasons.append("a RUN that cannot be read")
        return
    match = FOREIGN.search(run.script.text)
    if match is not None:
        found.reasons.append(f"“{match[0][:40].strip()}” expects Debian or glibc")
    match = BINARY.search(run.script.text)
    if match is not None and "musl" not in match[0]:
        found.reasons.append("a downloaded program may need glibc")
    dropped: list[CallFacts] = []
    for call in run.calls:
        use = find_invocation(call)
        if use is not None and use.tool in DEBIAN_TOOLS:
            if _apt(found, use, have):
                dropped.append(call)
            elif use.verb is Verb.INSTALL:
                hosts.append(use)
        elif call.program == "rm" and any(_of_apt(word.text) for word in call.operands):
            words = [word for word in call.operands if _of_apt(word.text)]
            if len(words) == len(call.operands):
                dropped.append(call)
                continue
            for word in words:
                _remove(found, run, word.start, word.end)
        elif call in accounts:
            edits = found.ctx.edit.replace(run, call.node.start, call.node.end, accounts[call])
            if edits is None:
                found.reasons.append(f"a use of {call.program} is broken into lines")
            found.edits += edits or ()
        elif call.program in ("adduser", "addgroup") and any(
            w.text in ("--group", "--disabled-login", "--quiet", "-q", "--force-badname") for w in call.args
        ):
            found.reasons.append(f"this use of {call.program} is Debian's own")
    _drop(found, run, dropped)


def _of_apt(path: str) -> bool:
    return path.strip("\"'").startswith(APT_FILES)


def _apt(found: Translation, use: Invocation, have: set[str]) -> bool:
    """Translate a call of apt; tell whether it goes away instead."""
    call, run = use.call, use.run
    names = {assign.name for assign in call.node.assigns}
    if call.prefixes or not call.top_level or call.piped or names - {"DEBIAN_FRONTEND", "LC_ALL"}:
        found.reasons.append("apt is called in a way that cannot be translated")
        return False
    idle = use.verb in (Verb.UPDATE, Verb.CLEAN) or use.verb_text in ("autoremove", "autoclean")
    if idle and not use.operands:
        return True
    assert run.script is not None
    head = Span(run.script.offset(call.node.start), run.script.end(use.options_end))
    if use.verb is Verb.UPGRADE:
        found.edits.append(Edit(run.script.span(call.node.start, call.node.end), "apk upgrade --no-cache"))
        return False
    if use.verb is not Verb.INSTALL or not use.packages or use.dynamic or _has_comment(run, head):
        what = "packages that only the build knows" if use.dynamic else f"{use.tool.value} {use.verb_text}"
        found.reasons.append(f"{what} cannot be translated")
        return False
    new: list[tuple[int, int, str]] = []
    seen: set[str] = set()
    for package in use.packages:
        record = apk_names(package.name) if package.name is not None else None
        fits = package.version is None and package.text == package.name and record is not None
        if record is None or not fits or not _fits(found, package.name or "", record):
            found.reasons.append(f"no Alpine package is known for {package.text}")
            return False
        kept = [name for name in record.packages if name not in seen]
        seen.update(kept)
        new.append((package.start, package.end, " ".join(kept)))
    have.update(seen)
    if not seen:
        return True
    found.edits.append(Edit(head, found.apk))
    for start, end, text in new:
        if text:
            found.edits.append(Edit(run.script.span(start, end), text))
        else:
            _remove(found, run, start, end)
    for option in use.options:
        if option.start >= use.options_end:
            _remove(found, run, option.start, option.end)
    return False


def _fits(found: Translation, deb: str, record: ApkNames) -> bool:
    """Tell whether the record holds for the image, or nothing is needed at all."""
    if not record.packages:
        return deb in NOT_NEEDED
    return deb in ("g++", "postgresql-client") or _is_named(found, record.evidence)


def _is_named(found: Translation, evidence: tuple[str, ...]) -> bool:
    """Tell whether the name was seen in an Alpine of the image's time."""
    return "aports2017" in evidence if found.old else bool(set(evidence) - {"aports2017"})


def _remove(found: Translation, run: RunFacts, start: int, end: int) -> None:
    edits = found.ctx.edit.remove_words(run, start, end)
    if edits is None:
        found.reasons.append("a comment stands in the way")
    else:
        found.edits += edits


def _has_comment(run: RunFacts, span: Span) -> bool:
    return any(span.start <= comment.span.start < span.end for comment in run.node.comments)


def _drop(found: Translation, run: RunFacts, dropped: list[CallFacts]) -> None:
    """Take commands away that have nothing to do on Alpine."""
    chains: dict[int, tuple[AndOr, CallFacts]] = {}
    gone = {id(call.pipeline) for call in dropped}
    for call in dropped:
        if not call.top_level or call.piped or any(op != "&&" for op, _, _ in call.and_or.operators):
            found.reasons.append("apt is called in a way that cannot be translated")
            return
        chains[id(call.and_or)] = (call.and_or, call)
    script, shell = run.script, run.shell
    assert script is not None
    assert shell is not None
    for chain, call in chains.values():
        flags = [id(pipeline) in gone for pipeline in chain.pipelines]
        if all(flags):
            statements = shell.body.statements
            edits = None
            if len(statements) > 1:
                edits = found.ctx.edit.remove_statement(run, shell.body, statements.index(call.statement))
            elif not run.onbuild and not run.node.heredocs:
                edits = found.ctx.edit.remove_instruction(run.node)
            if edits is None:
                found.reasons.append("a command for apt alone cannot be taken away")
                return
            found.edits += edits
            continue
        index = 0
        while index < len(flags):
            last = index
            while last + 1 < len(flags) and flags[index] and flags[last + 1]:
                last += 1
            if flags[index]:
                if index == 0:
                    span = Span(
                        script.offset(chain.pipelines[0].start),
                        script.offset(chain.pipelines[last + 1].start),
                    )
                else:
                    span = Span(
                        script.end(chain.pipelines[index - 1].end), script.end(chain.pipelines[last].end)
                    )
                if _has_comment(run, span):
                    found.reasons.append("a comment stands in the way")
                    return
                found.edits.append(Edit(span, ""))
            index = last + 1


def _copy(found: Translation, node: FileInstruction, family: Sequence[Stage]) -> None:
    """Name what is copied from an image that is not Alpine and may be bound to glibc."""
    flag = node.flag("from")
    if flag is None:
        if any(word.text.endswith(".deb") for word in node.sources):
            found.reasons.append("a Debian package is copied")
        return
    value = flag.value or ""
    stages = found.ctx.model.stages
    source = next((s for s in stages if s.name == value.lower() or str(s.index) == value), None)
    image = source.base if source is not None else parse(value)
    if source in family or (image is not None and image.family in ("alpine", "busybox")):
        return
    for word in node.sources:
        name = word.text.rstrip("/*").rpartition("/")[2]
        if name not in PORTABLE and not word.text.endswith(PORTABLE_FILE):
            found.reasons.append(f"{word.text} comes from an image with glibc")
