"""What a database on SQLite wants done now and then; PostgreSQL sees to it by itself."""

from sqlite3 import OperationalError
from time import monotonic

from django.db import connection

_EVERY = 10 * 60  # seconds

# As many rows of an index are looked at for its statistics. So it is a matter of milliseconds,
# in which nobody can save.
_ROWS_OF_AN_INDEX = 400


class Upkeep:
    """A receiver of ``request_finished``: optimizes the database, at most once ``every`` seconds.

    The answer has been given by then, so nobody waits for it.
    """

    def __init__(self, every: float = _EVERY):
        self._every = every
        self._next = monotonic() + every

    def __call__(self, **_):
        # What the database wants, it knows of a connection that has asked it something.
        if monotonic() >= self._next and _is_free(connection):
            self._next = monotonic() + self._every
            optimize(connection)


def optimize(connection):
    """Have SQLite gather the statistics that it missed while planning statements.

    Those are of tables that it knows nothing of yet, or that have 25 times the rows that it knows
    of. While somebody saves, SQLite leaves it at once to the next time: it would not wait for the
    lock within what has begun by reading.
    """
    session = connection.connection
    try:
        session.execute(f"PRAGMA analysis_limit = {_ROWS_OF_AN_INDEX}")
        session.execute("PRAGMA optimize")
    except OperationalError:
        pass  # locked, read-only, or without room: nothing that pages depend on


def _is_free(connection):
    """Whether it is open, and a database on SQLite outside of any transaction."""
    return (
        connection.vendor == "sqlite"
        and connection.connection is not None
        and not connection.in_atomic_block
    )
