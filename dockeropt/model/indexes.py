"""Who relies on a package index that an earlier command fetched.

apt and apk keep an index on disk: it may only be taken away, or be fetched at another place,
when nobody reads it in between. Invariant: what is not understood counts as ``MAYBE``, never as
"does not need it".
"""

from collections.abc import Callable
from enum import IntEnum
from typing import TYPE_CHECKING

from dockeropt.model.calls import CallFacts
from dockeropt.model.runs import RunFacts

if TYPE_CHECKING:
    from dockeropt.model.model import Model


class Need(IntEnum):
    """Whether something relies on an index that was fetched before it."""

    NO = 0
    MAYBE = 1
    YES = 2


Classify = Callable[[CallFacts], tuple[Need, bool]]
"""Says of a call whether it needs the index as it is, and whether it certainly fetches a new one."""

SHELLS = frozenset("sh bash dash ash zsh ksh".split())
_BUILD_SCRIPTS = frozenset(
    (
        "configure Configure config gradlew mvnw autogen.sh buildconf bootstrap.sh b2 bjam waf manage.py"
        " sbt activate nvm.sh rvm rustup.sh get-pip.py install-poetry.py"
    ).split()
)
"""Scripts known to leave the system's packages alone."""


def need_of_script(call: CallFacts, tool: str) -> Need:
    """Return whether a call may use a package manager inside: a script file, ``sh -c``, ``eval``.

    Args:
        call: A call that is no package manager itself.
        tool: What a text must contain to be about it: ``apt`` or ``apk``.
    """
    program = call.program
    if program is None:
        return Need.NO if not call.node.words or _in_bin(call.node.words[0].text) else Need.MAYBE
    if program in SHELLS or program == "su":
        return _need_of_shell(call, tool)
    if program in (".", "source"):
        return Need.MAYBE if call.args and not _is_harmless(call.args[0].text) else Need.NO
    if program == "eval":
        return Need.MAYBE if any(_mentions(word.text, tool) for word in call.args) else Need.NO
    if ("/" in call.path and not _in_bin(call.path)) or program.endswith((".sh", ".bash")):
        return Need.NO if _is_harmless(call.path) else Need.MAYBE
    return Need.NO


def _need_of_shell(call: CallFacts, tool: str) -> Need:
    """Look at ``sh file``, ``curl … | sh`` and ``sh -c '…'``."""
    texts = [word.text for word in call.args]
    if any(text.startswith("-") and "c" in text and not text.startswith("--") for text in texts):
        return Need.YES if any(_mentions(text, tool) for text in texts) else Need.NO
    operands = [text for text in texts if not text.startswith("-")]
    return Need.NO if operands and _is_harmless(operands[0]) else Need.MAYBE


def _is_harmless(path: str) -> bool:
    name = path.strip("\"'").rpartition("/")[2]
    return name in _BUILD_SCRIPTS or name.endswith((".py", ".jar", "rc", ".rb", ".pl", "profile", "env"))


def _in_bin(path: str) -> bool:
    """Tell whether a program is an installed one, by its place."""
    directory, _, name = path.strip("\"'").rpartition("/")
    return directory.endswith("bin") and not name.endswith((".sh", ".bash"))


def _mentions(text: str, tool: str) -> bool:
    return tool in text or "install" in text


# --- whole RUNs ------------------------------------------------------------------------


def need_of_run(run: RunFacts, classify: Classify, tool: str) -> tuple[Need, bool]:
    """Return whether a RUN needs an index from before it, and whether it fetches a new one."""
    if run.shell is None:
        return _need_of_unread(run, tool)
    need = Need.NO
    for call in run.calls:
        wants, fetches = classify(call)
        if fetches:
            return need, True
        need = max(need, wants)
    return need, False


def _need_of_unread(run: RunFacts, tool: str) -> tuple[Need, bool]:
    if run.node.exec_form is not None:
        words = run.node.exec_form.values
        if not any(_mentions(word, tool) for word in words):
            return (Need.MAYBE if any(".sh" in word for word in words) else Need.NO), False
        return (Need.NO, True) if words[-1:] == ("update",) else (Need.YES, False)
    text = run.script.text if run.script is not None else tool
    return (Need.YES if _mentions(text, tool) else Need.MAYBE), False


class IndexUse:
    """Answer who relies on the index that a RUN leaves behind.

    Args:
        model: The model of the file.
        classify: What a call does with the index.
        tool: ``apt`` or ``apk``.
    """

    __slots__ = ("_after",)

    def __init__(self, model: "Model", classify: Classify, tool: str) -> None:
        runs: dict[int, list[RunFacts]] = {}
        for run in model.runs:
            if run.stage is not None:
                runs.setdefault(run.stage.index, []).append(run)
        self._after: dict[RunFacts, Need] = {}

        def backwards(runs: list[RunFacts], after: Need) -> Need:
            for run in reversed(runs):
                self._after[run] = after
                need, fetches = need_of_run(run, classify, tool)
                after = need if fetches else max(need, after)
            return after

        starts: dict[int, Need] = {}
        # Children stand behind their parents, so that going backwards needs no recursion.
        for stage in reversed(model.stages):
            own = runs.get(stage.index, [])
            inherited = max([starts[child.index] for child in stage.children], default=Need.NO)
            triggers = backwards([run for run in own if run.onbuild], Need.NO)
            starts[stage.index] = backwards([run for run in own if not run.onbuild], max(inherited, triggers))

    def needed_after(self, run: RunFacts) -> Need:
        """Return whether a later RUN, of a stage built on this one too, needs the index."""
        return self._after.get(run, Need.MAYBE)
