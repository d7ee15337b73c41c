"""The command ``schema``: the JSON schemas of what dockeropt writes and reads.

Invariant: the schema of the configuration is made from the very tables that check it, so that an
editor and dockeropt say the same; a test compares the two key by key.
"""

import os
from collections.abc import Mapping

from dockeropt.cli.output import print_out

DRAFT = "https://json-schema.org/draft/2020-12/schema"

_TYPES: Mapping[str, dict[str, object]] = {
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "str": {"type": "string"},
}


def schema(name: str) -> int:
    """Print the schema called ``report``, ``config`` or ``verify``; return the exit code."""
    if name == "config":
        import json

        text = json.dumps(config_schema(), indent=2, ensure_ascii=False) + "\n"
    else:
        import dockeropt

        folder = os.path.join(os.path.dirname(os.path.abspath(dockeropt.__file__)), "render", "schemas")
        with open(os.path.join(folder, f"{name}.json"), encoding="utf-8") as file:
            text = file.read()
    print_out(text)
    return 0


def config_schema() -> dict[str, object]:
    """Return the schema of ``dockeropt.toml`` and of the table ``tool.dockeropt``."""
    from dockeropt.config import FAIL_LEVELS, OUTPUT_FORMATS, Options
    from dockeropt.rewrite.registry import load_registry

    registry = load_registry(plugins=False)
    names = sorted({"ALL", *registry.passes, *(p.info.category.value for p in registry)})
    names += sorted({alias.rpartition("/")[2] for p in registry for alias in p.info.aliases} - set(names))
    selectors: dict[str, object] = {"type": "array", "items": {"$ref": "#/$defs/pass"}}
    texts: dict[str, object] = {"type": "array", "items": {"type": "string"}}
    flag: dict[str, object] = {"type": "boolean"}
    text: dict[str, object] = {"type": "string"}
    kinds: dict[str, dict[str, object]] = {
        "select": selectors,
        "extend-select": selectors,
        "ignore": selectors,
        "fixable": selectors,
        "unfixable": selectors,
        "extend-safe-fixes": selectors,
        "extend-unsafe-fixes": selectors,
        "unsafe-fixes": flag,
        "exclude": texts,
        "extend-exclude": texts,
        "force-exclude": flag,
        "respect-gitignore": flag,
        "per-file-ignores": {"type": "object", "additionalProperties": selectors},
        "output-format": {"enum": list(OUTPUT_FORMATS)},
        "fail-level": {"enum": list(FAIL_LEVELS)},
        "passes": _passes(registry),
        "build-args": {"type": "object", "additionalProperties": text},
        "target": text,
        "context": text,
    }
    meanings = _meanings(Options.__doc__ or "")
    properties: dict[str, object] = {
        key: {**kind, "description": meanings.get(key.replace("-", "_"), "")} for key, kind in kinds.items()
    }
    properties["extend"] = {**text, "description": "A file to inherit from, relative to this one."}
    properties["required-version"] = {**text, "description": 'Versions that may be used, such as ">=0.1".'}
    return {
        "$schema": DRAFT,
        "title": "dockeropt configuration",
        "description": "dockeropt.toml, .dockeropt.toml, and the table tool.dockeropt of pyproject.toml.",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        "$defs": {
            "pass": {
                "description": "A pass, a category, ALL, or the name that another tool has for it.",
                "anyOf": [{"enum": names}, {"type": "string"}],
            }
        },
    }


def _passes(registry: object) -> dict[str, object]:
    from dockeropt.rewrite.passdoc import options_of
    from dockeropt.rewrite.registry import Registry

    assert isinstance(registry, Registry)
    properties: dict[str, object] = {}
    for p in registry:
        _ = p.function  # imports it: the catalogue does not know the options
        options: dict[str, object] = {
            option.name.replace("_", "-"): {**_type(option.type), "default": _plain(option.default)}
            for option in options_of(p.info.options)
        }
        properties[p.info.id] = {
            "type": "object",
            "description": p.info.summary,
            "properties": options,
            "patternProperties": {"_": {}} if options else {},  # underscores are as good as dashes
            "additionalProperties": False,
        }
    return {"type": "object", "properties": properties}


def _type(text: str) -> dict[str, object]:
    known = _TYPES.get(text)
    if known is not None:
        return dict(known)
    return {"type": "array"} if text.startswith(("list", "tuple")) else {}


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _meanings(docstring: str) -> dict[str, str]:
    """Read the ``Args`` section of a docstring: what each option means."""
    import re

    section = docstring.partition("Args:")[2]
    pieces = re.split(r"(?m)^ {8}(\w+): ", section)
    return {
        name: " ".join(re.sub(r":data:`(\w+)`", r"\1", meaning).split())
        for name, meaning in zip(pieces[1::2], pieces[2::2], strict=True)
    }
