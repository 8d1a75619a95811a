"""Counting that costs no more in a large catalogue than in a small one."""

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Q, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.lookups import IsNull

# Stands for the option in what count_each asks.
THE_OPTION = RawSQL("choice.column1", ())

# Beyond this, a number tells a visitor no more than "many" does.
MOST_ROWS = 5_000

# Whether something has been met by someone who told how far they are takes longer to ask.
_TIMES_COSTLIER = 10

# The options of one filter are counted to the first of these bounds that lets all of them together
# read no more than so many rows: what they cost does not grow with their number.
_BOUNDS = (1_000, 500, 200, 100, 50)
_ROWS_FOR_ALL_OPTIONS = 2_000


class Bounded(int):
    """A count that stopped at its bound when ``is_more`` is true; it prints as "1,000+" then."""

    is_more = False

    @classmethod
    def of(cls, number: int, most: int):
        bounded = cls(min(number, most))
        bounded.is_more = number > most
        return bounded

    @classmethod
    def at_least(cls, number: int, *, is_more: bool):
        bounded = cls(number)
        bounded.is_more = is_more
        return bounded

    def up_to(self, most: int):
        """The same, stopped at ``most``."""
        return type(self).at_least(min(self, most), is_more=self.is_more or self > most)

    def __add__(self, other):
        total = type(self)(int(self) + int(other))
        total.is_more = self.is_more or getattr(other, "is_more", False)
        return total

    def __str__(self):
        return f"{int(self):,}{'+' if self.is_more else ''}"


def most_counted_for(audience, most=MOST_ROWS) -> int:
    """How far rows are counted for ``audience``, where others have them counted to ``most``."""
    return most if audience.progress is None else most // _TIMES_COSTLIER


def bounded_count(queryset, most=MOST_ROWS) -> Bounded:
    """How many rows ``queryset`` has, counted to ``most`` at the furthest; one statement."""
    return Bounded.of(queryset.order_by()[: most + 1].count(), most)


def has_any(rows, column: str) -> Q:
    """The condition that there are any of ``rows``, which an ``OuterRef`` ties to the outer row.

    ``column`` is one of theirs that is never null. Each outer row is asked by itself, and so no
    more of them than a page or a bound needs. Of ``Exists`` PostgreSQL may first make a table of
    all that have any, which takes as long as there are rows.
    """
    return Q(IsNull(Subquery(rows.values(column)[:1]), False))


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


def count_tied(entries, ties) -> tuple[int, dict]:
    """How many there are of ``entries``, and of those tied to each option: one statement.

    ``entries`` are querysets of their keys, any of which may have one; None stands for all that
    are tied. ``ties`` holds by name what is asked: groups of querysets, each with the paths at
    which its rows name the option and the entry. Each group must tie the two, any queryset of it
    is enough. Gives {name: {option as text: number}}; an option that ties none is not there.
    """
    counts = {name: {} for name in ties}
    statement = _Statement()
    if entries is not None:
        if not statement.add("entries (pk)", entries):
            return 0, counts
        statement.select("SELECT '', '', COUNT(*) FROM entries")
    names = {f"tied_{place}": name for place, name in enumerate(ties)}
    for table, name in names.items():
        groups = [
            [
                _pairs(rows, option, entry, are_cut=entries is not None)
                for rows, option, entry in group
            ]
            for group in ties[name]
        ]
        if statement.add(f"{table} (option, entry)", *groups):
            statement.select(
                f"SELECT '{table}', CAST(option AS text), COUNT(DISTINCT entry) "  # noqa: S608 - no value in it
                f"FROM {table} GROUP BY option"
            )
    number = 0
    for table, option, found in statement.rows():
        if table:
            counts[names[table]][option] = found
        else:
            number = found
    return number, counts


def _pairs(rows, option, entry, *, are_cut):
    if are_cut:
        rows = rows.filter(**{f"{entry}__in": RawSQL("SELECT pk FROM entries", ())})
    return rows.order_by().values_list(option, entry)


class _Statement:
    """Selects that read the same tables, made of querysets and named in the statement itself."""

    def __init__(self):
        self._tables, self._params, self._selects = [], [], []

    def add(self, table, *groups):
        """Name the rows that each of ``groups`` has in any of its querysets, each row once.

        False when there cannot be any.
        """
        unions = [self._union(group) for group in groups]
        if not all(sql for sql, _ in unions):
            return False
        rows = " INTERSECT ".join(f"SELECT * FROM ({sql}) AS of_group" for sql, _ in unions)  # noqa: S608 - no value in it
        self._params += [value for _, params in unions for value in params]
        self._tables.append(f"{table} AS ({rows})")
        return True

    def _union(self, querysets):
        arms, values = [], []
        for queryset in querysets:
            try:
                sql, params = queryset.query.get_compiler(queryset.db).as_sql()
            except EmptyResultSet:
                continue
            self._connection = connections[queryset.db]
            # SQLite takes no LIMIT inside a UNION, but inside what stands there.
            arms.append(f"SELECT * FROM ({sql}) AS arm")  # noqa: S608 - no value in it
            values += params
        return " UNION ".join(arms), values

    def select(self, sql):
        self._selects.append(sql)

    def rows(self):
        if not self._tables:
            return []
        sql = f"WITH {', '.join(self._tables)} {' UNION ALL '.join(self._selects)}"
        with self._connection.cursor() as cursor:
            cursor.execute(sql, self._params)
            return cursor.fetchall()
