"""The shell language of RUN scripts: parser, questions, quoting, joining; no Docker here."""

from dockeropt.shell.nodes import Dialect, Script
from dockeropt.shell.parser import parse

__all__ = ["Dialect", "Script", "parse"]
