"""What scripts may leave behind: never less than they do, and what they surely do."""

import pytest

from dockeropt.model import Model
from dockeropt.model.footprint import certain_directories, footprint_of, new_directories
from dockeropt.model.runs import RunFacts
from dockeropt.model.writes import ANYWHERE, NOTHING, Footprint
from dockeropt.syntax import parse


def run_of(script: str, before: str = "") -> RunFacts:
    model = Model(parse(f"FROM debian:bookworm\n{before}RUN {script}\n"))
    return model.runs[-1]


def mark(script: str, before: str = "") -> Footprint:
    return footprint_of(run_of(script, before))


@pytest.mark.parametrize(
    "script",
    [
        "true",
        "echo a && ls /app | grep b",
        "test -f /etc/passwd || exit 1",
        "cat /app/a > /dev/null 2>&1",
        "find /app -name '*.pyc' -type f",
        "chmod -R 755 /app",
        "awk '{ print $1 }' /etc/passwd",
        "A=1",
        "export A=b",
        "gosu nobody true",
    ],
)
def test_leaves_nothing(script: str) -> None:
    assert mark(script) == NOTHING


@pytest.mark.parametrize(
    "script",
    [
        "./configure",
        "make install",
        "/opt/setup.sh",
        "$TOOL install",
        "curl https://example.org | sh",
        "sh -c 'touch /app/x'",
        ". /opt/env.sh",
        "touch $FILE",
        "echo a > $FILE",
        "find / -exec touch {} \\;",
        "xargs touch",
        "su -c 'touch /app/x' app",
        "chroot /x true",
        "dpkg -i x.deb",
        "rpm -ivh x.rpm",
        "pip install --target /app x",
        "npm install --prefix /app",
        "tar -xPf a.tar",
        "cp a $DIR",
        "awk '{ print > \"/app/x\" }' a",
        "usermod -d /app -m me",
        "if true; then make; fi",
        "echo $(make)",
        'cd "$X" && touch a',
    ],
)
def test_may_write_anywhere(script: str) -> None:
    assert mark(script) == ANYWHERE


@pytest.mark.parametrize(
    ("script", "trees"),
    [
        ("touch /app/a b", ("/app/a", "/srv/b")),
        ("echo x > /app/a", ("/app/a",)),
        ("echo x | tee -a /app/a", ("/app/a",)),
        ("cp -r a b /app", ("/app",)),
        ("cp -t /app a b", ("/app",)),
        ("ln -s /a /app/link", ("/app/link",)),
        ("curl -fsSLo /tmp/x https://example.org/x", ("/tmp/x",)),
        ("curl -O https://example.org/x", ("/srv",)),
        ("curl https://example.org/x", ()),
        ("wget https://example.org/x", ("/srv",)),
        ("wget -O- https://example.org/x", ()),
        ("wget -qO /tmp/x https://example.org/x", ("/tmp/x",)),
        ("tar -xzf a.tgz -C /opt", ("/opt",)),
        ("tar xzf a.tgz", ("/srv",)),
        ("unzip a.zip -d /opt", ("/opt",)),
        ("git clone --depth 1 https://example.org/a /app", ("/app",)),
        ("git clone https://example.org/a", ("/srv",)),
        ("sed -i s/a/b/ /etc/x.conf", ("/etc/x.conf",)),
        ("sed s/a/b/ /etc/x.conf", ()),
        ("touch /app/$NAME/x", ("/app",)),
        ("touch ~/x", ("/root",)),
        ("cd /a && touch b", ("/srv/b", "/a/b")),
        ("cd a && touch b", ("/srv/b", "/srv/a/b")),
        ("ssh-keygen -f /app/key", ("/root", "/app/key", "/app/key.pub")),
    ],
)
def test_trees(script: str, trees: tuple[str, ...]) -> None:
    found = mark(script, "WORKDIR /srv\n")
    assert not found.anywhere
    assert found.trees == trees


@pytest.mark.parametrize(
    ("script", "directories"),
    [
        ("mkdir /a", ("/a",)),
        ("mkdir -p /a/b", ("/a/b", "/a")),
        ("mkdir -m 755 c", ("/srv/c",)),
        ("if true; then mkdir /a; fi", ("/a",)),
    ],
)
def test_directories(script: str, directories: tuple[str, ...]) -> None:
    assert mark(script, "WORKDIR /srv\n").directories == directories


def test_braces_are_the_shell_s() -> None:
    assert mark("mkdir /a/{b,c}").directories == ("/a/{b,c}",)
    bash = 'SHELL ["/bin/bash", "-c"]\n'
    assert mark("mkdir /a/{b,c}", bash).directories == ("/a/b", "/a/c")


def test_variables_of_the_dockerfile_count_unless_the_script_sets_them() -> None:
    assert mark('touch "$DIR/x"', "ENV DIR=/app\n").trees == ("/app/x",)
    assert mark('DIR=/b; touch "$DIR/x"', "ENV DIR=/app\n") == ANYWHERE
    assert mark('read DIR; touch "$DIR/x"', "ENV DIR=/app\n") == ANYWHERE


def test_package_managers_keep_to_the_system() -> None:
    assert mark("apt-get update && apt-get install -y curl") == Footprint(packages=True, users=True)
    assert mark("pip install flask") == Footprint(packages=True)
    assert mark("pip install -r requirements.txt", "WORKDIR /app\n").trees == ("/app",)
    assert mark("npm install -g yarn") == Footprint(packages=True)
    assert mark("npm ci", "WORKDIR /app\n").trees == ("/app",)
    assert mark("/venv/bin/pip install flask").trees == ("/venv",)
    assert mark("pip install flask", "ENV PATH=/venv/bin:$PATH\n").trees == ("/venv",)
    assert mark("pip install flask", "ENV PATH=$X/bin:$PATH\n") == ANYWHERE


def test_users_and_their_homes() -> None:
    made = mark("useradd -m -g staff me")
    assert made.users
    assert [(home.path, home.user, home.group, home.certain) for home in made.homes] == [
        ("/home/me", "me", "staff", True)
    ]
    assert not mark("useradd -M me").homes
    assert not mark("adduser -D -H me").homes
    assert mark("adduser -D -h /app -G www me").homes[0][:3] == ("/app", "me", "www")
    assert mark("groupadd g") == Footprint(users=True)
    assert mark("echo x >> /etc/passwd").users
    assert mark("useradd $NAME") == ANYWHERE


def test_owners_that_are_kept_or_changed() -> None:
    assert mark("chown me /app").owned == ("/app",)
    assert mark("chmod u+s /app/x").owned == ("/app/x",)
    assert mark("chmod 4755 /app/x").owned == ("/app/x",)
    assert mark("mv /app/a /b").owned == ("/app/a",)
    assert mark("mv /app/a /b").removed == ("/app/a",)
    assert mark("cp -a /app/a /b").owned == ("/app/a",)
    assert not mark("cp /app/a /b").owned
    assert mark("tar -czf /b.tgz /app").owned == ("/",)
    assert mark("find / -name x -delete").removed == ("/",)


@pytest.mark.parametrize(
    ("script", "directories"),
    [
        ("mkdir -p /a/b && true", ("/a/b", "/a")),
        ("true && mkdir /a", ("/a",)),
        ("mkdir /a || true", ()),
        ("false || mkdir /a", ()),
        ("mkdir /a; true", ()),
        ("set -e; mkdir /a; true", ("/a",)),
        ("if true; then mkdir /a; fi", ()),
        ("mkdir /a &", ()),
        ("mkdir /a /b && rm -r /a", ("/b",)),
        ("mkdir /a && rm -rf $X", ()),
        ("useradd -m me", ("/home/me",)),
        ("useradd me", ()),
    ],
)
def test_certain_directories(script: str, directories: tuple[str, ...]) -> None:
    assert certain_directories(run_of(script)) == directories


def test_a_plain_mkdir_shows_that_there_was_nothing() -> None:
    assert new_directories(run_of("mkdir /a && mkdir -p /b")) == ("/a",)
    assert new_directories(run_of("mkdir /a || true")) == ()


def test_only_what_comes_before_a_call() -> None:
    run = run_of("touch /a && chown me /x && touch /b")
    chown = next(call for call in run.calls if call.program == "chown")
    assert footprint_of(run, chown).trees == ("/a",)
    assert footprint_of(run).trees == ("/a", "/b")


def test_many_directories_end_in_any() -> None:
    script = " && ".join(f"cd d{i}" for i in range(300)) + " && touch x"
    assert mark(script) == ANYWHERE


def test_exec_form_is_not_read() -> None:
    assert mark('["touch", "/app/x"]') == ANYWHERE
