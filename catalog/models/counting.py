"""Counting that costs no more in a large catalogue than in a small one."""

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models.expressions import RawSQL

# Stands for the option in what count_each asks.
THE_OPTION = RawSQL("choice.column1", ())

# Beyond this, a number tells a visitor no more than "many" does.
MOST_ROWS = 10_000

# The options of one filter are counted to the first of these bounds that lets all of them together
# read no more than so many rows: what they cost does not grow with their number.
_BOUNDS = (1_000, 500, 200, 100, 50)
_ROWS_FOR_ALL_OPTIONS = 4_000


class Bounded(int):
    """A count that stopped at its bound when ``is_more`` is true; it prints as "1,000+" then."""

    is_more = False

    @classmethod
    def of(cls, number: int, most: int):
        bounded = cls(min(number, most))
        bounded.is_more = number > most
        return bounded

    def __add__(self, other):
        total = type(self)(int(self) + int(other))
        total.is_more = self.is_more or getattr(other, "is_more", False)
        return total

    def __str__(self):
        return f"{int(self):,}{'+' if self.is_more else ''}"


def bounded_count(queryset, most=MOST_ROWS) -> Bounded:
    """How many rows ``queryset`` has, counted to ``most`` at the furthest; one statement."""
    return Bounded.of(queryset.order_by()[: most + 1].count(), most)


def bound_for(number: int) -> int:
    """How far each of ``number`` options is counted."""
    affordable = (most for most in _BOUNDS if most * number <= _ROWS_FOR_ALL_OPTIONS)
    return next(affordable, _BOUNDS[-1])


def count_each(chosen, options, most) -> dict:
    """How many rows ``chosen`` gives for each of ``options``: {option: Bounded}.

    ``chosen`` makes a queryset of an option, which it gets as an expression to filter by.
    All options are asked in one statement, which reads no more than ``most`` rows for each.
    """
    options = list(options)
    if not options:
        return {}
    rows = chosen(THE_OPTION).order_by()[: most + 1]
    try:
        sql, params = rows.query.get_compiler(rows.db).as_sql()
    except EmptyResultSet:
        return dict.fromkeys(options, Bounded.of(0, most))
    # VALUES names its column so on both databases.
    statement = (
        f"SELECT choice.column1, (SELECT COUNT(*) FROM ({sql}) AS found) "  # noqa: S608 - no value in it
        f"FROM (VALUES {', '.join(['(%s)'] * len(options))}) AS choice"
    )
    with connections[rows.db].cursor() as cursor:
        cursor.execute(statement, [*params, *options])
        return {option: Bounded.of(number, most) for option, number in cursor.fetchall()}
