"""May two scripts become one, and how must they be put together?

Two RUNs are two shells: the second starts fresh, and only if the first succeeded. The forms
below keep exactly that for the pairs that are accepted. The table behind the decision was
found by running pairs of scripts both ways in dash, bash, bash --posix, busybox ash and
mksh, and is checked by doing it again in the tests.

Invariant: everything not understood is refused. Decisions are made from trees; the places
in the answer say where the editor has to cut and insert.
"""

from enum import Enum
from typing import NamedTuple

from dockeropt.shell.effects import (
    EITHER_SIDE,
    Effects,
    effects_of,
    ignores_errexit,
    is_flat,
    leading_options,
)
from dockeropt.shell.hazards import removes_directory
from dockeropt.shell.nodes import Script
from dockeropt.shell.replaced import may_run_stale

MAX_SCRIPT = 100_000
"""Characters of a joined script; ``execve`` takes fewer than 131,072 bytes in one argument."""


class Form(Enum):
    """How two scripts are joined.

    CHAIN: ``a && b``. GROUP: ``a && { b; }``. SUBSHELL: ``( a ) && b`` or ``( a ) && { b; }``.
    SET_E_GROUP: written like GROUP; both are ``set -e`` lists, and only these two may be
    joined: the whole is no left side for a third.
    """

    CHAIN = "chain"
    GROUP = "group"
    SUBSHELL = "subshell"
    SET_E_GROUP = "set-e-group"


class Join(NamedTuple):
    """Say how two scripts become one.

    Args:
        form: How.
        a_end: Offset in ``a`` where its commands end. What follows there (a ``;``, blanks)
            has to go; the closer and `` && `` come here.
        b_end: The same for ``b``; a ``&`` that ends it stands before.
        wrap_a: Whether ``( `` and `` )`` go around ``a``.
        wrap_b: Whether ``{ `` and ``b_closer`` go around ``b``.
        b_closer: ``; }``, or `` }`` after a ``&``.
    """

    form: Form
    a_end: int
    b_end: int
    wrap_a: bool
    wrap_b: bool
    b_closer: str

    def text(self, a: str, b: str) -> str:
        """Return the joined script on one line."""
        left = a[: self.a_end]
        right = b[: self.b_end]
        if self.wrap_a:
            left = f"( {left} )"
        if self.wrap_b:
            right = "{ " + right.lstrip() + self.b_closer
        return f"{left} && {right.lstrip()}"


class Refusal(NamedTuple):
    """Say why two scripts stay two."""

    reason: str


def join(
    a: Script,
    b: Script,
    *,
    errexit: bool,
    pipefail: bool,
    root: bool | None = None,
    workdir: str | None = None,
) -> Join | Refusal:
    """Decide whether ``b`` may follow ``a`` in one shell, and in which form.

    Args:
        a: The first script.
        b: The second, of the same dialect.
        errexit: Whether the shell that runs both is given ``-e``.
        pipefail: Whether it is given ``-o pipefail``; the same for both, so it changes nothing.
        root: Whether the scripts run as root; ``None`` if unknown.
        workdir: Absolute path of the directory both start in; ``None`` if unknown.

    The caller answers for what is not in the scripts: same flags and mounts, same SHELL
    without ``-l`` and ``-i``, no BASH_ENV.
    """
    del pipefail
    refusal = _unreadable(a, b)
    if refusal is not None:
        return refusal
    left, right = effects_of(a), effects_of(b)
    refusal = _world(left, right, root=root, workdir=workdir)
    if refusal is not None:
        return refusal
    return _form(left, right, errexit=errexit)


def _unreadable(a: Script, b: Script) -> Refusal | None:
    for script in (a, b):
        if script.problem is not None:
            return Refusal(f"a script that is not understood: {script.problem.message}")
        if not script.body.statements:
            return Refusal("a script without a command")
        if "\n" in script.text:
            return Refusal("a script of several lines")
        last = script.body.statements[-1]
        if any(end >= len(script.text) or start > last.end for start, end in script.comments):
            return Refusal("a comment at the end of a script")
        stripped = script.text[: last.end].rstrip("\\")
        if (last.end - len(stripped)) % 2:
            return Refusal("a backslash at the end of a script")
    if a.dialect is not b.dialect:
        return Refusal("two shells")
    if len(a.text) + len(b.text) > MAX_SCRIPT:
        return Refusal("too long a script")
    return None


def _world(a: Effects, b: Effects, *, root: bool | None, workdir: str | None) -> Refusal | None:
    """Refuse what a new RUN resets and no form of the shell language can."""
    if a.refusals:
        return Refusal(a.refusals[0])
    for reason in b.refusals:
        if reason in EITHER_SIDE:
            return Refusal(reason)
    if not a.options_known and a.errexit_touched and "options" not in a.leaks:
        return Refusal("options that are not understood")
    if b.parameters & {
        "_",
        "BASHPID",
        "PPID",
        "PIPESTATUS",
        "BASH_EXECUTION_STRING",
        "BASH_SUBSHELL",
        "SHLVL",
    }:
        return Refusal("parameters that tell one shell from two")
    if "-" in b.parameters and a.leaks & {"set", "options"}:
        return Refusal("$- after set")
    if "BASH_REMATCH" in b.parameters:
        return Refusal("BASH_REMATCH")
    if a.changes_users and (
        root is not True
        or any(w is None or "root" in w.split(":") or w == "0" or "," in w for w in a.user_words)
    ):
        return Refusal("edits of the user database")
    if a.lingers and (b.removals or b.lingers or b.runs_unknown or "find" in b.runs):
        return Refusal("a helper process that is still there")
    for removal in a.removals:
        args = removal.call.words[removal.args_from :]
        if removes_directory(removal.program, args, workdir, moved=a.moves):
            return Refusal("the working directory may be removed")
    return None


def _form(a: Effects, b: Effects, *, errexit: bool) -> Join | Refusal:
    body_a, body_b = a.script.body, b.script.body
    deaf = ignores_errexit(body_a) and not (a.dynamic or a.sources)
    leaks = a.leaks - {"set"}
    if a.script.text and "set" in a.leaks and b.captures_stderr:
        leaks = leaks | {"xtrace"}
    apart = bool(leaks) or a.ends or a.dynamic or may_run_stale(a, b)
    if a.sources and not errexit and not a.errexit_touched and not _sources_harmless(a):
        return Refusal("commands from a file, which may set options")
    if errexit or a.errexit_touched:
        if not deaf:
            return _set_e_lists(a, b, leaks) if not errexit else Refusal("errexit and more than one chain")
        if (
            a.errexit_touched
            and not errexit
            and not (ignores_errexit(body_b) and not (b.dynamic or b.sources))
        ):
            apart = True
    if apart:
        return _answer(Form.SUBSHELL, a, b)
    return _answer(Form.GROUP if _needs_braces(b.script) else Form.CHAIN, a, b)


def _set_e_lists(a: Effects, b: Effects, leaks: set[str]) -> Join | Refusal:
    """Join two lists that both begin with ``set -e``: errexit stays in force between them."""
    mine, theirs = leading_options(a.script), leading_options(b.script)
    statements = a.script.body.statements
    refusal = Refusal("set -e and more than one chain")
    if mine is None or theirs is None or len(statements[0].command.pipelines) > 1:
        return refusal
    if not {"-e", "-errexit"} & mine or not {"-e", "-errexit"} & theirs:
        return refusal
    allowed = set(theirs) | ({"-x", "-xtrace"} if not b.captures_stderr else set()) | {"-e", "-errexit"}
    if not mine <= allowed or leaks - {"options"} or a.ends or a.dynamic or a.sources:
        return refusal
    if sum(found.program == "set" for _, found in a.resolved) != 1 or may_run_stale(a, b):
        return refusal
    if not is_flat(statements[-1].command):
        return refusal
    return _answer(Form.SET_E_GROUP, a, b)


_HARMLESS_FILES = frozenset(
    (
        "activate nvm.sh .bashrc .profile .bash_profile bashrc profile setup.bash os-release lsb-release"
        " conda.sh sdkman-init.sh envvars .cargo/env env rvm bash_completion .nvm/nvm.sh"
    ).split()
)


def _sources_harmless(a: Effects) -> bool:
    """Tell whether options that a sourced file may set cannot matter to the rest of ``a``.

    They cannot in a single chain that goes on after the file; otherwise the file must be
    one of those known to set none.
    """
    statements = a.script.body.statements
    if len(statements) == 1 and is_flat(statements[0].command):
        last = statements[0].command.pipelines[-1].commands
        sourcing = [at for at, found in a.resolved if found.program in (".", "source", "eval")]
        if all(at < last[0].start for at in sourcing):
            return True
    return all(
        found.program != "eval"
        and len(found.args) >= 1
        and found.args[0].text.strip("\"'").rpartition("/")[2] in _HARMLESS_FILES
        for _, found in a.resolved
        if found.program in (".", "source", "eval")
    )


def _needs_braces(script: Script) -> bool:
    """Tell whether ``&&`` in front would bind to a part of the script only."""
    statements = script.body.statements
    first = statements[0]
    return (
        len(statements) > 1
        or first.terminator == "&"
        or any(operator == "||" for operator, _, _ in first.command.operators)
    )


def _answer(form: Form, a: Effects, b: Effects) -> Join:
    last_a, last_b = a.script.body.statements[-1], b.script.body.statements[-1]
    in_background = last_b.terminator == "&"
    return Join(
        form,
        last_a.end,
        last_b.terminator_at + 1 if in_background else last_b.end,
        form is Form.SUBSHELL,
        form is Form.SET_E_GROUP or _needs_braces(b.script),
        " }" if in_background else "; }",
    )
