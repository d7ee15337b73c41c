"""The fixtures of the command line's tests serve here as well."""

from tests.cli.conftest import files, here, run

__all__ = ["files", "here", "run"]
