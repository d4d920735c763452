"""Loads the extension module: the only one, or, of a wheel that holds builds for several levels of
x86-64, the one for this processor."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.machinery import ExtensionFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

LEVELS = os.path.join(os.path.dirname(__file__), "_levels")


def of_level(level: str) -> ModuleType:
    """The build for a level, which is a file `_levels/LEVEL.so`."""
    path = os.path.join(LEVELS, f"{level}.so")
    name = "leanvm._native"
    spec = spec_from_file_location(name, path, loader=ExtensionFileLoader(name, path))
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no extension module")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load() -> ModuleType:
    if not os.path.isdir(LEVELS):
        return import_module("leanvm._native")
    # It runs everywhere, and knows what each level needs.
    baseline = of_level("baseline")
    try:
        level = baseline._choose()
    except ValueError as error:
        raise ImportError(str(error)) from None
    return baseline if level == "baseline" else of_level(level)


native = load()
