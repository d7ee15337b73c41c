"""Every difference between two images is found, and put down to what it comes from."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockeropt.measure.compare import TWO_BUILDS, compare
from dockeropt.measure.records import Difference
from dockeropt.measure.tree import Node, Tree
from dockeropt.rewrite.fix import Effect
from tests.measure.images import PLAIN, Entry, Files, folder, link, tree, vim

ALL = frozenset(Effect)
PACKAGES = frozenset({Effect.PACKAGES})
BASE = frozenset({Effect.BASE})


def found(before: Files, after: Files, **more: object) -> dict[tuple[str, str], Difference]:
    result = compare(tree(before), tree(after), **more)  # type: ignore[arg-type]
    return {(one.path, one.what): one for one in result.differences}


def kinds(before: Files, after: Files, **more: object) -> dict[tuple[str, str], str]:
    return {key: one.kind for key, one in found(before, after, **more).items()}


@pytest.mark.parametrize(
    ("old", "new", "whats"),
    [
        (None, "x", {"added"}),
        ("x", None, {"removed"}),
        ("x", "y", {"content"}),
        (Entry(mode=0o644), Entry(mode=0o600), {"mode"}),
        (Entry(mode=0o4755), Entry(mode=0o755), {"mode"}),
        (folder(0o1777), folder(0o777), {"mode"}),
        (Entry(uid=1), Entry(uid=2), {"owner"}),
        (Entry(gid=1), Entry(gid=2), {"owner"}),
        (folder(uid=1), folder(uid=2), {"owner"}),
        (link("a", uid=1), link("a", uid=2), {"owner"}),
        (link("a"), link("b"), {"content"}),
        (link("a"), "x", {"type"}),
        (folder(), "x", {"type", "mode"}),
        (Entry(b"x", 0o644, 1), Entry(b"y", 0o755, 2), {"mode", "owner", "content"}),
        (Entry(pax={"SCHILY.xattr.security.capability": "c"}), Entry(), {"mode"}),
    ],
)
def test_every_way_to_differ(old: Entry | None, new: Entry | None, whats: set[str]) -> None:
    before = {"/same": "x"} | ({"/p": old} if old is not None else {})
    after = {"/same": "x"} | ({"/p": new} if new is not None else {})
    result = compare(tree(before), tree(after))
    assert {(one.path, one.what, one.kind) for one in result.differences} == {
        ("/p", what, "unexpected") for what in whats
    }
    assert result.identical == 1


def test_what_is_told_of_a_difference() -> None:
    one = found({"/p": Entry(b"four", 0o600, 1)}, {"/p": Entry(b"eleven", 0o644, 2)})
    assert one["/p", "content"][4:] == ("0600 1:0 4", "0644 2:0 6", 2)
    assert one["/p", "owner"].size == one["/p", "mode"].size == 0
    assert found({"/p": "four"}, {})["/p", "removed"][4:] == ("0644 0:0 4", "", -4)
    assert found({}, {"/p": link("/x")})["/p", "added"][4:] == ("", "0777 0:0 link to /x", 0)


# --- two builds of the original ---------------------------------------------------------


def test_what_two_builds_of_the_original_do_is_noise() -> None:
    before: Files = {"/stamp": "1", "/gone": "x", "/mode": Entry(mode=0o600), "/real": "x"}
    control: Files = {"/stamp": "2", "/come": "x", "/mode": Entry(mode=0o640), "/real": "x"}
    after: Files = {"/stamp": "3", "/come": "x", "/mode": Entry(mode=0o644), "/real": "y"}
    result = found(before, after, control=tree(control))
    assert {key: one.kind for key, one in result.items()} == {
        ("/stamp", "content"): "noise",
        ("/gone", "removed"): "noise",
        ("/come", "added"): "noise",
        ("/mode", "mode"): "noise",
        ("/real", "content"): "unexpected",
    }
    assert result["/stamp", "content"].why == TWO_BUILDS


def test_another_difference_of_a_noisy_path_is_none() -> None:
    control = tree({"/stamp": "2"})
    assert kinds({"/stamp": "1"}, {"/stamp": Entry(b"3", 0o600)}, control=control) == {
        ("/stamp", "content"): "noise",
        ("/stamp", "mode"): "unexpected",
    }
    assert kinds({"/stamp": "1"}, {}, control=control) == {("/stamp", "removed"): "unexpected"}


def test_names_made_at_random() -> None:
    def build(name: str, mode: int = 0o700) -> Files:
        return {"/tmp": folder(0o1777), f"/tmp/{name}": folder(mode), f"/tmp/{name}/x.js": "x"}

    control = tree(build("tmpbbb"))
    same = kinds(build("tmpaaa"), build("tmpccc"), control=control)
    assert set(same.values()) == {"noise"}
    assert len(same) == 4
    wider = kinds(build("tmpaaa"), build("tmpccc", 0o777), control=control)
    assert wider["/tmp/tmpccc", "added"] == "unexpected"
    other = kinds(build("tmpaaa"), {**build("tmpccc"), "/tmp/tmpccc/more": "x"}, control=control)
    assert other["/tmp/tmpccc/more", "added"] == "unexpected"


# --- known noise and caches -------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/var/log/dpkg.log",
        "/var/log/apt/history.log",
        "/var/lib/dpkg/status",
        "/var/lib/apt/extended_states",
        "/var/cache/ldconfig/aux-cache",
        "/etc/machine-id",
        "/usr/lib/python3/__pycache__/x.cpython-311.pyc",
    ],
)
def test_known_noise_is_in_contents_only(path: str) -> None:
    assert kinds({path: "1"}, {path: "2"}) == {(path, "content"): "noise"}
    for what, after in {
        "mode": {path: Entry(b"1", 0o600)},
        "owner": {path: Entry(b"1", uid=7)},
        "removed": {},
    }.items():
        assert kinds({path: "1"}, after, effects=ALL - {Effect.PACKAGES, Effect.BASE}) == {
            (path, what): "unexpected"
        }


@pytest.mark.parametrize(
    "path",
    [
        "/var/lib/apt/lists/deb.debian.org_dists",
        "/var/cache/apt/pkgcache.bin",
        "/var/cache/apk/APKINDEX.tar.gz",
        "/var/cache/dnf/x/repodata",
        "/root/.cache/pip/http/a",
        "/home/node/.npm/_cacache/x",
        "/root/.npm/_logs/x.log",
        "/srv/app/.cache/pip/http/a",
        "/usr/local/share/.cache/yarn/v6/x",
        "/go/pkg/mod/cache/x",
        "/root/.cargo/registry/x",
    ],
)
def test_caches_may_come_go_and_differ_for_every_fix(path: str) -> None:
    users = {"/etc/passwd": "app:x:1000:1000::/srv/app:/bin/sh\n"}
    assert kinds({**users, path: "1"}, users) == {(path, "removed"): "declared"}
    assert kinds(users, {**users, path: "1"}) == {(path, "added"): "declared"}
    assert kinds({**users, path: "1"}, {**users, path: "2"}) == {(path, "content"): "declared"}
    assert kinds({path: "1", **users}, {path: Entry(b"1", 0o600), **users}) == {(path, "mode"): "unexpected"}


def test_byte_code_of_the_modules_that_pip_needs_comes_and_goes_and_no_other() -> None:
    """pip imports other modules of Python with its cache than without, and Python keeps their byte code."""
    python = "/usr/local/lib/python3.11"
    own = ("__pycache__/_strptime", "email/__pycache__/parser", "xml/etree/__pycache__/ElementTree")
    of_pip = ("site-packages/pip/__pycache__/main", "site-packages/pip/_vendor/__pycache__/six")
    for name in own + of_pip:
        path = f"{python}/{name}.cpython-311.pyc"
        assert kinds({path: "1"}, {}) == {(path, "removed"): "declared"}
        assert kinds({}, {path: "1"}) == {(path, "added"): "declared"}
        assert kinds({path: "1"}, {path: "2"}) == {(path, "content"): "noise"}
    for place in (
        f"{python}/site-packages",
        f"{python}/site-packages/flask",
        f"{python}/dist-packages",
        "/app",
    ):
        path = f"{place}/__pycache__/app.cpython-311.pyc"
        assert kinds({path: "1"}, {}) == {(path, "removed"): "unexpected"}
    source = f"{python}/_strptime.py"
    assert kinds({source: "1"}, {}) == {(source, "removed"): "unexpected"}


@pytest.mark.parametrize(
    "path", ["/var/lib/apt/listsx", "/app/.cache/x", "/var/log", "/etc/passwd", "/x.pyc"]
)
def test_what_only_looks_like_it_is_not(path: str) -> None:
    assert kinds({path: "1"}, {path: "2"}) == {(path, "content"): "unexpected"}


def test_a_folder_goes_with_the_caches_that_were_all_it_held() -> None:
    before: Files = {"/go": folder(), "/go/pkg": folder(), "/go/pkg/mod": folder(), "/go/pkg/mod/x": "x"}
    assert set(kinds(before, {}).values()) == {"declared"}
    mixed = kinds({**before, "/go/pkg/own": "x"}, {})
    assert mixed["/go/pkg/own", "removed"] == "unexpected"
    assert mixed["/go/pkg", "removed"] == mixed["/go", "removed"] == "unexpected"
    assert mixed["/go/pkg/mod", "removed"] == "declared"
    assert kinds({"/empty": folder()}, {}) == {("/empty", "removed"): "unexpected"}


# --- packages ---------------------------------------------------------------------------


def test_files_of_a_package_go_with_it() -> None:
    before = vim()
    result = found(before, PLAIN, effects=PACKAGES)
    assert result["/usr/bin/vim.basic", "removed"].why == "package vim"
    assert result["/var/lib/dpkg/info/vim.list", "removed"].kind == "declared"
    assert {one.kind for one in result.values()} <= {"declared", "noise"}
    assert kinds(before, PLAIN)["/usr/bin/vim.basic", "removed"] == "unexpected"


def test_a_file_of_a_package_that_stays_is_not_declared() -> None:
    before, after = vim(), vim()
    del after["/usr/bin/vim.basic"]
    assert kinds(before, after, effects=PACKAGES) == {("/usr/bin/vim.basic", "removed"): "unexpected"}


def test_a_file_beside_a_package_is_not_declared() -> None:
    assert (
        kinds({**vim(), "/usr/bin/own": "x"}, PLAIN, effects=PACKAGES)["/usr/bin/own", "removed"]
        == "unexpected"
    )


def test_another_version_explains_the_mode_of_its_files_not_of_folders() -> None:
    before, after = vim("1"), vim("2")
    after["/usr/bin/vim.basic"] = Entry(b"other", 0o4755)
    after["/usr/bin"] = folder(0o777)
    result = kinds(before, after, effects=PACKAGES)
    assert result["/usr/bin/vim.basic", "mode"] == result["/usr/bin/vim.basic", "content"] == "declared"
    assert result["/usr/bin", "mode"] == "unexpected"


def test_a_path_over_a_linked_folder_is_the_same_path() -> None:
    before = vim(files={"/bin/vim.basic": "x"})
    before["/usr/bin/vim.basic"] = before.pop("/bin/vim.basic")
    before["/bin"] = link("usr/bin")
    after = {**PLAIN, "/bin": link("usr/bin")}
    assert found(before, after, effects=PACKAGES)["/usr/bin/vim.basic", "removed"].why == "package vim"


def test_links_that_lead_to_a_package() -> None:
    before = {
        **vim(),
        "/usr/bin/editor": link("/etc/alternatives/editor"),
        "/etc/alternatives/editor": link("/usr/bin/vim.basic"),
        "/usr/bin/mine": link("../share/mine"),
    }
    result = kinds(before, PLAIN, effects=PACKAGES)
    assert result["/usr/bin/editor", "removed"] == result["/etc/alternatives/editor", "removed"] == "declared"
    assert result["/usr/bin/mine", "removed"] == "unexpected"


def test_indexes_differ_only_where_packages_do() -> None:
    before, after = {**vim(), "/etc/ld.so.cache": "1"}, {**PLAIN, "/etc/ld.so.cache": "2"}
    assert kinds(before, after, effects=PACKAGES)["/etc/ld.so.cache", "content"] == "declared"
    still = {**vim(), "/etc/ld.so.cache": "2"}
    assert kinds(before, still, effects=PACKAGES) == {("/etc/ld.so.cache", "content"): "unexpected"}


def test_accounts_go_with_the_package_that_made_them_and_no_others() -> None:
    users = "root:x:0:0::/root:/bin/sh\n"
    script = {"/var/lib/dpkg/info/vim.postinst": "adduser --system vimuser\n"}
    before = {**vim(), **script, "/etc/passwd": users + "vimuser:x:100:65534::/nonexistent:/bin/false\n"}
    after = {**PLAIN, "/etc/passwd": users}
    key = ("/etc/passwd", "content")
    assert kinds(before, after, effects=PACKAGES)[key] == "declared"
    before["/etc/passwd"] = users + "app:x:100:65534::/nonexistent:/bin/false\n"
    assert kinds(before, after, effects=PACKAGES)[key] == "unexpected"
    both = {**before, "/etc/passwd": users + "vimuser:x:100:65534:::\napp:x:101:101:::\n"}
    assert kinds(both, after, effects=PACKAGES)[key] == "unexpected"


def test_what_the_scripts_of_a_package_make_and_what_ucf_holds_for_it() -> None:
    before = {
        **vim(),
        "/var/lib/dpkg/info/vim.postinst": "mkdir -p /srv/vim\n",
        "/var/lib/ucf/registry": "vim \t /etc/vim.conf\n",
        "/srv/vim": folder(),
        "/srv/vim/own": "x",
        "/etc/vim.conf": "x",
    }
    result = kinds(before, PLAIN, effects=PACKAGES)
    assert result["/srv/vim", "removed"] == result["/etc/vim.conf", "removed"] == "declared"
    assert result["/srv/vim/own", "removed"] == "unexpected"


# --- another base image -----------------------------------------------------------------


def test_what_the_base_images_differ_in_is_declared() -> None:
    old: Files = {"/doc": "x", "/tool": Entry(b"1", 0o755), "/shared": "x"}
    new: Files = {"/tool": Entry(b"2", 0o700), "/shared": "x", "/more": "x"}
    bases = (tree(old), tree(new))
    before, after = {**old, "/app": "1"}, {**new, "/app": "1"}
    result = found(before, after, effects=BASE, bases=bases)
    assert {one.why for one in result.values()} == {"base image"}
    assert set(result) == {("/doc", "removed"), ("/tool", "mode"), ("/tool", "content"), ("/more", "added")}
    assert set(kinds(before, after, bases=bases).values()) == {"unexpected"}
    assert set(kinds(before, after, effects=BASE).values()) == {"unexpected"}


def test_what_the_build_changed_is_not_put_down_to_the_base() -> None:
    bases = (tree({"/tool": "1"}), tree({"/tool": "2"}))
    for before, after in (("1", "3"), ("3", "2"), ("3", "4")):
        key = ("/tool", "content")
        assert kinds({"/tool": before}, {"/tool": after}, effects=BASE, bases=bases) == {key: "unexpected"}
    assert kinds({"/tool": "1"}, {}, effects=BASE, bases=bases) == {("/tool", "removed"): "unexpected"}


def test_accounts_of_the_base_images() -> None:
    root, daemon, app = "root:x:0:0:::\n", "daemon:x:1:1:::\n", "app:x:1000:1000:::\n"
    bases = (tree({"/etc/passwd": root + daemon}), tree({"/etc/passwd": root}))
    before: Files = {"/etc/passwd": root + daemon + app}
    key = ("/etc/passwd", "content")
    assert kinds(before, {"/etc/passwd": root + app}, effects=BASE, bases=bases) == {key: "declared"}
    assert kinds(before, {"/etc/passwd": root}, effects=BASE, bases=bases) == {key: "unexpected"}


def test_documentation_that_dpkg_leaves_out_on_the_other_base() -> None:
    settings = "path-exclude /usr/share/doc/*\npath-include=/usr/share/doc/*/copyright\n"
    slim: Files = {"/etc/dpkg/dpkg.cfg.d/docker": settings}
    bases = (tree({}), tree(slim))
    docs: Files = {"/usr/share/doc/x/NEWS": "x", "/usr/share/doc/x/copyright": "x", "/usr/share/y": "x"}
    result = kinds(docs, slim, effects=BASE, bases=bases)
    assert result["/usr/share/doc/x/NEWS", "removed"] == "declared"
    assert result["/usr/share/doc/x/copyright", "removed"] == "unexpected"
    assert result["/usr/share/y", "removed"] == "unexpected"


# --- files ------------------------------------------------------------------------------


def test_files_cover_the_books_of_node_and_nothing_of_a_project() -> None:
    book, own = "/app/node_modules/.package-lock.json", "/app/index.js"
    files = frozenset({Effect.FILES})
    assert kinds({book: "1", own: "1"}, {book: "2", own: "2"}, effects=files) == {
        (book, "content"): "declared",
        (own, "content"): "unexpected",
    }
    assert kinds({book: "1"}, {book: "2"}) == {(book, "content"): "unexpected"}


# --- laws -------------------------------------------------------------------------------

names = st.sampled_from(["a", "b", "usr", "var", "log", "x.pyc", "lists", "caf\udce9", "a\nb"])
paths = st.lists(names, min_size=1, max_size=4).map(lambda parts: "/" + "/".join(parts))
nodes = st.builds(
    Node,
    st.sampled_from(["file", "folder", "link"]),
    st.sampled_from([0o644, 0o755, 0o4755]),
    st.sampled_from(["0:0", "33:33"]),
    st.integers(0, 9),
    st.sampled_from(["1", "2", "3"]),
)
trees = st.dictionaries(paths, nodes, max_size=12).map(Tree)
effects = st.frozensets(st.sampled_from(Effect))


@given(trees, effects)
def test_a_tree_is_like_itself(one: Tree, some: frozenset[Effect]) -> None:
    assert compare(one, one, effects=some) == (len(one.nodes), ())


@given(trees, trees)
def test_from_the_other_side_it_is_the_mirror(one: Tree, two: Tree) -> None:
    mirror = {"added": "removed", "removed": "added"}
    forth, back = compare(one, two), compare(two, one)
    assert forth.identical == back.identical
    assert [(d.path, d.what, d.kind, d.size) for d in forth.differences] == [
        (d.path, mirror.get(d.what, d.what), d.kind, -d.size) for d in back.differences
    ]


@given(trees, st.data())
def test_a_planted_change_is_found_and_nothing_else(one: Tree, data: st.DataObject) -> None:
    path = data.draw(paths)
    changed: Mapping[str, Node] = {**one.nodes, path: Node("file", 0o700, "1:2", 3, "planted")}
    result = compare(one, Tree(changed), effects=ALL, control=one)
    assert {d.path for d in result.differences} == {path}
    if path in one.nodes:
        assert "owner" in {d.what for d in result.of("unexpected")}


@given(trees, trees, effects)
def test_every_path_is_counted_once(one: Tree, two: Tree, some: frozenset[Effect]) -> None:
    result = compare(one, two, effects=some)
    differing = {d.path for d in result.differences}
    assert result.identical + len(differing) == len(one.nodes.keys() | two.nodes.keys())
    assert list(result.differences) == sorted(result.differences, key=lambda d: d.path)
    assert len({(d.path, d.what) for d in result.differences}) == len(result.differences)
