"""What is known of each pass without importing it. Written by ``docs/generate.py``.

Id, category, phase, after, aliases, since, level, default, repairs, wants. A run over a file
imports only those passes whose ``wants`` occur in it.
"""

# fmt: off
PASSES: tuple[tuple[str, str, int, tuple[str, ...], tuple[str, ...], str, int, bool, bool, tuple[str, ...]], ...] = (
    ("drop-empty-continuations", "correctness", 0, (), ("NoEmptyContinuation", "DD076"), "0.1", 2, True, False, ()),
    ("drop-overridden-instructions", "correctness", 0, (), ("DL4003", "DL4004", "DL3012", "MultipleInstructionsDisallowed"), "0.1", 2, True, False, ("cmd", "entrypoint", "healthcheck")),
    ("fix-instruction-typo", "correctness", 0, (), ("DL3061", "unknown-instruction"), "0.1", 1, True, True, ()),
    ("fix-key-value-format", "correctness", 0, (), ("LegacyKeyValueFormat",), "0.1", 2, True, False, ("env", "label")),
    ("replace-add-with-copy", "correctness", 0, (), ("DL3020", "DD007", "addUsedInsteadOfCopy"), "0.1", 2, True, False, ("add",)),
    ("replace-maintainer", "correctness", 0, (), ("DL4000", "MaintainerDeprecated", "DD017"), "0.1", 2, True, False, ("maintainer",)),
    ("report-ignored-copies", "correctness", 0, (), ("CopyIgnoredFile",), "0.1", 0, True, False, ("copy", "add")),
    ("use-alpine-base", "base", 1, (), ("DD018",), "0.1", 1, False, False, ("python", "node", "ruby", "php", "golang", "rust", "openjdk", "temurin", "nginx", "httpd", "maven", "gradle", "elixir", "erlang", "corretto", "haproxy", "memcached", "tomcat")),
    ("use-slim-base", "base", 1, ("use-alpine-base",), ("DD018",), "0.1", 2, True, False, ("python", "node", "ruby", "debian", "openjdk", "perl", "rust", "elixir", "erlang", "maven", "tomcat", "pypy", "gradle", "haskell", "iojs", "temurin")),
    ("add-pip-no-cache-dir", "size", 2, (), ("DL3042", "DD009", "pipUseNoCacheDir"), "0.1", 2, True, False, ("pip", "poetry", "uv ")),
    ("clean-apk-cache", "size", 2, (), ("DL3019", "DD025", "apkAddUseNoCache"), "0.1", 2, True, False, ("apk",)),
    ("replace-apt-with-apt-get", "correctness", 2, (), ("DL3027", "DD024", "aptUseAptGet"), "0.1", 2, True, False, ("apt",)),
    ("add-assume-yes", "correctness", 2, ("replace-apt-with-apt-get",), ("DL3014", "DL3030", "DL3034", "DL3038", "DD023", "aptGetInstallUseYes", "yumInstallForceYes"), "0.1", 2, True, False, ("install", "remove", "upgrade", "update", "purge", "create", "apt", "erase")),
    ("add-no-install-recommends", "size", 2, ("replace-apt-with-apt-get", "add-assume-yes"), ("DL3015", "DD003", "aptGetInstallUseNoRec"), "0.1", 1, True, False, ("apt",)),
    ("join-apt-update-install", "cache", 2, ("replace-apt-with-apt-get",), ("DD002", "DL3009", "aptGetUpdatePrecedesInstall"), "0.1", 2, True, False, ("update",)),
    ("copy-manifests-first", "cache", 2, ("join-apt-update-install", "replace-apt-with-apt-get"), ("DD006",), "0.1", 2, True, False, ("install", "npm", "yarn", "pnpm", "go mod", "restore", "deps.get", "go-offline", " sync", "gradle")),
    ("create-users-first", "size", 2, ("copy-manifests-first",), (), "0.1", 2, True, False, ("useradd", "adduser")),
    ("use-npm-ci", "correctness", 2, (), ("DD010",), "0.1", 1, True, False, ("npm",)),
    ("merge-runs", "size", 3, (), ("DL3059", "DD005", "moreThanOneInstall"), "0.1", 2, True, False, ("run",)),
    ("clean-apt-lists", "size", 3, ("merge-runs",), ("DL3009", "DD004", "aptGetInstallThenRemoveAptLists"), "0.1", 2, True, False, ("apt",)),
    ("clean-conda-cache", "size", 3, ("merge-runs",), (), "0.1", 2, True, False, ("conda", "mamba")),
    ("clean-node-cache", "size", 3, ("merge-runs",), ("DL3060", "npmCacheCleanAfterInstall", "yarnCacheCleanAfterInstall"), "0.1", 2, True, False, ("npm", "yarn")),
    ("clean-rpm-cache", "size", 3, ("merge-runs",), ("DL3032", "DL3036", "DL3040", "DD031", "DD033", "DD034", "yumInstallRmVarCacheYum"), "0.1", 2, True, False, ("yum", "dnf", "zypper")),
    ("join-apt-installs", "size", 3, ("merge-runs",), (), "0.1", 1, True, False, ("install",)),
    ("use-copy-chown", "size", 3, ("merge-runs",), ("DH010",), "0.1", 2, True, False, ("chown",)),
    ("create-dockerignore", "cache", 4, (), ("missing-dockerignore",), "0.1", 1, True, False, ("copy", "add")),
    ("fix-dockerignore-patterns", "cache", 4, ("create-dockerignore",), (), "0.1", 1, True, False, ("copy", "add")),
)
