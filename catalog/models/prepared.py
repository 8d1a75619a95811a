"""Statements whose plans PostgreSQL keeps.

To find a plan for ten joined tables takes it several times as long as to follow that. A statement
that is sent again and again, the same but for its values, is handed over with these apart: each
connection then has it planned once. SQLite has nothing of the kind, and needs none.
"""

import re
from functools import cache

from django.conf import settings
from django.db import NotSupportedError

# A connection has a statement prepared when it is sent for the second time; the first may be the
# last, and to prepare one is another trip to the server.
_THRESHOLD = 1

# What psycopg reads: values, and percent signs that are none.
_PLACE = re.compile("%[s%]")


def with_constants(sql, parameters, is_constant, connection):
    """``sql`` and its ``parameters``, of which those that never change stand in the text.

    The plan of a prepared statement is made for any values. It is the better for knowing these:
    an index of the published alone serves only who asks for the published.
    """
    if connection.vendor != "postgresql":
        return sql, tuple(parameters)
    rest = iter(parameters)
    kept = []

    def filled_in(match):
        if match[0] == "%%":
            return "%%"
        value = next(rest)
        if is_constant(value):
            return connection.ops.compose_sql("%s", [value]).replace("%", "%%")
        kept.append(value)
        return "%s"

    return _PLACE.sub(filled_in, sql), tuple(kept)


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
