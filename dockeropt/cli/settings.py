"""From a command line and the environment to settings: who beats whom is decided here.

The command line beats the environment, the environment beats a file, a file beats the
defaults. A ``select`` on the command line also silences what a file ignores.
"""

import os
from collections.abc import Mapping

from dockeropt.cli.options import TABLE, Opt, Request
from dockeropt.config import Settings, user_folder
from dockeropt.errors import ConfigError

_SELECTORS = ("select", "extend_select", "ignore", "fixable", "unfixable")
_TRUE = frozenset({"1", "true", "yes", "on"})
_FALSE = frozenset({"", "0", "false", "no", "off"})


def settings_of(request: Request, environment: Mapping[str, str]) -> Settings:
    """Return where the options of each file come from.

    The values that the environment gives are filled into ``request`` first.

    Raises:
        ConfigError: A value has no meaning, a pass is unknown, a file is missing or wrong.
    """
    fill_from_environment(request, environment)
    file, changes = _config(request)
    for name in _SELECTORS:
        given: tuple[str, ...] = getattr(request, name)
        if given:
            changes[name] = _selectors(given)
    if request.select:
        changes.setdefault("extend_select", ())
        changes.setdefault("ignore", ())
    for name in ("exclude", "extend_exclude"):
        given = getattr(request, name)
        if given:
            changes[name] = _patterns(given)
    for name, value in (
        ("unsafe_fixes", request.unsafe),
        ("force_exclude", request.force_exclude),
        ("respect_gitignore", request.respect_gitignore),
        ("output_format", request.output_format),
        ("fail_level", request.fail_level),
        ("target", request.target),
        ("context", request.context),
    ):
        if value is not None:
            changes[name] = value
    if request.context is not None and not os.path.isdir(request.context):
        hint = "name the folder that `docker build` is given"
        raise ConfigError("no such folder", path=request.context or "--context", hint=hint)
    if request.build_arg:
        changes["build_args"] = dict(map(_build_arg, request.build_arg))
    return Settings(
        file=file, changes=changes, isolated=request.isolated, user_folder=user_folder(environment)
    )


def fill_from_environment(request: Request, environment: Mapping[str, str]) -> None:
    """Set what the command line does not say and a ``DOCKEROPT_…`` variable does."""
    said = vars(request)
    for option in TABLE:
        if option.env and option.name not in said and option.env in environment:
            value = environment[option.env]
            if value or option.kind == "switch":
                setattr(request, option.name, _environment_value(option, value))


def _environment_value(option: Opt, value: str) -> object:
    if option.kind == "switch":
        word = value.strip().lower()
        if word not in _TRUE | _FALSE:
            raise ConfigError(f"{option.env}={value} is neither true nor false", hint="use 1 or 0")
        return word in _TRUE
    if option.kind == "int":
        if not value.isdigit() or not 0 < int(value) < 1000:
            raise ConfigError(
                f"{option.env}={value} is no number of processes", hint="use a number from 1 to 999"
            )
        return int(value)
    if option.choices and value not in option.choices:
        raise ConfigError(f"{option.env}={value} is unknown", hint=f"use one of {', '.join(option.choices)}")
    return (value,) if option.kind == "list" else value


def _config(request: Request) -> tuple[str, dict[str, object]]:
    """Tell files from settings among the values of ``--config``."""
    from dockeropt.config import parse_override

    file = ""
    changes: dict[str, object] = {}
    for value in request.config:
        if os.path.isfile(value):
            if file:
                raise ConfigError(
                    f"--config names two files, {file} and {value}", hint="let one extend the other"
                )
            file = value
        elif "=" in value:
            changes.update(parse_override(value))
        else:
            raise ConfigError("no such configuration file", path=value, hint="a setting is written KEY=VALUE")
    if file and request.isolated:
        raise ConfigError("--config FILE and --isolated exclude each other", hint="take one of them away")
    return file, changes


def _selectors(given: tuple[str, ...]) -> tuple[str, ...]:
    from dockeropt.rewrite.registry import is_foreign_code, load_registry

    words = _split(given)
    for word in words:
        if not is_foreign_code(word):
            load_registry().resolve(word)
    return words


def _patterns(given: tuple[str, ...]) -> tuple[str, ...]:
    from dockeropt.configkeys import rooted

    return tuple([rooted(pattern, os.getcwd()) for pattern in _split(given)])


def _split(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple([part.strip() for value in given for part in value.split(",") if part.strip()])


def _build_arg(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise ConfigError(f"--build-arg {text}: no value", hint="write NAME=VALUE")
    return name, value
