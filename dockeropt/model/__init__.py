"""What a Dockerfile means: stages, states, commands, packages, the resulting image.

Invariant: names here are loaded when first used, so that a run over one file pays only for
what its passes ask.
"""

from typing import TYPE_CHECKING

from dockeropt.model.model import Model

if TYPE_CHECKING:
    from dockeropt.model.calls import CallFacts
    from dockeropt.model.images import ImageRef
    from dockeropt.model.mounts import Mount
    from dockeropt.model.observable import ImageConfig
    from dockeropt.model.packages import Invocation, Option, Package
    from dockeropt.model.runs import RunFacts
    from dockeropt.model.stages import Stage
    from dockeropt.model.state import State
    from dockeropt.model.tools import Tool, Verb

__all__ = [
    "CallFacts",
    "ImageConfig",
    "ImageRef",
    "Invocation",
    "Model",
    "Mount",
    "Option",
    "Package",
    "RunFacts",
    "Stage",
    "State",
    "Tool",
    "Verb",
]

_HOMES = {
    "CallFacts": "calls",
    "ImageConfig": "observable",
    "ImageRef": "images",
    "Invocation": "packages",
    "Mount": "mounts",
    "Option": "packages",
    "Package": "requirements",
    "RunFacts": "runs",
    "Stage": "stages",
    "State": "state",
    "Tool": "tools",
    "Verb": "tools",
}


def __getattr__(name: str) -> object:
    """Load one of the names above from the module that defines it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
