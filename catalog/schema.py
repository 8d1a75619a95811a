"""Which migrations this version of the code has."""

from functools import cache
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.db.migrations.loader import MigrationLoader


@cache
def migrations_known() -> set[tuple[str, str]]:
    """(app, name) of all that there are; none is loaded, which would take memory for good."""
    known = set()
    for app in apps.get_app_configs():
        module, _ = MigrationLoader.migrations_module(app.label)
        if (spec := find_spec(module)) is not None:
            found = iter_modules(spec.submodule_search_locations)
            known |= {(app.label, it.name) for it in found if it.name[0] not in "_~"}
    return known
