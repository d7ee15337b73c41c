"""The command ``lsp``: the language server, when its library is installed."""

import os
import sys
from collections.abc import Mapping

from dockeropt.cli.exitcodes import ERROR, OK
from dockeropt.cli.options import Request
from dockeropt.cli.settings import settings_of
from dockeropt.config import Settings
from dockeropt.errors import ConfigError, DockeroptError

CUT_OFF = 1
"""Told to exit without having been asked to shut down: the code that the protocol asks for."""


def lsp(request: Request) -> int:
    """Answer an editor until it says goodbye; return the exit code."""
    try:
        _need_pygls()
        given = vars(request)

        def settings(wishes: Mapping[str, object]) -> Settings:
            wanted = Request("lsp")
            for name, value in {**given, **wishes}.items():
                setattr(wanted, name, value)
            return settings_of(wanted, os.environ)

        from dockeropt.server.app import serve

        return OK if serve(settings) else CUT_OFF
    except DockeroptError as error:
        sys.stderr.write(f"error: {error}\n")
        return ERROR


def _need_pygls() -> None:
    from importlib.util import find_spec

    if find_spec("pygls") is None:
        raise ConfigError(
            "the language server needs pygls, which is not installed",
            hint="pip install 'dockeropt[lsp]'",
        )
