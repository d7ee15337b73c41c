"""What a pass that promises the same files makes of random Dockerfiles gives the same files, really built.

The trees of both images are compared in type, mode, owner, link and content of each path; times are left
out. ``DOCKEROPT_ENGINE_TREES`` says how many files to try for each pass.
"""

import os
import random
from pathlib import Path

import pytest

from dockeropt import Options
from dockeropt.api import fix_str
from dockeropt.measure.tree import Tree, read_tree
from dockeropt.project.directory import Directory
from tests.engine.fixtures import Engine

pytestmark = pytest.mark.engine

FILES = int(os.environ.get("DOCKEROPT_ENGINE_TREES", "20"))

PIP = """#!/bin/sh
# pip install [options] -r FILE: "installs" each line of the file, as root or as anyone
set -e
while [ $# -gt 0 ]; do case $1 in -r) file=$2; shift ;; esac; shift; done
umask 022
mkdir -p /usr/lib/packages
while read -r name; do echo "$name" > "/usr/lib/packages/$name"; done < "$file"
"""
NPM = """#!/bin/sh
# npm ci: makes node_modules of what the lock file says, in the folder that it is called in
set -e
umask 022
test -f package.json
test -f package-lock.json
rm -rf node_modules
mkdir -p node_modules/dep
cp package-lock.json node_modules/.package-lock.json
echo 'module.exports = 1' > node_modules/dep/index.js
"""
CONTEXT = {
    "app.py": "print(1)\n",
    "lib/deep/z.py": "print(2)\n",
    "lib/y.sh": "#!/bin/sh\necho y\n",
    "requirements.txt": "flask\nrequests\n",
    "package.json": '{"name": "a", "version": "1.0.0", "dependencies": {"dep": "1.0.0"}}\n',
    "package-lock.json": (
        '{"name": "a", "version": "1.0.0", "lockfileVersion": 3, "packages": {"": {"dependencies": {"dep": "1.0.0"}},'
        ' "node_modules/dep": {"version": "1.0.0"}}}\n'
    ),
}

SCRIPTS = (
    "mkdir -p /d/{n} && echo {n} > /d/{n}/f",
    "echo a$X{n} >> /log",
    "cd /tmp && echo $PWD > where{n}",
    "X{n}=1; export X{n}; echo $X{n} > /x{n}",
    "umask 077; echo secret > /s{n}",
    "touch /t{n}; chmod 4750 /t{n}",
    "mkdir -p /o{n}/p && chown -R 12:34 /o{n}",
    "ln -sf /log /link{n}",
    "test -e /log && rm /log || true",
    "for i in 1 2; do echo $i > /i$i-{n}; done",
    "echo one > /e{n} ; echo two >> /e{n}",
    "(cd /var; mkdir -p sub{n})",
    "set -x; true; echo $- | grep -c x > /flags{n}",
    "if [ -e /x1 ]; then echo yes > /if{n}; fi",
    "false || echo no > /or{n}",
    "! false\\n",
    "echo '# none' > /c{n} # a comment",
    'true \\\\\n # between\n && echo "$HOME" > /home{n}',
    "set +e; false; echo $? > /code{n}",
    "f() {{ echo $1; }}; f {n} > /fun{n}",
    "cat > /doc{n} <<EOF\\n$PATH\\nEOF",
    "alias a=b; echo {n} > /alias{n}",
    "exec > /exec{n}; echo moved",
    "sleep 0 & wait; ls / > /ls{n}",
    "IFS=:; for w in a:b; do echo $w; done > /ifs{n}",
    "trap 'echo bye > /trap{n}' EXIT; true",
)
BETWEEN = (
    "ENV X=v{n}",
    "WORKDIR /w{n}",
    "WORKDIR rel{n}",
    "USER 12:34",
    "USER root",
    "COPY app.py /c{n}/",
    "# note",
)


def merging(choose: random.Random) -> list[str]:
    lines = ["RUN chmod 1777 / /tmp"] if choose.random() < 0.3 else []
    for number in range(choose.randint(3, 8)):
        if choose.random() < 0.25:
            lines.append(choose.choice(BETWEEN).format(n=number))
        script = choose.choice(SCRIPTS).format(n=number).replace("\\n", "\n").rstrip("\n")
        lines.append(f"RUN <<END\n{script}\nEND" if "<<EOF" in script else f"RUN {script}")
    return lines


def owning(choose: random.Random) -> list[str]:
    lines = [
        choose.choice(["", "RUN mkdir -p /app/old && echo 1 > /app/old/f", "WORKDIR /app", "WORKDIR /srv/x"])
    ]
    for number in range(choose.randint(1, 3)):
        target = choose.choice(["/app/", "/app", f"/a{number}/", "/app/sub/"])
        source = choose.choice([".", "lib", "app.py lib/", "lib/deep"])
        if " " in source and not target.endswith("/"):
            target += "/"
        mode = choose.choice(["", "", "--chmod=750 ", "--chown=9:9 "])
        lines.append(f"COPY {mode}{source} {target}")
        if choose.random() < 0.3:
            lines.append(
                choose.choice(["ENV A=b", "WORKDIR /app", f"RUN echo {number} > /n{number}", "LABEL a=b"])
            )
        owner = choose.choice(["nobody", "nobody:nobody", "12:34", "12", ":34", "root:nobody"])
        where = choose.choice([target.rstrip("/"), target, "/app", "/a0", "."])
        flags = choose.choice(["-R", "-R", "-Rh", ""])
        after = choose.choice(["", "", f" && echo {number} > /done{number}", " && chmod -R go-w ."])
        lines.append(
            f"RUN mkdir -p {where} && chown {flags} {owner} {where}{after}"
            if choose.random() < 0.2
            else f"RUN mkdir -p /app /a0\nRUN chown {flags} {owner} {where}{after}"
        )
        if choose.random() < 0.6:
            lines.pop(-1)
            lines.append(f"RUN chown {flags} {owner} {target.rstrip('/')}{after}")
    lines.append(choose.choice(["USER nobody", "USER 12", "", "CMD id"]))
    return [line for line in lines if line]


def installing(choose: random.Random) -> list[str]:
    lines = [choose.choice(["WORKDIR /app", "WORKDIR /srv", "ENV A=b\nWORKDIR /app"])]
    if choose.random() < 0.3:
        lines.append(choose.choice(["USER root", "RUN echo 1 > early", "ENV NODE_ENV=production", "ARG V=1"]))
    lines.append(
        choose.choice(
            ["COPY . .", "COPY . ./", "COPY . /app/", "ADD . .", "COPY --chown=12:34 . .", "COPY ./ ."]
        )
    )
    if choose.random() < 0.3:
        lines.append(
            choose.choice(["RUN echo 2 > /two", "ENV B=c", "LABEL x=y", "RUN ls > /list", "EXPOSE 80"])
        )
    lines.append(
        choose.choice(
            [
                "RUN pip install -r requirements.txt",
                "RUN npm ci",
                "RUN pip install --no-cache-dir -r requirements.txt",
                "RUN cd lib && pip install -r ../requirements.txt",
                "RUN npm ci && ls node_modules > /mods",
            ]
        )
    )
    if choose.random() < 0.5:
        lines.append(
            choose.choice(
                [
                    "RUN npm ci",
                    "RUN pip install -r requirements.txt",
                    "RUN chmod +x lib/y.sh",
                    "RUN rm requirements.txt",
                ]
            )
        )
    return [*lines, choose.choice(["USER 12", "CMD run", ""])]


KINDS = {"merge-runs": merging, "use-copy-chown": owning, "copy-manifests-first": installing}


@pytest.fixture(scope="module")
def base(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Give an image with a pip and an npm that read what the real ones read, and answer at once."""
    engine.needs("busybox")
    folder = tmp_path_factory.mktemp("base")
    (folder / "pip").write_text(PIP)
    (folder / "npm").write_text(NPM)
    name = engine.name()
    text = "FROM busybox\nCOPY --chmod=755 pip npm /bin/\nENV HOME=/root\n"
    done = engine.build(folder, "--tag", name, text=text)
    assert done.returncode == 0, done.stderr
    return name


def tree(engine: Engine, context: Path, text: str) -> Tree | None:
    """Return the files of the image that a Dockerfile gives, ``None`` when it does not build."""
    packed = context.parent / "image.tar"
    done = engine.build(context, "--output", f"type=tar,dest={packed}", text=text, loaded=False)
    if done.returncode:
        return None
    with packed.open("rb") as stream:
        return read_tree(stream)


def differences(one: Tree, two: Tree) -> list[str]:
    paths = sorted(one.nodes.keys() | two.nodes.keys())
    return [
        f"{path}: {one.nodes.get(path)} -> {two.nodes.get(path)}"
        for path in paths
        if one.nodes.get(path) != two.nodes.get(path)
    ]


@pytest.mark.parametrize("pass_id", KINDS)
def test_the_same_files(engine: Engine, tmp_path: Path, base: str, pass_id: str) -> None:
    context = tmp_path / "context"
    for name, content in CONTEXT.items():
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (context / name).write_text(content)
    directory = Directory(str(context), dockerfile=str(context / "Dockerfile"))
    compared = refused = 0
    seed = -1
    while compared < FILES and seed < 20 * FILES:
        seed += 1
        text = f"FROM {base}\n" + "\n".join(KINDS[pass_id](random.Random(f"{pass_id} {seed}"))) + "\n"
        options = Options(select=(pass_id,), context=str(context))
        after = fix_str(text, options=options, build=directory).fixed
        if after == text:
            continue
        before = tree(engine, context, text)
        if before is None:
            refused += 1
            continue
        now = tree(engine, context, after)
        assert now is not None, f"seed {seed} does not build any more:\n{text}\n{after}"
        assert not differences(before, now), f"seed {seed}:\n{text}\n{after}"
        compared += 1
    print(f"{pass_id}: {compared} compared of {seed + 1}, {refused} that do not build")
    assert compared == FILES
