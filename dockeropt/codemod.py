"""A LibCST codemod: ``python -m libcst.tool codemod dockeropt.codemod.OptimizeEmbeddedDockerfiles FILE…``.

LibCST finds it with ``-x``, or by the file that ``dockeropt init --only libcst`` writes. For projects that change their Python files with LibCST's tool anyway; ``dockeropt fix FILE…`` does the same
without it. Invariant: a module is replaced as a whole by what :func:`dockeropt.fix_python` answers.
"""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import libcst as cst
from libcst.codemod import CodemodContext, SkipFile, VisitorBasedCodemodCommand

from dockeropt.api import fix_python
from dockeropt.config import Options

if TYPE_CHECKING:
    from argparse import ArgumentParser


class OptimizeEmbeddedDockerfiles(VisitorBasedCodemodCommand):
    """Fix the Dockerfiles in the string literals of a module.

    Args:
        context: What LibCST knows of the run.
        unsafe: Whether to make unsafe fixes, too.
        select: Passes or categories to run instead of the usual ones, each may hold several with commas.
        ignore: Passes not to run.

    Raises:
        ConfigError: A pass does not exist.
    """

    DESCRIPTION = "Fix the Dockerfiles in string literals (dockeropt)."

    @staticmethod
    def add_args(arg_parser: "ArgumentParser") -> None:
        """Add the options of ``dockeropt fix`` that make sense here."""
        arg_parser.add_argument(
            "--unsafe", action="store_true", help="Also make changes that may change the image."
        )
        arg_parser.add_argument("--select", action="append", default=[], metavar="PASS", help="Passes or categories to run, instead of the usual ones.")  # fmt: skip
        arg_parser.add_argument(
            "--ignore", action="append", default=[], metavar="PASS", help="Passes not to run."
        )

    def __init__(
        self,
        context: CodemodContext,
        unsafe: bool = False,  # noqa: FBT001, FBT002 - LibCST passes what add_args names
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
    ) -> None:
        super().__init__(context)
        default = Options()
        self._options = Options(
            unsafe_fixes=unsafe,
            select=_split(select) or default.select,
            ignore=_split(ignore) or default.ignore,
        )

    def leave_Module(self, original_node: cst.Module, updated_node: cst.Module) -> cst.Module:
        """Return the module with its literals fixed, and warn of what is left."""
        path = self.context.filename or "module.py"
        result = fix_python(original_node.code, options=self._options, path=_python(path))
        if result.error is not None:
            raise SkipFile(str(result.error))
        for note in result.notes:
            self.warn(note)
        for left in result.leftover:
            self.warn(f"{path}:{left.line}:{left.column}: {left.finding.pass_id}: {left.finding.message}")
        if not result.changed:
            return updated_node
        return cst.parse_module(result.fixed, config=original_node.config_for_parsing)


def _split(names: Sequence[str]) -> tuple[str, ...]:
    return tuple([name.strip() for given in names for name in given.split(",") if name.strip()])


def _python(path: str) -> str:
    """Return a name that ends in ``.py``: LibCST reads ``.pyi`` and files without an ending, too."""
    return path if path.endswith(".py") else f"{path}.py"


# LibCST imports a command below the modules that .libcst.codemod.yaml names: with dockeropt.codemod among
# them, "dockeropt.codemod.OptimizeEmbeddedDockerfiles" is dockeropt.codemod.dockeropt.codemod to it.
sys.modules[f"{__name__}.dockeropt"] = sys.modules["dockeropt"]
sys.modules[f"{__name__}.dockeropt.codemod"] = sys.modules[__name__]
