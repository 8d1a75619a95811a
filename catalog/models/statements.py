"""Statements that are written once.

Most of what a query costs is not the database: it is to put the statement together, from its
filters to its last column, and to find out how each column is read. A page asks the same
statements each time, with other values. A ``Statement`` is put together when it is first asked;
from then on it is sent with the values of the day.
"""

import copy
from operator import attrgetter

from django.core.exceptions import EmptyResultSet
from django.db import connections, models
from django.db.models import Count, F, Window
from django.db.models.fields.related_descriptors import _filter_prefetch_queryset

from .counting import MOST_ROWS, Bounded, most_counted_for
from .parameters import (
    AnyViewer,
    AnyVisitor,
    KeysParameter,
    parameter_for,
    values_of,
    with_arrays,
    with_constants,
)
from .prepared import ask


class Statement:
    """The rows of ``build(audience, **told)``, a queryset, as a list.

    ``told`` are numbers, words, rows and lists of keys. ``build`` may put them, and fields of the
    rows, into conditions, and nothing else: for visitors without a progress it is called once, and
    once for those with one, with parameters in their place. For editors it is asked each time.

    With ``dressed``, which gives a queryset in the same way, a page of the rows is read in two
    steps: keys in their order, then the rows of the page with all that is joined and annotated. To
    put thousands of rows in order, they need not be carried along. ``dressed`` need not be in
    order, nor pass the gate a second time.
    """

    def __init__(self, build, dressed=None):
        self.build = build
        self.dressed = dressed
        self._written = {}

    def __call__(self, audience, **told) -> list:
        return self._rows("all", self.build, audience, told)

    def first(self, audience, **told):
        """The first row, or None."""
        return next(iter(self(audience, **told)), None)

    def cut(self, start: int, stop: int, audience, **told) -> tuple:
        """(rows from ``start`` to ``stop``, how many there are in all); past the end, that is 0."""

        def page(audience, **told):
            rows = self.build(audience, **told)
            keys = rows if self.dressed is None else rows.values("pk")
            return keys.annotate(total_rows=Window(Count("*")))[start:stop]

        def dressed(audience, keys, **told):
            return self.dressed(audience, **told).filter(pk__in=keys)

        # Only first pages are kept: there are as many others as anybody asks for.
        found = self._rows(("page", stop), page, audience, told, is_kept=start == 0)
        if not found:
            return [], 0
        if self.dressed is None:
            return found, found[0].total_rows
        keys = [row["pk"] for row in found]
        by_key = {
            row.pk: row for row in self._rows("dressed", dressed, audience, {"keys": keys, **told})
        }
        return [by_key[key] for key in keys if key in by_key], found[0]["total_rows"]

    def _rows(self, name, build, audience, told, *, is_kept=True):
        common = _common(audience)
        if common is None or not is_kept:
            return list(build(audience, **told))
        # The sources of a page are asked for by other kinds of rows than those of the next.
        name = (common, name, *told)
        if name not in self._written:
            parameters = {each: parameter_for(each, value) for each, value in told.items()}
            self._written[name] = _Written(build(common, **parameters))
        return self._written[name].rows({"audience": audience, **told})


class Counts:
    """How many rows there are of several kinds, each counted to ``most``, in one statement.

    For those who have told a progress, they are counted less far.
    ``builds`` give a queryset of an audience, as for ``Statement``.
    """

    def __init__(self, most=MOST_ROWS, **builds):
        self.most = most
        self.builds = builds
        self._querysets = {}
        self._written = {}

    def __call__(self, audience) -> dict:
        """{name: Bounded} of each of the builds."""
        common = _common(audience)
        numbers = self._own(audience) if common is None else self._written_for(common, audience)
        return {
            name: Bounded.of(number, most_counted_for(audience, self.most))
            for name, number in zip(self.builds, numbers, strict=True)
        }

    def _own(self, audience):
        querysets = self._of(audience)
        db = querysets[0].db
        with connections[db].cursor() as cursor:
            cursor.execute(*self._write(querysets, db))
            return cursor.fetchone()

    def _written_for(self, common, audience):
        if common not in self._querysets:
            self._querysets[common] = self._of(common)
        db = self._querysets[common][0].db
        connection = connections[db]
        if (common, db) not in self._written:
            sql, parameters = self._write(self._querysets[common], db)
            self._written[common, db] = with_constants(sql, parameters, connection)
        sql, parameters = self._written[common, db]
        values = values_of(parameters, {"audience": audience}, connection)
        (numbers,) = ask(connection, sql, values)
        return numbers

    def _of(self, audience):
        most = most_counted_for(audience, self.most)
        return [build(audience).order_by()[: most + 1] for build in self.builds.values()]

    @staticmethod
    def _write(querysets, db):
        counts, values = [], []
        for rows in querysets:
            sql, parameters = rows.query.clone().get_compiler(using=db).as_sql()
            counts.append(f"(SELECT COUNT(*) FROM ({sql}) AS counted)")  # noqa: S608 - no value in it
            values += parameters
        return f"SELECT {', '.join(counts)}", values


def _common(audience):
    """The audience of all whose statements are the same; None for editors."""
    if audience.sees_drafts:
        return None
    return AnyVisitor if audience.progress is None else AnyViewer


class _Written:
    """A queryset with parameters in it, and its text for each database that is asked."""

    def __init__(self, queryset):
        lookups = queryset._prefetch_related_lookups
        plain = [each for each in lookups if isinstance(each, str)]
        self.queryset = queryset.prefetch_related(None).prefetch_related(*plain)
        self._compiled = {}
        self._related = [
            _WrittenRelated(queryset.model, each) for each in lookups if each not in plain
        ]

    def rows(self, told) -> list:
        db = self.queryset.db
        connection = connections[db]
        try:
            compiler, sql, parameters, converters = self._compiler(db)
            values = values_of(parameters, told, connection)
        except EmptyResultSet:
            return []
        found = ask(connection, sql, values)
        if not found:
            return []
        # Django has no way to send a statement again with other values. So the queryset gets a
        # compiler that has been at work: it knows what stands in which column. Threads share it.
        asked = copy.copy(compiler)
        asked.connection = connection
        if asked.has_extra_select:
            # DISTINCT brings along what the order goes by.
            found = [row[: asked.col_count] for row in found]
        if converters:
            found = asked.apply_converters(found, converters)
        asked.execute_sql = lambda *args, **kwargs: None
        asked.results_iter = lambda *args, **kwargs: iter(found)
        queryset = self.queryset.all()
        queryset.query.get_compiler = lambda *args, **kwargs: asked
        rows = list(queryset)
        for related in self._related:
            related.give_to(rows, told)
        return rows

    def _compiler(self, db):
        """A compiler, its text, the values and parameters of that, and how columns are read."""
        if db not in self._compiled:
            compiler = self.queryset.query.clone().get_compiler(using=db)
            sql, parameters = compiler.as_sql()
            columns = [column for column, *_ in compiler.select[: compiler.col_count]]
            converters = compiler.get_converters(columns)
            text = with_constants(with_arrays(sql), parameters, connections[db])
            self._compiled[db] = compiler, *text, converters
        return self._compiled[db]


class _WrittenRelated:
    """What ``prefetch_related`` would bring along by one ``Prefetch`` with a queryset."""

    def __init__(self, model, prefetch):
        self.field = model._meta.get_field(prefetch.prefetch_through)
        self.to_attr = prefetch.to_attr
        keys = KeysParameter(("keys",), models.BigIntegerField())
        rows = prefetch.queryset.all()
        # That of Django, because it turns a slice into so many rows for each of ``keys``.
        if self.field.many_to_many:
            name = self.field.related_query_name()
            rows = _filter_prefetch_queryset(rows, name, keys).annotate(whose=F(name))
            self._own, self._whose = attrgetter("pk"), attrgetter("whose")
        elif self.field.one_to_many:
            rows = _filter_prefetch_queryset(rows, self.field.field.name, keys)
            self._own, self._whose = attrgetter("pk"), attrgetter(self.field.field.attname)
        else:
            rows = rows.filter(pk__in=keys)
            self._own, self._whose = attrgetter(self.field.attname), attrgetter("pk")
        self._written = _Written(rows)

    def give_to(self, rows, told):
        keys = {self._own(row) for row in rows} - {None}
        found = self._written.rows({**told, "keys": sorted(keys)}) if keys else []
        if not self.field.one_to_many and not self.field.many_to_many:
            by_key = {self._whose(other): other for other in found}
            for row in rows:
                setattr(row, self.field.name, by_key.get(self._own(row)))
            return
        groups = {}
        for other in found:
            groups.setdefault(self._whose(other), []).append(other)
        for row in rows:
            others = groups.get(self._own(row), [])
            if self.field.one_to_many:
                for other in others:
                    setattr(other, self.field.field.name, row)
            setattr(row, self.to_attr, others)
