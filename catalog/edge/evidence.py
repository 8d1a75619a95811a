"""What a page was made of: if that has not changed, the page has not either."""

import hashlib
import zlib
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import NamedTuple

from django.conf import settings
from django.db import connections

from ..models.prepared import ask, is_prepared
from ..time_limits import limit_statements


class Question(NamedTuple):
    """A statement that was asked for a page, and a digest of what it gave.

    ``moment`` tells where its ``parameters`` say what time it is. The text is packed, since it
    would take more memory than the page. Of one that ``is_prepared`` the server may have the plan.
    """

    packed: bytes
    parameters: tuple
    moment: tuple[int, ...]
    digest: bytes
    is_prepared: bool

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return len(self.packed) + 64 * len(self.parameters) + 300

    def ask(self, connection, now) -> list:
        parameters = list(self.parameters)
        for place in self.moment:
            parameters[place] = now
        sql = zlib.decompress(self.packed).decode()
        if self.is_prepared:
            return ask(connection, sql, parameters)
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchall()


class Evidence:
    """The statements that a page was made of, with a digest of what each of them gave.

    A page is a function of what was asked for, the day and what the database says. To ask the
    same once more takes a fraction of the time of making the page.
    """

    def __init__(self, moment):
        self._moment = moment
        self._questions = []
        self._is_whole = True

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return sum(question.size for question in self._questions)

    @contextmanager
    def gathering(self):
        """Inside, this thread's statements are written down."""
        with ExitStack() as wrapped:
            for connection in connections.all():
                wrapped.enter_context(connection.execute_wrapper(self._gather))
            yield

    def still_holds(self, alias: str, moment) -> bool:
        """Whether the database says the same at ``moment``.

        Raises django.db.Error, also where a statement takes too long.
        """
        connection = connections[alias]
        now = _told(connection, moment)
        # They may take longer now, as those of any public page.
        with limit_statements(settings.STATEMENT_TIMEOUT):
            return self._is_whole and all(
                _digest(question.ask(connection, now)) == question.digest
                for question in self._questions
            )

    def _gather(self, execute, sql, parameters, many, context):
        result = execute(sql, parameters, many, context)
        cursor = context["cursor"]
        inner = cursor.cursor.cursor if isinstance(cursor.cursor, _Read) else cursor.cursor
        if many or inner.description is None:
            self._is_whole = False  # it has done something, which cannot be asked again
            return result
        # SQLite works on while rows are read, so it may be cut off here too.
        with context["connection"].wrap_database_errors:
            rows = inner.fetchall()
        cursor.cursor = _Read(inner, rows)
        parameters = tuple(parameters or ())
        told = _told(context["connection"], self._moment)
        moment = tuple(place for place, value in enumerate(parameters) if value == told)
        packed = zlib.compress(sql.encode(), level=1)
        self._questions.append(
            Question(
                packed, parameters, moment, _digest(rows), is_prepared(inner, context["connection"])
            )
        )
        return result


class _Read:
    """A cursor whose rows have been read."""

    def __init__(self, cursor, rows):
        self.cursor = cursor
        self._rows = iter(rows)

    def __iter__(self):
        return self._rows

    def __getattr__(self, name):
        return getattr(self.cursor, name)

    def fetchone(self):
        return next(self._rows, None)

    def fetchmany(self, size=1):
        return list(islice(self._rows, size))

    def fetchall(self):
        return list(self._rows)


def _told(connection, moment):
    """``moment`` as a parameter of a statement."""
    return connection.ops.adapt_datetimefield_value(moment)


def _digest(rows):
    return hashlib.blake2b(repr(rows).encode(errors="surrogatepass"), digest_size=16).digest()
