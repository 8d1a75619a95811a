"""How long a statement may take: the databases cut off what takes longer.

A limit holds for the statements of one ``with`` block, on every connection of its thread, and for
each statement by itself. Commands are never within one.
"""

from contextlib import ExitStack, contextmanager
from time import monotonic
from weakref import WeakKeyDictionary

from django.db import connections

# As many steps of SQLite's machine take a millisecond or so.
_STEPS_BETWEEN_LOOKS = 20_000


@contextmanager
def limit_statements(seconds: float):
    """Within it no statement takes longer than ``seconds``; 0 leaves it to the database.

    What takes longer raises an ``OperationalError``.
    """
    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(_LIMITS[connection.vendor](connection, seconds))
        yield


# The limit that each session of PostgreSQL has by now, in milliseconds; one that is not here has
# that of its server. It outlasts the block, so that not every request has to set it.
_set_on = WeakKeyDictionary()


@contextmanager
def _on_postgresql(connection, seconds):
    milliseconds = int(seconds * 1000)

    def limited(execute, sql, params, many, context):
        session = connection.connection
        if _set_on.get(session, 0) != milliseconds:
            value = milliseconds or "DEFAULT"
            # Past Django's cursor, which would call this again; what fails is told as it tells it.
            with connection.wrap_database_errors:
                if connection.in_atomic_block:
                    # A rollback would take it back unnoticed.
                    session.execute(f"SET LOCAL statement_timeout TO {value}")
                else:
                    session.execute(f"SET statement_timeout TO {value}")
                    _set_on[session] = milliseconds
        return execute(sql, params, many, context)

    with connection.execute_wrapper(limited):
        yield


@contextmanager
def _on_sqlite(connection, seconds):
    """SQLite has no limit of its own, but asks now and then whether to go on."""
    if not seconds:
        yield
        return
    end = 0.0
    watched = None

    def limited(execute, sql, params, many, context):
        nonlocal end, watched
        if watched is not connection.connection:
            watched = connection.connection
            watched.set_progress_handler(lambda: monotonic() > end, _STEPS_BETWEEN_LOOKS)
        end = monotonic() + seconds
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(limited):
            yield
    finally:
        if watched is not None and watched is connection.connection:
            watched.set_progress_handler(None, 0)


_LIMITS = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}
