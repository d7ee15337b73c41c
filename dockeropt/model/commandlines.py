"""How the command lines of package managers are read: verbs and options with values.

Invariant: plain data, read when a tool is first met. The facts are from the tools' own manuals
(``man apt-get``, ``apk --help``, ``dnf --help``, ``pip install --help``, …).
"""

from functools import cache
from typing import NamedTuple

from dockeropt.model.tools import Tool, Verb


class Spec(NamedTuple):
    """Hold how a tool's command line is read.

    Args:
        verbs: Verb words, two-word verbs with a blank between, to what they are for.
        values: Options that take the next word, after the verb.
        global_values: The same before the verb.
        default: What a call without any verb is for.
        prefixes: First words of two-word verbs.
        clusters: Whether one dash may carry several letters (``-qqy``).
        packages: Verb words whose operands are packages; empty: every INSTALL and REMOVE,
            and UPGRADE.
        traits: Words for what else is special (``booleans``: an option may be followed by
            ``true``; ``conda``: ``-f`` takes a file with ``env``).
    """

    verbs: dict[str, Verb]
    values: frozenset[str]
    global_values: frozenset[str]
    default: Verb
    prefixes: frozenset[str]
    clusters: bool
    packages: frozenset[str]
    traits: str


_APT_VALUES = """
    -o --option -c --config-file -t --target-release --default-release -a --host-architecture -P
    --build-profiles
"""
_APT_VERBS = """
    install=I update=U upgrade=G dist-upgrade=G full-upgrade=G safe-upgrade=G remove=R purge=R
    autoremove=R auto-remove=R autopurge=R clean=C autoclean=C auto-clean=C distclean=C dist-clean=C
    reinstall=I build-dep=I satisfy=I dselect-upgrade=G
"""
_DNF_VALUES = """
    -c --config -d --debuglevel -e --errorlevel -R --randomwait -x --exclude --excludepkgs --installroot
    --enablerepo --disablerepo --repo --repoid --releasever --setopt --disableplugin --enableplugin
    --color --rpmverbosity --advisory --bz --cve --sec-severity --forcearch --comment --downloaddir
    --destdir --cacheorder --from-repo --rpmdefine
"""
_DNF_VERBS = """
    install=I localinstall=I groupinstall=I reinstall=I downgrade=I makecache=U check-update=U
    check-upgrade=U update=G upgrade=G update-minimal=G upgrade-minimal=G update-to=G upgrade-to=G
    distro-sync=G distribution-synchronization=G groupupdate=G remove=R erase=R autoremove=R
    groupremove=R clean=C builddep=I swap=I group_install=I group_remove=R group_update=G
    group_upgrade=G groups_install=I module_install=I module_remove=R
"""
_CONDA_VALUES = """
    -n --name -p --prefix -c --channel --file --solver --experimental-solver --revision --repodata-fn
    --subdir --platform -r --root-prefix --rc-file --env-file --clone --cache-ttl --relocate-prefix
"""
_CONDA_VERBS = """
    install=I create=I env_create=I env_update=I update=G upgrade=G remove=R uninstall=R env_remove=R
    clean=C self-update=G
"""

# tool: verbs, values after the verb, values before it ("=": the same), other traits
_SPECS: dict[Tool, tuple[str, str, str, str]] = {
    Tool.APT_GET: (_APT_VERBS, _APT_VALUES, "=", ""),
    Tool.APT: (_APT_VERBS, _APT_VALUES, "=", ""),
    Tool.APTITUDE: (
        """
        install=I update=U upgrade=G dist-upgrade=G full-upgrade=G safe-upgrade=G remove=R purge=R
        autoremove=R auto-remove=R autopurge=R clean=C autoclean=C auto-clean=C distclean=C dist-clean=C
        reinstall=I build-dep=I satisfy=I dselect-upgrade=G forget-new=O
        """,
        "-o -t --target-release --default-release -w -s -F -O -S",
        "=",
        "",
    ),
    Tool.APK: (
        """
        add=I del=R update=U upgrade=G fix=I cache_clean=C cache_purge=C cache_sync=U cache_download=U
        """,
        """
        -p --root -X --repository -t --virtual --arch --cache-dir --cache-max-age --keys-dir
        --repositories-file --wait --progress-fd --timeout
        """,
        "=",
        "",
    ),
    Tool.YUM: (_DNF_VERBS, _DNF_VALUES, "=", ""),
    Tool.DNF: (_DNF_VERBS, _DNF_VALUES, "=", ""),
    Tool.MICRODNF: (_DNF_VERBS, _DNF_VALUES, "=", ""),
    Tool.TDNF: (_DNF_VERBS, _DNF_VALUES, "=", ""),
    Tool.ZYPPER: (
        """
        install=I in=I source-install=I si=I install-new-recommends=I inr=I refresh=U ref=U update=G
        up=G dist-upgrade=G dup=G patch=G remove=R rm=R clean=C cc=C verify=O
        """,
        "-t --type -r --repo --from --download --plus-content",
        """
        -c --config -R --root -D --reposd-dir -C --cache-dir --raw-cache-dir --solv-cache-dir
        --pkg-cache-dir -p --plus-repo --plus-content --userdata --installroot
        """,
        "",
    ),
    Tool.PACMAN: (
        "",
        """
        -r --root -b --dbpath --cachedir --config --arch --color --ignore --ignoregroup --overwrite
        --assume-installed --hookdir --gpgdir --logfile --print-format --sysroot
        """,
        "=",
        "",
    ),
    Tool.PIP: (
        "install=I uninstall=R download=O wheel=O cache_purge=C cache_remove=C",
        """
        -r --requirement -c --constraint -e --editable -t --target --prefix --root --src -i --index-url
        --pypi-url --extra-index-url -f --find-links --trusted-host --proxy --timeout --default-timeout
        --retries --cache-dir --log --log-file --cert --client-cert --platform --python-version
        --implementation --abi --upgrade-strategy --global-option --install-option --build-option
        --config-settings --config-setting -C --no-binary --only-binary --progress-bar --exists-action
        --use-feature --use-deprecated --report --group --python --keyring-provider -d --dest --download
        -w --wheel-dir -b --build --build-directory --requirements-from-script
        """,
        "=",
        "",
    ),
    Tool.PIPX: (
        """
        install=I inject=I install-all=I upgrade=G upgrade-all=G uninstall=R uninstall-all=R reinstall=I
        """,
        "--python --pip-args -i --index-url --spec --suffix --backend --with-suffix",
        "=",
        "",
    ),
    Tool.PIPENV: (
        "install=I sync=I update=G upgrade=G uninstall=R clean=R lock=O",
        """
        -r --requirements -i --index --python --pypi-mirror --categories --extra-pip-args -e --editable
        --extra-index-url
        """,
        "--python --pypi-mirror",
        "",
    ),
    Tool.POETRY: (
        """
        install=I add=I sync=I self_add=I self_install=I update=G self_update=G remove=R cache_clear=C
        """,
        """
        --with --without --only -E --extras -C --directory -P --project -G --group --source --python
        --platform
        """,
        "-C --directory -P --project",
        "",
    ),
    Tool.UV: (
        """
        pip_install=I pip_sync=I sync=I add=I tool_install=I python_install=O pip_uninstall=R remove=R
        tool_uninstall=R tool_upgrade=G cache_clean=C cache_prune=C pip_compile=O pip_list=O
        pip_freeze=O
        """,
        """
        -p --python -i --index-url --extra-index-url --index --default-index -f --find-links --cache-dir
        -r --requirement --requirements -c --constraint --constraints -e --editable --override
        --overrides -t --target --prefix --extra --no-extra --group --no-group --only-group --package
        --project --directory --config-file --link-mode --resolution --prerelease --python-platform
        --python-version --exclude-newer --no-binary-package --no-build-package --no-binary
        --only-binary -C --config-setting --config-settings --refresh-package -P --upgrade-package
        --reinstall-package --torch-backend --keyring-provider --index-strategy --trusted-host
        --allow-insecure-host --color -b --build-constraint --build-constraints --env-file -w --with
        --from --no-install-package --fork-strategy --optional --rev --tag --branch --script
        --with-requirements --with-editable --no-build-isolation-package --no-emit-package
        """,
        """
        --project --directory --config-file --cache-dir --color --allow-insecure-host -p --python
        """,
        "",
    ),
    Tool.CONDA: (_CONDA_VERBS, _CONDA_VALUES, "=", "conda"),
    Tool.MAMBA: (_CONDA_VERBS, _CONDA_VALUES, "=", "conda"),
    Tool.MICROMAMBA: (_CONDA_VERBS, _CONDA_VALUES, "=", "conda"),
    Tool.NPM: (
        """
        install=I i=I in=I ins=I inst=I insta=I instal=I isnt=I isnta=I isntal=I isntall=I add=I ci=I
        clean-install=I ic=I install-clean=I isntall-clean=I install-test=I it=I install-ci-test=I cit=I
        sit=I link=I ln=I uninstall=R unlink=R remove=R rm=R r=R un=R update=G up=G upgrade=G udpate=G
        cache_clean=C cache_clear=C cache_rm=C cache_verify=O cache_ls=O cache_add=O
        """,
        """
        -C --prefix --registry --cache --userconfig --globalconfig --loglevel -w --workspace --omit
        --include --only --also --tag --save-prefix --proxy --https-proxy --noproxy --cafile
        --fetch-retries --fetch-timeout --fetch-retry-mintimeout --fetch-retry-maxtimeout
        --fetch-retry-factor --maxsockets --install-strategy --script-shell --node-options --python
        --before --cpu --os --libc
        """,
        "=",
        "booleans",
    ),
    Tool.YARN: (
        """
        install=I add=I global_add=I global_install=I workspaces_focus=I upgrade=G up=G global_upgrade=G
        upgrade-interactive=G remove=R global_remove=R cache_clean=C cache_clear=C cache_dir=O
        cache_list=O
        """,
        """
        --cwd --modules-folder --cache-folder --registry --network-timeout --mutex --network-concurrency
        --prefix --global-folder --link-folder --preferred-cache-folder --use-yarnrc --proxy
        --https-proxy --otp --mode --child-concurrency
        """,
        "=",
        "default=I",
    ),
    Tool.PNPM: (
        """
        install=I i=I add=I fetch=I ci=I install-test=I it=I deploy=I update=G up=G upgrade=G remove=R
        rm=R uninstall=R un=R store_prune=C cache_delete=C store_path=O store_add=O
        """,
        """
        -C --dir -F --filter --filter-prod --store-dir --virtual-store-dir --registry --loglevel
        --reporter --workspace-concurrency --network-concurrency --prefix --modules-dir --global-dir
        --global-bin-dir --lockfile-dir --child-concurrency --node-linker --package-import-method
        --prefer --cafile
        """,
        "=",
        "",
    ),
    Tool.GEM: (
        "install=I i=I update=G uninstall=R cleanup=C clean=C",
        """
        -v --version -i --install-dir -n --bindir -s --source -P --trust-policy --build-root -g --file
        --platform -B --bulk-threshold --config-file --default --http-proxy -p --minimal-deps-file
        """,
        "--config-file",
        "",
    ),
    Tool.BUNDLE: (
        "install=I add=I update=G remove=R clean=C config=O",
        """
        -j --jobs --path --without --with --gemfile --retry --shebang --trust-policy --group --source -v
        --version --binstubs --target-rbconfig
        """,
        "=",
        "default=I packages=add,update,remove",
    ),
    Tool.COMPOSER: (
        """
        install=I i=I require=I req=I r=I create-project=I update=G u=G upgrade=G remove=R rm=R
        uninstall=R clear-cache=C clearcache=C cc=C global_require=I global_install=I global_update=G
        global_remove=R global_req=I global_clear-cache=C
        global_clearcache=C global_cc=C
        """,
        """
        -d --working-dir --repository --repository-url --add-repository -s --stability --prefer-install
        --ignore-platform-req --apcu-autoloader-prefix --minimal-changes-for --audit-format
        """,
        "-d --working-dir",
        "packages=require,req,r,global require,global req,create-project,update,u,upgrade,remove,rm,uninstall",
    ),
    Tool.GO: (
        """
        get=I install=I mod_download=I mod_tidy=O mod_vendor=O mod_verify=O mod_init=O mod_edit=O
        work_sync=O clean=C
        """,
        """
        -o -ldflags -tags -mod -gcflags -asmflags -p -C -modfile -pkgdir -toolexec -buildmode -compiler
        -installsuffix -overlay -pgo -coverprofile -run -timeout -covermode -coverpkg -gccgoflags
        """,
        "-C",
        "long packages=get,install,mod download",
    ),
    Tool.CARGO: (
        "install=I binstall=I add=I fetch=I update=U uninstall=R remove=R rm=R cache=C",
        """
        --version --vers --git --branch --tag --rev --path --root --index --registry --bin --example
        --test --features -F --target --target-dir --artifact-dir --profile -j --jobs --manifest-path -p
        --package --color --config -Z -C --lockfile-path --message-format --precise --rename --exclude
        """,
        "--color --config -Z -C",
        "packages=install,binstall,add,uninstall,remove,rm",
    ),
    Tool.MAVEN: (
        """
        dependency:go-offline=I dependency:resolve=I dependency:resolve-plugins=I dependency:get=I
        dependency:copy-dependencies=I dependency:purge-local-repository=C
        """,
        """
        -f --file -s --settings -gs --global-settings -pl --projects -P --activate-profiles -D --define
        -t --toolchains -l --log-file -T --threads -rf --resume-from -b --builder --color -gt
        --global-toolchains
        """,
        "=",
        "long packages=-",
    ),
    Tool.GRADLE: (
        "dependencies=O",
        """
        -p --project-dir -b --build-file -c --settings-file -x --exclude-task -g --gradle-user-home -I
        --init-script -P --project-prop -D --system-prop --console --max-workers --warning-mode
        --project-cache-dir
        """,
        "=",
        "long packages=-",
    ),
}

_LETTERS = {
    "I": Verb.INSTALL,
    "U": Verb.UPDATE,
    "G": Verb.UPGRADE,
    "R": Verb.REMOVE,
    "C": Verb.CLEAN,
    "O": Verb.OTHER,
}


@cache
def spec_of(tool: Tool) -> Spec:
    """Return how the command line of ``tool`` is read."""
    verbs_text, values, global_values, traits = _SPECS[tool]
    verbs: dict[str, Verb] = {}
    for item in verbs_text.split():
        name, _, letter = item.rpartition("=")
        verbs[name.replace("_", " ")] = _LETTERS[letter]
    packages = traits.partition("packages=")[2]
    taking = frozenset(values.split())
    return Spec(
        verbs=verbs,
        values=taking,
        global_values=taking if global_values == "=" else frozenset(global_values.split()),
        default=Verb.INSTALL if "default=I" in traits else Verb.OTHER,
        prefixes=frozenset(name.partition(" ")[0] for name in verbs if " " in name),
        clusters="long" not in traits,
        packages=frozenset(packages.split(",")) if packages else frozenset(),
        traits=traits,
    )
