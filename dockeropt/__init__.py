"""Rewrite Dockerfiles into smaller, faster, safer ones, and say why each change may be trusted.

The names in ``__all__`` are the public API. Nothing is loaded before it is asked for, so
``import dockeropt`` costs next to nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockeropt.api import check_str, fix_file, fix_paths, fix_str, parse, passes
    from dockeropt.config import Options, load_options
    from dockeropt.errors import ConfigError, DockeroptError, FileProblem, PassError, SyntaxProblem
    from dockeropt.results import FixResult
    from dockeropt.rewrite.context import Context
    from dockeropt.rewrite.fix import Applicability, Effect, Evidence, Finding, Fix
    from dockeropt.rewrite.passes import Category, PassInfo, Phase, rewrite
    from dockeropt.rewrite.result import Applied, Leftover, Rejection, Step
    from dockeropt.syntax.nodes import Dockerfile
    from dockeropt.text import Edit, Position, Source, Span

__version__ = "0.1.0"

__all__ = [
    "Applicability",
    "Applied",
    "Category",
    "ConfigError",
    "Context",
    "Dockerfile",
    "DockeroptError",
    "Edit",
    "Effect",
    "Evidence",
    "FileProblem",
    "Finding",
    "Fix",
    "FixResult",
    "Leftover",
    "Options",
    "PassError",
    "PassInfo",
    "Phase",
    "Position",
    "Rejection",
    "Source",
    "Span",
    "Step",
    "SyntaxProblem",
    "check_str",
    "fix_file",
    "fix_paths",
    "fix_str",
    "load_options",
    "parse",
    "passes",
    "rewrite",
]

_HOMES = {
    "dockeropt.api": "check_str fix_file fix_paths fix_str parse passes",
    "dockeropt.config": "Options load_options",
    "dockeropt.errors": "ConfigError DockeroptError FileProblem PassError SyntaxProblem",
    "dockeropt.results": "FixResult",
    "dockeropt.rewrite.context": "Context",
    "dockeropt.rewrite.fix": "Applicability Effect Evidence Finding Fix",
    "dockeropt.rewrite.passes": "Category PassInfo Phase rewrite",
    "dockeropt.rewrite.result": "Applied Leftover Rejection Step",
    "dockeropt.syntax.nodes": "Dockerfile",
    "dockeropt.text": "Edit Position Source Span",
}


def __getattr__(name: str) -> object:
    for module, names in _HOMES.items():
        if name in names.split():
            from importlib import import_module

            value: object = getattr(import_module(module), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module 'dockeropt' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
