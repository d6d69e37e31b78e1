"""The rows of the table. A module here lists its own in ROWS; it is found by itself."""

import importlib
import pkgutil


def all_rows():
    modules = sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name)
    rows = [row for module in modules for row in importlib.import_module(f"{__name__}.{module.name}").ROWS]
    return {row.name: row for row in rows}
