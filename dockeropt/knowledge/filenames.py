"""What the name of a file or directory says about it.

Invariant: a name is only said to be something when it plainly is; all others are unknown.
Written from general knowledge of file formats; GNU tar's manual for the archive suffixes.
"""

from enum import Enum


class Kind(Enum):
    """Say what a path of the build context is, as far as its name tells.

    DIRECTORY; FILE, which is no archive; ARCHIVE, or a file that may be a compressed one; or
    UNKNOWN.
    """

    DIRECTORY = "directory"
    FILE = "file"
    ARCHIVE = "archive"
    UNKNOWN = "unknown"


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


def kind_of(path: str) -> Kind:
    """Return what the last name of ``path`` says; a pattern counts if all it matches is alike.

    >>> kind_of("conf/nginx.conf").value, kind_of("vendor.tar.gz").value, kind_of("run").value
    ('file', 'archive', 'unknown')
    """
    name = path.replace("\\", "/").rstrip("/").rpartition("/")[2].lower()
    if path.endswith(("/", "\\")) or name in ("", ".", ".."):
        return Kind.DIRECTORY
    stem, dot, extension = name.rpartition(".")
    if extension in ARCHIVES or ".tar" in name:
        return Kind.ARCHIVE
    known = bool(dot) and extension in PLAIN
    if any(char in name for char in "*?["):
        return Kind.FILE if known else Kind.UNKNOWN
    if name in DIRECTORIES:
        return Kind.DIRECTORY
    if (
        known
        or name in NAMES
        or (not stem and extension.endswith(("rc", "ignore", "config", "profile", "env")))
    ):
        return Kind.FILE
    return Kind.FILE if name.partition(".")[0].partition("-")[0] == "dockerfile" else Kind.UNKNOWN
