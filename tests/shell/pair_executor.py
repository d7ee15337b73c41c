"""Run pairs of scripts as two RUNs and as the joined one, and compare what is left behind.

``python -m tests.shell.pair_executor --pairs 5000 --seed 7`` makes random pairs, joins those
that :func:`dockeropt.shell.joining.join` accepts, and runs both ways in dash, bash,
``bash --posix``, busybox ash and mksh. A RUN is a shell in a PID namespace of its own, so
that what it leaves running dies with it, as under a container engine. Compared are success
and the file system; a difference is a wrong answer of ``join``. The plain ``a && b`` is run
too, to show that the pairs are not harmless.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from dockeropt.shell import Dialect, parse
from dockeropt.shell.joining import Form, Join, Refusal, join

SHELLS = {
    "dash": (["dash"], Dialect.DASH),
    "ash": (["busybox", "ash"], Dialect.ASH),
    "bash": (["bash"], Dialect.BASH),
    "bash-posix": (["bash", "--posix"], Dialect.BASH),
    "mksh": (["mksh"], Dialect.DASH),
}
OPTIONS = ["", "", "", "-e"]

# A process that starts while another thread writes a program inherits the open file, and
# the program cannot be run ("text file busy") until that process has become something else.
STARTING = threading.Lock()

State = dict[str, tuple[str, str | None]]


class Case(NamedTuple):
    """Scripts of successive RUNs, the shell that runs them and the options in SHELL."""

    scripts: tuple[str, ...]
    shell: str
    options: str = ""
    setup: str = ""


class Outcome(NamedTuple):
    """What joining came to.

    ``verdict`` is a form or the reason of a refusal; ``same`` compares the joined scripts,
    ``naive`` plain ``a && b``, with separate RUNs; both ``None`` after a refusal.
    """

    case: Case
    verdict: str
    joined: tuple[str, ...]
    same: bool | None
    naive: bool | None
    detail: str = ""


@cache
def shells() -> tuple[str, ...]:
    """Return the names of the shells that are installed."""
    return tuple(name for name, (command, _) in SHELLS.items() if shutil.which(command[0]))


@cache
def isolation() -> tuple[str, ...]:
    """Return the command that gives a PID namespace, empty when it is not permitted."""
    command = ("unshare", "--pid", "--fork", "--kill-child")
    if shutil.which("unshare") is None:
        return ()
    done = subprocess.run([*command, "true"], capture_output=True, check=False)
    return command if done.returncode == 0 else ()


def snapshot(folder: str) -> State:
    """Return mode and content of everything under ``folder``."""
    state: State = {}
    for root, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = os.path.join(root, name)
            mode = os.lstat(path)
            content: str | None = None
            if os.path.islink(path):
                content = os.readlink(path)
            elif os.path.isfile(path):
                content = Path(path).read_bytes().decode("utf-8", "replace")
            state[os.path.relpath(path, folder)] = (oct(mode.st_mode), content)
    return state


def build(case: Case, scripts: Sequence[str]) -> tuple[bool, State]:
    """Run scripts one after another, each as a RUN; stop at the first that fails."""
    command, _ = SHELLS[case.shell]
    with tempfile.TemporaryDirectory(prefix="pair") as top:
        folder = os.path.join(top, "w")
        for name in ("sub", "early", "late"):
            os.makedirs(os.path.join(folder, name))
        Path(folder, "one").write_text("1\n")
        Path(folder, "env.sh").write_text("V=sourced\n")
        tool(folder, "late", "old")
        environment = {
            "PATH": f"{folder}/early:{folder}/late:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": folder,
            "DF_ENV": "from-env",
            "D": folder,
        }
        passed = True
        for script in [case.setup, *scripts] if case.setup else scripts:
            with STARTING:
                process = subprocess.Popen(
                    [*isolation(), *command, *case.options.split(), "-c", script],
                    cwd=folder,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            if process.wait(timeout=60) != 0:
                passed = False
                break
        return passed, snapshot(folder)


def tool(folder: str, place: str, answer: str) -> None:
    path = Path(folder, place, "tool")
    with STARTING:
        path.write_text(f"#!/bin/sh\necho {answer} >>tool.log\n")
    path.chmod(0o755)


def ask(case: Case, a: str, b: str) -> Join | Refusal:
    """Ask whether one script may be joined to another."""
    dialect = SHELLS[case.shell][1]
    return join(
        parse(a, dialect),
        parse(b, dialect),
        errexit="-e" in case.options,
        pipefail="pipefail" in case.options,
        root=True,
        workdir="/w",
    )


def folded(case: Case) -> str | None:
    """Join from the left, each time parsing what came out; ``None`` after a refusal."""
    text = case.scripts[0]
    for script in case.scripts[1:]:
        answer = ask(case, text, script)
        if not isinstance(answer, Join):
            return None
        text = answer.text(text, script)
    return text


def composed(case: Case) -> str | None:
    """Join all at once: every two must agree, and each is wrapped as any of them asks.

    A ``set -e`` pair stays a pair.
    """
    pieces: list[str] = []
    for index, script in enumerate(case.scripts):
        before = [ask(case, earlier, script) for earlier in case.scripts[:index]]
        after = [ask(case, script, later) for later in case.scripts[index + 1 :]]
        answers: list[Join] = []
        for answer in (*before, *after):
            if not isinstance(answer, Join):
                return None
            answers.append(answer)
        if len(case.scripts) > 2 and any(answer.form is Form.SET_E_GROUP for answer in answers):
            return None
        end = answers[-1].a_end if after else answers[-1].b_end
        text = script[:end].lstrip()
        if any(answer.wrap_a for answer in answers[len(before) :]):
            text = f"( {text} )"
        elif any(answer.wrap_b for answer in answers[: len(before)]):
            text = "{ " + text + answers[0].b_closer
        pieces.append(text)
    return " && ".join(pieces)


def verdict(case: Case) -> str:
    """Return the forms of neighbours, or the first refusal."""
    forms: list[str] = []
    for a, b in pairwise(case.scripts):
        answer = ask(case, a, b)
        if not isinstance(answer, Join):
            return answer.reason
        forms.append(answer.form.value)
    return ", ".join(forms)


def execute(case: Case) -> Outcome:
    """Join scripts and, where that is accepted, run them both ways."""
    candidates = {text for text in (folded(case), composed(case)) if text is not None}
    if not candidates:
        return Outcome(case, verdict(case), (), None, None)
    wanted = build(case, case.scripts)
    details = [
        f"{text}\n    {difference(wanted, got)}"
        for text in sorted(candidates)
        if (got := build(case, [text])) != wanted
    ]
    naive = build(case, [" && ".join(script.rstrip("; ") for script in case.scripts)])
    return Outcome(
        case, verdict(case), tuple(sorted(candidates)), not details, naive == wanted, "\n  ".join(details)
    )


def difference(wanted: tuple[bool, State], got: tuple[bool, State]) -> str:
    names = [name for name in {*wanted[1], *got[1]} if wanted[1].get(name) != got[1].get(name)]
    files = [f"{name}: {wanted[1].get(name)} -> {got[1].get(name)}" for name in sorted(names)]
    return f"passed {wanted[0]} -> {got[0]}; {'; '.join(files)}"


# --- random pairs ----------------------------------------------------------------------

ATOMS = [
    "touch f%d", "false", "true", "cd sub", "V=%d", "export V=%d", 'echo "$V" >v%d', "pwd | sed s,.*/,, >p%d",
    "test -e f%d", "[ -d sub ]", "rm -f f%d", "umask 07%d", "set -e", "set -x", "set -f", "set +e", "set -eux",
    "echo on* >g%d", "exit 0", "exit %d", 'echo "$-" | tr -cd ef >flags%d', "! true", "! false", "! touch n%d",
    "f() { touch fn%d; }", "f", "f() { false; touch fx%d; }", "(exit %d)", "(cd sub; touch s%d)", "unset DF_ENV",
    'echo "$DF_ENV" >e%d', "echo $# >n%d", "set -- x y", "set -eu", "cat one >c%d", "false | true", "true | false",
    "exec true", "exec touch x%d", "W=$(false; echo %d)", "touch $(echo q%d)", "touch $(false; echo r%d)",
    "read X <one", "mkdir -p d%d", "true & wait", 'sh -c "exit %d"', "tool", "cp late/tool early/tool",
    'printf "#!/bin/sh\\necho new >>tool.log\\n" >early/tool && chmod +x early/tool', "rm -f early/tool",
    ". ./env.sh", "eval V=%d", ': "${V:=dflt%d}"', "echo $((V=%d)) >a%d", 'trap "touch t%d" EXIT',
    "trap '' TERM", "alias ls=false", "ls >/dev/null", "ulimit -n 5%d", "ulimit -n >u%d", "IFS=1",
    "echo $(echo 010) >i%d", "readonly R=%d", "R=2", "exec 3>log%d", "{ echo hi >&3; } 2>/dev/null", "wait",
    "echo $? >st%d", "V=2 :", "V=3 true", 'echo "${V-unset}" >vv%d', "while read L; do touch l$L; done <one",
    "[ -f f%d ] && touch both%d", "test -f f%d || touch either%d", "chmod 7%d0 one", "mv one two", "cat one",
    "command cd sub", "shift", "hash -r", 'echo "${!:+job}" >bg%d', "ln -sf one ln%d", "x=$(pwd) && cd sub", "(set -e; false; touch i%d)",
    "(touch j%d; false)", "{ false; touch k%d; }", 'echo "$0" >zero%d', "return 0", "set -C", "printf x >one",
    "sh -c 'exit 3' || true", "exec >out%d", "echo plain", "$NOTHING touch dyn%d", "if false; then touch z; fi",
]  # fmt: skip
CALM_ATOMS = [
    "touch f%d", "false", "true", "test -e f%d", "[ -d sub ]", "rm -f f%d", "echo on* >g%d", "! true", "! false",
    "(cd sub; touch s%d)", "(cd sub && touch s%d)", "cat one >c%d", "false | true", "true | false",
    "touch $(echo q%d)", "touch $(false; echo r%d)", "mkdir -p d%d", 'sh -c "exit %d"', "[ -f f%d ] && touch both%d",
    "test -f f%d || touch either%d", "printf x >one", "sh -c 'exit 3' || true", "tool", "V=3 true", "echo $((%d + 1)) >a%d",
    "if [ -f f%d ]; then touch yes%d; else touch no%d; fi", "{ false; touch k%d; }", "(false; touch j%d)", "set -x",
    "if false; then touch z; fi", "case x in x) touch case%d; false; touch ca%d;; esac", 'echo "$(false; echo %d)" >cs%d',
]  # fmt: skip
BASH_ATOMS = [
    "pushd sub >/dev/null", "shopt -s nullglob", "echo zz* >ng%d", "set -o pipefail", "[[ -f f%d ]]", "arr=(1 2 3)",
    'echo "${arr[1]}" >ar%d', "((V=%d))", "((V++))", "declare -x V=%d", "[[ abc =~ b ]]", "echo x &>amp%d",
    "set -euo pipefail", "mapfile -t M <one", "printf -v V %d", "let V=%d", "source ./env.sh", "cat <(echo p%d) >ps%d",
    "local V=1", "read V <<<%d", "function g { touch g%d; }", "g",
]  # fmt: skip
PREFIXES = ["", "", "", "", "set -e; ", "set -ex; ", "set -eu; ", "set -e && ", "set -eux && ", "set -x; "]


class Scripts:
    """Make random scripts out of the atoms."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.calm = False

    def atom(self, shell: str) -> str:
        atoms = ATOMS + BASH_ATOMS if shell.startswith("bash") and self.random.random() < 0.3 else ATOMS
        if self.calm and self.random.random() < 0.97:
            atoms = CALM_ATOMS
        text = self.random.choice(atoms)
        return text.replace("%d", str(self.random.choice([0, 1, 2])))

    def statement(self, shell: str, depth: int = 0) -> str:
        dice = self.random.random()
        if depth > 2 or dice < 0.62:
            return self.atom(shell)
        if dice < 0.70:
            return f"( {self.list(shell, depth + 1)} )"
        if dice < 0.76:
            return f"{{ {self.list(shell, depth + 1)}; }}"
        if dice < 0.82:
            return f"if {self.statement(shell, depth + 1)}; then {self.list(shell, depth + 1)}; fi"
        if dice < 0.88 and not self.calm:
            return f"for i in 1 2; do {self.list(shell, depth + 1)}; done"
        if dice < 0.91:
            return f"case x in x) {self.list(shell, depth + 1)};; esac"
        if dice < 0.94:
            return f'echo "$({self.list(shell, depth + 1)})" >cs{self.random.randint(0, 2)}'
        return f"{self.atom(shell)} || {self.atom(shell)}"

    def list(self, shell: str, depth: int = 0) -> str:
        text = self.statement(shell, depth)
        for _ in range(
            self.random.choice([0, 0, 1, 1, 2, 3]) if depth else self.random.choice([0, 1, 1, 2, 3])
        ):
            text += self.random.choice([" && ", " && ", " && ", "; ", "; ", " || "]) + self.statement(
                shell, depth
            )
        return text

    def script(self, shell: str) -> str:
        """Return a script; half of them leave little behind in their shell."""
        self.calm = self.random.random() < 0.6
        text = self.random.choice(PREFIXES) + self.list(shell)
        return text + ";" if self.random.random() < 0.12 else text

    def case(self, names: Sequence[str]) -> Case:
        """Return a case; some are lists under ``set -e``, some three scripts."""
        shell = self.random.choice(names)
        if self.random.random() < 0.1:
            self.calm = True
            flags = self.random.choice(["-e", "-ex", "-eu"])
            return Case((f"set {flags}; {self.list(shell)}", f"set {flags}; {self.list(shell)}"), shell)
        options = self.random.choice(OPTIONS)
        if options and shell != "dash" and self.random.random() < 0.3:
            options = "-eo pipefail"
        count = 3 if self.random.random() < 0.2 else 2
        return Case(tuple(self.script(shell) for _ in range(count)), shell, options)


def run_cases(cases: Iterable[Case], workers: int = 2) -> list[Outcome]:
    """Execute cases, a few at a time."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(execute, cases))


def random_cases(seed: int, accepted: int) -> list[Case]:
    """Return ``accepted`` random cases that may be joined."""
    source = Scripts(seed)
    found: list[Case] = []
    while len(found) < accepted:
        case = source.case(shells())
        if folded(case) is not None or composed(case) is not None:
            found.append(case)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as a program; exit code 1 when a joined script differs."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--pairs", type=int, default=2000, help="accepted cases to run")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--workers", type=int, default=2)
    given = options.parse_args(arguments)
    outcomes = run_cases(random_cases(given.seed, given.pairs), given.workers)
    wrong = [outcome for outcome in outcomes if not outcome.same]
    for outcome in wrong:
        print(f"WRONG {outcome.verdict} {outcome.case}\n  {outcome.detail}")
    forms = Counter(outcome.verdict if len(outcome.case.scripts) == 2 else "three" for outcome in outcomes)
    naive = sum(outcome.naive is False for outcome in outcomes)
    print(
        f"{len(outcomes)} cases in {', '.join(shells())}; isolated: {bool(isolation())}; forms: {dict(forms)}"
    )
    print(f"joined wrong: {len(wrong)}; plain 'a && b' wrong: {naive}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
