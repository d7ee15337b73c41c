"""The examples in docstrings do what they say."""

import doctest
import importlib
import pkgutil

import pytest

import dockeropt

MODULES = [
    module.name
    for module in pkgutil.walk_packages(dockeropt.__path__, "dockeropt.")
    if not module.name.startswith("dockeropt.passes.") and not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings(name: str) -> None:
    failed, _ = doctest.testmod(importlib.import_module(name))
    assert not failed
