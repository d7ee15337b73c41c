"""Whether everything that a stage uses is known: its commands, its scripts, its application.

Invariant: a doubt is never dropped. What the build context does not show, a command that no table has, a
package that no record covers: each is a clause in the look's doubts, and with any of them
nothing is proven.
"""

from posixpath import join, normpath
from typing import TYPE_CHECKING

from dockeropt.knowledge.debcommands import commands_in
from dockeropt.knowledge.families import version_of
from dockeropt.knowledge.packages import Loss, installed_in, own_commands
from dockeropt.model.model import Model
from dockeropt.model.packages import Verb
from dockeropt.model.runs import RunFacts
from dockeropt.model.stages import Stage
from dockeropt.project.context import BuildContext
from dockeropt.rewrite.appneeds import Look, look_at_app, look_at_files, look_for_mentions, take_app
from dockeropt.rewrite.copied import Copied, copied_into
from dockeropt.rewrite.needs import DEBIAN_TOOLS, Needs, Started, Use
from dockeropt.rewrite.pipneeds import PIP_TOOLS, look_at_pip
from dockeropt.syntax.nodes import Onbuild, Run

if TYPE_CHECKING:
    from dockeropt.knowledge.tags import Ref

BUILTINS = frozenset(
    (
        ": . [ [[ alias bg break builtin case cd command continue declare do echo enable eval exec exit export"
        " false fg getopts hash jobs kill let local printf pwd read readonly return set shift shopt source"
        " test times trap true type typeset ulimit umask unalias unset wait"
    ).split()
)
"""What dash and bash do themselves (their manuals)."""

FETCHERS = frozenset(("curl", "wget", "git", "svn", "hg", "aria2c", "scp", "rsync", "ftp", "fetch"))
RUNNERS = frozenset(
    (
        "supervisord cron crond make honcho foreman circusd fab invoke tox nox"
        " su flock parallel expect script at batch eval . source"
    ).split()
)
"""Programs that run what a file, or a text, tells them to."""

MAX_SCRIPT = 200_000
"""Bytes of the largest file that is searched for names of folders: longer ones are no scripts."""

IDLE = frozenset(("bash", "sh", "sleep", "tail", "ipython", "zsh"))
"""Programs in CMD of images that are worked in: what is run there is not in any file."""

PATHS = ("/usr/local/bin/", "/usr/local/sbin/", "/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/")


def look_at(model: Model, build: BuildContext, stage: Stage, needs: Needs, loss: Loss) -> Look:
    """Return what the files that a stage brings in need, and what of it cannot be known.

    Args:
        model: The file.
        build: The build context; whatever is copied from an unknown one is a doubt.
        stage: The stage; those it is built on are looked at as well.
        needs: What its own instructions use.
        loss: What the slim image lacks.
    """
    look = Look()
    copied = copied_into(model, build, stage.chain)
    look.doubts += copied.unknown
    image = stage.base
    if build.known and not build.complete:
        look.doubt("what else is in the build context")
    _look_at_stage(model, look, stage, needs)
    pip = look_at_pip(build, stage, needs, copied, _python_version(image))
    look.pip_known = not pip.doubts
    look.doubts += pip.doubts
    look.packages.update(pip.packages)
    seen: set[str] = set()
    for item in needs.started:
        _start(look, build, copied, item, seen, needs)
    look.brought |= pip.commands
    look.brought |= {
        path.rpartition("/")[2] for path in (*copied.files, *copied.texts) if path.startswith(PATHS)
    }
    if image is not None and image.official == "python":
        look_at_app(look, build, copied, needs, loss, runs=stage is model.final)
    else:
        look.doubt(f"what an application on {image.name if image else 'this image'} loads and runs")
    look_at_files(look, build, copied)
    for name, use in {**look.commands, **needs.commands}.items():
        if name in RUNNERS:
            look.doubt(f"what {name} runs")
        if name in FETCHERS and use.run is not None and isinstance(use.run.node, Run):
            look.doubt(f"what {name} fetches")
        if name == "perl":
            look.doubt("which of perl's modules are used")
    return look


def unplaced(look: Look, needs: Needs, image: "Ref", slim: "Ref", have: set[str]) -> list[str]:
    """Return the commands in use of which it is not known where they come from.

    Args:
        look: What the files need.
        needs: What the stage's instructions use.
        image: The full image.
        slim: The slim one.
        have: Debian packages that are installed by then, the added ones too.
    """
    there = installed_in(slim)
    if there is None:
        return []  # another release stands for it, which is a doubt already
    known = BUILTINS | own_commands(image.official or "") | commands_in(there | have) | have | look.brought
    version = ".".join([str(part) for part in _python_version(image)])
    own = {f"python{version}", f"pip{version}"} if version else set()
    used = {*needs.commands, *look.commands}
    return sorted(name for name in used if name not in known and name not in own)


MANUALS = (
    "/usr/share/doc",
    "/usr/share/man",
    "/usr/share/locale",
    "/usr/share/info",
    "/usr/share/gnome/help",
)
"""What slim images leave out of packages (debuerreotype, ``slimify``)."""


def look_at_manuals(model: Model, build: BuildContext, stage: Stage, needs: Needs) -> Look:
    """Return what is not known of a stage that loses manuals and translations, and no package.

    Args:
        model: The file.
        build: The build context.
        stage: The stage.
        needs: What its own instructions use.
    """
    look = Look()
    copied = copied_into(model, build, stage.chain)
    look.doubts += copied.unknown
    look.doubts += [f"what {text} runs" for text in needs.unclear]
    if any(isinstance(node, Onbuild) for node in stage.instructions):
        look.doubt("what a later build adds by ONBUILD")
    config = model.observable(stage)
    if stage is model.final and not (config.entrypoint or config.cmd):
        look.doubt("what is built on the image, or run in it by hand: it has no CMD")
    for name in ("man", "info", "mandb", "apropos", "man-db", "manpages", "manpages-dev", "unminimize"):
        if name in needs.commands or name in needs.debs:
            look.doubt(f"what {name} shows")
    for name in ("make", "gmake", "ninja", "meson", "checkinstall"):
        if name in needs.commands:
            look.doubt(f"whether {name} installs manuals where slim has no directory for them")
    for run in (*model.runs, *model.commands):
        text = run.node.rest.text if run.stage is stage else ""
        text += run.script.text if run.stage is stage and run.script is not None else ""
        look.doubts += [f"whether {folder} is filled" for folder in MANUALS if folder in text]
    for path, value in model.state_at_end(stage).env.items():
        if path in ("LANG", "LC_ALL", "LANGUAGE", "LC_MESSAGES") and not (value or "").lower().startswith(
            ("c", "posix", "en")
        ):
            look.doubt(f"which messages {path} asks for")
    for entry in copied.files.values():
        if entry.kind == "file" and entry.size <= MAX_SCRIPT:
            text = build.read(entry.path) or ""
            if any(folder in text for folder in MANUALS):
                look.doubt("whether manuals are there", entry.path)
    return look


def _python_version(image: "Ref | None") -> tuple[int, ...]:
    if image is None or image.official != "python":
        return ()
    version = version_of((image.tag or "").partition("-")[0])
    return version[:2] if len(version) >= 2 else ()


def _look_at_stage(model: Model, look: Look, stage: Stage, needs: Needs) -> None:
    """Note what of the stage's own instructions is not known."""
    look.doubts += [f"what {text} runs" for text in needs.unclear]
    if any(isinstance(node, Onbuild) for node in stage.instructions):
        look.doubt("what a later build adds by ONBUILD")
    platform = stage.root.platform
    if platform and not platform.startswith(
        ("linux/amd64", "linux/arm64", "$BUILDPLATFORM", "$TARGETPLATFORM")
    ):
        look.doubt(f"what there is for {platform}")
    for use in needs.invocations:
        if use.tool in DEBIAN_TOOLS and use.verb is Verb.REMOVE:
            look.doubt("what removing packages takes with it")
        elif use.tool in DEBIAN_TOOLS and (use.dynamic or any(p.name is None for p in use.packages)):
            look.doubt("which packages are installed")
        elif use.tool not in DEBIAN_TOOLS and use.tool not in PIP_TOOLS:
            look.doubt(f"what {use.tool.value} installs and runs")
    for facts in (*model.runs, *model.commands):
        if facts.stage is stage and facts.script is not None:
            look_for_mentions(look, facts.node.name, facts.script.text)
    if any(name.startswith("LD_") for name in model.state_at_end(stage).env):
        look.doubt("which libraries LD_PRELOAD and its like load")
    if "dpkg" in needs.commands:
        look.doubt("what dpkg is given")
    if stage is model.final:
        config = model.observable(stage)
        run = (config.entrypoint or ()) + (config.cmd or ())
        if not run:
            look.doubt("what the image runs: it has no CMD")
        words = [word for word in run if word not in ("/bin/sh", "sh", "-c", "exec")]
        first = words[0].split()[0].rpartition("/")[2] if words and words[0].split() else ""
        if not words or (first in IDLE and len(" ".join(words).split()) < 3):
            look.doubt("what is run in the image by hand")


def _start(
    look: Look, build: BuildContext, copied: Copied, item: Started, seen: set[str], needs: Needs
) -> None:
    """Follow a file that is run."""
    words = item.path.split(" ", 1)
    if item.program == "python":
        if item.path.startswith("-c"):
            _inline(look, words[1] if len(words) > 1 else "", item.run)
        elif item.path.startswith("-m"):
            module = words[-1].partition(".")[0]
            if module in ("compileall", "http", "venv", "ensurepip", "zipfile", "pip", "unittest", "site"):
                return
            if not any(f"/{module}" in path for path in copied.files) and module not in _installed(needs):
                look.doubt(f"what the module {module} does")
        elif item.path == "":
            if isinstance(item.run.node, Run):
                look.doubt("what python is given")
        else:
            _file(look, build, copied, item, seen)
        return
    _file(look, build, copied, item, seen)


def _installed(needs: Needs) -> set[str]:
    return {
        "gunicorn",
        "uvicorn",
        "flask",
        "django",
        "celery",
        "pytest",
        "hypercorn",
        "waitress",
        *needs.brought,
    }


def _inline(look: Look, code: str, run: RunFacts) -> None:
    from dockeropt.project.python_app import read_app

    take_app(look, read_app([("python -c", code)]), Use("python", run))


def _file(look: Look, build: BuildContext, copied: Copied, item: Started, seen: set[str]) -> None:
    """Read the file that is run, wherever it was copied from."""
    from dockeropt.project.scripts import SHELLS, interpreter_of

    if "$" in item.path:
        look.doubt(f"which file {item.path} is")
        return
    if item.path.startswith("/") is False and item.run.state.workdir is None:
        look.doubt(f"where {item.path} lies")
        return
    path = normpath(join(item.run.state.workdir or "/", item.path))
    if path in seen:
        return
    seen.add(path)
    text, name = _text_at(build, copied, path, item.run)
    if text is None:
        if item.program or not path.startswith("/usr/local/bin/"):
            look.doubt(f"what {item.path} does")
        return
    look.brought.add(path.rpartition("/")[2])
    if item.program == "python" or (interpreter_of(text) or ("",))[0].startswith("python"):
        if name.rpartition("/")[2] == "setup.py":
            look.doubt("what setup.py builds", name)
        if not name.endswith(".py"):
            from dockeropt.project.python_app import read_app

            take_app(look, read_app([(name, text)]), Use(name, None))
        return
    shell = item.program if item.program in SHELLS else ""
    use = Use(name, item.run if isinstance(item.run.node, Run) else None)
    _script(look, build, copied, (name, text, shell), use, seen, item)


def _script(
    look: Look,
    build: BuildContext,
    copied: Copied,
    script: tuple[str, str, str],
    use: Use,
    seen: set[str],
    item: Started,
) -> None:
    """Read a shell script, and the scripts that it runs."""
    from dockeropt.project.scripts import read_script

    name, text, shell = script
    facts = read_script(text, program=shell)
    for clause, line in facts.unknown:
        look.doubt(clause, f"{name}:{line}")
    look_for_mentions(look, name, text)
    if facts.interpreter:
        look.commands.setdefault(facts.interpreter, use)
    for command in facts.commands:
        look.commands.setdefault(command.name, use)
        given = [arg for arg in command.args if arg is None or not arg.startswith("-")]
        place = f"{name}:{command.line}"
        if command.name in ("apt-get", "apt", "pip", "pip3", "npm", "yarn", "dpkg"):
            look.doubt(f"what {command.name} installs", place)
        elif command.name in ("python", "python3"):
            words = ["" if arg is None else arg for arg in command.args]
            if "-c" in words or None in command.args[:1]:
                look.doubt("what python is given", place)
            elif given and given[0] and "-m" not in words:
                _file(look, build, copied, Started("python", given[0], item.run), seen)
        elif command.name in ("sh", "bash", "dash", ".", "source"):
            if not given or given[0] is None or "-c" in command.args:
                look.doubt(f"what {command.name} runs", place)
            else:
                program = "sh" if command.name in (".", "source") else command.name
                _file(look, build, copied, Started(program, given[0], item.run), seen)
        elif command.name in ("su", "xargs", "find", "env", "chroot", "watch", "flock"):
            look.doubt(f"what {command.name} runs", place)
        elif command.name in FETCHERS and use.run is not None:
            look.doubt(f"what {command.name} fetches", place)
        elif "/" in command.path and not command.path.startswith(("/usr/bin/", "/bin/", "/usr/sbin/")):
            _file(look, build, copied, Started("", command.path, item.run), seen)


def _text_at(build: BuildContext, copied: Copied, path: str, run: RunFacts) -> tuple[str | None, str]:
    """Return the text of what lies at a path of the image, and its name."""
    if path in copied.texts:
        return copied.texts[path], path
    entry = copied.source(path)
    if entry is not None:
        return build.read(entry.path), entry.path
    for mount in run.mounts:
        if mount.type == "bind" and mount.from_ is None and mount.target is not None:
            inner = path.removeprefix(mount.target.rstrip("/")).lstrip("/")
            if path == mount.target or path.startswith(mount.target.rstrip("/") + "/"):
                name = normpath(join(mount.source or ".", inner)) if inner else normpath(mount.source or ".")
                return build.read(name.lstrip("/")), name
    return None, path
