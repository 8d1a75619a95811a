"""What a backup asks of a database, whichever it is."""

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import Error, connection
from django.db.migrations.recorder import MigrationRecorder

from ..models import Revision, SearchEntry, SearchWord
from ..models.search_index import TABLE as TERMS
from . import postgresql, sqlite
from .problems import BackupError

_ENGINES = {"sqlite": sqlite, "postgresql": postgresql}
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}

# What SQLite knows of its own tables, once it has been asked to (``PRAGMA optimize``).
_STATISTICS = "sqlite_"


def engine_of(vendor: str):
    """The module with ``copy_out``, ``look_into`` and ``put_back`` for a database of ``vendor``."""
    return _ENGINES[vendor]


def tables() -> list[str]:
    """Those of all models, as far as the database has them."""
    return sorted(connection.introspection.django_table_names(only_existing=True))


def kinds() -> list:
    """The models whose rows people have entered: the catalogue's, and accounts."""
    made_anew = (Revision, SearchEntry, SearchWord)
    found = [it for it in apps.get_app_config("catalog").get_models() if it not in made_anew]
    return [*found, get_user_model()]


def named(migrations) -> list[str]:
    """ "app.name" of each of the pairs."""
    return sorted(f"{app}.{name}" for app, name in migrations)


def migrations_applied() -> list[str]:
    return named(MigrationRecorder(connection).applied_migrations())


def what_is_there() -> dict[str, int]:
    """The rows that the database holds now, by the plural names of their kinds.

    Tables of others are told even if they are empty: a restore takes them away.
    """
    present = {*tables()}
    counts = {}
    for model in kinds():
        if model._meta.db_table in present:
            number = model._base_manager.count()
            if number:
                counts[str(model._meta.verbose_name_plural)] = number
    return counts | {f"in {name}, a table of something else": rows for name, rows in _of_others()}


def _of_others():
    """(table, rows) of each that belongs to no model, nor to what search reads."""
    own = {
        *connection.introspection.django_table_names(),
        MigrationRecorder.Migration._meta.db_table,
    }
    left_out = (TERMS, _STATISTICS) if connection.vendor == "sqlite" else TERMS
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            if name not in own and not name.startswith(left_out):
                table = connection.ops.quote_name(name)
                cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608 - quoted
                yield name, cursor.fetchone()[0]


def present_revision() -> int:
    try:
        return Revision.objects.current()
    except Error:
        return 0  # a database that has no tables yet


def assert_reachable():
    try:
        connection.ensure_connection()
    except Error as error:
        raise BackupError(f"The database cannot be opened: {error}") from error
