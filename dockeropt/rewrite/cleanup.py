"""Clean up after a package manager in the RUN that used it: the part all such passes share.

Invariant: a cleanup is only appended where its program is still there when it runs, where
the cache lies in a layer of the final image, and where nothing cleaned it already.
"""

from collections.abc import Callable, Container, Iterable, Iterator

from dockeropt.model.caches import SYSTEM
from dockeropt.model.calls import CallFacts
from dockeropt.model.packages import Invocation, Verb, find_invocation
from dockeropt.model.runs import RunFacts
from dockeropt.model.tools import Tool
from dockeropt.rewrite.context import Context
from dockeropt.syntax.nodes import Cmd, Entrypoint, Healthcheck


def last_uses(ctx: Context, uses: Callable[[Invocation], bool]) -> Iterator[tuple[RunFacts, Invocation]]:
    """Yield each RUN of the final image with the last of its calls that ``uses`` accepts.

    Left out are RUNs in which none of these calls is certain to run, in which one runs under
    a program such as ``gosu``, or after which the file gives no layer to the final image.
    """
    for run in ctx.model.runs:
        if run.shell is None or run.stage is None or not run.stage.reaches_final:
            continue
        found = [i for call in run.calls if (i := find_invocation(call)) is not None and uses(i)]
        certain = [i for i in found if not i.call.conditional and not i.call.background]
        if not certain or any(set(i.call.prefixes) - {"sudo", "time", "env", "command"} for i in found):
            continue
        yield run, found[-1]


def cache_is_mounted(run: RunFacts, paths: Iterable[str]) -> bool:
    """Tell whether a mount covers, or may cover, one of the directories; any cache mount may."""
    return any(run.mount_covers(path) for path in paths) or any(m.type == "cache" for m in run.mounts)


def calls_after(use: Invocation) -> tuple[CallFacts, ...]:
    """Return the calls of the same script that start behind ``use``."""
    return tuple(call for call in use.run.calls if call.node.start > use.call.node.start)


def removes(call: CallFacts, *paths: str) -> bool:
    """Tell whether ``call`` is an ``rm`` with an argument that contains one of ``paths``."""
    return call.program == "rm" and any(
        path in (word.literal if word.literal is not None else word.text)
        for word in call.args
        for path in paths
    )


def calls_below(ctx: Context, run: RunFacts) -> Iterator[CallFacts]:
    """Yield the calls of the instructions behind ``run`` that find what it left."""
    for other in ctx.model.runs:
        behind = other.node.keyword.start > run.node.keyword.start
        if behind and run.stage is not None and other.stage is not None and run.stage in other.stage.chain:
            yield from other.calls


def commands_below(ctx: Context, run: RunFacts) -> str:
    """Return what the containers of ``run``'s stage, and of stages built on it, start: the text of it.

    CMD, ENTRYPOINT and HEALTHCHECK find the caches that a RUN has left, as a later RUN does.
    """
    stages = [stage for stage in ctx.model.stages if run.stage in stage.chain]
    nodes = [node for stage in stages for node in stage.instructions]
    starts = [node for node in nodes if isinstance(node, Cmd | Entrypoint | Healthcheck)]
    return "\n".join([node.code.of(ctx.source.text) for node in starts])


def misses(call: CallFacts, *paths: str) -> bool:
    """Tell whether ``call`` may fail when one of the paths that it names is not there any more.

    ``rm -f``, ``mkdir -p`` and printing do not. What is asked of ``rm -r /root/.cache`` in a later RUN is
    whether the cache may go earlier: then there is nothing left to remove, which is an error.
    """
    if call.failure_ignored or call.program in ("echo", "printf", "export"):
        return False
    if call.program == "rm" and call.has_flag("-f", "--force"):
        return False
    if call.program == "mkdir" and call.has_flag("-p", "--parents"):
        return False
    return any(_is_named(word.text, path) for word in call.args for path in paths)


def is_read_offline(calls: Iterable[CallFacts], tools: Container[Tool], *options: str) -> bool:
    """Tell whether some call of ``tools`` installs from the cache alone: ``npm ci --offline``."""
    found = [invocation for call in calls if (invocation := find_invocation(call)) is not None]
    return any(one.tool in tools and one.has(*options) for one in found)


def _is_named(text: str, path: str) -> bool:
    """Tell whether a word names a path or something below it: ``.npm``, but not ``.npmrc``."""
    at = text.find(path)
    rest = text[at + len(path) :][:1]
    return at >= 0 and not (rest.isalnum() or rest in ("_", "-", "."))


def may_lose_program(use: Invocation) -> bool:
    """Tell whether something behind ``use`` may take its program away again.

    A system package manager that removes packages, or ``rm`` of a path that names the tool.
    """
    for call in calls_after(use):
        later = find_invocation(call)
        if later is not None and later.tool in SYSTEM and later.verb is Verb.REMOVE:
            return True
        if removes(call, use.tool.value, "/node", "/opt"):
            return True
    return False
