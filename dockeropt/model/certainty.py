"""Which commands of a script must have been run when the build goes on.

Invariant: errs to the side of "it may have been skipped".
"""

from functools import lru_cache

from dockeropt.model.calls import CallFacts
from dockeropt.model.runs import RunFacts
from dockeropt.shell.nodes import AndOr


def is_certain(call: CallFacts) -> bool:
    """Tell whether the build fails unless ``call`` is run and succeeds."""
    run, chain, statement = call.run, call.and_or, call.statement
    if not call.top_level or call.pipeline.negated or call.background or run.shell is None:
        return False
    if not _needs_all(chain):
        return False
    if call.piped and call.pipeline.commands[-1] is not call.node:
        return False
    if statement is run.shell.body.statements[-1]:
        return True
    return len(chain.pipelines) == 1 and (run.state.errexit or _errexit_first(run))


def _errexit_first(run: RunFacts) -> bool:
    """Tell whether the script begins with ``set -e``."""
    first = next(iter(run.calls), None)
    return (
        first is not None
        and first.program == "set"
        and first.top_level
        and any(w.text[:1] == "-" and "e" in w.text for w in first.args[:1])
        and not any(call.program == "set" and "+e" in [w.text for w in call.args] for call in run.calls)
    )


@lru_cache(maxsize=64)
def _needs_all(chain: AndOr) -> bool:
    """Tell whether every member of an and-or list has to succeed."""
    return all(operator == "&&" for operator, _, _ in chain.operators)
