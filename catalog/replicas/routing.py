"""Where a statement goes: to the replica that a public page is read from, or to the primary."""

from contextlib import contextmanager
from contextvars import ContextVar

from django.db import DEFAULT_DB_ALIAS

_source = ContextVar("source", default=DEFAULT_DB_ALIAS)

# What public pages read. Sessions and accounts are of editors, who read what they have just saved.
_PUBLIC = frozenset({"catalog", "contenttypes"})


@contextmanager
def reading_from(alias: str):
    """Within the block, this thread reads the catalogue from the database ``alias``.

    What it writes goes to the primary all the same, so a row that was read from a replica can be
    saved.
    """
    token = _source.set(alias)
    try:
        yield
    finally:
        _source.reset(token)


class Router:
    """Django's way to ask; in the settings only where there are replicas."""

    def db_for_read(self, model, **hints):
        # Never where the row came from that the hints name: it may be a replica's, and out of the
        # block what hangs on it is an editor's to read.
        return _source.get() if model._meta.app_label in _PUBLIC else DEFAULT_DB_ALIAS

    def db_for_write(self, model, **hints):
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one, other, **hints):
        return True  # all hold the same rows

    def allow_migrate(self, db, app_label, **hints):
        return db == DEFAULT_DB_ALIAS
