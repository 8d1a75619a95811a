"""Two entries of the same become one: what hangs on the other moves, and its address leads on."""

import hashlib
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction

from ..history import recording
from ..history.reading import ToldRow, told_rows
from ..history.registry import kept_fields
from ..models import Change, Redirect
from ..models.text import as_lines
from ..models.text import fold as folded
from .folding import fold, twin_of
from .relations import mentions_of, rows_of

# They are joined, or are those of the entry that is kept.
_NOT_CHOSEN = {"state", "publish_at", "created_at", "sources", "other_names"}


@dataclass(frozen=True)
class Preview:
    """What a merge would do; ``digest`` stands for exactly this."""

    rows: list[ToldRow]
    digest: str


def fields_to_choose(one, two):
    """The fields in which two entries differ, of which one value has to be chosen."""
    return [
        field
        for field in kept_fields(type(one))
        if field.name not in _NOT_CHOSEN
        and not field.many_to_many
        and getattr(one, field.attname) != getattr(two, field.attname)
    ]


def preview(kept, other, choices: dict[str, bool], user) -> Preview:
    """Do it, look at it and take it back. Raises ValidationError when it cannot be done."""
    with transaction.atomic():
        told = _told(merge(kept, other, choices, user))
        transaction.set_rollback(True)
    return told


def _told(change):
    rows = told_rows(Change.objects.for_list().get(pk=change.pk).shown_rows)
    return Preview(rows, hashlib.sha256(repr(rows).encode()).hexdigest())


def merge(
    kept, other, choices: dict[str, bool], user, why: str = "", digest: str | None = None
) -> Change:
    """Make ``kept`` of both; ``choices`` says of a field whether it gets the value of ``other``.

    Where nothing is said it does if it has none itself. One change, which undoing takes back as a
    whole. Raises ValidationError, and changes nothing, when it cannot be done, or when it would do
    something else than the preview of ``digest``.
    """
    model = type(kept)
    if kept.pk == other.pk:
        raise ValidationError("Choose two different entries to merge.")
    with transaction.atomic():
        with recording(user, why, Change.Kind.MERGE) as record:
            kept, other = (model.objects.filter(pk=row.pk).first() for row in (kept, other))
            if kept is None or other is None:
                raise ValidationError("One of the two has been deleted in the meantime.")
            record.remember([kept, other])
            for field in rows_of(model):
                _move_rows(field, kept, other, record)
            for field in mentions_of(model):
                _move_mentions(field, kept, other, record)
            kept.sources.add(*other.sources.all())
            old_slugs = {kept.slug, other.slug}
            values = _values(kept, other, choices)
            record.delete([model.objects.get(pk=other.pk)])
            for name, value in values.items():
                setattr(kept, name, value)
            kept.full_clean()
            kept.save()
            for slug in old_slugs - {kept.slug}:
                if not Redirect.objects.target_of(model, slug):
                    kept.redirects.create(old_slug=slug)
        if digest is not None and _told(record.change).digest != digest:
            raise ValidationError("Something has changed since the preview: look at it again.")
    return record.change


def _move_rows(field, kept, other, record):
    rows = list(field.model._base_manager.filter(**{field.name: other}).order_by("pk"))
    record.remember(rows)
    for row in rows:
        setattr(row, field.name, kept)
        if _is_of_itself(row, kept):
            record.delete(field.model._base_manager.filter(pk=row.pk))
            continue
        twin = twin_of(row)
        if twin is None:
            row.save()
        else:
            record.remember([twin])
            fold(row, twin)
            record.delete(field.model._base_manager.filter(pk=row.pk))


def _is_of_itself(row, kept):
    """Whether it would tie ``kept`` to itself, as what tied the two to each other does now."""
    ends = [
        getattr(row, field.attname)
        for field in row._meta.fields
        if field.related_model is type(kept)
    ]
    return len(ends) > 1 and len(set(ends)) == 1


def _move_mentions(field, kept, other, record):
    rows = list(field.model._base_manager.filter(**{field.name: other}))
    record.remember(rows)
    for row in rows:
        getattr(row, field.name).add(kept)


def _values(kept, other, choices):
    """What ``kept`` gets: what was chosen, what only ``other`` knows, and the names of both."""
    values = {}
    for field in fields_to_choose(kept, other):
        value = getattr(other, field.name)
        is_blank = getattr(kept, field.attname) in (None, "")
        if choices.get(field.name, is_blank):
            values[field.name] = value
    name = values.get("name", kept.name)
    names, seen = [], {folded(name)}
    for each in [kept.name, other.name, *as_lines(kept.other_names), *as_lines(other.other_names)]:
        if folded(each) not in seen:
            seen.add(folded(each))
            names.append(each)
    return {**values, "other_names": "\n".join(names)}
