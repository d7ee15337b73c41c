"""Copy local files with COPY instead of ADD.

ADD does more than it says: it downloads addresses, clones repositories and unpacks a local
tar archive wherever it meets one. Where none of that is meant, COPY does the same and tells
the reader so; Docker's own guide recommends it for everything that is only copied.

Before:
    FROM python:3.12-slim
    ADD requirements.txt setup.cfg /app/
    ADD https://example.org/data.csv /data/
    ADD vendor.tar.gz /opt/

After:
    FROM python:3.12-slim
    COPY requirements.txt setup.cfg /app/
    ADD https://example.org/data.csv /data/
    ADD vendor.tar.gz /opt/

Safety:
    Safe when every source is local and its name says what it is: a directory, a here-document,
    or a file whose extension is that of no archive (``.sh``, ``.json``, ``Gemfile``, …). ADD
    goes by a file's content, so a name that says nothing (``ADD run /etc/service/run``) makes
    the fix unsafe. Addresses, repositories, archives, patterns that may match an archive, names
    that begin with a variable, and options that COPY does not have are left alone.

References:
    - https://docs.docker.com/build/building/best-practices/#add-or-copy
    - https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives
"""

from collections.abc import Iterator

from dockeropt.rewrite import Applicability, Category, Context, Effect, Evidence, Finding, Phase, rewrite
from dockeropt.syntax.nodes import Add, Onbuild
from dockeropt.text import Edit

COMMON_FLAGS = frozenset({"chown", "chmod", "link", "exclude"})
"""Options that COPY takes as well, with the same meaning."""

ARCHIVES = frozenset(
    (
        "tar tgz tbz tbz2 tb2 taz tlz txz tzst tz gz gzip bz2 bzip2 xz zst zstd lz lz4 lzma z"
        " apk gem crate ova box oci"
    ).split()
)
"""Extensions of tar archives and of what may be a compressed one (``.apk`` and ``.gem`` are tar)."""

PLAIN = frozenset(
    (
        "asc aug awk bash bat bats c cc cer cert cf cfg clj cmake cmd cnf coffee conf config cpp crt cron"
        " cs csproj css csv csr ctmpl cxx deb default defaults desktop diff dockerfile ear egg el ejs ejson env"
        " erb erl example ex exs exp expect fish go gemspec gitconfig gradle graphql groovy h hcl hbs hpp"
        " hs htm html htpasswd ico inc in ini init initd ipynb j2 jade jar java jinja jinja2 jks jpeg jpg js"
        " json json5 jsx key keystore kt kts ldif less list local lock lua m4 mak mako md mjs mod"
        " mustache nix npmrc omod ora p12 patch pem pfx php pip pl plist pm png po pp prf properties"
        " proto ps1 pub pug py pyx r rake rb repo req rmd rpm rs rst ru rules sass sbt scala scss sed"
        " service sh sln smarty socket so sql svg swift target tcl template thrift timer tmpl toml tpl"
        " ts tsx ttf txt types vcl vim vue war wav webp whl woff woff2 wsgi xml xsd xsl xslt yaml yml zip"
        " zsh"
    ).split()
)
"""Extensions of files that ADD copies as they are: texts, keys, media, and archives that are no tar."""

NAMES = frozenset(
    (
        "authorized_keys brewfile caddyfile changelog cname config.ru copying crontab docker-entrypoint"
        " dockerfile entrypoint gemfile gnumakefile go.mod go.sum gradlew gruntfile gulpfile id_dsa id_ed25519 id_rsa"
        " jenkinsfile justfile known_hosts licence license makefile manifest mvnw notice pipfile"
        " podfile procfile profile rakefile readme requirements ssh_config sshd_config sudoers vagrantfile"
        " version"
    ).split()
)
"""Names of well-known files without an extension."""

DIRECTORIES = frozenset(
    (
        ".bundle .circleci .config .github .m2 .mvn .ssh .vscode api app apps assets backend bin client"
        " cmd common components conf conf.d config configs configuration contrib db doc docs env etc examples"
        " extensions fixtures fonts frontend html images include init.d js lib libs locale"
        " locales migrations modules packages pages plugins pkg policies public resources roles scripts server services"
        " sites-available sites-enabled spec sql src static styles templates test tests themes tools util utils"
        " vendor views web webapp www"
    ).split()
)
"""Names that directories have by convention."""


@rewrite(
    category=Category.CORRECTNESS,
    phase=Phase.REPAIR,
    aliases=("DL3020", "DD007", "addUsedInsteadOfCopy"),
    wants=("add",),
)
def replace_add_with_copy(ctx: Context) -> Iterator[Finding]:
    """Turn an ADD that only copies into a COPY."""
    for outer in ctx.tree.instructions:
        node = outer.inner if isinstance(outer, Onbuild) else outer
        if not isinstance(node, Add) or any(flag.name not in COMMON_FLAGS for flag in node.flags):
            continue
        sources = [_unquoted(word.text) for word in node.sources]
        levels = [_level(source) for source in sources]
        level = min(levels)
        if level is Applicability.SUGGESTION:
            continue
        written = node.keyword.of(ctx.source.text)
        edit = Edit(node.keyword, "copy" if written.islower() else "COPY")
        effects = {Effect.CONFIG} if outer is not node else {Effect.LAYERS}
        if level is Applicability.SAFE:
            names = ", ".join(dict.fromkeys(sources))
            claim = (
                f"{names}: local, and no tar archive by {'its name' if len(sources) == 1 else 'their names'}"
            )
            because = Evidence(claim, "Dockerfile reference, ADD")
            fix = ctx.safe("Use COPY", edit, because, effects)
            message = "ADD is used for files that are only copied"
        else:
            unclear = ", ".join(
                dict.fromkeys(s for s, one in zip(sources, levels, strict=True) if one is level)
            )
            message = f"ADD is used where COPY would do unless {unclear} is a tar archive"
            fix = ctx.unsafe("Use COPY", edit, effects={*effects, Effect.FILES})
        yield Finding(message, node.keyword, fix)


def _level(source: str) -> Applicability:
    """Return how sure it is that ADD only copies ``source``; SUGGESTION means leave it alone."""
    if source.startswith("<<"):
        return Applicability.SAFE
    if "://" in source or source.startswith("git@") or source.endswith(".git"):
        return Applicability.SUGGESTION
    start, dollar, _ = source.partition("$")
    if dollar and "/" not in start:
        return Applicability.SUGGESTION  # the value may be an address
    name = source.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
    if source.endswith(("/", "\\")) or name in ("", ".", ".."):
        return Applicability.SAFE if not dollar else Applicability.UNSAFE
    stem, dot, extension = name.rpartition(".")
    if extension in ARCHIVES or ".tar" in name:
        return Applicability.SUGGESTION
    known = bool(dot) and extension in PLAIN
    if any(char in name for char in "*?[") and not (known and extension.isalnum()):
        return Applicability.SUGGESTION
    if known or (not stem and extension.endswith(("rc", "ignore", "config", "profile", "env"))):
        return Applicability.SAFE
    named = name in NAMES or name in DIRECTORIES or name.partition(".")[0].partition("-")[0] == "dockerfile"
    return Applicability.SAFE if named else Applicability.UNSAFE


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text
