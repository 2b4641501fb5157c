"""Importing what declares itself."""

from importlib import import_module
from pkgutil import iter_modules


def import_all(package: str) -> None:
    """Every module of a package: workers must know what web processes get to know through their addresses."""
    for found in iter_modules(import_module(package).__path__):
        import_module(f"{package}.{found.name}")
