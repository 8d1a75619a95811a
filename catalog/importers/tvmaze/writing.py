"""Writes what was planned: one show, one transaction, one change in the history."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from ...history import recording
from ...models import Change, Source, Suggestion
from ...models.entry import Entry, Sourced
from ...models.suggestions import in_words
from ..problems import CannotLoadError
from .merging import kept
from .plan import Answers, Outcome, Plan, Rights
from .planning import plan
from .told import Told

LICENCE = "CC BY-SA 4.0"


@dataclass
class Imported:
    """``change`` is None if nothing was changed, or not for good."""

    plan: Plan
    is_written: bool
    change: Change | None = None


class _TryOutError(Exception):
    """Ends a recording of which nothing is to stay."""


def import_show(
    told: Told,
    answers: Answers,
    rights: Rights,
    *,
    user=None,
    why: str = "",
    shown: str | None = None,
    is_try: bool = False,
    progress=lambda rows: rows,
) -> Imported:
    """Plan anew, once its turn has come, and write that.

    Nothing is written while questions are open for somebody who was ``shown`` them, or when they
    differ from those of which ``shown`` is the digest; None is for who is not asked. ``is_try``
    does all of it and takes it back. Raises CannotLoadError, and nothing is written then.
    """
    try:
        with recording(user, why or f"{told.name}, {told.address}", Change.Kind.TVMAZE) as record:
            planned = plan(told, answers, rights)
            is_ready = shown is None or (shown == planned.digest and planned.is_answered)
            if is_ready:
                _write(planned, told, record, progress)
            if is_try:
                raise _TryOutError
    except _TryOutError:
        return Imported(planned, is_written=False)
    except IntegrityError as error:
        raise CannotLoadError(
            [f"{told.name}: the catalogue has something that cannot stand beside it: {error}"]
        ) from error
    return Imported(planned, is_ready, record.change)


def _write(planned, told, record, progress):
    record.remember([each.row for each in planned.rows if each.outcome is Outcome.UPDATED])
    suggesting = planned.suggesting
    source = _source(told) if planned.written or suggesting else None
    for each in progress(planned.rows):
        try:
            _write_row(each, source)
        except ValidationError as error:
            raise CannotLoadError(
                [f"{planned.name}: {each.kind} “{each.label}”: {' '.join(error.messages)}"]
            ) from error
    settled = [suggestion.pk for each in planned.rows for suggestion in each.settled]
    if settled:
        Suggestion.objects.filter(pk__in=settled).delete()
    for each in suggesting:
        _suggest(each, source)


def _write_row(each, source):
    row = each.row
    if each.outcome is Outcome.NEW:
        # Its relations are rows at hand, and what must be unique has been looked up.
        relations = [field.name for field in row._meta.fields if field.is_relation]
        left = [*relations, "slug", "sort_name"] if isinstance(row, Entry) else relations
        row.clean_fields(exclude=left)
        row.save()
    elif each.outcome is Outcome.UPDATED:
        for name, value in each.values.items():
            setattr(row, name, value)
        row.full_clean()
        row.save(update_fields=list(each.values))
    if each.is_written and isinstance(row, Sourced):
        row.sources.add(source)


def _source(told):
    """The page of the show, as the source of all that comes from it."""
    there = Source.objects.filter(url=told.address).first()
    if there is not None:
        return there
    slug, number = f"tvmaze-show-{told.id}", 2
    while Source.objects.filter(slug=slug).exists():
        slug, number = f"tvmaze-show-{told.id}-{number}", number + 1
    return Source.objects.create(
        slug=slug,
        publisher="TVmaze",
        title=f"{told.name[:200]} ({LICENCE})",
        url=told.address,
        accessed=timezone.localdate(),
    )


def _suggest(each, source):
    for name, value in each.suggested.items():
        field = each.row._meta.get_field(name)
        new = Suggestion(field=name, **{each.row._meta.model_name: each.row})
        suggestion = each.stored.get(name, new)
        # One that is there already for the same value keeps its place among the others.
        if suggestion.pk is None or suggestion.value != kept(value):
            suggestion.value, suggestion.words = kept(value), in_words(field, value)
            suggestion.source, suggestion.declined = source, False
            suggestion.save()
