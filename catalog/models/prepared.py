"""Statements whose plans PostgreSQL keeps.

To find a plan for ten joined tables takes it several times as long as to follow that. A statement
that is sent again and again, the same but for its values, is handed over with these apart: each
connection then has it planned once. SQLite has nothing of the kind, and needs none.
"""

from functools import cache

from django.conf import settings
from django.db import NotSupportedError

# A connection has a statement prepared when it is sent for the second time; the first may be the
# last, and to prepare one is another trip to the server.
_THRESHOLD = 1


def ask(connection, sql, values) -> list:
    """The rows that ``sql`` gives with ``values``; the server may keep its plan."""
    try:
        return _rows(connection, sql, values)
    except NotSupportedError:
        # A column has another type than when it was planned: "cached plan must not change result
        # type". Nothing but a new connection forgets all of that.
        if connection.in_atomic_block:
            raise
        connection.close()
        return _rows(connection, sql, values)


def is_prepared(cursor, connection) -> bool:
    """Whether psycopg's ``cursor`` is one of ``ask``."""
    return connection.vendor == "postgresql" and isinstance(
        cursor, _preparing(connection.Database.Cursor)
    )


def _rows(connection, sql, values):
    with _cursor(connection) as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _cursor(connection):
    """A cursor of Django's that has statements prepared, where the database can."""
    can = connection.vendor == "postgresql" and settings.PREPARED_STATEMENTS
    # psycopg knows no text of what it had prepared, and a log wants one, with its values.
    if not can or connection.queries_logged:
        return connection.cursor()
    connection.ensure_connection()
    session = connection.connection
    usual = session.cursor_factory
    session.cursor_factory = _preparing(connection.Database.Cursor)
    try:
        return connection.cursor()
    finally:
        session.cursor_factory = usual


@cache
def _preparing(cursor_class):
    """The cursor of psycopg that sends values apart, and has what it sends prepared.

    Django's own puts them into the text: to count those that come again, and to keep the plans of
    such as do, would be for nothing.
    """

    class PreparingCursor(cursor_class):
        def execute(self, *args, **options):
            usual = self.connection.prepare_threshold
            self.connection.prepare_threshold = _THRESHOLD
            try:
                return super().execute(*args, **options)
            finally:
                self.connection.prepare_threshold = usual

    return PreparingCursor
