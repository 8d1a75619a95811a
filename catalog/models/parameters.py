"""What stands in a statement for values that come with each run: see statements.py."""

import json
import re

from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Expression

from .dates import PartialDateField

# What psycopg reads: values, and percent signs that are none.
_PLACE = re.compile("%[s%]")

# What either database can compare a number with; no row has one beyond it.
_NUMBERS = range(-(2**63), 2**63)


class Parameter(Expression):
    """Stands for a value that comes with each run; ``path`` leads to it from what is told."""

    template = "%s"

    def __init__(self, path, output_field):
        super().__init__(output_field=output_field)
        self.path = path

    def as_sql(self, compiler, connection):
        return self.template, [self]

    def as_postgresql(self, compiler, connection):
        return f"%s::{self._type}", [self]

    @property
    def _type(self):
        """What PostgreSQL takes a value for, which it cannot see: see ``prepared.py``."""
        match self.output_field:
            case models.IntegerField():
                return "bigint"
            case models.DateTimeField():
                return "timestamptz"
            case models.BooleanField():
                return "boolean"
        return "text"

    def of(self, told, connection):
        name, *attributes = self.path
        value = told[name]
        for attribute in attributes:
            value = getattr(value, attribute)
        if isinstance(value, int) and value not in _NUMBERS:
            raise EmptyResultSet
        return self.output_field.get_db_prep_value(value, connection)


class DayParameter(Parameter):
    """A ``PartialDate``, and what is made of one."""

    def __init__(self, path):
        super().__init__(path, PartialDateField())
        self.of_year, self.of_month = (
            Parameter((*path, name), PartialDateField()) for name in ("of_year", "of_month")
        )


class RowParameter(Parameter):
    """A row: its key where a key is asked for, and its fields by their names."""

    def __init__(self, path, model):
        super().__init__((*path, "pk"), model._meta.pk)
        self.row_path = path
        self.model = model

    def __getattr__(self, name):
        if name.startswith("_") or "model" not in self.__dict__:
            raise AttributeError(name)
        path = (*self.row_path, name)
        if name == "pk":
            return Parameter(path, self.model._meta.pk)
        for field in self.model._meta.concrete_fields:
            if name == field.attname:
                return Parameter(path, getattr(field, "target_field", field))
            if name == field.name:
                return RowParameter(path, field.related_model)
        raise AttributeError(name)


# Django asks for several keys by "IN (…)" alone. That is a join for PostgreSQL, and beyond eight of
# them it takes joins as they come: it would read all rows before it looks at the keys.
_AS_ROWS = "SELECT unnest(%s::bigint[])"
_AS_ARRAY = "= ANY(%s::bigint[])"


def with_arrays(sql: str) -> str:
    """``sql`` of PostgreSQL, which finds the rows of a ``KeysParameter`` by an index."""
    return sql.replace(f"IN ({_AS_ROWS})", _AS_ARRAY)


class KeysParameter(Parameter):
    """Several keys, however many, as one value."""

    def as_sqlite(self, compiler, connection, **context):
        return "SELECT value FROM json_each(%s)", [self]

    def as_postgresql(self, compiler, connection, **context):
        return _AS_ROWS, [self]

    def of(self, told, connection):
        keys = list(told[self.path[0]])
        if connection.vendor == "postgresql":
            # Of a list psycopg would tell the size of its numbers, and each size would have a plan.
            return f"{{{','.join(map(str, keys))}}}"
        return json.dumps(keys)


def parameter_for(name, value):
    match value:
        case models.Model():
            return RowParameter((name,), type(value))
        case list() | tuple() | set() | frozenset():
            return KeysParameter((name,), models.BigIntegerField())
        case str():
            return Parameter((name,), models.CharField())
        case int():
            return Parameter((name,), models.BigIntegerField())
    raise TypeError(f"No parameter can stand for {name}, a {type(value).__name__}.")


class AnyVisitor:
    """The audience of whoever has told no progress, at a moment that comes with each run."""

    sees_drafts = False
    progress = None
    folds = True
    moment = Parameter(("audience", "moment"), models.DateTimeField())
    today = DayParameter(("audience", "today"))


class SeenParameter(Parameter):
    """The keys of one kind that the progress of the audience tells to have been seen."""

    def __init__(self, name):
        super().__init__(("audience", "seen"), models.CharField())
        self.name = name

    def of(self, told, connection):
        return told["audience"].seen.value(self.name, connection.vendor)


class _SeenByAny:
    @staticmethod
    def value(name, vendor):
        return SeenParameter(name)


class AnyViewer(AnyVisitor):
    """The audience of whoever has told a progress, of which nothing but what was seen is asked."""

    progress = True
    folds = False
    seen = _SeenByAny


def with_constants(sql, parameters, connection):
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
        if not isinstance(value, Parameter):
            return connection.ops.compose_sql("%s", [value]).replace("%", "%%")
        kept.append(value)
        return "%s"

    return _PLACE.sub(filled_in, sql), tuple(kept)


def values_of(parameters, told, connection):
    """The values of a statement: as they stand there, or of parameters, by what is ``told``.

    Raises EmptyResultSet where no row can be at one of them.
    """
    return tuple(
        each.of(told, connection) if isinstance(each, Parameter) else each for each in parameters
    )
