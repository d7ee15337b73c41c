"""Rewrite Dockerfiles into smaller, faster, safer ones, and say why each change may be trusted.

The names in ``__all__`` are the public API; those who write passes find theirs in
``dockeropt.rewrite``. Nothing is loaded before it is asked for, so
``import dockeropt`` costs next to nothing.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockeropt.api import (
        check_str,
        estimate,
        fix_file,
        fix_paths,
        fix_python,
        fix_str,
        list_passes,
        parse,
    )
    from dockeropt.config import Options, load_options
    from dockeropt.errors import ConfigError, DockeroptError, FileProblem, PassError, SyntaxProblem
    from dockeropt.estimates.records import Estimate
    from dockeropt.project.context import BuildContext, InMemory
    from dockeropt.project.directory import Directory
    from dockeropt.results import FixResult
    from dockeropt.rewrite.fix import Applicability, Effect, Evidence, FileChange, Finding, Fix
    from dockeropt.rewrite.passes import Category, PassInfo
    from dockeropt.rewrite.result import Applied, Leftover, Rejection, Step
    from dockeropt.syntax.nodes import Dockerfile
    from dockeropt.syntax.visitor import RemoveFromParent, Replace, Transformer, Visitor
    from dockeropt.text import Edit, Position, Source, Span

__version__ = "0.1.0"

__all__ = [
    "Applicability",
    "Applied",
    "BuildContext",
    "Category",
    "ConfigError",
    "Directory",
    "Dockerfile",
    "DockeroptError",
    "Edit",
    "Effect",
    "Estimate",
    "Evidence",
    "FileChange",
    "FileProblem",
    "Finding",
    "Fix",
    "FixResult",
    "InMemory",
    "Leftover",
    "Options",
    "PassError",
    "PassInfo",
    "Position",
    "Rejection",
    "RemoveFromParent",
    "Replace",
    "Source",
    "Span",
    "Step",
    "SyntaxProblem",
    "Transformer",
    "Visitor",
    "check_str",
    "estimate",
    "fix_file",
    "fix_paths",
    "fix_python",
    "fix_str",
    "list_passes",
    "load_options",
    "parse",
]

_HOMES = {
    "dockeropt.api": "check_str estimate fix_file fix_paths fix_python fix_str list_passes parse",
    "dockeropt.config": "Options load_options",
    "dockeropt.estimates.records": "Estimate",
    "dockeropt.errors": "ConfigError DockeroptError FileProblem PassError SyntaxProblem",
    "dockeropt.project.context": "BuildContext InMemory",
    "dockeropt.project.directory": "Directory",
    "dockeropt.results": "FixResult",
    "dockeropt.rewrite.fix": "Applicability Effect Evidence FileChange Finding Fix",
    "dockeropt.rewrite.passes": "Category PassInfo",
    "dockeropt.rewrite.result": "Applied Leftover Rejection Step",
    "dockeropt.syntax.nodes": "Dockerfile",
    "dockeropt.syntax.visitor": "RemoveFromParent Replace Transformer Visitor",
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
