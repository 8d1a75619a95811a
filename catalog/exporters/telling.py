"""Turns rows into what the data files say of them, by the table of their form."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from ..audience import Audience
from ..importers.catalog_form import (
    EPISODES,
    IMAGES,
    KIND_OF,
    SEASONS,
    SERIES,
    SERIES_LINKS,
    Kind,
)
from ..importers.catalog_rows import is_required
from ..models import PartialDate, State
from ..models.text import LinesField, as_lines
from .choosing import rows_of

_NAMED_BY = {
    SEASONS: ("series__slug", "number"),
    EPISODES: ("season__series__slug", "season__number", "number"),
}


class Names:
    """What the files call the rows to which others point; of those only that are shown.

    A name is a tuple: (slug,), ("bosch", 3), ("bosch", 3, 10), or (file of a picture,).
    """

    def __init__(self, audience: Audience, pictures: dict[int, str]):
        self._audience = audience
        self._names = {IMAGES: {pk: (name,) for pk, name in pictures.items()}}

    def find(self, kind: Kind, pk: int | None) -> tuple | None:
        if kind not in self._names:
            columns = _NAMED_BY.get(kind, ("slug",))
            rows = rows_of(kind, self._audience).order_by().values_list("pk", *columns)
            self._names[kind] = {pk: tuple(name) for pk, *name in rows.iterator()}
        return self._names[kind].get(pk)


class Telling:
    """Tells rows of any kind, some hundred at a time, with what hangs on them.

    What ``audience`` may not see is left out, and so is each reference to it.
    """

    def __init__(self, audience: Audience, names: Names):
        self._audience = audience
        self._names = names

    def tell(self, kind: Kind, rows: list) -> list[dict]:
        """What a file says of each of ``rows``, in the order of the form.

        What a new row has by itself is not said.
        """
        keys = [row.pk for row in rows]
        inside = {each.name: self._inside(each, keys) for each in kind.rows}
        links = {
            field.name: _links(field, keys) for field in kind.fields.values() if field.many_to_many
        }
        told = []
        for row in rows:
            record = {}
            for name in kind.says:
                if name in inside:
                    value = inside[name][row.pk]
                elif (field := kind.fields[name]).many_to_many:
                    value = self._many(kind, field, row, links[field.name][row.pk])
                else:
                    value = self._one(kind, field, row)
                if value not in (None, []):
                    record[name] = [value] if name in dict(kind.spread) else value
            told.append(record)
        return told

    def _inside(self, kind, owners):
        """{key of an owner: what is told inside it} of the rows of ``kind``."""
        column = kind.model._meta.get_field(kind.owner).attname
        rows = list(rows_of(kind, self._audience).filter(**{f"{column}__in": owners}))
        told = defaultdict(list)
        for row, record in zip(rows, self.tell(kind, rows), strict=True):
            told[getattr(row, column)].append(record)
        return told

    def _many(self, kind, field, row, keys):
        target = KIND_OF[field.related_model]
        found = sorted(name for key in keys if (name := self._names.find(target, key)))
        return [self._reference(kind, field, row, name) for name in found]

    def _one(self, kind, field, row):
        """What is told of one field; None for nothing."""
        if field.many_to_one:
            name = self._names.find(KIND_OF[field.related_model], getattr(row, field.attname))
            return name and self._reference(kind, field, row, name)
        if kind is IMAGES and field.name == "file":
            return self._names.find(kind, row.pk)[0]
        value = getattr(row, field.attname)
        if kind.is_entry and field.name == "state":
            return None if value == State.PUBLISHED else value
        if not is_required(field) and value in (field.get_default(), "", None):
            return None
        if kind is SERIES_LINKS and field.name == "note" and self._is_kept_back(row.episode_id):
            return None  # it is about the episode
        if isinstance(field, LinesField):
            return as_lines(value)
        return _plain(value)

    def _is_kept_back(self, episode):
        return episode is not None and self._names.find(EPISODES, episode) is None

    def _reference(self, kind, field, row, name):
        target = KIND_OF[field.related_model]
        if target not in _NAMED_BY:
            return name[0]
        series, *numbers = name
        code = "".join(f"{letter}{number}" for letter, number in zip("SE", numbers, strict=False))
        if not (kind.within_series and (series,) == self._names.find(SERIES, row.series_id)):
            return f"{series} {code}"
        return numbers[0] if target is SEASONS else code


def _links(field, owners):
    """{key of an owner: keys of what it is linked to by ``field``}."""
    this, other = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
    ties = field.remote_field.through.objects.filter(**{f"{this}__in": owners})
    found = defaultdict(list)
    for owner, key in ties.values_list(this, other):
        found[owner].append(key)
    return found


def _plain(value):
    if isinstance(value, PartialDate):
        return value.iso
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def joined(kind: Kind, records: Iterable[dict]) -> Iterator[dict]:
    """``records`` with those as one that differ in nothing but the list that stands for them."""
    if not kind.spread:
        yield from records
        return
    [(name, _)] = kind.spread
    for (_, is_spread), alike in groupby(records, key=lambda each: _without(each, name)):
        first, *others = alike
        if is_spread:
            first[name] = [*first[name], *(item for each in others for item in each[name])]
            yield first
        else:
            yield from (first, *others)


def _without(record, name):
    return {key: value for key, value in record.items() if key != name}, name in record
