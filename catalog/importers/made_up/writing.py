"""Writes very many rows that are known to be sound, without asking each model's ``save``."""

from collections import Counter, defaultdict
from itertools import chain
from typing import NamedTuple

from django.core.management.color import no_style
from django.db import connection, models

from ...models import SearchEntry

_AT_ONCE = 5_000
_IN_A_STATEMENT = 1_000


class Plain(NamedTuple):
    """A row of a kind with very many: its values by column, without a model's instance around.

    What it does not name has the model's default.
    """

    model: type[models.Model]
    values: dict


class Writer:
    """Takes rows in any order, with their keys set, and writes those of one model together.

    ``progress`` is told the model and the number of rows each time, ``people`` is how many there
    will be. Foreign keys are checked at the end of the transaction, so a row may come before what
    it points to.
    """

    def __init__(self, progress, people):
        _take_room(people)
        self.progress = progress
        self.written = Counter()
        self._waiting = defaultdict(list)

    def add(self, row: models.Model | Plain):
        model = row.model if isinstance(row, Plain) else type(row)
        waiting = self._waiting[model]
        waiting.append(row)
        if len(waiting) == _AT_ONCE:
            self._write(model)

    def finish(self):
        for model in [*self._waiting]:
            self._write(model)
        self._count_on()

    def _write(self, model):
        rows = self._waiting.pop(model)
        _insert(model, rows)
        if hasattr(model, "search_fields"):
            SearchEntry.objects.record(rows)
        self.written[model] += len(rows)
        self.progress(model, len(rows))

    def _count_on(self):
        """Let the database give the next keys after those that were given here."""
        statements = connection.ops.sequence_reset_sql(no_style(), list(self.written))
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)


def links(of, pk, targets):
    """The rows behind a many-to-many field: ``links(Person.sources, 1, [7])``.

    The database gives them keys of their own.
    """
    field = of.field
    owner, target = field.m2m_column_name(), field.m2m_reverse_name()
    for key in targets:
        yield Plain(of.through, {owner: pk, target: key})


def _take_room(people):
    """Let SQLite hold much of what it writes: 100 MB, or a kilobyte for each person.

    With its two megabytes it is slower by a tenth and more. With 100 for a million people it wrote
    each page of an index fifty times, since names come in no order.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{max(100_000, people)}")


def _insert(model, rows):
    """Write ``rows`` of one model, many in a statement.

    ``bulk_create`` would put each statement together anew, value by value; that takes longer
    than the database does to write the rows.
    """
    is_link = model._meta.auto_created
    fields = [field for field in model._meta.concrete_fields if not (is_link and field.primary_key)]
    values = _values(fields, rows)
    at_once = min(_IN_A_STATEMENT, connection.ops.bulk_batch_size(fields, rows))
    with connection.cursor() as cursor:
        for start in range(0, len(values), at_once):
            batch = values[start : start + at_once]
            cursor.execute(_statement(model, fields, len(batch)), [*chain.from_iterable(batch)])


def _statement(model, fields, number):
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    row = f"({', '.join(['%s'] * len(fields))})"
    rows = ", ".join([row] * number)
    return f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES {rows}"  # noqa: S608 - no value in it


def _values(fields, rows):
    if isinstance(rows[0], Plain):
        defaults = {field.attname: field.get_default() for field in fields}
        return [(defaults | row.values).values() for row in rows]
    return [
        [field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in fields]
        for row in rows
    ]
