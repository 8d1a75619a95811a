"""Reads the database as it was at one moment, however long that takes."""

from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot():
    """Inside, every statement sees the same state, and others go on saving meanwhile.

    Within a transaction that has begun already it is the state which that one sees.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        # Usually a transaction takes the write lock at its start; who only reads needs none.
        connection.ensure_connection()
        usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = usual
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
